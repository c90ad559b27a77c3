"""The account of a clock: for every day, whether it counted and why."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from yici.rules.clock_courses import Course, Pause, local_day, midnight_after
from yici.rules.clocks import Clock
from yici.rules.periods import Unit
from yici.rules.words import Words
from yici.rules.working_days import Calendar, Day, DayKind

_DAY = timedelta(days=1)


class DayStatus(StrEnum):
    """What one day was for one clock."""

    START = "start"
    COUNTED = "counted"
    MAKE_UP = "make_up"
    REST = "rest"
    HOLIDAY = "holiday"
    PAUSED = "paused"

    @property
    def is_counted(self) -> bool:
        """Whether the day used up time."""
        return self in {DayStatus.COUNTED, DayStatus.MAKE_UP}


@dataclass(frozen=True, slots=True, kw_only=True)
class DayAccount:
    """One line of the account; ``counted`` is how many days have counted so far, this one included."""

    day: date
    status: DayStatus
    why: Words
    counted: int
    is_due: bool
    overdue: bool
    provisional: bool


_STATUS_BY_KIND = {
    DayKind.WORKING: DayStatus.COUNTED,
    DayKind.MAKE_UP: DayStatus.MAKE_UP,
    DayKind.WEEKEND: DayStatus.REST,
    DayKind.HOLIDAY: DayStatus.HOLIDAY,
    DayKind.MOVED_REST: DayStatus.HOLIDAY,
}


def account(clock: Clock, calendar: Calendar, until: date) -> list[DayAccount]:
    """Return one line for each day from the start to ``until``, for the period that binds.

    Days after the due day go on counting and are marked overdue. Periods in hours are shown by natural days.
    """
    end = midnight_after(until) - timedelta(microseconds=1)
    course = clock.binding_course(calendar, end)
    due = clock.due_if_resumed_on(calendar, end)
    lines: list[DayAccount] = []
    counted = 0
    for day in _days(local_day(clock.started), until):
        status, why = _judge(clock, course, calendar.day(day), end)
        counted += status.is_counted
        lines.append(
            DayAccount(
                day=day,
                status=status,
                why=_with_number(why, counted) if status.is_counted else why,
                counted=counted,
                is_due=day == due,
                overdue=day > due,
                provisional=calendar.is_provisional(day),
            )
        )
    return lines


def _days(first: date, last: date) -> list[date]:
    return [first + step * _DAY for step in range((last - first).days + 1)]


def _judge(clock: Clock, course: Course, day: Day, end: datetime) -> tuple[DayStatus, Words]:
    if day.day == local_day(clock.started):
        return DayStatus.START, Words("开始之日不计入", "The day it starts does not count")
    in_working_days = course.period.unit is Unit.WORKING_DAY
    status = _STATUS_BY_KIND[day.kind] if in_working_days else DayStatus.COUNTED
    if status.is_counted and course.is_excluded(day.day, end):
        return DayStatus.PAUSED, _why_paused(_pauses_on(course, day.day, end))
    return status, _why(day) if in_working_days else Words("自然日，计入", "Natural day, counted")


def _pauses_on(course: Course, day: date, end: datetime) -> list[Pause]:
    return [pause for pause in course.pauses if local_day(pause.begun) < day <= local_day(pause.ended or end)]


def _why_paused(pauses: list[Pause]) -> Words:
    zh = "；".join(f"{pause.reason.zh}（{pause.basis.zh}）" for pause in pauses)
    en = "; ".join(f"{pause.reason.en} ({pause.basis.en})" for pause in pauses)
    return Words(f"暂停，不计入：{zh}", f"Paused, not counted: {en}")


def _why(day: Day) -> Words:
    name = Words(f"{day.holiday.zh}{day.kind.words.zh}", f"{day.holiday.en}: {day.kind.words.en.lower()}")
    source = Words(f"（{day.notice}）", f" ({day.notice})") if day.notice else Words("", "")
    match day.kind:
        case DayKind.WORKING:
            return Words("工作日，计入", "Working day, counted")
        case DayKind.MAKE_UP:
            return Words(f"{name.zh}，计入{source.zh}", f"{name.en}, counted{source.en}")
        case DayKind.WEEKEND:
            return Words("周末，不计入", "Weekend, not counted")
        case DayKind.HOLIDAY | DayKind.MOVED_REST:
            return Words(f"{name.zh}，不计入{source.zh}", f"{name.en}, not counted{source.en}")


def _with_number(why: Words, counted: int) -> Words:
    return Words(f"{why.zh}（第{counted}天）", f"{why.en} (day {counted})")
