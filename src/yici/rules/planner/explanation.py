"""Puts a decision together with its reasons: the whole plan as a person reads it."""

from collections.abc import Sequence
from dataclasses import dataclass

from yici.rules.items import Assurance, Stage
from yici.rules.planner.deciding import Reckoning
from yici.rules.planner.effort import effort_before, effort_now
from yici.rules.planner.options import options_of
from yici.rules.planner.ordering import starts_of
from yici.rules.planner.parts import places_in
from yici.rules.planner.reasons import conflicts_of, reasons_of
from yici.rules.planner.rows import Rows, remote_place
from yici.rules.planner.tables import Act
from yici.rules.planner.timing import Timing
from yici.rules.planner.visits import Visits
from yici.rules.plans import UNMET, Availability, Cause, Decision, EvidenceStatus, Plan, PlannedItem, PlannedStep, Visit
from yici.rules.words import Words


@dataclass(frozen=True, slots=True)
class Asker:
    """What the explanation needs of the person and the place, besides what decides."""

    statuses: tuple[Availability, ...]
    account: Assurance
    region: str
    place: Words


def explain(
    rows: Rows,
    decided: tuple[Decision, Reckoning, Visits],
    asker: Asker,
    questions: tuple[str, ...],
    with_options: bool,
) -> Plan:
    """Return the plan of a decision."""
    decision, reckoning, visits = decided
    tables = rows.tables
    evidence = rows.evidence(reckoning.ways, asker.statuses)
    waited = starts_of([timing.total if timing else 0 for timing in reckoning.timings], reckoning.waits)
    detail = _visits(rows, reckoning, visits, asker, waited) if visits else ()
    items, steps, path = _calendar(rows, reckoning)
    before = effort_before(tables, reckoning)
    after = effort_now(reckoning, visits, before)
    conflicts = conflicts_of(tables, reckoning, visits, _names(rows, reckoning)) if len(visits) > 1 else []
    return Plan(
        event=tables.event.key,
        region=asker.region,
        mode=decision.mode,
        visits=decision.visits,
        visits_at_most=decision.visits_at_most,
        visits_detail=detail,
        bring=tuple([row for row in evidence if row.status is EvidenceStatus.ORIGINAL and row.same_as is None]),
        evidence=tuple(evidence),
        items=items,
        steps=steps,
        days=decision.days,
        path=path,
        questions=questions,
        before=before,
        after=after,
        saving=before - after,
        options=options_of(tables, reckoning, visits, asker.account) if with_options else (),
        reasons=reasons_of(decision, items, detail, conflicts),
        special_days=max(map(_finish, waited, reckoning.timings)) - decision.days,
        remote=_remote(rows, reckoning, waited),
    )


def _finish(start: int, timing: Timing | None) -> int:
    return start + timing.total if timing else 0


def _visits(rows: Rows, reckoning: Reckoning, visits: Visits, asker: Asker, waited: Sequence[int]) -> tuple[Visit, ...]:
    causes = _causes(rows, reckoning, asker)
    days = {act.act: _day(act, reckoning, waited) for act in rows.tables.acts if act.act & reckoning.acts}
    return tuple(
        Visit(
            place=place,
            earliest_day=max([day for act, day in days.items() if act & acts], default=0),
            causes=tuple([cause for act, cause in causes if act & acts]),
        )
        for place, acts in visits
    )


def _causes(rows: Rows, reckoning: Reckoning, asker: Asker) -> list[tuple[int, Cause]]:
    """Return each act with its cause; a paper asked by several items is shown for the first of them."""
    acts = [act for act in rows.tables.acts if act.act and act.bit & reckoning.applying]
    causes = [(act.act, rows.act_cause(act)) for act in acts]
    for act, place in _shown(rows, reckoning).items():
        causes.append((act, rows.paper_cause(place, reckoning.ways[place], asker.statuses, asker.place)))
    return causes


