"""Grants and the guard: asked for by the catalogue, decided by the owner, kept at every look-up, read by the person."""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

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
from tests.rules import planner_examples
from yici.apps.journal import jobs as sealing
from yici.apps.journal import queries as journal
from yici.apps.people.viewers import ANONYMOUS, Viewer, viewer_of
from yici.apps.places.actions import load_calendar
from yici.apps.registry import actions, granting, jobs, queries
from yici.apps.registry.actions import CannotDecideGrant, CannotInquire, LookUpAnswer, NoSuchLookUp, keeping_refusals
from yici.apps.registry.models import Dataset, Grant, Inquiry, LookUpDay, Record
from yici.rules.datasets import Sharing
from yici.rules.grants import GrantState, Ground
from yici.rules.items import Element, ElementKind, Item, LegalBasis, Requirement, Way, WayKind
from yici.rules.levels import Level
from yici.rules.plans import Availability
from yici.rules.words import Words

Ask = Callable[..., granting.Asked]
TONGLU = "330122"
CERTIFICATE, SPOUSE = "marriages.certificate", "marriages.spouse"


@pytest.fixture(autouse=True)
def numbers_of_the_law(db: None, now: datetime) -> None:
    """The calendar and the law's periods, as on every platform."""
    load_calendar(by="system:test", now=now)


def look_up(record: Record, now: datetime, *wanted: str, **changes: Any) -> LookUpAnswer:
    terms: dict[str, Any] = {
        "items": ["newborn"],
        "purpose": "evidence",
        "basis": "改革规定第七条",
        "case_reference": "YC1",
        "case_is_open": True,
        "by": "staff:1",
        "region_code": TONGLU,
    }
    return actions.fetch(party_id=record.party_id, wanted=wanted or [CERTIFICATE], now=now, **terms | changes)


def lines_of(record: Record) -> list[tuple[str, str | None]]:
    return [
        (line.kind.removeprefix("registry."), line.facts.get("reason"))
        for line in journal.entries_for(str(record.party))
    ]


def steward(kind: str = "civil_affairs", code: str = "330000") -> Viewer:
    staff = StaffFactory(decides=True, organisation=OrganisationFactory(kind=kind, code=code))
    return viewer_of(AccountFactory(of_staff=True, staff=staff))


REFUSALS: dict[str, tuple[dict[str, Any] | None, dict[str, Any], Ground]] = {
    "without a grant": (None, {}, Ground.NO_GRANT),
    "for another item": ({"item_key": "marriage"}, {}, Ground.NO_GRANT),
    "outside its fields": ({"fields": ["spouse"]}, {}, Ground.OTHER_FIELDS),
    "outside its region": ({"code": "330502"}, {}, Ground.OTHER_REGION),
    "before the owner decided": ({"waiting": True}, {}, Ground.WAITING),
    "after the owner refused": ({"refused": True}, {}, Ground.REFUSED),
    "after revocation": ({"revoked": True}, {}, Ground.REVOKED),
    "for a closed case": ({}, {"case_is_open": False}, Ground.CASE_CLOSED),
}


