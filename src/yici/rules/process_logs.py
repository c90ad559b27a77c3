"""Reads the history of another system: what steps there were, how long they took, what came back, what was late.

An event log has one row for each activity of a case (IEEE 1849, XES; W. van der Aalst, Process Mining, 2016). Logs of
most systems say only when an activity was *completed*. The time since the activity before is then work and waiting
together, and is called waiting here when it passes from one person to another: nobody works on a case in between
two people. A loop is an activity that a case goes through again; a case is late when it ends after its deadline.
"""

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median
from typing import NamedTuple

from yici.rules.refusals import Refusal

HOUR = timedelta(hours=1)
MOST_NAMED = 20
# Up to so many days, the last band beyond: the bands in which lengths of cases are counted, to lay logs side by side.
BANDS = (1, 2, 3, 5, 10, 15, 20, 30, 60, 90, 180)


class CannotReadLog(Refusal):
    """A row of a process log that cannot be read as one."""


class Event(NamedTuple):
    """One completed activity. ``deadline`` is that of the case, None when there is none; "" where nobody is named."""

    case: str
    activity: str
    moment: datetime
    resource: str = ""
    deadline: datetime | None = None


@dataclass(frozen=True, slots=True)
class Activity:
    """One step. ``hours``: median since the activity before; ``total_hours``: sum; ``repeats``: done again."""

    name: str
    events: int
    cases: int
    repeats: int
    hours: float
    total_hours: float


@dataclass(frozen=True, slots=True)
class HandOver:
    """Work passing from one person to another. ``hours`` are medians; ``late_hours``: sum in cases that were late."""

    giver: str
    taker: str
    count: int
    hours: float
    total_hours: float
    late_hours: float


@dataclass(frozen=True, slots=True)
class Variant:
    """One order of activities, and how many cases went that way."""

    activities: tuple[str, ...]
    cases: int


@dataclass(frozen=True, slots=True)
class ProcessReport:
    """What a log says. Hours are clock hours, nights and rest days included.

    ``waiting_hours``: between two people; ``hours``: median of a whole case. ``late`` counts cases among
    ``with_deadline``; ``hours_late`` is the median of those. ``hand_overs``: those with most hours in late cases first.
    ``main``: those that happen most.
    ``spread``: cases in each of ``BANDS`` of days, and one band more for those that took longer.
    """

    cases: int
    events: int
    hours: float
    waiting_hours: float
    total_hours: float
    with_deadline: int
    late: int
    hours_late: float
    cases_with_loops: int
    repeats: int
    activities: tuple[Activity, ...]
    hand_overs: tuple[HandOver, ...]
    variants: tuple[Variant, ...]
    spread: tuple[int, ...]
    main: tuple[HandOver, ...]

    @property
    def late_share(self) -> float | None:
        """Share of the cases with a deadline that ended after it; None when no case had one."""
        return self.late / self.with_deadline if self.with_deadline else None


class _Pass(NamedTuple):
    """The way from one event of a case to the next."""

    giver: str
    taker: str
    activity: str
    hours: float
    is_late: bool


def report(events: Iterable[Event]) -> ProcessReport:
    """Return the report of a log, in whatever order its rows come; events of one moment keep the order of the log.

    Raises CannotReadLog for an empty log.
    """
    cases = _by_case(events)
    if not cases:
        raise CannotReadLog(zh="日志里没有任何记录。", en="The log has no row.")
    late = {key: over for key, rows in cases.items() if (over := _hours_over(rows)) is not None}
    passes = [one for key, rows in cases.items() for one in _passes(rows, late.get(key, 0.0) > 0)]
    lengths = [_hours(rows[-1].moment - rows[0].moment) for rows in cases.values()]
    repeats = [_repeats(rows) for rows in cases.values()]
    handed = _hand_overs(passes)
    hours_late = [over for over in late.values() if over > 0]
    return ProcessReport(
        cases=len(cases),
        events=sum(map(len, cases.values())),
        hours=median(lengths),
        waiting_hours=sum(one.hours for one in passes if one.giver != one.taker),
        total_hours=sum(lengths),
        with_deadline=len(late),
        late=len(hours_late),
        hours_late=median(hours_late) if hours_late else 0.0,
        cases_with_loops=sum(1 for some in repeats if some),
        repeats=sum(sum(some.values()) for some in repeats),
        activities=_activities(cases, passes, repeats),
        hand_overs=tuple(sorted(handed, key=_lateness)[:MOST_NAMED]),
        variants=_variants(cases),
        spread=_spread(lengths),
        main=tuple(sorted(handed, key=lambda one: (-one.count, one.giver, one.taker))[:MOST_NAMED]),
    )


