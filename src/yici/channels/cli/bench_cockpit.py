"""Measures the cockpit with many cases behind it: each page's time, queries and scans, and figures counted again.

Pages are answered by their views and the real database; what sessions and sign-in add is left out. The rows stay:
measure in a data folder of its own.
"""

import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from random import Random
from typing import Any

from django.db import connection
from django.test import RequestFactory
from django.urls import resolve
from django.utils import timezone

from yici.apps.accountability.counting import count_month, next_month
from yici.apps.accountability.models import MonthTally
from yici.apps.accountability.recounting import SLOW, recounted
from yici.apps.accountability.way_counting import count_ways
from yici.apps.cases.models import Application
from yici.apps.people.models import Account
from yici.apps.people.viewers import Viewer, viewer_of
from yici.apps.places.models import Region
from yici.apps.reform.invented_past import CannotInvent, invent_past
from yici.channels.cli.explaining import large_scans
from yici.rules.measures import MEASURES
from yici.rules.people import Role

SINCE, MONTHS, SEED = date(2017, 1, 1), 24, 1
LONGEST_MS, MOST_QUERIES, LARGE = 200, 12, 100_000  # LARGE: rows of a table that no page may read whole
ROUNDS, SAMPLED = 30, 60
_CASES = (*SLOW, "visits_kept", "requirements_fetched", "step_time", "complaints")
PAGES = {
    "map": "/cockpit/?measure={any}&month={month}",
    "county": "/cockpit/counties/{county}?measure={any}&month={month}",
    "list behind a figure": "/cockpit/counties/{county}/list?measure={of_cases}&month={month}",
    "list of what spoils it": "/cockpit/counties/{county}/list?measure={of_cases}&month={month}&bad=1",
    "curves": "/cockpit/curves?place={county}&month={month}",
    "curves of the province": "/cockpit/curves?month={month}",
    "funnel": "/cockpit/funnel?month={last}",
    "flow": "/cockpit/flow?month={last}",
    "scorecards": "/scorecards?month={month}",
    "statistics of counties": "/statistics?month={month}",
    "statistics of a county": "/statistics/{county}?month={month}",
}


@dataclass
class Seen:
    """What a page did in some rounds: milliseconds, queries, and the large tables that it read whole."""

    milliseconds: list[float] = field(default_factory=list)
    queries: list[int] = field(default_factory=list)
    scans: set[str] = field(default_factory=set)


def cockpit_rows(scale: int) -> list[dict[str, object]]:
    """Fill up to ``scale`` cases in two years, count their months, and measure. Raises CannotInvent."""
    viewer = _viewer()
    months = _months()
    counting = _filled(scale, months)
    size = f"{scale:,} cases in {MONTHS} months, {MonthTally.objects.count():,} tallies"
    chance = Random(SEED)
    rows = [_row("counting one month, the slowest", size, round(counting, 1), "s", 3_600)] if counting else []
    for name, address in PAGES.items():
        rows += _page_rows(name, size, _visited(viewer, address, months, chance))
    wrong, of = _recounted(months, chance)
    return [*rows, _row("figures unlike a slow count", f"{of} figures of {size}", wrong, "", 0)]


def _row(name: str, scale: str, figure: float, unit: str, bound: float) -> dict[str, object]:
    verdict = "met" if figure <= bound else "missed"
    known: dict[str, object] = {"name": name, "scale": scale, "figure": figure, "unit": unit}
    return {**known, "reference": "none", "bound": bound, "verdict": verdict}


def _page_rows(name: str, size: str, seen: Seen) -> list[dict[str, object]]:
    p95 = round(statistics.quantiles(seen.milliseconds, n=20)[-1], 1)
    scans = f"{size}: {', '.join(sorted(seen.scans)) or 'none'}"
    return [
        _row(f"{name}, 95th percentile", size, p95, "ms", LONGEST_MS),
        _row(f"{name}, most queries", size, max(seen.queries), "", MOST_QUERIES),
        _row(f"{name}, large tables read whole", scans, len(seen.scans), "", 0),
    ]


