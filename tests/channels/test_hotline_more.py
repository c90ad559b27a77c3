"""Cards, recusal and the seal through their pages: who sees them, who may do what, and what is on record."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from tests.apps.factories import AccountFactory, OrganisationFactory, StaffFactory
from tests.apps.ticket_examples import Hotline, dispatched, filed, open_hotline, staff_of
from tests.channels.pages import photograph, sign_in
from yici.apps.journal.models import Entry
from yici.apps.people.models import Account, Staff
from yici.apps.people.viewers import Viewer, viewer_of
from yici.apps.tickets import actions
from yici.apps.tickets.models import Card, Recusal, SealKeeper, SealOpening, Supervision, Ticket
from yici.rules.people import Role
from yici.rules.supervision import CardState, Reason
from yici.rules.tickets import TicketKind


@pytest.fixture
def hotline(db: None) -> Hotline:
    return open_hotline()


class Room:
    """The room as one of its people uses it."""

    def __init__(self, client: Client) -> None:
        self.client = client

    def enter(self, viewer: Viewer) -> None:
        sign_in(self.client, Account.objects.get(pk=viewer.account_id))

    def page(self, address: str) -> str:
        return self.client.get(f"/hotline/{address}").content.decode()

    def post(self, address: str, **sent: Any) -> Any:
        return self.client.post(f"/hotline/{address}", sent, follow=True)


@pytest.fixture
def room(english: Client) -> Room:
    return Room(english)


def supervised(hotline: Hotline) -> tuple[Ticket, Supervision]:
    now = timezone.now() - timedelta(hours=1)
    ticket = dispatched(hotline, hotline.ecology, now)
    made = actions.supervise(
        ticket_id=ticket.public_id, reason=Reason.REPEATED, note="多次反映", by=hotline.operator, now=now
    )
    return ticket, Supervision.objects.get(public_id=made)


class TestCards:
    def given(self, room: Room, hotline: Hotline) -> Card:
        _, row = supervised(hotline)
        room.enter(hotline.operator)
        room.post(f"supervision/{row.public_id}/card", colour="yellow", reason="多次催办未答复")
        return Card.objects.get()

    def test_given_explained_contested_and_settled_by_a_colleague(self, room: Room, hotline: Hotline) -> None:
        card = self.given(room, hotline)
        room.enter(hotline.at_ecology)
        assert "多次催办未答复" in room.page("cards")
        room.post(f"cards/{card.public_id}/explain", text="设备检修")
        room.post(f"cards/{card.public_id}/contest", text="已按时答复，系统未同步")

        room.enter(hotline.operator)
        assert "Uphold the contest" not in room.page("cards")
        same = room.post(f"cards/{card.public_id}/settle", uphold="1", text="属实")
        assert "Let a colleague do it" in same.content.decode()
        room.enter(hotline.colleague)
        assert "Uphold the contest" in room.page("cards")
        room.post(f"cards/{card.public_id}/settle", uphold="1", text="属实")

        card.refresh_from_db()
        assert (card.state, card.explanation, card.settled_by) == (
            CardState.LIFTED,
            "设备检修",
            hotline.colleague.label,
        )
        room.enter(hotline.at_ecology)
        assert "Contest upheld, lifted" in room.page("cards")

    def test_a_card_needs_colour_and_reason_and_comes_once(self, room: Room, hotline: Hotline) -> None:
        card = self.given(room, hotline)
        address = f"supervision/{card.supervision.public_id}/card"

        assert "Choose a yellow or a red card" in room.post(address, reason="再发").content.decode()
        assert "Give a reason" in room.post(address, colour="red", reason=" ").content.decode()
        assert "a card of this colour already" in room.post(address, colour="yellow", reason="再").content.decode()
        assert Card.objects.count() == 1

    def test_others_neither_see_nor_answer_it(self, room: Room, hotline: Hotline) -> None:
        card = self.given(room, hotline)

        room.enter(hotline.at_township)
        assert "Your organisation has no card" in room.page("cards")
        assert room.post(f"cards/{card.public_id}/explain", text="代答").status_code == 404
        assert room.post(f"cards/{card.public_id}/settle", uphold="1", text="代审").status_code == 404
        room.enter(open_hotline("330502", "330502001").operator)
        assert "No card has been given" in room.page("cards")

    def test_what_is_refused_keeps_what_was_typed(self, room: Room, hotline: Hotline) -> None:
        card = self.given(room, hotline)
        room.enter(hotline.at_ecology)
        room.post(f"cards/{card.public_id}/contest", text="已按时答复")
        room.enter(hotline.colleague)

        answer = room.post(f"cards/{card.public_id}/settle", text="证据不足")

        assert answer.status_code == 409
        assert "证据不足" in answer.content.decode()

    def test_the_recused_read_no_card_of_their_ticket(self, room: Room, hotline: Hotline) -> None:
        card = self.given(room, hotline)
        ticket = card.supervision.ticket
        assert ticket is not None
        colleague = Staff.objects.get(pk=hotline.colleague.staff_id)
        room.post(f"tickets/{ticket.public_id}/keep-out", member=str(colleague.public_id), reason="亲属")

        room.enter(hotline.colleague)
        assert ticket.reference not in room.page("cards")


class TestRecusal:
    def test_one_keeps_oneself_out_and_sees_it_no_more(self, room: Room, hotline: Hotline) -> None:
        ticket = filed(hotline.operator)
        room.enter(hotline.operator)
        me = Staff.objects.get(pk=hotline.operator.staff_id)

        answer = room.post(f"tickets/{ticket.public_id}/keep-out", member=str(me.public_id), reason="邻居")

        assert answer.redirect_chain[-1][0] == "/hotline/"
        assert room.client.get(f"/hotline/tickets/{ticket.public_id}").status_code == 404
        row = Recusal.objects.get()
        assert (row.staff_id, row.asked_by_person, row.reason) == (me.pk, False, "邻居")
        assert Entry.objects.filter(kind="ticket.recused", subject=ticket.reference).count() == 1

    def test_the_hotline_keeps_a_handler_out_when_the_person_asks(self, room: Room, hotline: Hotline) -> None:
        ticket = dispatched(hotline, hotline.ecology)
        handler = Staff.objects.get(pk=hotline.at_ecology.staff_id)
        room.enter(hotline.operator)
        assert str(handler.public_id) in room.page(f"tickets/{ticket.public_id}")

        room.post(f"tickets/{ticket.public_id}/keep-out", member=str(handler.public_id), reason="同村", asked="1")

        assert Recusal.objects.get().asked_by_person
        room.enter(hotline.at_ecology)
        assert room.client.get(f"/hotline/tickets/{ticket.public_id}").status_code == 404

    def test_nobody_of_another_office_and_nobody_without_reason(self, room: Room, hotline: Hotline) -> None:
        ticket = dispatched(hotline, hotline.ecology)
        stranger = Staff.objects.get(pk=hotline.at_township.staff_id)
        me = Staff.objects.get(pk=hotline.operator.staff_id)
        room.enter(hotline.operator)
        address = f"tickets/{ticket.public_id}/keep-out"

        for sent in (
            {"member": str(stranger.public_id), "reason": "x"},
            {"member": "", "reason": "x"},
            {"member": str(me.public_id), "reason": " "},
        ):
            assert room.post(address, **sent).status_code == 409
        assert not Recusal.objects.exists()


class TestTheLeadAsksACoHandler:
    def test_after_the_dispatch_and_the_co_handler_finds_its_part(self, room: Room, hotline: Hotline) -> None:
        ticket = dispatched(hotline, hotline.ecology, timezone.now())
        actions.sign(ticket_id=ticket.public_id, by=hotline.at_ecology, now=timezone.now())
        room.enter(hotline.at_ecology)
        assert "Ask a co-handler" in room.page(f"tickets/{ticket.public_id}")

        room.post(
            f"tickets/{ticket.public_id}/ask-co-handler",
            organisation=str(hotline.city_management.public_id),
            asked="核实占道情况",
        )

        room.enter(hotline.at_city_management)
        assert "核实占道情况" in room.page("unit")


class TestTheSeal:
    def sealed(self, hotline: Hotline) -> Ticket:
        return filed(hotline.operator, kind=TicketKind.REPORT, sealed=True)

    def keeper(self, hotline: Hotline) -> Viewer:
        staff = Staff.objects.get(pk=hotline.colleague.staff_id)
        SealKeeper.objects.create(staff=staff, region=staff.region, appointed_at=timezone.now(), appointed_by="x")
        return hotline.colleague

    def test_the_keeper_opens_with_a_reason_and_the_auditor_reads_it(self, room: Room, hotline: Hotline) -> None:
        ticket = self.sealed(hotline)
        room.enter(self.keeper(hotline))
        assert "Open the identity as its keeper" in room.page(f"tickets/{ticket.public_id}")

        bare = room.post("seal/open", reference=ticket.reference, reason=" ")
        opened = room.post("seal/open", reference=ticket.reference, reason="核实举报线索")

        assert bare.status_code == 409
        assert "示例甲" not in bare.content.decode()
        assert "示例甲" in opened.content.decode()
        assert "no-store" in opened["Cache-Control"]
        assert "示例甲" not in room.page("seal")
        assert SealOpening.objects.count() == Entry.objects.filter(kind="ticket.identity_opened").count() == 1
        office = OrganisationFactory(kind="reform_office", code="330122")
        room.enter(staff_of(office, Role.AUDITOR))
        page = room.page("seal")
        assert ticket.reference in page
        assert "核实举报线索" in page
        assert "示例甲" not in page

    def test_nobody_else_opens_one(self, room: Room, hotline: Hotline) -> None:
        ticket = self.sealed(hotline)
        admin = staff_of(OrganisationFactory(kind="big_data", code="330122"), Role.ADMIN)
        auditor = staff_of(OrganisationFactory(kind="reform_office", code="330122"), Role.AUDITOR)

        for other in (hotline.operator, hotline.at_ecology, admin, auditor):
            room.enter(other)
            assert room.post("seal/open", reference=ticket.reference, reason="看看").status_code == 404
        room.enter(self.keeper(hotline))
        assert room.post("seal/open", reference="SQ0", reason="看看").status_code == 409
        assert not SealOpening.objects.exists()

    def test_an_administrator_appoints_and_ends_never_himself(self, room: Room, hotline: Hotline) -> None:
        office = OrganisationFactory(kind="big_data", code="330122")
        both = StaffFactory(organisation=office, roles=[Role.ADMIN, Role.HOTLINE])
        room.enter(viewer_of(AccountFactory(of_staff=True, staff=both)))
        staff = Staff.objects.get(pk=hotline.colleague.staff_id)

        assert str(both.public_id) not in room.page("seal")
        assert room.post("seal/appoint", staff=str(both.public_id)).status_code == 404
        room.post("seal/appoint", staff=str(staff.public_id))
        assert SealKeeper.objects.get(ended_at=None).staff_id == staff.pk
        room.post("seal/appoint", staff=str(staff.public_id), end="1")

        assert not SealKeeper.objects.filter(ended_at=None).exists()
        room.enter(hotline.operator)
        assert room.post("seal/appoint", staff=str(staff.public_id)).status_code == 404


class TestLetters:
    def sent(self, **but: Any) -> dict[str, Any]:
        words = {
            "key": "k1",
            "channel": "letter",
            "kind": "complaint",
            "subject": "路灯不亮",
            "detail": "来信反映。",
            "region": "330122000000",
        }
        return words | but

    def test_a_letter_keeps_its_channel_and_its_scan(self, room: Room, hotline: Hotline) -> None:
        room.enter(hotline.operator)
        room.post("call", **self.sent(scan=photograph()))

        ticket = Ticket.objects.get()
        answer = room.post("call", **self.sent(scan=photograph()))
        assert ticket.channel == "letter"
        assert ticket.attachments.get().kind == "image/jpeg"
        assert Ticket.objects.count() == 1
        assert "Letter" in answer.content.decode()
        paper = room.client.get(f"/hotline/tickets/{ticket.public_id}/papers/{ticket.attachments.get().public_id}")
        assert paper.content.startswith(b"\xff\xd8")

    def test_a_scan_that_is_no_paper_files_nothing_and_keeps_what_was_typed(self, room: Room, hotline: Hotline) -> None:
        room.enter(hotline.operator)

        answer = room.post("call", **self.sent(scan=SimpleUploadedFile("a.png", b"<script>")))

        assert answer.status_code == 409
        assert "路灯不亮" in answer.content.decode()
        assert not Ticket.objects.exists()

    def test_other_channels_are_not_pretended(self, room: Room, hotline: Hotline) -> None:
        room.enter(hotline.operator)

        answer = room.post("call", **self.sent(channel="review"))

        assert "Choose how it came in" in answer.content.decode()
        room.post("call", **self.sent(channel="hall"))
        assert Ticket.objects.get().channel == "hall"

    def test_a_letter_against_our_own_office_is_filed_with_its_scan(self, room: Room, hotline: Hotline) -> None:
        own = Staff.objects.get(pk=hotline.operator.staff_id).organisation
        room.enter(hotline.operator)

        room.post("call", **self.sent(kind="report", accused=str(own.public_id), scan=photograph()))

        assert Ticket.objects.get().attachments.count() == 1
