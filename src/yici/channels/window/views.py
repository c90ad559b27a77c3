"""The one window: needs that no machine may promise anything for, and what a clerk makes of them."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Concatenate, ParamSpec
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from yici.apps.cases import actions as cases
from yici.apps.cases import desk_queries as queries
from yici.apps.catalogue import queries as catalogue
from yici.apps.people.viewers import Viewer
from yici.channels.desk.views import staff_only
from yici.channels.look.languages import language
from yici.channels.look.middleware import ViewerRequest
from yici.rules.people import Role
from yici.rules.refusals import Refusal
from yici.rules.words import Words

P = ParamSpec("P")
View = Callable[Concatenate[ViewerRequest, P], HttpResponse]
Choice = tuple[str, Words]
MOST_FOUND = 12


def clerk_only(view: View[P]) -> View[P]:
    """Let only clerks of a window see a page; for other staff it is not there."""

    @wraps(view)
    def guarded(request: ViewerRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if request.viewer.is_staff and not request.viewer.has_role(Role.WINDOW):
            raise Http404
        return for_staff(request, *args, **kwargs)

    for_staff = staff_only(view)
    return guarded


@require_GET
@clerk_only
def needs(request: ViewerRequest) -> HttpResponse:
    """List the needs of the place: open ones oldest first, answered ones newest first."""
    answered = request.GET.get("tab") == "answered"
    rows = queries.hall_inbox(request.viewer, answered=answered)
    return render(request, "window/needs.html", {"rows": rows, "tab": "answered" if answered else "open"})


@require_GET
@clerk_only
def need(request: ViewerRequest, public_id: UUID) -> HttpResponse:
    """Show one need: answer it, or choose the items it takes and open the cases."""
    return _page(request, public_id, request.GET)


def _page(
    request: ViewerRequest, public_id: UUID, sent: QueryDict, message: str = "", status: int = 200
) -> HttpResponse:
    line = _need(request.viewer, public_id)
    text = sent.get("q", "").replace("\x00", "").strip()[:100]
    context = {
        "need": line,
        "text": text,
        "chosen": _chosen(line, sent.getlist("item")),
        "found": _found(line, text),
        "answer": sent.get("answer", ""),
        "message": message,
    }
    return render(request, "window/need.html", context, status=status)


def _need(viewer: Viewer, public_id: UUID) -> queries.HallLine:
    try:
        return queries.hall_request(viewer, public_id)
    except queries.NoSuchStep as missing:
        raise Http404 from missing


def _chosen(line: queries.HallLine, keys: list[str]) -> list[Choice]:
    """Return the items the clerk has ticked: they stay ticked while he goes on searching."""
    names = catalogue.names(line.region_code)
    return [(key, names[key]) for key in dict.fromkeys(keys) if key in names]


def _found(line: queries.HallLine, text: str) -> list[Choice]:
    """Return items a search finds; of a life event, the items it is made of."""
    here = catalogue.catalogue_for(line.region_code)
    found: dict[str, Words] = {}
    for hit in catalogue.search(text, line.region_code, limit=MOST_FOUND) if text else []:
        event = here.events.get(hit.key)
        keys = [member.item for member in event.members] if event else [hit.key]
        found |= {key: here.items[key].name for key in keys if key in here.items}
    return list(found.items())


def _take(by: Viewer, need: UUID, sent: QueryDict, now: datetime) -> None:
    cases.take_request(request_id=need, by=by, now=now)


def _answer(by: Viewer, need: UUID, sent: QueryDict, now: datetime) -> None:
    cases.answer_request(request_id=need, answer=sent.get("answer", ""), by=by, now=now)


def _open(by: Viewer, need: UUID, sent: QueryDict, now: datetime) -> None:
    cases.open_cases(request_id=need, items=sent.getlist("item"), answer=sent.get("answer", ""), by=by, now=now)


ACTS: dict[str, Callable[[Viewer, UUID, QueryDict, datetime], None]] = {
    "take": _take,
    "answer": _answer,
    "open": _open,
}


@require_POST
@clerk_only
def act(request: ViewerRequest, public_id: UUID, name: str) -> HttpResponse:
    """Take, answer or turn a need into cases; what is refused leaves the page as it was, with the sentence."""
    if name not in ACTS:
        raise Http404
    try:
        ACTS[name](request.viewer, public_id, request.POST, timezone.now())
    except queries.NoSuchStep as missing:
        raise Http404 from missing
    except Refusal as refusal:
        return _page(request, public_id, request.POST, refusal.text(language()), status=409)
    if name == "take":
        return redirect("window:need", public_id)
    said = _("Answered.") if name == "answer" else _("The cases are open; the departments have them now.")
    messages.success(request, said)
    return redirect("window:needs")
