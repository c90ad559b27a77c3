"""Gives every item to the organisations that carry it out: one implementation a region, with its national code."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db import connection

from yici.apps.catalogue.models import Implementation
from yici.apps.places.models import Region

# 行使层级 (GB/T 39046-2020 A.2) → level of the region; 7 is 分级管理: wherever there is an organisation.
_LEVELS = {"2": (1,), "3": (2,), "4": (3,), "5": (4,), "7": (1, 2, 3)}


@dataclass(frozen=True, slots=True)
class Assignment:
    """Who is to carry out an item: the kind of organisation at a level; ``revisions`` by region code, "" for all."""

    basic_id: int
    code: str
    level: str
    organisation: str
    revisions: dict[str, int]


@dataclass(frozen=True, slots=True)
class _Office:
    organisation_id: int
    kind: str
    uscc: str
    region_id: int
    level: int
    path: str

    @property
    def region_code(self) -> str:
        return self.path[-13:-1]


_OFFICES = """
SELECT o.id, o.kind, o.uscc, r.id, r.level, r.path FROM places_organisation o JOIN places_region r ON r.id = o.region_id
WHERE o.kind = ANY(%s)
"""


def implement(assignments: Iterable[Assignment]) -> int:
    """Write the implementations that are new or differ, switch off those that are no more; return how many are new."""
    wanted = list(assignments)
    offices = _offices({assignment.organisation for assignment in wanted})
    paths = _paths()
    serving = {
        (one.level, one.organisation): _serving(offices.get(one.organisation, []), paths[one.level]) for one in wanted
    }
    rows = [row for one in wanted for row in _rows(one, serving[one.level, one.organisation])]
    ours = [assignment.basic_id for assignment in wanted]
    known = {
        (row.basic_id, row.region_id): row for row in Implementation.objects.filter(basic_id__in=ours).iterator(2_000)
    }
    due = [row for row in rows if not _same(row, known.pop((row.basic_id, row.region_id), None))]
    Implementation.objects.filter(pk__in=[row.pk for row in known.values() if row.active]).update(active=False)
    before = Implementation.objects.count()
    Implementation.objects.bulk_create(
        due,
        batch_size=1_000,
        update_conflicts=True,
        unique_fields=["basic", "region"],
        update_fields=["organisation", "code31", "revision", "active"],
    )
    return Implementation.objects.count() - before


def _offices(kinds: set[str]) -> dict[str, list[_Office]]:
    offices: dict[str, list[_Office]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_OFFICES, [sorted(kinds)])
        for row in cursor.fetchall():
            office = _Office(*row)
            offices.setdefault(office.kind, []).append(office)
    return offices


def _paths() -> dict[str, list[str]]:
    """Return the regions in which an item of each level is to be had, as paths."""
    regions = list(Region.objects.values_list("level", "path"))
    return {level: [path for depth, path in regions if depth in depths] for level, depths in _LEVELS.items()}


def _rows(assignment: Assignment, offices: list[_Office]) -> Iterator[Implementation]:
    for office in offices:
        yield Implementation(
            basic_id=assignment.basic_id,
            organisation_id=office.organisation_id,
            region_id=office.region_id,
            # rules.codes.make_implementation_code says the same; nine thousand checks of the same USCCs take seconds.
            code31=f"{office.uscc}{office.level + 1}{assignment.code}",
            revision_id=_in_force(assignment.revisions, office.path),
            active=True,
        )


def _serving(offices: list[_Office], paths: Iterable[str]) -> list[_Office]:
    """Return the organisations that serve these regions: a region's own, else the nearest above; each once."""
    by_region = {office.region_code: office for office in offices}
    serving = {}
    for path in paths:
        code = next((code for code in reversed(path.strip("/").split("/")) if code in by_region), "")
        if code:
            serving[code] = by_region[code]
    return list(serving.values())


def _in_force(revisions: dict[str, int], path: str) -> int:
    nearest = next((code for code in reversed(path.strip("/").split("/")) if code in revisions), "")
    return revisions[nearest]


def _same(row: Implementation, known: Implementation | None) -> bool:
    fields = ("organisation_id", "code31", "revision_id", "active")
    return known is not None and all(getattr(row, field) == getattr(known, field) for field in fields)