@pytest.mark.django_db
class TestTheGuard:
    @pytest.mark.parametrize(("grant", "changes", "ground"), REFUSALS.values(), ids=REFUSALS.keys())
    def test_refuses_and_journals(
        self, now: datetime, grant: dict[str, Any] | None, changes: dict[str, Any], ground: Ground
    ) -> None:
        record = RecordFactory()
        if grant is not None:
            GrantFactory(dataset=record.dataset, **grant)

        answer = look_up(record, now, **changes)

        assert answer == LookUpAnswer({}, (("marriages", "certificate", ground),))  # type: ignore[arg-type]
        (line,) = journal.entries_for(str(record.party))
        assert (line.kind, line.by) == ("registry.look_up_refused", "staff:1")
        assert line.facts == {
            "dataset": "marriages",
            "fields": ["certificate"],
            "reason": ground,
            "purpose": "evidence",
            "basis": "改革规定第七条",
            "case": "YC1",
            "items": ["newborn"],
            "region": TONGLU,
        }

    def test_serves_the_permitted_part_and_says_what_it_left_out(self, now: datetime) -> None:
        record = RecordFactory(values={"certificate": "J1", "spouse": "林晓"})
        grant = GrantFactory(dataset=record.dataset, fields=["certificate"])

        answer = look_up(record, now, CERTIFICATE, SPOUSE)

        assert answer == LookUpAnswer({CERTIFICATE: "J1"}, (("marriages", "spouse", Ground.OTHER_FIELDS),))  # type: ignore[arg-type]
        refused, read = journal.entries_for(str(record.party))
        assert (refused.facts["fields"], read.facts["fields"]) == (["spouse"], ["certificate"])
        assert (read.facts["grants"], read.facts["found"]) == ([str(grant.public_id)], ["certificate"])

    def test_reads_for_whichever_item_of_the_form_holds_a_grant_and_names_only_that_one(self, now: datetime) -> None:
        record = RecordFactory()
        GrantFactory(dataset=record.dataset)

        assert look_up(record, now, items=["marriage", "newborn"]).content
        assert journal.entries_for(str(record.party))[0].facts["items"] == ["newborn"]

    def test_refuses_from_the_very_moment_of_revocation(self, now: datetime) -> None:
        record = RecordFactory()
        grant = GrantFactory(dataset=record.dataset)
        assert look_up(record, now).content

        actions.revoke_grant(grant_id=grant.public_id, reason="超范围使用", by=steward(), now=now)

        assert look_up(record, now).left_out[0].ground is Ground.REVOKED

    def test_keeps_the_refusal_when_what_it_happened_in_is_rolled_back(self, now: datetime) -> None:
        record = RecordFactory()

        with suppress(ValueError), keeping_refusals(), transaction.atomic():
            look_up(record, now)
            raise ValueError

        assert lines_of(record) == [("look_up_refused", "no_grant")]

    def test_writes_a_kept_refusal_once_when_nothing_fails(self, now: datetime) -> None:
        record = RecordFactory()

        with keeping_refusals(), transaction.atomic():
            look_up(record, now)

        assert lines_of(record) == [("look_up_refused", "no_grant")]

    def test_leaves_no_content_and_no_line_when_the_journal_cannot_be_written(
        self, now: datetime, settings: Any
    ) -> None:
        record = RecordFactory()
        GrantFactory(dataset=record.dataset)
        settings.JOURNAL_ALGORITHM = "md5"

        with pytest.raises(ValueError, match="md5"):
            look_up(record, now)
        assert lines_of(record) == []

    def test_writes_lines_that_the_journal_verifies(self, now: datetime) -> None:
        record = RecordFactory()
        GrantFactory(dataset=record.dataset, fields=["certificate"])
        look_up(record, now, CERTIFICATE, SPOUSE)

        assert journal.verify().ok

    def test_takes_two_statements_at_most(self, now: datetime, django_assert_max_num_queries: Any) -> None:
        record = RecordFactory()
        GrantFactory(dataset=record.dataset)

        with django_assert_max_num_queries(2):
            look_up(record, now)


@pytest.mark.django_db
class TestPlanning:
    def test_counts_on_nothing_that_one_of_the_asking_items_may_not_read(self) -> None:
        record = RecordFactory()
        GrantFactory(dataset=record.dataset)
        GrantFactory(dataset=record.dataset, item_key="marriage", waiting=True)

        def seen(*items: str) -> Availability:
            return queries.availability(
                party_id=record.party_id, region_code=TONGLU, wanted=[CERTIFICATE], items=items
            )[CERTIFICATE]

        assert seen("newborn") is Availability.AVAILABLE
        assert seen("newborn", "restaurant") is Availability.AVAILABLE  # it does not ask
        assert seen("newborn", "marriage") is Availability.NEEDS_GRANT
        assert seen() is Availability.NEEDS_GRANT

    def test_forgets_what_an_item_asks_for_no_more(self) -> None:
        record = RecordFactory()
        GrantFactory(dataset=record.dataset)
        GrantFactory(dataset=record.dataset, item_key="marriage", revoked=True, in_use=False)

        known = queries.availability(
            party_id=record.party_id, region_code=TONGLU, wanted=[CERTIFICATE], items=["newborn", "marriage"]
        )

        assert known[CERTIFICATE] is Availability.AVAILABLE


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
class TestTheLedger:
    @pytest.fixture
    def record(self) -> Record:
        record = RecordFactory()
        GrantFactory(dataset=record.dataset)
        return record

    def test_says_everything_in_words(self, record: Record, now: datetime) -> None:
        look_up(record, now)

        (line,) = queries.look_ups_of(viewer_of(AccountFactory(party=record.party))).rows

        assert (line.dataset.en, line.fields[0].en) == ("Marriage register", "Certificate")
        assert line.purpose.en == "Take the place of a paper the person would bring"
        assert (line.basis, line.grant_basis) == ("改革规定第七条", Words("《示例法》第一条", "《示例法》 第一条"))
        assert (line.was_found, line.refused, line.is_by_oneself) == (True, None, False)

    def test_shows_refused_look_ups_with_their_reason(self, record: Record, now: datetime) -> None:
        look_up(record, now, case_is_open=False)

        (line,) = queries.look_ups_of(viewer_of(AccountFactory(party=record.party))).rows
        assert line.refused == Ground.CASE_CLOSED.words

    def test_is_paged_without_losing_or_doubling_a_line(self, record: Record, now: datetime) -> None:
        for _ in range(7):
            look_up(record, now)
        viewer = viewer_of(AccountFactory(party=record.party))

        met: list[int] = []
        before: int | None = None
        while True:
            page = queries.look_ups_of(viewer, before=before, limit=3)
            met += [line.number for line in page.rows]
            if (before := page.older) is None:
                break
        assert len(met) == len(set(met)) == 7
        assert met == sorted(met, reverse=True)

    def test_takes_as_many_queries_for_many_lines_as_for_few(self, record: Record, now: datetime) -> None:
        viewer = viewer_of(AccountFactory(party=record.party))
        counts = []
        for lines in (2, 20):
            for _ in range(lines):
                look_up(record, now)
            with CaptureQueriesContext(connection) as captured:
                queries.look_ups_of(viewer)
            counts.append(len(captured))

        assert counts[0] == counts[1]


