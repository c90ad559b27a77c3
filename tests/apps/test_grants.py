"""Grants: asked for by the catalogue, decided by the owner, and public for ever."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.db import IntegrityError

from tests.apps.factories import (
    LOADED_AT,
    AccountFactory,
    DatasetFactory,
    GrantFactory,
    OrganisationFactory,
    PartyFactory,
    RecordFactory,
    StaffFactory,
)
from tests.apps.grant_examples import CERTIFICATE, SPOUSE, TONGLU, look_up, steward
from tests.rules import planner_examples
from yici.apps.journal import jobs as sealing
from yici.apps.journal import queries as journal
from yici.apps.people.viewers import ANONYMOUS, Viewer, viewer_of
from yici.apps.places.actions import load_calendar
from yici.apps.registry import actions, granting, jobs, queries
from yici.apps.registry.actions import CannotDecideGrant
from yici.apps.registry.models import Dataset, Grant, LookUpDay
from yici.rules.datasets import Sharing
from yici.rules.grants import GrantState, Ground
from yici.rules.items import Element, ElementKind, Item, LegalBasis, Requirement, Way, WayKind
from yici.rules.levels import Level
from yici.rules.words import Words

Ask = Callable[..., granting.Asked]


@pytest.fixture(autouse=True)
def numbers_of_the_law(db: None, now: datetime) -> None:
    """The calendar and the law's periods, as on every platform."""
    load_calendar(by="system:test", now=now)


BROKEN: dict[str, dict[str, Any]] = {
    "registry_grant_has_fields": {"fields": []},
    "registry_grant_rests_on_law": {"basis_level": "none"},
    "registry_grant_names_purpose_and_basis": {"purpose": ""},
    "registry_grant_refused_with_reason": {"state": GrantState.REFUSED, "reason": ""},
    "registry_grant_decided_by_somebody": {"decided_at": None},
    "registry_grant_revoked_with_reason": {"revoked_at": LOADED_AT},
}


@pytest.mark.django_db
class TestConstraints:
    def test_refuse_an_unknown_state(self) -> None:
        with pytest.raises(IntegrityError, match=r"registry_grant_(state_known|decided_by_somebody)"):
            GrantFactory(state="lost")

    @pytest.mark.parametrize(("name", "terms"), BROKEN.items(), ids=BROKEN.keys())
    def test_refuse_half_a_grant(self, name: str, terms: dict[str, Any]) -> None:
        with pytest.raises(IntegrityError, match=name):
            GrantFactory(**terms)

    @pytest.mark.parametrize("traits", [{}, {"waiting": True}])
    def test_allow_one_of_a_kind(self, traits: dict[str, Any]) -> None:
        dataset = DatasetFactory()
        GrantFactory(dataset=dataset, **traits)

        with pytest.raises(IntegrityError, match="registry_grant_one"):
            GrantFactory(dataset=dataset, **traits)


def item(*fields: str, key: str = "newborn", dataset: str = "marriages") -> Item:
    basis = LegalBasis("婚姻登记条例", "第五条", Level.ADMINISTRATIVE_REGULATION, title_en="Regulation on Marriage")
    ways = tuple(Way(WayKind.DATA, f"{dataset}.{field}") for field in fields)
    requirement = Requirement("proof", Words("证明", "Proof"), "proof", basis, ways)
    text = Element("spouse_name", Words("", ""), Words("", ""), ElementKind.NAME)
    return planner_examples.item(key, Words("出生登记", "Birth"), requirements=(requirement,), fields=(text,))


