"""The person's e-licences: list, one with its code, the signed PDF."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from yici.apps.licences import queries as licences
from yici.apps.licences.qr import svg
from yici.channels.look.middleware import ViewerRequest
from yici.channels.portal.guards import signed_in


@require_GET
@signed_in
def wallet(request: ViewerRequest) -> HttpResponse:
    """List the licences of the person, or of whom he acts for."""
    return render(
        request, "portal/wallet.html", {"licences": licences.wallet(request.viewer, today=timezone.localdate())}
    )


@require_GET
@signed_in
def licence(request: ViewerRequest, public_id: UUID) -> HttpResponse:
    """Show one licence with the code to verify it."""
    try:
        view = licences.licence(request.viewer, public_id, today=timezone.localdate())
    except licences.NoSuchLicence as missing:
        raise Http404 from missing
    return render(request, "portal/licence.html", {"licence": view, "code": svg(view.code)})


@require_GET
@signed_in
def licence_pdf(request: ViewerRequest, public_id: UUID) -> HttpResponse:
    """Give the signed PDF, byte for byte as issued."""
    try:
        document = licences.pdf(request.viewer, public_id)
    except licences.NoSuchLicence as missing:
        raise Http404 from missing
    response = HttpResponse(document, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="licence-{public_id}.pdf"'
    response["Cache-Control"] = "private, no-store"
    return response
