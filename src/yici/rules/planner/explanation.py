"""Puts a decision together with its reasons: the whole plan as a person reads it."""

from dataclasses import dataclass

from yici.rules.items import Assurance, Stage
from yici.rules.planner.calendar import Calendar
from yici.rules.planner.deciding import Reckoning
from yici.rules.planner.effort import effort_before, effort_now
from yici.rules.planner.options import options_of
from yici.rules.planner.reasons import conflicts_of, reasons_of
from yici.rules.planner.rows import Rows, remote_place
from yici.rules.planner.tables import Act
from yici.rules.planner.visits import Visits
from yici.rules.plans import UNMET, Availability, Cause, Decision, Evidence, EvidenceStatus, Plan, Visit
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
    evidence = rows.evidence(reckoning, asker.statuses)
    detail = _visits(rows, reckoning, visits, asker) if visits else ()
    items, steps, path = rows.calendar(reckoning.applying, reckoning.calendar)
    before = rows.line(("before", reckoning.present), effort_before, tables, reckoning)
    after = effort_now(reckoning, visits, before)
    conflicts = conflicts_of(reckoning, visits, _names(rows, reckoning)) if len(visits) > 1 else []
    return Plan(
        event=tables.event.key,
        region=asker.region,
        mode=decision.mode,
        visits=decision.visits,
        visits_at_most=decision.visits_at_most,
        visits_detail=detail,
        bring=_brought(evidence) if reckoning.shown else (),
        evidence=tuple(evidence),
        items=items,
        steps=steps,
        days=decision.days,
        path=path,
        questions=questions,
        before=before,
        after=after,
        saving=before - after,
        options=options_of(rows, reckoning, visits, asker.account) if with_options and visits else (),
        reasons=reasons_of(decision, items, detail, conflicts),
        special_days=reckoning.calendar.special_days,
        remote=_remote(rows, reckoning) if reckoning.applying & rows.remote_parts else (),
    )


def _brought(evidence: list[Evidence]) -> tuple[Evidence, ...]:
    return tuple([row for row in evidence if row.status is EvidenceStatus.ORIGINAL and row.same_as is None])


def _visits(rows: Rows, reckoning: Reckoning, visits: Visits, asker: Asker) -> tuple[Visit, ...]:
    causes = _causes(rows, reckoning, asker)
    return tuple(
        [
            Visit(
                place=place,
                earliest_day=max([day for act, day, _ in causes if act & acts]),
                causes=tuple([cause for act, _, cause in causes if act & acts]),
            )
            for place, acts in visits
        ]
    )


def _causes(rows: Rows, reckoning: Reckoning, asker: Asker) -> list[tuple[int, int, Cause]]:
    """Return each act with its earliest day and cause; a paper for several items is shown for the first of them."""
    causes = [
        (act.act, _day(act, reckoning.calendar), rows.causes[act.bit])
        for act in rows.visited
        if act.bit & reckoning.applying
    ]
    for act, place in _shown(rows, reckoning).items():
        causes.append((act, 0, rows.paper_cause(place, reckoning.ways[place], asker.statuses, asker.place)))
    return causes


def _shown(rows: Rows, reckoning: Reckoning) -> dict[int, int]:
    """Return, for each paper to show, the first requirement that asks for it; one that can be met goes before."""
    met: dict[int, int] = {}
    unmet: dict[int, int] = {}
    for place in reckoning.shown:
        paper = rows.tables.asked[place]
        (unmet if paper.last == UNMET else met).setdefault(paper.act, place)
    return {act: met.get(act, place) for act, place in sorted({**unmet, **met}.items())}


def _names(rows: Rows, reckoning: Reckoning) -> dict[int, Words]:
    names = {act.act: act.presence.name for act in rows.visited}
    return names | {act: rows.tables.asked[place].requirement.name for act, place in _shown(rows, reckoning).items()}


def _day(act: Act, calendar: Calendar) -> int:
    timing, stage = calendar.timings[act.item], act.presence.stage
    if timing is None or stage is Stage.APPLY:
        return 0
    return calendar.waited[act.item] + (timing.total if stage is Stage.COLLECT else timing.lags[act.lag])


def _remote(rows: Rows, reckoning: Reckoning) -> tuple[Visit, ...]:
    parts = reckoning.applying & (rows.remote_parts | rows.tables.in_calendar)
    return rows.line(("remote", parts, reckoning.calendar.waits), _remote_visits, rows, reckoning)


def _remote_visits(rows: Rows, reckoning: Reckoning) -> tuple[Visit, ...]:
    acts = [act for act in rows.remote if act.bit & reckoning.applying]
    return tuple([Visit(remote_place(act), _day(act, reckoning.calendar), (rows.causes[act.bit],)) for act in acts])
