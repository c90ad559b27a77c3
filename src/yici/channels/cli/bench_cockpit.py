"""Measures the cockpit with many cases behind it: each page's time, queries and scans, and figures counted again.

Pages are answered by their views and the real database; what sessions and sign-in add is left out. The rows stay:
measure in a data folder of its own.
"""

import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any

from django.db import connection
from django.test import RequestFactory
from django.urls import resolve

from yici.apps.accountability import sampling
from yici.apps.accountability.recounting import SLOW
from yici.apps.people.viewers import Viewer
from yici.channels.cli.explaining import large_scans
from yici.rules.measures import MEASURES

LONGEST_COUNT = 3_600  # seconds: months are counted every hour
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
    "scorecards of a year, ranked": "/scorecards?month={month}&span=12&kind={kind}",
    "scorecard": "/scorecards/{office}/{month}?span=3",
    "statistics of counties": "/statistics?month={month}",
    "statistics of a county": "/statistics/{county}?month={month}",
    "statistics of an item": "/statistics/items/{item}?month={month}",
}


@dataclass
class Seen:
    """What a page did in some rounds: milliseconds, queries, and the large tables that it read whole."""

    milliseconds: list[float] = field(default_factory=list)
    queries: list[int] = field(default_factory=list)
    scans: set[str] = field(default_factory=set)


def cockpit_rows(scale: int) -> list[dict[str, object]]:
    """Fill up to ``scale`` cases in two years, count their months, and measure. Raises CannotInvent."""
    viewer = sampling.province_office()
    counting = sampling.fill(scale, _say)
    size = f"{scale:,} cases in {sampling.MONTHS} months, {sampling.tallies():,} tallies"
    chance = Random(sampling.SEED)
    rows = [_row("counting one month, the slowest", size, round(counting, 1), "s", LONGEST_COUNT)] if counting else []
    for name, address in PAGES.items():
        rows += _page_rows(name, size, _visited(viewer, address, chance))
    wrong, of = sampling.unlike_a_slow_count(chance, SAMPLED)
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


def _say(what: str) -> None:
    print(what, file=sys.stderr, flush=True)


def _visited(viewer: Viewer, address: str, chance: Random) -> Seen:
    """Open a page once to warm up and then with other counties, measures and months each time."""
    counties, months, offices = sampling.counties(), sampling.months(), sampling.offices()
    items = sampling.items()
    seen = Seen()
    for turn in range(ROUNDS + 1):
        office, kind = chance.choice(offices)
        told = {
            "office": office,
            "kind": kind,
            "item": chance.choice(items),
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
