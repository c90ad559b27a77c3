"""Prints of the hall's kiosks that failed: the clerk sees them and lets them be printed again."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from yici.apps.halls import printing
from yici.channels.look.languages import language
from yici.channels.look.middleware import ViewerRequest
from yici.channels.window.views import clerk_only
from yici.rules.kiosks import CannotPrint


@require_GET
@clerk_only
def failed(request: ViewerRequest) -> HttpResponse:
    """List what the hall's kiosks could not print, newest first."""
    return render(request, "window/printing.html", {"prints": printing.failed_prints(request.viewer)})


@require_POST
@clerk_only
def again(request: ViewerRequest, public_id: UUID) -> HttpResponse:
    """Print one of them again, at its kiosk."""
    try:
        printing.print_again(job_id=public_id, by=request.viewer, now=timezone.now())
        messages.success(request, _("It is printed again at its kiosk; take the paper out of the tray for the person."))
    except printing.NoSuchPrint as missing:
        raise Http404 from missing
    except CannotPrint as refusal:
        messages.error(request, refusal.text(language()))
    return redirect("window:printing")
