"""The link of a text message: the answer, and one judgement of it, without signing in."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from yici.apps.tickets import actions, queries
from yici.apps.tickets.actions import LinkIsOver, Outcome
from yici.apps.tickets.queries import Said
from yici.channels.look.languages import language
from yici.channels.look.middleware import ViewerRequest
from yici.rules.refusals import Refusal


@require_http_methods(["GET", "POST"])
def said(request: ViewerRequest, link: str) -> HttpResponse:
    """Show the answer behind a link and take the person's word; a link that is over says where to go."""
    try:
        shown = queries.said(link)
        if request.method == "GET":
            return _page(request, shown, "")
        satisfied = request.POST.get("satisfied", "")
        if satisfied not in {"0", "1"}:
            return _page(request, shown, _("Choose whether you are satisfied or not."), status=409)
        actions.judge(link=link, outcome=_outcome(satisfied == "1", request.POST.get("words", "")), now=timezone.now())
    except LinkIsOver:
        return render(request, "portal/said_over.html", status=410)
    except Refusal as refusal:
        return _page(request, shown, refusal.text(language()), status=409)
    return render(request, "portal/said_taken.html", {"satisfied": satisfied == "1", "shown": shown})


def _outcome(satisfied: bool, words: str) -> Outcome:
    return Outcome(satisfied=satisfied, solved=True if satisfied else None, words=words[:500], way="sms")


def _page(request: ViewerRequest, shown: Said, message: str, status: int = 200) -> HttpResponse:
    context = {"shown": shown, "message": message, "typed": request.POST}
    return render(request, "portal/said.html", context, status=status)
