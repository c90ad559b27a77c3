"""Follow one's number of the queue on the phone, and say afterwards how it was."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from yici.apps.reviews import actions as reviews
from yici.apps.reviews import queries
from yici.apps.reviews.queries import VisitView
from yici.channels.look.languages import language
from yici.channels.look.middleware import ViewerRequest
from yici.channels.look.refreshing import renewed, stamp_of
from yici.rules.refusals import Refusal
from yici.rules.reviews import ReviewChannel


def _visit(code: str) -> VisitView:
    """Return the ticket with this code; the code is the key, nobody need sign in."""
    try:
        return queries.visit_by_code(code, now=timezone.now())
    except queries.NotThere as missing:
        raise Http404 from missing


@require_GET
def ticket(request: ViewerRequest, code: str) -> HttpResponse:
    """Show the number, who is before it, how long it may take, and the window once it is called."""
    return _page(request, code, "")


def _page(request: ViewerRequest, code: str, message: str, status: int = 200) -> HttpResponse:
    visit = _visit(code)
    view = visit.ticket
    context = {"ticket": view, "may_review": visit.may_review, "stamp": stamp_of(view), "message": message}
    return render(request, "portal/ticket.html", context, status=status)


@require_GET
def ticket_now(request: ViewerRequest, code: str) -> HttpResponse:
    """Answer the page that asks again: the part that changes, or nothing."""
    view = _visit(code).ticket
    return renewed(request, "portal/ticket_now.html", {"ticket": view}, view)


@require_POST
def press(request: ViewerRequest, code: str) -> HttpResponse:
    """Keep one of the three faces, then ask for a little more."""
    face = request.POST.get("face", "")
    try:
        given = reviews.give_for_visit(
            code=code,
            face=int(face) if face in {"1", "2", "3"} else 0,
            tags=request.POST.getlist("reason"),
            channel=ReviewChannel.MOBILE,
            now=timezone.now(),
        )
    except queries.NotThere as missing:
        raise Http404 from missing
    except Refusal as refusal:
        return _page(request, code, refusal.text(language()), status=409)
    return redirect("portal:review_more", given.key)
