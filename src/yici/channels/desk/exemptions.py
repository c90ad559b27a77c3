"""An organisation asks to be exempt from responsibility for a failed point of reform: five conditions, each proved."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from yici.apps.accountability import contests, exemptions
from yici.apps.places.months import CannotReadMonth, month_named
from yici.channels.desk.views import staff_only
from yici.channels.look.languages import language
from yici.channels.look.middleware import ViewerRequest
from yici.rules.exemptions import CONDITIONS, MOST_WORDS, Statement
from yici.rules.measures import MEASURES
from yici.rules.refusals import Refusal


@require_http_methods(["GET", "POST"])
@staff_only
def ask(request: ViewerRequest) -> HttpResponse:
    """Show the form for one point of the viewer's organisation, and keep what its reviewer or decider states."""
    if not contests.may_contest(request.viewer):
        raise Http404
    sent = request.POST if request.method == "POST" else request.GET
    measure, ref = sent.get("measure", ""), sent.get("ref", "").replace("\x00", "")[:160]
    if measure not in MEASURES:
        raise Http404
    try:
        month = month_named(sent.get("month", ""))
    except CannotReadMonth as missing:
        raise Http404 from missing
    said, message = _statements(request), ""
    if request.method == "POST":
        try:
            exemptions.ask(
                month=month, measure=measure, ref=ref, statements=said, by=request.viewer, now=timezone.now()
            )
        except Refusal as refusal:
            message = refusal.text(language())
        else:
            messages.success(request, _("Asked. The reform office of the level above decides; the day stands below."))
            return redirect(f"{reverse('desk:scorecard')}?month={month:%Y-%m}&measure={measure}#exemptions")
    context = {"month": month, "measure": MEASURES[measure], "ref": ref, "message": message, "said": said}
    context |= {"conditions": CONDITIONS, "most": MOST_WORDS}
    return render(request, "desk/exemption.html", context, status=409 if message else 200)


def _statements(request: ViewerRequest) -> dict[str, Statement]:
    return {key: Statement(_text(request, f"said-{key}"), _text(request, f"evidence-{key}")) for key in CONDITIONS}


def _text(request: ViewerRequest, name: str) -> str:
    return request.POST.get(name, "").replace("\x00", "")
