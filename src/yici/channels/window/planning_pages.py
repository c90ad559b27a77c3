"""Plan together: questions, the plan with its reasons, the shared form; on the clerk's screen, for the person."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yici.apps.cases import actions as cases
from yici.apps.catalogue import queries as catalogue
from yici.apps.halls import visits
from yici.apps.people.viewers import Viewer
from yici.apps.planning import actions as planning
from yici.apps.planning import queries as plans
from yici.channels.look.languages import language
from yici.channels.look.middleware import ViewerRequest
from yici.channels.portal.plan_pages import plan_context
from yici.channels.window.guards import while_serving
from yici.channels.window.serving import page
from yici.rules.forms import CannotReadForm
from yici.rules.refusals import Refusal


def draft_of(request: ViewerRequest, person: Viewer, draft_id: UUID) -> plans.DraftView:
    """Return a draft of the person being served, and let the second screen follow."""
    view = plans.draft(person, draft_id, browser="")
    visits.turn_screen(draft_id=draft_id, by=request.viewer)
    return view


@require_http_methods(["GET", "POST"])
@while_serving
def ask(request: ViewerRequest, person: Viewer, draft_id: UUID) -> HttpResponse:
    """Ask one question at a time until the plan is decided."""
    view = draft_of(request, person, draft_id)
    if view.application_id:
        return redirect("window:application", view.application_id)
    if request.method == "POST":
        return _answered(request, person, view)
    wanted = request.GET.get("question")
    if wanted and plans.element(view, wanted):
        planning.take_back(by=person, browser="", public_id=draft_id, key=wanted, now=timezone.now())
        return redirect("window:ask", draft_id)
    return _next_question(request, person, view)


def _next_question(request: ViewerRequest, person: Viewer, view: plans.DraftView) -> HttpResponse:
    asked = plans.plan_of(person, view).questions
    question = plans.element(view, asked[0]) if asked else None
    if question is None:
        return redirect("window:plan", view.public_id)
    return page(request, "ask", {"draft": view, "question": question, "typed": None, "error": ""})


def _answered(request: ViewerRequest, person: Viewer, view: plans.DraftView) -> HttpResponse:
    key, typed = request.POST.get("question", ""), request.POST.get("answer", "")
    question = plans.element(view, key)
    if question is None:
        raise Http404
    try:
        planning.answer(by=person, browser="", public_id=view.public_id, key=key, typed=typed, now=timezone.now())
    except Refusal as refusal:
        context = {"draft": view, "question": question, "typed": typed, "error": refusal.text(language())}
        return page(request, "ask", context, status=422)
    return redirect("window:ask", view.public_id)


@require_GET
@while_serving
def plan(request: ViewerRequest, person: Viewer, draft_id: UUID) -> HttpResponse:
    """Show the plan: visits, what to bring, why."""
    view = draft_of(request, person, draft_id)
    if view.application_id:
        return redirect("window:application", view.application_id)
    answer = plans.plan_of(person, view)
    return page(request, "plan", plan_context(view, answer, catalogue.catalogue_for(view.region_code, unit=view.unit)))


@require_POST
@while_serving
def choose(request: ViewerRequest, person: Viewer, draft_id: UUID) -> HttpResponse:
    """Take a lighter way the item offers, or go back to the paper."""
    sent = request.POST
    try:
        planning.choose_way(
            by=person,
            browser="",
            public_id=draft_id,
            proves=sent.get("proves", ""),
            kind=sent.get("kind", ""),
            now=timezone.now(),
        )
    except (Refusal, ValueError) as refusal:
        raise Http404 from refusal
    return redirect("window:plan", draft_id)


@require_http_methods(["GET", "POST"])
@while_serving
def form(request: ViewerRequest, person: Viewer, draft_id: UUID) -> HttpResponse:
    """Fill in the shared form with the person; known facts are shown to confirm or dispute."""
    view = draft_of(request, person, draft_id)
    if view.application_id:
        return redirect("window:application", view.application_id)
    if request.method == "GET":
        return _form_page(request, person, view, {}, "")
    now = timezone.now()
    try:
        planning.save_fields(
            by=person, browser="", public_id=draft_id, version=_version(request), now=now, **_typed(request)
        )
        view = plans.draft(person, draft_id, browser="")
        cases.facts_of_draft(by=person, view=view, now=now)
    except CannotReadForm as wrong:
        faults = {key: words.text(language()) for key, words in wrong.faults.items()}
        return _form_page(request, person, plans.draft(person, draft_id, browser=""), faults, "", status=422)
    except Refusal as refusal:
        return _form_page(request, person, view, {}, refusal.text(language()), status=409)
    return redirect("window:papers", draft_id)


def _version(request: HttpRequest) -> int:
    text = request.POST.get("version", "")
    return int(text) if text.isdecimal() and len(text) < 9 else 0


def _typed(request: HttpRequest) -> dict[str, dict[str, str]]:
    """Split what was sent into typed fields and disputes; a dispute counts only where its box is ticked."""
    sent = {key: str(value) for key, value in request.POST.items()}
    own = {key.removeprefix("own."): value for key, value in sent.items() if key.startswith("own.")}
    disputes = {key: value for key, value in own.items() if sent.get(f"dispute.{key}")}
    return {"fields": {key: value for key, value in sent.items() if "." not in key}, "disputes": disputes}


def _form_page(
    request: ViewerRequest,
    person: Viewer,
    view: plans.DraftView,
    faults: dict[str, str],
    message: str,
    *,
    status: int = 200,
) -> HttpResponse:
    answer = plans.plan_of(person, view)
    context = {
        "draft": view,
        "elements": plans.form_elements(view, answer),
        "known": planning.known_facts(by=person, view=view, plan=answer, now=timezone.now()),
        "faults": faults,
        "message": message,
    }
    return page(request, "form", context, status)
