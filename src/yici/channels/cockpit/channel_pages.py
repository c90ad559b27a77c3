"""By which channels people come: shares of a month, over a year, by county and by service; and what suggestions did."""

from dataclasses import dataclass
from datetime import date

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from yici.apps.accountability.channels import items_used, lines_of, use_of
from yici.apps.accountability.curves import months_up_to
from yici.apps.accountability.funnels import months_with_needs
from yici.apps.places.months import month_of
from yici.channels.cockpit.choosing import MOST_MONTHS
from yici.channels.cockpit.guards import cockpit_only
from yici.channels.cockpit.places import There, csv_file, there_in
from yici.channels.look.middleware import ViewerRequest
from yici.rules.channel_use import APPLYING, ChannelAct
from yici.rules.words import Words

COLUMNS = ("region", "name", "name_en", "act", "item", "channel", "count", "as_of")


@dataclass(frozen=True, slots=True)
class Asked:
    """What the page is about: place, month and service ("" for all), with the services to choose from."""

    choice: There
    month: date
    item: str
    items: dict[str, Words]

    def address(self, **other: str) -> str:
        """Return the words of an address for this choice, some of them changed."""
        return self.choice.address(**{"item": self.item, **other})


def _asked(request: ViewerRequest) -> Asked:
    lately = months_up_to(month_of(timezone.now()))
    known = months_with_needs(request.viewer, request.GET.get("place", ""))
    choice = there_in(request, sorted({*lately, *known[:MOST_MONTHS]}, reverse=True), first=(*known, lately[-1])[0])
    month = choice.month or lately[-1]
    items = items_used(request.viewer, choice.code, month)
    item = request.GET.get("item", "")
    if item and item not in items:
        raise Http404
    return Asked(choice, month, item, items)


@require_GET
@cockpit_only
def page(request: ViewerRequest) -> HttpResponse:
    """Show by which channels the applications and questions of a month came."""
    asked = _asked(request)
    found = use_of(request.viewer, asked.choice.code, asked.month, item=asked.item)
    context = {"asked": asked, "choice": asked.choice, "found": found, "acts": list(ChannelAct), "applying": APPLYING}
    return render(request, "cockpit/channels.html", context)


@require_GET
@cockpit_only
def table(request: ViewerRequest) -> HttpResponse:
    """Give the tallies of the month as CSV: each county, service and channel; without a service all together."""
    asked = _asked(request)
    as_of = use_of(request.viewer, asked.choice.code, asked.month).as_of
    rows = [(*line, as_of and as_of.isoformat()) for line in lines_of(request.viewer, asked.choice.code, asked.month)]
    return csv_file(f"channels-{asked.choice.code}-{asked.month:%Y-%m}", [COLUMNS, *rows])
