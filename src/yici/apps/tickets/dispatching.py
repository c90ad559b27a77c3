"""The hotline's part: classify, answer at once, dispatch, settle returns, arbitrate, end."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from yici.apps.knowledge import offering
from yici.apps.knowledge.actions import ask, count_use
from yici.apps.knowledge.models import Question
from yici.apps.people.viewers import Viewer
from yici.apps.places.models import Organisation
from yici.apps.tickets import moves, routing, rows
from yici.apps.tickets.limits import limits_for
from yici.apps.tickets.models import Classification, Part, Precedent, Reply, Return, Ticket
from yici.rules.knowledge import UseWay
from yici.rules.ticket_acts import Circumstances, Side, TicketAct
from yici.rules.ticket_categories import category
from yici.rules.ticket_endings import check_ending
from yici.rules.ticket_limits import answer_key
from yici.rules.tickets import CannotHandleTicket, Ending, TicketKind, TicketState, Urgency


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What a model proposed for a ticket; a person or a threshold decides, and corrections teach the next model."""

    category: str
    probability: float
    precedents: tuple[str, ...] = ()
    model_version: str = ""


@transaction.atomic
def triage(
    *,
    ticket_id: UUID,
    category_key: str,
    by: Viewer,
    now: datetime,
    kind: TicketKind | None = None,
    urgency: Urgency | None = None,
    proposal: Proposal | None = None,
) -> None:
    """Give a ticket its category, and correct its kind and urgency; the whole time is counted anew from its receipt.

    ``proposal`` is what the model said, kept beside what was chosen.
    """
    leaf = category(category_key)
    ticket = moves.locked_at_centre(by, ticket_id)
    ticket.category = leaf.key
    limits = limits_for(ticket.region.code, now)
    if (kind or ticket.kind) != ticket.kind or (urgency or ticket.urgency) != ticket.urgency:
        ticket.kind, ticket.urgency = kind or ticket.kind, urgency or ticket.urgency
        _count_anew(ticket)
    given = Classification(
        ticket_id=ticket.pk,
        category=leaf.key,
        proposed=proposal.category if proposal else "",
        probability=proposal.probability if proposal else None,
        precedents=list(proposal.precedents) if proposal else [],
        model_version=proposal.model_version if proposal else "",
        by=by.label,
        given_at=now,
    )
    rows.add(given)
    hand = moves.hand_of(by, Side.CENTRE, now)
    moves.move(ticket, TicketAct.TRIAGE, hand, Circumstances(), facts={"category": leaf.key}, limits=limits)


def _count_anew(ticket: Ticket) -> None:
    """Another kind or urgency has another limit; it counts from the receipt, never from now."""
    if not TicketState(ticket.state).waits_for_answer or ticket.rehandlings:
        return
    key = answer_key(TicketKind(ticket.kind), Urgency(ticket.urgency))
    limits = limits_for(ticket.region.code, ticket.received_at)
    whole = limits.moments(key, ticket.received_at)
    ticket.due_at, ticket.amber_at = whole.due_at, whole.amber_at
    if ticket.dispatched_at is not None and not ticket.extensions:
        handling = limits.moments(key, ticket.dispatched_at)
        ticket.handle_due_at, ticket.handle_amber_at = handling.due_at, handling.amber_at
        if ticket.state == TicketState.HANDLING:
            ticket.step_due_at, ticket.step_amber_at = handling.due_at, handling.amber_at


