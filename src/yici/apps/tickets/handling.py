"""The unit's part: sign, contact, return, ask co-handlers and more time, reply; and the hotline's review."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from yici.apps.people.viewers import Viewer
from yici.apps.places.models import Organisation
from yici.apps.tickets import matters, moves, rows
from yici.apps.tickets.dispatching import add_part
from yici.apps.tickets.limits import limits_for
from yici.apps.tickets.models import MoreTime, Part, Reply, Return, Ticket
from yici.rules.clock_courses import local_day
from yici.rules.ticket_acts import Circumstances, Side, TicketAct
from yici.rules.ticket_limits import Moments, handling_key, until_the_end_of
from yici.rules.ticket_routing import is_across
from yici.rules.tickets import CannotHandleTicket, ExtensionGround, Standing, TicketKind, TicketState, Urgency


@transaction.atomic
def sign(*, ticket_id: UUID, by: Viewer, now: datetime) -> None:
    """Sign for a dispatched ticket; the handling time runs since the dispatch, not since now."""
    ticket = moves.locked_at_unit(by, ticket_id)
    moves.move(ticket, TicketAct.SIGN, moves.hand_of(by, Side.UNIT, now), Circumstances())


@transaction.atomic
def record_contact(*, ticket_id: UUID, note: str, by: Viewer, now: datetime) -> None:
    """Record that the person was contacted and heard before anything was decided (北京 art. 15(1))."""
    ticket = moves.locked_at_unit(by, ticket_id)
    ticket.contacted_at = ticket.contacted_at or now
    moves.move(ticket, TicketAct.CONTACT, moves.hand_of(by, Side.UNIT, now), Circumstances(reason=note))


@transaction.atomic
def send_back(*, ticket_id: UUID, reason: str, by: Viewer, now: datetime, named_id: UUID | None = None) -> None:
    """Return a ticket that is not the unit's duty, within the limit, saying whose it is (安阳 art. 50).

    A second return, or one between a region and a department, goes to arbitration by itself.
    """
    ticket = moves.locked_at_unit(by, ticket_id)
    named = Organisation.objects.filter(public_id=named_id).first() if named_id else None
    across = is_across(by.organisation_kind, named.kind if named else "")
    limits = limits_for(ticket.region.code, now)
    until = limits.moments("ticket_return", ticket.dispatched_at or ticket.received_at).due_at
    given = Circumstances(reason=reason, in_time=now < until, across=across)
    unit = ticket.organisation_id
    moves.move(ticket, TicketAct.SEND_BACK, moves.hand_of(by, Side.UNIT, now), given, limits=limits)
    Part.objects.filter(ticket=ticket, ended_at=None).update(ended_at=now, ended_by=by.label)
    assert unit is not None
    Return.objects.create(
        ticket=ticket,
        organisation_id=unit,
        named=named,
        reason=reason.strip(),
        across=across,
        returned_at=now,
        returned_by=by.label,
    )


@transaction.atomic
def ask_co_handler(*, ticket_id: UUID, organisation_id: UUID, asked: str, by: Viewer, now: datetime) -> UUID:
    """Ask another organisation to help; the lead stays responsible for the whole (北京 art. 14). Returns the part."""
    if not asked.strip():
        raise CannotHandleTicket(zh="请写明需要协办单位做什么。", en="Say what the co-handler is to do.")
    ticket = moves.locked_at_unit(by, ticket_id)
    part = add_part(ticket, organisation_id=organisation_id, asked=asked, by=by, side=Side.UNIT, now=now)
    return part.public_id


@transaction.atomic
def report_part(*, part_id: UUID, report: str, finished: bool, by: Viewer, now: datetime) -> None:
    """Report to the lead; a stage only (``finished`` False) leaves the part open (北京 art. 14)."""
    part = Part.objects.select_for_update().get(public_id=part_id, organisation_id=by.organisation_id or 0)
    if part.ended_at is not None or not report.strip():
        raise CannotHandleTicket(
            zh="请写明办理情况；已结束的协办不能再反馈。",
            en="Write what was done. A part that has ended takes no report.",
        )
    part.report, part.finished = report.strip(), finished
    if finished:
        part.ended_at, part.ended_by = now, by.label
    part.save(update_fields=["report", "finished", "ended_at", "ended_by"])
    _note(part.ticket_id, "part_reported", by, now, report)


@transaction.atomic
def release_part(*, part_id: UUID, reason: str, by: Viewer, now: datetime) -> None:
    """Let a co-handler go, with the reason: the lead answers without it."""
    part = Part.objects.select_for_update().get(public_id=part_id, ticket__organisation_id=by.organisation_id or 0)
    if part.ended_at is not None or not reason.strip():
        raise CannotHandleTicket(zh="请写明解除协办的理由。", en="Say why the co-handler is released.")
    part.ended_at, part.ended_by = now, by.label
    part.save(update_fields=["ended_at", "ended_by"])
    _note(part.ticket_id, "part_released", by, now, reason)


def _note(ticket_pk: int, kind: str, by: Viewer, now: datetime, reason: str) -> None:
    ticket = rows.locked_rows([ticket_pk])[0]
    moves.write(ticket, kind, moves.hand_of(by, Side.UNIT, now), reason=reason)


@transaction.atomic
def ask_more_time(
    *,
    ticket_id: UUID,
    ground: ExtensionGround,
    reason: str,
    by: Viewer,
    now: datetime,
    until: date | None = None,
    basis: str = "",
) -> None:
    """Ask for more time before the time is up: once on each ground, with the reason the person is told.

    A longer time of a law names it (``basis``) and the day; what cannot be solved for now names the measures in
    ``reason`` and an explicit day (济南 art. 24).
    """
    _check_until(ground, until, basis, local_day(now))
    ticket = moves.locked_at_unit(by, ticket_id)
    in_time = ticket.step_due_at is not None and now < ticket.step_due_at
    given = Circumstances(reason=reason, ground=ground, in_time=in_time)
    hand = moves.hand_of(by, Side.UNIT, now)
    moves.move(ticket, TicketAct.ASK_EXTENSION, hand, given, facts={"ground": str(ground)})
    MoreTime.objects.create(
        ticket=ticket,
        ground=ground,
        reason=reason.strip(),
        basis=basis.strip()[:200],
        until=until if ground is not ExtensionGround.ORDINARY else None,
        asked_at=now,
        asked_by=by.label,
    )


def _check_until(ground: ExtensionGround, until: date | None, basis: str, today: date) -> None:
    if ground is ExtensionGround.ORDINARY:
        return
    if until is None or until <= today:
        raise CannotHandleTicket(
            zh="请写明明确的解决日期，且在今天之后（济南市12345市民服务热线条例第二十四条）。",
            en="Name the explicit day on which it will be solved, later than today (Jinan Hotline Regulation art. 24).",
        )
    if ground is ExtensionGround.LAW and not basis.strip():
        raise CannotHandleTicket(
            zh="请写明规定更长期限的法律、法规或规章条款。", en="Name the law and article that sets the longer time."
        )


@transaction.atomic
def settle_more_time(*, ticket_id: UUID, grant: bool, answer: str, by: Viewer, now: datetime) -> None:
    """Grant or refuse more time; both clocks are lengthened together, so that one never overtakes the other."""
    ticket = moves.locked_at_centre(by, ticket_id)
    what = TicketAct.EXTEND if grant else TicketAct.REFUSE_EXTENSION
    asked = MoreTime.objects.filter(ticket=ticket, settled_at=None).first()
    if grant and asked is not None:
        _lengthen(ticket, asked)
    moves.move(ticket, what, moves.hand_of(by, Side.CENTRE, now), Circumstances(reason=answer))
    if asked is not None:
        asked.granted, asked.answer, asked.settled_at, asked.settled_by = grant, answer.strip(), now, by.label
        asked.save(update_fields=["granted", "answer", "settled_at", "settled_by"])


def _lengthen(ticket: Ticket, asked: MoreTime) -> None:
    handling, whole = (_to_the_day if asked.until is not None else _by_the_rule)(ticket, asked)
    ticket.handle_due_at, ticket.handle_amber_at = handling.due_at, handling.amber_at
    ticket.step_due_at, ticket.step_amber_at = handling.due_at, handling.amber_at
    ticket.due_at, ticket.amber_at = whole.due_at, whole.amber_at


def _to_the_day(ticket: Ticket, asked: MoreTime) -> tuple[Moments, Moments]:
    assert asked.until is not None
    due, begun = until_the_end_of(asked.until), ticket.dispatched_at or ticket.received_at
    percent = limits_for(ticket.region.code, asked.asked_at).amber_percent
    both = Moments(begun + (due - begun) * percent / 100, due)
    return both, both


def _by_the_rule(ticket: Ticket, asked: MoreTime) -> tuple[Moments, Moments]:
    """Add the working days of the law's row to the period as it was given (安阳 art. 50: five, once)."""
    begun = ticket.dispatched_at or ticket.received_at
    limits = limits_for(ticket.region.code, asked.asked_at)
    added = [limits.row("ticket_extension").period]
    key = handling_key(moves.standing_of(ticket), TicketKind(ticket.kind), Urgency(ticket.urgency))
    handling = limits.moments(key, begun, added)
    return handling, limits.moments(key, ticket.received_at if not ticket.rehandlings else begun, added)


