"""What became of it: every department's step on one page, corrections, messages, withdrawal."""

from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yici.apps.cases import actions as cases
from yici.apps.cases import queries
from yici.apps.halls import serving_queries as halls
from yici.apps.places import queries as places
from yici.apps.planning import actions as planning
from yici.apps.planning import queries as plans
from yici.apps.privacy import look_queries
from yici.apps.reviews import queries as reviews
from yici.channels.look.languages import language
from yici.channels.look.middleware import ViewerRequest
from yici.channels.portal.guards import signed_in
from yici.channels.portal.visitors import browser_of, place_of
from yici.rules.refusals import Refusal


def _application(request: ViewerRequest, public_id: UUID) -> queries.ApplicationView:
    """Return one application of the viewer; anybody else's is not there."""
    try:
        return queries.application(request.viewer, public_id, now=timezone.now())
    except queries.NoSuchApplication as missing:
        raise Http404 from missing


@require_GET
@signed_in
def mine(request: ViewerRequest) -> HttpResponse:
    """List applications, needs at the window and unfinished drafts."""
    page = queries.applications_of(request.viewer, before=request.GET.get("before", ""))
    context = {
        "applications": page.rows,
        "older": page.older,
        "drafts": plans.drafts_of(request.viewer),
        "unseen_looks": look_queries.unseen_looks(request.viewer),
        "requests": queries.hall_requests_of(request.viewer),
    }
    return render(request, "portal/mine.html", context)


@require_GET
@signed_in
def application(request: ViewerRequest, public_id: UUID) -> HttpResponse:
    """Show every department's part of one application."""
    return _page(request, public_id, "")


def _page(request: ViewerRequest, public_id: UUID, message: str, status: int = 200) -> HttpResponse:
    context = {
        "application": _application(request, public_id),
        "window": halls.at_the_window(request.viewer, public_id),
        "reviews": reviews.of_cases(request.viewer, public_id),
        "message": message,
    }
    return render(request, "portal/application.html", context, status=status)


@require_GET
@signed_in
def submitted(request: ViewerRequest, public_id: UUID) -> HttpResponse:
    """Confirm: reference, what happens next and when. Survives a bookmark."""
    return render(request, "portal/submitted.html", {"application": _application(request, public_id)})


@require_GET
@signed_in
def clock(request: ViewerRequest, public_id: UUID) -> HttpResponse:
    """Account for each day of a case."""
    try:
        view = queries.case_clock(request.viewer, public_id, now=timezone.now())
    except queries.NoSuchApplication as missing:
        raise Http404 from missing
    return render(request, "portal/clock.html", {"clock": view})


@require_POST
@signed_in
def message(request: ViewerRequest, public_id: UUID) -> HttpResponse:
    """Write to the departments inside the application."""
    _application(request, public_id)
    try:
        cases.write_message(
            application_id=public_id, text=request.POST.get("text", ""), by=request.viewer, now=timezone.now()
        )
    except Refusal as refusal:
        return _page(request, public_id, refusal.text(language()), status=422)
    return redirect(f"/applications/{public_id}#messages")


@require_POST
@signed_in
def withdraw(request: ViewerRequest, public_id: UUID) -> HttpResponse:
    """Withdraw what is not yet decided."""
    _application(request, public_id)
    try:
        cases.withdraw_application(
            application_id=public_id, reason=request.POST.get("reason", ""), by=request.viewer, now=timezone.now()
        )
    except Refusal as refusal:
        return _page(request, public_id, refusal.text(language()), status=409)
    return redirect("portal:application", public_id)


@require_POST
@signed_in
def correct(request: ViewerRequest, public_id: UUID) -> HttpResponse:
    """Answer the one complete notice of what is missing."""
    try:
        owner = queries.application_of_case(request.viewer, public_id)
    except queries.NoSuchApplication as missing:
        raise Http404 from missing
    papers = {
        name.removeprefix("paper."): (sent.name or "", sent.read(cases.LARGEST_PAPER + 1))
        for name, sent in request.FILES.items()
        if name.startswith("paper.") and isinstance(sent, UploadedFile)
    }
    try:
        cases.answer_correction(
            case_id=public_id,
            reply=request.POST.get("reply", ""),
            papers=papers,
            by=request.viewer,
            now=timezone.now(),
        )
    except Refusal as refusal:
        return _page(request, owner, refusal.text(language()), status=422)
    return redirect("portal:application", owner)


@require_POST
def discard(request: ViewerRequest, public_id: UUID) -> HttpResponse:
    """Delete an unfinished draft."""
    try:
        planning.discard_draft(by=request.viewer, browser=browser_of(request), public_id=public_id, now=timezone.now())
    except plans.NoSuchDraft as missing:
        raise Http404 from missing
    except Refusal as refusal:
        return render(request, "portal/refused.html", {"refusal": refusal}, status=409)
    return redirect("portal:mine")


@require_http_methods(["GET", "POST"])
@signed_in
def hall_request(request: ViewerRequest) -> HttpResponse:
    """Give a need to the one window of the place."""
    draft = _draft_of(request)
    region = draft.region_code if draft else place_of(request)
    context = {
        "place": places.region(region),
        "draft_id": str(draft.public_id) if draft else "",
        "need": request.POST.get("need", draft.event.name.text(language()) if draft else ""),
        "phone": request.POST.get("phone", ""),
        "error": "",
    }
    if request.method == "GET":
        return render(request, "portal/hall_request.html", context)
    try:
        cases.ask_the_hall(
            need=request.POST.get("need", ""),
            contact_phone=request.POST.get("phone", ""),
            region_code=region,
            draft_id=draft.public_id if draft else None,
            by=request.viewer,
            now=timezone.now(),
        )
    except Refusal as refusal:
        context["error"] = refusal.text(language())
        return render(request, "portal/hall_request.html", context, status=422)
    return redirect("portal:mine")


def _draft_of(request: ViewerRequest) -> plans.DraftView | None:
    text = request.POST.get("draft") or request.GET.get("draft") or ""
    try:
        return plans.draft(request.viewer, UUID(text), browser=browser_of(request)) if text else None
    except (ValueError, plans.NoSuchDraft) as missing:
        raise Http404 from missing