def _spread(lengths: Iterable[float]) -> tuple[int, ...]:
    """Return how many of the lengths (hours) lie in each band of days.

    >>> _spread([3.0, 24.0, 25.0, 24 * 400])[:2], sum(_spread([24 * 400.0]))
    ((2, 1), 1)
    """
    counts = Counter(bisect_left(BANDS, hours / 24) for hours in lengths)
    return tuple(counts[place] for place in range(len(BANDS) + 1))


def _by_case(events: Iterable[Event]) -> dict[str, list[Event]]:
    cases: dict[str, list[Event]] = defaultdict(list)
    for event in events:
        cases[event.case].append(event)
    for rows in cases.values():
        rows.sort(key=lambda event: event.moment)  # stable: equal moments stay as the log has them
    return dict(cases)


def _hours(span: timedelta) -> float:
    return span / HOUR


def _hours_over(rows: Sequence[Event]) -> float | None:
    """Return by how many hours a case ended after its last known deadline, negative when before; None without one."""
    deadlines = [event.deadline for event in rows if event.deadline is not None]
    return _hours(rows[-1].moment - deadlines[-1]) if deadlines else None


def _passes(rows: Sequence[Event], is_late: bool) -> list[_Pass]:
    return [
        _Pass(one.resource, other.resource, other.activity, _hours(other.moment - one.moment), is_late)
        for one, other in pairwise(rows)
    ]


def _repeats(rows: Sequence[Event]) -> Counter[str]:
    """Return how often each activity was gone through again; the same activity twice in a row counts as well."""
    return Counter({name: count - 1 for name, count in Counter(event.activity for event in rows).items() if count > 1})


def _activities(
    cases: Mapping[str, Sequence[Event]], passes: Sequence[_Pass], repeats: Sequence[Counter[str]]
) -> tuple[Activity, ...]:
    events = Counter(event.activity for rows in cases.values() for event in rows)
    within = Counter(name for rows in cases.values() for name in {event.activity for event in rows})
    again = sum(repeats, Counter[str]())
    hours: dict[str, list[float]] = defaultdict(list)
    for one in passes:
        hours[one.activity].append(one.hours)
    found = [
        Activity(name, count, within[name], again[name], median(hours[name] or [0.0]), sum(hours[name]))
        for name, count in events.items()
    ]
    return tuple(sorted(found, key=lambda one: (-one.events, one.name)))


def _lateness(one: HandOver) -> tuple[float, float, str, str]:
    return -one.late_hours, -one.total_hours, one.giver, one.taker


def _hand_overs(passes: Sequence[_Pass]) -> list[HandOver]:
    between: dict[tuple[str, str], list[_Pass]] = defaultdict(list)
    for one in passes:
        if one.giver != one.taker:
            between[one.giver, one.taker].append(one)
    return [
        HandOver(
            giver,
            taker,
            len(some),
            median(one.hours for one in some),
            sum(one.hours for one in some),
            sum(one.hours for one in some if one.is_late),
        )
        for (giver, taker), some in between.items()
    ]


def _variants(cases: Mapping[str, Sequence[Event]]) -> tuple[Variant, ...]:
    ways = Counter(tuple(event.activity for event in rows) for rows in cases.values())
    found = sorted(ways.items(), key=lambda one: (-one[1], one[0]))
    return tuple(Variant(way, count) for way, count in found[:MOST_NAMED])