@transaction.atomic
def answer_at_once(*, ticket_id: UUID, text: str, by: Viewer, now: datetime, article_id: UUID | None = None) -> None:
    """Close a ticket with an answer (济南 art. 23(1)); reports are always looked into.

    With an article of the knowledge base its text is the answer unless the operator writes another, and it is counted.
    Raises CannotHandleTicket, and Article.DoesNotExist for an article that is not offered.
    """
    ticket = moves.locked_at_centre(by, ticket_id)
    facts: dict[str, object] | None = None
    if article_id is not None:
        offer = offering.offer(article_id, now=now)
        text = text.strip() or offer.body.text(ticket.language)
        facts = {"article": offer.key}
        count_use(
            article_id=article_id, way=UseWay.CALL, helped=True, region_code=ticket.region.code,
            ticket_reference=ticket.reference, by=by.label, now=now,
        )  # fmt: skip
    given = Circumstances(kind=TicketKind(ticket.kind), reason=text, followers=_followers(ticket))
    ticket.replied_at = ticket.answered_at = now
    moves.move(ticket, TicketAct.ANSWER_AT_ONCE, moves.hand_of(by, Side.CENTRE, now), given, facts=facts)
    Reply.objects.create(
        ticket=ticket,
        text=text.strip(),
        solved=True,
        replied_at=now,
        replied_by=by.label,
        approved=True,
        reviewed_at=now,
        reviewed_by=by.label,
    )


def _followers(ticket: Ticket) -> int:
    return Ticket.objects.filter(leader_id=ticket.pk).count() if ticket.matter_id else 0


@transaction.atomic
def dispatch(
    *,
    ticket_id: UUID,
    organisation_id: UUID,
    by: Viewer,
    now: datetime,
    note: str = "",
    co_handlers: Sequence[UUID] = (),
) -> None:
    """Give a ticket to the organisation that leads (首接负责制), with co-handlers that report to it.

    Accepts an open return, if there is one. Raises CannotHandleTicket for an accused organisation or one below it.
    """
    ticket = moves.locked_at_centre(by, ticket_id)
    unit = routing.unit_row(by, organisation_id)
    forbidden = routing.forbidden(ticket, [unit.pk], followers=ticket.matter_id is not None)
    if ticket.state == TicketState.RETURNED:
        _settle_return(ticket, accepted=True, answer=note, by=by, now=now)
    given = Circumstances(to=unit.pk, forbidden=forbidden, reason=note)
    moves.move(ticket, TicketAct.DISPATCH, moves.hand_of(by, Side.CENTRE, now), given)
    if ticket.kind == TicketKind.CONSULT:
        _make_knowledge_work(ticket, by, now)
    for other in co_handlers:
        add_part(ticket, organisation_id=other, asked=note or "协办", by=by, side=Side.CENTRE, now=now)


def _make_knowledge_work(ticket: Ticket, by: Viewer, now: datetime) -> None:
    """A question that the hotline had to pass on becomes an article, or a reason why not (济南 art. 34)."""
    if ticket.sealed or Question.objects.filter(ticket_reference=ticket.reference).exists():
        return
    assert ticket.organisation_id is not None  # dispatched just now
    organisation = Organisation.objects.get(pk=ticket.organisation_id)
    subject = Ticket.objects.values_list("subject", flat=True).get(pk=ticket.pk)
    ask(
        organisation=organisation, region=ticket.region, text=subject, item_key=ticket.item_key,
        ticket_reference=ticket.reference, by=by.label, now=now,
    )  # fmt: skip


def add_part(ticket: Ticket, *, organisation_id: UUID, asked: str, by: Viewer, side: Side, now: datetime) -> Part:
    """Ask a co-handler of a locked ticket; it reports to the lead before the lead's own time is up."""
    unit = routing.unit_row(by, organisation_id)
    forbidden = routing.forbidden(ticket, [unit.pk], followers=ticket.matter_id is not None)
    given = Circumstances(to=unit.pk, forbidden=forbidden, reason=asked)
    hand = moves.hand_of(by, side, now)
    moves.move(ticket, TicketAct.SUB_DISPATCH, hand, given, facts={"co_handler": unit.pk})
    return Part.objects.create(
        ticket=ticket,
        organisation=unit,
        asked=asked.strip(),
        asked_at=now,
        asked_by=by.label,
        due_at=ticket.handle_due_at or ticket.due_at,
    )


def _settle_return(ticket: Ticket, *, accepted: bool, answer: str, by: Viewer, now: datetime) -> None:
    open_return = Return.objects.filter(ticket=ticket, settled_at=None).order_by("-pk").first()
    if open_return is not None:
        open_return.accepted, open_return.answer = accepted, answer.strip()
        open_return.settled_at, open_return.settled_by = now, by.label
        open_return.save(update_fields=["accepted", "answer", "settled_at", "settled_by"])


