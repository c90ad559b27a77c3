"""Shared data: seen without being read, read only with a purpose, and never against the person's own word."""

from datetime import datetime
from typing import Any

import pytest

from tests.apps.factories import (
    AccountFactory,
    DatasetFactory,
    GrantFactory,
    PartyFactory,
    RecordFactory,
    StaffFactory,
    region,
)
from yici.apps.journal import queries as journal
from yici.apps.people.viewers import ANONYMOUS, viewer_of
from yici.apps.places.actions import load_calendar
from yici.apps.registry import actions, queries
from yici.apps.registry.actions import CannotFetch, CannotRecordData, LookUpAnswer
from yici.apps.registry.disputes import own_disputes
from yici.apps.registry.models import CorrectionSignal, Dataset, Record
from yici.rules.datasets import Dataset as DatasetValue
from yici.rules.datasets import Sharing
from yici.rules.grants import Purpose
from yici.rules.plans import Availability
from yici.rules.sharing import RecordStatus
from yici.rules.words import Words

TONGLU = "330122"
CERTIFICATE = "marriages.certificate"


@pytest.fixture
def calendar(db: None, now: datetime) -> None:
    """The official working days and the numbers of the law: what an owner is given time by."""
    load_calendar(by="system:test", now=now)


def seen(party_id: int | None, *wanted: str, region_code: str = TONGLU) -> dict[str, Availability]:
    return queries.availability(party_id=party_id, region_code=region_code, wanted=wanted, items=["newborn"])


def granted(**record: Any) -> Record:
    """A record of a dataset that the item may read."""
    made = RecordFactory(**record)
    GrantFactory(dataset=made.dataset)
    return made


def fetch(party_id: int, now: datetime, *wanted: str, **changes: Any) -> LookUpAnswer:
    terms: dict[str, Any] = {
        "items": ["newborn"],
        "case_is_open": True,
        "region_code": TONGLU,
        "purpose": "evidence",
        "basis": "改革规定第七条",
        "case_reference": "draft:1",
        "by": "party:1",
    }
    return actions.fetch(party_id=party_id, wanted=wanted, now=now, **terms | changes)


@pytest.mark.django_db
class TestAvailability:
    @pytest.mark.parametrize(
        ("status", "expected"),
        [("available", Availability.AVAILABLE), ("stale", Availability.STALE), ("pending", Availability.PENDING)],
    )
    def test_follows_the_status_of_the_record(self, status: str, expected: Availability) -> None:
        record = granted(status=status)

        assert seen(record.party_id, CERTIFICATE) == {CERTIFICATE: expected}

    def test_tells_a_field_without_a_value_from_one_that_has_one(self) -> None:
        record = granted()

        assert seen(record.party_id, CERTIFICATE, "marriages.spouse", "marriages.nonsense") == {
            CERTIFICATE: Availability.AVAILABLE,
            "marriages.spouse": Availability.MISSING,
            "marriages.nonsense": Availability.NEEDS_GRANT,  # no grant names a field that is not there
        }

    def test_is_missing_for_somebody_else_and_for_nobody(self) -> None:
        granted()

        assert seen(PartyFactory().pk, CERTIFICATE) == {CERTIFICATE: Availability.MISSING}
        assert seen(None, CERTIFICATE, "unknown.field") == {
            CERTIFICATE: Availability.MISSING,
            "unknown.field": Availability.MISSING,
        }

    @pytest.mark.parametrize("code", ["330122", "330122000000", "330100", "330000000000"])
    def test_is_not_shared_in_a_region_or_any_above_it(self, code: str) -> None:
        record = granted(dataset__not_shared_in=[code])

        assert seen(record.party_id, CERTIFICATE)[CERTIFICATE] is Availability.NOT_SHARED

    def test_is_shared_beside_a_region_that_is_closed(self) -> None:
        record = granted(dataset__not_shared_in=["330502", "330122001000"])

        assert seen(record.party_id, CERTIFICATE)[CERTIFICATE] is Availability.AVAILABLE
        assert seen(record.party_id, CERTIFICATE, region_code="330502")[CERTIFICATE] is Availability.NOT_SHARED

    @pytest.mark.parametrize("dataset", [{}, {"conditional": True}])
    def test_needs_a_grant_that_holds_there(self, dataset: dict[str, Any]) -> None:
        record = RecordFactory(dataset=DatasetFactory(**dataset))
        assert seen(record.party_id, CERTIFICATE)[CERTIFICATE] is Availability.NEEDS_GRANT

        GrantFactory(dataset=record.dataset, code="330100")

        assert seen(record.party_id, CERTIFICATE)[CERTIFICATE] is Availability.AVAILABLE
        assert seen(record.party_id, CERTIFICATE, region_code="330502")[CERTIFICATE] is Availability.NEEDS_GRANT

    def test_of_a_closed_dataset_is_never_given(self) -> None:
        record = granted(dataset__closed=True)

        assert seen(record.party_id, CERTIFICATE)[CERTIFICATE] is Availability.NOT_SHARED

    def test_knows_licences_in_hand(self, now: datetime) -> None:
        party = PartyFactory()
        wanted = ("licence:id_card", "licence:marriage_certificate")
        actions.put_licence(party_id=party.pk, type_key="id_card", number="1", by="system:test", now=now)

        assert seen(party.pk, *wanted) == {wanted[0]: Availability.AVAILABLE, wanted[1]: Availability.MISSING}

        actions.withdraw_licence(party_id=party.pk, type_key="id_card", by="system:test", now=now)
        assert seen(party.pk, wanted[0])[wanted[0]] is Availability.MISSING

    def test_is_one_query_that_reads_no_content(
        self, django_assert_num_queries: Any, django_capture_on_commit_callbacks: Any
    ) -> None:
        record = granted()
        RecordFactory(dataset=DatasetFactory(key="taxes"), party=record.party)

        with django_assert_num_queries(1) as captured:
            seen(record.party_id, CERTIFICATE, "taxes.certificate", "licence:id_card", "unknown.field")

        assert not any(word in query["sql"] for query in captured.captured_queries for word in ("values", ".value"))

    def test_asks_nothing_when_nothing_is_wanted(self, django_assert_num_queries: Any) -> None:
        with django_assert_num_queries(0):
            assert seen(1) == {}


