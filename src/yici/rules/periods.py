"""Periods: how long the law or a promise gives, and on which day that ends."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from yici.rules.words import Words
from yici.rules.working_days import Calendar, CannotCountDays

_DAY = timedelta(days=1)


class Unit(StrEnum):
    """What a period is counted in."""

    WORKING_DAY = "working_day"
    DAY = "day"
    MONTH = "month"
    YEAR = "year"
    HOUR = "hour"

    @property
    def code(self) -> str:
        """Return the code of the national exchange: 1 working day, 2 day, 3 month, 4 year, 5 hour."""
        return str(list(Unit).index(self) + 1)


_UNIT_WORDS = {
    Unit.WORKING_DAY: Words("个工作日", "working day"),
    Unit.DAY: Words("天", "day"),
    Unit.MONTH: Words("个月", "month"),
    Unit.YEAR: Words("年", "year"),
    Unit.HOUR: Words("小时", "hour"),
}


@dataclass(frozen=True, slots=True)
class Period:
    """A length of time as a law or a promise states it.

    >>> Period(5, Unit.WORKING_DAY).words
    Words(zh='5个工作日', en='5 working days')
    """

    value: int
    unit: Unit = Unit.WORKING_DAY

    def __post_init__(self) -> None:
        if self.value < 0:
            raise CannotCountDays(
                zh=f"期限不能是负数（{self.value}）。请填写零或正整数。",
                en=f"A period cannot be negative ({self.value}). Give zero or a positive whole number.",
            )

    @property
    def words(self) -> Words:
        """Return the period as people say it."""
        zh, en = _UNIT_WORDS[self.unit]
        return Words(f"{self.value}{zh}", f"{self.value} {en}{'' if self.value == 1 else 's'}")


def last_day(period: Period, start: date, calendar: Calendar) -> date:
    """Return the last day of a period that an event on ``start`` sets going.

    The day of the event does not count (Civil Code art. 201), months and years end on the corresponding day or the end
    of the month (art. 202), and a period that ends on a rest day ends on the next working day (art. 203).
    """
    return calendar.next_workday(advance(start, period, calendar))


def advance(start: date, period: Period, calendar: Calendar) -> date:
    """Return the last day of a period before art. 203 moves it off a rest day; hours are no days and are refused."""
    match period.unit:
        case Unit.WORKING_DAY:
            return calendar.add_working_days(start, period.value)
        case Unit.DAY:
            return start + period.value * _DAY
        case Unit.MONTH:
            return add_months(start, period.value)
        case Unit.YEAR:
            return add_months(start, 12 * period.value)
        case Unit.HOUR:
            raise CannotCountDays(
                zh="以小时计的期限不能按天推算。请按时刻计算。",
                en="A period in hours cannot be counted in days. Count it from the moment.",
            )


def add_months(start: date, months: int) -> date:
    """Return the corresponding day some months later, or the end of that month (Civil Code art. 202).

    >>> add_months(date(2018, 1, 31), 1)
    datetime.date(2018, 2, 28)
    """
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))
