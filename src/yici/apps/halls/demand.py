"""What a hall's queue says of its demand: who comes in which hour, how long service takes, how long people stay."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.conf import settings
from django.db import connection

from yici.apps.halls.jurisdiction import own_hall_id
from yici.apps.people.viewers import Viewer
from yici.apps.places.models import Hall
from yici.rules.refusals import Refusal
from yici.rules.supply import NEVER, Demand

# A ticket that nobody closed would say that somebody was served for hours; the mean bears no such thing.
LONGEST_SERVICE_MINUTES = 120
FEWEST_SERVED = 30
USUAL_SERVICE_MINUTES = 10.0


class CannotFindHall(Refusal):
    """There is no such hall, or its queue has no history."""


@dataclass(frozen=True, slots=True)
class PastHour:
    """One hour of those days. ``windows``: mean number that served; ``kept``: share called in time and served."""

    demand: Demand
    windows: float
    kept: float


@dataclass(frozen=True, slots=True)
class PastDemand:
    """The typical day of a hall, as means over ``days`` on which anybody came."""

    hall: str
    days: int
    tickets: int
    hours: tuple[PastHour, ...]

    @property
    def demand(self) -> tuple[Demand, ...]:
        """Return the hours as the rules take them."""
        return tuple(hour.demand for hour in self.hours)


# A number that was called and did not come had left some time before; it counts as leaving when it was called.
_HOURS = """
SELECT extract(hour FROM joined_at AT TIME ZONE %(zone)s)::int,
       count(*),
       count(*) FILTER (WHERE state = 'done'),
       coalesce(sum(least(extract(epoch FROM finished_at - serving_at) / 60, %(longest)s))
                FILTER (WHERE state = 'done'), 0)::float,
       count(*) FILTER (WHERE state = 'no_show'),
       coalesce(sum(extract(epoch FROM coalesce(first_called_at, finished_at) - joined_at) / 60), 0)::float,
       count(*) FILTER (WHERE state = 'done' AND first_called_at - joined_at <= make_interval(secs => %(seconds)s))
FROM halls_queueticket
WHERE hall_id = %(hall)s AND day BETWEEN %(first)s AND %(last)s AND state IN ('done', 'no_show', 'closed')
GROUP BY 1 ORDER BY 1
"""
_WINDOWS = """
SELECT hour, sum(windows)::float FROM (
    SELECT day, extract(hour FROM serving_at AT TIME ZONE %(zone)s)::int AS hour, count(DISTINCT window_id) AS windows
    FROM halls_queueticket
    WHERE hall_id = %(hall)s AND day BETWEEN %(first)s AND %(last)s AND serving_at IS NOT NULL
    GROUP BY 1, 2) AS served
GROUP BY 1
"""
_DAYS = (
    "SELECT count(DISTINCT day) FROM halls_queueticket WHERE hall_id = %(hall)s AND day BETWEEN %(first)s AND %(last)s"
)


def own_demand(viewer: Viewer, *, first: date, last: date, minutes: float) -> PastDemand:
    """Return the demand of the clerk's own hall between two days. Raises CannotFindHall for everybody else."""
    hall = Hall.objects.filter(pk=own_hall_id(viewer)).first()
    if hall is None:
        raise _no_such_hall("")
    return _demand(hall, first, last, minutes)


def demand_of(hall: str, *, first: date, last: date, minutes: float) -> PastDemand:
    """Return the demand of a hall, for a command on the machine; ``hall`` is its id, its name or its region's code.

    ``minutes``: the promise against which past waits are counted. Raises CannotFindHall.
    """
    return _demand(_find(hall), first, last, minutes)


def _find(text: str) -> Hall:
    try:
        found = Hall.objects.filter(public_id=UUID(text)).first()
    except ValueError:
        found = Hall.objects.filter(name=text).first() or _of_region(text)
    if found is None:
        raise _no_such_hall(text)
    return found


def _of_region(code: str) -> Hall | None:
    full = code.ljust(12, "0") if code.isdigit() else ""
    return Hall.objects.filter(region__code=full).order_by("name").first()


def _no_such_hall(text: str) -> CannotFindHall:
    names = "、".join(Hall.objects.values_list("name", flat=True)[:5])
    return CannotFindHall(
        zh=f"没有大厅“{text[:60]}”。请给出大厅编号、名称或行政区划代码，例如：{names}。",
        en=f"There is no hall '{text[:60]}'. Give a hall's id, its name or its region's code, such as {names}.",
    )


def _demand(hall: Hall, first: date, last: date, minutes: float) -> PastDemand:
    known: dict[str, int | float | str | date] = {
        "hall": hall.pk,
        "first": first,
        "last": last,
        "zone": settings.TIME_ZONE,
        "longest": LONGEST_SERVICE_MINUTES,
        "seconds": minutes * 60,
    }
    with connection.cursor() as cursor:
        cursor.execute(_DAYS, known)
        days = int(cursor.fetchone()[0])
        cursor.execute(_WINDOWS, known)
        windows = dict(cursor.fetchall())
        cursor.execute(_HOURS, known)
        rows = [_Row(*row) for row in cursor.fetchall()]
    if not rows:
        raise CannotFindHall(
            zh=f"{hall.name}在这段时间没有已结束的排队记录。请换一段时间。",
            en=f"{hall.name_en} has no finished queue numbers in these days. Choose others.",
        )
    return PastDemand(hall.name, days, sum(row.came for row in rows), _hours(rows, windows, days))


@dataclass(frozen=True, slots=True)
class _Row:
    hour: int
    came: int
    served: int
    service: float
    left: int
    waited: float
    in_time: int


def _hours(rows: list[_Row], windows: Mapping[int, float], days: int) -> tuple[PastHour, ...]:
    """Means of the whole day stand in where an hour has too few numbers of its own."""
    served, left = sum(row.served for row in rows), sum(row.left for row in rows)
    usual = sum(row.service for row in rows) / served if served else USUAL_SERVICE_MINUTES
    # The most likely mean patience, when those who were called had not yet lost theirs: minutes waited by one who left.
    patience = sum(row.waited for row in rows) / left if left else NEVER
    return tuple(
        PastHour(
            Demand(
                row.hour,
                row.came / days,
                max(row.service / row.served if row.served >= FEWEST_SERVED else usual, 0.1),
                max(patience, 0.1),
            ),
            windows.get(row.hour, 0.0) / days,
            row.in_time / row.came,
        )
        for row in rows
    )
