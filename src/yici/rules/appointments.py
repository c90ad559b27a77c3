"""Appointments at a hall: when it is open, which times are free, where an appointment stands."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta, tzinfo
from enum import StrEnum
from typing import NamedTuple

from yici.rules.words import Words
from yici.rules.working_days import Calendar, DayKind

_SATURDAY = 5


class AppointmentState(StrEnum):
    """Where an appointment stands."""

    BOOKED = "booked"
    ARRIVED = "arrived"
    SERVED = "served"
    MISSED = "missed"
    CANCELLED = "cancelled"

    @property
    def words(self) -> Words:
        """Return the state as the person reads it."""
        return _STATE_WORDS[self]


_STATE_WORDS = {
    AppointmentState.BOOKED: Words("已预约", "Booked"),
    AppointmentState.ARRIVED: Words("已签到", "Checked in"),
    AppointmentState.SERVED: Words("已办理", "Served"),
    AppointmentState.MISSED: Words("未到场", "Missed"),
    AppointmentState.CANCELLED: Words("已取消", "Cancelled"),
}


class OpenOn(StrEnum):
    """On which days a row of opening hours holds."""

    WORKING_DAY = "working_day"  # by the official calendar, make-up days included
    SATURDAY = "saturday"
    SUNDAY = "sunday"


class Span(NamedTuple):
    """From one local time to another on the same day."""

    opens: time
    closes: time


class Slot(NamedTuple):
    """One time one can book, with the places left."""

    starts_at: datetime
    free: int


def day_rule(day: date, calendar: Calendar) -> OpenOn | None:
    """Return which opening hours hold on a day; None on public holidays and days off in exchange.

    A Saturday that is worked in exchange is a working day; one that is part of a holiday is closed.
    """
    kind = calendar.day_kind(day)
    if kind.is_worked:
        return OpenOn.WORKING_DAY
    if kind is not DayKind.WEEKEND:
        return None
    return OpenOn.SATURDAY if day.weekday() == _SATURDAY else OpenOn.SUNDAY


def open_spans(
    day: date,
    calendar: Calendar,
    hours: Iterable[tuple[OpenOn, Span]],
    exceptions: Mapping[date, tuple[Span, ...]],
) -> tuple[Span, ...]:
    """Return when a hall is open on a day, earliest first; an exception of the day replaces the usual hours."""
    if day in exceptions:
        return tuple(sorted(exceptions[day]))
    rule = day_rule(day, calendar)
    return tuple(sorted(span for on, span in hours if on is rule))


def slots(
    day: date,
    spans: Iterable[Span],
    *,
    minutes: int,
    places: int,
    taken: Mapping[datetime, int],
    after: datetime,
    zone: tzinfo,
) -> tuple[Slot, ...]:
    """Return the times of a day that begin after a moment, full ones with 0 free, in order.

    A time is offered only when all of its ``minutes`` lie within opening hours.
    """
    step = timedelta(minutes=minutes)
    found = []
    for span in spans:
        starts, closes = (datetime.combine(day, one, zone) for one in span)
        while starts + step <= closes:
            if starts > after:
                found.append(Slot(starts, max(0, places - taken.get(starts, 0))))
            starts += step
    return tuple(found)
