"""Mandates between two sides, heads proved by the register, guardians appointed by a court."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from tests.apps.factories import (
    AccountFactory,
    DatasetFactory,
    GrantFactory,
    MandateFactory,
    PartyFactory,
    RecordFactory,
    StaffFactory,
)
from yici.apps.journal import queries as journal
from yici.apps.people import actions, mandating, queries
from yici.apps.people.actions import CannotGiveMandate
from yici.apps.people.mandating import CannotAppointGuardian, Guardian
from yici.apps.people.models import Mandate, Party, Relation
from yici.apps.people.viewers import CannotActFor, Viewer, viewer_of
from yici.apps.registry import actions as registry
from yici.apps.registry import heads
from yici.apps.registry.heads import CannotProveHead
from yici.rules.people import CannotAgreeMandate, MandateStage, MandateTerms, RelationKind

TODAY = date(2018, 3, 5)
pytestmark = pytest.mark.django_db


def viewer(party: Party, acting_for: Party | None = None, on: date = TODAY) -> Viewer:
    account = AccountFactory(party=party)
    return viewer_of(account, acting_for=acting_for.public_id if acting_for else None, on=on)


def offered(holder: Viewer, agent: Party, now: datetime, **changes: Any) -> Mandate:
    given = {"scope": "all", "valid_from": TODAY, "valid_to": None, "is_accepted": False} | changes
    made = heads.offer(
        agent_number=agent.id_number, agent_name=agent.name, terms=MandateTerms(**given), by=holder, now=now
    )
    return Mandate.objects.get(public_id=made)


class TestOffer:
    def test_counts_only_once_it_is_accepted(self, now: datetime) -> None:
        holder, agent = PartyFactory(), PartyFactory()
        mandate = offered(viewer(holder), agent, now)
        with pytest.raises(CannotActFor):
            viewer(agent, acting_for=holder)

        mandating.accept_mandate(public_id=mandate.public_id, by=viewer(agent), now=now)

        assert viewer(agent, acting_for=holder).subject_id == holder.pk

    def test_stands_in_the_history_of_both(self, now: datetime) -> None:
        holder, agent = PartyFactory(), PartyFactory()
        mandate = offered(viewer(holder), agent, now)
        mandating.accept_mandate(public_id=mandate.public_id, by=viewer(agent), now=now)
        mandating.end_by_either(public_id=mandate.public_id, by=viewer(holder), now=now)

        for party in (holder, agent):
            kinds = [line.kind for line in journal.entries_for(str(party))]
            assert kinds == ["people.mandate_ended", "people.mandate_accepted", "people.mandate_offered"]

    def test_is_found_by_number_and_name_together(self, now: datetime) -> None:
        holder, agent = viewer(PartyFactory()), PartyFactory()
        terms = MandateTerms("all", TODAY, is_accepted=False)
        unverified = PartyFactory(verified=False)

        sentences = set()
        for number, name in (
            (agent.id_number, "某某"),
            ("330122199005129960", agent.name),
            (unverified.id_number, unverified.name),
            ("", ""),
        ):
            with pytest.raises(CannotGiveMandate) as refused:
                heads.offer(agent_number=number, agent_name=name, terms=terms, by=holder, now=now)
            sentences.add(str(refused.value))
        assert len(sentences) == 1
        assert not Mandate.objects.exists()

    def test_is_refused_to_oneself_and_for_wrong_days(self, now: datetime) -> None:
        holder = PartyFactory()
        with pytest.raises(CannotGiveMandate, match="himself"):
            offered(viewer(holder), holder, now)
        with pytest.raises(CannotAgreeMandate):
            offered(viewer(holder), PartyFactory(), now, valid_to=TODAY - timedelta(days=1))

    def test_cannot_be_accepted_by_others_or_twice(self, now: datetime) -> None:
        holder, agent = PartyFactory(), PartyFactory()
        mandate = offered(viewer(holder), agent, now)

        for stranger in (holder, PartyFactory()):
            with pytest.raises(Mandate.DoesNotExist):
                mandating.accept_mandate(public_id=mandate.public_id, by=viewer(stranger), now=now)
        mandating.accept_mandate(public_id=mandate.public_id, by=viewer(agent), now=now)
        with pytest.raises(CannotGiveMandate):
            mandating.accept_mandate(public_id=mandate.public_id, by=viewer(agent), now=now)

    @pytest.mark.parametrize("who", ["holder", "agent"])
    def test_is_ended_by_either_side_and_by_nobody_else(self, now: datetime, who: str) -> None:
        sides = {"holder": PartyFactory(), "agent": PartyFactory()}
        mandate = offered(viewer(sides["holder"]), sides["agent"], now)
        mandating.accept_mandate(public_id=mandate.public_id, by=viewer(sides["agent"]), now=now)

        with pytest.raises(Mandate.DoesNotExist):
            mandating.end_by_either(public_id=mandate.public_id, by=viewer(PartyFactory()), now=now)
        mandating.end_by_either(public_id=mandate.public_id, by=viewer(sides[who]), now=now)

        with pytest.raises(CannotActFor):
            viewer(sides["agent"], acting_for=sides["holder"])

    def test_shows_both_sides_what_they_may_do(self, now: datetime) -> None:
        holder, agent = PartyFactory(), PartyFactory()
        offered(viewer(holder), agent, now)

        (given,) = mandating.mandates(viewer(holder), today=TODAY)
        (held,) = mandating.mandates(viewer(agent), today=TODAY)

        assert (given.stage, given.is_given, given.may_accept) == (MandateStage.OFFERED, True, False)
        assert (held.is_given, held.may_accept, held.may_end) == (False, True, True)
        assert mandating.mandates(viewer(PartyFactory()), today=TODAY) == []


class TestScope:
    def test_of_two_narrow_mandates_is_both(self) -> None:
        first = MandateFactory(scope="restaurant")
        MandateFactory(holder=first.holder, agent=first.agent, scope="company_change")

        acting = viewer(first.agent, acting_for=first.holder)

        assert acting.may_act_in("restaurant")
        assert acting.may_act_in("company_change")
        assert not acting.may_act_in("newborn")
        assert len(queries.mandates_of(acting, today=TODAY)) == 1

    def test_narrow_shows_no_other_mandates_of_the_holder(self) -> None:
        narrow = MandateFactory(scope="restaurant")
        MandateFactory(holder=narrow.holder)

        seen = mandating.mandates(viewer(narrow.agent, acting_for=narrow.holder), today=TODAY)

        assert [one.scope for one in seen] == ["restaurant"]


class TestHead:
    @pytest.fixture
    def company(self) -> Party:
        return PartyFactory(a_company=True)

    @pytest.fixture
    def head(self, company: Party) -> Party:
        person = PartyFactory()
        fields = {"legal_representative_id": {"zh": "法定代表人证件号码", "en": "Identity number"}}
        dataset = DatasetFactory(key="companies", fields=fields, owner="market_regulation")
        GrantFactory(dataset=dataset, item_key="company_mandate")
        RecordFactory(dataset=dataset, party=company, values={"legal_representative_id": person.id_number})
        return person

    def prove(self, person: Party, company: Party, now: datetime) -> None:
        heads.prove_head(number=company.id_number, name=company.name, by=viewer(person), now=now)

    def test_acts_for_the_company_once_the_register_has_confirmed_it(
        self, company: Party, head: Party, now: datetime
    ) -> None:
        self.prove(head, company, now)

        assert viewer(head, acting_for=company).subject_id == company.pk
        lines = journal.entries_for(str(company), kind="registry.looked_up")
        assert [line.facts["fields"] for line in lines] == [["legal_representative_id"]]

    def test_must_be_confirmed_again_after_thirty_days(self, company: Party, head: Party, now: datetime) -> None:
        self.prove(head, company, now)

        assert viewer(head, acting_for=company, on=TODAY + timedelta(days=30)).acting_for_id
        with pytest.raises(CannotActFor):
            viewer(head, acting_for=company, on=TODAY + timedelta(days=31))

    def test_is_nobody_who_only_says_so(self, company: Party, head: Party, now: datetime) -> None:
        sentences = set()
        for person, number, name in (
            (PartyFactory(name=head.name), company.id_number, company.name),
            (head, company.id_number, "另一家公司"),
            (head, "91330122MA00000000", company.name),
            (head, head.id_number, head.name),
        ):
            with pytest.raises(CannotProveHead) as refused:
                heads.prove_head(number=number, name=name, by=viewer(person), now=now)
            sentences.add(str(refused.value))
        assert len(sentences) == 1
        assert not Mandate.objects.exists()

    def test_gives_a_mandate_for_the_company(self, company: Party, head: Party, now: datetime) -> None:
        self.prove(head, company, now)
        agent = PartyFactory()

        mandate = offered(viewer(head, acting_for=company), agent, now, scope="restaurant")

        assert (mandate.holder, mandate.agent, mandate.scope) == (company, agent, "restaurant")

    def test_of_yesterday_gives_nothing_away_and_loses_his_own_right(
        self, company: Party, head: Party, now: datetime
    ) -> None:
        self.prove(head, company, now)
        acting = viewer(head, acting_for=company)
        registry.put_record(
            party_id=company.pk,
            dataset="companies",
            values={"legal_representative_id": PartyFactory().id_number},
            by="t",
            now=now,
        )

        with pytest.raises(CannotProveHead):
            offered(acting, PartyFactory(), now)

        with pytest.raises(CannotActFor):
            viewer(head, acting_for=company)

    def test_is_not_whoever_holds_a_mandate_for_everything(self, company: Party, head: Party, now: datetime) -> None:
        agent = MandateFactory(holder=company).agent

        with pytest.raises(CannotProveHead):
            offered(viewer(agent, acting_for=company), PartyFactory(), now)

    def test_proved_again_replaces_the_older_proof(self, company: Party, head: Party, now: datetime) -> None:
        self.prove(head, company, now)
        self.prove(head, company, now + timedelta(days=20))

        assert Mandate.objects.filter(by_head=True, ended_at=None).count() == 1
        assert viewer(head, acting_for=company, on=TODAY + timedelta(days=50)).acting_for_id


class TestGuardian:
    @pytest.fixture
    def clerk(self) -> Viewer:
        return viewer_of(AccountFactory(of_staff=True, staff=StaffFactory(at_the_window=True)))

    def told(self, guardian: Party, ward: Party, document: str = "（2018）浙0122民特1号") -> Guardian:
        return Guardian(guardian.id_number, guardian.name, ward.id_number, ward.name, document)

    def test_appointed_by_a_court_acts_for_an_adult_until_it_is_ended(self, clerk: Viewer, now: datetime) -> None:
        guardian, ward = PartyFactory(), PartyFactory()
        mandating.appoint_guardian(told=self.told(guardian, ward), by=clerk, now=now)
        assert viewer(guardian, acting_for=ward, on=date(2040, 1, 1)).acting_for_id

        mandating.end_guardianship(told=self.told(guardian, ward), on=TODAY, by=clerk, now=now)

        with pytest.raises(CannotActFor):
            viewer(guardian, acting_for=ward)
        for party in (guardian, ward):
            kinds = [line.kind for line in journal.entries_for(str(party))]
            assert kinds == ["people.guardianship_ended", "people.guardian_appointed"]

    def test_of_a_child_without_a_court_ends_on_the_eighteenth_birthday(self, now: datetime) -> None:
        guardian, child = PartyFactory(), PartyFactory(a_child=True)
        actions.relate(kind=RelationKind.GUARDIAN, of_id=guardian.pk, to_id=child.pk, by="t", now=now)

        (authority,) = queries.mandates_of(viewer(guardian), today=TODAY)

        assert authority.valid_to == date(2032, 5, 31)
        assert viewer(guardian, acting_for=child, on=date(2032, 5, 31)).acting_for_id
        with pytest.raises(CannotActFor):
            viewer(guardian, acting_for=child, on=date(2032, 6, 1))

    def test_is_recorded_by_clerks_alone(self, now: datetime) -> None:
        guardian, ward = PartyFactory(), PartyFactory()
        for by in (viewer(guardian), viewer_of(AccountFactory(of_staff=True))):
            with pytest.raises(CannotAppointGuardian):
                mandating.appoint_guardian(told=self.told(guardian, ward), by=by, now=now)
        assert not Relation.objects.exists()

    def test_needs_two_known_people_and_a_document(self, clerk: Viewer, now: datetime) -> None:
        guardian, ward = PartyFactory(), PartyFactory()
        company = PartyFactory(a_company=True)

        for told in (
            self.told(guardian, guardian),
            self.told(guardian, ward, ""),
            self.told(guardian, company),
            Guardian(guardian.id_number, "某某", ward.id_number, ward.name, "（2018）浙0122民特1号"),
        ):
            with pytest.raises(CannotAppointGuardian):
                mandating.appoint_guardian(told=told, by=clerk, now=now)
        assert not Relation.objects.exists()

    def test_leaves_the_document_unreadable_in_the_database(self, clerk: Viewer, now: datetime) -> None:
        mandating.appoint_guardian(told=self.told(PartyFactory(), PartyFactory()), by=clerk, now=now)

        (stored,) = Relation.objects.extra(select={"raw": "document"}).values_list("raw", flat=True)
        assert "民特" not in stored