def _shown(rows: Rows, reckoning: Reckoning) -> dict[int, int]:
    """Return, for each paper to show, the first requirement that asks for it; one that can be met goes before."""
    met: dict[int, int] = {}
    unmet: dict[int, int] = {}
    for place, (row, way) in enumerate(zip(rows.tables.rows, reckoning.ways, strict=True)):
        if row[4] and way == row[3]:
            (unmet if way == UNMET else met).setdefault(row[4], place)
    return {act: met.get(act, place) for act, place in sorted({**unmet, **met}.items())}


def _names(rows: Rows, reckoning: Reckoning) -> dict[int, Words]:
    names = {act.act: act.presence.name for act in rows.tables.acts}
    return names | {act: rows.tables.asked[place].requirement.name for act, place in _shown(rows, reckoning).items()}


def _day(act: Act, reckoning: Reckoning, waited: Sequence[int]) -> int:
    timing, stage = reckoning.timings[act.item], act.presence.stage
    if timing is None or stage is Stage.APPLY:
        return 0
    return waited[act.item] + (timing.total if stage is Stage.COLLECT else timing.lags[act.lag])


def _remote(rows: Rows, reckoning: Reckoning, waited: Sequence[int]) -> tuple[Visit, ...]:
    acts = [act for act in rows.remote if act.bit & reckoning.applying]
    return tuple(Visit(remote_place(act), _day(act, reckoning, waited), (rows.act_cause(act),)) for act in acts)


def _calendar(
    rows: Rows, reckoning: Reckoning
) -> tuple[tuple[PlannedItem, ...], tuple[PlannedStep, ...], tuple[PlannedStep, ...]]:
    """Return the items, their steps, and the steps of one critical path, all on the axis of promised days."""
    items: list[PlannedItem] = []
    steps: list[PlannedStep] = []
    by_item: dict[int, tuple[PlannedStep, ...]] = {}
    tails = _tails(reckoning)
    for place, (timing, start) in enumerate(zip(reckoning.timings, reckoning.starts, strict=True)):
        if timing is not None:
            finish = start + timing.days
            items.append(rows.item(place, start, finish, reckoning.waits[place]))
            critical = finish + tails[place] == reckoning.days
            by_item[place] = rows.steps(place, start, reckoning.applying, critical)
            steps += by_item[place]
    return tuple(items), tuple(steps), _path(rows, reckoning, by_item)


def _tails(reckoning: Reckoning) -> list[int]:
    """Return, for each item, the longest row of promised days of items that wait for it."""
    tails = [0] * len(reckoning.starts)
    for place in reversed(range(len(tails))):
        timing = reckoning.timings[place]
        lasting = tails[place] + (timing.days if timing else 0)
        for other in places_in(reckoning.waits[place]):
            tails[other] = max(tails[other], lasting)
    return tails


def _path(rows: Rows, reckoning: Reckoning, by_item: dict[int, tuple[PlannedStep, ...]]) -> tuple[PlannedStep, ...]:
    """Return one longest chain of steps, back from the item that ends last; the first items win among equals."""
    finishes = {place: start + timing.days for place, start, timing in _timed(reckoning)}
    chain: list[PlannedStep] = []
    place = next((place for place in finishes if finishes[place] == reckoning.days), None)
    while place is not None:
        timing = reckoning.timings[place]
        bits = rows.tables.entries[place].graph.bits
        present = [at for at, bit in enumerate(bits) if reckoning.applying & bit]
        wanted = timing.chain if timing else ()
        chain = [step for at, step in zip(present, by_item[place], strict=True) if at in wanted] + chain
        start = reckoning.starts[place]
        waits = reckoning.waits[place]
        place = next((other for other in finishes if waits >> other & 1 and finishes[other] == start), None)
    return tuple(chain)


def _timed(reckoning: Reckoning) -> list[tuple[int, int, Timing]]:
    both = enumerate(zip(reckoning.starts, reckoning.timings, strict=True))
    return [(place, start, timing) for place, (start, timing) in both if timing is not None]
