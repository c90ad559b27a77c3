"""Messages and papers with a ticket, and a unit's look at a contact. None of them moves a deadline."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction

from yici.apps.cases.papers import take_paper
from yici.apps.people.viewers import Viewer
from yici.apps.tickets import moves, rows
from yici.apps.tickets.filing import follow_hash
from yici.apps.tickets.jurisdiction import at_centre, at_part, at_unit, own
from yici.apps.tickets.models import Attachment, Message, Ticket
from yici.rules.people import Role
from yici.rules.ticket_acts import Side
from yici.rules.tickets import CannotHandleTicket, TicketState

MOST_ATTACHMENTS = 9
LONGEST_MESSAGE = 2000


def _locked_for_staff(by: Viewer, ticket_id: UUID) -> Ticket:
    seen = at_centre(by) if by.has_role(Role.HOTLINE) else at_unit(by) | at_part(by)
    return rows.locked_rows([seen.values_list("pk", flat=True).get(public_id=ticket_id)])[0]


def locked_for_person(by: Viewer, reference: str, follow_code: str) -> Ticket:
    """Return one's own ticket, locked: by account, or by reference and code. Raises Ticket.DoesNotExist."""
    if follow_code:
        mine = Ticket.objects.filter(reference=reference, follow_hash=follow_hash(reference, follow_code))
    else:
        mine = own(by).filter(reference=reference)
    return rows.locked_rows([mine.values_list("pk", flat=True).get()])[0]


@transaction.atomic
def write_message(*, ticket_id: UUID, text: str, by: Viewer, now: datetime, inner: bool = False) -> None:
    """Write to the person, or (``inner``) between hotline and unit."""
    ticket = _locked_for_staff(by, ticket_id)
    _message(ticket, text, moves.hand_of(by, _side(by), now), from_staff=True, inner=inner)


def _side(by: Viewer) -> Side:
    return Side.CENTRE if by.has_role(Role.HOTLINE) else Side.UNIT


@transaction.atomic
def add_words(*, reference: str, text: str, by: Viewer, now: datetime, follow_code: str = "") -> None:
    """Add to one's own ticket; it never postpones anything (a peer let a comment move its deadline)."""
    ticket = locked_for_person(by, reference, follow_code)
    _message(ticket, text, moves.Hand("person", "", Side.PERSON, now), from_staff=False, inner=False)


@transaction.atomic
def message_of_person(key: int, text: str, *, now: datetime) -> None:
    """Add what a person wrote to the ticket of this row; who asks has made sure that it is his."""
    hand = moves.Hand("person", "", Side.PERSON, now)
    _message(rows.locked_rows([key])[0], text, hand, from_staff=False, inner=False)


@transaction.atomic
def tell_each(keys: Iterable[int], text: str, *, by: Viewer, now: datetime) -> int:
    """Write the same to the person of each ticket; return how many were told. None is moved by it.

    One act of whoever asks, who writes its one line in the journal; an emptied ticket has nobody to tell any more.
    """
    hand, told = moves.hand_of(by, Side.CENTRE, now), 0
    for ticket in rows.locked_rows(keys):
        if ticket.emptied_at is None:
            _write(ticket, text, hand, from_staff=True, inner=False)
            moves.remember(ticket, "message", hand)
            told += 1
    return told


def _message(ticket: Ticket, text: str, hand: moves.Hand, *, from_staff: bool, inner: bool) -> None:
    if not text.strip():
        raise CannotHandleTicket(zh="请填写内容。", en="Write the message first.")
    _write(ticket, text, hand, from_staff=from_staff, inner=inner)
    moves.write(ticket, "message", hand)


def _write(ticket: Ticket, text: str, hand: moves.Hand, *, from_staff: bool, inner: bool) -> None:
    Message.objects.create(
        ticket=ticket,
        author=hand.label,
        author_name=hand.name,
        from_staff=from_staff,
        inner=inner,
        text=text.strip()[:LONGEST_MESSAGE],
        written_at=hand.now,
    )


@transaction.atomic
def attach_for_person(
    *, reference: str, filename: str, content: bytes, by: Viewer, now: datetime, follow_code: str = ""
) -> UUID:
    """Add a checked picture or paper to one's own ticket. Raises CannotTakePaper."""
    ticket = locked_for_person(by, reference, follow_code)
    return _attach(ticket, filename, content, moves.Hand("person", "", Side.PERSON, now), from_staff=False)


@transaction.atomic
def attach(*, ticket_id: UUID, filename: str, content: bytes, by: Viewer, now: datetime) -> UUID:
    """Add a checked picture or paper as hotline or unit. Raises CannotTakePaper."""
    ticket = _locked_for_staff(by, ticket_id)
    return _attach(ticket, filename, content, moves.hand_of(by, _side(by), now), from_staff=True)


def attach_at_filing(*, ticket_id: UUID, filename: str, content: bytes, by: Viewer, now: datetime) -> UUID:
    """Add the scan of a letter to the ticket just made of it, inside its transaction. Raises CannotTakePaper.

    Whoever filed it may attach what came with it, even where he sees the ticket no more because it accuses his office.
    """
    key = Ticket.objects.values_list("pk", flat=True).get(public_id=ticket_id)
    hand = moves.hand_of(by, Side.CENTRE, now)
    return _attach(rows.locked_rows([key])[0], filename, content, hand, from_staff=True)


def _attach(ticket: Ticket, filename: str, content: bytes, hand: moves.Hand, *, from_staff: bool) -> UUID:
    if ticket.attachments.count() >= MOST_ATTACHMENTS or ticket.state == TicketState.CLOSED:
        raise CannotHandleTicket(
            zh=f"最多上传{MOST_ATTACHMENTS}份附件，办结后不能再上传。",
            en=f"At most {MOST_ATTACHMENTS} attachments, and none once it is closed.",
        )
    paper = take_paper(filename, content)
    row = Attachment.objects.create(
        ticket=ticket,
        from_staff=from_staff,
        filename=paper.filename,
        kind=paper.kind,
        size=len(paper.content),
        sha256=paper.sha256,
        content=paper.content,
        uploaded_at=hand.now,
        uploaded_by=hand.label,
    )
    moves.write(ticket, "attached", hand)
    return row.public_id


@transaction.atomic
def look_at_contact(*, ticket_id: UUID, by: Viewer, now: datetime) -> tuple[str, str, str]:
    """Return name, phone and e-mail so that the unit can call; each look is on record (masked in every view).

    Raises CannotHandleTicket where the person wants the contact kept secret: the hotline calls for the unit then.
    """
    ticket = _locked_for_staff(by, ticket_id)
    if ticket.keep_secret and not by.has_role(Role.HOTLINE):
        raise CannotHandleTicket(
            zh="来电人要求对联系方式保密（济南市12345市民服务热线条例第十六条）。请通过热线转达。",
            en="The person wants the contact kept secret (Jinan Hotline Regulation art. 16). Ask the hotline to call.",
        )
    moves.write(ticket, "contact_seen", moves.hand_of(by, _side(by), now))
    full = Ticket.objects.get(pk=ticket.pk)
    return full.contact_name, full.contact_phone, full.contact_email
