"""The data steward's room: write-backs to confirm, disputes to settle, gaps charged to us, our datasets."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yici.apps.cases import write_backs as papers
from yici.apps.registry import data_figures as figures
from yici.apps.registry import disputes as dispute_acts
from yici.apps.registry import steward_queries as queries
from yici.apps.registry import waiting_lists
from yici.apps.registry import write_backs as acts
from yici.channels.look.languages import language
from yici.channels.look.middleware import ViewerRequest
from yici.channels.look.papers import paper_response
from yici.rules.disputes import DisputeOutcome
from yici.rules.refusals import Refusal

P = ParamSpec("P")
View = Callable[Concatenate[ViewerRequest, P], HttpResponse]
MOST_AT_ONCE = 100
MISSING = (acts.NoSuchWriteBack, dispute_acts.NoSuchDispute, figures.NoSuchDataset, papers.NoSuchPaper)


def stewards_only(view: View[P]) -> View[P]:
    """Let only data stewards see a page, and only what is their organisation's; for all others it is not there."""

    @wraps(view)
    def guarded(request: ViewerRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if request.viewer.account_id is None:
            return redirect(f"{settings.LOGIN_ADDRESS}?next={request.get_full_path()}")
        if not figures.may_steward(request.viewer):
            raise Http404
        try:
            return view(request, *args, **kwargs)
        except MISSING as missing:
            raise Http404 from missing

    return cast("View[P]", guarded)


def _tab(request: ViewerRequest) -> str:
    wanted = request.GET.get("tab", "open")
    return wanted if wanted in waiting_lists.TABS else "open"


def _tabs(counts: dict[str, int]) -> list[tuple[str, str, str]]:
    names = {"open": _("To handle"), "due": _("Nearly due"), "settled": _("Settled")}
    most = waiting_lists.MOST_COUNTED
    return [(tab, name, f"{most - 1}+" if counts[tab] >= most else str(counts[tab])) for tab, name in names.items()]


@require_GET
@stewards_only
def overview(request: ViewerRequest) -> HttpResponse:
    """Show what waits, what is late, and what we are charged with."""
    return render(request, "steward/overview.html", {"figures": figures.overview(request.viewer, now=timezone.now())})


@require_GET
@stewards_only
def datasets(request: ViewerRequest) -> HttpResponse:
    """List our datasets with their quality."""
    return render(request, "steward/datasets.html", {"rows": figures.own_datasets(request.viewer)})


@require_GET
@stewards_only
def dataset(request: ViewerRequest, key: str) -> HttpResponse:
    """Show one of our datasets field by field."""
    return render(request, "steward/dataset.html", {"dataset": figures.own_dataset(request.viewer, key)})


@require_GET
@stewards_only
def write_backs(request: ViewerRequest) -> HttpResponse:
    """List what was written back into our data."""
    tab = _tab(request)
    page = queries.write_backs(request.viewer, tab, after=request.GET.get("after", ""), now=timezone.now())
    return render(request, "steward/write_backs.html", {"page": page, "tab": tab, "tabs": _tabs(page.counts)})


@require_POST
@stewards_only
def confirm_many(request: ViewerRequest) -> HttpResponse:
    """Confirm several write-backs; each stands for itself, and what is refused is named."""
    done, refused = 0, []
    for text in request.POST.getlist("step")[:MOST_AT_ONCE]:
        try:
            acts.confirm(write_back_id=UUID(text), by=request.viewer, now=timezone.now())
            done += 1
        except (Refusal, ValueError) as refusal:
            refused.append(refusal.text(language()) if isinstance(refusal, Refusal) else _("unknown write-back"))
    messages.success(request, _("%(n)d confirmed.") % {"n": done})
    for sentence in dict.fromkeys(refused):
        messages.error(request, sentence)
    return redirect("steward:write_backs")


@require_http_methods(["GET", "POST"])
@stewards_only
def write_back(request: ViewerRequest, public_id: UUID) -> HttpResponse:
    """Show one write-back with its evidence; confirm it, or reject it with a reason."""
    message, status, tab, now = "", 200, _tab(request), timezone.now()
    alone = queries.write_back(request.viewer, public_id, tab, now=now)
    if request.method == "POST":
        try:
            if request.POST.get("act") == "confirm":
                acts.confirm(write_back_id=public_id, by=request.viewer, now=now)
            else:
                reason = request.POST.get("reason", "")
                acts.reject(write_back_id=public_id, reason=reason, by=request.viewer, now=now)
            return _go_on("steward:write_back", alone.after, f"/steward/write-backs?tab={tab}", tab)
        except Refusal as refusal:
            message, status = refusal.text(language()), 409
    context = {"one": alone.row, "alone": alone, "tab": tab, "message": message}
    return render(request, "steward/write_back.html", context, status=status)


def _go_on(name: str, after: UUID | None, otherwise: str, tab: str) -> HttpResponse:
    if after is None:
        return redirect(otherwise)
    response = redirect(name, after)
    response["Location"] += f"?tab={tab}"
    return response


@require_GET
@stewards_only
def evidence(request: ViewerRequest, public_id: UUID) -> HttpResponse:
    """Show the scanned paper behind a write-back, never as anything a browser would run."""
    filename, kind, content = papers.evidence_of(request.viewer, public_id)
    return paper_response(filename, kind, content, shown=kind.startswith("image/"))


@require_GET
@stewards_only
def disputes(request: ViewerRequest) -> HttpResponse:
    """List the data that people say are wrong."""
    tab = _tab(request)
    page = queries.disputes(request.viewer, tab, after=request.GET.get("after", ""), now=timezone.now())
    return render(request, "steward/disputes.html", {"page": page, "tab": tab, "tabs": _tabs(page.counts)})


@require_http_methods(["GET", "POST"])
@stewards_only
def dispute(request: ViewerRequest, public_id: UUID) -> HttpResponse:
    """Show one dispute; correct the record, or say why it stands."""
    message, status, tab, now = "", 200, _tab(request), timezone.now()
    alone = queries.dispute(request.viewer, public_id, tab, now=now)
    if request.method == "POST":
        corrected = request.POST.get("act") == "correct"
        try:
            dispute_acts.settle(
                dispute_id=public_id,
                outcome=DisputeOutcome.CONFIRMED if corrected else DisputeOutcome.REJECTED,
                value=request.POST.get("value", ""),
                reason=request.POST.get("reason", ""),
                by=request.viewer,
                now=now,
            )
            return _go_on("steward:dispute", alone.after, f"/steward/disputes?tab={tab}", tab)
        except Refusal as refusal:
            message, status = refusal.text(language()), 409
    context = {"one": alone.row, "alone": alone, "tab": tab, "message": message}
    return render(request, "steward/dispute.html", context, status=status)


@require_GET
@stewards_only
def gaps(request: ViewerRequest) -> HttpResponse:
    """Show the gaps charged to us, by field and cause."""
    return render(request, "steward/gaps.html", {"groups": figures.gap_groups(request.viewer)})


@require_GET
@stewards_only
def gap_list(request: ViewerRequest) -> HttpResponse:
    """Show the requirements behind one figure."""
    asked = {key: request.GET.get(key, "") for key in ("dataset", "field", "cause")}
    before = request.GET.get("before", "")
    number = int(before) if before.isascii() and before.isdecimal() and len(before) < 19 else None
    rows, older = figures.gap_list(request.viewer, **asked, before=number)
    return render(request, "steward/gap_list.html", {"rows": rows, "older": older, **asked})
