"""Counts months whole, and single figures anew, with everything that pages read from them."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from yici.apps.accountability.card_counting import count_cards, without_cards
from yici.apps.accountability.counting import alone, count_one, count_tallies
from yici.apps.accountability.open_counting import count_open
from yici.apps.accountability.place_counting import count_days, count_places
from yici.apps.places.models import Organisation
from yici.apps.places.months import bounds


@transaction.atomic
def count_month(month: date, *, now: datetime) -> int:
    """Count every measure of a month anew, and the cards it is in; return how many tallies there are."""
    return count_months([month], now=now)[month]


def count_months(months: Sequence[date], *, now: datetime) -> dict[date, int]:
    """Count several months, each whole, and then once the cards they are in; return the tallies of each month."""
    count_missing_cards(now=now)  # a year's card reads those of its months
    made = {month: count_figures(month, now=now) for month in months}
    count_cards(months, now=now)
    return made


@transaction.atomic
def count_figures(month: date, *, now: datetime) -> int:
    """Count a month without the cards: by office and item, by place, as everybody may have it, and its days."""
    alone()
    total = count_tallies(month, now=now)
    count_places(month, now=now)
    count_open(month, now=now)
    since, until = bounds(month)
    count_days(month, since=since, until=until, now=now)
    return total


@transaction.atomic
def count_figure(organisation: Organisation, month: date, measure: str, *, now: datetime) -> None:
    """Count one figure of an organisation anew, as when a contest was upheld, with all that it is a part of."""
    alone()
    count_missing_cards(now=now)
    count_one(organisation.pk, month, measure, now=now)
    count_places(month, now=now, measure=measure)
    count_open(month, now=now, measure=measure)
    count_cards([month], now=now, kind=organisation.kind)


def count_missing_cards(*, now: datetime) -> list[date]:
    """Work out cards and open figures of months that were counted before they were kept; return these months."""
    missing = without_cards()
    for month in missing:
        with transaction.atomic():
            alone()
            count_open(month, now=now)
    count_cards(missing, now=now)
    return missing