@pytest.mark.django_db
class TestFetch:
    def test_gives_what_may_be_read_and_leaves_out_the_rest(self, now: datetime) -> None:
        record = granted()

        assert fetch(record.party_id, now, CERTIFICATE, "marriages.spouse", "unknown.field").content == {
            CERTIFICATE: "J330122-2016-000001"
        }

    @pytest.mark.parametrize("dataset", [{"closed": True}, {"not_shared_in": ["330100"]}])
    def test_reads_nothing_that_planning_was_not_shown(self, now: datetime, dataset: dict[str, Any]) -> None:
        record = granted(dataset=DatasetFactory(**dataset))

        assert fetch(record.party_id, now, CERTIFICATE).content == {}

    def test_reads_pending_values_but_no_stale_ones(self, now: datetime) -> None:
        record = granted(status="pending")
        assert fetch(record.party_id, now, CERTIFICATE).content

        Record.objects.update(status="stale")
        assert fetch(record.party_id, now, CERTIFICATE).content == {}

    def test_leaves_one_line_a_dataset_that_the_person_can_read(self, now: datetime) -> None:
        record = granted()
        GrantFactory(dataset=DatasetFactory(key="taxes"))
        fetch(record.party_id, now, CERTIFICATE, "marriages.spouse", "taxes.certificate")

        lines = queries.look_ups_of(viewer_of(AccountFactory(party=record.party))).rows

        assert [([name.en for name in line.fields], line.was_found) for line in lines] == [
            (["Certificate"], False),
            (["Certificate", "Spouse"], True),
        ]
        assert {line.purpose for line in lines} == {Purpose.EVIDENCE.words}

    def test_leaves_no_content_in_the_journal(self, now: datetime) -> None:
        record = granted()
        fetch(record.party_id, now, CERTIFICATE)

        assert "J330122" not in str(journal.entries_for(str(record.party)))

    @pytest.mark.parametrize("left_out", ["purpose", "basis", "case_reference", "items"])
    def test_refuses_without_purpose_basis_item_or_case_and_says_so_in_the_journal(
        self, now: datetime, left_out: str
    ) -> None:
        record = granted()

        with pytest.raises(CannotFetch, match="legal basis"):
            fetch(record.party_id, now, CERTIFICATE, **{left_out: "" if left_out == "items" else " "})
        assert [line.facts["reason"] for line in journal.entries_for(str(record.party))] == ["no_terms"]

    def test_shows_look_ups_to_nobody_else(self, now: datetime) -> None:
        record = granted()
        fetch(record.party_id, now, CERTIFICATE)

        assert queries.look_ups_of(viewer_of(AccountFactory())).rows == ()
        assert queries.look_ups_of(ANONYMOUS).rows == ()


