"""Guardians whom a court has appointed: recorded, and ended, when the document is shown at the window."""

from collections.abc import Callable
from datetime import datetime

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from yici.apps.people import mandating
from yici.apps.people.mandating import Guardian
from yici.apps.people.viewers import Viewer
from yici.channels.look.languages import language
from yici.channels.look.middleware import ViewerRequest
from yici.channels.window.views import clerk_only
from yici.rules.refusals import Refusal

FIELDS = ("guardian_number", "guardian_name", "ward_number", "ward_name", "document")


def _appoint(told: Guardian, by: Viewer, now: datetime) -> None:
    mandating.appoint_guardian(told=told, by=by, now=now)


def _end(told: Guardian, by: Viewer, now: datetime) -> None:
    mandating.end_guardianship(told=told, on=timezone.localdate(now), by=by, now=now)


ACTS: dict[str, Callable[[Guardian, Viewer, datetime], None]] = {"appoint": _appoint, "end": _end}


@sensitive_post_parameters(*FIELDS)
@require_http_methods(["GET", "POST"])
@clerk_only
def guardians(request: ViewerRequest) -> HttpResponse:
    """Record or end a guardianship, both people named by number and name."""
    values = {key: request.POST.get(key, "").replace("\x00", "").strip()[:80] for key in FIELDS}
    if request.method == "GET":
        return render(request, "window/guardians.html", {"values": values, "errors": []})
    act = ACTS.get(request.POST.get("act", ""), _appoint)
    try:
        act(Guardian(**values), request.viewer, timezone.now())
    except Refusal as refusal:
        context = {"values": values, "errors": [("guardian_number", refusal.text(language()))]}
        return render(request, "window/guardians.html", context, status=422)
    messages.success(request, _("Recorded. Both people see it under 'Act for' and in their history."))
    return redirect("window:guardians")
