"""What is shown of a ticket: masked for those who handle it, plain about its way for the person."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from yici.apps.tickets.models import Act, Reply, Ticket
from yici.rules.clocks import Colour
from yici.rules.people import masked_name, masked_number
from yici.rules.supervision import Dial
from yici.rules.ticket_acts import Side, TicketAct
from yici.rules.ticket_categories import CATEGORIES
from yici.rules.tickets import Ending, Level, TicketKind, TicketState, Urgency
from yici.rules.words import Words

NOBODY = Words("", "")


@dataclass(frozen=True, slots=True)
class TicketLine:
    """One ticket in a list."""

    public_id: UUID
    reference: str
    kind: TicketKind
    urgency: Urgency
    state: TicketState
    subject: str
    region: Words
    unit: Words
    category: Words
    received_at: datetime
    due_at: datetime
    step_due_at: datetime | None
    colour: Colour
    level: Level
    ending: Ending | None
    mark: str  # where the next page begins


@dataclass(frozen=True, slots=True)
class Happening:
    """One line of a ticket's history."""

    kind: str
    words: Words
    side: Side
    state: TicketState
    by_name: str
    acted_at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Answer:
    """A reply."""

    text: str
    unit: Words
    replied_at: datetime
    approved: bool | None
    review_note: str


@dataclass(frozen=True, slots=True)
class DeskTicket:
    """A ticket as hotline and unit read it: the contact is masked, and empty where it is sealed or kept secret."""

    line: TicketLine
    detail: str
    address: str
    latitude: float | None
    longitude: float | None
    item_key: str
    channel: str
    contact_name: str
    contact_phone: str
    anonymous: bool
    sealed: bool
    wants_answer: bool
    rehandlings: int
    bound: bool
    asked: str
    matter_id: UUID | None
    followers: int
    history: tuple[Happening, ...]
    answers: tuple[Answer, ...]
    messages: tuple[tuple[str, str, datetime], ...]
    attachments: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class PersonTicket:
    """A ticket as its person follows it: where it stands, who has it, until when, and what was answered."""

    reference: str
    kind: TicketKind
    state: TicketState
    ending: Ending | None
    subject: str
    detail: str
    unit: Words
    received_at: datetime
    due_at: datetime
    answered_at: datetime | None
    closed_at: datetime | None
    may_answer_follow_up: bool
    history: tuple[Happening, ...]
    answers: tuple[Answer, ...]
    messages: tuple[tuple[str, str, datetime], ...]
    papers: tuple[tuple[UUID, str, datetime], ...]  # what the person attached himself, by name


class Listed(NamedTuple):
    """What a list reads of a ticket, with the names that stand beside it."""

    pk: int
    public_id: UUID
    reference: str
    kind: str
    urgency: str
    state: str
    subject: str
    category: str
    received_at: datetime
    due_at: datetime
    amber_at: datetime
    step_due_at: datetime | None
    step_amber_at: datetime | None
    level: int
    ending: str
    region: Words
    unit: Words


def listed(ticket: Ticket) -> Listed:
    """Return a whole ticket as a list reads it."""
    unit = ticket.organisation
    names = Words(ticket.region.name, ticket.region.name_en), Words(unit.name, unit.name_en) if unit else NOBODY
    return Listed._make((*(getattr(ticket, name) for name in Listed._fields[:-2]), *names))


def line_of(ticket: Listed, now: datetime) -> TicketLine:
    """Return a ticket as one line."""
    leaf = CATEGORIES.get(ticket.category)
    return TicketLine(
        public_id=ticket.public_id,
        reference=ticket.reference,
        kind=TicketKind(ticket.kind),
        urgency=Urgency(ticket.urgency),
        state=TicketState(ticket.state),
        subject=ticket.subject,
        region=ticket.region,
        unit=ticket.unit,
        category=leaf.words if leaf else NOBODY,
        received_at=ticket.received_at,
        due_at=ticket.due_at,
        step_due_at=ticket.step_due_at,
        colour=colour_of(ticket, now),
        level=Level(ticket.level),
        ending=Ending(ticket.ending) if ticket.ending else None,
        mark=f"{ticket.step_due_at.isoformat() if ticket.step_due_at else ''}_{ticket.pk}",
    )


def colour_of(ticket: Listed, now: datetime) -> Colour:
    """Return the worst colour of the clocks that run."""
    dials = []
    if ticket.step_due_at is not None and ticket.step_amber_at is not None:
        dials.append(Dial(ticket.step_amber_at, ticket.step_due_at))
    if TicketState(ticket.state).waits_for_answer:
        dials.append(Dial(ticket.amber_at, ticket.due_at))
    colours = {dial.colour(now) for dial in dials}
    return next((one for one in (Colour.RED, Colour.AMBER) if one in colours), Colour.NEUTRAL)


