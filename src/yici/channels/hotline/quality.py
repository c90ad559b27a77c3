"""Quality of calls: the operators' figures, one's own graded calls, and the samples a supervisor grades."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from yici.apps.tickets import quality as calls
from yici.apps.tickets import queries
from yici.channels.hotline.guards import operators_only
from yici.channels.look.languages import language
from yici.channels.look.middleware import ViewerRequest
from yici.rules.call_quality import HIGHEST, LOWEST, Criterion
from yici.rules.refusals import Refusal

SHOWN = timedelta(days=28)


@require_safe
@operators_only
def quality(request: ViewerRequest) -> HttpResponse:
    """Show the figures of the last four weeks, what of one's own was graded, and what waits to be graded."""
    now = timezone.now()
    context = {
        "figures": calls.figures(request.viewer, since=now - SHOWN),
        "own": [(one, _graded(one.grades)) for one in calls.own_graded(request.viewer)],
        "waiting": calls.to_grade(request.viewer),
    }
    return render(request, "hotline/quality.html", context)


def _graded(grades: dict[str, int]) -> list[tuple[str, int]]:
    return [(one.words.text(language()), grades.get(one.value, 0)) for one in Criterion]


@require_http_methods(["GET", "POST"])
@operators_only
def sample(request: ViewerRequest, public_id: UUID) -> HttpResponse:
    """Show a call that was drawn, masked, and take its grades."""
    now = timezone.now()
    try:
        ticket_id = calls.sample(request.viewer, public_id).ticket.public_id
    except calls.NoSuchSample as missing:
        raise Http404 from missing
    if request.method == "GET":
        return _page(request, ticket_id, now)
    try:
        note = request.POST.get("note", "")
        calls.grade(sample_id=public_id, grades=_grades(request.POST), note=note, by=request.viewer, now=now)
    except Refusal as refusal:
        return _page(request, ticket_id, now, refusal.text(language()), status=409)
    messages.success(request, _("Graded; the operator sees it."))
    return redirect("hotline:quality")


def _grades(sent: QueryDict) -> dict[str, int]:
    given = {one.value: sent.get(one.value, "") for one in Criterion}
    return {name: int(text) for name, text in given.items() if text.isdecimal()}


def _page(request: ViewerRequest, ticket_id: UUID, now: datetime, message: str = "", status: int = 200) -> HttpResponse:
    context: dict[str, Any] = {
        "ticket": queries.desk_view(request.viewer, ticket_id, now=now),
        "criteria": [(one.value, one.words.text(language())) for one in Criterion],
        "points": [(str(one), str(one)) for one in range(LOWEST, HIGHEST + 1)],
        "typed": request.POST,
        "message": message,
    }
    return render(request, "hotline/quality_sample.html", context, status=status)
