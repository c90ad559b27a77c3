"""How fast plans are made: an event of eight items and forty requirements, on one core.

``python -m bench.plan`` prints the rows; ``python -m bench.plan --oracle 10000`` compares that many random events with
the slow and plain planner of the tests first.
"""

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from functools import partial
from statistics import median
from time import process_time
from typing import Any

from tests.rules.test_planner_oracle import compare_many

from bench.plan_event import bench_event, situations
from yici.rules.conditions import Answer, check_answers
from yici.rules.planner import PlanCache, compile_event

Row = dict[str, Any]
Person = tuple[dict[str, Answer], dict[str, str]]
SITUATIONS = 2_000
ROUNDS = 7
MOST_MILLISECONDS = 0.2
LEAST_PER_SECOND = 5_000
_SCALE = "8 items, 40 requirements, 25 datasets"


def rows() -> list[Row]:
    """Return one row for each figure: the whole explained plan, the bare decision, and a plan met before.

    The people measured are not those the event was warmed with. *Compiled* means that the event's tables, and lines of
    plans that were met in another plan, are ready; no plan is answered from memory but in the last rows.
    """
    event = compile_event(*bench_event())
    for answers, holdings in situations(SITUATIONS, 1, answered=1):
        event.plan(answers, holdings)
    people, undecided = situations(SITUATIONS, 2, answered=1), situations(SITUATIONS, 3, answered=0.7)
    checked = [(check_answers(answers, event.facts), holdings) for answers, holdings in people]
    different = {event.situation_key(answers, holdings) for answers, holdings in people}
    scale = f"{_SCALE}; {len(different)} different situations of {SITUATIONS}"
    cache = PlanCache()
    timed: dict[str, tuple[Callable[..., object], Sequence[Person]]] = {
        "plan with every reason": (event.plan, people),
        "plan with every reason, some questions open": (event.plan, undecided),
        "decision alone, as in replay": (event.decide, checked),
        "plan of a situation met before": (partial(cache.plan, event), people[:200]),
    }
    return [row for name, (make, whom) in timed.items() for row in _rows(name, _milliseconds(make, whom), scale)]


def _milliseconds(make: Callable[..., object], people: Sequence[Person]) -> float:
    """Return the median over rounds of processor time for each: what others run on the machine is not our work."""
    rounds = []
    for _ in range(ROUNDS):
        start = process_time()
        for answers, holdings in people:
            make(answers, holdings)
        rounds.append((process_time() - start) * 1_000 / len(people))
    return median(rounds)


def _rows(name: str, milliseconds: float, scale: str) -> list[Row]:
    verdict = "met" if milliseconds <= MOST_MILLISECONDS else "missed"
    shared: Row = {"name": name, "scale": scale, "reference": None, "verdict": verdict}
    return [
        {**shared, "figure": round(milliseconds, 4), "unit": "ms", "bound": MOST_MILLISECONDS},
        {**shared, "figure": round(1_000 / milliseconds), "unit": "1/s a core", "bound": LEAST_PER_SECOND},
    ]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.plan", description=__doc__)
    parser.add_argument(
        "--oracle", type=int, default=0, metavar="N", help="compare N random events with the slow planner"
    )
    parser.add_argument("--seed", type=int, default=1)
    wanted = parser.parse_args()
    if wanted.oracle:
        compared, visits = compare_many(wanted.oracle, wanted.seed)
        sys.stdout.write(f"{compared} events agree with the oracle; by visits: {dict(sorted(visits.items()))}\n")
    measured = rows()
    sys.stdout.write(json.dumps(measured, ensure_ascii=False, indent=2) + "\n")
    return 0 if all(row["verdict"] == "met" for row in measured) else 1


if __name__ == "__main__":
    sys.exit(main())
