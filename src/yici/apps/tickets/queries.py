"""What may be seen of tickets, by whom: the person his own, the unit what lies with it, the hotline its region."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from yici.apps.people.viewers import Viewer
from yici.apps.places.models import Region
from yici.apps.tickets.filing import follow_hash
from yici.apps.tickets.jurisdiction import at_centre, at_part, at_unit, own
from yici.apps.tickets.lists import TicketPage, centre_queue, find, unit_inbox
from yici.apps.tickets.models import Attachment, Card, Part, Reminder, Supervision, Ticket
from yici.apps.tickets.texting.links import Said, said
from yici.apps.tickets.views import DeskTicket, PersonTicket, TicketLine, desk_ticket, line_of, listed, person_ticket
from yici.rules.people import Role
from yici.rules.tickets import TicketState

__all__ = [  # the work lists, and what is said below
    "Said",
    "TicketPage",
    "attachment",
    "centre_counts",
    "centre_queue",
    "desk_view",
    "find",
    "followed",
    "followers_of",
    "own_paper",
    "own_tickets",
    "part_inbox",
    "said",
    "unit_counts",
    "unit_inbox",
]
NoSuchTicket = (
    Ticket.DoesNotExist,
    Part.DoesNotExist,
    Card.DoesNotExist,
    Supervision.DoesNotExist,
    Attachment.DoesNotExist,
)
MOST_COUNTED = 1000
UNIT_TABS = (TicketState.DISPATCHED, TicketState.HANDLING, TicketState.REPLIED)
CENTRE_TABS = (
    TicketState.RECEIVED,
    TicketState.RETURNED,
    TicketState.ARBITRATION,
    TicketState.REPLIED,
    TicketState.FOLLOW_UP,
)
_LISTED = (
    "public_id", "reference", "kind", "urgency", "state", "subject", "category", "received_at", "due_at", "amber_at",
    "step_due_at", "step_amber_at", "level", "ending", "region__name", "region__name_en", "organisation__name",
    "organisation__name_en",
)  # fmt: skip


def _with_names(rows: QuerySet[Ticket]) -> QuerySet[Ticket]:
    return rows.select_related("region", "organisation").only(*_LISTED)


def centre_counts(viewer: Viewer) -> dict[TicketState, int]:
    """Return how many tickets stand in each state of the hotline, up to a thousand each."""
    rows = at_centre(viewer)
    return {state: rows.filter(state=state)[:MOST_COUNTED].count() for state in CENTRE_TABS}


def unit_counts(viewer: Viewer) -> dict[TicketState, int]:
    """Return how many tickets stand in each state of the unit, up to a thousand each."""
    rows = at_unit(viewer)
    return {state: rows.filter(state=state)[:MOST_COUNTED].count() for state in UNIT_TABS}


def desk_view(viewer: Viewer, ticket_id: UUID, *, now: datetime) -> DeskTicket:
    """Return a ticket for hotline, unit or co-handler, masked. Raises Ticket.DoesNotExist for everybody else."""
    return desk_ticket(_whole(_at_desk(viewer)).get(public_id=ticket_id), now)


def _at_desk(viewer: Viewer) -> QuerySet[Ticket]:
    return at_centre(viewer) if viewer.has_role(Role.HOTLINE) else at_unit(viewer) | at_part(viewer)


def _whole(rows: QuerySet[Ticket]) -> QuerySet[Ticket]:
    return rows.select_related("region", "organisation", "matter")


def followed(viewer: Viewer, reference: str, *, follow_code: str = "") -> PersonTicket:
    """Return one's own ticket: by account, or by reference and code. Raises Ticket.DoesNotExist."""
    return person_ticket(_whole(_followed(viewer, reference, follow_code)).get())


def _followed(viewer: Viewer, reference: str, follow_code: str) -> QuerySet[Ticket]:
    named = reference.strip().upper()
    if follow_code:
        return Ticket.objects.filter(reference=named, follow_hash=follow_hash(named, follow_code))
    return own(viewer).filter(reference=named)


def own_paper(viewer: Viewer, reference: str, paper_id: UUID, *, follow_code: str = "") -> tuple[str, str, bytes]:
    """Return name, type and content of what one attached oneself. Raises Attachment.DoesNotExist for anybody else."""
    tickets = _followed(viewer, reference, follow_code)
    row = Attachment.objects.get(public_id=paper_id, ticket__in=tickets, from_staff=False)
    return row.filename, row.kind, bytes(row.content)


