"""E-mail against a real pair of servers: letters become tickets once, receipts and answers go out once."""

from collections.abc import Iterator
from email.message import EmailMessage

import pytest

from tests.apps.ticket_examples import MONDAY, Hotline, again, handled, hours, open_hotline
from tests.channels.pages import photograph
from tests.servers.mail import ImapServer, SmtpServer
from yici.apps.tickets import actions, queries
from yici.apps.tickets.mailbox.boxes import CannotReachMail, server_of
from yici.apps.tickets.mailbox.letters import read_letter
from yici.apps.tickets.mailbox.posting import Mailbox, go_round
from yici.apps.tickets.models import Mailed, Message, Ticket

MEI = "mei@example.cn"


@pytest.fixture(scope="module")
def imap() -> Iterator[ImapServer]:
    server = ImapServer()
    yield server
    server.stop()


@pytest.fixture
def smtp() -> Iterator[SmtpServer]:
    server = SmtpServer()
    yield server
    server.stop()


@pytest.fixture
def mailbox(db: None, imap: ImapServer, smtp: SmtpServer) -> Mailbox:
    return Mailbox(server_of(imap.url), server_of(smtp.url), "12345@tonglu.example", "330122")


@pytest.fixture
def hotline(db: None) -> Hotline:
    return open_hotline("330122")


def letter(subject: str = "搅拌站夜间噪声", text: str = "夜里两点还在作业。", **headers: str) -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = f"张梅 <{MEI}>", "12345@tonglu.example", subject
    for name, value in headers.items():
        del mail[name.replace("_", "-")]
        mail[name.replace("_", "-")] = value
    mail.set_content(text)
    return mail


