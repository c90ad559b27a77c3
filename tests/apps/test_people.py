"""People: recorded once, given an account when identified, seen by whom it concerns; staff are appointed."""

from datetime import date, datetime
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from tests.apps.factories import AccountFactory, HallFactory, OrganisationFactory, PartyFactory, StaffFactory, region
from tests.apps.people_examples import facts, number
from yici.apps.journal import queries as journal
from yici.apps.people import actions, queries
from yici.apps.people.actions import CannotAppoint, CannotOpenAccount, CannotRecordParty
from yici.apps.people.models import Account, Party
from yici.apps.people.viewers import ANONYMOUS, viewer_of
from yici.rules.codes import CannotReadCode
from yici.rules.forms import CannotReadForm
from yici.rules.items import Assurance
from yici.rules.people import IdKind, PartyKind, Role


@pytest.mark.django_db
class TestRecordParty:
    def test_reads_birthday_and_sex_from_the_number(self, now: datetime) -> None:
        party = actions.record_party(facts=facts(), by="staff:1", now=now)

        assert (party.kind, party.born_on, party.sex) == (PartyKind.NATURAL, date(1990, 5, 12), "female")
        assert [line.kind for line in journal.entries_for(str(party))] == ["people.party_recorded"]

    def test_finds_the_same_person_again(self, now: datetime) -> None:
        first = actions.record_party(facts=facts(), by="staff:1", now=now)

        assert actions.record_party(facts=facts(id_number=f" {number().lower()} "), by="staff:1", now=now) == first

    def test_refuses_a_number_under_another_name(self, now: datetime) -> None:
        actions.record_party(facts=facts(), by="staff:1", now=now)

        with pytest.raises(CannotRecordParty, match="another name"):
            actions.record_party(facts=facts(name="沈羽"), by="staff:1", now=now)

    def test_refuses_a_wrong_number(self, now: datetime) -> None:
        with pytest.raises(CannotReadCode):
            actions.record_party(facts=facts(id_number="330122199005129961"), by="staff:1", now=now)

        assert not Party.objects.exists()

    def test_knows_companies_by_their_credit_code(self, now: datetime) -> None:
        code = PartyFactory.build(a_company=True, region=None).id_number
        company = actions.record_party(
            facts=facts(name="示例公司", id_number=code, id_kind=IdKind.BUSINESS_LICENCE), by="staff:1", now=now
        )

        assert (company.kind, company.born_on) == (PartyKind.LEGAL, None)


@pytest.mark.django_db
class TestRegister:
    def register(self, now: datetime, **changes: str) -> Account:
        given_values = {
            "login": "shenyu",
            "password": "a long pass phrase",
            "name": "沈雨",
            "id_number": number(),
            "phone": "13900000001",
        }
        return actions.register(**given_values | changes, now=now)

    def test_opens_an_account_that_is_not_real_name(self, now: datetime) -> None:
        account = self.register(now)

        assert account.assurance == Assurance.REGISTERED
        assert account.check_password("a long pass phrase")
        assert account.party is not None
        assert not account.party.verified

    def test_never_hands_out_the_person_whose_number_was_typed(self, now: datetime) -> None:
        real = actions.record_party(facts=facts(), by="staff:1", now=now)

        account = self.register(now)

        assert account.party_id != real.pk
        assert viewer_of(account).subject_id != real.pk

    def test_says_every_fault_at_once(self, now: datetime) -> None:
        with pytest.raises(CannotReadForm) as refused:
            self.register(now, login="a", password="short", name=" ", id_number="1", phone="12")

        assert set(refused.value.faults) == {"login", "password", "name", "id_number", "phone"}
        assert not Account.objects.exists()

    def test_refuses_a_login_in_use(self, now: datetime) -> None:
        self.register(now)

        with pytest.raises(CannotOpenAccount, match="taken"):
            self.register(now, id_number=number(998))

    def test_becomes_the_known_person_once_identified(self, now: datetime) -> None:
        real = actions.record_party(facts=facts(), by="staff:1", now=now)
        account = self.register(now)

        actions.confirm_identity(account_id=account.pk, assurance=Assurance.REAL_NAME, by="staff:1", now=now)

        account.refresh_from_db()
        assert (account.party_id, account.assurance) == (real.pk, Assurance.REAL_NAME)

    def test_becomes_a_new_person_once_identified(self, now: datetime) -> None:
        account = self.register(now)

        actions.confirm_identity(account_id=account.pk, assurance=Assurance.SIGNED, by="staff:1", now=now)

        account.refresh_from_db()
        assert account.party is not None
        assert account.party.verified

    def test_is_not_identified_as_somebody_of_another_name(self, now: datetime) -> None:
        actions.record_party(facts=facts(name="沈羽"), by="staff:1", now=now)
        account = self.register(now)

        with pytest.raises(CannotRecordParty):
            actions.confirm_identity(account_id=account.pk, assurance=Assurance.REAL_NAME, by="staff:1", now=now)

        account.refresh_from_db()
        assert account.assurance == Assurance.REGISTERED


