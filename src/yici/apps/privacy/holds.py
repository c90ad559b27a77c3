"""Holds back from deletion what a court, a review or an audit needs."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet

from yici.apps.cases.models import Application
from yici.apps.journal import actions as journal
from yici.apps.people.models import Party
from yici.apps.people.viewers import Viewer
from yici.apps.places.models import Region
from yici.apps.privacy.models import LegalHold
from yici.rules.people import Role
from yici.rules.refusals import Refusal


class CannotHold(Refusal):
    """A hold cannot be placed or lifted like this."""


def standing() -> QuerySet[LegalHold]:
    """Return the holds that stand now."""
    return LegalHold.objects.filter(lifted_at=None)


def held_parties() -> QuerySet[LegalHold, int | None]:
    """Return the rows of the parties under a hold, for a subquery."""
    return standing().filter(party__isnull=False).values_list("party_id", flat=True)


def held_applications() -> QuerySet[LegalHold, int | None]:
    """Return the rows of the applications under a hold, for a subquery."""
    return standing().filter(application__isnull=False).values_list("application_id", flat=True)


@dataclass(frozen=True, slots=True)
class HoldView:
    """One hold as the officer sees it."""

    id: int
    what: str
    reason: str
    basis: str
    placed_at: datetime


def holds_of(viewer: Viewer) -> list[HoldView]:
    """Return the standing holds of an administrator's or auditor's jurisdiction, newest first."""
    if not viewer.has_role(Role.ADMIN, Role.AUDITOR) or not viewer.region_path:
        return []
    path = viewer.region_path
    here = Q(party__region__path__startswith=path) | Q(application__region__path__startswith=path)
    rows = standing().filter(here).select_related("party", "application").order_by("-placed_at")
    return [HoldView(one.pk, _named(one), one.reason, one.basis, one.placed_at) for one in rows[:100]]


def _named(hold: LegalHold) -> str:
    return hold.application.reference if hold.application else hold.party.name if hold.party else ""


@transaction.atomic
def place_hold(
    *,
    reason: str,
    basis: str,
    by: Viewer,
    now: datetime,
    party_id: UUID | None = None,
    reference: str = "",
) -> int:
    """Hold a party, or one application by its reference. Administrators and auditors, in their jurisdiction."""
    if not by.has_role(Role.ADMIN, Role.AUDITOR):
        raise CannotHold(zh="只有管理员和审计人员可以封存。", en="Only administrators and auditors place a hold.")
    if not reason.strip() or not basis.strip():
        raise CannotHold(zh="请写明封存的事由和依据。", en="Give the reason and the legal basis of the hold.")
    path = by.region_path or "none"
    party = Party.objects.filter(public_id=party_id, region__path__startswith=path).first() if party_id else None
    application = Application.objects.filter(reference=reference, region__path__startswith=path).first()
    if party is None and application is None:
        raise CannotHold(zh="本辖区没有这个人或这件申请。", en="There is no such party or application in your region.")
    hold = LegalHold.objects.create(
        party=party,
        application=None if party else application,
        reason=reason.strip()[:1000],
        basis=basis.strip()[:200],
        placed_at=now,
        placed_by=by.label,
    )
    journal.record("privacy.hold_placed", subject=_subject(hold), by=by.label, now=now, facts={"hold": hold.pk})
    return hold.pk


@transaction.atomic
def lift_hold(*, hold_id: int, by: Viewer, now: datetime) -> None:
    """Lift a hold. Raises CannotHold when it is lifted already or not of the viewer's jurisdiction."""
    path = by.region_path or "none"
    hold = standing().select_related("party__region", "application__region").filter(pk=hold_id).first()
    place = _place(hold) if hold else None
    if hold is None or place is None or not by.has_role(Role.ADMIN, Role.AUDITOR) or not place.path.startswith(path):
        raise CannotHold(zh="没有这项封存，或已解除。", en="There is no such hold, or it is lifted already.")
    hold.lifted_at, hold.lifted_by = now, by.label
    hold.save(update_fields=["lifted_at", "lifted_by"])
    journal.record("privacy.hold_lifted", subject=_subject(hold), by=by.label, now=now, facts={"hold": hold.pk})


def _place(hold: LegalHold) -> Region | None:
    return hold.party.region if hold.party else hold.application.region if hold.application else None


def _subject(hold: LegalHold) -> str:
    return str(hold.party) if hold.party else str(hold.application)
