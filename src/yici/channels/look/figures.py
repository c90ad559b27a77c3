"""Says figures of measures and months in the language of the page, and reads the month that somebody chose."""

from collections.abc import Sequence
from datetime import date

from django.http import Http404

from yici.apps.accountability import queries
from yici.apps.accountability.card_counting import SPANS
from yici.apps.places.months import CannotReadMonth, month_named
from yici.channels.look.languages import language
from yici.rules.measures import MEASURES, Unit
from yici.rules.scores import FORMULA


def figure_words(measure: str, value: float | None) -> str:
    """Return a value as people read it: 93.1 %, or 35.2 of ten thousand; a dash where nothing may be said."""
    if value is None:
        return "–"
    return f"{value:.1f}" if MEASURES[measure].unit is Unit.PER_TEN_THOUSAND else f"{100 * value:.1f} %"


def month_words(month: date) -> str:
    """Return a month: 2018年3月 or March 2018."""
    return f"{month:%B} {month.year}" if language() == "en" else f"{month.year}年{month.month}月"


def bar_of(measure: str, value: float, high: float) -> float:
    """Return where a value lies on a bar from 0 to 1; a rate's bar ends where no point is left, or at its interval."""
    if MEASURES[measure].unit is Unit.SHARE:
        return round(value, 4)
    worst = next((one.worst for one in FORMULA.components if one.measure == measure), 0.0)
    return round(value / max(worst, high, 1.0), 4)


def chosen_month(text: str, known: Sequence[date]) -> date | None:
    """Return the month of an address that has been counted; without one, the month to show first.

    Raises Http404 for a month that nobody counted; None when nothing was counted at all.
    """
    if not text:
        return queries.month_to_show(known)
    try:
        month = month_named(text)
    except CannotReadMonth as missing:
        raise Http404 from missing
    if month not in known:
        raise Http404
    return month


def span_of(text: str) -> int:
    """Return over how many months a card is counted: 1, 3 or 12."""
    return next((span for span in SPANS if text == str(span)), 1)
