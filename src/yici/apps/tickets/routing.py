"""Who should handle a ticket: the duty list, the catalogue, past decisions and the region, with their grounds."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Count

from yici.apps.catalogue import queries as catalogue
from yici.apps.journal import actions as journal
from yici.apps.people.viewers import Viewer
from yici.apps.places import queries as places
from yici.apps.places.models import CannotFindPlace, Organisation
from yici.apps.tickets.jurisdiction import at_centre, at_unit, superiors_of
from yici.apps.tickets.models import DutyListRow, Precedent, Recusal, Ticket
from yici.rules.clock_courses import local_day
from yici.rules.people import Role
from yici.rules.ticket_categories import CATEGORIES, category
from yici.rules.ticket_routing import Candidate, Ground, forbidden_for, proposed
from yici.rules.tickets import CannotHandleTicket, TicketState
from yici.rules.words import Words

COORDINATOR = "government_service_hall"
MOST_HISTORY = 200


@dataclass(frozen=True, slots=True)
class ProposedUnit:
    """An organisation for a ticket, why, and from which list, item or decision that comes."""

    organisation_id: UUID
    name: Words
    ground: Ground
    source: str


def proposed_units(viewer: Viewer, ticket_id: UUID, *, now: datetime) -> list[ProposedUnit]:
    """Return who is proposed for a ticket of the hotline, strongest ground first; never an accused organisation."""
    ticket = at_centre(viewer).select_related("region").get(public_id=ticket_id)
    return _proposed(ticket, now)


def units_for_voice(
    region_code: str, category_key: str, accused_id: UUID | None, *, now: datetime
) -> list[ProposedUnit]:
    """Return who would be proposed for a voice that is still being typed; nothing is filed."""
    region = places.region_row(region_code)
    accused = Organisation.objects.filter(public_id=accused_id).first() if accused_id else None
    ticket = Ticket(region=region, desk_code=region.code, category=category_key, accused=accused)
    return _proposed(ticket, now)


def _proposed(ticket: Ticket, now: datetime) -> list[ProposedUnit]:
    found = list(candidates(ticket, local_day(now)))
    kept = proposed(found, forbidden(ticket, [one.organisation for one in found]))
    rows = Organisation.objects.in_bulk([one.organisation for one in kept])
    return [
        ProposedUnit(rows[one.organisation].public_id, _name(rows[one.organisation]), one.ground, one.source)
        for one in kept
    ]


def _name(row: Organisation) -> Words:
    return Words(row.name, row.name_en)


def candidates(ticket: Ticket, on: date) -> Iterator[Candidate]:
    """Yield everybody whom a list, an item, a decision or the past names for a ticket, the forbidden included."""
    yield from _precedents(ticket)
    yield from _item(ticket)
    yield from _duties(ticket, on)
    yield from _by_category(ticket)
    yield from _history(ticket)
    yield from _kind(COORDINATOR, ticket.region.code, Ground.REGION)


def _precedents(ticket: Ticket) -> Iterator[Candidate]:
    codes = places.region_path(ticket.region.code)
    rows = Precedent.objects.filter(category=ticket.category, region__code__in=codes).exclude(category="")
    newest = rows.select_related("ticket").order_by("-region__level", "-decided_at").first()
    if newest is not None:
        yield Candidate(newest.organisation_id, Ground.ARBITRATION, newest.ticket.reference)


def _item(ticket: Ticket) -> Iterator[Candidate]:
    key = ticket.case.item_key if ticket.case is not None else ticket.item_key
    if ticket.case is not None:
        yield Candidate(ticket.case.organisation_id, Ground.ITEM, ticket.case.code)
    elif key:
        try:
            found = catalogue.implementation(key, ticket.region.code)
        except catalogue.CannotFindInCatalogue:
            return
        yield Candidate(found.organisation_id, Ground.ITEM, found.code31)


def _duties(ticket: Ticket, on: date) -> Iterator[Candidate]:
    codes = places.region_path(ticket.region.code)
    rows = DutyListRow.objects.filter(category=ticket.category, region__code__in=codes, valid_from__lte=on)
    nearest = rows.order_by("-region__level", "-valid_from").first()
    if nearest is not None:
        yield Candidate(nearest.organisation_id, Ground.DUTY, nearest.source)


def _by_category(ticket: Ticket) -> Iterator[Candidate]:
    leaf = CATEGORIES.get(ticket.category)
    if leaf is not None and leaf.duty:
        yield from _kind(leaf.duty, ticket.region.code, Ground.CATEGORY, leaf.key)


def _kind(kind: str, region_code: str, ground: Ground, source: str = "") -> Iterator[Candidate]:
    try:
        yield Candidate(places.organisation_for(kind, region_code).pk, ground, source)
    except CannotFindPlace:
        return


def _history(ticket: Ticket) -> Iterator[Candidate]:
    """Yield who handled most of the newest tickets of this category at this desk."""
    newest = Ticket.objects.filter(desk_code=ticket.desk_code).order_by("-id").values("pk")[:MOST_HISTORY]
    rows = Ticket.objects.filter(pk__in=newest, category=ticket.category, state=TicketState.CLOSED)
    most = rows.exclude(organisation=None).values("organisation_id").annotate(times=Count("pk")).order_by("-times")
    first = most.first() if ticket.category else None
    if first is not None:
        yield Candidate(first["organisation_id"], Ground.HISTORY, str(first["times"]))


def forbidden(ticket: Ticket, asked: list[int], *, followers: bool = False) -> frozenset[int]:
    """Return which of the asked organisations may never have a ticket, nor the ones merged with it (济南 art. 32)."""
    accused = {ticket.accused_id} | (_accused_of_followers(ticket) if followers else set())
    named = [one for one in accused if one is not None]
    superiors = superiors_of(asked) if named else {}
    return frozenset(bad for one in named for bad in forbidden_for(one, superiors, asked))


def _accused_of_followers(ticket: Ticket) -> set[int | None]:
    return set(Ticket.objects.filter(leader_id=ticket.pk).values_list("accused_id", flat=True))


def unit_row(viewer: Viewer, organisation_id: UUID) -> Organisation:
    """Return an organisation the hotline may dispatch to: in its region, or of a region above its own."""
    with connection.cursor() as cursor:
        cursor.execute(_UNIT, [organisation_id])
        found = cursor.fetchone()
    here = viewer.region_path or "-"
    if found is None or not (found[-1].startswith(here) or here.startswith(found[-1])):
        raise CannotHandleTicket(
            zh="没有这个单位，或不在您的辖区。请从建议或列表中选择。",
            en="There is no such organisation in your region. Choose from the proposals or the list.",
        )
    return Organisation(id=found[0], public_id=organisation_id, kind=found[1], region_id=found[2])


_UNIT = """
SELECT o.id, o.kind, o.region_id, r.path FROM places_organisation o JOIN places_region r ON r.id = o.region_id
WHERE o.public_id = %s
"""


@transaction.atomic
def set_duty(
    *,
    category_key: str,
    region_code: str,
    organisation_id: UUID,
    valid_from: date,
    source: str,
    by: Viewer,
    now: datetime,
) -> None:
    """Enter a row of the duty list; a change is a later row, the past stays readable (北京 art. 11: 动态调整)."""
    leaf, region = category(category_key), places.region_row(region_code)
    row = unit_row(by, organisation_id)
    if not (by.has_role(Role.HOTLINE, Role.ADMIN) and by.covers(region.path) and source.strip()):
        raise CannotHandleTicket(
            zh="派单目录由本辖区热线维护，并须写明依据。",
            en="The duty list is kept by the hotline of the region, each row with its basis.",
        )
    DutyListRow.objects.create(
        category=leaf.key,
        region=region,
        organisation=row,
        valid_from=valid_from,
        source=source.strip()[:200],
        entered_by=by.label,
    )
    journal.record(
        "ticket.duty_set",
        subject=f"duty:{leaf.key}:{region.code}",
        by=by.label,
        now=now,
        facts={"organisation": str(row.public_id), "valid_from": valid_from.isoformat()},
    )


@transaction.atomic
def recuse(*, ticket_id: UUID, staff_id: int, reason: str, asked_by_person: bool, by: Viewer, now: datetime) -> None:
    """Keep somebody out of a ticket in which he has an interest; he sees it no more (济南 art. 32)."""
    rows = at_centre(by) if by.has_role(Role.HOTLINE) else at_unit(by)
    ticket = rows.get(public_id=ticket_id)
    if not reason.strip():
        raise CannotHandleTicket(zh="请写明回避的理由。", en="Say why he keeps out.")
    Recusal.objects.get_or_create(
        ticket=ticket,
        staff_id=staff_id,
        defaults={
            "reason": reason.strip(),
            "asked_by_person": asked_by_person,
            "recused_at": now,
            "recused_by": by.label,
        },
    )
    journal.record("ticket.recused", subject=ticket.reference, by=by.label, now=now, facts={"staff": staff_id})
