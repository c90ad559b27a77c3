"""What everybody may know of a county, an item or a hall in a month: shares, volume and days, of enough cases only."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.db import connection

from yici.apps.accountability.models import DaysTally
from yici.apps.accountability.open_counting import kept_figures
from yici.apps.accountability.open_figures import OpenFigure
from yici.apps.accountability.span_columns import read
from yici.apps.catalogue import queries as catalogue
from yici.apps.places.models import Hall, Region
from yici.apps.places.months import next_month
from yici.rules.county_figures import Figure, figure
from yici.rules.items import Item
from yici.rules.measures import MEASURES
from yici.rules.scores import FORMULA, NOTHING
from yici.rules.spans import days_within
from yici.rules.words import Words

PUBLISHED = ("zero_visit", "visits_kept", "promised_time", "statutory_time", "tickets_answered", "tickets_satisfied")
OF_ITEMS = (*PUBLISHED[:4], "no_correction", "reviews_good")
Three = tuple[float, float, float]
_THREE = (0.25, 0.5, 0.9)
_WAITING = """
SELECT t.hall_id, count(*), percentile_cont(ARRAY[0.25, 0.5, 0.9]) WITHIN GROUP (
    ORDER BY extract(epoch FROM t.first_called_at - t.joined_at) / 60)
FROM halls_queueticket t
WHERE t.hall_id = ANY(%(halls)s) AND t.day >= %(since)s AND t.day < %(until)s AND t.first_called_at IS NOT NULL
GROUP BY t.hall_id
"""


class NoSuchPlace(LookupError):
    """There is no such county, item or hall."""


@dataclass(frozen=True, slots=True)
class Statistics:
    """Published figures of a county or an item in a month.

    ``cases`` and each of the days (a quarter, half, nine of ten) are None of too few cases; ``left_out`` counts the
    offices whose small numbers are in no total.
    """

    key: str
    name: Words
    month: date
    figures: tuple[tuple[str, Figure], ...]
    cases: int | None
    days: Three | None
    promised: Three | None
    minimum: int
    as_of: datetime | None
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class HallStatistics:
    """A hall's month: numbers called, and minutes from joining the line to the first call; None of too few."""

    key: UUID
    name: Words
    month: date
    called: int | None
    waiting: Three | None
    minimum: int


def county_statistics(code: str, month: date) -> Statistics:
    """Return the published figures of a county. Raises NoSuchPlace."""
    row = Region.objects.filter(code=code, level=Region.COUNTY).first()
    if row is None:
        raise NoSuchPlace
    found = kept_figures(month, place=row.path)
    known = partial(found.of_place, path=row.path)
    days = _days(month, place=row.path)
    return _statistics(
        row.code, Words(row.name, row.name_en), month, measures=PUBLISHED, known=known, days=days, as_of=found.as_of
    )


def item_statistics(key: str, month: date) -> Statistics:
    """Return the published figures of an item in the whole province. Raises NoSuchPlace."""
    item = item_of(key)
    found = kept_figures(month, item_key=key)
    known = partial(found.of_item, item=key)
    days = _days(month, item_key=key)
    return _statistics(key, item.name, month, measures=OF_ITEMS, known=known, days=days, as_of=found.as_of)


def item_of(key: str) -> Item:
    """Return an item as it is in the province. Raises NoSuchPlace."""
    try:
        return catalogue.item(key)
    except catalogue.CannotFindInCatalogue as missing:
        raise NoSuchPlace from missing


def _statistics(
    key: str,
    name: Words,
    month: date,
    *,
    measures: tuple[str, ...],
    known: Callable[[str], OpenFigure],
    days: tuple[Three | None, Three | None],
    as_of: datetime | None,
) -> Statistics:
    volume = known("complaints").tally
    return Statistics(
        key=key,
        name=name,
        month=month,
        figures=tuple((one, figure(MEASURES[one], known(one).tally or NOTHING)) for one in measures),
        cases=volume.of if volume and volume.of >= FORMULA.fewest else None,
        days=days[0],
        promised=days[1],
        minimum=FORMULA.fewest,
        as_of=as_of,
        left_out=max(known(one).left_out for one in measures),
    )


def _days(month: date, **of: str) -> tuple[Three | None, Three | None]:
    row = DaysTally.objects.filter(month=month, **of).first()
    return (_of_spans(read(row.took)), _of_spans(read(row.promised))) if row else (None, None)


def _of_spans(spans: Mapping[int, int]) -> Three | None:
    return _three(sum(spans.values()), [days_within(spans, share) for share in _THREE])


def _three(count: int, values: Any) -> Three | None:
    if count < FORMULA.fewest:
        return None
    quarter, half, most = (round(float(one), 1) for one in values)
    return quarter, half, most


def hall_statistics(hall_id: UUID, month: date) -> HallStatistics:
    """Return how long people waited in a hall in a month. Raises NoSuchPlace."""
    row = Hall.objects.filter(public_id=hall_id).first()
    if row is None:
        raise NoSuchPlace
    return _hall(row, month, _waiting([row.pk], month).get(row.pk))


def halls_statistics(month: date) -> list[HallStatistics]:
    """Return the month of every hall that called a number, in the order of the regions."""
    rows = list(Hall.objects.order_by("region__code", "name"))
    waiting = _waiting([row.pk for row in rows], month)
    return [_hall(row, month, waiting[row.pk]) for row in rows if row.pk in waiting]


def _waiting(halls: list[int], month: date) -> dict[int, tuple[int, Any]]:
    """Return of each hall with a number called: how many, and the three minutes of waiting."""
    with connection.cursor() as cursor:
        cursor.execute(_WAITING, {"halls": halls, "since": month, "until": next_month(month)})
        return {hall: (count, minutes) for hall, count, minutes in cursor}


def _hall(row: Hall, month: date, found: tuple[int, Any] | None) -> HallStatistics:
    count, minutes = found or (0, None)
    waiting = _three(count, minutes)
    name = Words(row.name, row.name_en)
    return HallStatistics(row.public_id, name, month, count if waiting else None, waiting, FORMULA.fewest)
