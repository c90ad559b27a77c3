"""Cards and open figures as they were kept when a month was counted equal what is worked out of its tallies."""

from datetime import date, datetime, timedelta
from typing import Any

import psycopg
import pytest
from django.db import connection
from django.db.models import Model
from django.test.utils import CaptureQueriesContext

from tests.apps.factories import OrganisationFactory
from tests.apps.test_scorecards import LATE, MARCH, cases, followed_up, hotline
from tests.apps.ticket_examples import Hotline, staff_of
from yici.apps.accountability import actions, queries
from yici.apps.accountability.card_counting import SPANS, count_cards, ending_with
from yici.apps.accountability.models import CardTally, MonthTally, OpenTally, PeerTally, PlaceTally
from yici.apps.accountability.month_counting import count_figure, count_missing_cards, count_month, count_months
from yici.apps.accountability.open_counting import kept_figures
from yici.apps.accountability.open_figures import figures_of, work_out
from yici.apps.cases.models import Case
from yici.apps.places.models import Organisation
from yici.rules.people import Role

__all__ = ["hotline"]  # the fixture
PROVINCE = "330000000000"
APRIL, MAY = date(2018, 4, 1), date(2018, 5, 1)
KINDS = ("ecology", "health")
OFFICES = [(kind, code) for kind in KINDS for code in ("330122", "330122001", "330106", "330502", "330000")]


@pytest.fixture
def counted(hotline: Hotline) -> Hotline:
    """Two kinds of offices at five places, whose cases were decided in two months, some too few to show."""
    for number, (kind, code) in enumerate(OFFICES):
        cases(OrganisationFactory(kind=kind, code=code), 16 + 3 * number, late=number, visits=number % 2)
    for case in Case.objects.order_by("pk")[::2]:
        Case.objects.filter(pk=case.pk).update(decided_at=LATE.replace(month=4, day=3))
    for number in range(12):
        followed_up(hotline, hotline.ecology, hotline.at_ecology, satisfied=number > 3, number=number)
    count_months([MARCH, APRIL], now=LATE)
    return hotline


def rows_of(*models: type[Model]) -> list[tuple[Any, ...]]:
    """Return all that was counted, whenever that was."""
    fields = [
        [one.attname for one in model._meta.concrete_fields if one.name not in ("id", "counted_at")] for model in models
    ]
    return [
        tuple(sorted(map(repr, model._default_manager.values_list(*names))))
        for model, names in zip(models, fields, strict=True)
    ]


def count_ecology(month: date, *, now: datetime) -> None:
    """Count one figure of one office."""
    count_figure(Organisation.objects.filter(kind="ecology")[0], month, "promised_time", now=now)


def count_again(month: date, *, now: datetime) -> None:
    """Count the cards that are missing."""
    assert month in count_missing_cards(now=now)


def page(month: date, kind: str, span: int, *, start: int = 0, size: int) -> tuple[list[queries.Card], int]:
    """Return kept cards of the whole province."""
    return queries.page_of_cards(month=month, region_code=PROVINCE, kind=kind, span=span, start=start, size=size)


@pytest.mark.parametrize("span", SPANS)
@pytest.mark.parametrize("month", [MARCH, APRIL])
@pytest.mark.parametrize("kind", ["", *KINDS])
def test_a_page_of_cards_is_what_all_tallies_give(counted: Hotline, span: int, month: date, kind: str) -> None:
    slow = queries.cards(month=month, region_code=PROVINCE, kind=kind, span=span)
    if not kind:
        rows = dict(Organisation.objects.values_list("public_id", "pk"))
        slow = sorted(slow, key=lambda one: (one.region.zh, one.name.zh, rows[one.organisation_id]))
    kept, count = page(month, kind, span, size=100)

    assert len({one.score for one in slow}) > 2
    assert kind != "health" or month == APRIL or any(one.score.total for one in slow)
    assert (kept, count) == (slow, len(slow))
    assert [one for start in range(0, count, 2) for one in page(month, kind, span, start=start, size=2)[0]] == slow
    assert [queries.card(one.organisation_id, month=month, span=span) for one in slow] == slow


def test_cards_of_a_region_are_those_below_it(counted: Hotline) -> None:
    kept, count = queries.page_of_cards(month=MARCH, region_code="330122", kind="ecology", span=1, start=0, size=9)
    slow = queries.cards(month=MARCH, region_code="330122", kind="ecology")
    assert (kept, count) == (slow, len(slow))
    assert count < len(queries.cards(month=MARCH, kind="ecology"))


def test_a_page_reads_no_tally_of_offices_and_items(counted: Hotline) -> None:
    with CaptureQueriesContext(connection) as asked:
        queries.page_of_cards(month=MARCH, region_code=PROVINCE, kind="", span=12, start=0, size=60)
        kept_figures(MARCH, place="330000000000/")
    assert 0 < len(asked) <= 6
    assert not any("accountability_monthtally" in one["sql"] for one in asked)


