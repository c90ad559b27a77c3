"""Clocks: how long the government may take, when the time stands still, and when it is up.

How single days are counted stands in ``clock_courses``. Nothing here takes a message, a comment or an edit: only pauses
and extensions with a legal basis move a deadline.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from yici.rules.clock_courses import CannotMoveClock, Course, Pause, local_day
from yici.rules.periods import Period, Unit, add_months
from yici.rules.words import Words
from yici.rules.working_days import Calendar

__all__ = ["CannotMoveClock", "Clock", "Colour", "Course", "Extension", "Pause", "Period", "Unit", "add_months"]

# Suggested thresholds of electronic supervision, no law: amber from 80 % used or one working day left.
AMBER_FROM_PERCENT = 80
AMBER_FROM_DAYS_LEFT = 1


class Colour(StrEnum):
    """What a work list shows beside a clock."""

    NEUTRAL = "neutral"
    AMBER = "amber"
    RED = "red"
    PAUSED = "paused"

    @property
    def words(self) -> Words:
        """Return the colour in words: colour is never the only sign."""
        return _COLOUR_WORDS[self]


_COLOUR_WORDS = {
    Colour.NEUTRAL: Words("时限内", "In time"),
    Colour.AMBER: Words("即将到期", "Nearly due"),
    Colour.RED: Words("已超期", "Overdue"),
    Colour.PAUSED: Words("暂停计时", "Paused"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Extension:
    """More time, approved once by the head and explained to the applicant (行政许可法 art. 42)."""

    period: Period
    approved_by: str
    reason: str
    basis: Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """One running time with what the law gives and what the department promised.

    Either period may be missing, not both: some services have no statutory time (规定 art. 12). An approved extension
    lengthens both; ``kept_promise`` still asks for the original promise.
    """

    started: datetime
    statutory: Period | None = None
    promised: Period | None = None
    pauses: tuple[Pause, ...] = ()
    extensions: tuple[Extension, ...] = ()
    stopped: datetime | None = None

    def __post_init__(self) -> None:
        if self.statutory is None and self.promised is None:
            raise CannotMoveClock(
                zh="既没有法定期限也没有承诺期限，无法计时。请先在事项中填写期限。",
                en="There is neither a statutory nor a promised period to count. State one in the item first.",
            )
        if self.started.tzinfo is None:
            raise CannotMoveClock(
                zh="计时起点没有时区，无法确定是哪一天。请提供带时区的时刻。",
                en="The start has no time zone, so its day is uncertain. Give a moment with a time zone.",
            )

    @property
    def is_paused(self) -> bool:
        """Whether a pause is open."""
        return any(pause.ended is None for pause in self.pauses)

    def statutory_due_on(self, calendar: Calendar) -> date | None:
        """Return the last day the law gives; None without a statutory period or while a pause holds it."""
        return _last_day(self.statutory_due_at(calendar))

    def promised_due_on(self, calendar: Calendar) -> date | None:
        """Return the last day the department gave itself; None without a promise or while a pause holds it."""
        return _last_day(self.promised_due_at(calendar))

    def due_on(self, calendar: Calendar) -> date | None:
        """Return the local day that binds: the earlier of law and promise (规定 art. 12)."""
        return _last_day(self.due_at(calendar))

    def statutory_due_at(self, calendar: Calendar) -> datetime | None:
        """Return the moment from which the law is broken."""
        return None if self.statutory is None else self._course(self.statutory).due_at(calendar)

    def promised_due_at(self, calendar: Calendar) -> datetime | None:
        """Return the moment from which the promise is broken."""
        return None if self.promised is None else self._course(self.promised).due_at(calendar)

    def due_at(self, calendar: Calendar) -> datetime | None:
        """Return the moment from which the clock is overdue; None while a pause holds it.

        A clock that was overdue before it was paused keeps its due moment. This is the moment to store and to sweep by.
        """
        dues = (self.promised_due_at(calendar), self.statutory_due_at(calendar))
        return min((due for due in dues if due is not None), default=None)

    def due_if_resumed_on(self, calendar: Calendar, now: datetime) -> date:
        """Return the due day as if every open pause ended now; the plain due day when none is open."""
        return local_day(self._binding(calendar, now)[0] - timedelta(microseconds=1))

    def binding_course(self, calendar: Calendar, now: datetime) -> Course:
        """Return the course that ends first: the promise if it is shorter or equal, else the law (规定 art. 12)."""
        return self._binding(calendar, now)[1]

    def is_overdue(self, calendar: Calendar, now: datetime) -> bool:
        """Whether the binding time is up; a stopped clock is judged by the moment it stopped."""
        due = self.due_at(calendar)
        return due is not None and self._judged_at(now) >= due

    def kept_promise(self, calendar: Calendar) -> bool:
        """Whether a stopped clock stopped within the original promise (or law), extensions left out."""
        due = replace(self, extensions=()).due_at(calendar)
        return self.stopped is not None and due is not None and self.stopped < due

    def remaining(self, calendar: Calendar, now: datetime) -> int:
        """Return what is left in the unit of the binding period: 0 on the last day, negative when overdue.

        Working-day periods count working days, hours count begun hours, all others natural days. While the clock is
        paused or stopped the number stands still.
        """
        moment = self._judged_at(now)
        return self.binding_course(calendar, moment).remaining(calendar, moment)

    def used(self, calendar: Calendar, now: datetime) -> int:
        """Return the counted days of the binding period up to and including today (full hours for hours)."""
        moment = self._judged_at(now)
        return self.binding_course(calendar, moment).used(calendar, moment)

    def colour(self, calendar: Calendar, now: datetime) -> Colour:
        """Return red when overdue, paused, amber from 80 % used or one day left, else neutral."""
        if self.is_overdue(calendar, now):
            return Colour.RED
        if self.stopped is not None:
            return Colour.NEUTRAL
        if self.is_paused:
            return Colour.PAUSED
        used, left = self.used(calendar, now), self.remaining(calendar, now)
        in_days = self.binding_course(calendar, now).period.unit is not Unit.HOUR
        nearly_up = used * 100 >= (used + left) * AMBER_FROM_PERCENT or (in_days and left <= AMBER_FROM_DAYS_LEFT)
        return Colour.AMBER if nearly_up else Colour.NEUTRAL

    def pause(self, *, at: datetime, reason: Words, basis: Words) -> "Clock":
        """Return the clock with an open pause. Several may be open together; their time counts once."""
        self._check_runs(at)
        if not basis.zh.strip():
            raise CannotMoveClock(
                zh="暂停计时必须写明法律依据（行政许可法第四十五条）。请选择依据后再暂停。",
                en="A clock stops only on a legal basis (Administrative Licence Law art. 45). Choose the basis first.",
            )
        return replace(self, pauses=(*self.pauses, Pause(begun=at, reason=reason, basis=basis)))

    def resume(self, *, at: datetime) -> "Clock":
        """Return the clock with the pause that was opened last closed."""
        self._check_runs(at)
        place = next((place for place, pause in reversed(list(enumerate(self.pauses))) if pause.ended is None), None)
        if place is None:
            raise CannotMoveClock(
                zh="计时没有暂停，不能恢复。请刷新页面查看现状。",
                en="The clock is not paused, so it cannot be resumed. Reload the page to see where it stands.",
            )
        closed = replace(self.pauses[place], ended=at)
        return replace(self, pauses=(*self.pauses[:place], closed, *self.pauses[place + 1 :]))

    def extend(self, extension: Extension, *, at: datetime, calendar: Calendar) -> "Clock":
        """Return the clock with more time: once, approved, explained, and only while the time is not up."""
        self._check_runs(at)
        _check_extension(extension)
        if self.extensions:
            raise CannotMoveClock(
                zh="本时限已经延长过一次，不能再次延长（行政许可法第四十二条）。请在期限内办结。",
                en="This time was extended once and cannot be extended again (Administrative Licence Law art. 42). "
                "Decide within the time.",
            )
        if self.is_overdue(calendar, at):
            raise CannotMoveClock(
                zh="期限已经届满，不能再延长。请尽快办结并说明超期原因。",
                en="The time is already up and can no longer be extended. Decide soon and explain the delay.",
            )
        return replace(self, extensions=(extension,))

    def stop(self, *, at: datetime) -> "Clock":
        """Return the clock stopped for good; open pauses end with it."""
        self._check_runs(at)
        pauses = tuple(replace(pause, ended=at) if pause.ended is None else pause for pause in self.pauses)
        return replace(self, pauses=pauses, stopped=at)

    def _course(self, period: Period) -> Course:
        return Course(self.started, period, tuple(extension.period for extension in self.extensions), self.pauses)

    def _binding(self, calendar: Calendar, now: datetime) -> tuple[datetime, Course]:
        courses = [self._course(period) for period in (self.promised, self.statutory) if period is not None]
        dues = [(due, course) for course in courses if (due := course.due_at(calendar, now)) is not None]
        return min(dues, key=lambda pair: pair[0])

    def _check_runs(self, at: datetime) -> None:
        if self.stopped is not None or at < self.started:
            raise CannotMoveClock(
                zh="计时尚未开始或已经结束，不能再变动。请刷新页面查看现状。",
                en="The clock has not started yet or has stopped, so it cannot be moved. Reload the page.",
            )

    def _judged_at(self, now: datetime) -> datetime:
        return now if self.stopped is None else min(now, self.stopped)


def _check_extension(extension: Extension) -> None:
    if not (extension.approved_by.strip() and extension.reason.strip()):
        raise CannotMoveClock(
            zh="延长期限须经负责人批准并把理由告知申请人（行政许可法第四十二条）。请补充批准人和理由。",
            en="An extension needs the head's approval and a reason for the applicant (Administrative Licence Law "
            "art. 42). Add both.",
        )


def _last_day(due: datetime | None) -> date | None:
    return None if due is None else local_day(due - timedelta(microseconds=1))
