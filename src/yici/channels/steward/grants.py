"""The steward's part in sharing: decide on grants, answer why we looked, see who looked at our data."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yici.apps.registry import actions, queries
from yici.channels.look.languages import language
from yici.channels.look.middleware import ViewerRequest
from yici.rules.grants import GrantState
from yici.rules.refusals import Refusal

P = ParamSpec("P")
View = Callable[Concatenate[ViewerRequest, P], HttpResponse]


def stewards_only(view: View[P]) -> View[P]:
    """Let only data stewards see a page; for everybody else it is not there."""

    @wraps(view)
    def guarded(request: ViewerRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if request.viewer.account_id is None:
            return redirect(f"{settings.LOGIN_ADDRESS}?next={request.get_full_path()}")
        if not queries.may_steward(request.viewer):
            raise Http404
        return view(request, *args, **kwargs)

    return cast("View[P]", guarded)


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else None


@require_GET
@stewards_only
def grants(request: ViewerRequest) -> HttpResponse:
    """List what waits for a decision, or the grants in one state."""
    state = request.GET.get("state", GrantState.REQUESTED.value)
    today = timezone.localdate()
    context: dict[str, Any] = {
        "state": state if state in set(GrantState) else GrantState.REQUESTED.value,
        "states": [(one.value, one.words) for one in GrantState],
        "counts": queries.steward_counts(request.viewer),
        "today": today,
    }
    if context["state"] == GrantState.REQUESTED:
        context |= {"rows": queries.waiting_of(request.viewer, today=today), "older": None}
    else:
        before = _number(request.GET.get("before", ""))
        page = queries.grants_of(request.viewer, state=context["state"], before=before, today=today)
        context |= {"rows": page.rows, "older": page.older}
    return render(request, "steward/grants.html", context)


@require_GET
@stewards_only
def grant(request: ViewerRequest, public_id: UUID) -> HttpResponse:
    """Show one grant with everything a decision needs."""
    return _grant_page(request, public_id)


def _grant_page(
    request: ViewerRequest, public_id: UUID, *, reason: str = "", message: str = "", status: int = 200
) -> HttpResponse:
    today = timezone.localdate()
    try:
        found = queries.grant_of(request.viewer, public_id, today=today)
    except queries.NoSuchGrant as missing:
        raise Http404 from missing
    context = {"grant": found, "today": today, "reason": reason, "message": message}
    return render(request, "steward/grants_one.html", context, status=status)


ACTS: dict[str, Callable[..., None]] = {
    "refuse": actions.refuse_grant,
    "revoke": actions.revoke_grant,
    "extend": actions.extend_grant,
}


@require_POST
@stewards_only
def decide(request: ViewerRequest, public_id: UUID, name: str) -> HttpResponse:
    """Approve, refuse, revoke or take more time; what is refused leaves the page as it was, with the sentence."""
    reason = request.POST.get("reason", "")
    try:
        if name == "approve":
            actions.approve_grant(grant_id=public_id, by=request.viewer, now=timezone.now())
        elif name in ACTS:
            ACTS[name](grant_id=public_id, reason=reason, by=request.viewer, now=timezone.now())
        else:
            raise Http404
    except queries.NoSuchGrant as missing:
        raise Http404 from missing
    except Refusal as refusal:
        return _grant_page(request, public_id, reason=reason, message=refusal.text(language()), status=409)
    messages.success(request, _done(name))
    return redirect("steward:grants")


def _done(name: str) -> str:
    return {
        "approve": _("Approved. The service reads these fields from now on."),
        "refuse": _("Refused. The reason stands in the public list."),
        "revoke": _("Revoked. The next look-up is refused."),
        "extend": _("The time to decide is extended. The reason stands in the public list."),
    }[name]


@require_GET
@stewards_only
def questions(request: ViewerRequest) -> HttpResponse:
    """List what people ask about our look-ups, the soonest due first."""
    context = {
        "rows": queries.inquiries_of(request.viewer),
        "counts": queries.steward_counts(request.viewer),
        "today": timezone.localdate(),
    }
    return render(request, "steward/grants_questions.html", context)


@require_http_methods(["GET", "POST"])
@stewards_only
def question(request: ViewerRequest, public_id: UUID) -> HttpResponse:
    """Show one question; answer it."""
    message, answer = "", request.POST.get("answer", "")
    try:
        if request.method == "POST":
            message = _answered(request, public_id, answer)
        if request.method == "POST" and not message:
            messages.success(request, _("Answered. The person reads it beside the look-up."))
            return redirect("steward:questions")
        found = queries.inquiry_of(request.viewer, public_id)
    except queries.NoSuchInquiry as missing:
        raise Http404 from missing
    context = {"question": found, "answer": answer, "message": message, "today": timezone.localdate()}
    return render(request, "steward/grants_question.html", context, status=409 if message else 200)


def _answered(request: ViewerRequest, public_id: UUID, answer: str) -> str:
    """Answer, and return the sentence of a refusal."""
    try:
        actions.answer_inquiry(inquiry_id=public_id, answer=answer, by=request.viewer, now=timezone.now())
    except Refusal as refusal:
        return refusal.text(language())
    return ""


@require_GET
@stewards_only
def look_ups(request: ViewerRequest) -> HttpResponse:
    """List who looked at our data, for which case and what for; never what was found or about whom."""
    page = queries.look_ups_of_our_data(request.viewer, before=_number(request.GET.get("before", "")))
    context = {"page": page, "counts": queries.steward_counts(request.viewer)}
    return render(request, "steward/grants_look_ups.html", context)


grant_urls = [
    path("grants", grants, name="grants"),
    path("grants/<uuid:public_id>", grant, name="grant"),
    path("grants/<uuid:public_id>/<slug:name>", decide, name="decide_grant"),
    path("questions", questions, name="questions"),
    path("questions/<uuid:public_id>", question, name="question"),
    path("look-ups", look_ups, name="look_ups"),
]
