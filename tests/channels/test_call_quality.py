"""Quality of calls: drawn at random once a week, graded by a supervisor only, seen by the operator, counted."""

from datetime import datetime, timedelta

import pytest
from django.core import signing
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from tests.apps.factories import OrganisationFactory
from tests.apps.ticket_examples import MONDAY, Hotline, days, open_hotline, staff_of, voice
from tests.channels.pages import sign_in
from yici.apps.journal.models import Entry
from yici.apps.people.models import Account
from yici.apps.people.viewers import Viewer
from yici.apps.tickets import actions, quality
from yici.apps.tickets.actions import EndOfCall
from yici.apps.tickets.models import Call, CallSample, Ticket
from yici.rules.call_quality import Criterion
from yici.rules.people import Role
from yici.rules.tickets import TicketKind

GOOD = {one.value: 4 for one in Criterion}


@pytest.fixture
def hotline(db: None) -> Hotline:
    return open_hotline()


def took(by: Viewer, now: datetime, *, answered: bool = True, began: datetime | None = None) -> Ticket:
    ending = EndOfCall(answer="带户口本即可。" if answered else "")
    kind = TicketKind.CONSULT if answered else TicketKind.COMPLAINT
    taken = actions.take_call(voice=voice(kind=kind), ending=ending, by=by, now=now, began_at=began)
    return Ticket.objects.get(public_id=taken.filed.public_id)


def above() -> Viewer:
    return staff_of(OrganisationFactory(kind="big_data", code="330000"), Role.HOTLINE)


class TestDrawing:
    def test_takes_a_share_of_each_operators_closed_calls_of_the_week_once(self, hotline: Hotline) -> None:
        for _ in range(21):
            took(hotline.operator, MONDAY)
        took(hotline.colleague, days(6))
        took(hotline.colleague, days(1), answered=False)
        took(hotline.colleague, days(-1))

        drawn = [quality.draw_last_week(now=days(at)) for at in (3, 7, 8, 14)]

        assert drawn == [1, 3, 0, 0]  # on Thursday the call of the week before; on Monday 2 of 21 and 1 of 1
        assert CallSample.objects.filter(operator=hotline.operator.label, week=MONDAY.date()).count() == 2
        assert Entry.objects.filter(kind="ticket.calls_sampled").count() == 3


class TestGrading:
    def drawn(self, hotline: Hotline) -> CallSample:
        took(hotline.operator, MONDAY)
        quality.draw_last_week(now=days(7))
        return CallSample.objects.get()

    def test_by_the_hotline_above_and_the_operator_sees_it(self, english: Client, hotline: Hotline) -> None:
        row, supervisor = self.drawn(hotline), above()
        sign_in(english, Account.objects.get(pk=supervisor.account_id))
        assert row.ticket.reference in english.get("/hotline/quality").content.decode()

        bare = english.post(f"/hotline/quality/{row.public_id}", {"record": "4", "note": "开头很好"})
        english.post(f"/hotline/quality/{row.public_id}", {**GOOD, "note": "请先核对地点"})

        assert bare.status_code == 409
        assert "开头很好" in bare.content.decode()
        row.refresh_from_db()
        assert (row.score, row.graded_by) == (80, supervisor.label)
        assert english.get(f"/hotline/quality/{row.public_id}").status_code == 404
        sign_in(english, Account.objects.get(pk=hotline.operator.account_id))
        page = english.get("/hotline/quality").content.decode()
        assert "请先核对地点" in page
        assert "80 %" in page

    def test_never_by_the_operator_nor_by_a_colleague_who_decides_nothing(
        self, english: Client, hotline: Hotline
    ) -> None:
        row = self.drawn(hotline)

        for other in (hotline.operator, hotline.colleague, hotline.at_ecology):
            sign_in(english, Account.objects.get(pk=other.account_id))
            assert english.post(f"/hotline/quality/{row.public_id}", GOOD).status_code == 404
        with pytest.raises(IntegrityError), transaction.atomic():
            CallSample.objects.filter(pk=row.pk).update(
                graded_at=MONDAY, score=100, graded_by=row.operator, grades=GOOD
            )

    def test_by_who_decides_at_the_same_hotline_never_of_his_own_calls(self, hotline: Hotline) -> None:
        office = OrganisationFactory(kind="government_service_hall", code="330122")
        head = staff_of(office, Role.HOTLINE, Role.DECIDER)
        row = self.drawn(hotline)
        took(head, days(8))
        quality.draw_last_week(now=days(14))

        assert [one.pk for one in quality.to_grade(head)] == [row.pk]
        assert quality.grade(sample_id=row.public_id, grades=GOOD, note="", by=head, now=days(15)) == 80


class TestFigures:
    def test_are_counted_from_calls_and_acts(self, hotline: Hotline) -> None:
        took(hotline.operator, MONDAY, began=MONDAY - timedelta(minutes=2))
        took(hotline.operator, MONDAY, answered=False, began=MONDAY - timedelta(minutes=4))
        took(hotline.colleague, MONDAY)

        [own] = quality.figures(hotline.operator, since=days(-1))
        office = OrganisationFactory(kind="government_service_hall", code="330122")
        head = staff_of(office, Role.HOTLINE, Role.DECIDER)
        everybody = quality.figures(above(), since=days(-1))

        assert (own.himself, own.calls, own.answered_at_once, own.to_file) == (True, 2, 1, timedelta(minutes=3))
        assert [one.calls for one in everybody] == [2, 1]
        assert [one.calls for one in quality.figures(head, since=days(-1))] == [2, 1]
        assert everybody[1].to_file is None

    def test_the_page_says_when_the_call_began_and_takes_no_invented_time(
        self, english: Client, hotline: Hotline
    ) -> None:
        sign_in(english, Account.objects.get(pk=hotline.operator.account_id))
        began = signing.dumps((timezone.now() - timedelta(minutes=5)).isoformat(), salt="hotline.call")
        sent = {"kind": "complaint", "subject": "噪声", "detail": "夜里", "region": "330122000000"}

        assert 'name="began"' in english.get("/hotline/call").content.decode()
        english.post("/hotline/call", {**sent, "key": "a", "began": began})
        english.post("/hotline/call", {**sent, "key": "b", "began": "2018-01-01T00:00:00"})
        english.post("/hotline/call", {**sent, "key": "c", "channel": "letter"})

        honest, invented = Call.objects.order_by("pk")
        assert honest.began_at is not None
        assert honest.filed_at - honest.began_at >= timedelta(minutes=5)
        assert invented.began_at is None
