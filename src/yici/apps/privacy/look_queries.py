"""Looks in an emergency, as the person, the asker, the second person and the auditor read them."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import QuerySet

from yici.apps.people.viewers import Viewer
from yici.apps.privacy import emergency, subjects
from yici.apps.privacy.models import EmergencyLook
from yici.rules.clock_courses import local_day
from yici.rules.emergency import SEALINGS, Finding
from yici.rules.words import Words

NoSuchLook = EmergencyLook.DoesNotExist
MOST_SHOWN = 50


@dataclass(frozen=True, slots=True)
class LookView:
    """One look in an emergency, as the person, the asker, the second person or the auditor reads it."""

    public_id: UUID
    organisation: Words
    staff_name: str
    person: str
    reference: str
    reason: str
    sealed: tuple[Words, ...]
    asked_at: datetime
    opened_at: datetime | None
    expires_at: datetime | None
    is_open: bool
    seen: tuple[tuple[datetime, str], ...]
    finding: Finding
    review_note: str
    review_due_on: date | None
    is_late: bool


def looks_at_me(viewer: Viewer, *, now: datetime) -> list[LookView]:
    """Return the emergency looks at the viewer's data, newest first; without the names of officials."""
    rows = _with_everything(subjects.looks_at(viewer)).order_by("-opened_at")[:MOST_SHOWN]
    return [_look(one, now, staff_name="") for one in rows]


def unseen_looks(viewer: Viewer) -> int:
    """Return how many emergency looks the person has not been told of yet; 0 for whoever is no person."""
    rows = EmergencyLook.objects.filter(party_id=viewer.party_id or 0, opened_at__isnull=False, told_at=None)
    return rows.count() if viewer.party_id else 0


def looks_asked(viewer: Viewer, *, now: datetime) -> list[LookView]:
    """Return the viewer's own looks, newest first."""
    rows = _with_everything(emergency.own_looks(viewer)).order_by("-asked_at")[:MOST_SHOWN]
    return [_look(one, now) for one in rows]


def looks_to_approve(viewer: Viewer, *, now: datetime) -> list[LookView]:
    """Return the looks that wait for the viewer as second person."""
    return [_look(one, now) for one in _with_everything(emergency.to_approve(viewer)).order_by("asked_at")[:MOST_SHOWN]]


def looks_to_review(viewer: Viewer, *, reviewed: bool, now: datetime) -> list[LookView]:
    """Return the looks an auditor reviews, soonest due first."""
    rows = _with_everything(emergency.to_review(viewer).filter(reviewed_at__isnull=not reviewed))
    return [_look(one, now) for one in rows.order_by("review_due_on", "pk")[:MOST_SHOWN]]


def _with_everything(rows: QuerySet[EmergencyLook]) -> QuerySet[EmergencyLook]:
    return rows.select_related("staff__organisation", "party", "application")


def _look(row: EmergencyLook, now: datetime, staff_name: str | None = None) -> LookView:
    organisation, application = row.staff.organisation, row.application
    return LookView(
        public_id=row.public_id,
        organisation=Words(organisation.name, organisation.name_en),
        staff_name=row.staff.name if staff_name is None else staff_name,
        person=row.party.name,
        reference=application.reference if application else "",
        reason=row.reason,
        sealed=tuple(one.words for one in SEALINGS if one.key in row.sealed),
        asked_at=row.asked_at,
        opened_at=row.opened_at,
        expires_at=row.expires_at,
        is_open=row.opened_at is not None and row.expires_at is not None and row.opened_at <= now < row.expires_at,
        seen=tuple((datetime.fromisoformat(moment), what) for moment, what in row.pages_seen),
        finding=Finding(row.finding),
        review_note=row.review_note,
        review_due_on=row.review_due_on,
        is_late=row.reviewed_at is None and row.review_due_on is not None and local_day(now) > row.review_due_on,
    )
