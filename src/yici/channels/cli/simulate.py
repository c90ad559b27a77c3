"""`yici simulate`: invented people apply, come to the window and are decided upon.

Up to two thousand live through the real actions. More are written as the rows such lives leave, spread over a year,
with one problem of each kind planted in its second half: what measuring and judging need in numbers.
"""

import argparse
import json
from datetime import date
from typing import Any

from django.conf import settings
from django.utils import timezone

from yici.apps.accountability.month_counting import count_months
from yici.apps.accountability.way_counting import count_since
from yici.apps.halls import simulation
from yici.apps.licences.keys import ensure_seal, seal_folder
from yici.apps.reform.invented_past import Invented, invent_past

MOST_LIVED = 2_000
MOST_CASES = 20_000_000


def parser(prog: str) -> argparse.ArgumentParser:
    """Return what `yici simulate` understands."""
    made = argparse.ArgumentParser(prog, description="Make applications of invented people.")
    made.add_argument("--cases", type=_cases, required=True, help="how many applications")
    made.add_argument("--seed", type=int, default=1, help="the same seed makes the same lives")
    made.add_argument("--since", type=date.fromisoformat, default=date(2018, 3, 5), help="first day, e.g. 2018-03-05")
    made.add_argument("--need", action="append", metavar="KEY", help="of lives: what people come for, may be repeated")
    made.add_argument("--county", action="append", metavar="CODE", help="of lives: where, may be repeated")
    made.add_argument("--days", type=int, choices=range(7, 366), default=60, metavar="7…365", help="of lives: how long")
    made.add_argument("--months", type=int, choices=range(2, 61), default=12, metavar="2…60", help="of rows: how long")
    made.add_argument("--no-problems", action="store_true", help="of rows: plant no problems")
    made.add_argument("--json", action="store_true", help="print one JSON document")
    return made


def _cases(text: str) -> int:
    number = int(text)
    if not 1 <= number <= MOST_CASES:
        raise argparse.ArgumentTypeError(f"1 to {MOST_CASES} / 1 到 {MOST_CASES}")
    return number


def run(arguments: argparse.Namespace) -> int:
    """Simulate; 0 when as many applications were made as asked for, 1 when fewer."""
    if arguments.cases > MOST_LIVED:
        return _rows(arguments)
    ensure_seal(seal_folder(settings.DATA_DIR), now=timezone.now())
    lives = simulation.Lives(
        needs=tuple(arguments.need or simulation.NEEDS),
        counties=tuple(arguments.county or simulation.COUNTIES),
        days=arguments.days,
    )
    made = simulation.simulate(cases_wanted=arguments.cases, seed=arguments.seed, since=arguments.since, lives=lives)
    _count(arguments.since)
    if arguments.json:
        print(json.dumps(made, ensure_ascii=False))
    else:
        print(f"{made['applications']} applications made, {made['at_the_window']} of them at the window")
    return 0 if made["applications"] == arguments.cases else 1


def _rows(arguments: argparse.Namespace) -> int:
    made = invent_past(
        cases=arguments.cases,
        seed=arguments.seed,
        since=arguments.since,
        months=arguments.months,
        problems=not arguments.no_problems,
        now=timezone.now(),
    )
    _count(made.since)
    print(json.dumps(_document(made), ensure_ascii=False) if arguments.json else _lines(made))
    return 0


def _count(since: date) -> None:
    """Count the months that were written, so that cockpit and scorecards show them at once."""
    now = timezone.now()
    count_months(count_since(since, now=now), now=now)


def _document(made: Invented) -> dict[str, Any]:
    return {
        "applications": made.cases,
        "lived": False,
        "since": f"{made.since}",
        "months": made.months,
        "planted_from": f"{made.planted_from:%Y-%m}",
        "planted": [{"signal": one.kind.value, "item": one.item, "region": one.region} for one in made.planted],
    }


def _lines(made: Invented) -> str:
    head = f"{made.cases} applications made as rows, {made.months} months from {made.since}"
    return "\n".join([head, *(f"{one.kind.value}: {one.item} {one.region}" for one in made.planted)])
