"""What has been kept long enough ends; what is held, open or not yet over stays."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from tests.apps.factories import AccountFactory, MandateFactory, PartyFactory, RecordFactory, StaffFactory, region
from yici.apps.cases.models import Application, Attachment, HallRequest
from yici.apps.journal.models import Entry
from yici.apps.people.models import Account, Mandate, Party
from yici.apps.people.viewers import Viewer, viewer_of
from yici.apps.planning.models import Draft
from yici.apps.privacy import holds, retention
from yici.apps.privacy.models import ClosedAccount, Export, ExportPiece
from yici.channels.cli import retention as command
from yici.rules.people import Role
from yici.rules.retention import Ground

pytestmark = pytest.mark.django_db
LONG_AGO = datetime(2006, 1, 10, 2, 0, tzinfo=UTC)


def draft(party: Party, saved_at: datetime) -> Draft:
    return Draft.objects.create(
        party=party, event_key="newborn", region=region("330122"), created_at=saved_at, saved_at=saved_at
    )


def paper(party: Party, uploaded_at: datetime, of: Draft | None = None) -> Attachment:
    return Attachment.objects.create(
        party=party,
        draft_id=of.public_id if of else None,
        proves="p",
        filename="甲乙丙.png",
        kind="image/png",
        size=3,
        sha256="0" * 64,
        content=b"abc",
        uploaded_at=uploaded_at,
    )


def application(party: Party, closed_at: datetime | None) -> Application:
    return Application.objects.create(
        reference=f"YC{party.pk}{Application.objects.count()}",
        event_key="newborn",
        event_name="出生",
        event_name_en="Birth",
        event_sha256="",
        region=region("330122"),
        applicant=party,
        channel="web",
        submitted_at=LONG_AGO,
        submitted_by=str(party),
        mode="zero",
        promised_visits=0,
        promised_days=1,
        plan={},
        facts_text='{"phone": "13857112345"}',
        closed_at=closed_at,
    )


def auditor() -> Viewer:
    return viewer_of(AccountFactory(of_staff=True, staff=StaffFactory(roles=[Role.AUDITOR], post="auditor")))


def due_of(name: str, now: datetime) -> retention.Due:
    return next(one for one in retention.report(now=now) if one.model == name)


class TestReport:
    def test_counts_what_is_due_and_changes_nothing(self, now: datetime) -> None:
        old = draft(PartyFactory(), now - timedelta(days=190))
        draft(PartyFactory(), now - timedelta(days=10))

        due = due_of("planning.Draft", now)

        assert (due.rows, due.due, due.kept) == (2, 1, {Ground.PERIOD: 1})
        assert due.oldest == timezone.localtime(old.saved_at).date()
        assert Draft.objects.count() == 2
        assert not Entry.objects.filter(kind="privacy.ended").exists()

    def test_says_on_which_ground_the_rest_is_kept(self, now: datetime) -> None:
        held = PartyFactory()
        for closed_at in (None, now, LONG_AGO):
            application(PartyFactory(), closed_at)
        application(held, LONG_AGO)
        holds.place_hold(party_id=held.public_id, reason="诉讼", basis="行政诉讼法", by=auditor(), now=now)

        due = due_of("cases.Application", now)

        assert (due.due, due.kept) == (1, {Ground.OPEN_CASE: 1, Ground.PERIOD: 1, Ground.HOLD: 1})

    def test_knows_every_table_whose_time_ends(self) -> None:
        assert retention.uncovered() == []

    def test_as_a_document(self, capsys: pytest.CaptureFixture[str]) -> None:
        draft(PartyFactory(), LONG_AGO)
        assert command.run(command.parser("yici retention").parse_args(["report", "--json"])) == 0

        answer = json.loads(capsys.readouterr().out)
        row = next(one for one in answer["models"] if one["model"] == "planning.Draft")
        assert (row["due"], row["oldest"], row["ending"]) == (1, "2006-01-10", "delete")
        assert row["source"]["zh"]
        assert row["keeping"]["en"]


class TestRun:
    def test_deletes_old_drafts_with_their_papers_and_no_others(self, now: datetime) -> None:
        person = PartyFactory()
        old, fresh = draft(person, LONG_AGO), draft(person, now)
        paper(person, now, old)
        kept = paper(person, now, fresh)

        retention.run(by="system:test", now=now)

        assert list(Draft.objects.all()) == [fresh]
        assert list(Attachment.objects.all()) == [kept]

    def test_deletes_papers_whose_draft_is_gone(self, now: datetime) -> None:
        person = PartyFactory()
        gone = draft(person, now)
        paper(person, now - timedelta(days=3), gone)
        gone.delete()

        retention.run(by="system:test", now=now)

        assert not Attachment.objects.exists()

    def test_empties_closed_applications_and_keeps_their_figures(self, now: datetime) -> None:
        one = application(PartyFactory(), LONG_AGO)

        retention.run(by="system:test", now=now)

        one.refresh_from_db()
        assert (one.facts_text, one.emptied_at) == ("{}", now)
        assert (one.event_key, one.closed_at, one.promised_visits) == ("newborn", LONG_AGO, 0)

    def test_makes_nameless_of_whom_nothing_else_is_kept(self, now: datetime) -> None:
        alone, with_account, with_record = PartyFactory(), PartyFactory(), PartyFactory()
        AccountFactory(party=with_account)
        RecordFactory(party=with_record)
        for party in (alone, with_account, with_record):
            application(party, LONG_AGO)

        retention.run(by="system:test", now=now)
        names = {party.pk: Party.objects.get(pk=party.pk).name for party in (alone, with_account, with_record)}

        assert names == {alone.pk: "", with_account.pk: with_account.name, with_record.pk: with_record.name}
        assert Application.objects.get(applicant=alone).promised_visits == 0

    def test_leaves_alone_what_a_hold_keeps_until_it_is_lifted(self, now: datetime) -> None:
        by, held = auditor(), application(PartyFactory(), LONG_AGO)
        hold = holds.place_hold(reference=held.reference, reason="审计", basis="审计法", by=by, now=now)
        retention.run(by="system:test", now=now)
        held.refresh_from_db()
        assert held.emptied_at is None

        holds.lift_hold(hold_id=hold, by=by, now=now)
        retention.run(by="system:test", now=now)

        held.refresh_from_db()
        assert held.emptied_at == now

    def test_ends_mandates_accounts_copies_and_needs_at_the_window(self, now: datetime) -> None:
        person = PartyFactory()
        MandateFactory(ended_at=LONG_AGO, ended_by="x")
        MandateFactory(valid_to=LONG_AGO.date(), valid_from=LONG_AGO.date())
        standing = MandateFactory()
        closed = AccountFactory(party=person, is_active=False)
        ClosedAccount.objects.create(account=closed, closed_at=now - timedelta(days=31))
        export = Export.objects.create(party=person, asked_at=now - timedelta(days=9), asked_by="x")
        ExportPiece.objects.create(export=export, number=0, content=b"x")
        need = HallRequest.objects.create(
            reference="YC1",
            party=person,
            region=region("330122"),
            need="开店",
            contact_phone="13857112345",
            made_at=LONG_AGO,
            answered_at=LONG_AGO,
        )

        retention.run(by="system:test", now=now)

        need.refresh_from_db()
        assert list(Mandate.objects.all()) == [standing]
        assert not Account.objects.filter(pk=closed.pk).exists()
        assert not ExportPiece.objects.exists()
        assert (need.need, need.contact_phone) == ("", "")

    def test_goes_in_batches_and_twice_is_once(self, now: datetime) -> None:
        for _ in range(7):
            draft(PartyFactory(), LONG_AGO)

        first = retention.run(by="system:test", now=now, batch=3)
        again = retention.run(by="system:test", now=now, batch=3)

        assert ([one.count for one in first], again) == ([7], [])
        counts = [json.loads(line.facts_text)["count"] for line in Entry.objects.filter(kind="privacy.ended")]
        assert counts == [3, 3, 1]

    def test_writes_counts_and_no_content(self, now: datetime) -> None:
        person = PartyFactory()
        application(person, LONG_AGO)
        retention.run(by="system:test", now=now)

        for line in Entry.objects.all():
            assert person.name not in line.facts_text
            assert person.id_number not in line.facts_text
            assert "13857112345" not in line.facts_text


class TestHolds:
    def test_are_not_for_everybody_nor_everywhere(self, now: datetime) -> None:
        person = PartyFactory(code="330502")
        clerk = viewer_of(AccountFactory(of_staff=True))

        with pytest.raises(holds.CannotHold, match="Only administrators"):
            holds.place_hold(party_id=person.public_id, reason="a", basis="b", by=clerk, now=now)
        with pytest.raises(holds.CannotHold, match="in your region"):
            holds.place_hold(party_id=person.public_id, reason="a", basis="b", by=auditor(), now=now)
        with pytest.raises(holds.CannotHold, match="legal basis"):
            holds.place_hold(party_id=person.public_id, reason="a", basis=" ", by=auditor(), now=now)
