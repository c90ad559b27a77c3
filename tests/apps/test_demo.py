"""The demo's invented people: valid, belonging to nobody, and each with the records its story needs."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.db import transaction
from django.utils import timezone

from tests.apps.factories import GrantFactory
from yici.apps.halls import demo as halls
from yici.apps.halls.actions import close_days
from yici.apps.halls.models import Appointment, QueueTicket, WindowDuty
from yici.apps.journal import queries as journal
from yici.apps.people import demo as people
from yici.apps.people import queries
from yici.apps.people.demo_files import read_companies, read_persons
from yici.apps.people.models import Account, Party, Staff
from yici.apps.people.viewers import CannotActFor, Viewer, viewer_of
from yici.apps.places import demo as places
from yici.apps.places.models import Organisation
from yici.apps.registry import demo as registry
from yici.apps.registry import queries as seen
from yici.apps.registry.models import Dataset, Record
from yici.rules.codes import parse_credit_code, parse_resident_id
from yici.rules.items import Assurance
from yici.rules.people import IdKind, Role
from yici.rules.plans import Availability

FOLDER = Path(__file__).parents[2] / "demo"
NOW = datetime(2018, 3, 5, 2, 0, tzinfo=UTC)
TODAY = date(2026, 11, 24)


def load(now: datetime) -> None:
    for part in (places, people, registry):
        part.load(now, FOLDER)


@pytest.fixture(scope="module")
def demo(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The whole demo, loaded once for the tests of this file, and rolled back after them."""
    with django_db_blocker.unblock(), transaction.atomic():
        load(NOW)
        yield
        transaction.set_rollback(True)


def viewer(login: str, **options: Any) -> Viewer:
    return viewer_of(Account.objects.get(login=login), on=TODAY, **options)


def wanted_by(*items: str) -> set[str]:
    """The data and licences that the items' requirements can be satisfied with."""
    wanted = set()
    for key in items:
        (file,) = (FOLDER / "catalogue" / "items").glob(f"*/{key}.yaml")
        for requirement in yaml.safe_load(file.read_text(encoding="utf-8"))["requirements"]:
            ways = [way.partition(" ") for way in requirement["ways"]]
            wanted |= {target for kind, _, target in ways if kind == "data"}
    return wanted


@pytest.mark.django_db
class TestHalls:
    """The demo's halls make sense at whatever hour somebody loads it (moments are UTC: 16:05 is 0:05 in Hangzhou)."""

    MOMENTS = (
        datetime(2026, 11, 25, 2, 0, tzinfo=UTC),
        datetime(2026, 11, 25, 16, 5, tzinfo=UTC),
        datetime(2026, 11, 28, 15, 59, tzinfo=UTC),
        datetime(2026, 10, 3, 3, 0, tzinfo=UTC),
    )

    @pytest.mark.parametrize("now", MOMENTS, ids=["morning", "after midnight", "Saturday night", "holiday"])
    def test_are_busy_now_and_have_a_past(self, demo: None, now: datetime) -> None:
        halls.load(now)
        first = QueueTicket.objects.count()
        halls.load(now)
        today = QueueTicket.objects.filter(day=timezone.localdate(now))

        assert QueueTicket.objects.count() == first
        assert today.filter(state="waiting").count() >= 4
        assert today.filter(state="serving").count() >= 2
        assert not today.filter(joined_at__gt=now).exists()
        assert not QueueTicket.objects.filter(finished_at__gt=now).exists()
        assert QueueTicket.objects.values("hall", "day").distinct().count() == 12
        assert Appointment.objects.filter(starts_at__gt=now, state="booked").count() == 4
        assert close_days(now=now) == 0
        assert WindowDuty.objects.filter(ended_at__isnull=True).count() == 8


class TestFiles:
    def test_give_everybody_a_valid_number_that_nobody_was_given(self) -> None:
        people_with_ids = [one for one in read_persons(FOLDER).values() if one.id_kind is IdKind.RESIDENT_ID]
        numbers = [parse_resident_id(one.number, today=TODAY) for one in people_with_ids]

        assert len(numbers) >= 35
        assert len({number.text for number in numbers}) == len(numbers)
        # Serials from 996 were kept for people over a hundred.
        assert {number.text[14:17] for number in numbers} <= {"996", "997", "998", "999"}
        assert all(number.age_on(TODAY) < 100 for number in numbers)
        assert [
            one.key for one, number in zip(people_with_ids, numbers, strict=True) if number.sex != one.entry["sex"]
        ] == []

    def test_give_companies_valid_codes_of_their_regions(self) -> None:
        companies = read_companies(FOLDER).values()

        assert len(companies) == 8
        assert all(parse_credit_code(one.number).region == one.entry["region"] for one in companies)

    def test_name_only_parties_that_exist(self) -> None:
        persons = read_persons(FOLDER)
        named = {one.entry["spouse"] for one in persons.values() if "spouse" in one.entry}
        named |= {parent for one in persons.values() for parent in one.entry.get("parents", [])}
        named |= {mandate["agent"] for one in read_companies(FOLDER).values() for mandate in one.entry["mandates"]}

        assert named <= set(persons)

    def test_name_only_datasets_and_fields_of_the_catalogue(self) -> None:
        text = (FOLDER / "catalogue" / "datasets.yaml").read_text(encoding="utf-8")
        known = {
            f"{key}.{field}" for key, dataset in yaml.safe_load(text)["datasets"].items() for field in dataset["fields"]
        }
        profiles = yaml.safe_load((FOLDER / "people" / "profiles.yaml").read_text(encoding="utf-8"))["profiles"]
        used = {
            f"{key}.{field}"
            for profile in profiles.values()
            for key, values in profile["records"].items()
            for field in values
        }

        assert used - known == set()


