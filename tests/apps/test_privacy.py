"""What people ask about their own data, and who looks at it in an emergency."""

import io
import json
import tracemalloc
import zipfile
from datetime import date, datetime, timedelta

import pytest

from tests.apps.factories import (
    AccountFactory,
    OrganisationFactory,
    PartyFactory,
    RecordFactory,
    StaffFactory,
)
from tests.apps.test_retention import application, draft, paper
from yici.apps.journal.models import Entry
from yici.apps.people.models import Account, Party, Relation
from yici.apps.people.viewers import Viewer, viewer_of
from yici.apps.places.actions import load_calendar
from yici.apps.planning.models import Draft
from yici.apps.privacy import actions, emergency, exports, look_queries, queries, retention, subjects
from yici.apps.privacy.models import EmergencyLook, Export, ExportPiece
from yici.rules.emergency import CannotLook
from yici.rules.people import Role
from yici.rules.personal_rights import CannotAnswer, CannotAsk, Right
from yici.rules.retention import Ground

pytestmark = pytest.mark.django_db
REASON = "老人走失，需立即联系家属"


@pytest.fixture(autouse=True)
def calendar(db: None, now: datetime) -> None:
    """The working days of 2018: clocks count in them."""
    load_calendar(by="system:test", now=now)


def person(**facts: object) -> Viewer:
    return viewer_of(AccountFactory(party=PartyFactory(**facts)))


def staff(*roles: Role, code: str = "330122", **facts: object) -> Viewer:
    office = OrganisationFactory(code=code)
    return viewer_of(
        AccountFactory(of_staff=True, staff=StaffFactory(roles=list(roles), organisation=office, post="x", **facts))
    )


def party_of(viewer: Viewer) -> Party:
    return Party.objects.get(pk=viewer.party_id)


class TestKept:
    def test_names_each_category_with_purpose_period_and_ground(self, now: datetime) -> None:
        me = person()
        draft(party_of(me), now)
        application(party_of(me), None)
        closed = application(party_of(me), now)
        RecordFactory(party=party_of(me))

        kept = {one.key: one for one in queries.kept_about(me, now=now)}

        assert set(kept) == {"person", "accounts", "drafts", "open", "closed", "records"}
        assert kept["drafts"].ground is None
        assert (kept["open"].ground, kept["open"].until) == (Ground.OPEN_CASE, None)
        assert (kept["closed"].ground, kept["closed"].until) == (Ground.PERIOD, date(2028, 3, 5))
        assert kept["records"].ground is Ground.OWNER
        assert all(one.what_for.zh and one.period.en for one in kept.values())
        assert closed.closed_at == now

    def test_a_parent_may_ask_for_a_child_an_agent_not_for_a_company(self, now: datetime) -> None:
        parent, child, company = person(), PartyFactory(a_child=True), PartyFactory(a_company=True)
        Relation.objects.create(kind="parent", of=party_of(parent), to=child)
        account = Account.objects.get(pk=parent.account_id)

        for_child = viewer_of(account, acting_for=child.public_id, on=now.date())
        assert subjects.subject_of(for_child) == child
        with pytest.raises(CannotAsk, match="Personal data belong to people"):
            subjects.subject_of(Viewer(party_id=parent.party_id, acting_for_id=company.pk))