@pytest.mark.django_db
class TestAskingFromTheCatalogue:
    @pytest.fixture
    def ask(self, now: datetime) -> Callable[..., granting.Asked]:
        """Ask for what these items use, as after an import."""
        OrganisationFactory(code="330000")

        def asked(*items: Item) -> granting.Asked:
            return granting.ask_for({one.key: [one] for one in items}, by="system:test", now=now)

        return asked

    def test_grants_unconditional_data_at_once_by_law(self, ask: Ask) -> None:
        DatasetFactory()

        assert ask(item("certificate")) == granting.Asked(granted=1)

        grant = Grant.objects.get()
        assert (grant.state, grant.fields, grant.decided_by) == ("approved", ["certificate"], granting.BY_LAW)
        assert (grant.basis_article, grant.region_id) == ("第三十九条", "330000000000")

    def test_makes_conditional_data_wait_ten_working_days_for_the_owner(self, ask: Ask) -> None:
        DatasetFactory(conditional=True)

        assert ask(item("certificate")) == granting.Asked(waiting=1)

        grant = Grant.objects.get()
        assert (grant.state, grant.basis_title, grant.basis_article) == ("requested", "婚姻登记条例", "第五条")
        assert grant.due_on.isoformat() == "2018-03-19"  # Monday 5 March and ten working days

    def test_asks_for_nothing_closed_unknown_or_settled(self, ask: Ask) -> None:
        DatasetFactory(closed=True)
        assert ask(item("certificate"), item("any", key="other", dataset="unknown")) == granting.Asked()

        Dataset.objects.update(sharing=Sharing.CONDITIONAL)
        ask(item("certificate"))
        assert ask(item("certificate")) == granting.Asked()
        assert Grant.objects.count() == 1

    def test_keeps_a_narrow_grant_until_the_wider_one_is_approved(self, ask: Ask, now: datetime) -> None:
        record = RecordFactory(dataset__conditional=True, values={"certificate": "J1", "spouse": "林晓"})
        ask(item("certificate"))
        actions.approve_grant(grant_id=Grant.objects.get().public_id, by=steward(), now=now)

        ask(item("certificate", "spouse"))
        assert look_up(record, now, CERTIFICATE, SPOUSE).content == {CERTIFICATE: "J1"}

        wider = Grant.objects.get(state=GrantState.REQUESTED)
        actions.approve_grant(grant_id=wider.public_id, by=steward(), now=now)
        assert look_up(record, now, CERTIFICATE, SPOUSE).content == {CERTIFICATE: "J1", SPOUSE: "林晓"}
        assert Grant.objects.get(state=GrantState.REVOKED).revoked_reason == granting.REPLACED

    def test_ends_what_no_item_uses_any_more(self, ask: Ask, now: datetime) -> None:
        record = RecordFactory()
        ask(item("certificate"))

        assert ask() == granting.Asked(ended=1)
        assert look_up(record, now).left_out[0].ground is Ground.REVOKED

    def test_asks_the_owner_anew_when_the_data_become_conditional(self, ask: Ask) -> None:
        DatasetFactory()
        ask(item("certificate"))
        Dataset.objects.update(sharing=Sharing.CONDITIONAL)

        assert ask(item("certificate")) == granting.Asked(waiting=1)
        assert set(Grant.objects.values_list("state", "in_use")) == {("revoked", False), ("requested", True)}

    def test_leaves_a_refusal_until_the_item_asks_for_something_else(self, ask: Ask, now: datetime) -> None:
        DatasetFactory(conditional=True)
        ask(item("certificate"))
        actions.refuse_grant(grant_id=Grant.objects.get().public_id, reason="不必要", by=steward(), now=now)

        assert ask(item("certificate")) == granting.Asked()
        assert ask(item("spouse")) == granting.Asked(waiting=1)


