"""The official working-day table that comes with the platform, 2016 to 2026."""

import csv
from datetime import date
from functools import cache
from importlib.resources import files

from yici.rules.words import Words
from yici.rules.working_days import Calendar, CalendarRow, DayKind


@cache
def official_calendar() -> Calendar:
    """Return the calendar made from the packaged table; read once a process."""
    return Calendar.from_rows(official_rows())


def official_rows() -> list[CalendarRow]:
    """Return the exceptional days of the table, each with the notice it comes from."""
    text = files("yici.apps.places").joinpath("data/workdays_2016_2026.csv").read_text(encoding="utf-8")
    return [
        CalendarRow(
            day=date.fromisoformat(line["day"]),
            kind=DayKind(line["kind"]),
            holiday=Words(line["holiday_zh"], line["holiday_en"]),
            notice=line["notice"],
        )
        for line in csv.DictReader(text.splitlines())
    ]
