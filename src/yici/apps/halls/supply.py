"""What a hall's days were like: arrivals, waits, service times, who gave up."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date

from django.conf import settings
from django.db import connection

from yici.apps.halls.jurisdiction import own_hall_id
from yici.apps.people.viewers import Viewer


@dataclass(frozen=True, slots=True)
class HourRow:
    """One hour of one day in one channel; waits and service times in minutes, None where there were none.

    ``abandoned``: did not come when called, or the hall closed before they were. Hour: local, 9 is 9:00 to 9:59.
    """

    day: date
    hour: int
    channel: str
    arrivals: int
    served: int
    abandoned: int
    wait_median: float | None
    wait_p90: float | None
    service_median: float | None

    def as_row(self) -> Mapping[str, object]:
        """Return the row as a file holds it: column to value."""
        return {name: round(value, 1) if isinstance(value, float) else value for name, value in asdict(self).items()}


# The median and not the mean: one forgotten ticket would say that everybody was served for six hours.
_HOURS = """
SELECT day, extract(hour FROM joined_at AT TIME ZONE %s)::int, {channel}, count(*),
       count(*) FILTER (WHERE state = 'done'), count(*) FILTER (WHERE state IN ('no_show', 'closed')),
       percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM first_called_at - joined_at)::float / 60),
       percentile_cont(0.9) WITHIN GROUP (ORDER BY extract(epoch FROM first_called_at - joined_at)::float / 60),
       percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM finished_at - serving_at)::float / 60)
           FILTER (WHERE state = 'done')
FROM halls_queueticket WHERE hall_id = %s AND day BETWEEN %s AND %s
GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
"""


def supply_rows(viewer: Viewer, *, first: date, last: date) -> list[HourRow]:
    """Return one row for each day, hour and channel in which somebody came to the clerk's hall."""
    return _hours(own_hall_id(viewer), first, last, "channel")


def hours_of_day(viewer: Viewer, *, day: date) -> list[HourRow]:
    """Return one row for each hour of a day, all channels together."""
    return _hours(own_hall_id(viewer), day, day, "'all'")


@dataclass(frozen=True, slots=True)
class QuarterRow:
    """A quarter of an hour of the typical day. ``starts``: minutes after midnight; ``arrivals``: mean a day.

    ``wait_p90``: minutes within which nine of ten of these were called; None where nobody was.
    """

    starts: int
    arrivals: float
    wait_p90: float | None


_QUARTERS = """
SELECT 15 * (extract(hour FROM at) * 4 + floor(extract(minute FROM at) / 15))::int,
       count(*)::float / (SELECT count(DISTINCT day) FROM halls_queueticket
                          WHERE hall_id = %(hall)s AND day BETWEEN %(first)s AND %(last)s),
       percentile_cont(0.9) WITHIN GROUP (ORDER BY extract(epoch FROM first_called_at - joined_at)::float / 60)
FROM (SELECT *, joined_at AT TIME ZONE %(zone)s AS at FROM halls_queueticket
      WHERE hall_id = %(hall)s AND day BETWEEN %(first)s AND %(last)s) AS t
GROUP BY 1 ORDER BY 1
"""


def quarters(viewer: Viewer, *, first: date, last: date) -> list[QuarterRow]:
    """Return the quarters of an hour in which people came to the clerk's hall, as means over those days."""
    terms: dict[str, str | int | date] = {
        "zone": settings.TIME_ZONE,
        "hall": own_hall_id(viewer),
        "first": first,
        "last": last,
    }
    with connection.cursor() as cursor:
        cursor.execute(_QUARTERS, terms)
        return [QuarterRow(*row) for row in cursor.fetchall()]


def _hours(hall_id: int, first: date, last: date, channel: str) -> list[HourRow]:
    with connection.cursor() as cursor:
        cursor.execute(_HOURS.format(channel=channel), [settings.TIME_ZONE, hall_id, first, last])
        return [HourRow(*row) for row in cursor.fetchall()]