# Grants are asked for by the catalogue, which this file does not load: here one item reads it all.
NEWBORN = ("birth_certificate", "birth_registration", "maternity_allowance", "maternity_expense_claim")


def granted(wanted: set[str]) -> list[str]:
    """Let one item read all of it, and name it."""
    for key in {one.partition(".")[0] for one in wanted}:
        GrantFactory(dataset=Dataset.objects.get(key=key))
    return ["newborn"]


@pytest.mark.slow
@pytest.mark.usefixtures("demo")
class TestStories:
    def test_newborn_in_tonglu_finds_everything_shared(self) -> None:
        mother = viewer("shenyu")
        wanted = wanted_by(*NEWBORN)
        # The certificate of birth is what she applies for, and she is no foreigner, poor or from elsewhere.
        wanted -= {"birth_certificates.number", "foreigners.permit", "population_nation.household_page"}

        found = seen.availability(
            party_id=mother.subject_id, region_code="330122", wanted=wanted, items=granted(wanted)
        )

        assert {key for key, state in found.items() if state is not Availability.AVAILABLE} == set()
        assert len(found) >= 6
        assert mother.assurance is Assurance.SIGNED

    def test_restaurant_in_huzhou_has_everything_but_its_lease(self) -> None:
        company = Party.objects.get(pk=viewer("luyao").party_id)
        head = viewer("guchen")
        (restaurant, *_) = [one for one in queries.mandates_of(head, today=TODAY) if "晨味" in one.name]
        acting = viewer("guchen", acting_for=restaurant.public_id)
        wanted = {"companies.licence", "companies.address", "taxes.registration", "leases.registration"}

        found = seen.availability(
            party_id=acting.subject_id, region_code="330502", wanted=wanted, items=granted(wanted)
        )

        assert company.pk != acting.subject_id
        assert {key for key, state in found.items() if state is not Availability.AVAILABLE} == {"leases.registration"}

    def test_mandates_hold_end_and_stay_within_their_scope(self) -> None:
        agent = viewer("sunqian")
        may = {one.name: set(one.scopes) for one in queries.mandates_of(agent, today=TODAY)}
        (pharmacy,) = queries.mandates_of(viewer("dongkang"), today=TODAY)

        assert list(may.values()) == [{"company_change"}]
        with pytest.raises(CannotActFor):
            viewer("sunqian", acting_for=pharmacy.public_id)

    def test_parents_may_act_for_their_child_and_guardians_for_their_ward(self) -> None:
        assert [one.name for one in queries.mandates_of(viewer("shenyu"), today=TODAY)] == ["林知"]
        assert [one.ground for one in queries.mandates_of(viewer("linjianguo"), today=TODAY)] == ["guardian"]

    def test_somebody_who_only_registered_has_no_records(self) -> None:
        stranger = viewer("shenyiming")

        assert stranger.assurance is Assurance.REGISTERED
        assert not Record.objects.filter(party_id=stranger.subject_id).exists()

    def test_show_all_four_levels(self) -> None:
        assert {one.assurance for one in queries.demo_people()} == set(Assurance)

    def test_every_account_of_the_demo_page_has_a_story_and_the_same_password(self) -> None:
        rows = [*queries.demo_people(), *queries.demo_staff()]

        assert len(rows) >= 45
        assert [row.login for row in rows if not (row.note.zh and row.note.en and row.name)] == []
        assert len(set(Account.objects.values_list("password", flat=True))) == 1
        assert Account.objects.get(login="shenyu").check_password(people.DEMO_PASSWORD)

    def test_some_person_has_no_account(self) -> None:
        assert Party.objects.filter(accounts__isnull=True, kind="natural", verified=True).exists()


@pytest.mark.slow
@pytest.mark.usefixtures("demo")
class TestStaff:
    @pytest.mark.parametrize("code", ["330122", "330502", "330106", "330782"])
    def test_every_organisation_of_a_demo_county_has_all_three_posts(self, code: str) -> None:
        offices = Organisation.objects.filter(region__code__startswith=code)
        posts = set(Staff.objects.filter(organisation__in=offices).values_list("organisation_id", "post"))

        wanted = {(office.pk, post) for office in offices for post in ("window", "reviewer", "decider")}
        assert wanted - posts == set()
        assert len(offices) > 30

    def test_includes_reform_offices_an_auditor_and_an_administrator(self) -> None:
        assert viewer("reform.330000").has_role(Role.REFORM)
        assert viewer("reform.330500").region_code == "330500000000"
        assert viewer("auditor").roles == {Role.AUDITOR}
        assert viewer("admin").roles == {Role.ADMIN}

    def test_includes_the_hotline_of_a_county_and_of_the_province(self) -> None:
        assert viewer("hotline.330122").region_code == "330122000000"
        assert viewer("hotline.330000").region_code == "330000000000"
        assert viewer("hotline.330122").roles == viewer("hotline.330000").roles == {Role.HOTLINE}
        shown = {row.login for row in queries.demo_staff()}
        assert {"hotline.330122", "hotline.330000", "ecology.330122.reviewer"} <= shown


@pytest.mark.slow
@pytest.mark.usefixtures("demo")
class TestLoadingAgain:
    def test_changes_nothing(self) -> None:
        def picture() -> list[object]:
            rows = [model.objects.count() for model in (Party, Account, Staff, Organisation, Record)]
            return [*rows, *Account.objects.values_list("pk", "login").order_by("pk")]

        before = picture()
        load(NOW)

        assert picture() == before
        assert journal.verify().ok
