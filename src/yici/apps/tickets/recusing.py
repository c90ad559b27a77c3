"""Who may be kept out of a ticket, and keeping him out: on his own, or because the person asked (济南 art. 32)."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from yici.apps.people.models import Staff
from yici.apps.people.viewers import Viewer
from yici.apps.tickets.jurisdiction import at_centre, at_unit
from yici.apps.tickets.models import Recusal, Ticket
from yici.apps.tickets.routing import recuse
from yici.rules.people import Role
from yici.rules.tickets import CannotHandleTicket


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody who would have a part in the ticket."""

    public_id: UUID
    name: str
    post: str
    himself: bool


def recusable(viewer: Viewer, ticket_id: UUID) -> list[Member]:
    """Return who may be kept out, the viewer first: his own office, and for the hotline the unit that has it.

    Raises Ticket.DoesNotExist for whoever has no part in the ticket.
    """
    rows = _members(viewer, _ticket(viewer, ticket_id))
    found = [Member(row.public_id, row.name, row.post, row.pk == viewer.staff_id) for row in rows.order_by("pk")]
    return sorted(found, key=lambda one: not one.himself)


def keep_out(
    *, ticket_id: UUID, member_id: UUID, reason: str, asked_by_person: bool, by: Viewer, now: datetime
) -> None:
    """Keep one of them out; he sees the ticket no more. Raises CannotHandleTicket for anybody else, or no reason."""
    found = _members(by, _ticket(by, ticket_id)).filter(public_id=member_id).first()
    if found is None:
        raise CannotHandleTicket(zh="请先选择由谁回避。", en="Choose first who keeps out.")
    recuse(ticket_id=ticket_id, staff_id=found.pk, reason=reason, asked_by_person=asked_by_person, by=by, now=now)


def _ticket(viewer: Viewer, ticket_id: UUID) -> Ticket:
    rows = at_centre(viewer) if viewer.has_role(Role.HOTLINE) else at_unit(viewer)
    return rows.only("pk", "organisation_id").get(public_id=ticket_id)


def _members(viewer: Viewer, ticket: Ticket) -> QuerySet[Staff]:
    named = (viewer.organisation_id, ticket.organisation_id if viewer.has_role(Role.HOTLINE) else None)
    offices = [one for one in named if one is not None]
    kept_out = Recusal.objects.filter(ticket=ticket).values("staff_id")
    return Staff.objects.filter(organisation_id__in=offices).exclude(pk__in=kept_out)
