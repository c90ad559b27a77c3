"""Who refers, whose register it is in, who answers, and what each may see."""

from django.db.models import Q, QuerySet

from yici.apps.people.viewers import Viewer
from yici.apps.places.models import Region
from yici.apps.referrals.models import DeputySubmission, Referral
from yici.rules.amendments import PROVINCE
from yici.rules.people import Role
from yici.rules.referral_course import ReferralState

REFERS = (Role.REFORM, Role.HOTLINE, Role.LIAISON)
ANSWERS = (Role.REVIEWER, Role.DECIDER)
_WATCH = (*REFERS, Role.UPWARD, Role.ADMIN)


def may_enter(viewer: Viewer) -> bool:
    """Whether the congress room is there for somebody: who refers, keeps a register, or sits at a station."""
    at_post = viewer.is_staff and not viewer.awaits_second_factor and viewer.region_path is not None
    return at_post and viewer.has_role(*_WATCH, Role.STATION, *ANSWERS)


def may_refer(viewer: Viewer) -> bool:
    """Whether somebody may refer at all: reform offices, hotlines and congress liaisons."""
    return may_enter(viewer) and viewer.has_role(*REFERS) and viewer.organisation_id is not None


def region_code(viewer: Viewer) -> str:
    """Return the 12-digit code of the place of somebody's post."""
    return (viewer.region_code or "").ljust(12, "0")


def keeps_register(viewer: Viewer, row: Referral) -> bool:
    """Whether it is in this person's register: the liaison's of the same place, or the province's for the centre."""
    if not may_enter(viewer):
        return False
    if row.seat_id is None:
        return viewer.has_role(Role.UPWARD) and region_code(viewer) == PROVINCE
    return viewer.has_role(Role.LIAISON) and region_code(viewer) == row.desk.code


def referred(viewer: Viewer, row: Referral) -> bool:
    """Whether this person speaks for the office that referred it."""
    return may_refer(viewer) and viewer.organisation_id == row.organisation_id


def answers_for(viewer: Viewer, row: Referral) -> bool:
    """Whether this person speaks for the unit it was assigned to."""
    return may_enter(viewer) and viewer.has_role(*ANSWERS) and viewer.organisation_id == row.unit_id


def seen_by(viewer: Viewer) -> QuerySet[Referral]:
    """Return the referrals somebody may see: of his office, his register, his unit, and of the places he watches.

    A draft is its office's alone.
    """
    rows = Referral.objects.select_related("region", "seat", "desk", "organisation__region", "unit")
    if not may_enter(viewer):
        return rows.none()
    own = Q(organisation_id=viewer.organisation_id or 0)
    found = own | Q(unit_id=viewer.organisation_id or 0)
    if viewer.has_role(*_WATCH):
        watched = Q(region__path__startswith=viewer.region_path) | Q(desk__path__startswith=viewer.region_path)
        found |= watched & ~Q(state=ReferralState.DRAFTED)
    return rows.filter(found)


def submissions_of(viewer: Viewer) -> QuerySet[DeputySubmission]:
    """Return what stations filed: a station sees its own, liaisons and reform offices those of their region."""
    rows = DeputySubmission.objects.select_related("region", "organisation", "referral")
    if not may_enter(viewer):
        return rows.none()
    if viewer.has_role(Role.LIAISON, Role.REFORM):
        return rows.filter(region__path__startswith=viewer.region_path or "-")
    return rows.filter(organisation_id=viewer.organisation_id or 0) if viewer.has_role(Role.STATION) else rows.none()


def seats_up_from(region: Region) -> list[Region]:
    """Return the county, city and province above and including a place, the narrowest first."""
    found: list[Region] = []
    here: Region | None = region
    while here is not None:
        if here.level <= Region.COUNTY:
            found.append(here)
        here = here.parent
    return found
