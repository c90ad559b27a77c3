"""The map of the cockpit equals a slow recomputation, ends with the jurisdiction, and is read in few queries."""

from collections import Counter
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.apps.factories import OrganisationFactory, region
from tests.apps.test_scorecards import LATE, MARCH, cases, followed_up, hotline
from tests.apps.ticket_examples import Hotline, staff_of
from yici.apps.accountability import cockpit, contests, demo, queries
from yici.apps.accountability.actions import contest, decide_contest
from yici.apps.accountability.counting import CannotCount
from yici.apps.accountability.models import Contest, MonthTally
from yici.apps.accountability.month_counting import count_month
from yici.apps.accountability.place_counting import count_places
from yici.apps.accountability.statistics import NoSuchPlace, county_statistics
from yici.apps.cases.models import Case
from yici.apps.people.viewers import ANONYMOUS, Viewer
from yici.rules.measures import MEASURES
from yici.rules.people import Role
from yici.rules.scores import Tally

__all__ = ["hotline"]  # the fixture
TONGLU, XIHU, WUXING = "330122000000", "330106000000", "330502000000"


def reform(code: str) -> Viewer:
    return staff_of(OrganisationFactory(kind="reform_office", code=code), Role.REFORM)


def on_map(viewer: Viewer, measure: str = "promised_time", month: date = MARCH) -> dict[str, cockpit.CountyLine]:
    return {line.code: line for line in cockpit.map_of(viewer, measure, month).rows}


@pytest.fixture
def counted(hotline: Hotline) -> Hotline:
    """A town and its county, another county of the city, and one of another city."""
    for place, (kind, code) in enumerate(
        (("ecology", "330122"), ("township", "330122001"), ("ecology", "330106"), ("ecology", "330502"))
    ):
        cases(OrganisationFactory(kind=kind, code=code), 11 + 3 * place, late=place, visits=place % 2)
    for number in range(3):
        followed_up(hotline, hotline.ecology, hotline.at_ecology, satisfied=number > 0, number=number)
    count_month(MARCH, now=LATE)
    return hotline


class TestMap:
    def test_equals_a_slow_recomputation(self, counted: Hotline) -> None:
        good, of = Counter[str](), Counter[str]()
        for case in Case.objects.select_related("organisation__region").filter(decided_at__isnull=False):
            county = case.organisation.region.code[:6] + "000000"
            assert case.decided_at is not None
            assert case.promised_due_on is not None
            of[county] += 1
            good[county] += case.decided_at.date() <= case.promised_due_on

        found = on_map(reform("330000"))

        assert {key: line.figure.tally for key, line in found.items() if line.figure.tally.of} == {
            key: Tally(good[key], of[key]) for key in of
        }
        assert set(of) == {TONGLU, XIHU, WUXING}
        assert found[TONGLU].figure.tally.of == 11 + 14  # the town counts to its county

    @pytest.mark.parametrize("measure", MEASURES)
    def test_is_the_sum_of_the_rows_behind_it(self, counted: Hotline, measure: str) -> None:
        viewer = reform("330000")
        for code, line in on_map(viewer, measure).items():
            rows = cockpit.behind(viewer, code, measure, MARCH, only_bad=False)
            assert line.figure.tally == Tally(sum(row.good for row in rows), sum(row.of for row in rows))

    def test_says_what_all_counties_reach_and_what_was_expected(self, counted: Hotline) -> None:
        office = OrganisationFactory(kind="ecology", code="330122")
        MonthTally.objects.create(
            measure="promised_time", organisation=office, month=date(2018, 2, 1), good=10, of=100, counted_at=LATE
        )
        count_places(date(2018, 2, 1), now=LATE)
        figure = on_map(reform("330122"))[TONGLU].figure
        whole = 11 + 14 + 17 + 20
        assert figure.peers == pytest.approx((whole - 6) / whole, abs=1e-4)
        assert figure.expected == pytest.approx((10 + 20 * (whole - 6) / whole) / 120, abs=1e-4)
        assert figure.verdict is not None
        assert figure.verdict.value == "better"

    def test_says_nothing_of_few(self, counted: Hotline) -> None:
        cases(OrganisationFactory(kind="health", code="330500"), 30)  # of a city: on no county
        few = region("330503")
        cases(OrganisationFactory(kind="ecology", code=few.code[:6]), 9)
        count_month(MARCH, now=LATE)
        found = on_map(reform("330000"))
        assert found[few.code].figure.value is None
        assert found[few.code].figure.shade == 0
        assert "330500000000" not in found

    def test_is_read_in_three_queries(self, counted: Hotline) -> None:
        viewer = reform("330000")
        with CaptureQueriesContext(
            connection,
        ) as few:
            cockpit.map_of(viewer, "promised_time", MARCH)
        for code in ("330102", "330105", "330108", "330109"):
            cases(OrganisationFactory(kind="ecology", code=code), 12)
        count_month(MARCH, now=LATE)
        with CaptureQueriesContext(connection) as many:
            cockpit.map_of(viewer, "promised_time", MARCH)
        assert len(few) == len(many) == 3
        with CaptureQueriesContext(connection) as behind:
            cockpit.behind(viewer, TONGLU, "promised_time", MARCH, only_bad=False)
        assert len(behind) <= 7  # however many rows: their codes are looked up together

    def test_refuses_a_measure_that_does_not_exist(self, counted: Hotline) -> None:
        with pytest.raises(CannotCount):
            cockpit.map_of(reform("330000"), "nothing", MARCH)


