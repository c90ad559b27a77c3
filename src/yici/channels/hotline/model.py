"""The text model: its versions with their evaluation, what it would learn next, and one click back."""

from datetime import datetime

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from yici.apps.tickets import actions, learning
from yici.channels.hotline.guards import operators_only
from yici.channels.look.languages import language
from yici.channels.look.middleware import ViewerRequest
from yici.rules.refusals import Refusal


@require_GET
@operators_only
def versions(request: ViewerRequest) -> HttpResponse:
    """Show every version, newest first, and the corrections that the next one would learn from."""
    kept = learning.versions()
    context = {
        "versions": [(one, datetime.fromisoformat(one.trained_at)) for one in reversed(kept.all())],
        "current": kept.current_number(),
        "taught": learning.taught(),
        "training": learning.is_training(),
        "may_train": learning.may_train(request.viewer),
    }
    return render(request, "hotline/model.html", context)


@require_POST
@operators_only
def train(request: ViewerRequest) -> HttpResponse:
    """Let the worker train anew; the page can be left and found again."""
    try:
        actions.ask_retrain(by=request.viewer, now=timezone.now())
        messages.success(request, _("The training is under way. Reload this page after a while."))
    except Refusal as refusal:
        messages.error(request, refusal.text(language()))
    return redirect("hotline:model")


@require_POST
@operators_only
def back(request: ViewerRequest, number: int) -> HttpResponse:
    """Use an earlier version again."""
    try:
        actions.roll_back(number=number, by=request.viewer, now=timezone.now())
        messages.success(request, _("This version is in use now."))
    except Refusal as refusal:
        messages.error(request, refusal.text(language()))
    return redirect("hotline:model")
