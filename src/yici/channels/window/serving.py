"""Identify the person, see what is open for him, find his need, say good-bye."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yici.apps.catalogue import queries as catalogue
from yici.apps.halls import intake, visits
from yici.apps.halls import serving_queries as halls
from yici.apps.halls.identifying import Shown
from yici.apps.people.viewers import Viewer
from yici.apps.planning import queries as plans
from yici.channels.look.languages import language
from yici.channels.look.middleware import ViewerRequest
from yici.channels.portal.plan_pages import plan_context
from yici.channels.window.guards import while_serving
from yici.channels.window.views import clerk_only
from yici.rules.identification import Document
from yici.rules.refusals import Refusal

MOST_FOUND = 12


def page(request: ViewerRequest, template: str, context: dict[str, object], status: int = 200) -> HttpResponse:
    """Show a page of the visit: its head always says who is being served."""
    return render(
        request, f"window/{template}.html", {**context, "visit": visits.view_of(request.viewer)}, status=status
    )


@require_http_methods(["GET", "POST"])
@clerk_only
def serve(request: ViewerRequest) -> HttpResponse:
    """Identify who stands at the window: card, phone, or two other documents."""
    if visits.view_of(request.viewer):
        return redirect("window:visit")
    if request.method == "GET":
        return _identify_page(request, "")
    sent = request.POST
    shown = Shown(
        read=sent.get("read", "")[:400],
        name=sent.get("name", "")[:60],
        number=sent.get("number", "")[:30],
        code=sent.get("code", "")[:12],
        documents=tuple(sent.getlist("document"))[:10],
    )
    try:
        visits.begin(shown=shown, ticket_code=sent.get("ticket", ""), by=request.viewer, now=timezone.now())
    except Refusal as refusal:
        return _identify_page(request, refusal.text(language()), status=422)
    return redirect("window:visit")


def _identify_page(request: ViewerRequest, message: str, status: int = 200) -> HttpResponse:
    context = {
        "message": message,
        "typed": request.POST,
        "ticked": request.POST.getlist("document"),
        "documents": [(one.value, one.words.text(language())) for one in Document],
    }
    return render(request, "window/serve.html", context, status=status)


@require_GET
@while_serving
def visit(request: ViewerRequest, person: Viewer) -> HttpResponse:
    """Show what is open for the person, whom he may act for, and the search for a need."""
    return _overview(request, person, "")


def _overview(request: ViewerRequest, person: Viewer, message: str, status: int = 200) -> HttpResponse:
    now = timezone.now()
    text = request.GET.get("q", "").replace("\x00", "").strip()[:100]
    place = person.region_code or ""
    hits = catalogue.search(text, place, limit=MOST_FOUND) if text else []
    context = {
        "matters": halls.matters_of(person),
        "authorities": visits.authorities(request.viewer, now=now),
        "scope_names": catalogue.names(place),
        "text": text,
        "hits": [hit for hit in hits if hit.kind != "exchange"],
        "message": message,
    }
    return page(request, "visit", context, status)


@require_POST
@while_serving
def represent(request: ViewerRequest, person: Viewer) -> HttpResponse:
    """Choose for whom the person has come."""
    chosen = request.POST.get("acting_for", "")
    try:
        visits.represent(acting_for=UUID(chosen) if chosen else None, by=request.viewer, now=timezone.now())
    except ValueError:
        return _overview(request, person, _("Choose somebody from the list."), status=422)
    except Refusal as refusal:
        return _overview(request, person, refusal.text(language()), status=409)
    return redirect("window:visit")


@require_POST
@while_serving
def start(request: ViewerRequest, person: Viewer, key: str) -> HttpResponse:
    """Begin a need of the person."""
    try:
        draft = intake.start(event_key=key, by=request.viewer, now=timezone.now())
    except Refusal as refusal:
        return _overview(request, person, refusal.text(language()), status=409)
    return redirect("window:ask", draft)


@require_POST
@while_serving
def end(request: ViewerRequest, person: Viewer) -> HttpResponse:
    """Say good-bye: the person's pages close."""
    visits.end(by=request.viewer, now=timezone.now())
    messages.success(request, _("The visit is over. Nothing of this person is open any more."))
    return redirect("window:serve")


@require_GET
@clerk_only
def second_screen(request: ViewerRequest) -> HttpResponse:
    """Show the person the plan the clerk is looking at: only the plan, nothing of anybody else."""
    context = _on_screen(request)
    template = "window/screen_part.html" if request.headers.get("HX-Request") == "true" else "window/screen.html"
    response = render(request, template, context)
    response["Cache-Control"] = "no-store"
    return response


def _on_screen(request: ViewerRequest) -> dict[str, object]:
    seen = visits.view_of(request.viewer)
    if seen is None or seen.screen_draft_id is None:
        return {"plan": None, "served": seen is not None}
    try:
        person = visits.serving(request.viewer, now=timezone.now())
        view = plans.draft(person, seen.screen_draft_id, browser="")
    except (visits.CannotServe, visits.NoSuchVisit, plans.NoSuchDraft, Refusal):
        return {"plan": None, "served": True}
    shown = plan_context(view, plans.plan_of(person, view), catalogue.catalogue_for(view.region_code, unit=view.unit))
    return {**shown, "served": True}
