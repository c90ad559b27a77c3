"""Local months: named, counted on and back, with their bounds in time."""

from datetime import UTC, date, datetime, timedelta

from django.utils import timezone

from yici.rules.refusals import Refusal


class CannotReadMonth(Refusal):
    """A month that is none."""


def month_named(text: str) -> date:
    """Read 2018-03. Raises CannotReadMonth.

    >>> month_named("2018-03")
    datetime.date(2018, 3, 1)
    """
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError as error:
        raise CannotReadMonth(zh="月份应写成 2018-03 的形式。", en="Write a month as 2018-03.") from error


def month_of(moment: datetime) -> date:
    """Return the first day of the local month."""
    return timezone.localtime(moment).date().replace(day=1)


def last_whole_month(now: datetime) -> date:
    """Return the first day of the last local month that is over: what still moves is not judged."""
    return earlier(month_of(now))


def earlier(month: date, count: int = 1) -> date:
    """Return the month so many before.

    >>> earlier(date(2018, 1, 1)), earlier(date(2018, 3, 1), 14)
    (datetime.date(2017, 12, 1), datetime.date(2017, 1, 1))
    """
    whole = month.year * 12 + month.month - 1 - count
    return date(whole // 12, whole % 12 + 1, 1)


def next_month(month: date) -> date:
    """Return the month after.

    >>> next_month(date(2018, 12, 1))
    datetime.date(2019, 1, 1)
    """
    return earlier(month, -1)


def last_day(month: date) -> date:
    """Return the last day of a month.

    >>> last_day(date(2018, 2, 1))
    datetime.date(2018, 2, 28)
    """
    return next_month(month) - timedelta(days=1)


def bounds(month: date) -> tuple[datetime, datetime]:
    """Return the first moment of a local month, and the first after it (UTC)."""
    return _begins(month), _begins(next_month(month))


def _begins(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=timezone.get_default_timezone()).astimezone(UTC)
