"""My data: what is kept about me and why, a copy of it, what I may ask, and who looked at it in an emergency."""

from typing import cast
from uuid import UUID

from django.contrib.auth import logout
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yici.apps.privacy import actions, exports, look_queries, queries, subjects
from yici.channels.look.languages import language
from yici.channels.look.middleware import ViewerRequest
from yici.channels.portal.guards import signed_in
from yici.rules.personal_rights import Right
from yici.rules.refusals import Refusal

ASKED_HERE = (Right.CORRECTION, Right.DELETION, Right.RESTRICTION, Right.EXPLANATION)
LOOK_AGAIN_SECONDS = 4


def _page(request: ViewerRequest, message: str = "", status: int = 200) -> HttpResponse:
    now = timezone.now()
    try:
        context = {
            "kept": queries.kept_about(request.viewer, now=now),
            "datasets": queries.datasets_about(request.viewer),
            "exports": queries.exports_of(request.viewer, now=now),
            "requests": queries.claims_of(request.viewer, now=now),
            "looks": look_queries.looks_at_me(request.viewer, now=now),
            "unseen": look_queries.unseen_looks(request.viewer),
            "rights": [
                (one.value, f"{one.words.text(language())} · {one.article.text(language())}") for one in ASKED_HERE
            ],
            "right": request.POST.get("right", ""),
            "wish": request.POST.get("wish", ""),
            "message": message,
        }
    except Refusal as refusal:
        return render(request, "portal/refused.html", {"refusal": refusal}, status=409)
    response = render(request, "portal/privacy.html", context, status=status)
    response["Cache-Control"] = "private, no-store"
    if request.method == "GET":
        subjects.tell_of_looks(request.viewer, now)
    return response


@require_GET
@signed_in
def privacy(request: ViewerRequest) -> HttpResponse:
    """Show everything a person may know and ask about his own data."""
    return _page(request)


@require_POST
@signed_in
def ask(request: ViewerRequest) -> HttpResponse:
    """Ask for a correction, deletion, restriction or explanation."""
    right = request.POST.get("right", "")
    if right not in ASKED_HERE:
        return _page(request, _("Choose what you ask for."), status=422)
    try:
        actions.ask(right=Right(right), wish=request.POST.get("wish", ""), by=request.viewer, now=timezone.now())
    except Refusal as refusal:
        return _page(request, refusal.text(language()), status=422)
    return redirect("/privacy#requests")


def _named(right: Right) -> str:
    return f"{right.words.text(language())} · {right.article.text(language())}"


@require_http_methods(["GET", "POST"])
@signed_in
def close(request: ViewerRequest) -> HttpResponse:
    """Close one's own account, after a page that says what that means."""
    if request.method == "GET":
        return render(request, "portal/privacy_close.html", {"message": ""})
    try:
        actions.close_account(by=request.viewer, now=timezone.now())
    except Refusal as refusal:
        return render(request, "portal/privacy_close.html", {"message": refusal.text(language())}, status=409)
    logout(request)
    return redirect("/")


@require_POST
@signed_in
def export(request: ViewerRequest) -> HttpResponse:
    """Begin a copy of one's data."""
    try:
        key = exports.ask_for_export(by=request.viewer, now=timezone.now())
    except Refusal as refusal:
        return _page(request, refusal.text(language()), status=409)
    return redirect("portal:privacy_export", key)


@require_GET
@signed_in
def export_page(request: ViewerRequest, public_id: UUID) -> HttpResponse:
    """Show how far a copy is; the page looks again by itself while it is being made."""
    try:
        view = queries.export_of(request.viewer, public_id, now=timezone.now())
    except queries.NoSuchExport as missing:
        raise Http404 from missing
    response = render(request, "portal/privacy_export.html", {"export": view})
    if view.state in {"waiting", "making"}:
        response["Refresh"] = str(LOOK_AGAIN_SECONDS)
    return response


@require_POST
@signed_in
def export_stop(request: ViewerRequest, public_id: UUID) -> HttpResponse:
    """Stop the making of a copy."""
    try:
        exports.cancel(export_id=public_id, by=request.viewer, now=timezone.now())
    except queries.NoSuchExport as missing:
        raise Http404 from missing
    except Refusal as refusal:
        return _page(request, refusal.text(language()), status=409)
    return redirect("portal:privacy")


@require_GET
@signed_in
def export_file(request: ViewerRequest, public_id: UUID) -> HttpResponse:
    """Give a copy piece by piece; only to that person, only while its link holds."""
    try:
        size, content = exports.give(export_id=public_id, by=request.viewer, now=timezone.now())
    except queries.NoSuchExport as missing:
        raise Http404 from missing
    response = StreamingHttpResponse(content, content_type="application/zip")
    response["Content-Length"] = str(size)
    response["Content-Disposition"] = 'attachment; filename="my-data.zip"'
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return cast("HttpResponse", response)  # the checker's stubs do not know that a stream answers as well
