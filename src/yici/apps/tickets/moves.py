"""The one way a ticket changes: an act the rules allow, with its clocks, its line of history and its journal line.

Written for the hot path: one statement reads and locks, one changes the ticket and adds the act, one is the journal's.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from yici.apps.journal import actions as journal
from yici.apps.people.viewers import Viewer
from yici.apps.tickets import rows
from yici.apps.tickets.jurisdiction import chain_of
from yici.apps.tickets.limits import limits_for
from yici.apps.tickets.models import Act, Ticket
from yici.rules import ticket_moves as rules
from yici.rules.people import Role
from yici.rules.ticket_acts import Circumstances, Side, TicketAct
from yici.rules.ticket_limits import Limits, handling_key
from yici.rules.tickets import (
    Ending,
    ExtensionGround,
    Level,
    Standing,
    TicketKind,
    TicketState,
    Urgency,
    renews_handling,
    step_clock,
)


@dataclass(frozen=True, slots=True)
class Hand:
    """Who acts, in which part, at which moment."""

    label: str
    name: str
    side: Side
    now: datetime


def hand_of(viewer: Viewer, side: Side, now: datetime) -> Hand:
    """Return the viewer as the one who acts."""
    return Hand(viewer.label, viewer.name, side, now)


def by_clock(now: datetime) -> Hand:
    """Return the sweep as the one who acts."""
    return Hand("system:clock", "系统（时限）", Side.CLOCK, now)


def locked_at_centre(viewer: Viewer, ticket_id: UUID) -> Ticket:
    """Return a ticket of the hotline's jurisdiction, locked. Raises Ticket.DoesNotExist for anybody else."""
    ticket = rows.locked(ticket_id, viewer.staff_id)
    if not viewer.has_role(Role.HOTLINE) or not viewer.covers(ticket.region.path):
        raise Ticket.DoesNotExist
    return _unconcerned(viewer, ticket)


def locked_at_unit(viewer: Viewer, ticket_id: UUID) -> Ticket:
    """Return a ticket that lies with the viewer's organisation, locked. Raises Ticket.DoesNotExist."""
    ticket = rows.locked(ticket_id, viewer.staff_id)
    if not viewer.is_staff or ticket.organisation_id != viewer.organisation_id or not is_with_its_unit(ticket):
        raise Ticket.DoesNotExist
    return _unconcerned(viewer, ticket)


def is_with_its_unit(ticket: Ticket) -> bool:
    """Whether the unit named in the row has it, or had it when it was answered."""
    return ticket.organisation_id is not None and ticket.state not in {
        TicketState.RECEIVED,
        TicketState.RETURNED,
        TicketState.ARBITRATION,
        TicketState.MERGED,
    }


def _unconcerned(viewer: Viewer, ticket: Ticket) -> Ticket:
    """Refuse, as if there were no such ticket, whoever is accused in it or recused from it (济南 art. 32)."""
    if ticket.accused_id is not None and ticket.accused_id in chain_of(viewer.organisation_id):
        raise Ticket.DoesNotExist
    if viewer.staff_id is not None and ticket.accused_staff_id == viewer.staff_id:
        raise Ticket.DoesNotExist
    if ticket.is_recused:
        raise Ticket.DoesNotExist
    return ticket


def standing_of(ticket: Ticket) -> Standing:
    """Return where a ticket stands, for the rules; how it stood before a merge is kept in its membership."""
    return Standing(
        state=TicketState(ticket.state),
        unit=ticket.organisation_id,
        returned_by=tuple(ticket.returned_by),
        bound=ticket.bound,
        extensions=frozenset(map(ExtensionGround, ticket.extensions)),
        asked=ExtensionGround(ticket.asked) if ticket.asked else None,
        rehandlings=ticket.rehandlings,
        level=Level(ticket.level),
        leader=ticket.leader_id,
        ending=Ending(ticket.ending) if ticket.ending else None,
    )


