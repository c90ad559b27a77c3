"""Working days: which days the government works, by the official calendar with its make-up days."""

import hashlib
from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from itertools import accumulate, pairwise
from typing import NamedTuple

from yici.rules import holidays
from yici.rules.refusals import Refusal
from yici.rules.words import Words

_FRIDAY = 4


class CannotCountDays(Refusal):
    """A day outside the calendar, or calendar rows that contradict each other."""


class DayKind(StrEnum):
    """What a day is for the government."""

    WORKING = "working"
    MAKE_UP = "make_up"  # 调休上班: a weekend day that is worked in exchange
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    MOVED_REST = "moved_rest"  # 调休放假: a weekday off in exchange

    @property
    def is_worked(self) -> bool:
        """Whether the day counts as a working day."""
        return self in {DayKind.WORKING, DayKind.MAKE_UP}

    @property
    def words(self) -> Words:
        """Return the name of the kind of day."""
        return _KIND_WORDS[self]


_KIND_WORDS = {
    DayKind.WORKING: Words("工作日", "Working day"),
    DayKind.MAKE_UP: Words("调休上班", "Make-up working day"),
    DayKind.WEEKEND: Words("周末", "Weekend"),
    DayKind.HOLIDAY: Words("法定节假日", "Public holiday"),
    DayKind.MOVED_REST: Words("调休放假", "Day off in exchange"),
}


class CalendarRow(NamedTuple):
    """One exceptional day with the notice of the State Council's office that made it so."""

    day: date
    kind: DayKind
    holiday: Words
    notice: str


class Day(NamedTuple):
    """Everything the calendar knows of one day; ``holiday`` and ``notice`` are empty on ordinary days."""

    day: date
    kind: DayKind
    holiday: Words
    notice: str
    provisional: bool


_NO_HOLIDAY = Words("", "")
_STATUTE = "全国年节及纪念日放假办法"


class Calendar:
    """The official working days: exceptional days by notice, and the law itself for years not announced yet.

    Counting costs the same for one day and for a thousand: the working days are numbered once, when it is made.

    >>> row = CalendarRow(date(2026, 9, 25), DayKind.HOLIDAY, holidays.MID_AUTUMN, "国办发明电〔2025〕7号")
    >>> calendar = Calendar.from_rows([row])
    >>> calendar.add_working_days(date(2026, 9, 23), 2)
    datetime.date(2026, 9, 28)
    """

    __slots__ = ("_announced", "_days_before", "_exceptions", "_origin", "_worked", "first", "last", "version")

    def __init__(self, exceptions: dict[date, Day], announced: frozenset[int], version: str) -> None:
        self.first = date(min(announced), 1, 1)
        self.last = date(holidays.LAST_YEAR, 12, 31)
        self.version = version
        self._exceptions = exceptions
        self._announced = announced
        self._origin = self.first.toordinal()
        flags = [
            self.day(date.fromordinal(day)).kind.is_worked for day in range(self._origin, self.last.toordinal() + 1)
        ]
        self._worked = [self._origin + place for place, worked in enumerate(flags) if worked]
        self._days_before = [0, *accumulate(flags)]

    @classmethod
    def from_rows(cls, rows: Iterable[CalendarRow]) -> "Calendar":
        """Make a calendar from the exceptional days of the announced years.

        A year with at least one row counts as announced, so later notices are added as rows. Years without rows up to
        2050 fall back to weekends and statutory holidays and are provisional. Raises CannotCountDays.
        """
        ordered = sorted(rows, key=lambda row: row.day)
        _check_rows(ordered)
        exceptions = {row.day: Day(*row, provisional=False) for row in ordered}
        announced = frozenset(row.day.year for row in ordered)
        for year in range(holidays.FIRST_YEAR, holidays.LAST_YEAR + 1):
            if year not in announced:
                for day, name in holidays.statutory_holidays(year).items():
                    exceptions[day] = Day(day, DayKind.HOLIDAY, name, _STATUTE, provisional=True)
        text = "\n".join(f"{row.day} {row.kind} {row.notice}" for row in ordered)
        return cls(exceptions, announced, hashlib.sha256(text.encode()).hexdigest()[:12])

    def day(self, day: date) -> Day:
        """Return what the calendar knows of one day."""
        exceptional = self._exceptions.get(day)
        if exceptional is not None:
            return exceptional
        kind = DayKind.WORKING if day.weekday() <= _FRIDAY else DayKind.WEEKEND
        return Day(day, kind, _NO_HOLIDAY, "", provisional=self.is_provisional(day))

    def day_kind(self, day: date) -> DayKind:
        """Return what kind of day this is."""
        return self.day(day).kind

    def is_provisional(self, day: date) -> bool:
        """Whether the notice for the year of this day is not known yet, so that its working days may still move."""
        return day.year not in self._announced

    def is_workday(self, day: date) -> bool:
        """Whether offices work on this day; make-up Saturdays and Sundays are working days."""
        place = self._place(day)
        return self._days_before[place + 1] > self._days_before[place]

    def next_workday(self, day: date) -> date:
        """Return this day if it is worked, else the first working day after it (Civil Code art. 203)."""
        return self.add_working_days(day, 0)

    def add_working_days(self, day: date, count: int) -> date:
        """Return the ``count``-th working day after a day, which itself does not count (Civil Code art. 201).

        Zero gives the day itself or, on a rest day, the next working day. Negative counts go back in the same way.
        """
        place = self._place(day)
        worked_before = self._days_before[place]
        worked_until = self._days_before[place + 1]
        index = worked_until + count - 1 if count > 0 else worked_before + count
        if not 0 <= index < len(self._worked):
            raise self._outside()
        return date.fromordinal(self._worked[index])

    def working_days_between(self, start: date, end: date) -> int:
        """Return how many working days lie after ``start`` up to and including ``end``; backwards they are negative."""
        return self._days_before[self._place(end) + 1] - self._days_before[self._place(start) + 1]

    def _place(self, day: date) -> int:
        if not self.first <= day <= self.last:
            raise self._outside()
        return day.toordinal() - self._origin

    def _outside(self) -> CannotCountDays:
        return CannotCountDays(
            zh=f"工作日历只覆盖{self.first}至{self.last}，无法计算这一期限。请核对日期，或请管理员补充日历。",
            en=f"The calendar covers {self.first} to {self.last}, so this period cannot be counted. "
            "Check the date, or ask the administrator to extend the calendar.",
        )


def _check_rows(ordered: list[CalendarRow]) -> None:
    if not ordered:
        raise CannotCountDays(
            zh="工作日历没有任何一天。请先导入国务院办公厅的放假安排。",
            en="The calendar has no rows. Import the holiday notices of the State Council's office first.",
        )
    for earlier, later in pairwise(ordered):
        if earlier.day == later.day:
            raise CannotCountDays(
                zh=f"工作日历中{later.day}出现了两次。请删去其中一行。",
                en=f"The calendar names {later.day} twice. Remove one of the rows.",
            )
    for row in ordered:
        worked_weekday = row.kind.is_worked and row.day.weekday() <= _FRIDAY
        if worked_weekday or row.kind is DayKind.WEEKEND:
            raise CannotCountDays(
                zh=f"工作日历中{row.day}标为“{row.kind.words.zh}”，与星期不符。请核对这一行。",
                en=f"The calendar calls {row.day} '{row.kind.words.en}', which does not fit its weekday. Check it.",
            )
