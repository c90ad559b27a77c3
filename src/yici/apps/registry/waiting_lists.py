"""Lists of what waits for an owner: tabs with counts, pages by key, neighbours, and the time left in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.db.models import Model, Q, QuerySet

from yici.rules.clock_courses import local_day, midnight_after
from yici.rules.clocks import Colour
from yici.rules.words import Words
from yici.rules.working_days import Calendar

PAGE = 30
MOST_COUNTED = 1000
TABS = ("open", "due", "settled")
AMBER_FROM_DAYS_LEFT = 1
_INSTANT = timedelta(microseconds=1)

Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True, slots=True)
class TimeLeft:
    """A clock in words with its colour; never the colour alone."""

    colour: str
    words: Words


def time_left(due_at: datetime | None, calendar: Calendar, now: datetime) -> TimeLeft:
    """Return what is left until the first moment at which something is late, in working days."""
    if due_at is None:
        return TimeLeft("neutral", Words("未定期限", "No time limit"))
    last, today = local_day(due_at - _INSTANT), local_day(now)
    if now >= due_at:
        late = max(1, calendar.working_days_between(last, today))
        return TimeLeft(Colour.RED, Words(f"已超期 {late} 个工作日", f"Late by {late} working day{'s' * (late > 1)}"))
    left = calendar.working_days_between(today, last)
    words = Words(f"还剩 {left} 个工作日", f"{left} working day{'s' * (left > 1)} left")
    colour = Colour.AMBER if left <= AMBER_FROM_DAYS_LEFT else Colour.NEUTRAL
    return TimeLeft(colour, words if left else Words("今天到期", "Due today"))


def due_before(calendar: Calendar, now: datetime) -> datetime:
    """Return the moment before which something must be due to stand in the tab of what is due: by tomorrow's end."""
    return midnight_after(calendar.add_working_days(local_day(now), AMBER_FROM_DAYS_LEFT))


def in_tab(rows: QuerySet[Row], tab: str, calendar: Calendar, now: datetime) -> QuerySet[Row]:
    """Return the rows of one tab; they have ``due_at`` and ``settled_at``."""
    if tab == "settled":
        return rows.filter(settled_at__isnull=False)
    waiting = rows.filter(settled_at=None)
    return waiting.filter(due_at__lte=due_before(calendar, now)) if tab == "due" else waiting


def counts(rows: QuerySet[Row], calendar: Calendar, now: datetime) -> dict[str, int]:
    """Return how many rows stand in each tab, counted up to a thousand."""
    return {tab: in_tab(rows, tab, calendar, now).order_by()[:MOST_COUNTED].count() for tab in TABS}


def _order(tab: str) -> tuple[str, str]:
    return ("-settled_at", "-id") if tab == "settled" else ("due_at", "id")


def page(rows: QuerySet[Row], tab: str, after: str) -> tuple[list[Row], str]:
    """Return a page of a tab and the mark of the next one, "" at the end: soonest due first, or last settled first."""
    column, _ = _order(tab)
    name, sign = column.removeprefix("-"), "lt" if column.startswith("-") else "gt"
    moment, number = _mark(after)
    if moment is not None:
        terms: Mapping[str, Any] = {f"{name}__{sign}": moment}
        rows = rows.filter(Q(**terms) | Q(**{name: moment, f"id__{sign}": number}))
    found = list(rows.order_by(*_order(tab))[: PAGE + 1])
    if len(found) <= PAGE:
        return found, ""
    last = found[PAGE - 1]
    return found[:PAGE], f"{getattr(last, name).isoformat()}_{last.pk}"


def _mark(after: str) -> tuple[datetime | None, int]:
    moment, _, number = after.partition("_")
    try:
        when = datetime.fromisoformat(moment.replace(" ", "+"))
        return (when if when.tzinfo else None), int(number)
    except ValueError:
        return None, 0


def neighbours(rows: QuerySet[Row], here: Row, tab: str) -> tuple[Any, Any]:
    """Return the public ids of the rows before and after this one in a tab; None at its ends."""
    name = _order(tab)[0].removeprefix("-")
    moment = getattr(here, name)
    if moment is None:
        return None, None
    before: Mapping[str, Any] = {f"{name}__lt": moment}
    after: Mapping[str, Any] = {f"{name}__gt": moment}
    earlier = rows.filter(Q(**before) | Q(**{name: moment, "id__lt": here.pk})).order_by(f"-{name}", "-id")
    later = rows.filter(Q(**after) | Q(**{name: moment, "id__gt": here.pk})).order_by(name, "id")
    found = [one.values_list("public_id", flat=True).first() for one in (earlier, later)]
    return (found[1], found[0]) if tab == "settled" else (found[0], found[1])