def move(
    ticket: Ticket,
    what: TicketAct,
    hand: Hand,
    given: Circumstances,
    *,
    facts: dict[str, object] | None = None,
    limits: Limits | None = None,
) -> Standing:
    """Do one act on a locked ticket and write it down. Raises CannotHandleTicket, and then nothing is written."""
    before = standing_of(ticket)
    after = rules.act(before, what, hand.side, given)
    place(ticket, before, after, hand.now, limits)
    write(ticket, what, hand, reason=given.reason, facts=facts)
    return after


def place(ticket: Ticket, before: Standing, after: Standing, now: datetime, limits: Limits | None = None) -> None:
    """Put a ticket where the rules say it stands, with its clocks (not saved here)."""
    ticket.state, ticket.organisation_id = after.state, after.unit
    ticket.returned_by, ticket.bound = list(after.returned_by), after.bound
    ticket.extensions, ticket.asked = sorted(after.extensions), after.asked or ""
    ticket.rehandlings, ticket.level = after.rehandlings, after.level
    ticket.leader_id, ticket.ending = after.leader, after.ending or ""
    if after.unit != before.unit and after.unit is not None:
        ticket.dispatched_at = now
    if after.state != before.state or renews_handling(before, after):
        _set_clocks(ticket, before, after, now, limits or limits_for(ticket.region.code, now))
    set_harm(ticket)


def _set_clocks(ticket: Ticket, before: Standing, after: Standing, now: datetime, limits: Limits) -> None:
    key = handling_key(after, TicketKind(ticket.kind), Urgency(ticket.urgency))
    if renews_handling(before, after):
        handling = limits.moments(key, now)
        ticket.handle_due_at, ticket.handle_amber_at = handling.due_at, handling.amber_at
    if after.state.waits_for_answer and not before.state.waits_for_answer:
        # Handled again: the person waits anew, and the time counts from his objection.
        whole = limits.moments(key, now)
        ticket.due_at, ticket.amber_at, ticket.answered_at = whole.due_at, whole.amber_at, None
    if not after.state.is_open:
        ticket.closed_at = now
    elif before.state is TicketState.CLOSED:
        ticket.closed_at = None
    set_step(ticket, after, now, limits)


def set_step(ticket: Ticket, after: Standing, now: datetime, limits: Limits) -> None:
    """Start the one step clock of the state; a unit's own is the handling time it was given at the dispatch."""
    clock = step_clock(after)
    if clock is None:
        ticket.step_due_at = ticket.step_amber_at = None
    elif clock == "handle":
        ticket.step_due_at, ticket.step_amber_at = ticket.handle_due_at, ticket.handle_amber_at
    else:
        step = limits.moments(f"ticket_{clock}", now)
        ticket.step_due_at, ticket.step_amber_at = step.due_at, step.amber_at


def set_harm(ticket: Ticket) -> None:
    """Write down the earlier of the running clocks: what the sweep walks by."""
    whole = ticket.due_at if TicketState(ticket.state).waits_for_answer else None
    ticket.harm_at = min((due for due in (ticket.step_due_at, whole) if due is not None), default=None)


def write(ticket: Ticket, kind: str, hand: Hand, *, reason: str = "", facts: dict[str, object] | None = None) -> None:
    """Save what changed with its line of history, in one statement, then the journal's line."""
    act = _act(ticket, kind, hand, reason)
    rows.change(ticket, act)
    journal.record(
        f"ticket.{kind}",
        subject=ticket.reference,
        by=hand.label,
        now=hand.now,
        facts={"state": str(ticket.state), "organisation": ticket.organisation_id} | (facts or {}),
    )


def remember(ticket: Ticket, kind: str, hand: Hand) -> None:
    """Add a line of history for an act upon many tickets at once, whose one journal line is written elsewhere."""
    rows.change(ticket, _act(ticket, kind, hand, ""))


def _act(ticket: Ticket, kind: str, hand: Hand, reason: str) -> Act:
    return Act(
        ticket=ticket,
        kind=kind,
        side=hand.side,
        state=ticket.state,
        organisation_id=ticket.organisation_id,
        by=hand.label,
        by_name=hand.name,
        acted_at=hand.now,
        reason=reason.strip(),
    )


def insert(ticket: Ticket, hand: Hand) -> bool:
    """Write a new ticket with its first act; False when its idempotency key was used before."""
    return rows.insert(ticket, _act(ticket, "file", hand, ""))
