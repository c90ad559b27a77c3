"""Papers looked at and scanned, everything submitted once, one receipt."""

from uuid import UUID

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yici.apps.cases import actions as cases
from yici.apps.cases import queries as case_queries
from yici.apps.catalogue import queries as catalogue
from yici.apps.halls import intake, papers, receipts, suggesting
from yici.apps.halls import serving_queries as halls
from yici.apps.people.viewers import Viewer
from yici.apps.planning import actions as planning
from yici.apps.planning import nudging
from yici.apps.planning import queries as plans
from yici.channels.look.languages import language
from yici.channels.look.middleware import ViewerRequest
from yici.channels.portal.entering import target_of
from yici.channels.portal.plan_pages import plan_context
from yici.channels.window.guards import while_serving
from yici.channels.window.planning_pages import draft_of
from yici.channels.window.serving import page
from yici.rules.forms import CannotReadForm
from yici.rules.nudges import Moment
from yici.rules.refusals import Refusal


def _look(request: HttpRequest) -> papers.Look:
    sent, scan = request.POST, request.FILES.get("scan")
    return papers.Look(
        finding=sent.get("finding", ""),
        original_seen=sent.get("original_seen") == "1",
        kept=sent.get("kept") == "1",
        reason=sent.get("reason", ""),
        filename=(scan.name or "") if scan else "",
        content=scan.read(cases.LARGEST_PAPER + 1) if scan else b"",
    )


@require_http_methods(["GET", "POST"])
@while_serving
def draft_papers(request: ViewerRequest, person: Viewer, draft_id: UUID) -> HttpResponse:
    """Check the papers of the plan one by one; what the government has is not among them."""
    view = draft_of(request, person, draft_id)
    if view.application_id:
        return redirect("window:application", view.application_id)
    if request.method == "GET":
        return _papers_page(request, person, view, "")
    try:
        papers.check_for_draft(
            draft_id=draft_id,
            proves=request.POST.get("proves", ""),
            look=_look(request),
            by=request.viewer,
            now=timezone.now(),
        )
    except Refusal as refusal:
        return _papers_page(request, person, view, refusal.text(language()), status=422)
    return redirect("window:papers", draft_id)


@require_POST
@while_serving
def beyond(request: ViewerRequest, person: Viewer, draft_id: UUID) -> HttpResponse:
    """Record something asked of the person that his plan does not name."""
    sent = request.POST
    try:
        intake.ask_beyond_plan(
            draft_id=draft_id,
            item_key=sent.get("item", ""),
            what=sent.get("what", ""),
            why=sent.get("why", ""),
            asked_by=sent.get("asked_by", ""),
            by=request.viewer,
            now=timezone.now(),
        )
    except Refusal as refusal:
        view = plans.draft(person, draft_id, browser="")
        return _papers_page(request, person, view, refusal.text(language()), status=422)
    return redirect("window:papers", draft_id)


def _papers_page(
    request: ViewerRequest, person: Viewer, view: plans.DraftView, message: str, status: int = 200
) -> HttpResponse:
    plan = plans.plan_of(person, view)
    context = {
        "draft": view,
        "lines": papers.lines_of_draft(plan, view.public_id),
        "items": plan.items,
        "demands": halls.demands_of_draft(view.public_id),
        "typed": request.POST,
        "message": message,
    }
    return page(request, "papers", context, status)


@require_http_methods(["GET", "POST"])
@while_serving
def check(request: ViewerRequest, person: Viewer, draft_id: UUID) -> HttpResponse:
    """Read everything to the person once more, let him sign, submit for all departments."""
    view = draft_of(request, person, draft_id)
    if view.application_id:
        return redirect("window:application", view.application_id)
    if request.method == "GET":
        return _check_page(request, person, view, "")
    sent = request.POST
    try:
        taken = intake.submit(
            draft_id=draft_id,
            seen_visits=_whole(sent.get("seen_visits", "")),
            signed=sent.get("signed") == "1",
            paper_results=sent.get("results", ""),
            address=sent.get("address", ""),
            by=request.viewer,
            now=timezone.now(),
        )
    except CannotReadForm:
        return redirect("window:form", draft_id)
    except Refusal as refusal:
        return _check_page(request, person, view, refusal.text(language()), status=409)
    return redirect("window:receipt", taken.receipt_id)