class TestRound:
    def test_files_answers_and_goes_on_with_a_ticket(
        self, imap: ImapServer, smtp: SmtpServer, mailbox: Mailbox, hotline: Hotline
    ) -> None:
        mail = letter(Message_ID="<1@example.cn>")
        mail.add_attachment(photograph().read(), maintype="image", subtype="png", filename="噪声.png")
        mail.add_attachment(b"MZ\x90 a programme", maintype="application", subtype="pdf", filename="run.pdf")
        imap.deliver(mail)

        assert go_round(mailbox, now=MONDAY).filed == 1
        ticket = Ticket.objects.get()
        assert (ticket.channel, ticket.contact_email, ticket.contact_name) == ("email", MEI, "张梅")
        assert (ticket.subject, ticket.region.code[:6]) == ("搅拌站夜间噪声", "330122")
        assert ticket.attachments.count() == 1
        receipt = smtp.taken[0]
        told = receipt.get_content()
        assert receipt["To"] == MEI
        assert ticket.reference in receipt["Subject"]
        assert "run.pdf" in told
        code = told.partition("查询码 ")[2][:8]
        assert queries.followed(hotline.person, ticket.reference, follow_code=code).subject == ticket.subject

        imap.deliver(letter(f"Re: {receipt['Subject']}", "今天又响了。", Message_ID="<2@example.cn>"))
        assert go_round(mailbox, now=hours(1)).continued == 1
        assert [one.text for one in Message.objects.all()] == ["今天又响了。"]

        actions.dispatch(
            ticket_id=ticket.public_id, organisation_id=hotline.ecology.public_id, by=hotline.operator, now=hours(1)
        )
        handled(ticket, hotline.at_ecology, hours(2))
        assert go_round(mailbox, now=hours(3)).sent == 0  # not reviewed yet
        actions.review_reply(ticket_id=ticket.public_id, approve=True, note="", by=hotline.colleague, now=hours(3))
        assert [go_round(mailbox, now=hours(4)).sent for _ in range(2)] == [1, 0]
        assert "已责令停止夜间作业" in smtp.taken[1].get_content()
        assert (len(smtp.taken), imap.unread()) == (2, 0)

    def test_loses_and_doubles_nothing_when_a_server_is_away(
        self, imap: ImapServer, smtp: SmtpServer, mailbox: Mailbox, hotline: Hotline
    ) -> None:
        smtp.stop()
        imap.deliver(letter())
        with pytest.raises(CannotReachMail):
            go_round(mailbox, now=MONDAY)
        assert (Ticket.objects.count(), imap.unread()) == (1, 1)  # filed at once, told when somebody can be told

        smtp.start()
        go_round(mailbox, now=hours(1))
        ticket = Ticket.objects.get()
        code = smtp.taken[0].get_content().partition("查询码 ")[2][:8]
        assert queries.followed(hotline.person, ticket.reference, follow_code=code).reference == ticket.reference
        assert (len(smtp.taken), imap.unread(), Mailed.objects.count()) == (1, 0, 1)
        assert ticket.received_at == MONDAY

    def test_gives_machines_neither_ticket_nor_answer(
        self, imap: ImapServer, smtp: SmtpServer, mailbox: Mailbox, hotline: Hotline
    ) -> None:
        for number, headers in enumerate(
            ({"Auto_Submitted": "auto-replied"}, {"Precedence": "bulk"}, {"From": "MAILER-DAEMON@x.cn"}, {"From": ""})
        ):
            imap.deliver(letter(Message_ID=f"<m{number}@x.cn>", **headers))
        assert go_round(mailbox, now=MONDAY).machines == 4
        assert (Ticket.objects.count(), smtp.taken, imap.unread()) == (0, [], 0)

    def test_adds_nothing_to_a_ticket_for_a_stranger(
        self, imap: ImapServer, smtp: SmtpServer, mailbox: Mailbox, hotline: Hotline
    ) -> None:
        imap.deliver(letter(Message_ID="<a@x.cn>"))
        go_round(mailbox, now=MONDAY)
        first = Ticket.objects.get()
        imap.deliver(letter(first.reference, "我也要说。", From="other@example.cn", Message_ID="<b@x.cn>"))
        assert go_round(mailbox, now=MONDAY).filed == 1
        assert not again(first).messages.exists()

    def test_goes_to_the_county_that_the_address_names(
        self, imap: ImapServer, mailbox: Mailbox, hotline: Hotline
    ) -> None:
        open_hotline("330106", "330106001")
        imap.deliver(letter(To="12345+330106@tonglu.example", Message_ID="<c@x.cn>"))
        imap.deliver(letter(To="12345+999999@tonglu.example", Message_ID="<d@x.cn>"))
        go_round(mailbox, now=MONDAY)
        assert sorted(Ticket.objects.values_list("desk_code", flat=True)) == ["330106000000", "330122000000"]

    def test_says_which_server_does_not_answer(self, db: None, mailbox: Mailbox) -> None:
        gone = Mailbox(server_of("imap://desk:x@127.0.0.1:1/INBOX"), mailbox.outbox, mailbox.address, "330122")
        with pytest.raises(CannotReachMail, match=r"127\.0\.0\.1:1"):
            go_round(gone, now=MONDAY)


class TestReading:
    @pytest.mark.parametrize("charset", ["utf-8", "gb18030", "big5"])
    def test_any_charset(self, charset: str) -> None:
        mail = letter()
        mail.set_content("路燈不亮", charset=charset)
        assert read_letter(mail.as_bytes()).text == "路燈不亮"

    def test_a_page_without_what_nobody_sees(self) -> None:
        mail = letter()
        mail.set_content("<head><title>t</title></head><p>噪声<b>很大</b></p><script>x()</script>", subtype="html")
        assert read_letter(mail.as_bytes()).text == "噪声\n很大"

    @pytest.mark.parametrize(
        "raw",
        [
            b"",
            b"\xff\x00\xfe",
            b"From: =?x-nothing?B?!!!?=\nSubject: =?utf-8?Q?=FF=00?=\n\n\x00text",
            b"Content-Type: text/plain; charset=no-such\n\n\xc2\xb7\xc5\xcc",
            b"Content-Type: multipart/mixed; boundary=x\n\n--x\n\nbroken",
            b"From: a@b.cn\nTo: <<>>,;:\nMessage-ID: [broken\n\nhello",
        ],
    )
    def test_whatever_is_broken_is_read_as_far_as_it_goes(self, raw: bytes) -> None:
        found = read_letter(raw)
        assert "\0" not in found.subject + found.text + found.name
        assert found.title
        assert found.words
