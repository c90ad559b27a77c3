"""Every reply is followed up: by phone, by message or on the page; whoever is not satisfied is heard (济南 art. 27)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from django.db import transaction

from yici.apps.people.viewers import Viewer
from yici.apps.tickets import moves, rows, supervising
from yici.apps.tickets.correspondence import locked_for_person
from yici.apps.tickets.limits import limits_for
from yici.apps.tickets.models import FollowUp, Part, Ticket
from yici.rules.supervision import Reason
from yici.rules.ticket_acts import Circumstances, Side, TicketAct
from yici.rules.tickets import Ending, Level

Way = Literal["phone", "sms", "web"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What the person said: solved (None: 未表态), satisfied, and in his own words."""

    satisfied: bool
    solved: bool | None = None
    words: str = ""
    way: Way = "phone"


@transaction.atomic
def record_attempt(*, ticket_id: UUID, way: Way, note: str, by: Viewer, now: datetime) -> int:
    """Record an attempt that did not reach the person; returns how many there were."""
    ticket = moves.locked_at_centre(by, ticket_id)
    ticket.attempts += 1
    moves.move(ticket, TicketAct.TRY_FOLLOW_UP, moves.hand_of(by, Side.CENTRE, now), Circumstances(reason=note))
    FollowUp.objects.create(ticket=ticket, way=way, reached=False, words=note.strip(), made_at=now, made_by=by.label)
    return ticket.attempts


@transaction.atomic
def close_unreached(*, ticket_id: UUID, by: Viewer, now: datetime) -> None:
    """Close a ticket whose person could not be reached often enough; it never counts as satisfied."""
    ticket = moves.locked_at_centre(by, ticket_id)
    limits = limits_for(ticket.region.code, now)
    needed = limits.row("ticket_follow_up_attempts").value
    given = Circumstances(attempts=ticket.attempts, attempts_needed=needed)
    moves.move(ticket, TicketAct.UNREACHED, moves.hand_of(by, Side.CENTRE, now), given, limits=limits)
    supervising.close_for_ticket(ticket, by.label, now)


@transaction.atomic
def record_follow_up(*, ticket_id: UUID, outcome: Outcome, by: Viewer, now: datetime) -> None:
    """Record what the person said when the hotline called him."""
    _take(moves.locked_at_centre(by, ticket_id), outcome, moves.hand_of(by, Side.CENTRE, now))


@transaction.atomic
def answer_follow_up(*, reference: str, outcome: Outcome, by: Viewer, now: datetime, follow_code: str = "") -> None:
    """Take the person's own word from the page or a link in a message; unnamed persons give their follow code."""
    _take(locked_for_person(by, reference, follow_code), outcome, _person(now))


def take_from_person(ticket: Ticket, outcome: Outcome, now: datetime) -> None:
    """Take the person's own word on a locked ticket; who asks has made sure that it is his."""
    _take(ticket, outcome, _person(now))


def _person(now: datetime) -> moves.Hand:
    return moves.Hand("person", "", Side.PERSON, now)


def _take(ticket: Ticket, outcome: Outcome, hand: moves.Hand) -> None:
    given = Circumstances(reason=outcome.words, wants_answer=ticket.wants_answer)
    what = TicketAct.SATISFIED if outcome.satisfied else TicketAct.DISSATISFIED
    ticket.attempts = 0 if not outcome.satisfied else ticket.attempts
    if not outcome.satisfied:
        ticket.contacted_at = None
    facts: dict[str, object] = {"solved": outcome.solved, "way": outcome.way}
    after = moves.move(ticket, what, hand, given, facts=facts)
    said = FollowUp(
        ticket_id=ticket.pk,
        way=outcome.way,
        reached=True,
        solved=outcome.solved,
        satisfied=outcome.satisfied,
        words=outcome.words.strip(),
        made_at=hand.now,
        made_by=hand.label,
    )
    rows.add(said)
    if outcome.satisfied:
        supervising.close_for_ticket(ticket, hand.label, hand.now)
    elif after.level is not Level.NONE:
        supervising.open_for_ticket(ticket, after.level, Reason.DISSATISFIED, hand)


@transaction.atomic
def reopen(*, reference: str, reason: str, by: Viewer, now: datetime, follow_code: str = "") -> None:
    """Object to the result: within the window, counted from the moment it was closed and from nothing later."""
    ticket = locked_for_person(by, reference, follow_code)
    closed = ticket.closed_at or now
    limits = limits_for(ticket.region.code, now)
    in_time = now < limits.moments("ticket_reopen", closed).due_at
    hand = _person(now)
    ticket.contacted_at, ticket.attempts = None, 0
    given = Circumstances(reason=reason, in_time=in_time)
    after = moves.move(ticket, TicketAct.REOPEN, hand, given, limits=limits)
    if after.level is not Level.NONE:
        supervising.open_for_ticket(ticket, after.level, Reason.DISSATISFIED, hand)


@transaction.atomic
def withdraw(*, reference: str, reason: str, by: Viewer, now: datetime, follow_code: str = "") -> None:
    """Withdraw one's own ticket; a ticket others follow is first parted from them by the hotline."""
    ticket = locked_for_person(by, reference, follow_code)
    followers = Ticket.objects.filter(leader_id=ticket.pk).count()
    given = Circumstances(ending=Ending.WITHDRAWN, reason=reason or "本人撤回", followers=followers)
    ticket.answered_at = ticket.answered_at or now
    moves.move(ticket, TicketAct.END, _person(now), given)
    Part.objects.filter(ticket=ticket, ended_at=None).update(ended_at=now, ended_by="person")
    supervising.close_for_ticket(ticket, "person", now)
