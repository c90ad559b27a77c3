"""Decides one situation of an event: the ways that work, what is left for the person, the days, the visits."""

from collections.abc import Sequence
from typing import NamedTuple

from yici.rules.items import Stage
from yici.rules.planner.ordering import order_of, starts_of
from yici.rules.planner.tables import PresenceRow, Tables, Try
from yici.rules.planner.timing import Timing
from yici.rules.planner.visits import Visits, Waiting, least_visits
from yici.rules.plans import NOT_ASKED, OPEN, Decision, Mode


class Situation(NamedTuple):
    """What matters of a person: the parts that apply, those undecided, the holdings that can be used, the account."""

    applying: int  # also what the account makes unnecessary
    unknown: int
    usable: int
    waived: int


class Reckoning(NamedTuple):
    """One situation worked out: the decided part, or everything that is still possible.

    ``applying``: bits of the parts; ``present``: the same with presences that the account makes unnecessary;
    ``items``: bits of the items; ``ways``: see ``Decision``; ``papers`` and ``acts``: bits of both; for each item its
    ``timings``, the items it ``waits`` for, and its ``starts`` in promised working days; ``order``: the acts that wait.
    """

    applying: int
    present: int
    items: int
    ways: list[int]
    papers: int
    acts: int
    timings: list[Timing | None]
    waits: list[int]
    starts: list[int]
    days: int
    order: list[Waiting]


class Choice(NamedTuple):
    """What one pass over the requirements and presences leaves, the acts listed by what they must precede."""

    ways: list[int]
    papers: int
    acts: int
    waits: list[int]
    before_start: list[int]
    before_end: list[int]
    waiting: list[PresenceRow]


def decide(tables: Tables, situation: Situation) -> tuple[Decision, Reckoning, Visits]:
    """Return the decision, and what it rests on."""
    reckoning = reckon(tables, situation)
    visits = least_visits(reckoning.acts, tables.places, reckoning.order)
    at_most = len(visits)
    if situation.unknown & ~situation.waived:
        worst = reckon(tables, situation, worst=True)
        at_most = len(least_visits(worst.acts, tables.places, worst.order))
    decision = Decision(
        mode=_mode(tables, reckoning.applying, len(visits)),
        visits=len(visits),
        visits_at_most=at_most,
        days=reckoning.days,
        papers=reckoning.papers.bit_count(),
        ways=tuple(reckoning.ways),
    )
    return decision, reckoning, visits


def _mode(tables: Tables, applying: int, visits: int) -> Mode:
    """Return the service mode; where an item is not standardised no machine may promise anything."""
    if applying & tables.not_standardised:
        return Mode.ONE_WINDOW
    return (Mode.ZERO, Mode.ONCE, Mode.BREACH)[min(visits, 2)]


def reckon(tables: Tables, situation: Situation, *, worst: bool = False) -> Reckoning:
    """Work out the decided part, or the worst that may still come.

    The worst case takes every undecided part as applying, and where a way depends on an undecided item it takes both
    the wait for that item and what comes instead. No completion of the answers is heavier: each has a part of these
    acts and a part of these waits, and leaving out either never adds a visit. The decided part leaves such a way open:
    it takes neither.
    """
    applying, unknown = situation.applying & ~situation.waived, situation.unknown & ~situation.waived
    certain, doubtful = _items(tables, applying), _items(tables, unknown) if unknown else 0
    if worst:
        applying |= unknown
    items = certain | doubtful if worst else certain
    choice = _choose(tables, applying, certain | situation.usable, doubtful, worst)
    timings: list[Timing | None] = []
    for place, entry in enumerate(tables.entries):
        timings.append(entry.graph.timing(applying) if items >> place & 1 else None)
        choice.waits[place] = (choice.waits[place] | entry.after) & items if timings[-1] else 0
    days = [timing.days if timing else 0 for timing in timings]
    starts = starts_of(days, choice.waits)
    order = order_of(choice.waiting, timings, choice.waits, choice.before_start, choice.before_end)
    return Reckoning(
        applying=applying,
        present=situation.applying,
        items=items,
        ways=choice.ways,
        papers=choice.papers,
        acts=choice.acts,
        timings=timings,
        waits=choice.waits,
        starts=starts,
        days=max(start + lasting for start, lasting in zip(starts, days, strict=True)),
        order=order,
    )


def _items(tables: Tables, parts: int) -> int:
    items = 0
    for place, entry in enumerate(tables.entries):
        if parts & entry.bit:
            items |= 1 << place
    return items


def _choose(tables: Tables, applying: int, works: int, doubtful: int, worst: bool) -> Choice:
    count = len(tables.entries)
    choice = Choice([], 0, 0, [0] * count, [0] * count, [0] * count, [])
    ways, papers, acts = choice.ways, 0, 0
    for bit, item, tries, last, act, late, paper in tables.rows:
        if not applying & bit:
            ways.append(NOT_ASKED)
            continue
        way, waits = _first_working(tries, works, doubtful, worst) if tries else (_NONE, 0)
        choice.waits[item] |= waits
        if way != _NONE:
            ways.append(way)
            continue
        ways.append(last)
        papers |= paper
        acts |= act
        (choice.before_end if late else choice.before_start)[item] |= act
    return choice._replace(papers=papers, acts=acts | _presences(tables, applying, choice))


_NONE = -9


def _first_working(tries: Sequence[Try], works: int, doubtful: int, worst: bool) -> tuple[int, int]:
    waits = 0
    for needed, way, waited_for in tries:
        if works & needed:
            return way, waits | waited_for
        if doubtful & needed:
            if not worst:
                return OPEN, 0
            waits |= waited_for
    return _NONE, waits


def _presences(tables: Tables, applying: int, choice: Choice) -> int:
    acts = 0
    for row in tables.visit_rows:
        bit, act, item, stage, _ = row
        if applying & bit:
            acts |= act
            if stage is Stage.APPLY:
                choice.before_start[item] |= act
            else:
                choice.waiting.append(row)
                if stage is Stage.REVIEW:
                    choice.before_end[item] |= act
    return acts