@transaction.atomic
def reply(
    *,
    ticket_id: UUID,
    text: str,
    by: Viewer,
    now: datetime,
    inner_note: str = "",
    justified: bool | None = None,
    solved: bool | None = None,
) -> None:
    """Reply for the whole matter; the hotline reviews it before anybody is told it is done (济南 art. 27)."""
    ticket = moves.locked_at_unit(by, ticket_id)
    open_parts = rows.open_parts(ticket.pk)
    given = Circumstances(
        reason=text,
        open_parts=open_parts,
        contacted=ticket.contacted_at is not None,
        reachable=is_reachable(ticket),
        wants_answer=ticket.wants_answer,
    )
    ticket.replied_at = now
    moves.move(ticket, TicketAct.REPLY, moves.hand_of(by, Side.UNIT, now), given)
    answer = Reply(
        ticket_id=ticket.pk,
        organisation_id=ticket.organisation_id,
        text=text.strip(),
        inner_note=inner_note.strip(),
        justified=justified,
        solved=solved,
        replied_at=now,
        replied_by=by.label,
    )
    rows.add(answer)


def is_reachable(ticket: Ticket) -> bool:
    """Whether the unit can contact the person: his number is known and not kept from it."""
    return bool(ticket.phone_hash or ticket.party_id) and not ticket.keep_secret


@transaction.atomic
def review_reply(*, ticket_id: UUID, approve: bool, note: str, by: Viewer, now: datetime) -> None:
    """Review a reply (济南 art. 27: each one); approved, it answers every person of the matter, each followed up."""
    ticket = moves.locked_at_centre(by, ticket_id)
    waiting = rows.waiting_reply(ticket.pk)
    if waiting is None:
        raise CannotHandleTicket(zh="没有待审核的答复。", en="No reply waits for a review.")
    what = TicketAct.APPROVE if approve else TicketAct.REJECT
    if approve:
        ticket.answered_at = now
    given = Circumstances(reason=note, same_hand=waiting[1] == by.label)
    hand = moves.hand_of(by, Side.CENTRE, now)
    before: Standing = moves.standing_of(ticket)
    after = moves.move(ticket, what, hand, given)
    assert before.state is TicketState.REPLIED
    Reply.objects.filter(pk=waiting[0]).update(
        approved=approve, review_note=note.strip(), reviewed_at=now, reviewed_by=by.label
    )
    if approve and ticket.matter_id is not None:
        matters.answer_followers(ticket, after, Reply.objects.get(pk=waiting[0]), hand)
