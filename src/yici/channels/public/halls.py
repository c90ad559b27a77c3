"""In the hall: the ticket machine, and the screen of the waiting hall."""

from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from yici.apps.halls import actions as halls
from yici.apps.halls import queries
from yici.apps.halls.views import Board
from yici.apps.licences.qr import svg
from yici.channels.look.languages import language
from yici.channels.look.middleware import ViewerRequest
from yici.channels.look.refreshing import renewed, stamp_of
from yici.rules.queues import AT_WINDOW, IN_LINE, Priority
from yici.rules.refusals import Refusal

MACHINE_COOKIE, MACHINE_SALT = "yici_machine", "ticket machine"


def is_machine(request: ViewerRequest, hall_id: UUID) -> bool:
    """Whether a clerk has made this screen the ticket machine of the hall."""
    return bool(request.get_signed_cookie(MACHINE_COOKIE, default="", salt=MACHINE_SALT) == str(hall_id))


def _board(hall_id: UUID) -> Board:
    try:
        return queries.hall_board(hall_id, now=timezone.now())
    except queries.NotThere as missing:
        raise Http404 from missing


@require_http_methods(["GET", "POST"])
def ticket(request: ViewerRequest, hall_id: UUID) -> HttpResponse:
    """Give out a number, or check in for an appointment by its code."""
    board = _board(hall_id)
    if request.method == "GET":
        return _machine(request, board, "", request.GET.get("code", ""))
    try:
        code = _held(request, hall_id) or _given(request, board)
    except Refusal as refusal:
        return _machine(request, board, refusal.text(language()), request.POST.get("code", ""), 409)
    if not is_machine(request, hall_id):
        request.session["ticket"] = code
    return redirect("public:hall_ticket_taken", hall_id, code)


def _machine(request: ViewerRequest, board: Board, message: str, code: str, status: int = 200) -> HttpResponse:
    context = {"board": board, "message": message, "code": code[:120]}
    return render(request, "public/hall_ticket.html", context, status=status)


def _held(request: ViewerRequest, hall_id: UUID) -> str:
    """Return the number this browser has already: a phone holds one at a time, so that nobody empties the line."""
    code = request.session.get("ticket", "")
    if "code" in request.POST or not code or is_machine(request, hall_id):
        return ""
    try:
        known = queries.ticket_by_code(code, now=timezone.now())
    except queries.NotThere:
        return ""
    is_open = known.state in IN_LINE | AT_WINDOW and known.hall.public_id == hall_id
    return code if is_open else ""


def _given(request: ViewerRequest, board: Board) -> str:
    """Check in with the code that was sent, else take a number of the chosen queue."""
    hall_id, sent, now = board.hall.public_id, request.POST, timezone.now()
    if "code" in sent:
        return halls.check_in(hall_id=hall_id, code=sent["code"], by=request.viewer, now=now)
    queue = next((one for one in board.queues if str(one.public_id) == sent.get("queue")), None)
    if queue is None or sent.get("priority") not in set(Priority):
        raise Http404
    return halls.take_ticket(
        queue_id=queue.public_id,
        priority=Priority(sent["priority"]),
        channel="machine" if is_machine(request, hall_id) else "phone",
        by=request.viewer,
        now=now,
    )


@require_GET
def taken(request: ViewerRequest, hall_id: UUID, code: str) -> HttpResponse:
    """Show the number to read, print or take along on the phone."""
    try:
        view = queries.ticket_by_code(code, now=timezone.now())
    except queries.NotThere as missing:
        raise Http404 from missing
    if view.hall.public_id != hall_id:
        raise Http404
    address = settings.SITE_ADDRESS + reverse("portal:ticket", args=[code])
    context = {"ticket": view, "code": svg(address), "machine": is_machine(request, hall_id)}
    return render(request, "public/hall_ticket_taken.html", context)


@require_GET
def screen(request: ViewerRequest, hall_id: UUID) -> HttpResponse:
    """Show the called numbers, full screen."""
    board = _board(hall_id)
    return render(request, "public/hall_screen.html", {"board": board, "stamp": stamp_of(board)})


@require_GET
def screen_now(request: ViewerRequest, hall_id: UUID) -> HttpResponse:
    """Answer the screen that asks again: its numbers, or nothing."""
    board = _board(hall_id)
    return renewed(request, "public/hall_screen_now.html", {"board": board}, board)
