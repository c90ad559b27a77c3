"""Millions of invented cases to measure on, their months counted, and figures counted again. The rows stay."""

import time
from collections.abc import Callable
from datetime import date, datetime
from random import Random

from django.db import connection
from django.utils import timezone

from yici.apps.accountability.card_counting import count_cards
from yici.apps.accountability.models import CardTally, DaysTally, MonthTally, OpenTally, PeerTally, PlaceTally
from yici.apps.accountability.month_counting import count_figures
from yici.apps.accountability.recounting import SLOW, recounted
from yici.apps.accountability.way_counting import count_ways
from yici.apps.cases.models import Application
from yici.apps.people.models import Account
from yici.apps.people.viewers import Viewer, viewer_of
from yici.apps.places.models import Region
from yici.apps.places.months import next_month
from yici.apps.reform.invented_past import CannotInvent, invent_past
from yici.rules.people import Role

SINCE, MONTHS, SEED = date(2017, 1, 1), 24, 1
_TALLIES = (MonthTally, PlaceTally, DaysTally, CardTally, PeerTally, OpenTally)
Say = Callable[[str], None]


def months() -> list[date]:
    """Return the two years of the invented cases, month by month."""
    made = [SINCE]
    while len(made) < MONTHS:
        made.append(next_month(made[-1]))
    return made


def counties() -> list[str]:
    """Return the codes of all counties."""
    rows = Region.objects.filter(level=Region.COUNTY, abolished=False)
    return list(rows.values_list("code", flat=True))


def offices() -> list[tuple[str, str]]:
    """Return the organisations with figures in the last month, each with its kind."""
    rows = CardTally.objects.filter(month=months()[-1], span=1).order_by("organisation__public_id")
    return [(str(key), kind) for key, kind in rows.values_list("organisation__public_id", "organisation__kind")]


def items() -> list[str]:
    """Return the keys of the items with figures in the last month."""
    rows = MonthTally.objects.filter(month=months()[-1]).exclude(item_key="").order_by("item_key")
    return list(rows.values_list("item_key", flat=True).distinct())


def province_office() -> Viewer:
    """Return the reform office of the province, which sees every county. Raises CannotInvent."""
    found = Account.objects.filter(staff__roles__contains=[Role.REFORM], staff__region__level=Region.PROVINCE).first()
    if found is None:
        raise CannotInvent(
            zh="没有省级改革办账户，请先载入演示数据。",
            en="There is no reform office of a province. Load the demonstration first.",
        )
    return viewer_of(found)


def tallies() -> int:
    """Return how many tallies of offices and items there are."""
    return MonthTally.objects.count()


def fill(scale: int, say: Say) -> float:
    """Make the cases that are missing, and count the months if any was; return the seconds of the slowest, or 0.

    Raises CannotInvent.
    """
    now, there, known = timezone.now(), Application.objects.count(), months()
    if there < scale:
        say(f"making {scale - there:,} cases")
        invent_past(cases=scale - there, seed=SEED, since=SINCE, months=MONTHS, now=now)
    elif MonthTally.objects.filter(month=known[-1]).exists():
        return 0.0
    seconds = [_counted(month, now, say, ways=month == known[-1]) for month in known]
    begun = time.perf_counter()
    count_cards(known, now=now)
    cards = (time.perf_counter() - begun) / len(known)
    say(f"cards of a month: {cards:.1f} s")
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {', '.join(one._meta.db_table for one in _TALLIES)}")
    return max(seconds) + cards


def _counted(month: date, now: datetime, say: Say, *, ways: bool) -> float:
    begun = time.perf_counter()
    count_figures(month, now=now)
    measures = time.perf_counter() - begun
    if ways:
        count_ways(month, now=now)
    whole = time.perf_counter() - begun
    say(f"{month:%Y-%m} counted: {measures:.1f} s, ways {whole - measures:.1f} s")
    return whole


def unlike_a_slow_count(chance: Random, most: int) -> tuple[int, int]:
    """Count some figures again from their cases; return how many are unlike their tally, and of how many."""
    rows = MonthTally.objects.filter(measure__in=SLOW, month__in=months()).order_by()
    keys = sorted(rows.values_list("organisation_id", "month", "measure").distinct())
    drawn = chance.sample(keys, min(most, len(keys)))
    return sum(not _is_equal(*one) for one in drawn), len(drawn)


def _is_equal(organisation: int, month: date, measure: str) -> bool:
    rows = MonthTally.objects.filter(organisation_id=organisation, month=month, measure=measure)
    told = [(one.good, one.of) for one in rows]
    slow = recounted(organisation, month, measure)
    return (sum(good for good, _ in told), sum(of for _, of in told)) == (slow.good, slow.of)
