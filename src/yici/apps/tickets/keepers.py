"""The keepers of the seal: who they are, whom an administrator may appoint, and opening by a ticket's reference."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from yici.apps.people.models import Staff
from yici.apps.people.viewers import Viewer
from yici.apps.tickets.models import SealKeeper, Ticket
from yici.apps.tickets.sealing import Identity, open_identity
from yici.rules.people import Role
from yici.rules.tickets import CannotHandleTicket
from yici.rules.words import Words


@dataclass(frozen=True, slots=True)
class Keeper:
    """A member of staff who is, or may become, keeper of the seal."""

    staff_id: UUID
    name: str
    office: Words
    post: str
    since: datetime | None


def is_keeper(viewer: Viewer) -> bool:
    """Whether the viewer keeps a seal now."""
    return SealKeeper.objects.filter(staff_id=viewer.staff_id or 0, ended_at=None).exists()


def keepers(viewer: Viewer) -> list[Keeper]:
    """Return the keepers in the administrator's or auditor's region; nobody for anybody else."""
    if not (viewer.has_role(Role.ADMIN, Role.AUDITOR) and viewer.region_path):
        return []
    rows = SealKeeper.objects.filter(ended_at=None, region__path__startswith=viewer.region_path)
    return [_keeper(row.staff, row.appointed_at) for row in rows.select_related("staff__organisation").order_by("pk")]


def eligible(viewer: Viewer) -> list[Keeper]:
    """Return whom an administrator may appoint: hotline staff of his region, never himself, nobody twice."""
    if not (viewer.has_role(Role.ADMIN) and viewer.region_path):
        return []
    taken = SealKeeper.objects.filter(ended_at=None).values("staff_id")
    rows = Staff.objects.filter(roles__contains=[Role.HOTLINE], region__path__startswith=viewer.region_path)
    rows = rows.exclude(pk__in=taken).exclude(pk=viewer.staff_id or 0)
    return [_keeper(row, None) for row in rows.select_related("organisation").order_by("pk")]


def _keeper(row: Staff, since: datetime | None) -> Keeper:
    office = Words(row.organisation.name, row.organisation.name_en)
    return Keeper(row.public_id, row.name, office, row.post, since)


def open_by_reference(*, reference: str, reason: str, by: Viewer, now: datetime) -> Identity:
    """Return who made the sealed report of a reference. Raises CannotHandleTicket as ``open_identity``, or for none."""
    ticket = Ticket.objects.filter(reference=reference.strip().upper(), sealed=True).only("public_id").first()
    if ticket is None:
        raise CannotHandleTicket(
            zh="没有这个编号的密封举报。请核对编号。", en="No sealed report has this reference. Check it."
        )
    return open_identity(ticket_id=ticket.public_id, reason=reason, by=by, now=now)
