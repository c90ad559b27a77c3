"""Contests of scorecards: the reform office reads both sides and decides before the day it is due."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from yici.apps.accountability import actions, contests
from yici.channels.bench.guards import bench_only
from yici.channels.look.languages import language
from yici.channels.look.middleware import ViewerRequest
from yici.rules.measures import MEASURES
from yici.rules.refusals import Refusal


@require_GET
@bench_only
def waiting(request: ViewerRequest) -> HttpResponse:
    """List the contests of the region that wait, soonest due first, and those decided last."""
    return _page(request)


@require_POST
@bench_only
def decide(request: ViewerRequest, public_id: UUID) -> HttpResponse:
    """Uphold or reject one; a refusal is shown above the list."""
    upheld = request.POST.get("upheld", "")
    answer = request.POST.get("answer", "").replace("\x00", "")
    try:
        contests.one(request.viewer, public_id)  # not there unless this office may decide it
        if upheld not in {"1", "0"}:
            raise Http404
        actions.decide_contest(
            contest_id=public_id, upheld=upheld == "1", answer=answer, by=request.viewer, now=timezone.now()
        )
    except contests.NoSuchContest as missing:
        raise Http404 from missing
    except Refusal as refusal:
        return _page(request, refusal.text(language()), public_id)
    messages.success(request, _("Decided."))
    return redirect("bench:contests")


def _page(request: ViewerRequest, message: str = "", public_id: UUID | None = None) -> HttpResponse:
    if not contests.may_decide(request.viewer):
        raise Http404
    context = {
        "rows": contests.waiting(request.viewer),
        "decided": contests.decided(request.viewer),
        "measures": MEASURES,
        "today": timezone.localdate(),
        "message": message,
        "refused": public_id,
    }
    return render(request, "bench/contests.html", context, status=409 if message else 200)
