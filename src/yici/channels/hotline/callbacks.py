"""Calling back: the list of who is to be asked, and one call after the other with one key for each outcome."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from yici.apps.people.viewers import Viewer
from yici.apps.tickets import actions, calling_back, queries
from yici.apps.tickets.actions import Outcome
from yici.channels.hotline.guards import operators_only
from yici.channels.look.languages import language
from yici.channels.look.middleware import ViewerRequest
from yici.rules.refusals import Refusal

OPEN = "open"  # see the number: nothing changes but the record of the look
Contact = tuple[str, str, str]


@require_GET
@operators_only
def callbacks(request: ViewerRequest) -> HttpResponse:
    """List everybody who is to be asked, those to be tried now first; no number stands here."""
    rows = calling_back.call_backs(request.viewer, now=timezone.now())
    return render(request, "hotline/callbacks.html", {"rows": rows, "most": calling_back.MOST_LISTED})


@require_GET
@operators_only
def callback(request: ViewerRequest, public_id: UUID) -> HttpResponse:
    """Show one call to make: the matter, the reply, what was tried; the number only when it is opened."""
    return _page(request, public_id)


def _page(
    request: ViewerRequest, public_id: UUID, *, contact: Contact | None = None, message: str = "", status: int = 200
) -> HttpResponse:
    viewer, now = request.viewer, timezone.now()
    context: dict[str, Any] = {
        "call": calling_back.call_back(viewer, public_id, now=now),
        "ticket": queries.desk_view(viewer, public_id, now=now),
        "tries": calling_back.tries_of(viewer, public_id),
        "contact": contact,
        "message": message,
        "typed": request.POST,
    }
    response = render(request, "hotline/callback.html", context, status=status)
    response["Cache-Control"] = "private, no-store"
    return response


def _satisfied(by: Viewer, ticket: UUID, sent: QueryDict, now: datetime) -> None:
    _said(by, ticket, sent, now, satisfied=True)


def _dissatisfied(by: Viewer, ticket: UUID, sent: QueryDict, now: datetime) -> None:
    _said(by, ticket, sent, now, satisfied=False)


def _said(by: Viewer, ticket: UUID, sent: QueryDict, now: datetime, *, satisfied: bool) -> None:
    solved = {"1": True, "0": False}.get(sent.get("solved", ""))
    outcome = Outcome(satisfied=satisfied, solved=solved, words=sent.get("words", ""))
    actions.record_follow_up(ticket_id=ticket, outcome=outcome, by=by, now=now)


def _not_reached(by: Viewer, ticket: UUID, sent: QueryDict, now: datetime) -> None:
    note = sent.get("words", "").strip() or "电话未接通"
    actions.record_attempt(ticket_id=ticket, way="phone", note=note, by=by, now=now)


def _close(by: Viewer, ticket: UUID, sent: QueryDict, now: datetime) -> None:
    actions.close_unreached(ticket_id=ticket, by=by, now=now)


OUTCOMES: dict[str, Callable[[Viewer, UUID, QueryDict, datetime], None]] = {
    "satisfied": _satisfied,
    "dissatisfied": _dissatisfied,
    "not-reached": _not_reached,
    "close": _close,
}


@require_POST
@operators_only
def act(request: ViewerRequest, public_id: UUID, name: str) -> HttpResponse:
    """Open the number, or write down how the call went and go to the next person who is to be called now."""
    viewer, now = request.viewer, timezone.now()
    if name not in {*OUTCOMES, OPEN}:
        raise Http404
    calling_back.call_back(viewer, public_id, now=now)
    if name == OPEN:
        return _page(request, public_id, contact=actions.look_at_contact(ticket_id=public_id, by=viewer, now=now))
    try:
        OUTCOMES[name](viewer, public_id, request.POST, now)
    except Refusal as refusal:
        return _page(request, public_id, message=refusal.text(language()), status=409)
    messages.success(request, _("Recorded."))
    return _next(viewer, now)


def _next(viewer: Viewer, now: datetime) -> HttpResponse:
    waiting = (one for one in calling_back.call_backs(viewer, now=now) if one.next_at is None)
    first = next(waiting, None)
    return redirect("hotline:callback", first.line.public_id) if first else redirect("hotline:callbacks")
