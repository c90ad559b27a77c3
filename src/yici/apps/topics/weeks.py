"""Local weeks: they begin on Monday, and the last whole one is judged."""

from datetime import date, datetime, timedelta

from django.utils import timezone

WEEK = timedelta(days=7)
HISTORY_WEEKS = 108  # two years, and the weeks beside the same one of last year


def week_of(moment: datetime) -> date:
    """Return the Monday of a moment's local week."""
    day = timezone.localtime(moment).date()
    return day - timedelta(days=day.weekday())


def last_whole_week(now: datetime) -> date:
    """Return the Monday of the last local week that is over: what still moves is not judged."""
    return week_of(now) - WEEK


def weeks_until(last: date, first: date) -> list[date]:
    """Return all Mondays from one to another, both included.

    >>> len(weeks_until(date(2018, 3, 19), date(2018, 3, 5)))
    3
    """
    return [first + WEEK * number for number in range((last - first).days // 7 + 1)]
