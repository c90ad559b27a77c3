"""The clerk's queue: sit down at a window, call, serve, pass over, move on; the citizen's second screen."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from yici.apps.halls import actions as halls
from yici.apps.halls import queries
from yici.apps.people.viewers import Viewer
from yici.apps.reviews import queries as reviews
from yici.apps.reviews.actions import give_for_visit
from yici.channels.look.languages import language
from yici.channels.look.middleware import ViewerRequest
from yici.channels.look.refreshing import renewed, stamp_of
from yici.channels.window import hall, supply
from yici.channels.window.views import clerk_only
from yici.rules.refusals import Refusal
from yici.rules.reviews import ReviewChannel, Tag

Act = Callable[[Viewer, QueryDict, datetime], object]
# On the tablet there is no second step: the next person waits.
TABLET_TAGS = (Tag.FAST, Tag.CLEAR, Tag.KIND, Tag.SLOW, Tag.UNCLEAR, Tag.UNKIND)


def _number(text: str | None) -> int:
    """Return a window's number, 0 for anything else."""
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 4 else 0


def _id(sent: QueryDict, name: str = "ticket") -> UUID:
    try:
        return UUID(sent.get(name, ""))
    except ValueError as unreadable:
        raise Http404 from unreadable


def _on_ticket(act: Callable[..., object]) -> Act:
    return lambda by, sent, now: act(ticket_id=_id(sent), by=by, now=now)


def _transfer(by: Viewer, sent: QueryDict, now: datetime) -> None:
    kind, _colon, target = sent.get("to", "").partition(":")
    chosen = QueryDict(mutable=True)
    chosen["queue"] = target
    halls.transfer(
        ticket_id=_id(sent),
        queue_id=_id(chosen, "queue") if kind == "queue" else None,
        window_number=_number(target) if kind == "window" else None,
        by=by,
        now=now,
    )


ACTS: dict[str, Act] = {
    "open": lambda by, sent, now: halls.open_window(number=_number(sent.get("window")), by=by, now=now),
    "pause": lambda by, sent, now: halls.pause_window(by=by, now=now),
    "resume": lambda by, sent, now: halls.resume_window(by=by, now=now),
    "close": lambda by, sent, now: halls.close_window(by=by, now=now),
    "next": lambda by, sent, now: halls.call_next(by=by, now=now),
    "again": _on_ticket(halls.call_again),
    "start": _on_ticket(halls.start_serving),
    "skip": _on_ticket(halls.skip),
    "no-show": _on_ticket(halls.no_show),
    "recall": _on_ticket(halls.recall),
    "finish": _on_ticket(halls.finish),
    "transfer": _transfer,
}


@require_GET
@clerk_only
def queue(request: ViewerRequest) -> HttpResponse:
    """Show who is at the window, who waits, and what one key does next."""
    return _page(request, "")


def _page(request: ViewerRequest, message: str, status: int = 200) -> HttpResponse:
    viewer, now = request.viewer, timezone.now()
    try:
        here = queries.hall_of(viewer)
        context = {
            "hall": here,
            "duty": queries.duty_of(viewer),
            "windows": queries.windows_of_hall(viewer),
            "queues": queries.queues_of_hall(here.public_id, now=now),
            "ticket": queries.ticket_at_window(viewer, now=now),
            "line": queries.line_at_window(viewer, now=now),
            "aside": queries.set_aside_today(viewer, now=now),
            "message": message,
            "serve": serve_address(),
        }
    except queries.NotThere as missing:
        raise Http404 from missing
    except Refusal as refusal:
        return render(request, "window/no_queue.html", {"refusal": refusal})
    return render(request, "window/queue.html", context, status=status)


def serve_address() -> str:
    """Return where a person at the window is served, "" while that room is not built in."""
    try:
        return reverse("window:serve")
    except NoReverseMatch:
        return ""


@require_POST
@clerk_only
def act(request: ViewerRequest, name: str) -> HttpResponse:
    """Do one thing; what is refused leaves all as it was, with the sentence."""
    if name not in ACTS:
        raise Http404
    try:
        ACTS[name](request.viewer, request.POST, timezone.now())
    except queries.NotThere as missing:
        raise Http404 from missing
    except Refusal as refusal:
        return _page(request, refusal.text(language()), status=409)
    if name == "start" and serve_address():
        return redirect(serve_address())
    return redirect("window:queue")


@require_GET
@clerk_only
def citizen(request: ViewerRequest) -> HttpResponse:
    """Show the second screen at the window: the number in hand, and the three faces after it."""
    view = _citizen(request.viewer)
    return render(request, "window/citizen.html", {**view, "stamp": stamp_of(view), "reasons": TABLET_TAGS})


@require_GET
@clerk_only
def citizen_now(request: ViewerRequest) -> HttpResponse:
    """Answer the second screen that asks again."""
    view = _citizen(request.viewer)
    return renewed(request, "window/citizen_now.html", {**view, "reasons": TABLET_TAGS}, view)


def _citizen(viewer: Viewer) -> dict[str, object]:
    now = timezone.now()
    held = queries.ticket_at_window(viewer, now=now)
    return {
        "duty": queries.duty_of(viewer),
        "label": held.label if held else "",
        "is_called": bool(held and held.state == "called"),
        "served": None if held else reviews.last_unreviewed(viewer, now=now),
    }


@require_POST
@clerk_only
def press(request: ViewerRequest) -> HttpResponse:
    """Keep the face pressed on the second screen, for the ticket that was served there."""
    served = reviews.last_unreviewed(request.viewer, now=timezone.now())
    if served is None:
        raise Http404
    try:
        give_for_visit(
            code=served.code,
            face=_number(request.POST.get("face")),
            tags=request.POST.getlist("reason"),
            channel=ReviewChannel.TABLET,
            now=timezone.now(),
        )
    except Refusal as refusal:
        messages.error(request, refusal.text(language()))
    else:
        messages.success(request, _("Thank you."))
    return redirect("window:citizen")


queue_urls = [
    path("queue", queue, name="queue"),
    path("queue/citizen", citizen, name="citizen"),
    path("queue/citizen/now", citizen_now, name="citizen_now"),
    path("queue/citizen/press", press, name="press"),
    path("queue/<slug:name>", act, name="queue_act"),
    path("hall", hall.hall, name="hall"),
    path("hall/supply", supply.plan, name="supply"),
    path("hall/book", hall.book_for_caller, name="book_for_caller"),
    path("hall.csv", hall.hall_rows, name="hall_rows"),
    path("hall/machine", hall.make_machine, name="make_machine"),
]