@pytest.mark.django_db
class TestRecords:
    def test_of_a_case_are_added_to_what_the_owner_gave(self, now: datetime) -> None:
        record = RecordFactory()

        actions.put_record(
            party_id=record.party_id,
            dataset="marriages",
            values={"spouse": "林晓"},
            status=RecordStatus.PENDING,
            source="case:1",
            by="system:test",
            now=now,
        )

        record.refresh_from_db()
        assert record.values == {"certificate": "J330122-2016-000001", "spouse": "林晓"}
        assert (record.held, record.status) == (["certificate", "spouse"], "pending")

    def test_emptied_are_not_held_any_more(self, now: datetime) -> None:
        record = granted()
        actions.put_record(
            party_id=record.party_id, dataset="marriages", values={"certificate": ""}, by="system:test", now=now
        )

        assert seen(record.party_id, CERTIFICATE)[CERTIFICATE] is Availability.MISSING

    @pytest.mark.parametrize(("dataset", "field"), [("marriages", "shoe_size"), ("shoes", "size")])
    def test_of_unknown_fields_are_refused(self, now: datetime, dataset: str, field: str) -> None:
        DatasetFactory()

        with pytest.raises(CannotRecordData, match="does not know"):
            actions.put_record(
                party_id=PartyFactory().pk, dataset=dataset, values={field: "1"}, by="system:test", now=now
            )
        assert not Record.objects.exists()


@pytest.mark.usefixtures("calendar")
class TestReportWrong:
    def report(self, party_id: int, now: datetime, claimed: str = "J330122-2016-000009") -> CorrectionSignal:
        return actions.report_wrong(
            party_id=party_id, wanted=CERTIFICATE, claimed=claimed, case_reference="A1", by="party:1", now=now
        )

    def test_keeps_the_owners_record_and_the_persons_word_apart(self, now: datetime) -> None:
        record = RecordFactory()

        signal = self.report(record.party_id, now)

        record.refresh_from_db()
        assert record.values["certificate"] == "J330122-2016-000001"
        assert signal.claimed == "J330122-2016-000009"
        assert journal.entries_for(str(record.party))[0].kind == "registry.reported_wrong"

    def test_is_one_report_however_often_it_is_said(self, now: datetime) -> None:
        record = RecordFactory()
        self.report(record.party_id, now)
        self.report(record.party_id, now, "J330122-2016-000010")

        assert CorrectionSignal.objects.get().claimed == "J330122-2016-000010"

    def test_refuses_an_unknown_field(self, now: datetime) -> None:
        with pytest.raises(CannotRecordData):
            self.report(PartyFactory().pk, now)

    def test_goes_to_the_stewards_of_the_owner_in_that_region(self, now: datetime) -> None:
        record = RecordFactory()
        steward = StaffFactory(decides=True, organisation__kind="civil_affairs")
        self.report(record.party_id, now)
        elsewhere = StaffFactory(decides=True, organisation__kind="civil_affairs", organisation__code="330502")
        other_office = StaffFactory(decides=True, organisation__kind="education")
        not_steward = StaffFactory(organisation__kind="civil_affairs")

        def sees(staff: Any) -> int:
            return own_disputes(viewer_of(AccountFactory(of_staff=True, staff=staff))).count()

        assert [sees(one) for one in (steward, elsewhere, other_office, not_steward)] == [1, 0, 0, 0]


@pytest.mark.django_db
class TestLoadDatasets:
    def value(self, **changes: Any) -> DatasetValue:
        terms: dict[str, Any] = {
            "key": "leases",
            "name": Words("租赁备案", "Lease filings"),
            "owner": "housing",
            "level": "city",
            "sharing": Sharing.UNCONDITIONAL,
            "fields": {"registration": Words("备案号", "Filing")},
        }
        return DatasetValue(**terms | changes)

    def test_takes_over_changes_and_keeps_records(self, now: datetime) -> None:
        actions.load_datasets(datasets=[self.value()], by="system:test", now=now)
        party = PartyFactory()
        GrantFactory(dataset=Dataset.objects.get())
        actions.put_record(party_id=party.pk, dataset="leases", values={"registration": "1"}, by="system:test", now=now)

        actions.load_datasets(datasets=[self.value(not_shared_in=("330502",))], by="system:test", now=now)

        region("330502")
        assert seen(party.pk, "leases.registration")["leases.registration"] is Availability.AVAILABLE
        assert seen(party.pk, "leases.registration", region_code="330502") == {
            "leases.registration": Availability.NOT_SHARED
        }