@pytest.mark.django_db
class TestAskingWhy:
    @pytest.fixture
    def record(self, now: datetime) -> Record:
        record = RecordFactory()
        GrantFactory(dataset=record.dataset)
        look_up(record, now)
        return record

    def line(self, record: Record) -> int:
        return journal.entries_for(str(record.party))[0].number

    def test_goes_to_the_office_and_comes_back_with_its_answer(self, record: Record, now: datetime) -> None:
        person = viewer_of(AccountFactory(party=record.party))
        asked = actions.ask_why(line=self.line(record), text="为什么查？", by=person, now=now)
        # The item is not in the catalogue of this test: then the keeper of the data answers.
        office = steward(code=TONGLU)
        (view,) = queries.inquiries_of(office)
        assert (view.public_id, view.text, view.due_on.isoformat()) == (asked, "为什么查？", "2018-03-12")

        actions.answer_inquiry(inquiry_id=asked, answer="为您办理出生登记。", by=office, now=now + timedelta(days=1))

        (found,) = [one for one in queries.look_ups_of(person).rows if one.question]
        assert found.question is not None
        assert (found.question.answer, found.question.text) == ("为您办理出生登记。", "为什么查？")
        kinds = [line.kind for line in journal.entries_for(str(record.party))[:2]]
        assert kinds == ["registry.inquiry_answered", "registry.inquiry_asked"]
        assert "为什么查" not in str(journal.entries_for(str(record.party)))

    def test_is_not_there_for_others_look_ups_or_other_lines(self, record: Record, now: datetime) -> None:
        stranger = viewer_of(AccountFactory())
        person = viewer_of(AccountFactory(party=record.party))

        for by, line in ((stranger, self.line(record)), (person, self.line(record) + 1000), (ANONYMOUS, 1)):
            with pytest.raises(NoSuchLookUp):
                actions.ask_why(line=line, text="", by=by, now=now)
        assert not Inquiry.objects.exists()

    def test_is_asked_once_a_look_up(self, record: Record, now: datetime) -> None:
        person, line = viewer_of(AccountFactory(party=record.party)), self.line(record)
        actions.ask_why(line=line, text="", by=person, now=now)

        with pytest.raises(CannotInquire, match="already"):
            actions.ask_why(line=line, text="", by=person, now=now)

    def test_is_answered_once_with_words_by_that_office_alone(self, record: Record, now: datetime) -> None:
        person = viewer_of(AccountFactory(party=record.party))
        asked = actions.ask_why(line=self.line(record), text="", by=person, now=now)
        office = steward(code=TONGLU)

        with pytest.raises(Inquiry.DoesNotExist):
            actions.answer_inquiry(inquiry_id=asked, answer="好", by=steward("education", TONGLU), now=now)
        with pytest.raises(Inquiry.DoesNotExist):
            actions.answer_inquiry(inquiry_id=uuid4(), answer="好", by=office, now=now)
        with pytest.raises(CannotInquire, match="Say why"):
            actions.answer_inquiry(inquiry_id=asked, answer=" ", by=office, now=now)
        actions.answer_inquiry(inquiry_id=asked, answer="办理登记", by=office, now=now)
        with pytest.raises(CannotInquire, match="answered already"):
            actions.answer_inquiry(inquiry_id=asked, answer="改一下", by=office, now=now)


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
