"""Matters: merge tickets about one thing, part them again, and give each person the one handling's answer."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Count

from yici.apps.people.viewers import Viewer
from yici.apps.tickets import moves, routing, rows
from yici.apps.tickets.jurisdiction import at_centre
from yici.apps.tickets.limits import limits_for
from yici.apps.tickets.models import Matter, Membership, Reply, Ticket
from yici.rules import matters as rules
from yici.rules.matters import Secrecy
from yici.rules.ticket_acts import Side
from yici.rules.tickets import CannotHandleTicket, ExtensionGround, Standing, TicketState


@transaction.atomic
def merge(*, leader_id: UUID, follower_ids: Sequence[UUID], title: str, by: Viewer, now: datetime) -> UUID:
    """Handle several tickets as one matter, led by one of them; returns the matter.

    Each keeps its own person, its own whole time and its own follow-up. Raises CannotHandleTicket.
    """
    leader, *followers = _all_locked(by, [leader_id, *follower_ids])
    if not followers:
        raise CannotHandleTicket(zh="请至少选择两件工单并案。", en="Choose at least two tickets to merge.")
    hand = moves.hand_of(by, Side.CENTRE, now)
    matter = _matter_of(leader, title, hand)
    leading = dict(Ticket.objects.filter(leader__in=followers).values_list("leader").annotate(Count("pk")))
    for one in followers:
        _follow(leader, one, leading.get(one.pk, 0), matter, hand)
    moves.write(leader, "merged", hand, facts={"matter": str(matter.public_id), "followers": len(followers)})
    return matter.public_id


def _all_locked(by: Viewer, public_ids: list[UUID]) -> list[Ticket]:
    """Return the tickets in the order asked for; each must be the hotline's, or nothing is done."""
    wanted = list(dict.fromkeys(public_ids))
    keys = dict(at_centre(by).filter(public_id__in=wanted).values_list("public_id", "pk"))
    if len(keys) < len(wanted):
        raise Ticket.DoesNotExist
    found = {row.public_id: row for row in rows.locked_rows(keys.values())}
    return [found[one] for one in wanted]


def _matter_of(leader: Ticket, title: str, hand: moves.Hand) -> Matter:
    if leader.matter_id is not None and leader.leader_id is None:
        known = leader.matter
        assert known is not None
        return known
    matter = Matter.objects.create(
        title=title.strip()[:200],
        region=leader.region,
        category=leader.category,
        opened_at=hand.now,
        opened_by=hand.label,
    )
    leader.matter = matter
    Membership.objects.create(matter=matter, ticket=leader, leads=True, joined_at=hand.now, joined_by=hand.label)
    return matter


def _follow(leader: Ticket, one: Ticket, followers: int, matter: Matter, hand: moves.Hand) -> None:
    before = moves.standing_of(one)
    after = rules.merge(
        moves.standing_of(leader),
        before,
        leader_id=leader.pk,
        followers=followers,
        of_leader=_secrecy(leader, one),
        of_follower=_secrecy(one, leader),
    )
    kept = _kept(one, before)
    # A leader that nobody followed any more may join another matter.
    Membership.objects.filter(ticket=one, left_at=None).update(left_at=hand.now, left_by=hand.label)
    moves.place(one, before, after, hand.now)
    one.matter = matter
    Membership.objects.create(matter=matter, ticket=one, before=kept, joined_at=hand.now, joined_by=hand.label)
    moves.write(one, "merged", hand, facts={"matter": str(matter.public_id), "leader": leader.reference})


def _secrecy(ticket: Ticket, other: Ticket) -> Secrecy:
    asked = [other.organisation_id] if other.organisation_id is not None else []
    return Secrecy(sealed=ticket.sealed, forbidden=routing.forbidden(ticket, asked))


def _kept(ticket: Ticket, standing: Standing) -> dict[str, Any]:
    """Return how a ticket stands, as plain values: numbers and moments, no words of anybody."""
    moments = (ticket.dispatched_at, ticket.handle_due_at, ticket.handle_amber_at)
    return {
        "state": str(standing.state),
        "unit": standing.unit,
        "returned_by": list(standing.returned_by),
        "bound": standing.bound,
        "extensions": sorted(standing.extensions),
        "rehandlings": standing.rehandlings,
        "level": int(standing.level),
        "moments": [None if one is None else one.isoformat() for one in moments],
    }


def _standing_before(kept: dict[str, Any]) -> Standing:
    return Standing(
        state=TicketState(kept["state"]),
        unit=kept["unit"],
        returned_by=tuple(kept["returned_by"]),
        bound=kept["bound"],
        extensions=frozenset(map(ExtensionGround, kept["extensions"])),
        rehandlings=kept["rehandlings"],
    )


@transaction.atomic
def unmerge(*, ticket_id: UUID, reason: str, by: Viewer, now: datetime) -> None:
    """Part a ticket from its matter: it stands where it stood, with its own unit and handling time.

    The step it waits in begins anew; the whole time never stopped. Raises CannotHandleTicket.
    """
    ticket = moves.locked_at_centre(by, ticket_id)
    membership = Membership.objects.filter(ticket=ticket, left_at=None, leads=False).first()
    merged = moves.standing_of(ticket)
    before = _standing_before(membership.before) if membership is not None else None
    after = rules.unmerge(_with(merged, before))
    assert membership is not None
    hand = moves.hand_of(by, Side.CENTRE, now)
    moves.place(ticket, merged, after, now)
    ticket.dispatched_at, ticket.handle_due_at, ticket.handle_amber_at = (
        None if one is None else datetime.fromisoformat(one) for one in membership.before["moments"]
    )
    moves.set_step(ticket, after, now, limits_for(ticket.region.code, now))
    moves.set_harm(ticket)
    ticket.matter = None
    membership.left_at, membership.left_by = now, by.label
    membership.save(update_fields=["left_at", "left_by"])
    moves.write(ticket, "unmerged", hand, reason=reason)


def _with(merged: Standing, before: Standing | None) -> Standing:
    return Standing(state=merged.state, level=merged.level, leader=merged.leader, before=before)


def answer_followers(leader: Ticket, after: Standing, answer: Reply, hand: moves.Hand) -> None:
    """Give every follower the approved reply and a follow-up of its own, in the leader's transaction."""
    keys = Ticket.objects.filter(leader_id=leader.pk, state=TicketState.MERGED).values_list("pk", flat=True)
    for one in rows.locked_rows(keys):
        before = moves.standing_of(one)
        moves.place(one, before, rules.answered_with(after, before), hand.now)
        one.replied_at, one.answered_at = answer.replied_at, hand.now
        moves.write(one, "approve", hand, facts={"leader": leader.reference})
        Reply.objects.create(
            ticket=one,
            organisation_id=answer.organisation_id,
            text=answer.text,
            justified=answer.justified,
            solved=answer.solved,
            replied_at=answer.replied_at,
            replied_by=answer.replied_by,
            approved=True,
            reviewed_at=hand.now,
            reviewed_by=hand.label,
        )
