"""Whose data these are: which grants, questions and look-ups a steward has in hand; the one place that decides it."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from yici.apps.people.viewers import Viewer
from yici.apps.places.models import Organisation
from yici.apps.registry.models import Dataset, Grant, Inquiry
from yici.rules.people import Role

# 规定 art. 38: the province's data office gathers and combines public data; it speaks for owners without an own office.
DATA_OFFICE = "big_data"
NOWHERE = "nowhere"  # begins no path


def is_steward(viewer: Viewer) -> bool:
    """Whether the viewer looks after the data of an organisation."""
    return viewer.has_role(Role.STEWARD) and viewer.region_path is not None


def grants_in_hand(viewer: Viewer) -> QuerySet[Grant]:
    """Return the grants to data of the viewer's organisation that hold in his jurisdiction; stewards only.

    A province-wide grant is decided in the province. Where the owner has no office at that level (the housing fund has
    none in the province), the data office of the same level decides.
    """
    if not is_steward(viewer):
        return Grant.objects.none()
    own: Q = Q(dataset__owner=viewer.organisation_kind)
    if viewer.organisation_kind == DATA_OFFICE:
        office = Organisation.objects.filter(kind=OuterRef("dataset__owner"), region__code=OuterRef("region_id"))
        own |= Q(~Exists(office))
    return Grant.objects.filter(own, region__path__startswith=viewer.region_path or NOWHERE)


def own_datasets(viewer: Viewer) -> list[str]:
    """Return the keys of the datasets of the viewer's organisation; stewards only."""
    if not is_steward(viewer):
        return []
    return list(Dataset.objects.filter(owner=viewer.organisation_kind).values_list("key", flat=True))


def inquiries_in_hand(viewer: Viewer) -> QuerySet[Inquiry]:
    """Return the questions that the viewer's organisation must answer because it looked; stewards only."""
    if not is_steward(viewer):
        return Inquiry.objects.none()
    return Inquiry.objects.filter(
        organisation_kind=viewer.organisation_kind, region__path__startswith=viewer.region_path or NOWHERE
    )
