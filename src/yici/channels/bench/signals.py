"""What the figures say: proposals with their dossiers, easings taken back by acts, and the debt of data."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from yici.apps.places import months
from yici.apps.reform import debts, proposals, take_back
from yici.channels.bench.guards import bench_only
from yici.channels.look.languages import language
from yici.channels.look.middleware import ViewerRequest
from yici.rules.refusals import Refusal


@require_GET
@bench_only
def listed(request: ViewerRequest) -> HttpResponse:
    """List the proposals, the open ones first."""
    return render(request, "bench/proposals.html", {"rows": proposals.proposals(request.viewer)})


@require_http_methods(["GET", "POST"])
@bench_only
def one(request: ViewerRequest, public_id: UUID) -> HttpResponse:
    """Show the dossier of a proposal; take up a suggested change, or close it with a reason."""
    message = ""
    try:
        if request.method == "POST":
            try:
                return _done(request, public_id)
            except Refusal as refusal:
                message = refusal.text(language())
        found = proposals.dossier(request.viewer, public_id)
    except proposals.NoSuchProposal as missing:
        raise Http404 from missing
    context = {"one": found, "message": message, "answer": request.POST.get("answer", "")}
    return render(request, "bench/proposal.html", context, status=409 if message else 200)


def _done(request: ViewerRequest, public_id: UUID) -> HttpResponse:
    terms: dict[str, Any] = {"proposal_id": public_id, "by": request.viewer, "now": timezone.now()}
    if chosen := request.POST.get("suggestion"):
        try:
            suggestion_id = UUID(chosen)
        except ValueError as error:
            raise Http404 from error
        amendment = proposals.take_up(**terms, suggestion_id=suggestion_id)
        return redirect("bench:edit", amendment.public_id)
    proposals.close(**terms, answer=request.POST.get("answer", ""))
    messages.success(request, _("Done."))
    return redirect("bench:proposals")


@require_GET
@bench_only
def taken_back(request: ViewerRequest) -> HttpResponse:
    """Show what acts took back in a month, by item and county."""
    message, month = "", months.last_whole_month(timezone.now())
    try:
        month = months.month_named(request.GET["month"]) if request.GET.get("month") else month
    except Refusal as refusal:
        message = refusal.text(language())
    context = {
        "month": month,
        "message": message,
        "rows": take_back.taken_back(request.viewer, month),
        "empty": take_back.without_cases(request.viewer, month),
    }
    return render(request, "bench/taken_back.html", context, status=409 if message else 200)


@require_GET
@bench_only
def data_debt(request: ViewerRequest) -> HttpResponse:
    """List the items that only move a fact or only book a visit, with their volume."""
    return render(request, "bench/data_debt.html", {"rows": debts.debts(request.viewer, now=timezone.now())})
