"""Yellow and red cards: a unit explains and contests its own, somebody else at the hotline settles the contest."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from yici.apps.people.viewers import Viewer
from yici.apps.tickets import actions, queries
from yici.apps.tickets.cards import cards_of_area, cards_of_unit
from yici.channels.hotline.guards import is_operator, operators_only, staff_only
from yici.channels.look.languages import language
from yici.channels.look.middleware import ViewerRequest
from yici.rules.refusals import Refusal
from yici.rules.supervision import CannotSupervise, CardColour


@require_GET
@staff_only
def cards(request: ViewerRequest) -> HttpResponse:
    """Show a unit its cards; to the hotline also those of its area, contested ones first."""
    return _page(request)


def _page(request: ViewerRequest, *, message: str = "", failed: UUID | None = None, status: int = 200) -> HttpResponse:
    viewer, now = request.viewer, timezone.now()
    context = {
        "own": cards_of_unit(viewer, now=now),
        "area": cards_of_area(viewer, now=now) if is_operator(viewer) else [],
        "operator": is_operator(viewer),
        "message": message,
        "failed": failed,
        "typed": request.POST,
    }
    return render(request, "hotline/cards.html", context, status=status)


def _explain(by: Viewer, card: UUID, sent: QueryDict, now: datetime) -> None:
    actions.explain_card(card_id=card, text=sent.get("text", ""), by=by, now=now)


def _contest(by: Viewer, card: UUID, sent: QueryDict, now: datetime) -> None:
    actions.contest_card(card_id=card, text=sent.get("text", ""), by=by, now=now)


def _settle(by: Viewer, card: UUID, sent: QueryDict, now: datetime) -> None:
    uphold = {"1": True, "0": False}.get(sent.get("uphold", ""))
    if uphold is None:
        raise CannotSupervise(zh="请选择申诉是否成立。", en="Choose whether the contest is upheld.")
    actions.settle_contest(card_id=card, uphold=uphold, reason=sent.get("text", ""), by=by, now=now)


ACTS: dict[str, Callable[[Viewer, UUID, QueryDict, datetime], None]] = {
    "explain": _explain,
    "contest": _contest,
    "settle": _settle,
}


@require_POST
@staff_only
def act(request: ViewerRequest, public_id: UUID, name: str) -> HttpResponse:
    """Explain, contest or settle; what is refused leaves the page as it was, with the sentence."""
    if name not in ACTS:
        raise Http404
    try:
        ACTS[name](request.viewer, public_id, request.POST, timezone.now())
    except Refusal as refusal:
        return _page(request, message=refusal.text(language()), failed=public_id, status=409)
    messages.success(request, _("Done."))
    return redirect("hotline:cards")


@require_POST
@operators_only
def issue(request: ViewerRequest, public_id: UUID) -> HttpResponse:
    """Give the unit of a supervision a card by hand, with its reason."""
    if public_id not in {one.public_id for one in queries.supervised(request.viewer)}:
        raise Http404
    colour, now = request.POST.get("colour", ""), timezone.now()
    try:
        chosen = CardColour(colour) if colour in set(CardColour) else None
        if chosen is None:
            raise CannotSupervise(zh="请选择黄牌或红牌。", en="Choose a yellow or a red card.")
        reason = request.POST.get("reason", "")
        actions.issue_card(supervision_id=public_id, colour=chosen, reason=reason, by=request.viewer, now=now)
        messages.success(request, _("The card was given; the unit is asked to explain."))
    except Refusal as refusal:
        messages.error(request, refusal.text(language()))
    return redirect("hotline:board")
