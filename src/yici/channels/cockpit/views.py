"""The cockpit's pages: the map with its table, a county with its organisations, the things behind a figure."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from yici.apps.accountability import cockpit
from yici.apps.referrals import queries as referrals
from yici.apps.topics.queries import watched
from yici.channels.cockpit.choosing import chosen
from yici.channels.cockpit.drawing import drawn
from yici.channels.cockpit.guards import cockpit_only
from yici.channels.look.middleware import ViewerRequest
from yici.rules.measures import MEASURES

WALL_SECONDS = 20


@require_GET
@cockpit_only
def overview(request: ViewerRequest) -> HttpResponse:
    """Show a measure on the map and in the table; on the wall, the next one after twenty seconds."""
    choice = chosen(request)
    found = cockpit.map_of(request.viewer, choice.measure, choice.month) if choice.month else None
    context = {
        "choice": choice,
        "found": found,
        "drawing": drawn(found) if found else None,
        "measures": MEASURES,
        "wall": request.GET.get("wall") == "1",
        "seconds": WALL_SECONDS,
        "watched": watched(request.viewer),
        "unanswered": referrals.unanswered(request.viewer, timezone.now()),
    }
    return render(request, "cockpit/overview.html", context)


@require_GET
@cockpit_only
def county(request: ViewerRequest, region: str) -> HttpResponse:
    """Show a county's figure, its trend and its organisations."""
    choice = chosen(request)
    if choice.month is None:
        raise cockpit.NoSuchCounty
    found, line, offices = cockpit.county(request.viewer, region, choice.measure, choice.month)
    context = {"choice": choice, "found": found, "line": line, "offices": offices, "measures": MEASURES}
    return render(request, "cockpit/county.html", context)


@require_GET
@cockpit_only
def behind(request: ViewerRequest, region: str) -> HttpResponse:
    """List the cases and tickets behind a county's figure, or those that spoil it."""
    choice = chosen(request)
    if choice.month is None:
        raise cockpit.NoSuchCounty
    only_bad = request.GET.get("bad") == "1"
    found, line = cockpit.line_of(request.viewer, region, choice.measure, choice.month)
    rows = cockpit.behind(request.viewer, region, choice.measure, choice.month, only_bad=only_bad)
    context = {
        "choice": choice,
        "found": found,
        "line": line,
        "rows": rows,
        "only_bad": only_bad,
        "most": cockpit.MOST_ROWS,
        "measures": MEASURES,
    }
    return render(request, "cockpit/behind.html", context)
