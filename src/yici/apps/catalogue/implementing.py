"""Gives every item to the organisations that carry it out: one implementation a region, with its national code."""

from collections.abc import Iterable
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


_COLUMNS = ("organisation_id", "code31", "revision_id", "active")
_Columns = tuple[int, str, int, bool]

_OFFICES = """
SELECT o.id, o.kind, o.uscc, r.id, r.level, r.path FROM places_organisation o JOIN places_region r ON r.id = o.region_id
WHERE o.kind = ANY(%s)
"""


def implement(assignments: Iterable[Assignment]) -> int:
    """Write the implementations that are new or differ, switch off those that are no more; return how many are new."""
    wanted = list(assignments)
    rows = _wanted_rows(wanted)
    ours = Implementation.objects.filter(basic_id__in=[one.basic_id for one in wanted])
    known = {(row[0], row[1]): row[2:] for row in ours.values_list("basic_id", "region_id", *_COLUMNS)}
    due = [_row(place, columns) for place, columns in rows.items() if known.get(place) != columns]
    ours.filter(
        pk__in=[pk for pk, *place in ours.values_list("pk", "basic_id", "region_id") if tuple(place) not in rows]
    ).update(active=False)
    Implementation.objects.bulk_create(
        due,
        batch_size=1_000,
        update_conflicts=True,
        unique_fields=["basic", "region"],
        update_fields=["organisation", "code31", "revision", "active"],
    )
    return len(rows.keys() - known.keys())


def _wanted_rows(wanted: list[Assignment]) -> dict[tuple[int, int], _Columns]:
    offices = _offices({one.organisation for one in wanted})
    paths = _paths()
    serving = {
        (one.level, one.organisation): _serving(offices.get(one.organisation, []), paths[one.level]) for one in wanted
    }
    return {
        (one.basic_id, office.region_id): _columns(one, office)
        for one in wanted
        for office in serving[one.level, one.organisation]
    }


def _columns(one: Assignment, office: _Office) -> _Columns:
    # rules.codes.make_implementation_code says the same; nine thousand checks of the same USCCs take seconds.
    code31 = f"{office.uscc}{office.level + 1}{one.code}"
    return office.organisation_id, code31, _in_force(one.revisions, office.path), True


def _row(place: tuple[int, int], columns: _Columns) -> Implementation:
    return Implementation(basic_id=place[0], region_id=place[1], **dict(zip(_COLUMNS, columns, strict=True)))


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
