"""What a person has of the window on his own phone: the code he shows, and the receipts he was given."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from yici.apps.halls import personal_codes as codes
from yici.apps.halls import receipts
from yici.apps.licences.qr import svg as code_svg
from yici.channels.look.languages import language
from yici.channels.look.middleware import ViewerRequest
from yici.channels.portal.guards import signed_in
from yici.rules.refusals import Refusal


@require_http_methods(["GET", "POST"])
@signed_in
def show_code(request: ViewerRequest) -> HttpResponse:
    """Show a code for the window: made when asked for, for two minutes, once."""
    shown, message = None, ""
    if request.method == "POST":
        try:
            shown = codes.show_code(by=request.viewer, now=timezone.now())
        except Refusal as refusal:
            message = refusal.text(language())
    context = {"shown": shown, "code": code_svg(shown.text) if shown else "", "message": message}
    response = render(request, "portal/show_code.html", context, status=409 if message else 200)
    response["Cache-Control"] = "no-store"
    return response


@require_GET
@signed_in
def receipt(request: ViewerRequest, public_id: UUID) -> HttpResponse:
    """Show a receipt of one's own application."""
    try:
        return render(request, "portal/receipt.html", {"receipt": receipts.receipt(request.viewer, public_id)})
    except receipts.NoSuchReceipt as missing:
        raise Http404 from missing


@require_GET
@signed_in
def receipt_file(request: ViewerRequest, public_id: UUID) -> HttpResponse:
    """Give a receipt of one's own application as a signed PDF."""
    try:
        response = HttpResponse(receipts.receipt_file(request.viewer, public_id), content_type="application/pdf")
    except receipts.NoSuchReceipt as missing:
        raise Http404 from missing
    response["Content-Disposition"] = f'attachment; filename="receipt-{public_id}.pdf"'
    response["Cache-Control"] = "private, no-store"
    return response
