"""Queues of a hall: what may be done with a ticket, who is called next, who does not come, how long one waits."""

import math
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from statistics import quantiles
from typing import NamedTuple

from yici.rules.refusals import Refusal
from yici.rules.words import Words


class CannotQueue(Refusal):
    """A ticket or an appointment cannot be had, or not be used, like this."""


class TicketState(StrEnum):
    """Where a ticket of the queue stands; ``transferred`` waits as well, in another queue, with its old place."""

    WAITING = "waiting"
    TRANSFERRED = "transferred"
    CALLED = "called"
    SERVING = "serving"
    SKIPPED = "skipped"
    DONE = "done"
    NO_SHOW = "no_show"
    CLOSED = "closed"  # the hall closed before it was called: not the person's fault, so never a no-show

    @property
    def words(self) -> Words:
        """Return the state as people read it."""
        return _STATE_WORDS[self]


_STATE_WORDS = {
    TicketState.WAITING: Words("等候中", "Waiting"),
    TicketState.TRANSFERRED: Words("已转队，等候中", "Moved to another queue, waiting"),
    TicketState.CALLED: Words("正在叫号", "Called"),
    TicketState.SERVING: Words("办理中", "At the window"),
    TicketState.SKIPPED: Words("已过号", "Passed over"),
    TicketState.DONE: Words("已办结", "Served"),
    TicketState.NO_SHOW: Words("未到场", "Did not come"),
    TicketState.CLOSED: Words("当日已结束", "The day ended"),
}
IN_LINE = frozenset({TicketState.WAITING, TicketState.TRANSFERRED})
AT_WINDOW = frozenset({TicketState.CALLED, TicketState.SERVING})
SET_ASIDE = frozenset({TicketState.SKIPPED, TicketState.NO_SHOW})


class Priority(StrEnum):
    """How a ticket is called. Why somebody has priority (age, pregnancy, service) is not kept: nobody needs it."""

    ORDINARY = "ordinary"
    PRIORITY = "priority"
    ACCESSIBLE = "accessible"  # the low counter with a writing pad (accessibility law 2023, art. 40)


class QueueAct(StrEnum):
    """What is done with a ticket at a window."""

    CALL = "call"
    CALL_AGAIN = "call_again"
    START = "start"
    SKIP = "skip"
    RECALL = "recall"
    TRANSFER = "transfer"
    FINISH = "finish"
    NO_SHOW = "no_show"


_MOVES: dict[QueueAct, tuple[frozenset[TicketState], TicketState]] = {
    QueueAct.CALL: (IN_LINE, TicketState.CALLED),
    QueueAct.CALL_AGAIN: (frozenset({TicketState.CALLED}), TicketState.CALLED),
    QueueAct.START: (frozenset({TicketState.CALLED}), TicketState.SERVING),
    QueueAct.SKIP: (frozenset({TicketState.CALLED}), TicketState.SKIPPED),
    QueueAct.RECALL: (SET_ASIDE, TicketState.CALLED),
    QueueAct.TRANSFER: (AT_WINDOW, TicketState.TRANSFERRED),
    QueueAct.FINISH: (frozenset({TicketState.SERVING}), TicketState.DONE),
    QueueAct.NO_SHOW: (frozenset({TicketState.CALLED}), TicketState.NO_SHOW),
}


def state_after(act: QueueAct, state: TicketState) -> TicketState:
    """Return the state an act leads to. Raises CannotQueue where the act has no place.

    >>> state_after(QueueAct.START, TicketState.CALLED).value
    'serving'
    """
    allowed, then = _MOVES[act]
    if state not in allowed:
        raise CannotQueue(
            zh=f"这个号现在是“{state.words.zh}”，不能这样操作。请刷新页面后再试。",
            en=f"This number is '{state.words.en}' now, so this cannot be done. Load the page again and look.",
        )
    return then


def state_at_end_of_day(state: TicketState) -> TicketState:
    """Return where a ticket stands once its day is over; final states stay, so that closing twice changes nothing."""
    return _AT_END_OF_DAY.get(state, state)