class TestJurisdiction:
    def test_ends_with_the_viewers_region(self, counted: Hotline) -> None:
        assert set(on_map(reform("330000"))) == {TONGLU, XIHU, WUXING}
        assert set(on_map(reform("330100"))) == {TONGLU, XIHU}
        assert set(on_map(reform("330122"))) == {TONGLU}

    @pytest.mark.parametrize(("office", "code"), [("330122", XIHU), ("330100", WUXING), ("330500", TONGLU)])
    def test_opens_no_list_beyond_it(self, counted: Hotline, office: str, code: str) -> None:
        with pytest.raises(cockpit.NoSuchCounty):
            cockpit.behind(reform(office), code, "promised_time", MARCH, only_bad=False)
        with pytest.raises(cockpit.NoSuchCounty):
            cockpit.county(reform(office), code, "promised_time", MARCH)

    def test_links_only_what_the_viewer_may_open(self, counted: Hotline) -> None:
        def opened(viewer: Viewer) -> list[bool]:
            rows = cockpit.behind(viewer, TONGLU, "tickets_satisfied", MARCH, only_bad=False)
            return [row.ticket is not None for row in rows]

        assert opened(counted.operator)
        assert all(opened(counted.operator))
        assert not any(opened(reform("330122")))

    def test_shows_only_what_spoils(self, counted: Hotline) -> None:
        rows = cockpit.behind(reform("330000"), WUXING, "promised_time", MARCH, only_bad=True)
        assert [(row.good, row.of) for row in rows] == [(0, 1)] * 3

    def test_is_for_those_who_watch_over_a_county_or_more(self, counted: Hotline) -> None:
        town = staff_of(OrganisationFactory(kind="township", code="330122001"), Role.ADMIN)
        allowed = [counted.operator, reform("330122"), staff_of(counted.ecology, Role.ADMIN)]
        refused = [counted.at_ecology, counted.person, ANONYMOUS, town]
        assert [cockpit.may_see_cockpit(one) for one in allowed] == [True] * 3
        assert [cockpit.may_see_cockpit(one) for one in refused] == [False] * 4


class TestContests:
    @pytest.fixture
    def contested(self, hotline: Hotline) -> Any:
        cases(hotline.ecology, 12, late=2)
        count_month(MARCH, now=LATE)
        return contest(
            month=MARCH, measure="promised_time", reason="当日系统停机，有公告为证。", by=hotline.at_ecology, now=LATE,
            ref=contests.own_points(hotline.at_ecology, MARCH, "promised_time")[0].ref,
        )  # fmt: skip

    def test_points_are_the_viewers_own_and_only_the_bad(self, hotline: Hotline, contested: Any) -> None:
        assert [one.good for one in contests.own_points(hotline.at_ecology, MARCH, "promised_time")] == [0, 0]
        assert contests.own_points(hotline.at_city_management, MARCH, "promised_time") == []
        assert contests.own_tallies(hotline.at_city_management, MARCH) == {}
        assert contests.own_contests(hotline.at_city_management, MARCH) == []
        assert contests.may_contest(hotline.at_ecology)
        assert not contests.may_contest(hotline.person)

    def test_wait_for_the_reform_office_of_the_region(self, hotline: Hotline, contested: Any) -> None:
        office = reform("330100")
        assert [line.public_id for line in contests.waiting(office)] == [contested]
        for stranger in (reform("330500"), hotline.at_ecology, staff_of(hotline.ecology, Role.REFORM)):
            assert contests.waiting(stranger) == []
            with pytest.raises(Contest.DoesNotExist):
                contests.one(stranger, contested)

        decide_contest(contest_id=contested, upheld=True, answer="停机属实。", by=office, now=LATE)

        assert contests.waiting(office) == []
        assert [line.upheld for line in contests.decided(office)] == [True]
        assert len(contests.own_points(hotline.at_ecology, MARCH, "promised_time")) == 1


class TestStatistics:
    def test_say_volume_shares_and_usual_days_of_enough_cases(self, counted: Hotline) -> None:
        found = county_statistics(TONGLU, MARCH)
        shares = {key: one.value for key, one in found.figures}
        assert found.cases == 25
        assert found.days == (1.0, 1.0, 1.0)
        assert shares["promised_time"] == pytest.approx(24 / 25)
        assert shares["tickets_satisfied"] is None  # three follow-ups say too little of anybody

    def test_say_nothing_of_few_nor_of_what_is_no_county(self, counted: Hotline) -> None:
        cases(OrganisationFactory(kind="ecology", code="330503"), 9)
        count_month(MARCH, now=LATE)
        found = county_statistics("330503000000", MARCH)
        assert (found.cases, found.days) == (None, None)
        assert all(one.value is None for _, one in found.figures)
        for code in ("330100000000", "nothing"):
            with pytest.raises(NoSuchPlace):
                county_statistics(code, MARCH)


class TestMonths:
    def test_are_found_without_reading_every_tally(self, counted: Hotline) -> None:
        office = OrganisationFactory(kind="ecology", code="330122")
        MonthTally.objects.create(
            measure="complaints", organisation=office, month=date(2018, 4, 1), good=0, of=1, counted_at=LATE
        )
        known = queries.months()
        assert known == [date(2018, 4, 1), MARCH]
        assert queries.month_to_show(known) == MARCH  # April has hardly begun
        assert queries.month_to_show([]) is None


def test_the_demo_is_the_same_every_time_and_has_no_cases(db: None) -> None:
    OrganisationFactory(kind="ecology", code="330122")
    OrganisationFactory(kind="ecology", code="330100")
    seen = []
    for _ in range(2):
        MonthTally.objects.all().delete()
        demo.load(LATE)
        demo.load(LATE)
        seen.append(list(MonthTally.objects.order_by("month", "measure").values_list("month", "measure", "good", "of")))
    assert seen[0] == seen[1]
    assert len(seen[0]) == len(MEASURES) * 6
    assert not Case.objects.exists()
