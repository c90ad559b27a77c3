"""The one window: needs that no machine may promise anything for, taken, answered or turned into cases."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from yici.apps.cases import actions as cases
from yici.apps.cases import desk_queries as queries
from yici.apps.catalogue import queries as catalogue
from yici.channels.look.languages import language
from yici.channels.look.middleware import ViewerRequest
from yici.rules.people import Role
from yici.rules.refusals import Refusal

P = ParamSpec("P")
View = Callable[Concatenate[ViewerRequest, P], HttpResponse]


def window_only(view: View[P]) -> View[P]:
    """Let only clerks of a window see a page; for everybody else it is not there."""

    @wraps(view)
    def guarded(request: ViewerRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not request.viewer.has_role(Role.WINDOW):
            raise Http404
        return view(request, *args, **kwargs)

    return cast("View[P]", guarded)


@require_GET
@window_only
def needs(request: ViewerRequest) -> HttpResponse:
    """List the needs at the clerk's place, oldest first while open."""
    answered = request.GET.get("tab") == "answered"
    rows = queries.hall_inbox(request.viewer, answered=answered)
    return render(request, "window/needs.html", {"rows": rows, "answered": answered})


@require_GET
@window_only
def need(request: ViewerRequest, public_id: UUID) -> HttpResponse:
    """Show one need with what can be done about it."""
    return _page(request, public_id, "")


def _page(request: ViewerRequest, public_id: UUID, message: str, status: int = 200) -> HttpResponse:
    try:
        row = queries.hall_request(request.viewer, public_id)
    except queries.NoSuchStep as missing:
        raise Http404 from missing
    text = request.GET.get("q", "").strip()[:60]
    hits = catalogue.search(text, row.region_code, limit=10) if text else []
    found = [hit for hit in hits if hit.kind == "item"]
    context = {"need": row, "text": text, "hits": found, "message": message}
    return render(request, "window/need.html", context, status=status)


@require_POST
@window_only
def act(request: ViewerRequest, public_id: UUID, name: str) -> HttpResponse:
    """Take, answer, or turn into cases."""
    given = {"request_id": public_id, "by": request.viewer, "now": timezone.now()}
    answer = request.POST.get("answer", "")
    try:
        if name == "take":
            cases.take_request(**given)  # type: ignore[arg-type]
        elif name == "answer":
            cases.answer_request(answer=answer, **given)  # type: ignore[arg-type]
        elif name == "open":
            cases.open_cases(items=request.POST.getlist("item"), answer=answer, **given)  # type: ignore[arg-type]
        else:
            raise Http404
    except queries.NoSuchStep as missing:
        raise Http404 from missing
    except Refusal as refusal:
        return _page(request, public_id, refusal.text(language()), status=409)
    return redirect("window:need", public_id)
