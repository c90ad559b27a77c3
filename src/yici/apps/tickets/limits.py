"""The limits that hold for tickets in a region on a day, read from the law's table once per process and change."""

import time
from datetime import datetime
from functools import lru_cache

from django.db import connection

from yici.apps.places import queries as places
from yici.rules.clock_courses import local_day
from yici.rules.codes import parse_region_code
from yici.rules.law_parameters import LawParameter
from yici.rules.ticket_limits import Limits
from yici.rules.working_days import Calendar

# A later value of the law and a new notice are new rows: the newest number and the count tell of every change.
_STAMP = """
SELECT (SELECT max(id) FROM places_holidayrow), (SELECT count(*) FROM places_holidayrow),
       (SELECT max(id) FROM places_lawparameterrow), (SELECT count(*) FROM places_lawparameterrow)
"""
Stamp = tuple[int | None, int, int | None, int]


def limits_for(region_code: str, now: datetime) -> Limits:
    """Return the limits of a region on the local day of ``now``."""
    table, calendar = _read(_stamp())
    return Limits(parse_region_code(region_code), local_day(now), table, calendar)


def _stamp() -> Stamp:
    """Return what tells of every change, asked at most once a second by a process."""
    second = int(time.monotonic())
    known = _KNOWN.get(second)
    if known is None or not known[-1]:
        with connection.cursor() as cursor:
            cursor.execute(_STAMP)
            known = cursor.fetchone()
        _KNOWN.clear()
        _KNOWN[second] = known
    return known


_KNOWN: dict[int, Stamp] = {}  # by the second in which it was asked


@lru_cache(maxsize=2)
def _read(stamp: Stamp) -> tuple[tuple[LawParameter, ...], Calendar]:
    return places.law_parameters(), places.calendar()
