"""Printing at the kiosk: ask for a copy, watch it, try again."""

from uuid import UUID

from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from yici.apps.halls import printing
from yici.channels.kiosk.device import KioskRequest, in_session
from yici.rules.kiosks import CannotPrint, PrintWhat


@require_POST
@in_session
def ask(request: KioskRequest, what: str, public_id: UUID) -> HttpResponse:
    """Ask for one copy of a licence, or of the receipt of an application."""
    if what not in set(PrintWhat):
        raise Http404
    try:
        job = printing.ask_for_print(
            kiosk=request.kiosk, what=PrintWhat(what), document_id=public_id, by=request.viewer, now=timezone.now()
        )
    except printing.NoSuchPrint as missing:
        raise Http404 from missing
    except CannotPrint as refusal:
        return render(request, "kiosk/refused.html", {"refusal": refusal}, status=409)
    return redirect("kiosk:print", job)


def _job(request: KioskRequest, public_id: UUID) -> printing.PrintView:
    try:
        return printing.print_of(request.viewer, public_id)
    except printing.NoSuchPrint as missing:
        raise Http404 from missing


@require_GET
@in_session
def job(request: KioskRequest, public_id: UUID) -> HttpResponse:
    """Show how a print goes on; the page looks again by itself while it is under way."""
    return render(request, "kiosk/print.html", {"job": _job(request, public_id)})


@require_GET
@in_session
def state(request: KioskRequest, public_id: UUID) -> HttpResponse:
    """Say where a print stands, for the page that waits (asked with ``?wait=1``: no sign of life)."""
    return JsonResponse({"state": _job(request, public_id).state})


@require_POST
@in_session
def again(request: KioskRequest, public_id: UUID) -> HttpResponse:
    """Try a failed print once more."""
    _job(request, public_id)
    try:
        printing.print_again(job_id=public_id, by=request.viewer, now=timezone.now())
    except CannotPrint as refusal:
        return render(request, "kiosk/refused.html", {"refusal": refusal}, status=409)
    return redirect("kiosk:print", public_id)