_AT_END_OF_DAY = {
    TicketState.WAITING: TicketState.CLOSED,
    TicketState.TRANSFERRED: TicketState.CLOSED,
    TicketState.CALLED: TicketState.NO_SHOW,
    TicketState.SKIPPED: TicketState.NO_SHOW,
    TicketState.SERVING: TicketState.DONE,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class HallRules:
    """The numbers a hall works by; dated rows of the hall, so that a change is a new row and not new code.

    ``most_overtakes``: how many tickets taken later may be called before the oldest one waiting.
    ``early_minutes``, ``late_minutes``: how long before its time an appointment is due, and how long after it holds.
    """

    most_overtakes: int
    early_minutes: int
    late_minutes: int
    calls_before_no_show: int
    minutes_before_no_show: int
    usual_service_minutes: int


class Place(NamedTuple):
    """A place in the line: when the ticket was taken, then its number; kept for the whole day, transfers included."""

    joined_at: datetime
    label: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """One ticket in the line. ``overtaken``: how many with a later place were called already."""

    place: Place
    priority: Priority = Priority.ORDINARY
    appointment_at: datetime | None = None
    is_late: bool = False
    overtaken: int = 0


def ticket_label(letter: str, number: int) -> str:
    """Return a number as it is printed and called: the queue's letter and three digits, more from 1000 on.

    >>> ticket_label("A", 7), ticket_label("B", 1204)
    ('A007', 'B1204')
    """
    return f"{letter}{number:03d}"


def overtakes(place: Place, called: Sequence[Place]) -> int:
    """Return how many of the places called today, in order of place, lie behind this one."""
    return len(called) - bisect_right(called, place)


def is_due(ticket: Waiting, rules: HallRules, now: datetime) -> bool:
    """Whether a ticket comes before walk-ins: its appointment is due and the person was not late.

    Before that it waits like any other, so an appointment is never worse than none.
    """
    if ticket.appointment_at is None or ticket.is_late:
        return False
    return now >= ticket.appointment_at - timedelta(minutes=rules.early_minutes)


def calling_order(
    waiting: Iterable[Waiting], rules: HallRules, now: datetime, *, low_counter: bool = False
) -> tuple[Waiting, ...]:
    """Return everybody in the line in the order of calling.

    Due appointments first, by their time; then those with priority; then the others, each by their place. A window with
    a ``low_counter`` takes those who need it before all of these. But once the oldest ticket has been overtaken
    ``most_overtakes`` times it is next: whoever has k people before him is called after at most
    (k + 1) x (most_overtakes + 1) calls.
    """
    line = sorted(waiting, key=lambda ticket: ticket.place)
    passed = [ticket.overtaken for ticket in line]
    order = []
    while line:
        at = 0 if passed[0] >= rules.most_overtakes else _most_urgent(line, rules, now, low_counter)
        passed[:at] = [count + 1 for count in passed[:at]]
        order.append(line.pop(at))
        passed.pop(at)
    return tuple(order)


def _most_urgent(line: Sequence[Waiting], rules: HallRules, now: datetime, low_counter: bool) -> int:
    return min(range(len(line)), key=lambda at: (*_urgency(line[at], rules, now, low_counter), line[at].place))


def _urgency(ticket: Waiting, rules: HallRules, now: datetime, low_counter: bool) -> tuple[int, float]:
    if low_counter and ticket.priority is Priority.ACCESSIBLE:
        return -1, 0.0
    if ticket.appointment_at is not None and is_due(ticket, rules, now):
        return 0, ticket.appointment_at.timestamp()
    return (2 if ticket.priority is Priority.ORDINARY else 1), 0.0


def is_late(appointment_at: datetime, arrived_at: datetime, rules: HallRules) -> bool:
    """Whether somebody comes too late for his time; he is served all the same, as one without an appointment."""
    return arrived_at > appointment_at + timedelta(minutes=rules.late_minutes)


def check_no_show(calls: int, last_called_at: datetime, rules: HallRules, now: datetime) -> None:
    """Raise CannotQueue unless a ticket was called often and long enough to say that nobody came."""
    ready_at = last_called_at + timedelta(minutes=rules.minutes_before_no_show)
    if calls < rules.calls_before_no_show:
        missing = rules.calls_before_no_show - calls
        raise CannotQueue(
            zh=f"才叫了{calls}次，还不能记为未到场。请再叫{missing}次，或先过号。",
            en=f"It was called {calls} time(s) only. Call {missing} more time(s), or pass it over for now.",
        )
    if now < ready_at:
        seconds = math.ceil((ready_at - now).total_seconds())
        raise CannotQueue(
            zh=f"刚刚叫过。请再等{seconds}秒，或先过号。",
            en=f"It was called just now. Wait {seconds} more second(s), or pass it over for now.",
        )


class WaitRange(NamedTuple):
    """How long one waits, in minutes, from about to about."""

    low: int
    high: int


_ENOUGH_SAMPLES = 5


def expected_wait(
    before: int, service_minutes: Sequence[float], open_windows: int, usual_minutes: float
) -> WaitRange | None:
    """Return the range of minutes until the call, None while no window is open.

    From the middle half of recent service times; the hall's usual time stands in until there are five of them.

    >>> expected_wait(6, [8, 9, 10, 11, 12], open_windows=2, usual_minutes=10)
    WaitRange(low=27, high=39)
    """
    if open_windows < 1:
        return None
    padding = [float(usual_minutes)] * max(0, _ENOUGH_SAMPLES - len(service_minutes))
    lower, _, upper = quantiles([*service_minutes, *padding], n=4, method="inclusive")
    return WaitRange(math.floor(before * lower / open_windows), math.ceil((before + 1) * upper / open_windows))
