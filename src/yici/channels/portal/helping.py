"""Help with a page of a need: answers to it, the phone of who knows it, and the way to ask in writing."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from yici.apps.catalogue import queries as catalogue
from yici.apps.knowledge import offering
from yici.apps.places import queries as places
from yici.apps.planning import queries as plans
from yici.apps.planning import sheets
from yici.channels.look.languages import language
from yici.channels.look.middleware import ViewerRequest
from yici.channels.portal.visitors import browser_of

PAGES = ("ask", "plan", "form", "check")  # from where help may be asked, and to where it leads back
MOST_OFFERED, MOST_FOUND = 6, 3


@require_GET
def helped(request: ViewerRequest, public_id: UUID) -> HttpResponse:
    """Show what helps with a need one is filling in; what was typed is kept, and the way back is the first link."""
    now, browser = timezone.now(), browser_of(request)
    try:
        view = plans.draft(request.viewer, public_id, browser=browser)
    except plans.NoSuchDraft as missing:
        raise Http404 from missing
    if request.GET.get("from") in PAGES and view.application_id is None:
        sheets.helped(by=request.viewer, browser=browser, public_id=public_id, now=now)
    items = plans.items_of(view.event, catalogue.catalogue_for(view.region_code, unit=view.unit))
    back = request.GET.get("from", "")
    context = {
        "draft": view,
        "back": back if back in PAGES else "plan",
        "found": _answers(view, [one.key for one in items]),
        "phone": places.local_phone(items[0].consult_phone, view.region_code),
    }
    return render(request, "portal/help.html", context)


def _answers(view: plans.DraftView, keys: list[str]) -> list[offering.Offer]:
    """Return the articles about the items of the need; where there is none, what its name finds."""
    now = timezone.now()
    own = [one for key in keys for one in offering.offers_for_item(key, view.region_code, now=now)]
    if not own:
        return offering.offers(view.event.name.text(language()), view.region_code, now=now, limit=MOST_FOUND)
    return list({one.public_id: one for one in own}.values())[:MOST_OFFERED]
