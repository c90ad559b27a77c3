"""The department's desk: the work list, one case, and what can be done to it."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from yici.apps.cases import desk_queries as queries
from yici.apps.halls import visit_counts
from yici.channels.desk.acts import ACTS
from yici.channels.look.languages import language
from yici.channels.look.middleware import ViewerRequest
from yici.channels.look.papers import paper_response
from yici.rules.cases import Ground
from yici.rules.pause_reasons import PAUSE_REASONS
from yici.rules.refusals import Refusal

P = ParamSpec("P")
View = Callable[Concatenate[ViewerRequest, P], HttpResponse]


def staff_only(view: View[P]) -> View[P]:
    """Let only staff see a page; for everybody else it is not there."""

    @wraps(view)
    def guarded(request: ViewerRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if request.viewer.account_id is None:
            return redirect(f"{settings.LOGIN_ADDRESS}?next={request.get_full_path()}")
        if request.viewer.staff_id is None:
            raise Http404
        return view(request, *args, **kwargs)

    return cast("View[P]", guarded)


def _tab(request: ViewerRequest) -> str:
    wanted = request.GET.get("tab", "take")
    return wanted if wanted in queries.TABS else "take"


@require_GET
@staff_only
def inbox(request: ViewerRequest) -> HttpResponse:
    """Show the work list of one tab, soonest due first."""
    tab, text = _tab(request), request.GET.get("q", "").strip()[:60]
    page = queries.inbox(request.viewer, tab, after=request.GET.get("after", ""), text=text, now=timezone.now())
    context = {
        "page": page,
        "tab": tab,
        "text": text,
        "tabs": _tabs(page.counts),
        "promises": visit_counts.promises_of(row.reference for row in page.rows),
    }
    return render(request, "desk/inbox.html", context)


def _tabs(counts: dict[str, int]) -> list[tuple[str, str, str, str]]:
    names = {
        "take": (_("To take"), _("Steps of your office that nobody has taken yet")),
        "mine": (_("Mine"), _("What you have taken")),
        "paused": (_("Paused"), _("Waiting for the applicant or a special procedure; the clock stands still")),
        "due": (_("Nearly due"), _("80 % of the time used, one working day left, or late")),
        "done": (_("Done"), _("Finished steps")),
    }
    most = queries.MOST_COUNTED
    return [
        (tab, name, said, f"{most - 1}+" if counts[tab] >= most else str(counts[tab]))
        for tab, (name, said) in names.items()
    ]


@require_GET
@staff_only
def step(request: ViewerRequest, step_id: UUID) -> HttpResponse:
    """Show one step with its whole case."""
    return _step_page(request, step_id, {}, "")


def _step_page(
    request: ViewerRequest, step_id: UUID, typed: dict[str, str], message: str, status: int = 200
) -> HttpResponse:
    tab = request.GET.get("tab", "mine")
    now = timezone.now()
    try:
        view = queries.desk_case(request.viewer, step_id, now=now)
        before, after = queries.neighbours(request.viewer, tab, step_id, now=now)
    except queries.NoSuchStep as missing:
        raise Http404 from missing
    context: dict[str, Any] = {
        "step": view,
        "window": {"promise": visit_counts.promises_of([view.reference])[view.reference]},
        "tab": tab,
        "before": before,
        "after": after,
        "typed": typed,
        "message": message,
        "grounds": [(one.value, _ground(one)) for one in Ground],
        "pauses": [(one.key, one.words.text(language())) for one in PAUSE_REASONS.values() if one.key != "correction"],
    }
    return render(request, "desk/step.html", context, status=status)


def _ground(ground: Ground) -> str:
    return {
        Ground.OUT_OF_SCOPE: _("Another authority is competent"),
        Ground.NO_LICENCE_NEEDED: _("No permission is needed"),
        Ground.CORRECTION_FAILED: _("Still not fit after the correction"),
        Ground.FALSE_MATERIALS: _("False materials"),
    }[ground]


@require_POST
@staff_only
def act(request: ViewerRequest, step_id: UUID, name: str) -> HttpResponse:
    """Do one act to a step; what is refused leaves the page as it was, with the sentence."""
    if name not in ACTS:
        raise Http404
    try:
        ACTS[name](request.viewer, step_id, request.POST, timezone.now())
    except queries.NoSuchStep as missing:
        raise Http404 from missing
    except Refusal as refusal:
        return _step_page(request, step_id, request.POST.dict(), refusal.text(language()), status=409)
    following = _id(request.POST.get("next", ""))
    if name in {"decide", "finish"} and following:
        return redirect("desk:step", following)
    return redirect(f"/desk/steps/{step_id}?tab={request.GET.get('tab', 'mine')}")


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


@require_POST
@staff_only
def batch(request: ViewerRequest) -> HttpResponse:
    """Take, finish or grant many steps at once; each stands for itself and what fails is named."""
    name, chosen = request.POST.get("act", ""), request.POST.getlist("step")[:100]
    if name not in {"take", "accept", "finish", "grant"}:
        raise Http404
    refused = []
    for text in chosen:
        try:
            ACTS[name](request.viewer, UUID(text), request.POST, timezone.now())
        except (Refusal, ValueError) as refusal:
            refused.append(refusal.text(language()) if isinstance(refusal, Refusal) else _("unknown step"))
        except queries.NoSuchStep as missing:
            raise Http404 from missing
    _tell(request, len(chosen) - len(refused), refused)
    return redirect(f"/desk/?tab={_tab_after(name)}")


def _tab_after(name: str) -> str:
    return "mine" if name in {"take", "accept"} else "done"


def _tell(request: ViewerRequest, done: int, refused: list[str]) -> None:
    messages.success(request, _("%(n)d done.") % {"n": done})
    for sentence in dict.fromkeys(refused):
        messages.error(request, sentence)


@require_GET
@staff_only
def paper(request: ViewerRequest, step_id: UUID, attachment_id: UUID) -> HttpResponse:
    """Show an uploaded paper of a case on this desk, never as anything a browser would run."""
    try:
        return paper_response(*queries.attachment(request.viewer, step_id, attachment_id))
    except queries.NoSuchStep as missing:
        raise Http404 from missing


@require_GET
@staff_only
def clock(request: ViewerRequest, step_id: UUID) -> HttpResponse:
    """Account for each day of a case on this desk."""
    try:
        view = queries.desk_clock(request.viewer, step_id, now=timezone.now())
    except queries.NoSuchStep as missing:
        raise Http404 from missing
    return render(request, "desk/clock.html", {"clock": view, "step_id": step_id})
