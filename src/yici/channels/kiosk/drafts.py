"""At the kiosk from a need to submitted: questions, plan, form, check; the same acts as on every other way in."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yici.apps.cases import actions as cases
from yici.apps.cases import queries as applications
from yici.apps.catalogue import queries as catalogue
from yici.apps.halls import suggesting
from yici.apps.halls.kiosk_needs import is_offered, may_go_on
from yici.apps.planning import actions as planning
from yici.apps.planning import nudging, sheets
from yici.apps.planning import queries as plans
from yici.channels.kiosk.device import KioskRequest, in_session
from yici.channels.look.languages import language
from yici.channels.look.sent_forms import typed_fields, version_sent, visits_seen
from yici.channels.look.sentences import value_words
from yici.channels.portal.plan_pages import plan_context
from yici.rules.forms import CannotReadForm
from yici.rules.items import Element, ElementKind
from yici.rules.kiosks import CHANNEL
from yici.rules.nudges import Moment
from yici.rules.people import masked_number
from yici.rules.plans import Plan
from yici.rules.refusals import Refusal

# Somebody may look over the shoulder: of these only the ends are shown.
MASKED = {ElementKind.ID_NUMBER, ElementKind.USCC, ElementKind.BANK_ACCOUNT}
NO_BROWSER = ""  # drafts of a kiosk belong to a person from the start


def shown(element: Element, value: object) -> str:
    """Return a fact as the kiosk shows it: numbers of documents and accounts without their middle."""
    return masked_number(str(value)) if element.kind in MASKED else value_words(element, value)


@require_POST
@in_session
def start(request: KioskRequest, key: str) -> HttpResponse:
    """Begin a need that this kiosk offers to this person."""
    if not is_offered(request.viewer, request.kiosk, key):
        raise Http404
    try:
        draft = planning.start_draft(
            by=request.viewer,
            browser=NO_BROWSER,
            event_key=key,
            region_code=request.kiosk.region_code,
            now=timezone.now(),
        )
    except Refusal as refusal:
        return render(request, "kiosk/refused.html", {"refusal": refusal}, status=409)
    return redirect("kiosk:ask", draft)


def _draft(request: KioskRequest, public_id: UUID) -> plans.DraftView:
    """Return the person's own draft of this place; anybody else's is not there."""
    try:
        view = plans.draft(request.viewer, public_id, browser=NO_BROWSER)
    except plans.NoSuchDraft as missing:
        raise Http404 from missing
    if view.region_code != request.kiosk.region_code:
        raise Http404
    return view


def _mine(request: KioskRequest, public_id: UUID) -> dict[str, Any]:
    return {"by": request.viewer, "browser": NO_BROWSER, "public_id": public_id, "now": timezone.now()}


@require_http_methods(["GET", "POST"])
@in_session
def ask(request: KioskRequest, public_id: UUID) -> HttpResponse:
    """Ask one question at a time until the plan is decided."""
    view = _draft(request, public_id)
    if view.application_id:
        return redirect("kiosk:submitted", view.application_id)
    if request.method == "POST":
        return _answered(request, view)
    wanted = request.GET.get("question")
    if wanted and plans.element(view, wanted):
        planning.take_back(**_mine(request, public_id), key=wanted)
        return redirect("kiosk:ask", public_id)
    questions = plans.plan_of(request.viewer, view).questions
    question = plans.element(view, questions[0]) if questions else None
    return _question(request, view, question) if question else redirect("kiosk:plan", public_id)


def _question(
    request: KioskRequest, view: plans.DraftView, question: Element, error: str = "", status: int = 200
) -> HttpResponse:
    context = {
        "draft": view,
        "question": question,
        "typed": request.POST.get("answer"),
        "error": error,
        "last": next(reversed(view.answers), ""),
    }
    return render(request, "kiosk/ask.html", context, status=status)


def _answered(request: KioskRequest, view: plans.DraftView) -> HttpResponse:
    question = plans.element(view, request.POST.get("question", ""))
    if question is None:
        raise Http404
    try:
        planning.answer(**_mine(request, view.public_id), key=question.key, typed=request.POST.get("answer", ""))
    except Refusal as refusal:
        sheets.sent_back(**_mine(request, view.public_id))
        return _question(request, view, question, refusal.text(language()), status=422)
    return redirect("kiosk:ask", view.public_id)


@require_GET
@in_session
def plan(request: KioskRequest, public_id: UUID) -> HttpResponse:
    """Show the plan; one that takes a visit after all is left for the phone and the window, with nothing lost."""
    view = _draft(request, public_id)
    answer = plans.plan_of(request.viewer, view)
    context = plan_context(view, answer, catalogue.catalogue_for(view.region_code, unit=view.unit))
    context["goes_on"] = may_go_on(request.kiosk, view.event, answer)
    return render(request, "kiosk/plan.html", context)


@require_http_methods(["GET", "POST"])
@in_session
def form(request: KioskRequest, public_id: UUID) -> HttpResponse:
    """Show the shared form: what is known to confirm, what is not to type."""
    view = _draft(request, public_id)
    if view.application_id:
        return redirect("kiosk:submitted", view.application_id)
    return _form_sent(request, view) if request.method == "POST" else _form_page(request, view, {})


def _form_page(
    request: KioskRequest, view: plans.DraftView, faults: dict[str, str], message: str = "", status: int = 200
) -> HttpResponse:
    answer = plans.plan_of(request.viewer, view)
    context = {**_facts(request, view, answer), "faults": faults, "message": message, "masked": MASKED}
    return render(request, "kiosk/form.html", context, status=status)


def _facts(request: KioskRequest, view: plans.DraftView, answer: Plan) -> dict[str, object]:
    return {
        "draft": view,
        "plan": answer,
        "elements": plans.form_elements(view, answer),
        "known": planning.known_facts(by=request.viewer, view=view, plan=answer, now=timezone.now()),
        "shown": shown,
    }


def _form_sent(request: KioskRequest, view: plans.DraftView) -> HttpResponse:
    try:
        typed: dict[str, Any] = dict(typed_fields(request))
        planning.save_fields(**_mine(request, view.public_id), version=version_sent(request), **typed)
        cases.facts_of_draft(by=request.viewer, view=_draft(request, view.public_id), now=timezone.now())
    except CannotReadForm as refusal:
        faults = {key: words.text(language()) for key, words in refusal.faults.items()}
        sheets.sent_back(**_mine(request, view.public_id))
        return _form_page(request, _draft(request, view.public_id), faults, status=422)
    except Refusal as refusal:
        return _form_page(request, view, {}, refusal.text(language()), status=409)
    return redirect("kiosk:check", view.public_id)


@require_http_methods(["GET", "POST"])
@in_session
def check(request: KioskRequest, public_id: UUID) -> HttpResponse:
    """Show every answer once more, then submit."""
    view = _draft(request, public_id)
    if view.application_id:
        return redirect("kiosk:submitted", view.application_id)
    return _submit(request, view) if request.method == "POST" else _check_page(request, view)


def _check_page(request: KioskRequest, view: plans.DraftView, message: str = "", status: int = 200) -> HttpResponse:
    answer = plans.plan_of(request.viewer, view)
    context = {
        **plan_context(view, answer, catalogue.catalogue_for(view.region_code, unit=view.unit)),
        **_facts(request, view, answer),
        "goes_on": may_go_on(request.kiosk, view.event, answer),
        "message": message,
    }
    return render(request, "kiosk/check.html", context, status=status)


def _submit(request: KioskRequest, view: plans.DraftView) -> HttpResponse:
    if not may_go_on(request.kiosk, view.event, plans.plan_of(request.viewer, view)):
        return redirect("kiosk:plan", view.public_id)
    try:
        application = cases.submit(
            by=request.viewer,
            browser=NO_BROWSER,
            draft_id=view.public_id,
            seen_visits=visits_seen(request),
            idempotency_key=f"draft:{view.public_id}",
            channel=CHANNEL,
            now=timezone.now(),
        )
    except CannotReadForm:
        return redirect("kiosk:form", view.public_id)
    except Refusal as refusal:
        return _check_page(request, view, refusal.text(language()), status=409)
    return redirect("kiosk:submitted", application)


@require_GET
@in_session
def submitted(request: KioskRequest, public_id: UUID) -> HttpResponse:
    """Confirm: reference, what happens next, and the receipt to print."""
    try:
        view = applications.application(request.viewer, public_id, now=timezone.now())
    except applications.NoSuchApplication as missing:
        raise Http404 from missing
    now = timezone.now()
    nudge = suggesting.next_time(public_id, Moment.KIOSK, elder=request.elder, person=request.viewer, now=now)
    return render(request, "kiosk/submitted.html", {"application": view, "nudge": nudge})


@require_POST
@in_session
def no_nudges(request: KioskRequest) -> HttpResponse:
    """Suggest nothing to this person any more, at no channel."""
    nudging.refuse(by=request.viewer, now=timezone.now())
    return redirect("kiosk:mine")
