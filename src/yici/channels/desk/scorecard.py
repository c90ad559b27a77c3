"""An organisation's own month: what was counted, what went badly, and what it contests of it."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from yici.apps.accountability import actions, contests, exemptions
from yici.apps.places.months import CannotReadMonth, month_named
from yici.channels.desk.views import staff_only
from yici.channels.look.languages import language
from yici.channels.look.middleware import ViewerRequest
from yici.rules.exemptions import CONDITIONS
from yici.rules.measures import MEASURES
from yici.rules.refusals import Refusal
from yici.rules.scores import NOTHING


@require_http_methods(["GET", "POST"])
@staff_only
def own(request: ViewerRequest) -> HttpResponse:
    """Show the month of the viewer's organisation, and keep what its reviewer or decider contests."""
    if not contests.may_contest(request.viewer):
        raise Http404
    sent = request.POST if request.method == "POST" else request.GET
    months = contests.own_months(request.viewer)
    month = _month(sent.get("month", ""), months)
    measure = sent.get("measure", "")
    if measure and measure not in MEASURES:
        raise Http404
    if request.method == "POST":
        return _contested(request, month, measure, months)
    return _page(request, month, measure, months)


def _month(text: str, months: list[date]) -> date:
    try:
        return month_named(text) if text else (months or [timezone.localdate().replace(day=1)])[0]
    except CannotReadMonth as missing:
        raise Http404 from missing


def _contested(request: ViewerRequest, month: date, measure: str, months: list[date]) -> HttpResponse:
    ref, reason = request.POST.get("ref", "")[:160], request.POST.get("reason", "").replace("\x00", "")
    if not measure:
        raise Http404
    try:
        actions.contest(month=month, measure=measure, ref=ref, reason=reason, by=request.viewer, now=timezone.now())
    except Refusal as refusal:
        told = {"message": refusal.text(language()), "sent_ref": ref, "sent_reason": reason[:2000]}
        return _page(request, month, measure, months, **told)
    messages.success(request, _("Contested. Another office decides; the day by which stands below."))
    return redirect(f"{reverse('desk:scorecard')}?month={month:%Y-%m}&measure={measure}#contests")


def _page(request: ViewerRequest, month: date, measure: str, months: list[date], **told: Any) -> HttpResponse:
    tallies, kept = contests.own_tallies(request.viewer, month), contests.own_contests(request.viewer, month)
    context = {
        "month": month,
        "months": months if month in months else [month, *months],
        "measure": MEASURES.get(measure),
        "lines": [(one, tallies.get(key, NOTHING)) for key, one in MEASURES.items()],
        "points": contests.own_points(request.viewer, month, measure) if measure else [],
        "contested": contests.contested_refs(kept, measure),
        "contests": kept,
        "exempted": exemptions.own(request.viewer, month),
        "conditions": CONDITIONS,
        "measures": MEASURES,
        "as_of": contests.own_as_of(request.viewer, month),
        "fewest_words": actions.FEWEST_WORDS,
        "message": "",
        "sent_ref": "",
        "sent_reason": "",
        **told,
    }
    return render(request, "desk/scorecard.html", context, status=409 if told else 200)
