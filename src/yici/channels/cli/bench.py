"""`yici bench`: measures against the bounds, as figures of one run on this machine."""

import argparse
import json
import platform
import statistics
import time
from collections.abc import Callable, Mapping

from yici.channels.cli.bench_cockpit import cockpit_rows
from yici.channels.cli.bench_look_ups import look_up_rows
from yici.channels.cli.bench_replay import replay_rows
from yici.channels.cli.bench_submissions import submission_rows
from yici.channels.cli.bench_tickets import ticket_rows
from yici.rules.datasets import Dataset, Sharing
from yici.rules.items import (
    Assurance,
    Catalogue,
    Element,
    ElementKind,
    Fee,
    Item,
    LegalBasis,
    LifeEvent,
    Member,
    Outcome,
    Period,
    Requirement,
    Step,
    Way,
    WayKind,
)
from yici.rules.levels import Level
from yici.rules.planner import CompiledEvent, PlanCache, compile_event
from yici.rules.words import Words

ITEMS, REQUIREMENTS = 8, 5  # 8 items with 5 requirements each: 40 (quality page)
ROUNDS, PER_ROUND = 25, 200
LONGEST_PLAN_MS = 0.2
LEAST_PLANS_A_SECOND = 5_000
BASIS = LegalBasis("示例法", "第一条", Level.NATIONAL_LAW)
DATA = Dataset(
    "facts",
    Words("示例数据", "Sample data"),
    "office",
    "county",
    Sharing.UNCONDITIONAL,
    {f"f{number}": Words("数据项", "field") for number in range(ITEMS * REQUIREMENTS)},
)


def parser(prog: str) -> argparse.ArgumentParser:
    """Return what `yici bench` understands."""
    made = argparse.ArgumentParser(prog, description="Measure against the bounds.")
    made.add_argument("what", nargs="?", choices=sorted(MEASURES), default="plan", help="what to measure")
    made.add_argument("--json", action="store_true", help="print one JSON document")
    made.add_argument("--scale", type=int, nargs="*", default=[10_000], help="ticket, cockpit: how many rows (10000)")
    made.add_argument("--sweep", type=int, default=0, metavar="N", help="ticket: add N overdue tickets and sweep them")
    made.add_argument("--seconds", type=float, default=8.0, help="ticket: how long each load lasts (8)")
    return made


def needs(arguments: argparse.Namespace) -> str:
    """Return what must run first: plans are made without a database."""
    return "nothing" if arguments.what == "plan" else "tables"


def run(arguments: argparse.Namespace) -> int:
    """Print the rows; 1 when a bound is missed."""
    rows = MEASURES[arguments.what](arguments)
    machine = f"{platform.machine()}, {platform.python_implementation()} {platform.python_version()}"
    if arguments.json:
        print(json.dumps({"machine": machine, "rows": rows}, ensure_ascii=False))
    else:
        for row in rows:
            print(f"{row['name']:34} {row['figure']:>10} {row['unit']:8} bound {row['bound']} {row['verdict']}")
    return 0 if all(row["verdict"] == "met" for row in rows) else 1


def plan_rows() -> list[dict[str, object]]:
    """Measure one whole explained plan, the bare decision and a cached plan of the same event."""
    event = sample_event()
    situations = [_situation(number) for number in range(PER_ROUND)]
    whole = _fastest_ms(lambda one: event.plan(*one), situations)
    bare = _fastest_ms(lambda one: event.decide(*one), situations)
    cache = PlanCache()
    cached = _fastest_ms(lambda one: cache.plan(event, *one), situations)
    scale = f"{ITEMS} items, {ITEMS * REQUIREMENTS} requirements"
    return [
        _row("plan, every reason included", scale, whole),
        _row("plan, decision only", scale, bare),
        _row("plan, situation seen before", scale, cached),
        {
            "name": "plans a second on one core",
            "scale": scale,
            "figure": round(1000 / whole),
            "unit": "1/s",
            "reference": "none",
            "bound": LEAST_PLANS_A_SECOND,
            "verdict": "met" if 1000 / whole >= LEAST_PLANS_A_SECOND else "missed",
        },
    ]


