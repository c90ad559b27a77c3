"""What is added up by place and by item equals what the offices and the cases themselves give, the slow way."""

from datetime import date, timedelta
from random import Random
from statistics import quantiles

import pytest
from django.db.models import Sum

from tests.apps.factories import OrganisationFactory
from tests.apps.test_scorecards import LATE, MARCH, cases, hotline
from tests.apps.ticket_examples import Hotline, days
from yici.apps.accountability.models import DaysTally, MonthTally, PlaceTally
from yici.apps.accountability.month_counting import count_month
from yici.apps.accountability.recounting import SLOW, recounted
from yici.apps.accountability.span_columns import read
from yici.apps.accountability.statistics import county_statistics, item_statistics
from yici.apps.cases.models import Case
from yici.apps.places.models import Region
from yici.rules.scores import NOTHING, Tally

__all__ = ["hotline"]  # the fixture
PLACES = ("330122", "330122001", "330502", "330500", "330000")


@pytest.fixture
def counted(hotline: Hotline) -> Hotline:
    """Offices of a county, its town, another county, its city and the province, whose cases took days by chance."""
    chance = Random(5)
    for number, code in enumerate(PLACES):
        cases(OrganisationFactory(kind="ecology", code=code), 12 + number, late=number, visits=number % 2)
    for case in Case.objects.order_by("pk"):
        case.decided_at = days(1) + timedelta(minutes=chance.randrange(9 * 1440))
        case.promised_due_on = None if chance.random() < 0.2 else date(2018, 3, 6 + chance.randrange(9))
        case.save()
    count_month(MARCH, now=LATE)
    return hotline


def test_a_place_has_what_its_offices_and_those_below_have(counted: Hotline) -> None:
    kept = {(row.region.path, row.measure): (row.good, row.of) for row in PlaceTally.objects.select_related("region")}
    slow = {}
    for row in Region.objects.filter(level__lte=Region.COUNTY):
        rows = MonthTally.objects.filter(organisation__region__path__startswith=row.path).order_by()
        for measure, good, of in rows.values_list("measure").annotate(Sum("good"), Sum("of")):
            slow[row.path, measure] = (good, of)

    assert kept == slow
    assert len({path for path, _ in kept}) == 5  # the province, two cities, two counties; no town


def test_counting_again_changes_nothing(counted: Hotline) -> None:
    before = sorted(PlaceTally.objects.values_list("region", "measure", "good", "of"))
    count_month(MARCH, now=LATE)

    assert sorted(PlaceTally.objects.values_list("region", "measure", "good", "of")) == before
    assert DaysTally.objects.filter(item_key="registration").count() == 1


@pytest.mark.parametrize("measure", SLOW)
def test_a_figure_is_what_its_cases_give_one_by_one(counted: Hotline, measure: str) -> None:
    rows = MonthTally.objects.filter(measure=measure).order_by()
    for organisation, good, of in rows.values_list("organisation_id").annotate(Sum("good"), Sum("of")):
        assert recounted(organisation, MARCH, measure) == Tally(good, of) != NOTHING


def took(rows: list[Case]) -> list[float]:
    return sorted((row.decided_at - row.received_at).total_seconds() / 86_400 for row in rows)  # type: ignore[operator]


def test_the_days_of_a_county_are_those_of_its_cases_to_the_tenth(counted: Hotline) -> None:
    rows = list(Case.objects.filter(organisation__region__code__startswith="330122"))
    exact = quantiles(took(rows), n=20, method="inclusive")

    found = county_statistics("330122000000", MARCH)

    assert found.days == pytest.approx((exact[4], exact[9], exact[17]), abs=0.11)
    promised = [row for row in rows if row.promised_due_on]
    kept = DaysTally.objects.get(item_key="", place__endswith="330122000000/")
    assert sum(read(kept.promised).values()) == len(promised) < len(rows)


def test_the_days_of_an_item_are_those_of_the_whole_province(counted: Hotline) -> None:
    exact = quantiles(took(list(Case.objects.all())), n=20, method="inclusive")

    assert item_statistics("registration", MARCH).days == pytest.approx((exact[4], exact[9], exact[17]), abs=0.11)