def _whole(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 4 else None


def _check_page(
    request: ViewerRequest, person: Viewer, view: plans.DraftView, message: str, status: int = 200
) -> HttpResponse:
    plan = plans.plan_of(person, view)
    context = {
        **plan_context(view, plan, catalogue.catalogue_for(view.region_code, unit=view.unit)),
        "elements": plans.form_elements(view, plan),
        "known": planning.known_facts(by=person, view=view, plan=plan, now=timezone.now()),
        "lines": papers.lines_of_draft(plan, view.public_id),
        "demands": halls.demands_of_draft(view.public_id),
        "nudge": nudging.for_collecting(view, person=person, now=timezone.now()),
        "typed": request.POST,
        "message": message,
    }
    return page(request, "check", context, status)


@require_http_methods(["GET", "POST"])
@while_serving
def application(request: ViewerRequest, person: Viewer, application_id: UUID) -> HttpResponse:
    """Show an application of the person, take the papers it waits for, answer its correction."""
    if request.method == "GET":
        return _application_page(request, person, application_id, "")
    try:
        papers.check_for_application(
            application_id=application_id,
            proves=request.POST.get("proves", ""),
            look=_look(request),
            by=request.viewer,
            now=timezone.now(),
        )
    except Refusal as refusal:
        return _application_page(request, person, application_id, refusal.text(language()), status=422)
    return redirect("window:application", application_id)


@require_POST
@while_serving
def settle(request: ViewerRequest, person: Viewer, application_id: UUID) -> HttpResponse:
    """Finish the papers of an application made elsewhere: accept what is complete, give its receipt."""
    taken = intake.settle_application(application_id=application_id, by=request.viewer, now=timezone.now())
    return redirect("window:receipt", taken.receipt_id)


@require_POST
@while_serving
def present(request: ViewerRequest, person: Viewer, application_id: UUID) -> HttpResponse:
    """Note an act for which the person had to be there."""
    intake.record_presence(
        application_id=application_id, what=request.POST.get("what", "")[:80], by=request.viewer, now=timezone.now()
    )
    messages.success(request, _("Noted."))
    return redirect("window:application", application_id)


@require_POST
@while_serving
def correct(request: ViewerRequest, person: Viewer, case_id: UUID) -> HttpResponse:
    """Answer a correction notice with what the person brought."""
    owner = case_queries.application_of_case(person, case_id)
    files = {
        name.removeprefix("paper."): (sent.name or "", sent.read(cases.LARGEST_PAPER + 1))
        for name, sent in request.FILES.items()
        if name.startswith("paper.") and isinstance(sent, UploadedFile)
    }
    try:
        intake.answer_correction(
            case_id=case_id,
            reply=request.POST.get("reply", ""),
            papers=files,
            by=request.viewer,
            now=timezone.now(),
        )
    except Refusal as refusal:
        return _application_page(request, person, owner, refusal.text(language()), status=422)
    return redirect("window:application", owner)


def _application_page(
    request: ViewerRequest, person: Viewer, application_id: UUID, message: str, status: int = 200
) -> HttpResponse:
    context = {
        "application": case_queries.application(person, application_id, now=timezone.now()),
        "window": halls.at_the_window(person, application_id),
        "lines": papers.lines_of_application(person, application_id),
        "typed": request.POST,
        "message": message,
    }
    return page(request, "application", context, status)


@require_GET
@while_serving
def receipt(request: ViewerRequest, person: Viewer, receipt_id: UUID) -> HttpResponse:
    """Show the one receipt, to print and hand over."""
    found = receipts.receipt(person, receipt_id)
    nudge = suggesting.next_time(found.application_id, Moment.WINDOW, elder=False, person=person, now=timezone.now())
    return page(request, "receipt", {"receipt": found, "nudge": nudge})


@require_POST
@while_serving
def no_nudges(request: ViewerRequest, person: Viewer) -> HttpResponse:
    """Note that the person wants no suggestions any more, at no channel."""
    nudging.refuse(by=person, now=timezone.now())
    messages.success(request, _("Noted: nothing is suggested to this person any more."))
    return redirect(target_of(request) or "window:visit")


@require_GET
@while_serving
def receipt_file(request: ViewerRequest, person: Viewer, receipt_id: UUID) -> HttpResponse:
    """Give the receipt as a signed PDF."""
    response = HttpResponse(receipts.receipt_file(person, receipt_id), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="receipt-{receipt_id}.pdf"'
    response["Cache-Control"] = "private, no-store"
    return response
