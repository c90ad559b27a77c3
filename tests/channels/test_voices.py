"""A citizen's voice on the portal: raised, followed by code or account, judged; and the loop with hotline and unit."""

import re
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from tests.apps.factories import AccountFactory, region
from tests.apps.ticket_examples import Hotline, answered, handled, open_hotline
from tests.channels.pages import photograph, sign_in
from yici.apps.people.models import Account
from yici.apps.people.viewers import Viewer
from yici.apps.tickets.models import FollowUp, SealedIdentity, Ticket
from yici.rules.tickets import Ending, TicketState


@pytest.fixture
def hotline(db: None) -> Hotline:
    region("330122")
    return open_hotline()


def said(**but: str) -> dict[str, str]:
    words = {"key": uuid4().hex, "kind": "complaint", "subject": "路灯不亮", "detail": "三天了。", "way": "open"}
    return words | but


def enter(client: Client, viewer: Viewer) -> None:
    sign_in(client, Account.objects.get(pk=viewer.account_id))


def raised(client: Client, **but: str) -> tuple[Ticket, str]:
    page = client.post("/voices/new", said(**but), follow=True).content.decode()
    code = re.search(r"Your follow code is ([0-9A-Z]{8})", page)
    return Ticket.objects.latest("pk"), code[1] if code else ""


@pytest.mark.usefixtures("hotline")
class TestRaising:
    def test_without_an_account_gives_reference_and_code_once(self, english: Client) -> None:
        ticket, code = raised(english, way="unnamed", contact_phone="13900000001")

        assert len(code) == 8
        assert ticket.anonymous
        assert ticket.contact_phone == ""
        assert code not in english.get(f"/voices/{ticket.reference}").content.decode()

    def test_the_form_is_whole_in_chinese_and_sent_twice_files_once(self, client: Client) -> None:
        page = client.get("/voices/new").content.decode()
        sent = said()
        client.post("/voices/new", sent)
        client.post("/voices/new", sent)

        assert "提出诉求" in page
        assert "举报" in page
        assert Ticket.objects.count() == 1

    @pytest.mark.parametrize(
        ("but", "sentence"),
        [
            ({"kind": ""}, "Choose what it is"),
            ({"subject": " "}, "Write a title"),
            ({"kind": "praise", "way": "sealed"}, "Only reports and complaints are sealed"),
            ({"accused": str(uuid4())}, "There is no such organisation"),
        ],
    )
    def test_bad_input_gets_a_sentence_and_keeps_the_words(
        self, english: Client, but: dict[str, str], sentence: str
    ) -> None:
        answer = english.post("/voices/new", said(**({"detail": "夜里很黑"} | but)))

        assert answer.status_code == 409
        assert sentence in answer.content.decode()
        assert "夜里很黑" in answer.content.decode()
        assert not Ticket.objects.exists()

    def test_of_a_sealed_report_the_ticket_names_nobody_and_its_person_still_follows_it(
        self, english: Client, hotline: Hotline
    ) -> None:
        enter(english, hotline.person)
        ticket, _ = raised(english, kind="report", way="sealed", contact_phone="13900000001")

        assert (ticket.party_id, ticket.phone_hash, ticket.filed_by) == (None, "", "person")
        assert SealedIdentity.objects.get().ticket == ticket
        assert ticket.reference in english.get("/voices").content.decode()

    def test_a_report_keeps_its_contact_from_units_whatever_was_chosen(self, english: Client) -> None:
        assert raised(english, kind="report")[0].keep_secret
        assert not raised(english, kind="complaint")[0].keep_secret

    def test_staff_speak_as_themselves_without_their_post(self, english: Client, hotline: Hotline) -> None:
        enter(english, hotline.at_ecology)
        ticket, code = raised(english, kind="report", way="unnamed")

        assert ticket.filed_by == "person"
        assert code

    def test_hangs_on_no_application_of_somebody_else(self, english: Client, hotline: Hotline) -> None:
        enter(english, hotline.person)

        assert english.get("/voices/new", {"application": str(uuid4()), "case": str(uuid4())}).status_code == 404

    def test_is_linked_from_the_foot_of_the_home_page(self, english: Client) -> None:
        foot = english.get("/voices").content.decode()

        assert 'href="/voices/new"' in foot.partition('class="foot"')[2]


class TestFollowing:
    def test_by_reference_and_code_in_another_browser(self, english: Client, hotline: Hotline) -> None:
        ticket, code = raised(english)
        other = Client()
        assert other.get(f"/voices/{ticket.reference}").status_code == 404
        assert other.post("/voices", {"reference": ticket.reference, "code": "WRONGONE"}).status_code == 409
        other.post("/voices", {"reference": f" {ticket.reference.lower()} ", "code": code.lower()})

        assert "路灯不亮" in other.get(f"/voices/{ticket.reference}").content.decode()

    def test_ones_own_when_signed_in_and_nobody_else_s(self, english: Client, hotline: Hotline) -> None:
        enter(english, hotline.person)
        ticket, code = raised(english)
        assert code == ""
        assert ticket.reference in english.get("/voices").content.decode()
        sign_in(english, AccountFactory())

        assert english.get(f"/voices/{ticket.reference}").status_code == 404
        assert english.post(f"/voices/{ticket.reference}/withdraw").status_code == 404
        assert ticket.reference not in english.get("/voices").content.decode()

    def test_words_are_added_and_empty_ones_refused(self, english: Client, hotline: Hotline) -> None:
        ticket, _ = raised(english)
        due = ticket.due_at

        assert english.post(f"/voices/{ticket.reference}/words", {"text": " "}).status_code == 409
        english.post(f"/voices/{ticket.reference}/words", {"text": "今晚也不亮"})

        assert "今晚也不亮" in english.get(f"/voices/{ticket.reference}").content.decode()
        assert Ticket.objects.get().due_at == due

    def test_withdrawing_ends_it(self, english: Client, hotline: Hotline) -> None:
        ticket, _ = raised(english)
        english.post(f"/voices/{ticket.reference}/withdraw", {"reason": "已修好"})

        page = english.get(f"/voices/{ticket.reference}").content.decode()
        assert Ticket.objects.get().ending == Ending.WITHDRAWN
        assert "Withdraw this ticket" not in page
        assert english.post(f"/voices/{ticket.reference}/shout").status_code == 404


