"""People: their numbers stay unreadable, accounts see only their own, and nobody acts for another without a ground."""

import base64
import os
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from tests.apps.factories import (
    AccountFactory,
    HallFactory,
    MandateFactory,
    OrganisationFactory,
    PartyFactory,
    StaffFactory,
    region,
)
from yici.apps.journal import queries as journal
from yici.apps.people import actions, encryption, queries
from yici.apps.people.actions import CannotAppoint, CannotGiveMandate, CannotOpenAccount, CannotRecordParty
from yici.apps.people.encryption import CannotUnlock, Keyring, new_key_text, read_keys
from yici.apps.people.facts import PartyFacts
from yici.apps.people.models import Account, Party, Relation
from yici.apps.people.viewers import ANONYMOUS, CannotActFor, viewer_of
from yici.rules.codes import CannotReadCode
from yici.rules.forms import CannotReadForm
from yici.rules.items import Assurance
from yici.rules.people import IdKind, PartyKind, RelationKind, Role

ID = "33012219900512996X"
TODAY = date(2018, 3, 5)
KEYRING = read_keys(new_key_text())


def facts(**changes: Any) -> PartyFacts:
    return PartyFacts(**{"name": "沈雨", "id_number": number(), "phone": "13900000001"} | changes)


def number(serial: int = 996) -> str:
    party = PartyFactory.build(serial=serial, region=None)
    return str(party.id_number)


class TestKeyring:
    @given(text=st.text(), place=st.text())
    def test_gives_back_what_was_locked(self, text: str, place: str) -> None:
        assert KEYRING.unlock(KEYRING.lock(text, place), place) == text

    @given(text=st.text(min_size=1))
    def test_never_locks_a_text_the_same_way_twice(self, text: str) -> None:
        assert KEYRING.lock(text, "a.b") != KEYRING.lock(text, "a.b")

    @given(text=st.text(), data=st.data())
    def test_refuses_a_value_of_which_one_byte_was_changed(self, text: str, data: st.DataObject) -> None:
        key_id, _, encoded = KEYRING.lock(text, "a.b").partition(":")
        raw = bytearray(base64.b64decode(encoded))
        raw[data.draw(st.integers(0, len(raw) - 1))] ^= data.draw(st.integers(1, 255))

        with pytest.raises(CannotUnlock):
            KEYRING.unlock(f"{key_id}:{base64.b64encode(raw).decode()}", "a.b")

    def test_refuses_a_value_moved_to_another_column(self) -> None:
        with pytest.raises(CannotUnlock, match=r"people_party\.phone"):
            KEYRING.unlock(KEYRING.lock("沈雨", "people_party.name"), "people_party.phone")

    def test_refuses_a_value_of_another_key(self) -> None:
        with pytest.raises(CannotUnlock, match="wrong key"):
            read_keys(new_key_text()).unlock(KEYRING.lock("沈雨", "a.b"), "a.b")

    def test_reads_old_values_after_a_change_of_keys_and_finds_them(self) -> None:
        old_text = new_key_text().strip()
        new_text = new_key_text().strip().replace("k1:", "k2:")
        old, both = read_keys(old_text), read_keys(f"{new_text} {old_text}")

        assert both.unlock(old.lock("沈雨", "a.b"), "a.b") == "沈雨"
        assert both.lock("沈雨", "a.b").startswith("k2:")
        assert old.hashes("沈雨", "a.b")[0] in both.hashes("沈雨", "a.b")

    def test_hashes_depend_on_the_key_and_the_column(self) -> None:
        other = read_keys(new_key_text())

        assert KEYRING.hashes(ID, "a.b") == KEYRING.hashes(ID, "a.b")
        assert KEYRING.hashes(ID, "a.b") != KEYRING.hashes(ID, "a.c")
        assert KEYRING.hashes(ID, "a.b") != other.hashes(ID, "a.b")

    @pytest.mark.parametrize("text", ["", "k1", "k1:short", "k1:%%%", "k 1:AAAA", f":{'A' * 43}="])
    def test_refuses_a_malformed_key_with_a_sentence(self, text: str) -> None:
        with pytest.raises(CannotUnlock, match="malformed"):
            read_keys(text)


