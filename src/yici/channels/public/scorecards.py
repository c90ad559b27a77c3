"""Scorecards as everybody reads them: the list, each card with every part, and the files they stand on."""

from collections.abc import Iterator
from datetime import date
from uuid import UUID

from django.http import Http404, HttpResponse, JsonResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from yici.apps.accountability import exemptions as asked
from yici.apps.accountability import queries
from yici.apps.accountability.card_counting import SPANS
from yici.apps.accountability.exporting import described, input_rows
from yici.apps.catalogue import queries as catalogue
from yici.apps.places import queries as places
from yici.channels.look.figures import chosen_month, span_of
from yici.channels.look.middleware import ViewerRequest
from yici.channels.portal.visitors import DEFAULT_PLACE
from yici.rules.exemptions import CONDITIONS
from yici.rules.measures import MEASURES, Unit
from yici.rules.scores import FORMULA
from yici.rules.words import Words

PAGE = 60
WHOLE_PROVINCE = "330000000000"


@require_GET
def cards(request: ViewerRequest) -> HttpResponse:
    """List the cards of a month: of one kind the best first, of all kinds by place, since unlike work has no rank."""
    known, sent = queries.months(), request.GET
    month, span = chosen_month(sent.get("month", ""), known), span_of(sent.get("span", ""))
    kinds = queries.kinds_with_figures(month) if month else []
    kind = sent.get("kind", "") if sent.get("kind", "") in kinds else ""
    region = sent.get("region", "") or WHOLE_PROVINCE
    start = _number(sent.get("start", ""))
    found, count = _cards(month, region, kind, span, start) if month else ([], 0)
    context = {
        "cards": found,
        "start": start,
        "count": count,
        "after": start + PAGE if start + PAGE < count else None,
        "chosen": {"kind": kind, "region": region, "month": month, "span": span},
        "months": known,
        "kinds": _in_words(kinds),
        "cities": places.cities_with_counties(),
        "spans": SPANS,
        "formula": FORMULA,
    }
    return render(request, "public/scorecards.html", context)


def _cards(month: date, region: str, kind: str, span: int, start: int) -> tuple[list[queries.Card], int]:
    try:
        return queries.page_of_cards(month=month, region_code=region, kind=kind, span=span, start=start, size=PAGE)
    except queries.NoSuchCard as missing:
        raise Http404 from missing


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 6 else 0


def _in_words(kinds: list[str]) -> list[tuple[str, Words]]:
    known = catalogue.catalogue_for(DEFAULT_PLACE).organisations
    return [(kind, known.get(kind, Words(kind, kind))) for kind in kinds]


@require_GET
def card(request: ViewerRequest, public_id: UUID, month: str) -> HttpResponse:
    """Show one card: every part with its interval and meaning, the formula in words, the contests."""
    known = queries.months()
    chosen, span = chosen_month(month, known), span_of(request.GET.get("span", ""))
    if chosen is None:
        raise Http404
    try:
        found = queries.card(public_id, month=chosen, span=span)
    except queries.NoSuchCard as missing:
        raise Http404 from missing
    context = {
        "card": found,
        "parts": [(part, MEASURES[part.measure]) for part in found.score.parts],
        "month": chosen,
        "months": known,
        "span": span,
        "spans": SPANS,
        "formula": FORMULA,
        "worst": {one.measure: one.worst for one in FORMULA.components},
        "rates": [one for one in FORMULA.components if MEASURES[one.measure].unit is Unit.PER_TEN_THOUSAND],
        "measures": MEASURES,
        "contests": queries.contests_of(public_id),
        "today": timezone.localdate(),
    }
    return render(request, "public/scorecard.html", context)


@require_GET
def exemptions(request: ViewerRequest) -> HttpResponse:
    """List who asked to be exempt from responsibility for a failed reform, and how it was decided (规定 art. 46)."""
    context = {"rows": asked.published(), "conditions": CONDITIONS, "measures": MEASURES}
    return render(request, "public/exemptions.html", context)


@require_GET
def formula(request: ViewerRequest) -> HttpResponse:
    """Give the formula as data."""
    answer = JsonResponse(described(), json_dumps_params={"ensure_ascii": False, "indent": 1})
    answer["Content-Disposition"] = f'attachment; filename="formula-{FORMULA.version}.json"'
    return answer


@require_GET
def inputs(request: ViewerRequest, month: str, kind: str) -> StreamingHttpResponse:
    """Give everything that the cards of a kind of organisation stand on in a month, by codes."""
    chosen = chosen_month(month, queries.months())
    if chosen is None or kind not in queries.kinds_with_figures(chosen):
        raise Http404
    answer = StreamingHttpResponse(_lines(chosen, kind), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="inputs-{chosen:%Y-%m}-{kind}.csv"'
    return answer


def _lines(month: date, kind: str) -> Iterator[str]:
    """Yield the lines of the file; no word in it holds a comma."""
    for row in input_rows(month, kind):
        yield ",".join(map(str, row)) + "\r\n"