class TestTheLoop:
    def test_from_the_citizens_words_to_the_followed_up_reply(self, english: Client, hotline: Hotline) -> None:
        ticket, _ = raised(english, subject="夜间噪声", contact_phone="13900000001")
        at_hotline = Client()
        enter(at_hotline, hotline.operator)
        at_unit = Client()
        enter(at_unit, hotline.at_ecology)

        def do(client: Client, name: str, **sent: str) -> Any:
            return client.post(f"/hotline/tickets/{ticket.public_id}/{name}", sent)

        assert ticket.reference in at_hotline.get("/hotline/").content.decode()
        do(at_hotline, "triage", category="environment.noise")
        do(at_hotline, "dispatch", organisation=str(hotline.ecology.public_id))
        assert "It was given to the office" in english.get(f"/voices/{ticket.reference}").content.decode()
        do(at_unit, "sign")
        do(at_unit, "contact", note="已联系")
        do(at_unit, "reply", text="已停工整改。", inner_note="内部说明")
        unread = english.get(f"/voices/{ticket.reference}").content.decode()
        do(at_hotline, "review", approve="1")
        page = english.get(f"/voices/{ticket.reference}").content.decode()

        assert "已停工整改。" not in unread
        assert "已停工整改。" in page
        assert "内部说明" not in page
        assert hotline.at_ecology.staff_name not in page
        assert english.post(f"/voices/{ticket.reference}/judge", {}).status_code == 409
        refused = english.post(f"/voices/{ticket.reference}/judge", {"satisfied": "0", "words": ""})
        assert refused.status_code == 409
        english.post(f"/voices/{ticket.reference}/judge", {"satisfied": "0", "words": "又响了"})
        assert Ticket.objects.get().state == TicketState.HANDLING
        handled(ticket, hotline.at_ecology, timezone.now())
        do(at_hotline, "review", approve="1")
        english.post(f"/voices/{ticket.reference}/judge", {"satisfied": "1", "words": "安静了"})

        assert Ticket.objects.get().ending == Ending.SETTLED
        assert list(FollowUp.objects.order_by("id").values_list("way", "satisfied")) == [("web", False), ("web", True)]

    def test_an_objection_in_time_is_handled_again(self, english: Client, hotline: Hotline) -> None:
        enter(english, hotline.person)
        ticket = answered(
            hotline, hotline.ecology, hotline.at_ecology, timezone.now(), party_id=hotline.person.party_public_id
        )
        english.post(f"/voices/{ticket.reference}/judge", {"satisfied": "1", "words": ""})
        assert english.post(f"/voices/{ticket.reference}/object", {"reason": ""}).status_code == 409
        english.post(f"/voices/{ticket.reference}/object", {"reason": "第二天又响"})

        assert Ticket.objects.get().state == TicketState.HANDLING


@pytest.mark.usefixtures("hotline")
class TestPapers:
    def test_a_photograph_is_attached_with_the_code_and_the_desk_opens_it(
        self, english: Client, hotline: Hotline
    ) -> None:
        ticket, _ = raised(english, way="unnamed")

        page = english.post(f"/voices/{ticket.reference}/attach", {"paper": photograph()}, follow=True)

        paper = ticket.attachments.get()
        assert (paper.from_staff, paper.kind, paper.uploaded_by) == (False, "image/jpeg", "person")
        assert paper.filename in page.content.decode()
        enter(english, hotline.operator)
        assert str(paper.public_id) in english.get(f"/hotline/tickets/{ticket.public_id}").content.decode()

    def test_what_is_no_paper_is_refused_with_a_sentence(self, english: Client) -> None:
        ticket, _ = raised(english)

        empty = english.post(f"/voices/{ticket.reference}/attach")
        bad = english.post(f"/voices/{ticket.reference}/attach", {"paper": SimpleUploadedFile("a.png", b"<script>")})

        assert (empty.status_code, bad.status_code) == (409, 409)
        assert "No file arrived" in empty.content.decode()
        assert not ticket.attachments.exists()

    def test_what_one_attached_is_handed_back_to_oneself_alone(self, english: Client) -> None:
        ticket, _ = raised(english, way="unnamed")
        page = english.post(f"/voices/{ticket.reference}/attach", {"paper": photograph()}, follow=True)
        paper = ticket.attachments.get()
        address = f"/voices/{ticket.reference}/papers/{paper.public_id}"
        assert address in page.content.decode()

        back = english.get(address)
        assert back.content == bytes(paper.content)
        assert back["Content-Disposition"].startswith("attachment;")
        assert back["Cache-Control"] == "private, no-store"
        assert Client().get(address).status_code == 404

    def test_nobody_else_attaches_to_it(self, english: Client) -> None:
        ticket, _ = raised(english)
        stranger = Client()

        assert stranger.post(f"/voices/{ticket.reference}/attach", {"paper": photograph()}).status_code == 404
        assert not ticket.attachments.exists()