@transaction.atomic
def refuse_return(*, ticket_id: UUID, reason: str, by: Viewer, now: datetime) -> None:
    """Give a returned ticket back to the unit: it stays its duty, and it gets no more time for having asked."""
    ticket = moves.locked_at_centre(by, ticket_id)
    moves.move(ticket, TicketAct.REFUSE_RETURN, moves.hand_of(by, Side.CENTRE, now), Circumstances(reason=reason))
    _settle_return(ticket, accepted=False, answer=reason, by=by, now=now)


@transaction.atomic
def arbitrate(
    *,
    ticket_id: UUID,
    organisation_id: UUID,
    reason: str,
    by: Viewer,
    now: datetime,
    present: str = "",
    basis: str = "",
    co_handlers: Sequence[UUID] = (),
) -> None:
    """Decide a dispute: it binds this ticket and proposes for the next of its category and place (北京 art. 12).

    ``present`` names the organisations at the meeting.
    """
    ticket = moves.locked_at_centre(by, ticket_id)
    unit = routing.unit_row(by, organisation_id)
    forbidden = routing.forbidden(ticket, [unit.pk], followers=ticket.matter_id is not None)
    refused = list(ticket.returned_by)
    given = Circumstances(to=unit.pk, forbidden=forbidden, reason=reason)
    moves.move(ticket, TicketAct.ARBITRATE, moves.hand_of(by, Side.CENTRE, now), given, facts={"refused": refused})
    Return.objects.filter(ticket=ticket, settled_at=None).update(
        accepted=unit.pk not in refused, settled_at=now, settled_by=by.label
    )
    Precedent.objects.create(
        ticket=ticket,
        category=ticket.category,
        region=ticket.region,
        organisation=unit,
        refused=[one for one in refused if one != unit.pk],
        reason=reason.strip(),
        basis=basis[:200],
        present=present[:300],
        decided_at=now,
        decided_by=by.label,
    )
    for other in co_handlers:
        add_part(ticket, organisation_id=other, asked=reason, by=by, side=Side.CENTRE, now=now)


@transaction.atomic
def end(
    *, ticket_id: UUID, ending: Ending, told: str, by: Viewer, now: datetime, record: str = "", earlier: str = ""
) -> None:
    """End a ticket on a lawful ground, with what the person was told and what the ground needs on record.

    ``record``: the warning, the route or the unit's statement; ``earlier``: the reference of the ticket that this one
    only repeats. Raises CannotHandleTicket.
    """
    if ending is Ending.WITHDRAWN:
        raise CannotHandleTicket(zh="只有本人可以撤回诉求。", en="Only the person himself withdraws a ticket.")
    ticket = moves.locked_at_centre(by, ticket_id)
    rule = check_ending(ending, told=told, record=earlier or record)
    if ending is Ending.DUPLICATE:
        _check_earlier(by, ticket, earlier)
    given = Circumstances(ending=ending, reason=f"{told.strip()}｜{record or earlier}", followers=_followers(ticket))
    ticket.answered_at = ticket.answered_at or now
    hand = moves.hand_of(by, Side.CENTRE, now)
    moves.move(ticket, TicketAct.END, hand, given, facts={"ending": str(ending), "basis": rule.basis.zh})
    Part.objects.filter(ticket=ticket, ended_at=None).update(ended_at=now, ended_by=by.label)


def _check_earlier(by: Viewer, ticket: Ticket, reference: str) -> None:
    """The same person or the same matter has been handled or is being handled: look before ending (济南 art. 25)."""
    earlier = Ticket.objects.filter(reference=reference.strip(), received_at__lt=ticket.received_at)
    found = earlier.filter(region__path__startswith=by.region_path or "-").exclude(pk=ticket.pk).first()
    if found is None:
        raise CannotHandleTicket(
            zh=f"没有找到此前的工单“{reference[:24]}”。请核对编号；没有办理过的诉求不能以重复为由终止。",
            en=f"There is no earlier ticket '{reference[:24]}'. Check the number: what was never handled is not "
            "repeated.",
        )
