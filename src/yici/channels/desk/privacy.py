"""The officer's pages: requests of people about their data, looks in an emergency, and their review."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yici.apps.privacy import actions, emergency, holds, look_queries, queries
from yici.channels.desk.views import staff_only
from yici.channels.look.languages import language
from yici.channels.look.middleware import ViewerRequest
from yici.rules.emergency import WHO_MAY_LOOK
from yici.rules.people import Role
from yici.rules.personal_rights import Outcome
from yici.rules.refusals import Refusal

OUTCOMES = (Outcome.GRANTED, Outcome.PARTLY, Outcome.REFUSED)


def _only(request: ViewerRequest, *roles: Role) -> None:
    """For whoever holds none of these roles the page is not there."""
    if not request.viewer.has_role(*roles):
        raise Http404


@require_GET
@staff_only
def requests(request: ViewerRequest) -> HttpResponse:
    """List the requests of the officer's region, soonest due first."""
    _only(request, Role.ADMIN)
    answered, now = request.GET.get("tab") == "answered", timezone.now()
    rows = queries.claims_to_answer(request.viewer, answered=answered, now=now)
    return render(request, "desk/privacy_requests.html", {"rows": rows, "answered": answered})


@require_http_methods(["GET", "POST"])
@staff_only
def one_request(request: ViewerRequest, public_id: UUID) -> HttpResponse:
    """Show and answer one request."""
    now, message = timezone.now(), ""
    try:
        if request.method == "POST":
            sent = request.POST
            actions.answer(
                claim_id=public_id,
                outcome=sent.get("outcome", ""),
                text=sent.get("answer", ""),
                by=request.viewer,
                now=now,
            )
            return redirect("desk:privacy")
    except queries.NoSuchClaim as missing:
        raise Http404 from missing
    except Refusal as refusal:
        message = refusal.text(language())
    try:
        view = queries.claim_to_answer(request.viewer, public_id, now=now)
    except queries.NoSuchClaim as missing:
        raise Http404 from missing
    outcomes = [(one.value, one.words.text(language())) for one in OUTCOMES]
    context = {"one": view, "outcomes": outcomes, "typed": request.POST, "message": message}
    return render(request, "desk/privacy_request.html", context, status=422 if message else 200)


@require_http_methods(["GET", "POST"])
@staff_only
def hold(request: ViewerRequest) -> HttpResponse:
    """Show what is held back from deletion; hold one more application, or lift a hold."""
    _only(request, Role.ADMIN, Role.AUDITOR)
    sent, message = request.POST, ""
    if request.method == "POST":
        try:
            _hold(request)
        except Refusal as refusal:
            message = refusal.text(language())
        else:
            return redirect("desk:holds")
    context = {"rows": holds.holds_of(request.viewer), "typed": sent, "message": message}
    return render(request, "desk/holds.html", context, status=422 if message else 200)


def _hold(request: ViewerRequest) -> None:
    sent, now = request.POST, timezone.now()
    lifted = sent.get("lift", "")
    if lifted:
        holds.lift_hold(hold_id=int(lifted) if lifted.isdecimal() else 0, by=request.viewer, now=now)
        return
    holds.place_hold(
        reference=sent.get("reference", "").strip().upper(),
        reason=sent.get("reason", ""),
        basis=sent.get("basis", ""),
        by=request.viewer,
        now=now,
    )


@require_http_methods(["GET", "POST"])
@staff_only
def emergency_looks(request: ViewerRequest) -> HttpResponse:
    """Ask for a look in an emergency; below, one's own looks and those that wait for a second person."""
    _only(request, *WHO_MAY_LOOK)
    now, message = timezone.now(), ""
    wanted = {key: request.POST.get(key, "") for key in ("reference", "name", "id_number", "reason")}
    if request.method == "POST":
        try:
            key = emergency.ask_to_look(**wanted, by=request.viewer, now=now)
        except Refusal as refusal:
            message = refusal.text(language())
        else:
            return redirect("desk:emergency_look", key)
    context = {
        "typed": wanted,
        "message": message,
        "mine": look_queries.looks_asked(request.viewer, now=now),
        "waiting": look_queries.looks_to_approve(request.viewer, now=now),
    }
    return render(request, "desk/emergency.html", context, status=422 if message else 200)


@require_GET
@staff_only
def emergency_look(request: ViewerRequest, public_id: UUID) -> HttpResponse:
    """Show what an open look shows; one that waits says so; any other is not there."""
    now = timezone.now()
    wanted = request.GET.get("application", "")
    try:
        application = UUID(wanted) if wanted else None
        view = emergency.look(by=request.viewer, look_id=public_id, application_id=application, now=now)
    except (*emergency.NoSuchThing, ValueError) as missing:
        return _waiting(request, public_id, missing)
    response = render(request, "desk/emergency_look.html", {"look": view, "look_id": public_id, "chosen": wanted})
    response["Cache-Control"] = "private, no-store"
    return response


def _waiting(request: ViewerRequest, public_id: UUID, missing: Exception) -> HttpResponse:
    found = [one for one in look_queries.looks_asked(request.viewer, now=timezone.now()) if one.public_id == public_id]
    if not found or found[0].is_open:
        raise Http404 from missing
    return render(request, "desk/emergency_shut.html", {"one": found[0]}, status=403)


@require_POST
@staff_only
def approve(request: ViewerRequest, public_id: UUID) -> HttpResponse:
    """Approve a look at something sealed, as the second person."""
    try:
        emergency.approve(look_id=public_id, by=request.viewer, now=timezone.now())
    except look_queries.NoSuchLook as missing:
        raise Http404 from missing
    except Refusal as refusal:
        return render(request, "desk/refused.html", {"refusal": refusal}, status=409)
    return redirect("desk:emergency")


@require_http_methods(["GET", "POST"])
@staff_only
def review(request: ViewerRequest) -> HttpResponse:
    """Let the auditor review the looks of his region."""
    _only(request, Role.AUDITOR)
    now, message, sent = timezone.now(), "", request.POST
    if request.method == "POST":
        try:
            emergency.review(
                look_id=UUID(sent.get("look", "")),
                finding=sent.get("finding", ""),
                note=sent.get("note", ""),
                by=request.viewer,
                now=now,
            )
        except (look_queries.NoSuchLook, ValueError) as missing:
            raise Http404 from missing
        except Refusal as refusal:
            message = refusal.text(language())
        else:
            return redirect("desk:emergency_review")
    context = {
        "waiting": look_queries.looks_to_review(request.viewer, reviewed=False, now=now),
        "reviewed": look_queries.looks_to_review(request.viewer, reviewed=True, now=now),
        "message": message,
        "typed": sent,
    }
    return render(request, "desk/emergency_review.html", context, status=422 if message else 200)
