"""The places of Zhejiang: the whole official list, its organisations and halls, its calendar."""

import csv
from datetime import date, datetime
from importlib.resources import files
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db.models import Count

from tests.apps.factories import OrganisationFactory, region
from yici.apps.places import actions, queries
from yici.apps.places.actions import OrganisationKind
from yici.apps.places.models import CannotFindPlace, Hall, HolidayRow, Organisation, Region, Window
from yici.apps.places.romanisation import english_name, initials, syllables
from yici.rules.codes import COUNTRY, ZHEJIANG, parse_credit_code
from yici.rules.law_parameters import LAW_PARAMETERS, parameter
from yici.rules.referral_limits import REFERRAL_PARAMETERS
from yici.rules.review_limits import REVIEW_PARAMETERS
from yici.rules.ticket_limits import TICKET_PARAMETERS
from yici.rules.words import Words

HEALTH = OrganisationKind("health", Words("卫生健康局", "Health bureau"), "11", ("county", "city", "province"))
TOWNSHIP = OrganisationKind("township", Words("乡镇人民政府", "Township government"), "11", ("township",))


@pytest.fixture
def divisions(db: None, now: datetime) -> None:
    actions.load_divisions(by="system:test", now=now)


@pytest.mark.usefixtures("divisions")
class TestDivisions:
    def test_are_11_cities_90_counties_and_1362_towns(self) -> None:
        counted = dict(Region.objects.values_list("level").annotate(Count("pk")).order_by("level"))

        assert counted == {1: 1, 2: 11, 3: 90, 4: 1362}

    def test_load_again_without_a_change(self, now: datetime) -> None:
        before = list(Region.objects.values())

        actions.load_divisions(by="system:test", now=now)

        assert list(Region.objects.values()) == before

    def test_hang_together_as_a_tree(self) -> None:
        below = Region.objects.filter(level__gt=1).select_related("parent")

        assert [r.code for r in below if r.parent is None or r.path != f"{r.parent.path}{r.code}/"] == []

    def test_are_found_by_six_digits(self) -> None:
        assert queries.region("330122").name == "桐庐县"
        assert Region.objects.at("330122000000") == Region.objects.at("330122")

    @pytest.mark.parametrize("code", ["339999", "33012", "abcdef", ""])
    def test_refuse_a_code_that_is_not_in_the_list(self, code: str) -> None:
        with pytest.raises(CannotFindPlace) as refused:
            queries.region(code)

        assert refused.value.text("zh") != refused.value.text("en")

    def test_contain_what_lies_in_them_and_nothing_else(self) -> None:
        hangzhou, tonglu, town = (Region.objects.at(code) for code in ("3301", "330122", "330122001"))

        assert hangzhou.contains(tonglu)
        assert tonglu.contains(town)
        assert tonglu.contains(tonglu)
        assert not tonglu.contains(hangzhou)
        assert not Region.objects.at("330106").contains(tonglu)
        assert set(Region.objects.within(tonglu.path)) == {tonglu, *tonglu.children.all()}

    def test_serve_people_in_counties_only(self) -> None:
        assert queries.is_service_place("330122000000")
        assert not queries.is_service_place("330100000000")
        assert not queries.is_service_place("999")

    def test_are_read_once_and_then_only_asked_whether_they_changed(self, django_assert_num_queries: Any) -> None:
        queries.cities_with_counties()

        with django_assert_num_queries(1):
            queries.cities_with_counties()

    def test_are_offered_by_city(self) -> None:
        cities = queries.cities_with_counties()

        assert len(cities) == 11
        assert sum(len(counties) for _, counties in cities) == 90
        assert all(one.path.startswith(city.path) for city, counties in cities for one in counties)

    def test_keep_abolished_towns_without_an_office(self, now: datetime) -> None:
        actions.open_halls(by="system:test", now=now)
        actions.found_organisations(kinds=[TOWNSHIP], by="system:test", now=now)

        assert Region.objects.filter(abolished=True).count() == 3
        assert Hall.objects.filter(region__level=4).count() == 1359
        assert Organisation.objects.count() == 1359


class TestNames:
    def test_in_the_file_are_what_the_romanisation_gives(self) -> None:
        text = files("yici.apps.places").joinpath("data/divisions.csv").read_text(encoding="utf-8")
        rows = list(csv.DictReader(text.splitlines()))
        bare = {row["code"]: row["name"].partition("（")[0] for row in rows}

        assert [r["name"] for r in rows if r["name_en"] != english_name(r["name"])] == []
        assert [r["name"] for r in rows if r["pinyin"] != "".join(syllables(bare[r["code"]])).replace("ü", "v")] == []
        assert [r["name"] for r in rows if r["initials"] != initials(bare[r["code"]]).replace("ü", "v")] == []
        assert [r["name_en"] for r in rows if any(letter >= "一" for letter in r["name_en"])] == []

    @pytest.mark.parametrize(
        ("name", "english"),
        [
            ("桐庐县", "Tonglu County"),
            ("吴兴区", "Wuxing District"),
            ("乐清市", "Yueqing City"),
            ("莲都区", "Liandu District"),
            ("长兴县", "Changxing County"),
            ("瑞安市", "Rui'an City"),
            ("景宁畲族自治县", "Jingning She Autonomous County"),
            ("安溪畲族乡", "Anxi She Ethnic Township"),
            ("崧厦街道", "Songxia Subdistrict"),
            ("女埠街道", "Nübu Subdistrict"),
        ],
    )
    def test_are_read_as_the_place_reads_itself(self, name: str, english: str) -> None:
        assert english_name(name) == english


