"""From the questions to the plan, from the plan to the shared form, from the form to submitted."""

from datetime import datetime
from typing import TypedDict
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yici.apps.cases import actions as cases
from yici.apps.catalogue import queries as catalogue
from yici.apps.people.viewers import Viewer
from yici.apps.places import queries as places
from yici.apps.planning import actions as planning
from yici.apps.planning import asking, sheets
from yici.apps.planning import queries as plans
from yici.channels.look.languages import language
from yici.channels.look.middleware import ViewerRequest
from yici.channels.look.sent_forms import typed_fields, version_sent, visits_seen
from yici.channels.portal.guards import entrance
from yici.channels.portal.plan_pages import plan_context
from yici.channels.portal.visitors import browser_of
from yici.rules.forms import CannotReadForm
from yici.rules.items import Element
from yici.rules.refusals import Refusal


def _draft(request: ViewerRequest, public_id: UUID) -> plans.DraftView:
    """Return the visitor's own draft; anybody else's is not there."""
    try:
        return plans.draft(request.viewer, public_id, browser=browser_of(request))
    except plans.NoSuchDraft as missing:
        raise Http404 from missing


class _Mine(TypedDict):
    """Whose draft it is, which, and when something is done with it."""

    by: Viewer
    browser: str
    public_id: UUID
    now: datetime


def _mine(request: ViewerRequest, public_id: UUID) -> _Mine:
    return {"by": request.viewer, "browser": browser_of(request), "public_id": public_id, "now": timezone.now()}


def _again(element: Element, typed: str | None, error: str) -> dict[str, object]:
    return {"question": element, "typed": typed, "error": error}


@require_http_methods(["GET", "POST"])
def ask(request: ViewerRequest, public_id: UUID) -> HttpResponse:
    """Ask one question at a time, the most useful first, until the plan is decided."""
    view = _draft(request, public_id)
    if view.application_id:
        return redirect("portal:application", view.application_id)
    if request.method == "POST":
        return _answered(request, view)
    wanted = request.GET.get("question")
    if wanted and plans.element(view, wanted):
        planning.take_back(**_mine(request, public_id), key=wanted)
        return redirect("portal:ask", public_id)
    return _question_or_plan(request, view)


def _question_or_plan(request: ViewerRequest, view: plans.DraftView) -> HttpResponse:
    open_questions = plans.plan_of(request.viewer, view).questions
    question = plans.element(view, open_questions[0]) if open_questions else None
    asking.stand_at(
        by=request.viewer,
        browser=browser_of(request),
        view=view,
        key=question.key if question else "",
        now=timezone.now(),
    )
    if question is None:
        return redirect("portal:plan", view.public_id)
    return _render_question(request, view, _again(question, None, ""))


def _render_question(
    request: HttpRequest, view: plans.DraftView, asked: dict[str, object], status: int = 200
) -> HttpResponse:
    asked_before = [(plans.element(view, key), value) for key, value in view.answers.items()]
    context = {"draft": view, "answered": [row for row in asked_before if row[0]], **asked}
    return render(request, "portal/ask.html", context, status=status)


def _answered(request: ViewerRequest, view: plans.DraftView) -> HttpResponse:
    key, typed = request.POST.get("question", ""), request.POST.get("answer", "")
    question = plans.element(view, key)
    if question is None:
        raise Http404
    try:
        planning.answer(**_mine(request, view.public_id), key=key, typed=typed)
    except Refusal as refusal:
        sheets.sent_back(**_mine(request, view.public_id))
        return _render_question(request, view, _again(question, typed, refusal.text(language())), status=422)
    return redirect("portal:ask", view.public_id)


@require_GET
def plan(request: ViewerRequest, public_id: UUID) -> HttpResponse:
    """Show the plan: how many visits, what to bring, who does what when, and why."""
    view = _draft(request, public_id)
    if view.application_id:
        return redirect("portal:application", view.application_id)
    answer = plans.plan_of(request.viewer, view)
    context = plan_context(view, answer, catalogue.catalogue_for(view.region_code, unit=view.unit))
    context["halls"] = places.halls_for(view.region_code)
    return render(request, "portal/plan.html", context)


@require_POST
def choose(request: ViewerRequest, public_id: UUID) -> HttpResponse:
    """Take, or give back, a lighter way that the plan offers."""
    _draft(request, public_id)
    try:
        planning.choose_way(
            **_mine(request, public_id),
            proves=request.POST.get("proves", ""),
            kind=request.POST.get("kind", ""),
        )
    except Refusal as refusal:
        return render(request, "portal/refused.html", {"refusal": refusal}, status=409)
    return redirect("portal:plan", public_id)


def _needs_sign_in(viewer: Viewer) -> bool:
    return viewer.party_id is None


@require_http_methods(["GET", "POST"])
def form(request: ViewerRequest, public_id: UUID) -> HttpResponse:
    """Show the shared form: each fact once, known facts to confirm or dispute."""
    if _needs_sign_in(request.viewer):
        _draft(request, public_id)
        return entrance(request)
    view = _claimed(request, public_id)
    if view.application_id:
        return redirect("portal:application", view.application_id)
    if request.method == "POST":
        return _form_sent(request, view)
    return _form_page(request, view, {})


