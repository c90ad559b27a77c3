"""Counts the declared measure of a pilot, for those in it and those outside, and estimates what it changed.

Cases count by the day they were applied for: who applied before the start is not in it. People count by the draw and
not by which revision their case has (intention to treat); a person with several cases counts once, by their mean.
Of a page each reader counts, by the sheets of the drafts begun since the start (rules.page_measures).
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from statistics import fmean
from typing import Any

from django.db import connection

from yici.apps.places.months import bounds, earlier
from yici.apps.planning.sheets import sheets_of
from yici.apps.reform.pilot_models import Pilot
from yici.rules.clock_courses import local_day
from yici.rules.page_measures import OF_A_PAGE, Reader, arm, readers, values
from yici.rules.pilot_plans import place_of_look
from yici.rules.pilots import CountyEffect, Effect, Look, county_effect, is_in_pilot, look

_DECIDED = "(c.decided_at AT TIME ZONE 'Asia/Shanghai')::date"
# The condition of a good case, and which cases have the measure at all: the same as apps/accountability/sources.
_BOTH = "c.decided_at IS NOT NULL AND {} IS NOT NULL"
_CASES = {
    "zero_visit": ("a.promised_visits = 0", "true"),
    "statutory_time": (
        f"{_DECIDED} <= c.statutory_due_on",
        _BOTH.format("c.statutory_due_on"),
    ),
    "promised_time": (f"{_DECIDED} <= c.promised_due_on", _BOTH.format("c.promised_due_on")),
    "no_correction": ("c.corrections = 0", "c.decided_at IS NOT NULL"),
}
_ROWS = """
SELECT left(r.code, 6) || '000000', coalesce(a.represented_id, a.applicant_id), a.submitted_at, ({good})::int
FROM cases_case c JOIN cases_application a ON a.id = c.application_id JOIN places_region r ON r.id = a.region_id
WHERE c.item_key = %s AND a.submitted_at >= %s AND a.submitted_at < %s AND {has_it}
"""
Row = tuple[str, int, datetime, int]


@dataclass(frozen=True, slots=True)
class Counted:
    """Results so far: in the pilot and outside, people or cases."""

    inside: int
    outside: int

    @property
    def results(self) -> int:
        """Both groups together."""
        return self.inside + self.outside


def rows_of(measure: str, item_key: str, since: datetime, until: datetime) -> list[Row]:
    """Return county, person, when it was applied for and whether it went well, of each case that has the measure."""
    good, has_it = _CASES[measure]
    with connection.cursor() as cursor:
        cursor.execute(_ROWS.format(good=good, has_it=has_it), [item_key, since, until])
        return list(cursor.fetchall())


def people_of(pilot: Pilot, now: datetime) -> tuple[list[float], list[float]]:
    """Return the mean of each person in the pilot, and of each outside; of a page by the sheets of its readers."""
    if pilot.measure in OF_A_PAGE:
        return values(pilot.measure, readers_of(pilot, now))
    assert pilot.started_at is not None  # asked of running pilots only
    assert pilot.trial is not None
    assert pilot.share is not None
    found: dict[int, list[int]] = defaultdict(list)
    for _, person, _, good in rows_of(pilot.measure, pilot.amendment.item_key, pilot.started_at, now):
        found[person].append(good)
    groups: tuple[list[float], list[float]] = ([], [])
    for person, results in sorted(found.items()):
        groups[not is_in_pilot(pilot.trial.draw, str(person), pilot.share)].append(fmean(results))
    return groups


def readers_of(pilot: Pilot, now: datetime) -> list[Reader]:
    """Return the people before the pages whose days are over."""
    return readers(sheets_of(pilot.trial_id or 0), now)


def arms_of(pilot: Pilot, now: datetime) -> dict[str, Any]:
    """Return what both sides did before the pages, as it is kept; nothing of a pilot by cases."""
    if pilot.measure not in OF_A_PAGE:
        return {}
    people = readers_of(pilot, now)
    inside, outside = values(pilot.measure, people)
    return {
        "arms": [asdict(arm(people, inside=side)) for side in (True, False)],
        "counted": [len(inside), len(outside)],
    }


def counted(pilot: Pilot, now: datetime) -> Counted:
    """Return how many results there are, without what they are: that is for the looks."""
    if pilot.started_at is None:
        return Counted(0, 0)
    if pilot.result is not None and "counted" in pilot.result:
        return Counted(*pilot.result["counted"])
    if pilot.share is not None:
        inside, outside = people_of(pilot, now)
        return Counted(len(inside), len(outside))
    rows = rows_of(pilot.measure, pilot.amendment.item_key, pilot.started_at, now)
    inside_count = sum(row[0] in pilot.counties for row in rows)
    return Counted(inside_count, sum(row[0] in pilot.compared for row in rows))


def is_over(pilot: Pilot, now: datetime) -> bool:
    """Whether the declared last day has passed, or the planned results are there."""
    return local_day(now) > pilot.last_day or counted(pilot, now).results >= pilot.planned


def look_now(pilot: Pilot, now: datetime) -> Look | None:
    """Return what the last look that was reached says of a pilot by people; None before the first. CannotPilot."""
    inside, outside = people_of(pilot, now)
    over = local_day(now) > pilot.last_day
    place = place_of_look(pilot.looks, len(inside) + len(outside), pilot.planned, is_over=over)
    return None if place is None else look(inside, outside, pilot.looks, place)


def months_before(pilot: Pilot, now: datetime) -> list[date]:
    """Return the first days of the whole months by which counties are compared, the oldest first.

    Of a pilot that extends another they lie before the first one: after it, some counties had the revision already.
    """
    first = pilot
    while first.follows is not None:
        first = first.follows
    month = local_day(first.started_at or now).replace(day=1)
    return [earlier(month, back) for back in range(pilot.before_months, 0, -1)]


def known_counties(pilot: Pilot, now: datetime) -> list[str]:
    """Return the counties that have a figure in each month before: only these can be compared."""
    months = months_before(pilot, now)
    table = _by_month(pilot, months)
    return sorted(county for county, rows in table.items() if all(month in rows for month in months))


def _by_month(pilot: Pilot, months: list[date]) -> dict[str, dict[date, list[int]]]:
    since, until = bounds(months[0])[0], bounds(months[-1])[1]
    table: dict[str, dict[date, list[int]]] = defaultdict(lambda: defaultdict(list))
    for county, _, moment, good in rows_of(pilot.measure, pilot.amendment.item_key, since, until):
        table[county][local_day(moment).replace(day=1)].append(good)
    return table


def counties_effect(pilot: Pilot, now: datetime) -> CountyEffect:
    """Return the effect by counties: months before one by one, the pilot as one period. Raises CannotPilot."""
    assert pilot.started_at is not None  # asked of running pilots only
    months = months_before(pilot, pilot.started_at)
    before = _by_month(pilot, months)
    since_then: dict[str, list[int]] = defaultdict(list)
    for county, _, _, good in rows_of(pilot.measure, pilot.amendment.item_key, pilot.started_at, now):
        since_then[county].append(good)
    figures = {
        county: [fmean(before[county][month]) for month in months] + [fmean(since_then[county])]
        for county in (*pilot.counties, *pilot.compared)
        if since_then[county]
    }
    return county_effect(figures, [one for one in pilot.counties if one in figures], len(months))


def result_of(pilot: Pilot, now: datetime) -> dict[str, Any]:
    """Return the result as it is kept. Raises CannotPilot when too little was counted."""
    if pilot.share is not None:
        found = look_now(pilot, now)
        return {} if found is None else {"effect": asdict(found.effect), "bound": found.bound, "stops": found.stops}
    by_county = counties_effect(pilot, now)
    return {
        "effect": asdict(by_county.effect),
        "before": asdict(by_county.before),
        "course": [list(pair) for pair in by_county.course],
        "believable": by_county.is_believable,
    }


def effect_in(document: Mapping[str, Any]) -> Effect:
    """Return a kept effect as a value."""
    return Effect(**{**document, "units": tuple(document["units"])})


def labels_of(pilot: Pilot) -> Iterator[str]:
    """Yield the periods of the course: 2018-03 …, then "" for the pilot itself."""
    if pilot.started_at is not None:
        yield from (f"{month:%Y-%m}" for month in months_before(pilot, pilot.started_at))
        yield ""