@pytest.mark.django_db
class TestTheOwnersSteward:
    @pytest.fixture
    def waiting(self) -> Grant:
        return GrantFactory(waiting=True, dataset=DatasetFactory(conditional=True))

    def test_approves(self, waiting: Grant, now: datetime) -> None:
        by = steward()
        actions.approve_grant(grant_id=waiting.public_id, by=by, now=now)

        waiting.refresh_from_db()
        assert (waiting.state, waiting.decided_at, waiting.decided_by) == ("approved", now, by.label)
        assert journal.entries_for(f"grant:{waiting.public_id}")[0].kind == "registry.grant_approved"

    @pytest.mark.parametrize("who", ["another office", "a county", "no steward", "nobody", "a citizen"])
    def test_is_the_only_one_who_sees_and_decides(self, waiting: Grant, now: datetime, who: str) -> None:
        clerk = StaffFactory(organisation=OrganisationFactory(kind="civil_affairs", code="330000"))
        by = {
            "another office": lambda: steward("education"),
            "a county": lambda: steward(code=TONGLU),
            "no steward": lambda: viewer_of(AccountFactory(of_staff=True, staff=clerk)),
            "nobody": lambda: ANONYMOUS,
            "a citizen": lambda: viewer_of(AccountFactory()),
        }[who]()

        assert queries.waiting_of(by, today=now.date()) == []
        for act in (actions.approve_grant, lambda **terms: actions.refuse_grant(reason="不", **terms)):
            with pytest.raises(Grant.DoesNotExist):
                act(grant_id=waiting.public_id, by=by, now=now)
        waiting.refresh_from_db()
        assert waiting.state == "requested"

    def test_is_the_data_office_where_the_owner_has_none(self, waiting: Grant, now: datetime) -> None:
        office = steward("big_data")
        assert [one.public_id for one in queries.waiting_of(office, today=now.date())] == [waiting.public_id]

        OrganisationFactory(kind="civil_affairs", code="330000")
        assert queries.waiting_of(office, today=now.date()) == []

    @pytest.mark.parametrize("act", [actions.refuse_grant, actions.extend_grant])
    def test_gives_a_reason(self, waiting: Grant, now: datetime, act: Any) -> None:
        with pytest.raises(CannotDecideGrant, match="Give the reason"):
            act(grant_id=waiting.public_id, reason="  ", by=steward(), now=now)

    def test_decides_once(self, waiting: Grant, now: datetime) -> None:
        by = steward()
        actions.refuse_grant(grant_id=waiting.public_id, reason="用途不明确", by=by, now=now)

        with pytest.raises(CannotDecideGrant, match="decided already"):
            actions.approve_grant(grant_id=waiting.public_id, by=by, now=now)
        with pytest.raises(CannotDecideGrant, match="Only an approved"):
            actions.revoke_grant(grant_id=waiting.public_id, reason="撤销", by=by, now=now)

    def test_takes_more_time_once(self, waiting: Grant, now: datetime) -> None:
        by = steward()
        actions.extend_grant(grant_id=waiting.public_id, reason="须会商", by=by, now=now)

        waiting.refresh_from_db()
        assert waiting.due_on.isoformat() == "2018-01-30"  # due on Tuesday 16 January, ten working days more
        with pytest.raises(CannotDecideGrant, match="once only"):
            actions.extend_grant(grant_id=waiting.public_id, reason="再延长", by=by, now=now)

    def test_reads_who_looked_at_the_data_in_his_region(self, now: datetime) -> None:
        record = RecordFactory()
        GrantFactory(dataset=record.dataset)
        look_up(record, now)
        look_up(record, now, region_code="330502")

        def seen(by: Viewer) -> int:
            return len(queries.look_ups_of_our_data(by).rows)

        assert [seen(one) for one in (steward(), steward(code=TONGLU), steward("education"), ANONYMOUS)] == [2, 1, 0, 0]
        row = queries.look_ups_of_our_data(steward()).rows[0]
        assert "J330122" not in str(row)
        assert record.party.name not in str(row)


@pytest.mark.django_db
class TestThePublicList:
    def test_counts_sealed_look_ups_once_by_day(self, now: datetime) -> None:
        record = RecordFactory()
        GrantFactory(dataset=record.dataset, fields=["certificate"])
        look_up(record, now, CERTIFICATE, SPOUSE)
        look_up(RecordFactory(dataset=record.dataset, values={}), now)
        assert jobs.count_look_ups() == 0  # nothing is sealed yet

        sealing.seal(now, patience_seconds=0)

        assert [jobs.count_look_ups(), jobs.count_look_ups()] == [3, 0]
        day = LookUpDay.objects.get()
        assert (day.dataset_key, day.day.isoformat()) == ("marriages", "2018-03-05")
        assert (day.found, day.not_found, day.refused) == (1, 1, 1)

    def test_shows_quality_and_readers_of_each_dataset(self, now: datetime) -> None:
        record = RecordFactory()
        GrantFactory(dataset=record.dataset)
        GrantFactory(dataset=record.dataset, item_key="marriage", waiting=True)
        LookUpDay.objects.create(dataset_key="marriages", day=now.date(), found=3, not_found=1, refused=2, through=9)
        LookUpDay.objects.create(dataset_key="marriages", day="2017-12-01", found=99, through=1)
        actions.report_wrong(
            party_id=record.party_id, wanted=CERTIFICATE, claimed="J2", case_reference="A1", by="party:1", now=now
        )

        (line,) = queries.public_datasets(today=now.date())

        assert (line.items_reading, line.quality.found_percent, line.quality.disputes) == (1, 75, 1)

    def test_shows_every_grant_revoked_ones_too(self, now: datetime) -> None:
        dataset = DatasetFactory()
        GrantFactory(dataset=dataset)
        GrantFactory(dataset=dataset, revoked=True)
        GrantFactory(dataset=DatasetFactory(key="taxes"), waiting=True)

        assert queries.public_grants(today=now.date()).total == 3
        (revoked,) = queries.public_grants(state="revoked", today=now.date()).rows
        assert (revoked.revoked_reason, revoked.dataset_key) == ("超范围使用", "marriages")
        assert queries.public_grants(dataset="taxes", state="nonsense", today=now.date()).total == 1
        assert PartyFactory().name not in str(queries.public_grants(today=now.date()))
