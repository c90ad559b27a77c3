"""The hotline's room through its addresses: the call, the queue, the units, and the whole loop of a ticket."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from tests.apps.ticket_examples import Hotline, again, answered, dispatched, filed, handled, open_hotline, replied
from tests.channels.pages import photograph, sign_in
from yici.apps.people.models import Account
from yici.apps.people.viewers import Viewer
from yici.apps.tickets import actions
from yici.apps.tickets.models import Act, FollowUp, Part, Return, Supervision, Ticket
from yici.rules.people import masked_name, masked_number
from yici.rules.supervision import Reason
from yici.rules.ticket_routing import Ground
from yici.rules.tickets import Ending, ExtensionGround, TicketKind, TicketState

TONGLU = "330122000000"
CALLER = "13900000001"


@pytest.fixture
def hotline(db: None) -> Hotline:
    return open_hotline()


class Room:
    """The room as one of its people uses it."""

    def __init__(self, client: Client) -> None:
        self.client = client

    def enter(self, viewer: Viewer) -> None:
        sign_in(self.client, Account.objects.get(pk=viewer.account_id))

    def page(self, ticket: Ticket) -> str:
        return self.client.get(f"/hotline/tickets/{ticket.public_id}").content.decode()

    def do(self, ticket: Ticket, name: str, **sent: Any) -> Any:
        return self.client.post(f"/hotline/tickets/{ticket.public_id}/{name}", sent)


@pytest.fixture
def room(english: Client) -> Room:
    return Room(english)


@pytest.fixture
def operator(room: Room, hotline: Hotline) -> Room:
    room.enter(hotline.operator)
    return room


def called(**but: str) -> dict[str, str]:
    words = {
        "key": uuid4().hex,
        "kind": "complaint",
        "subject": "搅拌站夜间噪声",
        "detail": "夜里两点还在作业。",
        "region": TONGLU,
        "contact_name": "示例甲",
        "contact_phone": CALLER,
    }
    return words | but


class TestTheCall:
    def test_files_and_tells_reference_and_code_to_read_out(self, operator: Room) -> None:
        sent = called()
        answer = operator.client.post("/hotline/call", sent, follow=True).content.decode()
        operator.client.post("/hotline/call", sent)

        ticket = Ticket.objects.get()
        assert ticket.reference in answer
        assert "Follow code" in answer
        assert (ticket.state, ticket.channel, ticket.desk_code) == ("received", "phone", TONGLU)

    def test_answers_a_question_at_once_and_a_report_never(self, operator: Room) -> None:
        operator.client.post("/hotline/call", called(kind="consult", answer="带户口本即可。"))
        said = operator.client.post("/hotline/call", called(kind="report", answer="知道了。"), follow=True)

        assert Ticket.objects.get(kind="consult").ending == Ending.ANSWERED_AT_ONCE
        assert Ticket.objects.get(kind="report").state == TicketState.RECEIVED
        assert "must be looked into" in said.content.decode()

    def test_finds_what_the_number_raised_before_but_never_a_report(self, operator: Room, hotline: Hotline) -> None:
        known = filed(hotline.operator)
        report = filed(hotline.operator, kind=TicketKind.REPORT, subject="偷排污水")

        page = operator.client.get("/hotline/call", {"contact_phone": "139-0000-0001"}).content.decode()

        assert known.reference in page
        assert report.reference not in page

    @pytest.mark.parametrize(
        ("but", "sentence"),
        [
            ({"detail": " "}, "Write a title"),
            ({"kind": "shout"}, "Choose the kind"),
            ({"region": "330502000000"}, "Choose a place in the area"),
            ({"kind": "consult", "way": "sealed"}, "Only reports and complaints are sealed"),
        ],
    )
    def test_bad_input_gets_a_sentence_and_keeps_what_was_typed(
        self, operator: Room, but: dict[str, str], sentence: str
    ) -> None:
        answer = operator.client.post("/hotline/call", called(**but))

        assert answer.status_code == 409
        assert sentence in answer.content.decode()
        assert "搅拌站夜间噪声" in answer.content.decode()
        assert not Ticket.objects.exists()


class TestLists:
    def test_each_tab_shows_its_own_with_counts(self, operator: Room, hotline: Hotline) -> None:
        new, sent = filed(hotline.operator), dispatched(hotline, hotline.ecology)

        first = operator.client.get("/hotline/").content.decode()
        second = operator.client.get("/hotline/", {"tab": "dispatched"}).content.decode()

        assert new.reference in first
        assert sent.reference not in first
        assert "To be dispatched <span>1</span>" in first
        assert sent.reference in second
        assert new.reference not in second

    def test_a_reference_or_a_number_finds_it(self, operator: Room, hotline: Hotline) -> None:
        ticket = filed(hotline.operator)

        for text in (ticket.reference, "139 0000 0001"):
            assert ticket.reference in operator.client.get("/hotline/", {"q": text}).content.decode()
        assert "No ticket has" in operator.client.get("/hotline/", {"q": "SQ0"}).content.decode()

    def test_a_unit_sees_its_own_and_strangers_nothing(self, room: Room, hotline: Hotline) -> None:
        ticket = dispatched(hotline, hotline.ecology)

        room.enter(hotline.at_ecology)
        assert ticket.reference in room.client.get("/hotline/unit").content.decode()
        assert room.client.get("/hotline/").status_code == room.client.get("/hotline/call").status_code == 404
        room.enter(hotline.at_city_management)
        assert ticket.reference not in room.client.get("/hotline/unit").content.decode()
        assert room.client.get(f"/hotline/tickets/{ticket.public_id}").status_code == 404
        assert room.do(ticket, "sign").status_code == 404
        room.enter(hotline.person)
        assert room.client.get("/hotline/unit").status_code == 404

    def test_the_board_shows_amber_red_and_supervised(self, operator: Room, hotline: Hotline) -> None:
        late = filed(hotline.operator, timezone.now() - timedelta(days=30))
        fresh = filed(hotline.operator, timezone.now())
        watched = dispatched(hotline, hotline.ecology, timezone.now())
        operator.do(watched, "supervise", why="repeated", reason="多人反映")

        board = operator.client.get("/hotline/supervision").content.decode()
        row = Supervision.objects.get()
        refused = operator.client.post(f"/hotline/supervision/{row.public_id}/lift", {"note": ""}, follow=True)
        operator.client.post(f"/hotline/supervision/{row.public_id}/lift", {"note": "已解决"})

        assert late.reference in board
        assert watched.reference in board
        assert fresh.reference not in board
        assert "Say why the supervision is lifted" in refused.content.decode()
        assert Supervision.objects.get().closed_at is not None
        assert row.reason == Reason.REPEATED


class TestTheHotlinesActs:
    def test_proposes_with_the_ground_and_dispatches_with_a_co_handler(self, operator: Room, hotline: Hotline) -> None:
        ticket = filed(hotline.operator)
        operator.do(ticket, "triage", category="environment.noise", kind="complaint", urgency="urgent")

        page = operator.page(ticket)
        unit, helper = str(hotline.ecology.public_id), str(hotline.township.public_id)
        answer = operator.do(ticket, "dispatch", organisation=unit, co_handler=helper)

        assert Ground.CATEGORY.words.en in page
        assert f'value="{unit}" checked' in page
        assert answer.status_code == 302
        assert again(ticket).organisation == hotline.ecology
        assert again(ticket).urgency == "urgent"
        assert Part.objects.get().organisation == hotline.township

    def test_never_to_the_accused(self, operator: Room, hotline: Hotline) -> None:
        ticket = filed(hotline.operator, accused_id=hotline.ecology.public_id)
        operator.do(ticket, "triage", category="environment.noise")

        answer = operator.do(ticket, "dispatch", organisation=str(hotline.ecology.public_id))

        assert answer.status_code == 409
        assert "art. 32" in answer.content.decode()
        assert again(ticket).state == TicketState.RECEIVED

    def test_a_returned_ticket_is_refused_or_dispatched_and_the_second_goes_to_arbitration(
        self, room: Room, hotline: Hotline
    ) -> None:
        ticket = dispatched(hotline, hotline.ecology, timezone.now())
        room.enter(hotline.at_ecology)
        assert room.do(ticket, "send-back", reason=" ").status_code == 409
        back = room.do(ticket, "send-back", reason="属城管职责", named=str(hotline.city_management.public_id))
        assert back["Location"] == "/hotline/unit"
        room.enter(hotline.operator)
        assert room.do(ticket, "refuse-return", reason="").status_code == 409
        room.do(ticket, "dispatch", organisation=str(hotline.city_management.public_id))
        room.enter(hotline.at_city_management)
        room.do(ticket, "send-back", reason="属环保职责")
        room.enter(hotline.operator)
        assert again(ticket).state == TicketState.ARBITRATION
        assert "Arbitrate" in room.page(ticket)
        room.do(ticket, "arbitrate", other=str(hotline.ecology.public_id), reason="噪声归生态环境", present="两家")

        assert again(ticket).bound
        assert again(ticket).organisation == hotline.ecology
        assert Return.objects.count() == 2
        room.enter(hotline.at_ecology)
        assert "Return: not our duty" not in room.page(ticket)

    def test_ends_only_on_a_lawful_ground_with_its_record(self, operator: Room, hotline: Hotline) -> None:
        ticket = filed(hotline.operator)

        assert "lawful ground" in operator.do(ticket, "end", told="x").content.decode()
        assert operator.do(ticket, "end", ending="legal_route", told="请起诉", record="").status_code == 409
        operator.do(ticket, "end", ending="legal_route", told="请起诉", record="人民法院")

        assert again(ticket).ending == Ending.LEGAL_ROUTE

    def test_merges_by_reference_and_parts_again(self, operator: Room, hotline: Hotline) -> None:
        first, second = filed(hotline.operator), filed(hotline.operator)

        assert "Check the number" in operator.do(first, "merge", reference="SQ0").content.decode()
        assert "itself" in operator.do(first, "merge", reference=first.reference).content.decode()
        operator.do(first, "merge", reference=second.reference.lower(), title="夜间噪声")
        assert again(second).state == TicketState.MERGED
        assert second.reference in operator.page(first)
        operator.do(second, "unmerge", reason="不是同一家")

        assert again(second).state == TicketState.RECEIVED

    def test_counts_attempts_before_it_closes_unreached(self, operator: Room, hotline: Hotline) -> None:
        ticket = answered(hotline, hotline.ecology, hotline.at_ecology)

        assert operator.do(ticket, "unreached").status_code == 409
        for note in ("早", "中", "晚"):
            operator.do(ticket, "try", note=note)
        operator.do(ticket, "unreached")

        assert again(ticket).ending == Ending.UNREACHED
        assert FollowUp.objects.filter(reached=False).count() == 3

    def test_a_reply_sent_back_says_why(self, operator: Room, hotline: Hotline) -> None:
        ticket = replied(hotline, hotline.ecology, hotline.at_ecology)

        assert operator.do(ticket, "review", approve="0", note="").status_code == 409
        assert operator.do(ticket, "review").status_code == 409
        operator.do(ticket, "review", approve="0", note="没有回答第二问")

        assert again(ticket).state == TicketState.HANDLING

    def test_more_time_is_asked_listed_and_granted(self, room: Room, hotline: Hotline) -> None:
        ticket = dispatched(hotline, hotline.ecology, timezone.now())
        room.enter(hotline.at_ecology)
        room.do(ticket, "sign")
        due = again(ticket).due_at
        assert room.do(ticket, "ask-more-time", ground="", reason="x").status_code == 409
        assert room.do(ticket, "ask-more-time", ground="law", reason="x", until="soon").status_code == 409
        room.do(ticket, "ask-more-time", ground="ordinary", reason="需要检测")
        room.enter(hotline.operator)
        assert ticket.reference in room.client.get("/hotline/?tab=more_time").content.decode()
        room.do(ticket, "more-time", grant="1", answer="同意")

        assert again(ticket).extensions == [ExtensionGround.ORDINARY]
        assert again(ticket).due_at > due


class TestTheUnit:
    def test_shows_the_person_masked_and_whole_only_on_record(self, room: Room, hotline: Hotline) -> None:
        ticket = dispatched(hotline, hotline.ecology, timezone.now())
        room.enter(hotline.at_ecology)

        masked = room.page(ticket)
        whole = room.do(ticket, "look").content.decode()

        assert masked_number(CALLER) in masked
        assert CALLER not in masked
        assert "示例甲" not in masked
        assert CALLER in whole
        assert Act.objects.filter(ticket=ticket, kind="contact_seen").count() == 1

    def test_never_sees_a_reporter(self, room: Room, hotline: Hotline) -> None:
        ticket = dispatched(hotline, hotline.ecology, timezone.now(), kind=TicketKind.REPORT)
        room.enter(hotline.at_ecology)

        page, answer = room.page(ticket), room.do(ticket, "look")

        assert masked_number(CALLER) not in page
        assert masked_name("示例甲") not in page
        assert "Show the contact" not in page
        assert answer.status_code == 409
        assert CALLER not in answer.content.decode()
        assert not Act.objects.filter(kind="contact_seen").exists()

    def test_works_with_a_co_handler(self, room: Room, hotline: Hotline) -> None:
        ticket = dispatched(hotline, hotline.ecology, timezone.now())
        room.enter(hotline.at_ecology)
        room.do(ticket, "sign")
        assert room.do(ticket, "ask-co-handler", organisation="", asked="巡查").status_code == 409
        room.do(ticket, "ask-co-handler", organisation=str(hotline.township.public_id), asked="夜间巡查")
        part = Part.objects.get()
        room.enter(hotline.at_township)
        assert "夜间巡查" in room.client.get("/hotline/unit").content.decode()
        assert room.do(ticket, "reply", text="我来答复").status_code == 404
        assert 'name="justified"' not in room.page(ticket)
        path = f"/hotline/unit/parts/{part.public_id}"
        assert room.client.post(path, {"report": "", "finished": "1"}).status_code == 409
        assert room.client.post(path, {"report": "正在巡查", "finished": "0"}).status_code == 302
        room.enter(hotline.at_ecology)
        assert "正在巡查" in room.page(ticket)
        room.do(ticket, "release", part=str(part.public_id), reason="主办已到场")

        assert Part.objects.get().ended_at is not None

    def test_does_the_whole_loop_with_the_hotline(self, room: Room, hotline: Hotline) -> None:
        ticket = dispatched(hotline, hotline.ecology, timezone.now())
        room.enter(hotline.at_ecology)
        assert "Sign for" in room.page(ticket)
        room.do(ticket, "sign")
        assert "Contact the person before replying" in room.do(ticket, "reply", text="已停工").content.decode()
        room.do(ticket, "contact", note="已电话联系")
        room.do(ticket, "reply", text="已责令停止夜间作业。", justified="1", solved="1")
        room.enter(hotline.operator)
        room.do(ticket, "review", approve="1")
        assert room.do(ticket, "follow-up", words="没说").status_code == 409
        room.do(ticket, "follow-up", satisfied="0", words="又开工了")
        assert again(ticket).state == TicketState.HANDLING
        handled(ticket, hotline.at_ecology, timezone.now())
        actions.review_reply(
            ticket_id=ticket.public_id, approve=True, note="", by=hotline.colleague, now=timezone.now()
        )
        room.do(ticket, "follow-up", satisfied="1", solved="1", words="好了")

        assert again(ticket).ending == Ending.SETTLED
        assert "Nothing to do here now" in room.page(ticket)

    def test_opens_a_paper_of_its_ticket_only(self, room: Room, hotline: Hotline) -> None:
        ticket = dispatched(hotline, hotline.ecology, timezone.now())
        paper = actions.attach(
            ticket_id=ticket.public_id,
            filename="现场.png",
            content=photograph().read(),
            by=hotline.operator,
            now=timezone.now(),
        )
        path = f"/hotline/tickets/{ticket.public_id}/papers/{paper}"
        room.enter(hotline.at_ecology)

        assert path in room.page(ticket)
        assert room.client.get(path)["Content-Disposition"].startswith("attachment")
        room.enter(hotline.at_city_management)
        assert room.client.get(path).status_code == 404

    def test_is_linked_from_the_desk(self, room: Room, hotline: Hotline) -> None:
        room.enter(hotline.at_ecology)
        assert "/hotline/unit" in room.client.get("/desk/").content.decode()
        room.enter(hotline.operator)
        assert 'href="/hotline/"' in room.client.get("/desk/").content.decode()

    def test_another_county_s_hotline_finds_nothing(self, room: Room, hotline: Hotline) -> None:
        ticket = filed(hotline.operator)
        elsewhere = open_hotline("330502", "330502001")
        room.enter(elsewhere.operator)

        assert room.client.get(f"/hotline/tickets/{ticket.public_id}").status_code == 404
        assert room.do(ticket, "end", ending="petition", told="x", record="y").status_code == 404