def own_tickets(viewer: Viewer, *, now: datetime, limit: int = 100) -> list[TicketLine]:
    """Return the person's own tickets, newest first."""
    return [line_of(listed(row), now) for row in _with_names(own(viewer)).order_by("-id")[:limit]]


def followers_of(viewer: Viewer, ticket_id: UUID, *, now: datetime) -> list[TicketLine]:
    """Return the tickets handled with one, oldest first."""
    rows = _at_desk(viewer).filter(matter__tickets__public_id=ticket_id).exclude(public_id=ticket_id)
    return [line_of(listed(row), now) for row in _with_names(rows).order_by("id")]


@dataclass(frozen=True, slots=True)
class PartLine:
    """A part of a ticket that the viewer's organisation does for another."""

    public_id: UUID
    ticket_id: UUID
    reference: str
    subject: str
    asked: str
    due_at: datetime


def part_inbox(viewer: Viewer) -> list[PartLine]:
    """Return the open parts of the viewer's organisation, soonest due first."""
    seen = at_part(viewer).values("pk")
    rows = Part.objects.filter(organisation_id=viewer.organisation_id or 0, ended_at=None, ticket__in=seen)
    ordered = rows.select_related("ticket").order_by("due_at", "id")[:MOST_COUNTED]
    return [
        PartLine(row.public_id, row.ticket.public_id, row.ticket.reference, row.ticket.subject, row.asked, row.due_at)
        for row in ordered
    ]


def attachment(viewer: Viewer, ticket_id: UUID, attachment_id: UUID) -> tuple[str, str, bytes]:
    """Return name, type and content of a paper of a ticket on this desk, or of one's own. Raises for anybody else."""
    rows = _at_desk(viewer) if viewer.is_staff else own(viewer)
    row = Attachment.objects.get(public_id=attachment_id, ticket__in=rows.filter(public_id=ticket_id))
    return row.filename, row.kind, bytes(row.content)


def supervised(viewer: Viewer, *, limit: int = MOST_COUNTED) -> list[Supervision]:
    """Return open supervisions, oldest harm first: the hotline's and reform office's region, or the unit's own."""
    rows = Supervision.objects.filter(closed_at=None).select_related("ticket", "case", "organisation")
    if viewer.has_role(Role.HOTLINE, Role.REFORM) and viewer.region_path:
        regions = Region.objects.filter(path__startswith=viewer.region_path, level__lte=Region.COUNTY)
        rows = rows.filter(desk_code__in=regions.values("code"))
        seen = at_centre(viewer).values("pk") if viewer.has_role(Role.HOTLINE) else Ticket.objects.none().values("pk")
        rows = rows.filter(Q(ticket=None) | Q(ticket__in=seen))
    else:
        rows = rows.filter(organisation_id=viewer.organisation_id or 0)
    return list(rows.order_by("harm_at", "id")[:limit])


def cards_of(viewer: Viewer, *, limit: int = 200) -> list[Card]:
    """Return the cards of the viewer's organisation, newest first; lifted ones stay visible."""
    rows = Card.objects.filter(organisation_id=viewer.organisation_id or 0).select_related("supervision")
    return list(rows.order_by("-id")[:limit])


def reminders_of(viewer: Viewer, *, limit: int = 200) -> list[Reminder]:
    """Return the newest reminders of the viewer's organisation; those to the head only to its deciders."""
    rows = Reminder.objects.filter(organisation_id=viewer.organisation_id or 0).select_related("ticket", "case")
    if not viewer.has_role(Role.DECIDER):
        rows = rows.filter(to_head=False)
    return list(rows.order_by("-id")[:limit])


EXPORTED = (
    "reference", "kind", "urgency", "channel", "region__code", "category", "state", "ending", "received_at",
    "answered_at", "closed_at", "due_at", "rehandlings", "level", "organisation__name",
)  # fmt: skip


def exported(viewer: Viewer) -> Iterator[tuple[object, ...]]:
    """Yield the hotline's tickets without a word of anybody, with flat memory; the columns are ``EXPORTED``."""
    yield from at_centre(viewer).order_by("id").values_list(*EXPORTED).iterator(chunk_size=2000)


def by_state(viewer: Viewer) -> dict[str, int]:
    """Return how many tickets of the hotline's region stand in each state."""
    rows = at_centre(viewer).values_list("state").annotate(Count("pk"))
    return dict(rows)
