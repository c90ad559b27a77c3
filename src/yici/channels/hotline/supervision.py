"""The supervision board: what is supervised, and what is nearly or already late."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from yici.apps.knowledge import queries as knowledge
from yici.apps.people.viewers import Viewer
from yici.apps.tickets import actions, queries
from yici.apps.tickets.views import TicketLine
from yici.channels.hotline.guards import is_operator, operators_only, staff_only
from yici.channels.hotline.views import TABS
from yici.channels.look.languages import language
from yici.channels.look.middleware import ViewerRequest
from yici.rules.clocks import Colour
from yici.rules.refusals import Refusal
from yici.rules.supervision import Reason
from yici.rules.tickets import Level, TicketState

MOST_SHOWN = 200


@require_GET
@staff_only
def board(request: ViewerRequest) -> HttpResponse:
    """Show open supervisions, oldest harm first; to the hotline also what is amber or red, soonest due first."""
    late = _late(request.viewer) if is_operator(request.viewer) else []
    asked = knowledge.questions(request.viewer, now=timezone.now())
    context = {
        "rows": queries.supervised(request.viewer, limit=MOST_SHOWN),
        "red": [one for one in late if one.colour is Colour.RED],
        "amber": [one for one in late if one.colour is Colour.AMBER],
        # An answer that the knowledge base lacks too long is a matter of supervision (济南 art. 28).
        "questions": [one for one in asked if one.colour is Colour.RED],
        "level_words": {one.value: one.words for one in Level},
        "reason_words": {one.value: one.words for one in Reason},
        "may_lift": is_operator(request.viewer),
    }
    return render(request, "hotline/board.html", context)


def _late(viewer: Viewer) -> list[TicketLine]:
    """Return the amber and red ones among the soonest due of every state."""
    now = timezone.now()
    found = [row for state in TABS for row in queries.centre_queue(viewer, TicketState(state), now=now).rows]
    wanted = [row for row in found if row.colour in {Colour.AMBER, Colour.RED}]
    return sorted(wanted, key=lambda row: row.step_due_at or row.due_at)


@require_POST
@operators_only
def lift(request: ViewerRequest, public_id: UUID) -> HttpResponse:
    """Lift a supervision with its reason."""
    note = request.POST.get("note", "")
    try:
        actions.lift(supervision_id=public_id, note=note, by=request.viewer, now=timezone.now())
        messages.success(request, _("Lifted; its cards stay."))
    except Refusal as refusal:
        messages.error(request, refusal.text(language()))
    return redirect("hotline:board")
