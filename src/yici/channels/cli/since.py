"""Reads the first day that a command on past cases is asked for."""

from datetime import date, datetime, time

from yici.rules.clock_courses import SHANGHAI
from yici.rules.refusals import Refusal


class CannotReadDay(Refusal):
    """The day on the command line is no day."""


def day_or_none(text: str | None) -> datetime | None:
    """Return the first moment of a local day, or None when none is given. Raises CannotReadDay."""
    if not text:
        return None
    try:
        return datetime.combine(date.fromisoformat(text), time.min, tzinfo=SHANGHAI)
    except ValueError as error:
        raise CannotReadDay(
            zh=f"“{text[:40]}”不是日期。请写成 2018-01-31 的样子。",
            en=f"'{text[:40]}' is no day. Write it like 2018-01-31.",
        ) from error