class TestKeyFile:
    def test_is_made_once_and_only_for_us(self, tmp_path: Path) -> None:
        path = tmp_path / "data" / "field.key"

        first = encryption._key_file_text(path)

        assert path.stat().st_mode & 0o777 == 0o600
        assert encryption._key_file_text(path) == first
        assert os.listdir(path.parent) == ["field.key"]

    def test_that_others_may_read_is_refused(self, tmp_path: Path) -> None:
        path = tmp_path / "field.key"
        encryption._key_file_text(path)
        path.chmod(0o644)

        with pytest.raises(CannotUnlock, match="chmod 600"):
            encryption._key_file_text(path)

    def test_gives_way_to_the_environment(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
        settings.DATA_DIR = tmp_path
        monkeypatch.setenv("YICI_FIELD_KEY", new_key_text())

        assert isinstance(encryption.keyring(), Keyring)
        assert list(tmp_path.iterdir()) == []


@pytest.mark.django_db
class TestEncryptedFields:
    def test_leave_nothing_readable_in_the_database(self) -> None:
        party = PartyFactory(name="沈雨")

        with connection.cursor() as cursor:
            cursor.execute("SELECT * FROM people_party WHERE id = %s", [party.pk])
            stored = " ".join(map(str, cursor.fetchone()))

        for value in ("沈雨", party.id_number, party.phone, "1990-05-12", "female"):
            assert str(value) not in stored

    def test_give_their_values_back(self) -> None:
        party = PartyFactory(name="沈雨")

        again = Party.objects.get(pk=party.pk)

        assert (again.name, again.born_on, again.sex) == ("沈雨", date(1990, 5, 12), "female")

    def test_cannot_be_searched_by_mistake(self) -> None:
        with pytest.raises(TypeError, match="keyed hash"):
            Party.objects.filter(name="沈雨").exists()

    def test_do_not_stand_in_a_log_line(self) -> None:
        party = PartyFactory(name="沈雨")
        viewer = viewer_of(AccountFactory(party=party))

        assert "沈雨" not in f"{party} {party!r} {viewer!r} {facts(name='沈雨')!r}"


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
class TestActingFor:
    def test_works_with_a_mandate_that_holds(self) -> None:
        mandate = MandateFactory(scope="restaurant")
        account = AccountFactory(party=mandate.agent)

        viewer = viewer_of(account, acting_for=mandate.holder.public_id, on=TODAY)

        assert viewer.subject_id == mandate.holder_id
        assert viewer.label == f"party:{mandate.agent.public_id}"
        assert viewer.may_act_in("restaurant")
        assert not viewer.may_act_in("company_change")

    @pytest.mark.parametrize(
        ("changes", "on"),
        [
            ({"valid_from": date(2018, 3, 6)}, TODAY),
            ({"valid_to": date(2018, 3, 4)}, TODAY),
        ],
        ids=["not yet", "not any more"],
    )
    def test_refuses_outside_the_days_of_the_mandate(self, changes: dict[str, date], on: date) -> None:
        mandate = MandateFactory(**changes)

        with pytest.raises(CannotActFor, match="mandate") as refused:
            viewer_of(AccountFactory(party=mandate.agent), acting_for=mandate.holder.public_id, on=on)
        assert "授权" in refused.value.text("zh")

    @pytest.mark.parametrize("on", [date(2018, 1, 1), date(2018, 12, 31)])
    def test_works_on_the_first_and_the_last_day(self, on: date) -> None:
        mandate = MandateFactory(valid_from=date(2018, 1, 1), valid_to=date(2018, 12, 31))

        assert viewer_of(AccountFactory(party=mandate.agent), acting_for=mandate.holder.public_id, on=on).acting_for_id

    def test_refuses_after_the_mandate_was_ended(self, now: datetime) -> None:
        mandate = MandateFactory()
        actions.end_mandate(mandate_id=mandate.pk, by="party:1", now=now)

        with pytest.raises(CannotActFor):
            viewer_of(AccountFactory(party=mandate.agent), acting_for=mandate.holder.public_id, on=TODAY)
        with pytest.raises(CannotGiveMandate, match="already"):
            actions.end_mandate(mandate_id=mandate.pk, by="party:1", now=now)

    def test_refuses_a_stranger_with_the_same_sentence_as_a_party_that_does_not_exist(self) -> None:
        account, stranger = AccountFactory(), PartyFactory()

        sentences = set()
        for wanted in (stranger.public_id, "00000000-0000-7000-8000-000000000000", "nonsense"):
            with pytest.raises(CannotActFor) as refused:
                viewer_of(account, acting_for=wanted, on=TODAY)
            sentences.add(str(refused.value))
        assert len(sentences) == 1

    def test_lets_parents_act_for_a_child_until_its_18th_birthday(self, now: datetime) -> None:
        parent, child = PartyFactory(), PartyFactory(a_child=True)
        actions.relate(kind=RelationKind.PARENT, of_id=parent.pk, to_id=child.pk, by="staff:1", now=now)
        account = AccountFactory(party=parent)

        assert viewer_of(account, acting_for=child.public_id, on=date(2032, 5, 31)).subject_id == child.pk
        with pytest.raises(CannotActFor):
            viewer_of(account, acting_for=child.public_id, on=date(2032, 6, 1))

    def test_lets_nobody_act_for_a_spouse_or_a_parent(self, now: datetime) -> None:
        person, spouse, child = PartyFactory(), PartyFactory(), PartyFactory(a_child=True)
        actions.relate(kind=RelationKind.SPOUSE, of_id=person.pk, to_id=spouse.pk, by="staff:1", now=now)
        actions.relate(kind=RelationKind.PARENT, of_id=person.pk, to_id=child.pk, by="staff:1", now=now)

        assert Relation.objects.filter(kind=RelationKind.SPOUSE).count() == 2
        for own, other in ((person, spouse), (child, person)):
            with pytest.raises(CannotActFor):
                viewer_of(AccountFactory(party=own), acting_for=other.public_id, on=TODAY)

    def test_lists_children_first_and_then_mandates(self, now: datetime) -> None:
        person, child = PartyFactory(), PartyFactory(a_child=True)
        actions.relate(kind=RelationKind.GUARDIAN, of_id=person.pk, to_id=child.pk, by="staff:1", now=now)
        mandate = MandateFactory(agent=person)

        listed = queries.mandates_of(viewer_of(AccountFactory(party=person)), today=TODAY)

        assert [one.party_id for one in listed] == [child.pk, mandate.holder_id]

    def test_is_noted_for_the_company_when_given(self, now: datetime) -> None:
        company, agent = PartyFactory(a_company=True), PartyFactory()

        actions.give_mandate(holder_id=company.pk, agent_id=agent.pk, valid_from=TODAY, by="party:1", now=now)

        assert [line.kind for line in journal.entries_for(str(company))] == ["people.mandate_given"]

    def test_cannot_be_given_to_oneself_or_backwards(self, now: datetime) -> None:
        company, agent = PartyFactory(a_company=True), PartyFactory()
        terms: dict[str, Any] = {"holder_id": company.pk, "valid_from": TODAY, "by": "party:1", "now": now}

        with pytest.raises(CannotGiveMandate):
            actions.give_mandate(agent_id=company.pk, **terms)
        with pytest.raises(CannotGiveMandate):
            actions.give_mandate(agent_id=agent.pk, valid_to=date(2018, 3, 4), **terms)


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
