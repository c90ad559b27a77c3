"""Look-ups: kept to the grants, counted on in planning, read by the person they are about, and asked after."""

from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from tests.apps.factories import AccountFactory, GrantFactory, RecordFactory
from tests.apps.grant_examples import CERTIFICATE, SPOUSE, TONGLU, look_up, steward
from yici.apps.journal import queries as journal
from yici.apps.people.viewers import ANONYMOUS, viewer_of
from yici.apps.places.actions import load_calendar
from yici.apps.registry import actions, queries
from yici.apps.registry.actions import CannotInquire, LeftOut, LookUpAnswer, NoSuchLookUp, keeping_refusals
from yici.apps.registry.models import Inquiry, Record
from yici.rules.grants import Ground
from yici.rules.plans import Availability
from yici.rules.words import Words


@pytest.fixture(autouse=True)
def numbers_of_the_law(db: None, now: datetime) -> None:
    """The calendar and the law's periods, as on every platform."""
    load_calendar(by="system:test", now=now)


def lines_of(record: Record) -> list[tuple[str, str | None]]:
    return [
        (line.kind.removeprefix("registry."), line.facts.get("reason"))
        for line in journal.entries_for(str(record.party))
    ]


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

        assert answer == LookUpAnswer({}, (LeftOut("marriages", "certificate", ground),))
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

        assert answer == LookUpAnswer({CERTIFICATE: "J1"}, (LeftOut("marriages", "spouse", Ground.OTHER_FIELDS),))
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