def desk_ticket(ticket: Ticket, now: datetime) -> DeskTicket:
    """Return everything a desk needs; who the person is only as far as the mask goes."""
    hidden = ticket.sealed or ticket.keep_secret
    return DeskTicket(
        line=line_of(listed(ticket), now),
        detail=ticket.detail,
        address=ticket.address,
        latitude=ticket.latitude,
        longitude=ticket.longitude,
        item_key=ticket.item_key,
        channel=ticket.channel,
        contact_name="" if hidden else masked_name(ticket.contact_name),
        contact_phone="" if hidden else masked_number(ticket.contact_phone),
        anonymous=ticket.anonymous,
        sealed=ticket.sealed,
        wants_answer=ticket.wants_answer,
        rehandlings=ticket.rehandlings,
        bound=ticket.bound,
        asked=ticket.asked,
        matter_id=ticket.matter.public_id if ticket.matter else None,
        followers=ticket.followers.count() if ticket.matter else 0,
        history=tuple(happening(one) for one in ticket.acts.order_by("id")),
        answers=tuple(answer_of(one) for one in ticket.replies.select_related("organisation").order_by("id")),
        messages=tuple((one.author_name, one.text, one.written_at) for one in ticket.messages.order_by("id")),
        attachments=tuple(ticket.attachments.order_by("id").values_list("public_id", flat=True)),
    )


# What is between hotline and unit and no business of the person's page.
_INNER = frozenset({"triage", "contact_seen", "ask_extension", "refuse_extension", "reply", "reject", "part_reported"})


def person_ticket(ticket: Ticket) -> PersonTicket:
    """Return a ticket for its person: no inner notes, no names of officials, only approved answers."""
    state = TicketState(ticket.state)
    approved = ticket.replies.filter(approved=True).select_related("organisation").order_by("id")
    own_papers = ticket.attachments.filter(from_staff=False).order_by("id")
    acts = ticket.acts.exclude(kind__in=_INNER).order_by("id")
    return PersonTicket(
        reference=ticket.reference,
        kind=TicketKind(ticket.kind),
        state=state,
        ending=Ending(ticket.ending) if ticket.ending else None,
        subject=ticket.subject,
        detail=ticket.detail,
        unit=listed(ticket).unit,
        received_at=ticket.received_at,
        due_at=ticket.due_at,
        answered_at=ticket.answered_at,
        closed_at=ticket.closed_at,
        may_answer_follow_up=state is TicketState.FOLLOW_UP,
        history=tuple(happening(one, for_person=True) for one in acts),
        answers=tuple(answer_of(one) for one in approved),
        messages=tuple(("", one.text, one.written_at) for one in ticket.messages.filter(inner=False).order_by("id")),
        papers=tuple(own_papers.values_list("public_id", "filename", "uploaded_at")),
    )


_OTHER_WORDS = {
    "file": Words("已登记", "Filed"),
    "merged": Words("并案办理", "Handled together with others"),
    "unmerged": Words("单独办理", "Handled on its own"),
    "message": Words("留言", "Message"),
    "attached": Words("添加附件", "Attachment"),
    "contact_seen": Words("查看联系方式", "Looked at the contact"),
    "mailed": Words("已发邮件", "E-mail sent"),
    "texted": Words("已发短信", "Text message sent"),
    "not_texted": Words("短信未能送出", "The text message could not be sent"),
    "part_reported": Words("协办单位反馈", "A co-handler reported"),
    "part_released": Words("解除协办", "A co-handler was released"),
}
# The person reads why it ended, why it takes longer and why it was handled again; not what offices wrote each other.
_TOLD = frozenset({"end", "extend", "dissatisfied", "reopen"})


def happening(act: Act, *, for_person: bool = False) -> Happening:
    """Return one line of history."""
    words = TicketAct(act.kind).words if act.kind in set(TicketAct) else _OTHER_WORDS.get(act.kind, NOBODY)
    told = not for_person or act.kind in _TOLD
    return Happening(
        kind=act.kind,
        words=words,
        side=Side(act.side),
        state=TicketState(act.state),
        by_name="" if for_person else act.by_name,
        acted_at=act.acted_at,
        reason=act.reason if told else "",
    )


def answer_of(reply: Reply) -> Answer:
    """Return a reply as it is shown."""
    unit = Words(reply.organisation.name, reply.organisation.name_en) if reply.organisation else NOBODY
    return Answer(reply.text, unit, reply.replied_at, reply.approved, reply.review_note)
