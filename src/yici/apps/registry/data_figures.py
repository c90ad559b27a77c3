"""Figures about shared data: what waits for an owner, the quality of its datasets, and the gaps charged to it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Max, Q, QuerySet
from django.db.models.functions import TruncMonth

from yici.apps.people.viewers import Viewer
from yici.apps.places import queries as places
from yici.apps.registry import waiting_lists
from yici.apps.registry.disputes import own_disputes
from yici.apps.registry.models import Dataset, FormerValue, Gap, Record
from yici.apps.registry.owners import owned_by
from yici.apps.registry.write_backs import own_write_backs
from yici.rules.clock_courses import SHANGHAI
from yici.rules.datasets import Sharing
from yici.rules.gaps import CAUSE_WORDS
from yici.rules.people import Role
from yici.rules.plans import Availability
from yici.rules.words import Words


@dataclass(frozen=True, slots=True)
class Overview:
    """Figures of the room's first page; each opens its list."""

    write_backs: dict[str, int]
    disputes: dict[str, int]
    open_gaps: int
    datasets: int


@dataclass(frozen=True, slots=True)
class FieldFigures:
    """One field of a dataset: in how many records it has a value, and the gaps it left open."""

    key: str
    name: Words
    held: int
    open_gaps: int


@dataclass(frozen=True, slots=True)
class OwnDataset:
    """A dataset of one's own with its quality: records of people of the jurisdiction, and what is wrong with them."""

    key: str
    name: Words
    sharing: Sharing
    ground: str
    rhythm: str
    level: str
    fields: tuple[FieldFigures, ...]
    records: int
    stale: int
    updated_at: datetime | None
    changed: int
    open_disputes: int
    waiting: int
    open_gaps: int


@dataclass(frozen=True, slots=True)
class GapGroup:
    """Gaps of one field for one cause, with how many are still open."""

    dataset: Words
    dataset_key: str
    field: Words
    field_key: str
    cause: Availability
    cause_words: Words
    count: int
    open_count: int
    last_at: datetime


@dataclass(frozen=True, slots=True)
class GapLine:
    """One gap: which requirement of which case, without the person."""

    item: str
    requirement: str
    case_reference: str
    region: Words
    recorded_at: datetime
    closed_at: datetime | None
    closed_by: str


def may_steward(viewer: Viewer) -> bool:
    """Whether somebody is a data steward of an organisation."""
    return viewer.has_role(Role.STEWARD) and viewer.region_path is not None


def overview(viewer: Viewer, *, now: datetime) -> Overview:
    """Return what waits for the steward's organisation."""
    calendar = places.calendar()
    return Overview(
        write_backs=waiting_lists.counts(own_write_backs(viewer), calendar, now),
        disputes=waiting_lists.counts(own_disputes(viewer), calendar, now),
        open_gaps=_own_gaps(viewer).filter(closed_at=None)[: waiting_lists.MOST_COUNTED].count(),
        datasets=_own_datasets(viewer).count(),
    )


def _own_datasets(viewer: Viewer) -> QuerySet[Dataset]:
    return Dataset.objects.filter(owner=viewer.organisation_kind) if may_steward(viewer) else Dataset.objects.none()


def _own_gaps(viewer: Viewer) -> QuerySet[Gap]:
    return Gap.objects.filter(owned_by(viewer))


def own_datasets(viewer: Viewer) -> list[OwnDataset]:
    """Return the datasets of the steward's organisation with their figures."""
    return [_own_dataset(viewer, row) for row in _own_datasets(viewer).order_by("key")]


def own_dataset(viewer: Viewer, key: str) -> OwnDataset:
    """Return one of one's own datasets. Raises Dataset.DoesNotExist for others'."""
    return _own_dataset(viewer, _own_datasets(viewer).get(key=key))


NoSuchDataset = Dataset.DoesNotExist