def _row(name: str, scale: str, figure_ms: float) -> dict[str, object]:
    verdict = "met" if figure_ms <= LONGEST_PLAN_MS else "missed"
    return {
        "name": name,
        "scale": scale,
        "figure": round(figure_ms, 4),
        "unit": "ms",
        "reference": "none",
        "bound": LONGEST_PLAN_MS,
        "verdict": verdict,
    }


MEASURES: dict[str, Callable[[argparse.Namespace], list[dict[str, object]]]] = {
    "cockpit": lambda told: cockpit_rows(max(told.scale)),
    "plan": lambda _: plan_rows(),
    "lookup": lambda _: look_up_rows(),
    "replay": lambda _: replay_rows(),
    "submission": lambda _: submission_rows(),
    "ticket": lambda told: ticket_rows(tuple(told.scale), told.sweep, told.seconds),
}


Situation = tuple[Mapping[str, object], Mapping[str, str]]


def _fastest_ms(answer: Callable[[Situation], object], situations: list[Situation]) -> float:
    """Return the median over the rounds of processor milliseconds a plan; other people's load is not our work."""
    rounds = []
    for _ in range(ROUNDS):
        begun = time.process_time()
        for one in situations:
            answer(one)
        rounds.append((time.process_time() - begun) * 1000 / len(situations))
    return statistics.median(rounds)


def _situation(number: int) -> Situation:
    """Return different answers and holdings for each number, so that nothing is answered from memory."""
    answers = {f"q{bit}": bool(number >> bit & 1) for bit in range(ITEMS)}
    holdings = {f"facts.f{one}": "missing" for one in range(ITEMS * REQUIREMENTS) if (number * 7 + one) % 11 == 0}
    return answers, {"*": "available", "assurance": Assurance.REAL_NAME, **holdings}


def sample_event() -> CompiledEvent:
    """Return a compiled event of 8 items in four pairs, each second item waiting for the first."""
    items = {f"item{number}": _item(number) for number in range(ITEMS)}
    members = tuple(Member(key, after=(f"item{number - 1}",) if number % 2 else ()) for number, key in enumerate(items))
    event = LifeEvent("sample", Words("示例", "Sample"), Words("", ""), "office", ("natural",), members)
    catalogue = Catalogue(items=items, events={"sample": event}, datasets={"facts": DATA})
    return compile_event(event, catalogue)


def _item(number: int) -> Item:
    question = Element(f"q{number}", Words("问", "Q"), Words("问？", "Q?"), ElementKind.BOOL)
    steps = tuple(
        Step(f"s{place}", Words("环节", "Step"), "", post, 1, 2, after=(f"s{place - 1}",) if place else ())
        for place, post in enumerate(("window", "reviewer", "decider"))
    )
    return Item(
        key=f"item{number}",
        code=f"33070100{number:04d}",
        name=Words("事项", "Item"),
        type="07",
        level="4",
        organisation="office",
        audience=("natural",),
        immediate=False,
        channels=("web",),
        scope="county",
        power_source="1",
        bases=(BASIS,),
        statutory=Period(6),
        promised=Period(3),
        fee=Fee(0),
        standardised=True,
        questions=(question,),
        requirements=tuple(_requirement(number, place) for place in range(REQUIREMENTS)),
        presences=(),
        steps=steps,
        outcome=Outcome(),
    )


def _requirement(item: int, place: int) -> Requirement:
    target = f"facts.f{item * REQUIREMENTS + place}"
    return Requirement(
        key=f"r{place}",
        name=Words("材料", "Paper"),
        proves=f"p{item}_{place}",
        basis=BASIS,
        ways=(Way(WayKind.DATA, target), Way(WayKind.ORIGINAL, target)),
        when=f"q{item}" if place % 2 else "true",
    )