@pytest.mark.usefixtures("divisions")
class TestOrganisations:
    def test_exist_in_every_region_of_their_levels_with_a_superior(self, now: datetime) -> None:
        assert actions.found_organisations(kinds=[HEALTH], by="system:test", now=now) == 1 + 11 + 90

        tonglu = Organisation.objects.get(region__code="330122000000")
        assert (tonglu.name, tonglu.name_en) == ("桐庐县卫生健康局", "Tonglu County Health Bureau")
        assert tonglu.superior is not None
        assert tonglu.superior.superior is not None
        assert tonglu.superior.superior.region.code == "330000000000"

    def test_have_credit_codes_that_any_system_accepts(self, now: datetime) -> None:
        actions.found_organisations(kinds=[HEALTH, TOWNSHIP], by="system:test", now=now)
        codes = list(Organisation.objects.values_list("uscc", "region__code"))

        assert [code for code, region in codes if parse_credit_code(code).region != region[:6]] == []
        assert all(parse_credit_code(code).has_sound_organisation_code for code, _ in codes)

    def test_keep_their_ids_and_codes_when_founded_again(self, now: datetime) -> None:
        actions.found_organisations(kinds=[HEALTH], by="system:test", now=now)
        before = list(Organisation.objects.values_list("pk", "public_id", "uscc").order_by("pk"))

        actions.found_organisations(kinds=[HEALTH], by="system:test", now=now)

        assert list(Organisation.objects.values_list("pk", "public_id", "uscc").order_by("pk")) == before

    def test_of_a_district_carry_the_name_of_their_city(self, now: datetime) -> None:
        actions.found_organisations(kinds=[HEALTH], by="system:test", now=now)

        assert queries.organisation_for("health", "330106").name == "杭州市西湖区卫生健康局"

    def test_serve_regions_below_when_those_have_none(self, now: datetime) -> None:
        customs = OrganisationKind("customs", Words("海关", "Customs"), "11", ("city", "province"))
        actions.found_organisations(kinds=[customs], by="system:test", now=now)

        assert queries.organisation_for("customs", "330122").name == "杭州市海关"
        with pytest.raises(CannotFindPlace, match="nobody"):
            queries.organisation_for("nobody", "330122")


@pytest.mark.usefixtures("divisions")
class TestHalls:
    def test_stand_in_every_city_county_and_town(self, now: datetime) -> None:
        assert actions.open_halls(by="system:test", now=now) == 11 + 90 + 1359
        assert actions.open_halls(by="system:test", now=now) == 11 + 90 + 1359

        tonglu = Hall.objects.get(region__code="330122000000")
        kinds = [window.kinds for window in tonglu.windows.all()]
        assert len(kinds) == 8
        assert ["outcome"] in kinds
        assert ["one_window", "accessible"] in kinds
        assert Window.objects.filter(hall__region__code="330122001000").count() == 1

    def test_of_a_place_come_nearest_first(self, now: datetime) -> None:
        actions.open_halls(by="system:test", now=now)

        assert [hall.name for hall in queries.halls_for("330122")] == ["桐庐县行政服务中心", "杭州市行政服务中心"]
        assert queries.halls_for("330122")[0].phone == "0571-12345"


@pytest.mark.django_db
class TestCalendar:
    def test_knows_the_make_up_day_before_national_day_2017(self, now: datetime) -> None:
        actions.load_calendar(by="system:test", now=now)
        calendar = queries.calendar()

        assert calendar.is_workday(date(2017, 9, 30))
        assert calendar.next_workday(date(2017, 10, 1)) == date(2017, 10, 9)

    def test_is_made_once_until_a_day_is_added(self, now: datetime) -> None:
        actions.load_calendar(by="system:test", now=now)
        first = queries.calendar()
        assert queries.calendar() is first

        HolidayRow.objects.create(day="2027-01-01", kind="holiday", holiday="元旦", holiday_en="New Year's Day")

        assert queries.calendar() is not first
        assert not queries.calendar().is_workday(date(2027, 1, 1))

    def test_keeps_the_numbers_of_the_law_as_rows(self, now: datetime) -> None:
        actions.load_calendar(by="system:test", now=now)
        actions.load_calendar(by="system:test", now=now)

        table = queries.law_parameters()
        assert sorted(table, key=lambda one: (one.key, one.region)) == sorted(
            (*LAW_PARAMETERS, *TICKET_PARAMETERS, *REVIEW_PARAMETERS, *REFERRAL_PARAMETERS),
            key=lambda one: (one.key, one.region),
        )
        assert parameter("decision", ZHEJIANG, date(2018, 6, 4), table).value == 20
        assert COUNTRY in {one.region for one in table}


@pytest.mark.django_db
class TestConstraints:
    def test_say_in_words_what_is_wrong(self) -> None:
        wrong = OrganisationFactory.build(region=region("330122"), uscc="I" * 18)

        with pytest.raises(ValidationError, match="18 characters"):
            wrong.full_clean()

    def test_allow_one_organisation_of_a_kind(self) -> None:
        one = OrganisationFactory()

        with pytest.raises(ValidationError, match="already has an organisation"):
            OrganisationFactory.build(region=one.region, kind=one.kind).full_clean()
