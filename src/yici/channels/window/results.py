"""The outcome window, and the values that go back to the registers."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from yici.apps.halls import handing_out, visits, writing_back
from yici.channels.look.languages import language
from yici.channels.look.middleware import ViewerRequest
from yici.channels.window.views import clerk_only
from yici.rules.refusals import Refusal


@require_GET
@clerk_only
def outcomes(request: ViewerRequest) -> HttpResponse:
    """List what is to be handed out or posted, and what has gone."""
    return _outcomes(request, "")


def _outcomes(request: ViewerRequest, message: str, status: int = 200) -> HttpResponse:
    tab = "sent" if request.GET.get("tab") == "sent" else "here"
    seen = visits.view_of(request.viewer)
    mine = set()
    if seen is not None:
        try:
            person = visits.serving(request.viewer, now=timezone.now())
            mine = {one.public_id for one in handing_out.for_person(person)}
        except Refusal:
            mine = set()
    context = {
        "rows": handing_out.at_the_desk(request.viewer, tab),
        "tab": tab,
        "mine": mine,
        "visit": seen,
        "message": message,
    }
    return render(request, "window/outcomes.html", context, status=status)


@require_POST
@clerk_only
def outcome(request: ViewerRequest, handout_id: UUID, name: str) -> HttpResponse:
    """Hand out, post, or take back what came back."""
    sent, by, now = request.POST, request.viewer, timezone.now()
    try:
        if name == "hand-out":
            handing_out.hand_out(handout_id=handout_id, signed_by=sent.get("signed_by", ""), by=by, now=now)
        elif name == "post":
            handing_out.post(
                handout_id=handout_id,
                carrier=sent.get("carrier", ""),
                tracking_number=sent.get("tracking", ""),
                by=by,
                now=now,
            )
        elif name == "returned":
            handing_out.take_back(handout_id=handout_id, by=by, now=now)
        else:
            raise Http404
    except handing_out.NoSuchHandout as missing:
        raise Http404 from missing
    except Refusal as refusal:
        return _outcomes(request, refusal.text(language()), status=409)
    messages.success(request, _("Noted; the person sees it."))
    return redirect("window:outcomes")


@require_GET
@clerk_only
def write_backs(request: ViewerRequest) -> HttpResponse:
    """List the values that checked papers hold and the registers lack."""
    return _write_backs(request, "")


def _write_backs(request: ViewerRequest, message: str, status: int = 200) -> HttpResponse:
    context = {
        "rows": writing_back.to_write_back(request.viewer),
        "visit": visits.view_of(request.viewer),
        "message": message,
    }
    return render(request, "window/write_backs.html", context, status=status)


@require_POST
@clerk_only
def write_back(request: ViewerRequest, paper_id: UUID) -> HttpResponse:
    """Confirm one value as the paper says it, or leave it out with a reason."""
    sent = request.POST
    which = {"paper_id": paper_id, "dataset": sent.get("dataset", ""), "field": sent.get("field", "")}
    by, now = request.viewer, timezone.now()
    try:
        if "leave_out" in sent:
            writing_back.leave_out(reason=sent.get("reason", ""), by=by, now=now, **which)  # type: ignore[arg-type]
        else:
            writing_back.confirm(value=sent.get("value", ""), by=by, now=now, **which)  # type: ignore[arg-type]
    except writing_back.NoSuchPaper as missing:
        raise Http404 from missing
    except Refusal as refusal:
        return _write_backs(request, refusal.text(language()), status=409)
    messages.success(request, _("Written back; nobody asks this person for it again."))
    return redirect("window:write_backs")


@require_GET
@clerk_only
def scan(request: ViewerRequest, paper_id: UUID) -> HttpResponse:
    """Show the scan of a paper on the list, never as anything a browser would run."""
    try:
        kind, content = writing_back.scan_to_write(request.viewer, paper_id)
    except Refusal as missing:
        raise Http404 from missing
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = "inline; filename=paper"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
