"""One round of the mailbox: unread letters become tickets or go on with one; receipts and answers go out.

Whatever fails is tried in the next round: a letter is marked as read only when it is filed, and filed once however
often it is fetched; a receipt or an answer is written down as sent only when the server took it.
"""

from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import make_msgid

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from yici.apps.people.viewers import Viewer
from yici.apps.tickets import moves, rows
from yici.apps.tickets.correspondence import attach_for_person, message_of_person
from yici.apps.tickets.filing import Filed, file, follow_hash, new_code
from yici.apps.tickets.mail_models import Mailed
from yici.apps.tickets.mailbox.boxes import Server, opened, send, server_of
from yici.apps.tickets.mailbox.letters import read_letter
from yici.apps.tickets.models import Reply, Ticket
from yici.rules.letters import Letter
from yici.rules.refusals import Refusal
from yici.rules.tickets import TicketChannel, TicketKind
from yici.rules.voices import Voice

BY = Viewer(label="system:mail")
MOST_SENT = 200


@dataclass(frozen=True, slots=True)
class Mailbox:
    """The hotline's mailbox: where letters come in, where answers go out, and for which region."""

    inbox: Server
    outbox: Server
    address: str
    region_code: str


@dataclass(frozen=True, slots=True)
class Round:
    """What one round did."""

    filed: int = 0
    continued: int = 0
    machines: int = 0
    sent: int = 0


def mailbox_of_settings() -> Mailbox | None:
    """Return the mailbox that is set up (YICI_MAIL_*), None without one."""
    if not settings.MAIL_IMAP:
        return None
    return Mailbox(
        server_of(settings.MAIL_IMAP), server_of(settings.MAIL_SMTP), settings.MAIL_ADDRESS, settings.MAIL_REGION
    )


def go_round(mailbox: Mailbox, *, now: datetime) -> Round:
    """Take in what is unread, then send what is due. Raises CannotReachMail; what was done by then stays done."""
    filed = continued = machines = 0
    with opened(mailbox.inbox) as inbox:
        for uid, raw in inbox.unread():
            what = _take(mailbox, read_letter(raw), now)
            filed, continued = filed + (what == "filed"), continued + (what == "continued")
            machines += what == "machine"
            inbox.mark_read(uid)
    return Round(filed, continued, machines, _send_answers(mailbox, now))


def _take(mailbox: Mailbox, letter: Letter, now: datetime) -> str:
    if letter.machine or letter.sender.lower() == mailbox.address.lower():
        return "machine"
    if _continued(letter, now):
        return "continued"
    made, refused = _filed(mailbox, letter, now)
    _receipt(mailbox, letter, made, refused, now)
    return "filed"


def _continued(letter: Letter, now: datetime) -> bool:
    """Add a letter to the ticket its subject names, where it comes from the address that filed it."""
    ticket = Ticket.objects.filter(reference=letter.reference).first() if letter.reference else None
    if ticket is None or ticket.contact_email.lower() != letter.sender.lower():
        return False
    with transaction.atomic():
        if not Mailed.objects.filter(ticket=ticket, key=letter.key).exists():
            message_of_person(ticket.pk, letter.words, now=now)
            Mailed.objects.create(ticket=ticket, key=letter.key, mailed_at=now)
    return True


@transaction.atomic
def _filed(mailbox: Mailbox, letter: Letter, now: datetime) -> tuple[Filed, list[str]]:
    made = file(voice=_voice(mailbox, letter), by=BY, now=now, idempotency_key=f"mail:{letter.key}")
    refused = []
    for paper in letter.papers if made.follow_code else ():
        try:
            with transaction.atomic():
                attach_for_person(
                    reference=made.reference,
                    filename=paper.filename,
                    content=paper.content,
                    by=BY,
                    now=now,
                    follow_code=made.follow_code,
                )
        except Refusal as refusal:
            refused.append(f"{paper.filename}: {refusal.text('zh')} {refusal.text('en')}")
    return made, refused


