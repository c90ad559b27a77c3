"""Write-backs, disputes and gaps against the database: beside the owner's record, never in it."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, InternalError, transaction

from tests.apps.factories import AccountFactory, DatasetFactory, GrantFactory, PartyFactory, RecordFactory, StaffFactory
from yici.apps.journal import queries as journal
from yici.apps.people.models import Party
from yici.apps.people.viewers import Viewer, viewer_of
from yici.apps.places.actions import load_calendar
from yici.apps.places.models import LawParameterRow
from yici.apps.registry import actions, disputes, gaps, queries, write_backs
from yici.apps.registry.models import CorrectionSignal, Dataset, FormerValue, Gap, Grant, Record, WriteBack
from yici.rules.disputes import CannotSettleDispute, DisputeOutcome
from yici.rules.gaps import Gap as GapValue
from yici.rules.plans import Availability
from yici.rules.write_backs import CannotWriteBack

CERTIFICATE = "marriages.certificate"
TONGLU = "330122"


@pytest.fixture(autouse=True)
def calendar(db: None, now: datetime) -> None:
    load_calendar(by="system:test", now=now)
    GrantFactory(dataset=DatasetFactory())


def record_of(**traits: Any) -> Record:
    record: Record = RecordFactory(dataset=Dataset.objects.get(), **traits)
    return record


def staff(**traits: Any) -> Viewer:
    return viewer_of(AccountFactory(of_staff=True, staff=StaffFactory(**traits)))


@pytest.fixture
def clerk() -> Viewer:
    return staff(at_the_window=True, organisation__kind="government_service_hall")


@pytest.fixture
def steward() -> Viewer:
    return staff(decides=True, organisation__kind="civil_affairs")


@pytest.fixture
def party(steward: Viewer) -> Party:
    return PartyFactory()


def write(party: Party, by: Viewer, now: datetime, value: str = "J1", case: str = "C1") -> WriteBack:
    key = write_backs.write_back(
        party_id=party.pk,
        dataset="marriages",
        field="certificate",
        value=value,
        evidence_id=None,
        case_reference=case,
        by=by,
        now=now,
    )
    return WriteBack.objects.get(public_id=key)


def seen(party: Party) -> Availability:
    return queries.availability(party_id=party.pk, region_code=TONGLU, wanted=[CERTIFICATE], items=["newborn"])[
        CERTIFICATE
    ]


def read(party: Party, now: datetime) -> object:
    terms = {"purpose": "test", "basis": "规定第七条", "case_reference": "C9", "by": "party:1", "region_code": TONGLU}
    found = actions.fetch(
        party_id=party.pk, wanted=[CERTIFICATE], items=["newborn"], case_is_open=True, now=now, **terms
    )
    return found.content.get(CERTIFICATE)


class TestWriteBack:
    def test_is_used_at_once_and_available_once_confirmed(
        self, party: Party, clerk: Viewer, steward: Viewer, now: datetime
    ) -> None:
        row = write(party, clerk, now)
        assert (seen(party), read(party, now)) == (Availability.PENDING, "J1")

        write_backs.confirm(write_back_id=row.public_id, by=steward, now=now)

        assert (seen(party), read(party, now)) == (Availability.AVAILABLE, "J1")
        assert not Record.objects.exists()

    def test_is_not_used_once_rejected(self, party: Party, clerk: Viewer, steward: Viewer, now: datetime) -> None:
        row = write(party, clerk, now)

        with pytest.raises(CannotWriteBack):
            write_backs.reject(write_back_id=row.public_id, reason=" ", by=steward, now=now)
        assert seen(party) is Availability.PENDING
        write_backs.reject(write_back_id=row.public_id, reason="编号不符", by=steward, now=now)

        assert (seen(party), read(party, now)) == (Availability.MISSING, None)

    def test_stands_beside_the_owners_record(self, clerk: Viewer, steward: Viewer, now: datetime) -> None:
        record = record_of()

        row = write(record.party, clerk, now, "J999")
        write_backs.confirm(write_back_id=row.public_id, by=steward, now=now)

        record.refresh_from_db()
        assert record.values == {"certificate": "J330122-2016-000001"}
        assert read(record.party, now) == "J330122-2016-000001"

    def test_answers_where_the_owners_record_is_stale(self, clerk: Viewer, steward: Viewer, now: datetime) -> None:
        record = record_of(status="stale")
        write(record.party, clerk, now)

        assert (seen(record.party), read(record.party, now)) == (Availability.PENDING, "J1")

    def test_of_a_newer_paper_leaves_the_older_when_rejected(
        self, party: Party, clerk: Viewer, steward: Viewer, now: datetime
    ) -> None:
        older, newer = write(party, clerk, now), write(party, clerk, now, "J2", "C2")
        write_backs.confirm(write_back_id=older.public_id, by=steward, now=now)
        assert read(party, now) == "J2"

        write_backs.reject(write_back_id=newer.public_id, reason="看错", by=steward, now=now)

        assert read(party, now) == "J1"

    def test_said_twice_is_one(self, party: Party, clerk: Viewer, now: datetime) -> None:
        assert write(party, clerk, now).pk == write(party, clerk, now).pk

    @pytest.mark.parametrize("sharing", [{"sharing": "not_shared", "ground": "法"}, {"sharing": "conditional"}])
    def test_opens_nothing_that_is_closed(
        self, party: Party, clerk: Viewer, now: datetime, sharing: dict[str, str]
    ) -> None:
        write(party, clerk, now)
        Dataset.objects.update(**sharing)
        Grant.objects.all().delete()

        assert read(party, now) is None

    def test_is_for_clerks_only_and_for_known_data(self, party: Party, clerk: Viewer, now: datetime) -> None:
        with pytest.raises(CannotWriteBack):
            write(party, viewer_of(AccountFactory()), now)
        with pytest.raises(CannotWriteBack):
            write(party, clerk, now, "  ")
        assert not WriteBack.objects.exists()

    def test_belongs_to_the_owners_stewards_of_the_place(self, party: Party, clerk: Viewer, now: datetime) -> None:
        row = write(party, clerk, now)
        strangers = [
            staff(decides=True, organisation__kind="education"),
            staff(decides=True, organisation__kind="civil_affairs", organisation__code="330502"),
            staff(organisation__kind="civil_affairs"),
            clerk,
        ]

        for stranger in strangers:
            with pytest.raises(WriteBack.DoesNotExist):
                write_backs.confirm(write_back_id=row.public_id, by=stranger, now=now)

    def test_says_for_ever_who_wrote_what(self, party: Party, clerk: Viewer, now: datetime) -> None:
        row = write(party, clerk, now)

        for column, value in (("case_reference", "C7"), ("written_by", "staff:x"), ("field", "spouse")):
            with pytest.raises((InternalError, IntegrityError)), transaction.atomic():
                WriteBack.objects.filter(pk=row.pk).update(**{column: value})

    def test_leaves_no_content_in_the_journal(self, party: Party, clerk: Viewer, now: datetime) -> None:
        write(party, clerk, now, "J-SECRET")

        lines = journal.entries_for(str(party))
        assert "registry.written_back" in {line.kind for line in lines}
        assert "J-SECRET" not in str(lines)


class TestSweep:
    def overdue(self, clerk: Viewer, now: datetime, count: int) -> None:
        party = PartyFactory()
        first = write(party, clerk, now)
        WriteBack.objects.bulk_create(
            WriteBack(
                party=party,
                dataset=first.dataset,
                field="spouse",
                value=str(number),
                case_reference=f"S{number}",
                owner=first.owner,
                written_at=now,
                written_by=first.written_by,
                due_at=first.due_at,
            )
            for number in range(count - 1)
        )

    def test_misses_none_of_many(
        self, steward: Viewer, clerk: Viewer, now: datetime, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(write_backs, "BATCH", 7)
        self.overdue(clerk, now, 23)
        due = WriteBack.objects.values_list("due_at", flat=True)[0]

        assert write_backs.deem_confirmed(now=due - timedelta(seconds=1)) == 0
        assert write_backs.deem_confirmed(now=due) == 23
        assert set(WriteBack.objects.values_list("state", flat=True)) == {"deemed_confirmed"}
        assert write_backs.deem_confirmed(now=due) == 0

    def test_only_notes_them_late_where_silence_confirms_nothing(
        self, steward: Viewer, clerk: Viewer, now: datetime
    ) -> None:
        self.overdue(clerk, now, 3)
        LawParameterRow.objects.filter(key="write_back_deemed_confirmed").update(value=0)
        due = WriteBack.objects.values_list("due_at", flat=True)[0]

        for _ in range(2):
            assert write_backs.deem_confirmed(now=due) == 0

        lines = journal.entries_for(str(Party.objects.get(pk=WriteBack.objects.all()[0].party_id)))
        assert sum(line.kind == "registry.write_back_late" for line in lines) == 3
        assert set(WriteBack.objects.values_list("state", flat=True)) == {"pending"}


class TestDisputes:
    def report(self, record: Record, now: datetime, case: str = "A1") -> CorrectionSignal:
        terms: dict[str, Any] = {"wanted": CERTIFICATE, "claimed": "J9", "case_reference": case, "by": "party:1"}
        return actions.report_wrong(party_id=record.party_id, now=now, **terms)

    def test_confirmed_changes_the_record_and_keeps_what_it_said(self, steward: Viewer, now: datetime) -> None:
        record = record_of()
        self.report(record, now)
        signal = self.report(record, now, "A2")

        terms: dict[str, Any] = {"outcome": DisputeOutcome.CONFIRMED, "value": "J9", "by": steward, "now": now}
        disputes.settle(dispute_id=signal.public_id, **terms)

        record.refresh_from_db()
        former = FormerValue.objects.get()
        assert record.values["certificate"] == "J9"
        assert (former.value, former.because) == ("J330122-2016-000001", f"dispute:{signal.public_id}")
        assert set(CorrectionSignal.objects.values_list("outcome", flat=True)) == {"confirmed"}
        with pytest.raises(CannotSettleDispute):
            disputes.settle(dispute_id=signal.public_id, **terms)

    def test_the_persons_word_counts_until_the_answer(self, steward: Viewer, now: datetime) -> None:
        record = record_of()
        signal = self.report(record, now)
        assert disputes.open_claims(record.party_id, [CERTIFICATE])[CERTIFICATE].value == "J9"

        terms: dict[str, Any] = {"outcome": DisputeOutcome.REJECTED, "reason": "与档案一致", "by": steward, "now": now}
        disputes.settle(dispute_id=signal.public_id, **terms)

        assert disputes.open_claims(record.party_id, [CERTIFICATE]) == {}
        (view,) = disputes.disputes_of(viewer_of(AccountFactory(party=record.party)), now=now)
        assert (view.outcome, view.reason) == (DisputeOutcome.REJECTED, "与档案一致")
        assert disputes.disputes_of(viewer_of(AccountFactory()), now=now) == []


class TestGaps:
    def record(self, party: Party, now: datetime) -> Gap:
        gap = GapValue("item", "certificate", "marriages", "certificate", Availability.MISSING)
        terms: dict[str, Any] = {"cases": {"item": "C1"}, "subject": "A1", "by": "party:1", "now": now}
        for _ in range(2):
            gaps.record(gaps=[gap], party_id=party.pk, region_code=TONGLU, **terms)
        return Gap.objects.get()

    def test_close_with_a_write_back_and_open_with_its_rejection(
        self, party: Party, clerk: Viewer, steward: Viewer, now: datetime
    ) -> None:
        gap = self.record(party, now)
        assert gap.owner is not None
        assert gap.owner.kind == "civil_affairs"

        row = write(party, clerk, now)
        gap.refresh_from_db()
        assert gap.closed_by == "write_back"
        write_backs.reject(write_back_id=row.public_id, reason="不符", by=steward, now=now)

        gap.refresh_from_db()
        assert (gap.closed_at, gap.closed_by) == (None, "")

    def test_close_when_the_owners_data_have_come(self, party: Party, now: datetime) -> None:
        gap = self.record(party, now)
        assert gaps.close_filled(now=now) == 0

        GrantFactory(dataset=Dataset.objects.get(), item_key="item")
        record_of(party=party)

        assert gaps.close_filled(now=now) == 1
        gap.refresh_from_db()
        assert gap.closed_by == "source"
