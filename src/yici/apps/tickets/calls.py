"""One call as one act: filed, classified, and where it can be, answered at once or joined to its matter."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from yici.apps.knowledge.queries import NoSuchArticle
from yici.apps.people.viewers import Viewer
from yici.apps.tickets import learning
from yici.apps.tickets.correspondence import attach_at_filing
from yici.apps.tickets.dispatching import Proposal, answer_at_once, triage
from yici.apps.tickets.filing import NO_LINKS, Filed, Links, file
from yici.apps.tickets.jurisdiction import at_centre
from yici.apps.tickets.matters import merge
from yici.apps.tickets.models import Attachment, Call, Ticket
from yici.rules.refusals import Refusal
from yici.rules.tickets import CannotHandleTicket, TicketChannel, TicketKind, TicketState, Urgency
from yici.rules.voices import Voice

Scan = tuple[str, bytes]  # file name and content, not yet checked


@dataclass(frozen=True, slots=True, kw_only=True)
class EndOfCall:
    """How a call ends: with an answer, with an article, with an open matter it joins; or none of them: it is filed."""

    category: str = ""
    answer: str = ""
    article_id: UUID | None = None
    joins: UUID | None = None


@dataclass(frozen=True, slots=True)
class Taken:
    """A call that was filed; ``refused`` says why it could not end as the operator wished."""

    filed: Filed
    joined: str = ""
    refused: Refusal | None = None


def take_call(
    *,
    voice: Voice,
    ending: EndOfCall,
    by: Viewer,
    now: datetime,
    links: Links = NO_LINKS,
    idempotency_key: str = "",
    scan: Scan | None = None,
    began_at: datetime | None = None,
) -> Taken:
    """File a call or letter and end it as asked. What cannot end so stays filed, with the reason.

    Raises CannotFile, and CannotTakePaper for a scan that is no good: then nothing is filed.
    """
    with transaction.atomic():
        filed = file(voice=voice, by=by, now=now, links=links, idempotency_key=idempotency_key)
        if not _is_new(filed):
            return Taken(filed)  # the same call sent twice: it has ended already
        if voice.channel is TicketChannel.PHONE:
            _write_down(filed, began_at, by, now)
        if scan is not None:
            name, content = scan
            attach_at_filing(ticket_id=filed.public_id, filename=name, content=content, by=by, now=now)
    try:
        with transaction.atomic():
            return Taken(filed, _end(filed, voice, ending, by, now))
    except Refusal as refused:
        return Taken(filed, refused=refused)


def _write_down(filed: Filed, began_at: datetime | None, by: Viewer, now: datetime) -> None:
    ticket = Ticket.objects.only("pk").get(public_id=filed.public_id)
    Call.objects.create(ticket=ticket, operator=by.label, began_at=began_at, filed_at=now)


def _is_new(filed: Filed) -> bool:
    fresh = Ticket.objects.filter(public_id=filed.public_id, state=TicketState.RECEIVED, category="")
    if Call.objects.filter(ticket__public_id=filed.public_id).exists():
        return False
    return fresh.exists() and not Attachment.objects.filter(ticket__in=fresh.values("pk")).exists()


def _end(filed: Filed, voice: Voice, ending: EndOfCall, by: Viewer, now: datetime) -> str:
    if ending.category:
        said = proposal_for(f"{voice.subject}。{voice.detail}")
        triage(ticket_id=filed.public_id, category_key=ending.category, proposal=said, by=by, now=now)
    if ending.joins is not None:
        return _join(filed, ending.joins, by, now)
    if ending.article_id is not None or ending.answer.strip():
        _answer(filed, ending, by, now)
    return ""


def _answer(filed: Filed, ending: EndOfCall, by: Viewer, now: datetime) -> None:
    try:
        answer_at_once(
            ticket_id=filed.public_id, text=ending.answer, article_id=ending.article_id, by=by, now=now
        )  # fmt: skip
    except NoSuchArticle:
        raise CannotHandleTicket(
            zh="这个知识条目已不再推荐。诉求已登记，请另行答复或派单。",
            en="This article is not offered any more. The call is filed: answer otherwise, or dispatch it.",
        ) from None


def _join(filed: Filed, leader_id: UUID, by: Viewer, now: datetime) -> str:
    """Attach the call to an open ticket, or to the one that leads it."""
    found = at_centre(by).filter(public_id=leader_id).select_related("leader").first()
    if found is None:
        raise CannotHandleTicket(zh="没有找到要并入的工单。", en="The ticket to join is not there.")
    leader = found.leader or found
    merge(leader_id=leader.public_id, follower_ids=[filed.public_id], title=leader.subject, by=by, now=now)
    return leader.reference


def classify(
    *, ticket_id: UUID, category_key: str, by: Viewer, now: datetime, kind: TicketKind | None, urgency: Urgency | None
) -> None:
    """Classify a ticket that is filed already, keeping what the model would have said beside it."""
    ticket = at_centre(by).only("subject", "detail").get(public_id=ticket_id)
    said = proposal_for(f"{ticket.subject}。{ticket.detail}")
    triage(
        ticket_id=ticket_id, category_key=category_key, kind=kind, urgency=urgency, proposal=said, by=by, now=now
    )  # fmt: skip


def proposal_for(text: str) -> Proposal | None:
    """Return what the model says of a text, to be kept beside what a person chose; None without a model."""
    said = learning.guess(text)
    if said is None:
        return None
    first = said.top3[0]
    return Proposal(
        category=first.key or first.words.zh[:60],
        probability=first.probability,
        precedents=tuple(one[:24] for one in said.precedents),
        model_version=said.version,
    )