def _claimed(request: ViewerRequest, public_id: UUID) -> plans.DraftView:
    view = _draft(request, public_id)
    if not view.is_claimed:
        planning.claim_draft(**_mine(request, public_id))
        view = _draft(request, public_id)
    return view


def _form_page(
    request: ViewerRequest, view: plans.DraftView, faults: dict[str, str], message: str = "", status: int = 200
) -> HttpResponse:
    answer = plans.plan_of(request.viewer, view)
    context = {
        "draft": view,
        "plan": answer,
        "elements": plans.form_elements(view, answer),
        "known": planning.known_facts(by=request.viewer, view=view, plan=answer, now=timezone.now()),
        "uploads": plans.uploads_wanted(view, answer),
        "papers": cases.papers_of_draft(by=request.viewer, draft_id=view.public_id),
        "faults": faults,
        "message": message,
    }
    return render(request, "portal/form.html", context, status=status)


@require_POST
def save(request: ViewerRequest, public_id: UUID) -> HttpResponse:
    """Keep the form while it is filled in; says saved or failed, never nothing."""
    _draft(request, public_id)
    try:
        version = planning.save_fields(
            **_mine(request, public_id),
            version=version_sent(request),
            **typed_fields(request),
        )
    except Refusal as refusal:
        return JsonResponse({"saved": False, "sentence": refusal.text(language())}, status=409)
    return JsonResponse({"saved": True, "version": version})


def _form_sent(request: ViewerRequest, view: plans.DraftView) -> HttpResponse:
    try:
        planning.save_fields(
            **_mine(request, view.public_id),
            version=version_sent(request),
            **typed_fields(request),
        )
    except Refusal as refusal:
        return _form_page(request, view, {}, refusal.text(language()), status=409)
    if "later" in request.POST:
        return redirect("portal:mine")
    view = _draft(request, view.public_id)
    try:
        cases.facts_of_draft(by=request.viewer, view=view, now=timezone.now())
    except CannotReadForm as refusal:
        faults = {key: words.text(language()) for key, words in refusal.faults.items()}
        sheets.sent_back(**_mine(request, view.public_id))
        return _form_page(request, view, faults, status=422)
    return redirect("portal:check", view.public_id)


@require_POST
def upload(request: ViewerRequest, public_id: UUID) -> HttpResponse:
    """Take one paper; it is checked and re-encoded before anybody opens it."""
    if _needs_sign_in(request.viewer):
        raise Http404
    view = _claimed(request, public_id)
    sent = request.FILES.get("paper")
    try:
        cases.add_paper(
            by=request.viewer,
            draft_id=view.public_id,
            proves=request.POST.get("proves", ""),
            filename=sent.name or "" if sent else "",
            content=sent.read(cases.LARGEST_PAPER + 1) if sent else b"",
            now=timezone.now(),
        )
    except Refusal as refusal:
        sheets.sent_back(**_mine(request, view.public_id))
        return _form_page(request, view, {}, refusal.text(language()), status=422)
    return redirect(f"/drafts/{public_id}/form#papers")


@require_http_methods(["GET", "POST"])
def check(request: ViewerRequest, public_id: UUID) -> HttpResponse:
    """Show every answer once more, then submit."""
    if _needs_sign_in(request.viewer):
        _draft(request, public_id)
        return entrance(request)
    view = _claimed(request, public_id)
    if view.application_id:
        return redirect("portal:application", view.application_id)
    if request.method == "POST":
        return _submitted(request, view)
    return _check_page(request, view)


def _check_page(request: ViewerRequest, view: plans.DraftView, message: str = "", status: int = 200) -> HttpResponse:
    answer = plans.plan_of(request.viewer, view)
    known = planning.known_facts(by=request.viewer, view=view, plan=answer, now=timezone.now())
    elements = plans.form_elements(view, answer)
    answered = [(element, value) for key, value in view.answers.items() if (element := plans.element(view, key))]
    context = {
        **plan_context(view, answer, catalogue.catalogue_for(view.region_code, unit=view.unit)),
        "answered": answered,
        "elements": elements,
        "known": known,
        "papers": cases.papers_of_draft(by=request.viewer, draft_id=view.public_id),
        "uploads": plans.uploads_wanted(view, answer),
        "message": message,
    }
    return render(request, "portal/check.html", context, status=status)


def _submitted(request: ViewerRequest, view: plans.DraftView) -> HttpResponse:
    try:
        application = cases.submit(
            by=request.viewer,
            browser=browser_of(request),
            draft_id=view.public_id,
            seen_visits=visits_seen(request),
            idempotency_key=f"draft:{view.public_id}",
            channel="web",
            now=timezone.now(),
        )
    except CannotReadForm:
        return redirect("portal:form", view.public_id)
    except Refusal as refusal:
        return _check_page(request, view, refusal.text(language()), status=409)
    return redirect("portal:submitted", application)
