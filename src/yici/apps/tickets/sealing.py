"""Sealed identities: who may open one, and the trace each opening leaves (济南市12345市民服务热线条例 art. 32)."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from yici.apps.journal import actions as journal
from yici.apps.people.models import Staff
from yici.apps.people.viewers import Viewer
from yici.apps.places.models import Region
from yici.apps.tickets.jurisdiction import chain_of
from yici.apps.tickets.models import Recusal, SealedIdentity, SealKeeper, SealOpening, Ticket
from yici.rules.people import Role
from yici.rules.tickets import CannotHandleTicket


@dataclass(frozen=True, slots=True)
class Identity:
    """Who a sealed reporter is."""

    name: str
    phone: str
    email: str


@dataclass(frozen=True, slots=True)
class Opening:
    """One opening as the auditor reads it."""

    reference: str
    keeper: str
    reason: str
    opened_at: datetime


@transaction.atomic
def appoint_keeper(*, staff_id: UUID, by: Viewer, now: datetime) -> None:
    """Make a member of staff keeper of the seal in his region; an administrator does it, never for himself."""
    staff = Staff.objects.select_related("region").get(public_id=staff_id)
    if not by.has_role(Role.ADMIN) or not by.covers(staff.region.path) or staff.pk == by.staff_id:
        raise CannotHandleTicket(
            zh="密封身份的保管人由管理员指定，且不能是管理员本人。",
            en="Keepers of the seal are appointed by an administrator, and not himself.",
        )
    SealKeeper.objects.get_or_create(
        staff=staff, ended_at=None, defaults={"region": staff.region, "appointed_at": now, "appointed_by": by.label}
    )
    journal.record("ticket.keeper_appointed", subject=str(staff), by=by.label, now=now)


@transaction.atomic
def end_keeper(*, staff_id: UUID, by: Viewer, now: datetime) -> None:
    """End an appointment."""
    staff = Staff.objects.select_related("region").get(public_id=staff_id)
    if not by.has_role(Role.ADMIN) or not by.covers(staff.region.path):
        raise Staff.DoesNotExist
    SealKeeper.objects.filter(staff=staff, ended_at=None).update(ended_at=now, ended_by=by.label)
    journal.record("ticket.keeper_ended", subject=str(staff), by=by.label, now=now)


@transaction.atomic
def open_identity(*, ticket_id: UUID, reason: str, by: Viewer, now: datetime) -> Identity:
    """Return who made a sealed report; the opening is journalled and listed to the auditor.

    Raises CannotHandleTicket for everybody but the keeper of the region, and without a reason.
    """
    ticket = Ticket.objects.select_related("region").get(public_id=ticket_id)
    keeper = SealKeeper.objects.filter(staff_id=by.staff_id or 0, ended_at=None).select_related("region").first()
    if keeper is None or not _may_open(keeper.region, ticket, by):
        raise CannotHandleTicket(
            zh="只有本辖区密封身份的保管人可以查看举报人身份。",
            en="Only the keeper of the seal may see who reported.",
        )
    if not reason.strip():
        raise CannotHandleTicket(zh="请写明查看的理由，审计会看到。", en="Say why; the auditor will read it.")
    sealed = SealedIdentity.objects.get(ticket=ticket)
    SealOpening.objects.create(ticket=ticket, keeper=keeper, reason=reason.strip(), opened_at=now)
    journal.record("ticket.identity_opened", subject=ticket.reference, by=by.label, now=now)
    return Identity(sealed.name, sealed.phone, sealed.email)


def _may_open(region: Region, ticket: Ticket, by: Viewer) -> bool:
    concerned = ticket.accused_staff_id == by.staff_id or ticket.accused_id in chain_of(by.organisation_id)
    recused = Recusal.objects.filter(ticket=ticket, staff_id=by.staff_id or 0).exists()
    return ticket.region.path.startswith(region.path) and not concerned and not recused


def openings(viewer: Viewer, *, limit: int = 200) -> list[Opening]:
    """Return the newest openings in the auditor's region, newest first; nothing for anybody else."""
    if not (viewer.has_role(Role.AUDITOR) and viewer.region_path):
        return []
    rows = SealOpening.objects.filter(ticket__region__path__startswith=viewer.region_path)
    rows = rows.select_related("ticket", "keeper__staff").order_by("-opened_at", "-pk")
    return [Opening(row.ticket.reference, row.keeper.staff.name, row.reason, row.opened_at) for row in rows[:limit]]
