"""Gives the demo half a year of tallies to look at: invented sums, and neither a case nor a ticket behind them."""

from collections.abc import Iterator
from datetime import date, datetime
from random import Random

from django.db import connection, transaction

from yici.apps.accountability.models import MonthTally
from yici.apps.accountability.month_counting import count_missing_cards
from yici.apps.accountability.place_counting import count_places
from yici.apps.catalogue.queries import catalogue_for
from yici.apps.places.models import Organisation, Region
from yici.rules.codes import ZHEJIANG
from yici.rules.measures import MEASURES

MONTHS = tuple(date(2018, number, 1) for number in range(1, 7))
KINDS = ("public_security", "human_resources", "market_regulation", "medical_insurance", "natural_resources", "ecology")
# Of each measure: on how many of a hundred cases it is counted, its share in January, and the rise from month to month.
_COURSES = {
    "visits_kept": (100, 0.82, 0.022),
    "zero_visit": (100, 0.34, 0.055),
    "online_kept": (45, 0.86, 0.012),
    "requirements_fetched": (300, 0.42, 0.045),
    "statutory_time": (90, 0.985, 0.001),
    "promised_time": (90, 0.84, 0.018),
    "step_time": (140, 0.88, 0.012),
    "no_correction": (90, 0.71, 0.028),
    "write_backs_in_time": (25, 0.66, 0.04),
    "tickets_answered": (22, 0.87, 0.014),
    "tickets_solved": (14, 0.61, 0.03),
    "tickets_satisfied": (14, 0.68, 0.025),
    "tickets_unreturned": (24, 0.9, 0.006),
    "tickets_followed_up": (20, 0.7, 0.02),
    "tickets_heard": (22, 0.93, 0.004),
    "unsupervised": (24, 0.95, 0.004),
    "reviews_good": (12, 0.86, 0.012),
    "reviews_contacted": (8, 0.78, 0.025),
    "complaints": (100, 0.011, -0.0012),
}
_COPY = """
COPY accountability_monthtally (measure, organisation_id, item_key, month, good, "of", counted_at) FROM STDIN
"""


@transaction.atomic
def load(now: datetime) -> None:
    """Load the tallies; places are loaded before. Again is harmless."""
    if MonthTally.objects.filter(month__in=MONTHS).exists():
        return
    rows = Organisation.objects.filter(kind__in=KINDS, region__level=Region.COUNTY).order_by("region__code", "kind")
    offices = list(rows.values_list("pk", "kind", "region__code"))
    items = _items_by_kind()
    with connection.cursor() as cursor, cursor.copy(_COPY) as copy:
        for pk, kind, code in offices:
            item = Random(f"item {kind} {code}").choice(items.get(kind) or [""])
            for measure, month, good, of in _tallies(kind, code):
                copy.write_row((measure, pk, item, month, good, of, now))
    for month in MONTHS:
        count_places(month, now=now)
    count_missing_cards(now=now)


def _items_by_kind() -> dict[str, list[str]]:
    """Return the items of each kind of organisation: an office's sums all stand on one of them."""
    found: dict[str, list[str]] = {}
    for key, item in sorted(catalogue_for(ZHEJIANG.text).items.items()):
        found.setdefault(item.organisation, []).append(key)
    return found


def _tallies(kind: str, code: str) -> Iterator[tuple[str, date, int, int]]:
    """Yield an office's tallies: its county gives the tone, its kind the size, and chance the rest; always the same."""
    tone = Random(f"county {code}").gauss(0, 1)
    size = Random(f"office {kind} {code}")
    cases = size.choices((size.randint(60, 220), size.randint(220, 900), size.randint(4, 40)), (6, 3, 1))[0]
    for measure, (counted_on, begun, rise) in _COURSES.items():
        chance = Random(f"{measure} {kind} {code}")
        own = chance.gauss(0, 1)
        for number, month in enumerate(MONTHS):
            of = round(cases * counted_on / 100 * chance.uniform(0.85, 1.15))
            share = begun + rise * number
            spread = min(share, 1 - share)
            share += spread * (0.28 * tone + 0.14 * own + 0.06 * chance.gauss(0, 1)) * _way(measure)
            yield measure, month, min(of, round(of * min(max(share, 0.0), 1.0))), of


def _way(measure: str) -> int:
    return 1 if MEASURES[measure].higher_is_better else -1
