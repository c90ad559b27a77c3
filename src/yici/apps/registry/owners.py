"""Whose data it is: the organisation that answers for a datum of a party, and the stewards who speak for it."""

from datetime import datetime

from django.db.models import Q

from yici.apps.people.viewers import Viewer
from yici.apps.places import queries as places
from yici.apps.places.models import CannotFindPlace, Organisation
from yici.apps.registry.models import Dataset
from yici.rules.clock_courses import local_day
from yici.rules.clocks import Clock
from yici.rules.codes import parse_region_code
from yici.rules.law_parameters import LawParameter, parameter
from yici.rules.people import Role


def owner_of(dataset: Dataset, region_code: str | None) -> Organisation | None:
    """Return the nearest organisation of the dataset's owner for a place: the county's own, else above."""
    try:
        return places.organisation_for(dataset.owner, region_code) if region_code else None
    except CannotFindPlace:
        return None


def owned_by(viewer: Viewer) -> Q:
    """Return what a steward answers for: rows whose ``owner`` is of his kind and lies in his jurisdiction.

    Nothing for anybody else: the one place that says who sees write-backs, disputes and gaps.
    """
    if not viewer.has_role(Role.STEWARD) or viewer.region_path is None:
        return Q(pk=None)
    return Q(owner__kind=viewer.organisation_kind, owner__region__path__startswith=viewer.region_path)


def due_at(key: str, owner: Organisation, now: datetime) -> datetime:
    """Return the moment from which the owner is late; the period is the law parameter ``key`` of its place today."""
    clock = Clock(started=now, statutory=law_parameter(key, owner, now).period)
    return clock.due_at(places.calendar()) or now


def law_parameter(key: str, owner: Organisation, now: datetime) -> LawParameter:
    """Return a number of the law as it holds for an owner on the local day."""
    return parameter(key, parse_region_code(owner.region.code), local_day(now), places.law_parameters())
