"""Decides one situation of an event: the ways that work, what is left for the person, the days, the visits."""

from collections.abc import Sequence
from typing import NamedTuple

from yici.rules.items import Stage
from yici.rules.planner.calendar import Calendar, calendar_of
from yici.rules.planner.ordering import order_of
from yici.rules.planner.tables import PresenceRow, Tables, Try
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
    ``ways``: see ``Decision``; ``papers`` and ``acts``: bits of both; ``shown``: the requirements whose paper has to
    be shown; ``order``: the acts that wait.
    """

    applying: int
    present: int
    ways: list[int]
    papers: int
    acts: int
    shown: list[int]
    calendar: Calendar
    order: list[Waiting]


class Choice(NamedTuple):
    """What one pass over the requirements and presences leaves, the acts listed by what they must precede."""

    ways: list[int]
    papers: int
    acts: int
    shown: list[int]
    results: list[int]  # for each item, the others whose results it uses
    before_start: list[int]
    before_end: list[int]
    waiting: list[PresenceRow]


def decide(tables: Tables, situation: Situation) -> tuple[Decision, Reckoning, Visits]:
    """Return the decision, and what it rests on."""
    reckoning = reckon(tables, situation)
    visits = least_visits(reckoning.acts, tables.places, reckoning.order)
    at_most, days_at_most = len(visits), reckoning.calendar.days
    if situation.unknown & ~situation.waived:
        worst = reckon(tables, situation, worst=True)
        at_most, days_at_most = len(least_visits(worst.acts, tables.places, worst.order)), worst.calendar.days
    decision = Decision(
        mode=_mode(tables, reckoning.applying, len(visits)),
        visits=len(visits),
        visits_at_most=at_most,
        days=reckoning.calendar.days,
        days_at_most=days_at_most,
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
    certain, doubtful = tables.items_in(applying), tables.items_in(unknown) if unknown else 0
    if worst:
        applying |= unknown
    choice = _choose(tables, applying, certain | situation.usable, doubtful, worst)
    calendar = calendar_of(tables, applying, choice.results)
    order = order_of(choice.waiting, calendar, choice.before_start, choice.before_end) if choice.waiting else []
    return Reckoning(
        applying, situation.applying, choice.ways, choice.papers, choice.acts, choice.shown, calendar, order
    )


def _choose(tables: Tables, applying: int, works: int, doubtful: int, worst: bool) -> Choice:
    count = len(tables.entries)
    ways, shown, results = [NOT_ASKED] * len(tables.rows), list[int](), [0] * count
    before_start, before_end = [0] * count, [0] * count
    papers = acts = 0
    for place, (_, item, tries, last, act, late, paper) in tables.rows_in(applying):
        if tries:
            way, waits = _first_working(tries, works, doubtful, worst)
            results[item] |= waits
            if way != _NONE:
                ways[place] = way
                continue
        ways[place] = last
        papers |= paper
        if act:
            acts |= act
            shown.append(place)
            (before_end if late else before_start)[item] |= act
    presences, waiting = _presences(tables, applying, before_start, before_end)
    return Choice(ways, papers, acts | presences, shown, results, before_start, before_end, waiting)


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


def _presences(
    tables: Tables, applying: int, before_start: list[int], before_end: list[int]
) -> tuple[int, list[PresenceRow]]:
    """Note what the presences come before; return their acts, and those that wait."""
    acts, waiting = 0, list[PresenceRow]()
    for row in tables.visit_rows:
        bit, act, item, stage, _ = row
        if applying & bit:
            acts |= act
            if stage is Stage.APPLY:
                before_start[item] |= act
            else:
                waiting.append(row)
                if stage is Stage.REVIEW:
                    before_end[item] |= act
    return acts, waiting
