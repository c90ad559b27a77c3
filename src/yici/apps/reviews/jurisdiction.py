"""Who sees which review: the unit its own, the hotline and the reform office their region, the person his own."""

from django.db.models import QuerySet

from yici.apps.people.viewers import Viewer
from yici.apps.reviews.models import Review
from yici.rules.people import Role


def at_unit(viewer: Viewer) -> QuerySet[Review]:
    """Return the reviews of the viewer's own organisation."""
    if not viewer.is_staff or viewer.organisation_id is None:
        return Review.objects.none()
    return Review.objects.filter(organisation_id=viewer.organisation_id)


def at_supervisor(viewer: Viewer) -> QuerySet[Review]:
    """Return the reviews of the region of somebody of hotline or reform office, those of his own office left out."""
    if not (viewer.has_role(Role.HOTLINE, Role.REFORM) and viewer.region_path):
        return Review.objects.none()
    rows = Review.objects.filter(region__path__startswith=viewer.region_path)
    return rows.exclude(organisation_id=viewer.organisation_id or 0)


def at_desk(viewer: Viewer) -> QuerySet[Review]:
    """Return every review a member of staff may look at."""
    return at_unit(viewer) | at_supervisor(viewer) if viewer.is_staff else Review.objects.none()


def own(viewer: Viewer) -> QuerySet[Review]:
    """Return what the person reviewed under his name; what he said without it is nobody's."""
    return Review.objects.filter(party_id=viewer.party_id) if viewer.party_id else Review.objects.none()


def heads(viewer: Viewer) -> bool:
    """Whether the viewer supervises the persons of his own organisation: figures of persons are for him alone."""
    return viewer.has_role(Role.DECIDER) and viewer.organisation_id is not None
