"""Numbers that people read aloud at a counter or to the hotline."""

from datetime import datetime
from secrets import choice

from yici.rules.clock_courses import local_day

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # no 0 O 1 I L: read aloud at the hotline


def new_reference(now: datetime) -> str:
    """Return a number to read aloud: the day and eight characters nobody mistakes for one another."""
    return f"YC{local_day(now):%Y%m%d}" + "".join(choice(ALPHABET) for _ in range(8))
