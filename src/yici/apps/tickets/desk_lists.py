"""What a desk chooses from: organisations, places, co-handlers; and who asks for more time."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from yici.apps.people.viewers import Viewer
from yici.apps.places import queries as places
from yici.apps.places.models import Organisation, Region
from yici.apps.tickets.jurisdiction import at_centre, at_part, at_unit
from yici.apps.tickets.models import MoreTime, Part
from yici.apps.tickets.routing import forbidden
from yici.apps.tickets.views import TicketLine, line_of, listed
from yici.rules.people import Role
from yici.rules.words import Words

MOST_LISTED = 200


@dataclass(frozen=True, slots=True)
class Unit:
    """An organisation to choose."""

    public_id: UUID
    name: Words
    region: Words


@dataclass(frozen=True, slots=True)
class Area:
    """A region in which a caller's matter may lie."""

    code: str
    name: Words


@dataclass(frozen=True, slots=True)
class Asked:
    """A co-handler of a ticket, and what it has reported."""

    public_id: UUID
    unit: Words
    asked: str
    report: str
    due_at: datetime
    ended_at: datetime | None


def units_of_place(region_code: str) -> list[Unit]:
    """Return the organisations of a place, the nearest first: its towns', its own, its city's, the province's."""
    return list(_units(_of_place(region_code)))


def _of_place(region_code: str) -> QuerySet[Organisation]:
    codes = places.region_path(region_code)
    here = Q(region__code__in=codes) | Q(region__parent__code__in=codes[:2], region__level=Region.TOWN)
    rows = Organisation.objects.filter(here).select_related("region")
    return rows.order_by("-region__level", "region_id", "kind")


def _units(rows: Iterable[Organisation]) -> Iterable[Unit]:
    for row in rows:
        yield Unit(row.public_id, Words(row.name, row.name_en), Words(row.region.name, row.region.name_en))


def units_for(viewer: Viewer, ticket_id: UUID) -> list[Unit]:
    """Return the organisations of a ticket's place that may have it: never the accused one, nor any below it (art. 32).

    Raises Ticket.DoesNotExist for whoever does not see the ticket.
    """
    seen = at_centre(viewer) if viewer.has_role(Role.HOTLINE) else at_unit(viewer) | at_part(viewer)
    ticket = seen.select_related("region").get(public_id=ticket_id)
    rows = list(_of_place(ticket.region.code))
    bad = forbidden(ticket, [row.pk for row in rows], followers=ticket.matter_id is not None)
    return list(_units(row for row in rows if row.pk not in bad))


def areas_of(viewer: Viewer) -> list[Area]:
    """Return the places of a hotline: its counties, and for a county its towns too, by code."""
    if not (viewer.has_role(Role.HOTLINE) and viewer.region_path and viewer.region_code):
        return []
    below = Region.objects.filter(path__startswith=viewer.region_path)
    if not below.filter(level=Region.COUNTY, code=viewer.region_code).exists():
        below = below.exclude(level=Region.TOWN)
    return [Area(row.code, Words(row.name, row.name_en)) for row in below.order_by("code")]


def more_time_asked(viewer: Viewer, *, now: datetime) -> list[TicketLine]:
    """Return the tickets of the hotline whose unit asks for more time, the oldest request first."""
    waiting = MoreTime.objects.filter(settled_at=None, ticket__in=at_centre(viewer).values("pk"))
    rows = waiting.select_related("ticket__region", "ticket__organisation").order_by("pk")[:MOST_LISTED]
    return [line_of(listed(row.ticket), now) for row in rows if row.ticket.asked]


def co_handlers_of(viewer: Viewer, ticket_id: UUID) -> list[Asked]:
    """Return the co-handlers of a ticket for its hotline and its lead, in the order they were asked."""
    seen = at_centre(viewer) if viewer.has_role(Role.HOTLINE) else at_unit(viewer)
    rows = Part.objects.filter(ticket__in=seen.filter(public_id=ticket_id).values("pk"))
    return [
        Asked(
            public_id=row.public_id,
            unit=Words(row.organisation.name, row.organisation.name_en),
            asked=row.asked,
            report=row.report,
            due_at=row.due_at,
            ended_at=row.ended_at,
        )
        for row in rows.select_related("organisation").order_by("id")
    ]


def leads(viewer: Viewer, ticket_id: UUID) -> bool:
    """Whether the viewer's organisation leads a ticket, and does not only help."""
    return at_unit(viewer).filter(public_id=ticket_id).exists()
