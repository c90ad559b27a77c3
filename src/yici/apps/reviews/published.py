"""What everybody may read of reviews: the figures of halls, organisations and items; persons for their head alone."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from yici.apps.catalogue.models import BasicItem
from yici.apps.people.models import Staff
from yici.apps.people.viewers import Viewer
from yici.apps.places.models import CannotFindPlace, Hall, Organisation, Region
from yici.apps.reviews.jurisdiction import heads
from yici.apps.reviews.models import Review
from yici.apps.reviews.publishing import Scope, figures_of, period_of
from yici.apps.reviews.views import Published
from yici.rules.codes import ZHEJIANG
from yici.rules.review_acts import Handling
from yici.rules.reviews import Grade
from yici.rules.words import Words

NotPublished = (Organisation.DoesNotExist, Hall.DoesNotExist, BasicItem.DoesNotExist, CannotFindPlace)
MOST_EXCERPTS = 12


def figures_of_persons(viewer: Viewer, *, now: datetime) -> list[tuple[str, Published]]:
    """Return the figures of the persons of the viewer's own organisation, for its head alone."""
    if not heads(viewer):
        return []
    staff = {one.pk: one for one in Staff.objects.filter(organisation_id=viewer.organisation_id or 0)}
    counted = figures_of(Scope.PERSON, list(staff), region_code=viewer.region_code or "", now=now)
    names = {key: Words(one.name, one.name) for key, one in staff.items()}
    return [(staff[key].post, Published("", names[key], found)) for key, found in counted.items() if found.tally]


def published_organisation(public_id: UUID, *, now: datetime) -> Published:
    """Return the public figure of an organisation. Raises Organisation.DoesNotExist."""
    row = Organisation.objects.select_related("region").get(public_id=public_id)
    return _published(Scope.ORGANISATION, row, row.region.code, now)


def published_hall(public_id: UUID, *, now: datetime) -> Published:
    """Return the public figure of a hall: visits to its windows. Raises Hall.DoesNotExist."""
    row = Hall.objects.select_related("region").get(public_id=public_id)
    return _published(Scope.HALL, row, row.region.code, now)


def published_item(key: str, *, now: datetime) -> Published:
    """Return the public figure of an item in the whole province. Raises BasicItem.DoesNotExist."""
    row = BasicItem.objects.get(key=key)
    return _published(Scope.ITEM, row, ZHEJIANG.text, now)


def _published(scope: Scope, row: BasicItem | Hall | Organisation, region_code: str, now: datetime) -> Published:
    key = row.key if isinstance(row, BasicItem) else row.pk
    found = figures_of(scope, [key], region_code=region_code, now=now)[key]
    excerpts = _excerpts(scope, key) if found.tally else ()
    return Published(_key(row), Words(row.name, row.name_en), found, excerpts)


def _excerpts(scope: Scope, row: object) -> tuple[tuple[str, Grade, Handling | None], ...]:
    column = {Scope.ORGANISATION: "organisation_id", Scope.HALL: "hall_id", Scope.ITEM: "item_key"}[scope]
    rows = Review.objects.filter(**{column: row}, upheld="").exclude(excerpt="").order_by("-id")
    return tuple(
        (excerpt, Grade(grade), Handling(handling) if handling else None)
        for excerpt, grade, handling in rows.values_list("excerpt", "grade", "handling")[:MOST_EXCERPTS]
    )


@dataclass(frozen=True, slots=True)
class Overview:
    """What is published in a place: its halls, its organisations, and the items reviewed there."""

    since: date
    halls: tuple[Published, ...]
    organisations: tuple[Published, ...]
    items: tuple[Published, ...]


def overview(region: str, *, now: datetime) -> Overview:
    """Return every figure of a place that may be shown, best covered first. Raises Region.DoesNotExist."""
    place = Region.objects.at(region)
    rows = Review.objects.filter(region__path__startswith=place.path)
    halls_there = {one.pk: one for one in Hall.objects.filter(region__path__startswith=place.path)}
    bodies = {one.pk: one for one in Organisation.objects.filter(pk__in=rows.values("organisation_id"))}
    items = {one.key: one for one in BasicItem.objects.filter(key__in=rows.values("item_key"))}
    return Overview(
        period_of(place.code, now).since,
        _listed(Scope.HALL, halls_there, place.code, now),
        _listed(Scope.ORGANISATION, bodies, place.code, now),
        _listed(Scope.ITEM, items, ZHEJIANG.text, now),
    )


def _listed(scope: Scope, rows: Mapping[Any, Any], region_code: str, now: datetime) -> tuple[Published, ...]:
    found = figures_of(scope, list(rows), region_code=region_code, now=now)
    shown = [(rows[key], figure) for key, figure in found.items() if figure.tally]
    named: Iterable[Published] = (Published(_key(row), Words(row.name, row.name_en), figure) for row, figure in shown)
    return tuple(sorted(named, key=lambda one: -(one.figures.tally.given if one.figures.tally else 0)))


def _key(row: BasicItem | Hall | Organisation) -> str:
    return str(row.key if isinstance(row, BasicItem) else row.public_id)