def _voice(mailbox: Mailbox, letter: Letter) -> Voice:
    place = letter.place
    known = bool(place) and rows.is_region(place)
    return Voice(
        kind=TicketKind.HELP,
        channel=TicketChannel.EMAIL,
        region_code=place if known else mailbox.region_code,
        subject=letter.title,
        detail=letter.words,
        contact_name=letter.name,
        contact_email=letter.sender,
        external_reference=letter.key,
    )


def _receipt(mailbox: Mailbox, letter: Letter, made: Filed, refused: list[str], now: datetime) -> None:
    """Tell reference, code and time. A letter whose receipt could not go out is fetched again and told a new code."""
    if Mailed.objects.filter(ticket__public_id=made.public_id, key="receipt").exists():
        return
    code = made.follow_code or _new_code(made)
    due = f"{timezone.localtime(made.due_at):%Y-%m-%d %H:%M}"
    lines = [
        f"诉求已登记，编号 {made.reference}，查询码 {code}，将于 {due} 前答复。",
        f"查看进展：{settings.SITE_ADDRESS}/voices",
        "补充说明：直接回复本邮件，保留主题中的编号。",
        *(f"未能收下的附件：{one}" for one in refused),
        "",
        f"Filed as {made.reference}, code {code}; answered by {due}. Reply to this e-mail to add to it.",
    ]
    send(mailbox.outbox, composed(mailbox, letter.sender, f"{made.reference} 诉求已登记 Filed", lines))
    _sent(Ticket.objects.get(public_id=made.public_id), "receipt", now)


def _new_code(made: Filed) -> str:
    code = new_code()
    Ticket.objects.filter(public_id=made.public_id).update(follow_hash=follow_hash(made.reference, code))
    return code


def _send_answers(mailbox: Mailbox, now: datetime) -> int:
    """Send each approved answer to who wrote by e-mail, once."""
    sent = Mailed.objects.values_list("reply_id", flat=True).exclude(reply=None)
    waiting = Reply.objects.filter(approved=True, ticket__channel=TicketChannel.EMAIL).exclude(pk__in=sent)
    done = 0
    for reply in waiting.select_related("ticket", "organisation").order_by("pk")[:MOST_SENT]:
        if reply.ticket.contact_email:
            send(mailbox.outbox, composed(mailbox, reply.ticket.contact_email, *_answer(reply)))
            done += 1
        _sent(reply.ticket, f"reply:{reply.pk}", now, reply)
    return done


def _answer(reply: Reply) -> tuple[str, list[str]]:
    unit = reply.organisation
    return f"{reply.ticket.reference} 诉求已答复 Answered", [
        f"{unit.name if unit else ''}答复：",
        reply.text,
        "",
        f"请评价是否满意：{settings.SITE_ADDRESS}/voices  Say whether it helped, with reference and code.",
    ]


def send_once(mailbox: Mailbox, ticket: Ticket, key: str, subject: str, lines: list[str], *, now: datetime) -> bool:
    """Send one e-mail about a ticket to the address it came with, once for a key; False where there is no address.

    Raises CannotReachMail; then nothing is written down, and it is tried again.
    """
    if not ticket.contact_email:
        return False
    if not Mailed.objects.filter(ticket=ticket, key=key).exists():
        send(mailbox.outbox, composed(mailbox, ticket.contact_email, f"{ticket.reference} {subject}", lines))
        _sent(ticket, key, now)
    return True


@transaction.atomic
def _sent(ticket: Ticket, key: str, now: datetime, reply: Reply | None = None) -> None:
    locked = rows.locked_rows([ticket.pk])[0]
    _, is_new = Mailed.objects.get_or_create(ticket=ticket, key=key, defaults={"mailed_at": now, "reply": reply})
    if is_new:
        moves.write(locked, "mailed", moves.by_clock(now))


def composed(mailbox: Mailbox, to: str, subject: str, lines: list[str]) -> EmailMessage:
    """Return a letter of the hotline's mailbox, marked as written by a machine."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = mailbox.address, to, subject
    mail["Auto-Submitted"] = "auto-generated"
    mail["Message-ID"] = make_msgid(domain=mailbox.address.rpartition("@")[2])
    mail.set_content("\n".join(lines))
    return mail
