"""Acting for somebody else: by a mandate while it holds, for a child until it is of age, and for nobody else."""

from datetime import date, datetime
from typing import Any

import pytest

from tests.apps.factories import AccountFactory, MandateFactory, PartyFactory
from yici.apps.journal import queries as journal
from yici.apps.people import actions, queries
from yici.apps.people.actions import CannotGiveMandate
from yici.apps.people.models import Relation
from yici.apps.people.viewers import CannotActFor, viewer_of
from yici.rules.people import RelationKind

TODAY = date(2018, 3, 5)


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
