"""Lays the items of an event on the axis of working days, in one situation."""

from collections.abc import Sequence
from typing import NamedTuple

from yici.rules.planner.parts import places_in
from yici.rules.planner.tables import MOST_REMEMBERED, Tables
from yici.rules.planner.timing import Timing


class Ancestry:
    """For one item, the items from whose start or end a chain leads to its start, and those where it takes time."""

    __slots__ = ("from_end", "from_start", "later_than_end", "later_than_start")

    def __init__(self) -> None:
        self.from_start = self.from_end = self.later_than_start = self.later_than_end = 0


class Calendar(NamedTuple):
    """The days of an event. Tuples follow the order of its items; ``items`` are the bits of those that apply.

    ``timings``: the days inside each item, None where it does not apply; ``waits``: the items it waits for;
    ``starts``: the promised working day on which it can start, ``waited``: the same with special procedures;
    ``tails``: promised days of the longest row of items after it; ``days`` and ``special_days``: see ``Plan``.
    """

    items: int
    timings: tuple[Timing | None, ...]
    waits: tuple[int, ...]
    starts: tuple[int, ...]
    waited: tuple[int, ...]
    tails: tuple[int, ...]
    days: int
    special_days: int
    ancestries: tuple[Ancestry, ...]


def calendar_of(tables: Tables, applying: int, results: Sequence[int]) -> Calendar:
    """Return the calendar of these applying parts, when each item waits for the ``results`` of these others too."""
    key = (applying & tables.in_calendar, *results)
    calendar = tables.calendars.get(key)
    if calendar is None:
        if len(tables.calendars) >= MOST_REMEMBERED:
            tables.calendars.clear()
        calendar = tables.calendars[key] = _compute(tables, applying, results)
    return calendar


def _compute(tables: Tables, applying: int, results: Sequence[int]) -> Calendar:
    items = tables.items_in(applying)
    timings = [entry.graph.timing(applying) if applying & entry.bit else None for entry in tables.entries]
    waits = [
        (entry.after | results[place]) & items if applying & entry.bit else 0
        for place, entry in enumerate(tables.entries)
    ]
    days = [timing.days if timing else 0 for timing in timings]
    total = [timing.total if timing else 0 for timing in timings]
    starts, waited = starts_of(days, waits), starts_of(total, waits)
    promised = max(start + lasting for start, lasting in zip(starts, days, strict=True))
    return Calendar(
        items=items,
        timings=tuple(timings),
        waits=tuple(waits),
        starts=tuple(starts),
        waited=tuple(waited),
        tails=tuple(_tails(days, waits)),
        days=promised,
        special_days=max(start + lasting for start, lasting in zip(waited, total, strict=True)) - promised,
        ancestries=tuple(_ancestries(timings, waits)),
    )


def starts_of(days: Sequence[int], waits: Sequence[int]) -> list[int]:
    """Return the day on which each item can start, when each takes its ``days`` and waits for others.

    >>> starts_of([3, 2, 1], [0, 1, 3])
    [0, 3, 5]
    """
    starts = [0] * len(days)
    for place, waited_for in enumerate(waits):
        if waited_for:
            starts[place] = max([starts[other] + days[other] for other in places_in(waited_for)])
    return starts


def _tails(days: Sequence[int], waits: Sequence[int]) -> list[int]:
    tails = [0] * len(days)
    for place in reversed(range(len(days))):
        for other in places_in(waits[place]):
            tails[other] = max(tails[other], tails[place] + days[place])
    return tails


def _ancestries(timings: Sequence[Timing | None], waits: Sequence[int]) -> list[Ancestry]:
    ancestries: list[Ancestry] = []
    for item, timing in enumerate(timings):
        line = Ancestry()
        for place in places_in(waits[item]) if timing is not None else ():
            lowest = 1 << place
            other, waited_for = ancestries[place], timings[place]
            line.from_start |= other.from_start | lowest
            line.from_end |= other.from_end | lowest
            if waited_for is not None and waited_for.total:
                line.later_than_start |= other.from_start | lowest
                line.later_than_end |= other.from_end
            else:
                line.later_than_start |= other.later_than_start
                line.later_than_end |= other.later_than_end
        ancestries.append(line)
    return ancestries