class TestRequests:
    def test_get_a_clock_of_fifteen_working_days(self, now: datetime) -> None:
        me = person()

        actions.ask(right=Right.CORRECTION, wish="电话已换", by=me, now=now)

        view = queries.claims_of(me, now=now)[0]
        assert (view.due_on, view.is_late, view.outcome) == (date(2018, 3, 26), False, "")
        assert queries.claims_of(me, now=now + timedelta(days=30))[0].is_late
        assert queries.claims_of(person(), now=now) == []

    def test_delete_at_once_what_may_go_and_leave_the_rest(self, now: datetime) -> None:
        me, other = person(), draft(PartyFactory(), now)
        mine = draft(party_of(me), now)
        paper(party_of(me), now, mine)
        closed = application(party_of(me), now)

        actions.ask(right=Right.DELETION, wish="", by=me, now=now)

        view = queries.claims_of(me, now=now)[0]
        assert (view.outcome, dict(view.gone)) == ("partly", {"drafts": 1, "papers": 1})
        assert list(Draft.objects.all()) == [other]
        closed.refresh_from_db()
        assert closed.emptied_at is None
        assert "closed" in {one.key for one in queries.kept_about(me, now=now)}

    def test_are_answered_by_the_officer_of_the_place_with_a_reason(self, now: datetime) -> None:
        me = person(code="330122")
        key = actions.ask(right=Right.RESTRICTION, wish="不要用于统计", by=me, now=now)
        here, there = staff(Role.ADMIN), staff(Role.ADMIN, code="330502")

        with pytest.raises(queries.NoSuchClaim):
            actions.answer(claim_id=key, outcome="granted", text="已经照办", by=there, now=now)
        with pytest.raises(queries.NoSuchClaim):
            actions.answer(claim_id=key, outcome="granted", text="已经照办", by=staff(Role.DECIDER), now=now)
        with pytest.raises(CannotAnswer, match="a refusal says why"):
            actions.answer(claim_id=key, outcome="refused", text="", by=here, now=now)
        actions.answer(claim_id=key, outcome="refused", text="统计不含个人信息", by=here, now=now)
        with pytest.raises(CannotAnswer, match="answered already"):
            actions.answer(claim_id=key, outcome="granted", text="已经照办", by=here, now=now)

        view = queries.claims_of(me, now=now)[0]
        assert (view.outcome, view.answer) == ("refused", "统计不含个人信息")
        assert Entry.objects.filter(kind="privacy.answered", subject=str(party_of(me))).count() == 1

    def test_are_not_without_number(self, now: datetime) -> None:
        me = person()
        for _ in range(actions.MOST_OPEN):
            actions.ask(right=Right.EXPLANATION, wish="为什么", by=me, now=now)
        with pytest.raises(CannotAsk, match="Wait for their answers"):
            actions.ask(right=Right.EXPLANATION, wish="为什么", by=me, now=now)


class TestClosing:
    def test_waits_for_open_applications(self, now: datetime) -> None:
        me = person()
        application(party_of(me), None)

        with pytest.raises(CannotAsk, match="1 applications of yours are open"):
            actions.close_account(by=me, now=now)
        assert Account.objects.get(pk=me.account_id).is_active

    def test_ends_the_sign_in_now_and_the_account_after_thirty_days(self, now: datetime) -> None:
        me = person()
        actions.close_account(by=me, now=now)
        assert not viewer_of(Account.objects.get(pk=me.account_id)).is_signed_in

        retention.run(by="system:test", now=now + timedelta(days=30))
        assert Account.objects.filter(pk=me.account_id).exists()
        retention.run(by="system:test", now=now + timedelta(days=32))
        assert not Account.objects.filter(pk=me.account_id).exists()