def _own_dataset(viewer: Viewer, row: Dataset) -> OwnDataset:
    here = Q(party__region__path__startswith=viewer.region_path)
    records = Record.objects.filter(here, dataset=row)
    sums = records.aggregate(
        count=Count("pk"),
        stale=Count("pk", filter=Q(status="stale")),
        newest=Max("updated_at"),
        **{f"held_{key}": Count("pk", filter=Q(held__contains=[key])) for key in row.fields},
    )
    gaps = _own_gaps(viewer).filter(dataset=row, closed_at=None)
    by_field = dict(gaps.values_list("field").annotate(count=Count("pk")))
    return OwnDataset(
        key=row.key,
        name=Words(row.name, row.name_en),
        sharing=Sharing(row.sharing),
        ground=row.ground,
        rhythm=row.rhythm,
        level=row.level,
        fields=tuple(
            FieldFigures(key, Words(**names), sums[f"held_{key}"], by_field.get(key, 0))
            for key, names in row.fields.items()
        ),
        records=sums["count"],
        stale=sums["stale"],
        updated_at=sums["newest"],
        changed=FormerValue.objects.filter(record__in=records).count(),
        open_disputes=own_disputes(viewer).filter(dataset=row, settled_at=None).count(),
        waiting=own_write_backs(viewer).filter(dataset=row, settled_at=None).count(),
        open_gaps=sum(by_field.values()),
    )


def gap_groups(viewer: Viewer) -> list[GapGroup]:
    """Return the gaps charged to the steward's organisation by field and cause, the most open ones first."""
    return _groups(_own_gaps(viewer))


def all_gap_groups(*, region_code: str | None = None) -> list[GapGroup]:
    """Return the gaps of everybody by field and cause; figures without persons, for whoever has the command line."""
    rows = Gap.objects.all()
    return _groups(rows.filter(region__path__startswith=places.region(region_code).path) if region_code else rows)


def _groups(rows: QuerySet[Gap]) -> list[GapGroup]:
    found = rows.values("dataset_id", "field", "cause").annotate(
        count=Count("pk"), open_count=Count("pk", filter=Q(closed_at=None)), last_at=Max("recorded_at")
    )
    known = {row.key: row for row in Dataset.objects.filter(key__in={str(one["dataset_id"]) for one in found})}
    groups = [_group(known[str(one["dataset_id"])], dict(one)) for one in found]
    return sorted(groups, key=lambda one: (-one.open_count, -one.count, one.dataset_key, one.field_key, one.cause))


def _group(dataset: Dataset, sums: dict[str, Any]) -> GapGroup:
    cause = Availability(sums["cause"])
    return GapGroup(
        dataset=Words(dataset.name, dataset.name_en),
        dataset_key=dataset.key,
        field=Words(**dataset.fields.get(sums["field"], {"zh": sums["field"], "en": sums["field"]})),
        field_key=sums["field"],
        cause=cause,
        cause_words=CAUSE_WORDS[cause],
        count=sums["count"],
        open_count=sums["open_count"],
        last_at=sums["last_at"],
    )


def gap_list(
    viewer: Viewer, *, dataset: str, field: str, cause: str, before: int | None
) -> tuple[list[GapLine], int | None]:
    """Return the gaps behind one figure, newest first, and the mark of the next page."""
    rows = _own_gaps(viewer).filter(dataset__key=dataset, field=field, cause=cause).select_related("region")
    page = list((rows.filter(pk__lt=before) if before else rows).order_by("-pk")[: waiting_lists.PAGE + 1])
    lines = [_gap_line(row) for row in page[: waiting_lists.PAGE]]
    return lines, page[waiting_lists.PAGE - 1].pk if len(page) > waiting_lists.PAGE else None


def _gap_line(row: Gap) -> GapLine:
    place = Words(row.region.name, row.region.name_en)
    return GapLine(row.item, row.requirement, row.case_reference, place, row.recorded_at, row.closed_at, row.closed_by)


@dataclass(frozen=True, slots=True)
class Brought:
    """What people had to bring for one dataset in one month and region, and how much of it is fetched since."""

    month: str  # 2026-11
    dataset: str
    region: str
    brought: int
    turned: int


def brought(*, since: datetime | None = None, datasets: Iterable[str] | None = None) -> list[Brought]:
    """Return the gaps by month, dataset and region, with how many have been closed. No persons in it."""
    rows = Gap.objects.all()
    rows = rows.filter(recorded_at__gte=since) if since else rows
    rows = rows if datasets is None else rows.filter(dataset__key__in=list(datasets))
    found = (
        rows.annotate(month=TruncMonth("recorded_at", tzinfo=SHANGHAI))
        .values("month", "dataset_id", "region__code")
        .annotate(brought=Count("pk"), turned=Count("pk", filter=Q(closed_at__isnull=False)))
        .order_by("month", "dataset_id", "region__code")
    )
    return [
        Brought(f"{one['month']:%Y-%m}", str(one["dataset_id"]), one["region__code"], one["brought"], one["turned"])
        for one in found
    ]
