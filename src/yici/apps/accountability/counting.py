"""Counts the measures month by month from what happened; a month is counted whole, so counting twice is harmless."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection

from yici.apps.accountability.models import MonthTally
from yici.apps.accountability.sources import SOURCES
from yici.apps.places.months import bounds, earlier, month_of
from yici.rules.measures import MEASURES
from yici.rules.refusals import Refusal

# What an organisation contested with success, or was exempted from (规定 art. 46), is counted no more.
_UNCONTESTED = """
NOT EXISTS (SELECT 1 FROM accountability_contest x WHERE x.upheld AND x.measure = %(measure)s::text AND x.ref = s.ref
            AND x.organisation_id = s.organisation)
AND NOT EXISTS (SELECT 1 FROM accountability_exemption x WHERE x.granted AND x.measure = %(measure)s::text
                AND x.ref = s.ref
                AND x.organisation_id = s.organisation)
"""
_COUNT = """
INSERT INTO accountability_monthtally (measure, organisation_id, item_key, month, good, of, counted_at)
SELECT %(measure)s::text, s.organisation, coalesce(s.item, ''), %(month)s, sum(s.good), sum(s.of), %(now)s
FROM ({source}) s WHERE {uncontested} AND {whose} GROUP BY s.organisation, coalesce(s.item, '')
"""
_ROWS = """
SELECT s.ref, s.at, s.good, s.of, s.item, s.organisation FROM ({source}) s
WHERE s.organisation = ANY(%(organisations)s) AND {uncontested} AND {wanted} ORDER BY s.at, s.ref LIMIT %(limit)s
"""
# What spoils a measure: of a share what did not go well, of a rate each event.
_BAD = {True: "s.good < s.of", False: "s.good > 0"}


class CannotCount(Refusal):
    """A measure that does not exist."""


@dataclass(frozen=True, slots=True)
class Counted:
    """One thing that was counted: what a contest names it by, when, and what it added."""

    ref: str
    at: datetime
    good: int
    of: int
    item: str
    organisation: int


def count_tallies(month: date, *, now: datetime) -> int:
    """Count every measure of a month anew, by office and item; return how many tallies there are."""
    MonthTally.objects.filter(month=month).delete()
    with connection.cursor() as cursor:
        return sum(_counted(cursor, measure, month, now) for measure in SOURCES)


def count_one(organisation: int, month: date, measure: str, *, now: datetime) -> None:
    """Count one figure of one organisation anew."""
    MonthTally.objects.filter(organisation_id=organisation, month=month, measure=measure).delete()
    with connection.cursor() as cursor:
        _counted(cursor, measure, month, now, organisation=organisation)


def _counted(cursor: Any, measure: str, month: date, now: datetime, *, organisation: int | None = None) -> int:
    since, until = bounds(month)
    whose = "true" if organisation is None else "s.organisation = %(organisation)s"
    sql = _COUNT.format(source=SOURCES[measure], uncontested=_UNCONTESTED, whose=whose)
    terms = {"measure": measure, "month": month, "now": now, "organisation": organisation}
    cursor.execute(sql, {**terms, "since": since, "until": until})
    counted: int = cursor.rowcount
    return counted


def alone() -> None:
    """Let no other count begin until this transaction ends: two at once would both write a month's rows."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('accountability.months'))")


def counted_rows(organisation: int, month: date, measure: str) -> Iterator[Counted]:
    """Yield the things behind a figure, oldest first. Raises CannotCount for an unknown measure."""
    return rows_of([organisation], month, measure)


def rows_of(
    organisations: Sequence[int], month: date, measure: str, *, only_bad: bool = False, limit: int | None = None
) -> Iterator[Counted]:
    """Yield the things behind the figure of several organisations, oldest first, or only what spoils it.

    Raises CannotCount for an unknown measure.
    """
    if measure not in MEASURES:
        raise CannotCount(zh="没有这个指标。", en="There is no such measure.")
    since, until = bounds(month)
    wanted = _BAD[MEASURES[measure].higher_is_better] if only_bad else "true"
    sql = _ROWS.format(source=SOURCES[measure], uncontested=_UNCONTESTED, wanted=wanted)
    terms: dict[str, Any] = {"measure": measure, "organisations": [*organisations], "limit": limit}
    with connection.cursor() as cursor:
        cursor.execute(sql, {**terms, "since": since, "until": until})
        for row in cursor:
            yield Counted(*row)


def months_to_count(now: datetime) -> list[date]:
    """Return the months that still move: this one, and the one before for what is settled late."""
    return [earlier(month_of(now)), month_of(now)]
