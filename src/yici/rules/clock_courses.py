"""The course of one period: which of its days are counted, which stand still, and when it is up.

* The day of the event does not count; the first counted day is the next one (Civil Code art. 201).
* While a period is paused, no day counts. A pause is an event like any other, so the day it begins still belongs to the
  department, and the excluded days run from the *next* day up to and including the day the pause ends (行政许可法
  art. 45: the time needed is not counted). A pause that begins and ends on one day therefore excludes nothing.
* Overlapping pauses count once. A pause that begins when the time is already up changes nothing.
* A due day lasts until midnight in Shanghai (Civil Code art. 203); from that moment on the period is overdue.
* Periods in hours run from the moment and are not moved off rest days; their pauses are excluded to the second.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

from yici.rules.periods import Period, Unit, advance
from yici.rules.refusals import Refusal
from yici.rules.words import Words
from yici.rules.working_days import Calendar

SHANGHAI = ZoneInfo("Asia/Shanghai")
_DAY = timedelta(days=1)
_HOUR = timedelta(hours=1)
_INSTANT = timedelta(microseconds=1)

Point = TypeVar("Point", date, datetime)


class CannotMoveClock(Refusal):
    """A pause, resumption, extension or stop that the record does not allow."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    """A stretch of time that the law does not count, with the reason and the article that says so."""

    begun: datetime
    ended: datetime | None = None
    reason: Words
    basis: Words

    def __post_init__(self) -> None:
        if self.ended is not None and self.ended < self.begun:
            raise CannotMoveClock(
                zh="恢复计时的时间早于暂停的时间。请核对时间。",
                en="The clock cannot be resumed before it was paused. Check the moment.",
            )


@dataclass(frozen=True, slots=True)
class Course:
    """One period, of the law or of a promise, that started at a moment, with its added time and pauses."""

    started: datetime
    period: Period
    added: tuple[Period, ...] = ()
    pauses: tuple[Pause, ...] = ()

    def due_at(self, calendar: Calendar, as_of: datetime | None = None) -> datetime | None:
        """Return the moment from which the period is overdue; None while an open pause holds it.

        With ``as_of`` open pauses are treated as if they ended then.
        """
        if self.period.unit is Unit.HOUR:
            return self._due_in_hours(as_of)
        due = self._due_day(calendar, as_of)
        return None if due is None else midnight_after(due)

    def remaining(self, calendar: Calendar, now: datetime) -> int:
        """Return working days, begun hours or natural days left: 0 on the last day, negative when overdue."""
        due = self.due_at(calendar, now)
        assert due is not None  # open pauses end at `now`
        if self.period.unit is Unit.HOUR:
            return -((now - due) // _HOUR)
        due_day, today = local_day(due - _INSTANT), local_day(now)
        if today > due_day:
            return -self._days_between(due_day, today, calendar)
        return self._counted(today, due_day, calendar, now)

    def used(self, calendar: Calendar, now: datetime) -> int:
        """Return the counted days up to and including today, or the full hours, since the start."""
        if self.period.unit is Unit.HOUR:
            return (now - self.started - self._paused_time(now)) // _HOUR
        return self._counted(local_day(self.started), local_day(now), calendar, now)

    def is_excluded(self, day: date, now: datetime) -> bool:
        """Whether a pause excludes this day from the count."""
        return any(before < day <= until for before, until in self._closed_stretches(now))

    def _due_in_hours(self, as_of: datetime | None) -> datetime | None:
        due = self.started + sum(period.value for period in (self.period, *self.added)) * _HOUR
        for begun, ended in merged((pause.begun, _end(pause, as_of)) for pause in self.pauses):
            if begun >= due:
                break
            if ended is None:
                return None
            due += max(ended, self.started) - max(begun, self.started)
        return due

    def _due_day(self, calendar: Calendar, as_of: datetime | None) -> date | None:
        start = local_day(self.started)
        due = start
        for period in (self.period, *self.added):
            due = advance(due, period, calendar)
        stretches = self._stretches(as_of)
        for before, until in stretches:
            if before >= due:
                break
            if until is None:
                return None
            due = self._shifted(due, self._days_between(max(before, start), max(until, start), calendar), calendar)
        return _first_open_workday(due, stretches, calendar)

    def _shifted(self, due: date, days: int, calendar: Calendar) -> date:
        if self.period.unit is Unit.WORKING_DAY:
            return calendar.add_working_days(due, days)
        return due + days * _DAY

    def _stretches(self, as_of: datetime | None) -> list[tuple[date, date | None]]:
        ends = ((pause, _end(pause, as_of)) for pause in self.pauses)
        return merged((local_day(pause.begun), None if end is None else local_day(end)) for pause, end in ends)

    def _closed_stretches(self, now: datetime) -> list[tuple[date, date]]:
        return [(before, until) for before, until in self._stretches(now) if until is not None]

    def _counted(self, after: date, until: date, calendar: Calendar, now: datetime) -> int:
        """Count the days after one day up to another and leave the paused ones out."""
        days = self._days_between(after, until, calendar)
        for before, end in self._closed_stretches(now):
            first, last = max(before, after), min(end, until)
            if first < last:
                days -= self._days_between(first, last, calendar)
        return days

    def _days_between(self, after: date, until: date, calendar: Calendar) -> int:
        if self.period.unit is Unit.WORKING_DAY:
            return calendar.working_days_between(after, until)
        return (until - after).days

    def _paused_time(self, now: datetime) -> timedelta:
        stretches = merged((pause.begun, _end(pause, now)) for pause in self.pauses)
        limits = ((max(begun, self.started), min(ended or now, now)) for begun, ended in stretches)
        return sum((ended - begun for begun, ended in limits if begun < ended), timedelta())


def local_day(moment: datetime) -> date:
    """Return the day in Shanghai on which a moment falls.

    >>> from datetime import timezone
    >>> local_day(datetime(2018, 2, 14, 16, 30, tzinfo=timezone.utc))
    datetime.date(2018, 2, 15)
    """
    return moment.astimezone(SHANGHAI).date()


def midnight_of(day: date) -> datetime:
    """Return the first moment of a local day: for records that keep the day of an event and not its moment."""
    return datetime.combine(day, time(), tzinfo=SHANGHAI)


def midnight_after(day: date) -> datetime:
    """Return the first moment that no longer belongs to a local day."""
    return midnight_of(day + _DAY)


def merged(stretches: Iterable[tuple[Point, Point | None]]) -> list[tuple[Point, Point | None]]:
    """Join stretches that overlap or touch; an end of None is open.

    >>> merged([(date(2018, 1, 5), date(2018, 1, 9)), (date(2018, 1, 2), date(2018, 1, 6))])
    [(datetime.date(2018, 1, 2), datetime.date(2018, 1, 9))]
    """
    result: list[tuple[Point, Point | None]] = []
    for begin, end in sorted(stretches, key=lambda stretch: stretch[0]):
        if not result:
            result.append((begin, end))
            continue
        first, last = result[-1]
        if last is not None and begin > last:
            result.append((begin, end))
        elif last is not None and (end is None or end > last):
            result[-1] = (first, end)
    return result


def _end(pause: Pause, as_of: datetime | None) -> datetime | None:
    if pause.ended is not None or as_of is None:
        return pause.ended
    return max(pause.begun, as_of)


def _first_open_workday(due: date, stretches: list[tuple[date, date | None]], calendar: Calendar) -> date | None:
    """Move a last day off rest days (Civil Code art. 203) and off the days of a pause that follows."""
    day = calendar.next_workday(due)
    for before, until in stretches:
        if before < day and (until is None or day <= until) and before >= due:
            if until is None:
                return None
            day = calendar.next_workday(until + _DAY)
    return day