def _viewer() -> Viewer:
    """Return the reform office of the province, which sees every county."""
    found = Account.objects.filter(staff__roles__contains=[Role.REFORM], staff__region__level=Region.PROVINCE).first()
    if found is None:
        raise CannotInvent(
            zh="没有省级改革办账户，请先载入演示数据。",
            en="There is no reform office of a province. Load the demonstration first.",
        )
    return viewer_of(found)


def _months() -> list[date]:
    made = [SINCE]
    while len(made) < MONTHS:
        made.append(next_month(made[-1]))
    return made


def _filled(scale: int, months: list[date]) -> float:
    """Make the cases that are missing and count the months anew; return the seconds of the slowest, 0 for none."""
    now, there = timezone.now(), Application.objects.count()
    if there < scale:
        _say(f"making {scale - there:,} cases")
        invent_past(cases=scale - there, seed=SEED, since=SINCE, months=MONTHS, now=now)
    elif MonthTally.objects.filter(month=months[-1]).exists():
        return 0.0
    seconds = [_counted(month, now, ways=month == months[-1]) for month in months]
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {MonthTally._meta.db_table}")
    return max(seconds)


def _counted(month: date, now: datetime, *, ways: bool) -> float:
    begun = time.perf_counter()
    count_month(month, now=now)
    measures = time.perf_counter() - begun
    if ways:
        count_ways(month, now=now)
    _say(f"{month:%Y-%m} counted: {measures:.1f} s, ways {time.perf_counter() - begun - measures:.1f} s")
    return time.perf_counter() - begun


def _say(what: str) -> None:
    print(what, file=sys.stderr, flush=True)


def _visited(viewer: Viewer, address: str, months: list[date], chance: Random) -> Seen:
    """Open a page once to warm up and then with other counties, measures and months each time."""
    counties = list(Region.objects.filter(level=Region.COUNTY, abolished=False).values_list("code", flat=True))
    seen = Seen()
    for turn in range(ROUNDS + 1):
        told = {
            "any": chance.choice([*MEASURES]),
            "of_cases": chance.choice(_CASES),
            "county": chance.choice(counties),
            "month": f"{chance.choice(months[12:]):%Y-%m}",
            "last": f"{months[-1]:%Y-%m}",
        }
        asked, milliseconds = _opened(viewer, address.format(**told))
        if turn:
            seen.milliseconds.append(milliseconds)
            seen.queries.append(len(asked))
            seen.scans |= large_scans(asked, LARGE)
    return seen


def _opened(viewer: Viewer, address: str) -> tuple[list[tuple[str, Any]], float]:
    """Answer a page; return the statements it asked, and its milliseconds."""
    request: Any = RequestFactory().get(address)
    request.viewer, request.elder = viewer, False
    found = resolve(request.path)
    asked: list[tuple[str, Any]] = []

    def noting(execute: Callable[..., object], sql: str, params: Any, *rest: Any) -> object:
        asked.append((sql, params))
        return execute(sql, params, *rest)

    begun = time.perf_counter()
    with connection.execute_wrapper(noting):
        answer = found.func(request, *found.args, **found.kwargs)
    milliseconds = (time.perf_counter() - begun) * 1000
    if answer.status_code != 200:
        raise RuntimeError(f"{address} answered {answer.status_code}")
    return asked, milliseconds


def _recounted(months: list[date], chance: Random) -> tuple[int, int]:
    """Count some figures again from their cases; return how many are unlike their tally, and of how many."""
    rows = MonthTally.objects.filter(measure__in=SLOW, month__in=months).order_by()
    keys = sorted(rows.values_list("organisation_id", "month", "measure").distinct())
    drawn = chance.sample(keys, min(SAMPLED, len(keys)))
    return sum(not _is_equal(*one) for one in drawn), len(drawn)


def _is_equal(organisation: int, month: date, measure: str) -> bool:
    rows = MonthTally.objects.filter(organisation_id=organisation, month=month, measure=measure)
    told = [(one.good, one.of) for one in rows]
    slow = recounted(organisation, month, measure)
    return (sum(good for good, _ in told), sum(of for _, of in told)) == (slow.good, slow.of)