def test_namesakes_stand_in_one_order_whatever_the_order_of_rows(counted: Hotline) -> None:
    """Towns of many counties bear one name; where too little is known of them, nothing else tells them apart."""
    Organisation.objects.filter(kind="ecology").update(name="同名局")
    CardTally.objects.update(total=None)
    whole, count = page(MARCH, "ecology", 1, size=100)
    turned = CardTally.objects.filter(month=MARCH, span=1).order_by("-organisation_id")
    for row in turned:
        row.delete()
        row.pk = None
        row.save()
    assert page(MARCH, "ecology", 1, size=100) == (whole, count)
    assert [one for start in range(count) for one in page(MARCH, "ecology", 1, start=start, size=1)[0]] == whole


def test_a_month_that_nothing_is_left_of_has_no_cards(counted: Hotline) -> None:
    MonthTally.objects.filter(month=APRIL).delete()
    PlaceTally.objects.filter(month=APRIL).delete()
    count_cards([APRIL], now=LATE)
    assert not CardTally.objects.filter(month=APRIL, span=1).exists()
    assert [one.score for one in page(APRIL, "ecology", 3, size=99)[0]] == [
        one.score for one in queries.cards(month=APRIL, kind="ecology", span=3)
    ]


def test_who_has_no_figures_has_an_empty_card(counted: Hotline) -> None:
    other = OrganisationFactory(kind="health", code="330402")
    found = queries.card(other.public_id, month=MARCH)
    assert found.score.total is None
    assert found.as_of == LATE
    assert all(part.is_hidden for part in found.score.parts)


def test_open_figures_are_kept_as_they_are_worked_out(counted: Hotline) -> None:
    slow = work_out(MARCH, LATE)
    assert len(slow.places) > 20
    assert slow.items
    for measure, path in slow.places:
        assert kept_figures(MARCH, place=path).of_place(measure, path) == slow.of_place(measure, path)
    for measure, item in slow.items:
        assert kept_figures(MARCH, item_key=item).of_item(measure, item) == slow.of_item(measure, item)
    below = kept_figures(MARCH, below="330000000000/330100000000/", measure="promised_time")
    assert below.places == {
        key: one for key, one in slow.places.items() if key[0] == "promised_time" and "/330100000000/" in key[1]
    }


def test_a_figure_counted_alone_leaves_what_counting_all_leaves(counted: Hotline) -> None:
    at, office = staff_of(counted.ecology, Role.DECIDER), counted.ecology
    reform = staff_of(OrganisationFactory(kind="reform", code="330000"), Role.REFORM)
    ref = next(one.ref for one in queries.rows_of([office.pk], MARCH, "tickets_satisfied", only_bad=True))
    before = rows_of(MonthTally, PlaceTally, CardTally, PeerTally, OpenTally)
    made = actions.contest(
        month=MARCH,
        measure="tickets_satisfied",
        ref=ref,
        reason="当事人的要求没有法律依据，已书面答复。",
        by=at,
        now=LATE,
    )
    actions.decide_contest(contest_id=made, upheld=True, answer="属实，予以剔除。", by=reform, now=LATE)

    alone = rows_of(MonthTally, PlaceTally, CardTally, PeerTally, OpenTally)
    count_months([MARCH, APRIL], now=LATE)

    assert alone != before
    assert alone == rows_of(MonthTally, PlaceTally, CardTally, PeerTally, OpenTally)


def test_a_month_counted_again_changes_the_cards_after_it(counted: Hotline) -> None:
    assert ending_with([MARCH]) == [MARCH, APRIL]
    assert ending_with([APRIL]) == [APRIL]
    cases(counted.ecology, 30, late=30)
    count_month(MARCH, now=LATE + timedelta(hours=1))

    for month in (MARCH, APRIL):
        slow = queries.cards(month=month, kind="ecology", span=12)
        kept, _ = queries.page_of_cards(month=month, region_code=PROVINCE, kind="ecology", span=12, start=0, size=50)
        assert [one.score for one in kept] == [one.score for one in slow]


def test_months_from_before_cards_were_kept_get_theirs(counted: Hotline) -> None:
    before = rows_of(CardTally, PeerTally, OpenTally)
    for model in (CardTally, PeerTally, OpenTally):
        model._default_manager.filter(month=MARCH).delete()
    CardTally.objects.filter(month=APRIL).update(formula="1999-1", total=1.0)
    assert kept_figures(MARCH, place="330000000000/") == figures_of(MARCH)

    assert count_missing_cards(now=LATE) == [MARCH, APRIL]
    assert rows_of(CardTally, PeerTally, OpenTally) == before
    assert count_missing_cards(now=LATE) == []


@pytest.mark.parametrize("count", [count_month, count_ecology, count_again], ids=["month", "figure", "missing"])
def test_two_counts_never_run_at_once(hotline: Hotline, count: Any) -> None:
    """The hourly count and a contest decided in the same minute: one waits, neither writes the other's rows."""
    place = {"region": hotline.ecology.region, "month": MARCH, "measure": "promised_time", "counted_at": LATE}
    PlaceTally.objects.create(**place, good=1, of=1)
    assert other_may_count()
    count(MARCH, now=LATE)
    assert not other_may_count()


def other_may_count() -> bool:
    """Whether another process would begin to count now."""
    told = connection.settings_dict
    with psycopg.connect(dbname=told["NAME"], user=told["USER"], host=told["HOST"], port=told["PORT"]) as other:
        row = other.execute("SELECT pg_try_advisory_xact_lock(hashtext('accountability.months'))").fetchone()
        return bool(row and row[0])
