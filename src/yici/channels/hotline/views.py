"""The lists: the hotline's queue by state, and what lies with an organisation."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from yici.apps.people.viewers import Viewer
from yici.apps.tickets import actions, desk_lists, queries
from yici.apps.tickets.queries import CENTRE_TABS, MOST_COUNTED, UNIT_TABS, TicketPage
from yici.channels.hotline.guards import operators_only, staff_only
from yici.channels.look.languages import language
from yici.channels.look.middleware import ViewerRequest
from yici.rules.refusals import Refusal
from yici.rules.tickets import TicketState

MORE_TIME = "more_time"
# The hotline's own work first, then what lies with the units.
TABS = (*CENTRE_TABS, TicketState.DISPATCHED, TicketState.HANDLING)
LONGEST_SEARCH = 40
MOST_REMINDERS = 10


def counted(number: int) -> str:
    """Return a count as a tab shows it: no list is counted beyond a thousand."""
    return f"{MOST_COUNTED - 1}+" if number >= MOST_COUNTED else str(number)


@require_GET
@operators_only
def queue(request: ViewerRequest) -> HttpResponse:
    """Show what waits in one state, soonest due first; or what a reference or a caller's number finds."""
    now, text = timezone.now(), request.GET.get("q", "").strip()[:LONGEST_SEARCH]
    asked = desk_lists.more_time_asked(request.viewer, now=now)
    tab = _tab(request)
    if text:
        page = TicketPage(tuple(queries.find(request.viewer, text, now=now)), "")
    elif tab == MORE_TIME:
        page = TicketPage(tuple(asked), "")
    else:
        page = queries.centre_queue(request.viewer, TicketState(tab), now=now, after=request.GET.get("after", ""))
    tabs = _tabs(request.viewer, len(asked))
    context = {"page": page, "tab": "" if text else tab, "tabs": tabs, "text": text}
    return render(request, "hotline/queue.html", context)


def _tab(request: ViewerRequest) -> str:
    wanted = request.GET.get("tab", "")
    return wanted if wanted in {*TABS, MORE_TIME} else TicketState.RECEIVED.value


def _tabs(viewer: Viewer, asked: int) -> list[tuple[str, str, str]]:
    counts = queries.centre_counts(viewer)
    tabs = [(one.value, one.words.text(language()), counted(counts[one]) if one in counts else "") for one in TABS]
    return [*tabs, (MORE_TIME, _("More time asked"), counted(asked))]


@require_GET
@staff_only
def unit(request: ViewerRequest) -> HttpResponse:
    """Show what lies with the viewer's organisation, and the parts it does for others."""
    return _unit_page(request, "")


def _unit_page(request: ViewerRequest, message: str, status: int = 200) -> HttpResponse:
    wanted, counts = request.GET.get("tab", ""), queries.unit_counts(request.viewer)
    state = TicketState(wanted) if wanted in set(UNIT_TABS) else TicketState.DISPATCHED
    after = request.GET.get("after", "")
    context = {
        "page": queries.unit_inbox(request.viewer, state, now=timezone.now(), after=after),
        "tab": state.value,
        "tabs": [(one.value, one.words.text(language()), counted(counts[one])) for one in UNIT_TABS],
        "parts": queries.part_inbox(request.viewer),
        "reminders": queries.reminders_of(request.viewer, limit=MOST_REMINDERS),
        "message": message,
    }
    return render(request, "hotline/unit.html", context, status=status)


@require_POST
@staff_only
def report_part(request: ViewerRequest, public_id: UUID) -> HttpResponse:
    """Report to the lead what was done as co-handler, or how far it is."""
    try:
        actions.report_part(
            part_id=public_id,
            report=request.POST.get("report", ""),
            finished=request.POST.get("finished") == "1",
            by=request.viewer,
            now=timezone.now(),
        )
    except Refusal as refusal:
        return _unit_page(request, refusal.text(language()), status=409)
    messages.success(request, _("Reported to the lead."))
    return redirect("hotline:unit")
