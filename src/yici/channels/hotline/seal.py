"""The seal: its keeper opens an identity with a reason, the auditor reads every opening, an administrator appoints."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from yici.apps.people.viewers import Viewer
from yici.apps.tickets import actions, keepers, sealing
from yici.apps.tickets.sealing import Identity
from yici.channels.hotline.guards import seal_only
from yici.channels.look.languages import language
from yici.channels.look.middleware import ViewerRequest
from yici.rules.people import Role
from yici.rules.refusals import Refusal


@require_GET
@seal_only
def seal(request: ViewerRequest) -> HttpResponse:
    """Show the keeper his form, the auditor the openings, the administrator who keeps the seal."""
    return _page(request)


def _page(
    request: ViewerRequest, *, identity: Identity | None = None, message: str = "", status: int = 200
) -> HttpResponse:
    viewer = request.viewer
    context = {
        "keeps": keepers.is_keeper(viewer),
        "audits": viewer.has_role(Role.AUDITOR),
        "appoints": viewer.has_role(Role.ADMIN),
        "openings": sealing.openings(viewer),
        "keepers": keepers.keepers(viewer),
        "eligible": keepers.eligible(viewer),
        "identity": identity,
        "typed": request.POST,
        "message": message,
    }
    response = render(request, "hotline/seal.html", context, status=status)
    response["Cache-Control"] = "private, no-store"
    return response


@require_POST
@seal_only
def open_identity(request: ViewerRequest) -> HttpResponse:
    """Show once who made a sealed report; that it was opened, by whom and why, is on record before it is shown."""
    if not keepers.is_keeper(request.viewer):
        raise Http404
    reference, reason = request.POST.get("reference", "")[:24], request.POST.get("reason", "")[:500]
    try:
        found = keepers.open_by_reference(reference=reference, reason=reason, by=request.viewer, now=timezone.now())
    except Refusal as refusal:
        return _page(request, message=refusal.text(language()), status=409)
    return _page(request, identity=found)


@require_POST
@seal_only
def appoint(request: ViewerRequest) -> HttpResponse:
    """Appoint a keeper, or end an appointment."""
    if not request.viewer.has_role(Role.ADMIN):
        raise Http404
    try:
        _appoint(request.viewer, request.POST.get("staff", ""), ending=request.POST.get("end") == "1")
        messages.success(request, _("Done."))
    except Refusal as refusal:
        return _page(request, message=refusal.text(language()), status=409)
    return redirect("hotline:seal")


def _appoint(by: Viewer, text: str, *, ending: bool) -> None:
    known = {str(one.staff_id): one.staff_id for one in (*keepers.eligible(by), *keepers.keepers(by))}
    staff_id: UUID | None = known.get(text)
    if staff_id is None:
        raise Http404
    act = actions.end_keeper if ending else actions.appoint_keeper
    act(staff_id=staff_id, by=by, now=timezone.now())