class TestExport:
    def made(self, me: Viewer, now: datetime) -> Export:
        key = exports.ask_for_export(by=me, now=now)
        exports.make(export_id=key, now=now)
        return Export.objects.get(public_id=key)

    def test_holds_everything_for_people_and_machines(self, now: datetime) -> None:
        me = person(phone="13857112345")
        paper(party_of(me), now)
        application(party_of(me), None)
        RecordFactory(party=party_of(me))
        export = self.made(me, now)

        size, content = exports.give(export_id=export.public_id, by=me, now=now)
        whole = b"".join(content)
        archive = zipfile.ZipFile(io.BytesIO(whole))

        assert len(whole) == size == export.size
        assert archive.testzip() is None
        person_part = json.loads(archive.read("data/person.json"))[0]
        assert (person_part["name"], person_part["phone"]) == (me.party_name, "13857112345")
        assert json.loads(archive.read("data/records.json"))[0]["values"] == {"certificate": "J330122-2016-000001"}
        assert json.loads(archive.read("data/applications.json"))[0]["facts"] == {"phone": "13857112345"}
        assert [archive.read(name) for name in archive.namelist() if name.startswith("papers/")] == [b"abc"]
        assert me.party_name in archive.read("index.html").decode()
        assert (export.done, export.state) == (export.total, "ready")

    def test_is_only_for_that_person_and_for_seven_days(self, now: datetime) -> None:
        me = person()
        export = self.made(me, now)

        for by, moment in ((person(), now), (me, now + timedelta(days=8))):
            with pytest.raises(queries.NoSuchExport):
                exports.give(export_id=export.public_id, by=by, now=moment)
        exports.give(export_id=export.public_id, by=me, now=now + timedelta(days=7))
        assert Entry.objects.filter(kind="privacy.export_given").count() == 1

    def test_is_locked_in_the_database(self, now: datetime) -> None:
        from django.db import connection  # noqa: PLC0415

        self.made(person(), now)
        with connection.cursor() as cursor:
            cursor.execute("SELECT content FROM privacy_exportpiece")
            assert all(bytes(row[0]).startswith(b"k") and b"PK" not in bytes(row[0])[:8] for row in cursor.fetchall())

    def test_is_made_one_at_a_time_and_anew_after_a_kill(self, now: datetime) -> None:
        me = person()
        first = exports.ask_for_export(by=me, now=now)
        assert exports.ask_for_export(by=me, now=now) == first
        export = Export.objects.get()
        export.state = "making"
        export.save()
        ExportPiece.objects.create(export=export, number=0, content=b"half")

        exports.make(export_id=first, now=now)

        _, content = exports.give(export_id=first, by=me, now=now)
        assert zipfile.ZipFile(io.BytesIO(b"".join(content))).testzip() is None

    def test_can_be_stopped(self, now: datetime) -> None:
        me = person()
        key = exports.ask_for_export(by=me, now=now)
        exports.cancel(export_id=key, by=me, now=now)
        exports.make(export_id=key, now=now)

        assert Export.objects.get().state == "cancelled"
        assert not ExportPiece.objects.exists()

    def test_is_given_with_flat_memory(self, now: datetime) -> None:
        me = person()
        export = Export.objects.create(
            party=party_of(me),
            asked_at=now,
            asked_by="x",
            state="ready",
            ready_at=now,
            expires_on=now.date(),
            size=64 * exports.PIECE_BYTES,
        )
        for number in range(64):
            ExportPiece.objects.create(export=export, number=number, content=bytes(exports.PIECE_BYTES))
        size, content = exports.give(export_id=export.public_id, by=me, now=now)

        tracemalloc.start()
        given = sum(len(piece) for piece in content)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()

        assert given == size == 16 * 1024 * 1024
        assert peak < 4 * 1024 * 1024


