"""Promise and flywheel: the counted share of fetched requirements equals a slow one, and ends with the region."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.apps.factories import OrganisationFactory
from tests.apps.test_cockpit import TONGLU, WUXING, reform
from tests.apps.test_scorecards import LATE, MARCH, cases, counted, hotline, tally
from tests.apps.ticket_examples import Hotline
from yici.apps.accountability.cockpit import NoSuchCounty
from yici.apps.accountability.curves import CURVES, curves, places_of
from yici.apps.accountability.month_counting import count_month
from yici.apps.cases.models import Case, Evidence
from yici.apps.places.models import Organisation
from yici.rules.scores import Tally

__all__ = ["hotline"]  # the fixture
WAYS = (
    ("data", "present"),
    ("licence", "present"),
    ("data", "missing"),
    ("form", "present"),
    ("upload", "present"),
    ("original", "due"),
    ("declaration", "present"),
    ("commitment", "present"),
)


def evidence(organisation: Organisation, count: int) -> None:
    """Give every case of an organisation some requirements, a different number of each way."""
    for number, case in enumerate(Case.objects.filter(organisation=organisation)):
        for place in range(count):
            way, status = WAYS[(number * 3 + place) % len(WAYS)]
            Evidence.objects.create(
                case=case, requirement=f"r{place}", proves="x", name="材料", name_en="Paper", way=way, source="来源",
                source_en="Source", necessity="necessary", status=status,
            )  # fmt: skip


@pytest.fixture
def fetched(hotline: Hotline) -> Hotline:
    offices = [hotline.ecology, *(OrganisationFactory(kind="ecology", code=code) for code in ("330106", "330502"))]
    for place, office in enumerate(offices):
        cases(office, 11 + place, visits=place % 2)
        evidence(office, 2 + place)
    count_month(MARCH, now=LATE)
    return hotline


class TestFetched:
    def test_equals_a_slow_recomputation(self, fetched: Hotline) -> None:
        for office in Organisation.objects.filter(kind="ecology"):
            rows = list(Evidence.objects.filter(case__organisation=office))
            good = sum(row.way in {"data", "licence"} and row.status == "present" for row in rows)
            assert tally(office, "requirements_fetched") == Tally(good, len(rows))

    def test_a_fetched_one_beside_an_uploaded_paper_is_not_fetched(self, fetched: Hotline) -> None:
        before = tally(fetched.ecology, "requirements_fetched")
        row = Evidence.objects.filter(case__organisation=fetched.ecology, way="data", status="present")[0]
        Evidence.objects.filter(pk=row.pk).update(way="upload")
        (after,) = counted(fetched.ecology, "requirements_fetched")
        assert after == Tally(before.good - 1, before.of)


class TestCurves:
    def test_add_up_everything_below_a_place(self, fetched: Hotline) -> None:
        found = curves(reform("330000"), "", MARCH)
        assert [one.measure.key for one in found.curves] == list(CURVES)
        assert len(found.months) == 24
        assert found.months[-1] == MARCH
        for curve in found.curves:
            whole = sum(
                (tally(one, curve.measure.key) for one in Organisation.objects.filter(kind="ecology")), Tally(0, 0)
            )
            assert curve.figures[-1].tally == whole
            assert all(one.value is None for one in curve.figures[:-1])
        assert {part.key: part.figures[1].tally.of for part in found.parts} == {
            "330100000000": 11 + 12,
            "330500000000": 13,
        }

    def test_list_a_countys_organisations(self, fetched: Hotline) -> None:
        (part,) = curves(reform("330122"), TONGLU, MARCH).parts
        assert part.key == str(fetched.ecology.public_id)
        assert part.figures[2].tally == tally(fetched.ecology, "requirements_fetched")

    def test_own_offices_of_a_city_stand_on_their_own_line(self, fetched: Hotline) -> None:
        cases(OrganisationFactory(kind="ecology", code="330500"), 14)
        count_month(MARCH, now=LATE)
        found = curves(reform("330500"), "330500000000", MARCH)
        assert {part.key: part.figures[1].tally.of for part in found.parts} == {WUXING: 13, "330500000000": 14}

    def test_end_with_the_jurisdiction(self, fetched: Hotline) -> None:
        viewer = reform("330122")
        assert [one.code for one in places_of(viewer)] == [TONGLU]
        for code in (WUXING, "330000000000", "330122001000", "nothing"):
            with pytest.raises(NoSuchCounty):
                curves(viewer, code, MARCH)

    def test_are_read_in_few_queries(self, fetched: Hotline) -> None:
        viewer = reform("330000")
        with CaptureQueriesContext(connection) as read:
            curves(viewer, "", MARCH)
        assert len(read) == 5

    def test_an_empty_month_says_nothing(self, fetched: Hotline) -> None:
        found = curves(reform("330000"), "", date(2016, 1, 1))
        assert found.parts == ()
        assert found.as_of is None