@pytest.mark.django_db
class TestOpenAccount:
    def test_refuses_to_show_records_to_somebody_not_identified(self, now: datetime) -> None:
        with pytest.raises(CannotOpenAccount, match="identified"):
            actions.open_account(
                login="someone", password="a long pass phrase", party_id=PartyFactory().pk, by="staff:1", now=now
            )

    def test_refuses_a_common_password(self, now: datetime) -> None:
        with pytest.raises(CannotOpenAccount, match="too common"):
            actions.open_account(login="someone", password="1234567890", by="staff:1", now=now)


@pytest.mark.django_db
class TestViewer:
    def test_of_nobody_is_anonymous(self) -> None:
        account = AccountFactory(is_active=False)

        assert viewer_of(account) == ANONYMOUS
        assert ANONYMOUS.subject_id is None
        assert not ANONYMOUS.covers("330000000000/")

    def test_of_staff_covers_the_jurisdiction_and_nothing_beside(self) -> None:
        viewer = viewer_of(AccountFactory(of_staff=True))

        assert viewer.is_staff
        assert viewer.covers(region("330122001").path)
        assert viewer.covers(region("330122").path)
        assert not viewer.covers(region("3301").path)
        assert not viewer.covers(region("330106").path)
        assert viewer.party_id is None

    def test_takes_steps_of_the_post_and_of_the_roles(self) -> None:
        viewer = viewer_of(AccountFactory(of_staff=True, staff__decides=True))

        assert viewer.posts == ("decider", "steward")
        assert viewer.has_role(Role.DECIDER)
        assert not viewer.has_role(Role.WINDOW)

    def test_costs_one_query(self, django_assert_num_queries: Any) -> None:
        account = AccountFactory(of_staff=True)

        with django_assert_num_queries(1):
            viewer_of(account)


@pytest.mark.django_db
class TestWindow:
    def test_finds_a_person_by_number_and_name_and_leaves_a_line(self, now: datetime) -> None:
        party = actions.record_party(facts=facts(), by="staff:1", now=now)

        found = actions.look_up_party(id_number=number(), name="沈雨", by="staff:1", now=now)

        assert found == party.public_id
        assert journal.entries_for(str(party))[0].kind == "people.party_looked_up"

    def test_finds_nobody_by_number_alone(self, now: datetime) -> None:
        actions.record_party(facts=facts(), by="staff:1", now=now)

        assert actions.look_up_party(id_number=number(), name="某某", by="staff:1", now=now) is None

    def test_sees_a_masked_number(self) -> None:
        party = PartyFactory()
        clerk = viewer_of(AccountFactory(of_staff=True, staff__at_the_window=True))

        seen = queries.party_at_window(clerk, party.public_id)

        assert seen.number_masked.startswith("3301")
        assert party.id_number not in repr(seen)
        assert "19900512" not in seen.number_masked

    def test_is_closed_to_reviewers_and_citizens(self) -> None:
        party = PartyFactory()

        for viewer in (viewer_of(AccountFactory(of_staff=True)), viewer_of(AccountFactory()), ANONYMOUS):
            with pytest.raises(Party.DoesNotExist):
                queries.party_at_window(viewer, party.public_id)


@pytest.mark.django_db
class TestStaff:
    def test_are_appointed_within_the_region_of_their_organisation(self, now: datetime) -> None:
        body = OrganisationFactory()
        terms: dict[str, Any] = {"organisation_id": body.pk, "post": "window", "by": "staff:1", "now": now}

        staff = actions.appoint_staff(name="办事员", roles=[Role.WINDOW], **terms)
        assert staff.region == body.region

        region("330106")
        with pytest.raises(CannotAppoint, match="outside"):
            actions.appoint_staff(name="办事员", roles=[Role.WINDOW], region_code="330106", **terms)
        with pytest.raises(CannotAppoint, match="outside"):
            actions.appoint_staff(name="办事员", roles=[Role.WINDOW], hall_id=HallFactory(code="330106").pk, **terms)

    def test_need_a_known_role(self) -> None:
        with pytest.raises(ValidationError, match="known roles"):
            StaffFactory.build(organisation=OrganisationFactory(), region=region("330122"), roles=["king"]).full_clean()

    def test_see_their_own_colleagues_only(self) -> None:
        own = StaffFactory()
        StaffFactory(organisation=OrganisationFactory(kind="education"))
        decider = StaffFactory(organisation=own.organisation, decides=True)
        viewer = viewer_of(AccountFactory(of_staff=True, staff=own))

        assert {one.id for one in queries.colleagues_of(viewer)} == {own.pk, decider.pk}
        assert [one.id for one in queries.colleagues_of(viewer, role=Role.DECIDER)] == [decider.pk]
        assert queries.colleagues_of(ANONYMOUS) == []


@pytest.mark.django_db
class TestAccounts:
    def test_belong_to_a_party_or_to_staff_and_never_to_both(self) -> None:
        both = AccountFactory.build(party=PartyFactory(), staff=StaffFactory())

        with pytest.raises(ValidationError, match="staff member"):
            both.full_clean()

    def test_are_real_name_only_with_a_person(self) -> None:
        with pytest.raises(ValidationError, match="known person"):
            AccountFactory.build(party=None, assurance=Assurance.REAL_NAME).full_clean()

    def test_of_real_people_are_never_offered_for_one_tap(self) -> None:
        account = AccountFactory(demo=False, demo_note="不该出现")

        assert queries.demo_account(account.login) is None
        assert queries.demo_people() == []
