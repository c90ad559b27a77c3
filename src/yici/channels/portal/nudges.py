"""Answers a suggestion of an easier way: take it, leave it, or have no more of them."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from yici.apps.planning import nudging
from yici.channels.look.middleware import ViewerRequest
from yici.channels.portal.entering import target_of
from yici.channels.portal.guards import signed_in
from yici.channels.portal.visitors import browser_of
from yici.rules.nudges import NudgeAnswer
from yici.rules.refusals import Refusal


@require_POST
@signed_in
def answer(request: ViewerRequest, public_id: UUID, name: str) -> HttpResponse:
    """Take the answer to a suggestion; whoever follows it goes on to the questions of the need."""
    if name not in set(NudgeAnswer):
        raise Http404
    now = timezone.now()
    try:
        if name == NudgeAnswer.FOLLOWED:
            draft = nudging.follow(public_id=public_id, by=request.viewer, browser=browser_of(request), now=now)
            return redirect("portal:ask", draft)
        nudging.answer(public_id=public_id, answer=NudgeAnswer(name), by=request.viewer, now=now)
    except nudging.NoSuchNudge as missing:
        raise Http404 from missing
    except Refusal as refusal:
        return render(request, "portal/refused.html", {"refusal": refusal}, status=409)
    if name == NudgeAnswer.NEVER:
        messages.success(request, _("We suggest nothing any more. You can change this under Account."))
    return redirect(target_of(request) or "portal:account")


@require_POST
@signed_in
def suggestions(request: ViewerRequest) -> HttpResponse:
    """Refuse suggestions for good, or allow them again; it holds at the window and the kiosk, too."""
    act = nudging.allow if request.POST.get("allow") == "1" else nudging.refuse
    act(by=request.viewer, now=timezone.now())
    messages.success(request, _("Changed. It holds at the window and at kiosks, too."))
    return redirect("portal:account")