class TestEmergency:
    def ask(self, by: Viewer, of: Party, now: datetime, **facts: str) -> EmergencyLook:
        wanted = {"id_number": of.id_number, "name": of.name, "reference": "", "reason": REASON, **facts}
        return EmergencyLook.objects.get(public_id=emergency.ask_to_look(by=by, now=now, **wanted))

    def test_opens_for_thirty_minutes_read_only_and_marks_what_was_seen(self, now: datetime) -> None:
        by, of = staff(Role.DECIDER), PartyFactory(phone="13857112345")
        one = application(of, None)
        look = self.ask(by, of, now)

        view = emergency.look(by=by, look_id=look.public_id, application_id=None, now=now)
        emergency.look(by=by, look_id=look.public_id, application_id=one.public_id, now=now + timedelta(minutes=29))

        assert (view.name, view.phone, [row[1] for row in view.applications]) == (
            of.name,
            "13857112345",
            [one.reference],
        )
        with pytest.raises(emergency.NoSuchLook):
            emergency.look(by=by, look_id=look.public_id, application_id=None, now=now + timedelta(minutes=30))
        look.refresh_from_db()
        assert [what for _, what in look.pages_seen] == ["person", one.reference]
        lines = Entry.objects.filter(subject=str(of), kind="privacy.emergency_seen")
        assert lines.count() == 2
        assert not any(of.name in line.facts_text or REASON in line.facts_text for line in lines)

    def test_opens_nothing_else(self, now: datetime) -> None:
        by, of, stranger = staff(Role.DECIDER), PartyFactory(), application(PartyFactory(), None)
        mine, other = application(of, None), application(of, None)
        look = self.ask(by, of, now, reference=mine.reference)

        view = emergency.look(by=by, look_id=look.public_id, application_id=other.public_id, now=now)
        assert [row[1] for row in view.applications] == [mine.reference]
        whole = self.ask(by, of, now)
        with pytest.raises(type(stranger).DoesNotExist):
            emergency.look(by=by, look_id=whole.public_id, application_id=stranger.public_id, now=now)

    def test_is_of_the_one_who_asked_alone(self, now: datetime) -> None:
        of = PartyFactory()
        look = self.ask(staff(Role.DECIDER), of, now)

        with pytest.raises(emergency.NoSuchLook):
            emergency.look(by=staff(Role.DECIDER), look_id=look.public_id, application_id=None, now=now)

    @pytest.mark.parametrize(
        ("change", "sentence"),
        [
            ({"reason": "急"}, "Write the reason"),
            ({"name": "别人"}, "Nothing found in your region"),
            ({"id_number": "330122199001010000"}, "Nothing found in your region"),
        ],
        ids=["no reason", "wrong name", "wrong number"],
    )
    def test_refuses_with_a_sentence(self, now: datetime, change: dict[str, str], sentence: str) -> None:
        with pytest.raises(CannotLook, match=sentence):
            self.ask(staff(Role.DECIDER), PartyFactory(), now, **change)
        assert not EmergencyLook.objects.exists()

    def test_refuses_other_posts_other_regions_and_oneself(self, now: datetime) -> None:
        of = PartyFactory()
        with pytest.raises(CannotLook, match="Your post may not"):
            self.ask(staff(Role.REVIEWER), of, now)
        with pytest.raises(CannotLook, match="in your region"):
            self.ask(staff(Role.DECIDER, code="330502"), of, now)
        with pytest.raises(CannotLook, match="Nobody looks at himself"):
            self.ask(staff(Role.DECIDER, name=of.name), of, now)

    def test_needs_a_second_person_for_a_child(self) -> None:
        now = datetime.fromisoformat("2026-03-05T02:00:00+00:00")
        by, second, child = staff(Role.DECIDER), staff(Role.ADMIN), PartyFactory(born_on=date(2015, 6, 1))
        look = self.ask(by, child, now)
        assert look.sealed == ["under_14"]
        with pytest.raises(emergency.NoSuchLook):
            emergency.look(by=by, look_id=look.public_id, application_id=None, now=now)
        with pytest.raises(emergency.NoSuchLook):
            emergency.approve(look_id=look.public_id, by=by, now=now)
        with pytest.raises(CannotLook, match="24 hours"):
            emergency.approve(look_id=look.public_id, by=second, now=now + timedelta(hours=25))

        emergency.approve(look_id=look.public_id, by=second, now=now)

        assert emergency.look(by=by, look_id=look.public_id, application_id=None, now=now).name == child.name

    def test_is_told_to_the_person_and_reviewed_by_an_auditor(self, now: datetime) -> None:
        me, by, auditor = person(), staff(Role.DECIDER), staff(Role.AUDITOR)
        look = self.ask(by, party_of(me), now)
        assert queries_unseen(me) == 1
        told = look_queries.looks_at_me(me, now=now)[0]
        assert (told.reason, told.staff_name, told.organisation.zh != "") == (REASON, "", True)
        subjects.tell_of_looks(me, now)
        assert queries_unseen(me) == 0

        assert [one.public_id for one in look_queries.looks_to_review(auditor, reviewed=False, now=now)] == [
            look.public_id
        ]
        assert look_queries.looks_to_review(staff(Role.AUDITOR, code="330502"), reviewed=False, now=now) == []
        with pytest.raises(CannotLook, match="why it is misuse"):
            emergency.review(look_id=look.public_id, finding="misuse", note="", by=auditor, now=now)
        emergency.review(look_id=look.public_id, finding="misuse", note="并无走失", by=auditor, now=now)
        with pytest.raises(CannotLook, match="reviewed already"):
            emergency.review(look_id=look.public_id, finding="ok", note="", by=auditor, now=now)

        assert look_queries.looks_at_me(me, now=now)[0].finding == "misuse"
        facts = json.loads(Entry.objects.get(kind="privacy.emergency_reviewed").facts_text)
        assert (facts["finding"], facts["look"]) == ("misuse", str(look.public_id))

    def test_cannot_be_reviewed_by_who_looked(self, now: datetime) -> None:
        both, of = staff(Role.DECIDER, Role.AUDITOR), PartyFactory()
        look = self.ask(both, of, now)

        with pytest.raises(emergency.NoSuchLook):
            emergency.review(look_id=look.public_id, finding="ok", note="", by=both, now=now)


def queries_unseen(viewer: Viewer) -> int:
    return look_queries.unseen_looks(viewer)
