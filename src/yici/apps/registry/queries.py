"""What may be known of shared data without reading it, and who has read it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db import connection

from yici.apps.journal import queries as journal
from yici.apps.people.models import Party
from yici.apps.people.viewers import Viewer
from yici.apps.places.queries import region_path
from yici.apps.registry.models import CorrectionSignal, Dataset
from yici.rules import sharing
from yici.rules.items import Sharing
from yici.rules.people import Role
from yici.rules.plans import Availability
from yici.rules.sharing import Link, RecordStatus
from yici.rules.words import Words

LICENCE = "licence:"  # keys of licences in hand, beside the keys "dataset.field"


@dataclass(frozen=True, slots=True)
class DatasetView:
    """A dataset as everybody may see it: what it is, never what it holds."""

    key: str
    name: Words
    owner: str
    sharing: Sharing
    ground: str
    fields: dict[str, Words]
    not_shared_in: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LookUp:
    """One look-up of a person's data, as that person reads it."""

    looked_up_at: datetime
    dataset: Words
    fields: tuple[str, ...]
    purpose: str
    basis: str
    case_reference: str
    by: str
    was_found: bool


# Planning asks this for every page of every person: one statement, and no column with content in it.
_SEEN = """
SELECT dataset.key, dataset.sharing, dataset.not_shared_in, dataset.granted_in, record.held, record.status
FROM registry_dataset dataset LEFT JOIN registry_record record
  ON record.dataset_id = dataset.key AND record.party_id = %(party)s
WHERE dataset.key = ANY(%(datasets)s)
UNION ALL
SELECT %(prefix)s || type_key, NULL, NULL, NULL, NULL, NULL FROM registry_heldlicence
WHERE party_id = %(party)s AND type_key = ANY(%(types)s)
"""


def availability(*, party_id: int | None, region_code: str, wanted: Iterable[str]) -> dict[str, Availability]:
    """Return for each wanted key whether the government can see it for this party in this region. No content.

    Keys are "dataset.field" and "licence:<type>"; every wanted key is answered, unknown ones as missing. One query.
    """
    keys = frozenset(wanted)
    rows = {row.key: row for row in _seen(party_id or 0, keys)} if keys else {}
    path = region_path(region_code)
    return {key: _state(key, rows, path) for key in keys}


class _Seen(NamedTuple):
    key: str
    sharing: str | None
    not_shared_in: list[str] | None
    granted_in: list[str] | None
    held: list[str] | None
    status: str | None


def _seen(party_id: int, keys: frozenset[str]) -> list[_Seen]:
    types = [key.removeprefix(LICENCE) for key in keys if key.startswith(LICENCE)]
    datasets = list({key.partition(".")[0] for key in keys if not key.startswith(LICENCE)})
    with connection.cursor() as cursor:
        cursor.execute(_SEEN, {"party": party_id, "datasets": datasets, "types": types, "prefix": LICENCE})
        return [_Seen(*row) for row in cursor.fetchall()]


def _state(key: str, rows: Mapping[str, _Seen], path: tuple[str, ...]) -> Availability:
    if key.startswith(LICENCE):
        return Availability.AVAILABLE if key in rows else Availability.MISSING
    dataset_key, _, field = key.partition(".")
    row = rows.get(dataset_key)
    link = row and Link(Sharing(row.sharing or ""), frozenset(row.not_shared_in or ()), frozenset(row.granted_in or ()))
    status = RecordStatus((row and row.status) or RecordStatus.AVAILABLE)
    return sharing.availability(link, path, (row and row.held) or (), field, status)


def dataset(key: str) -> DatasetView | None:
    """Return one dataset of the public list, or None."""
    return next((one for one in datasets() if one.key == key), None)


def datasets() -> list[DatasetView]:
    """Return the public list of datasets in the order of their keys."""
    return [_dataset(row) for row in Dataset.objects.order_by("key")]


def _dataset(row: Dataset) -> DatasetView:
    return DatasetView(
        key=row.key,
        name=Words(row.name, row.name_en),
        owner=row.owner,
        sharing=Sharing(row.sharing),
        ground=row.ground,
        fields={key: Words(**names) for key, names in row.fields.items()},
        not_shared_in=tuple(row.not_shared_in),
    )


def look_ups_of(viewer: Viewer, *, limit: int = 200) -> list[LookUp]:
    """Return who looked at the data of the viewer, or of whom he acts for, newest first (规定 art. 39)."""
    subject = Party.objects.filter(pk=viewer.subject_id or 0).first()
    if subject is None:
        return []
    names = {one.key: one for one in datasets()}
    lines = journal.entries_for(str(subject), kind="registry.looked_up", limit=limit)
    return [_look_up(line, names.get(str(line.facts["dataset"]))) for line in lines]


def _look_up(line: journal.Line, view: DatasetView | None) -> LookUp:
    key = str(line.facts["dataset"])
    return LookUp(
        looked_up_at=line.recorded_at,
        dataset=view.name if view else Words(key, key),
        fields=tuple(line.facts["fields"]),
        purpose=line.facts["purpose"],
        basis=line.facts["basis"],
        case_reference=line.facts["case"],
        by=line.by,
        was_found=bool(line.facts["found"]),
    )


@dataclass(frozen=True, slots=True)
class SignalView:
    """A datum somebody says is wrong, as its owner's steward reads it."""

    public_id: UUID
    dataset: str
    field: str
    claimed: object
    case_reference: str
    reported_at: datetime
    is_settled: bool


def signals_for(viewer: Viewer) -> list[SignalView]:
    """Return the reports of wrong data that the viewer's organisation must check, oldest first; stewards only."""
    if not viewer.has_role(Role.STEWARD) or viewer.region_path is None:
        return []
    mine = CorrectionSignal.objects.filter(
        dataset__owner=viewer.organisation_kind, party__region__path__startswith=viewer.region_path
    )
    return [
        SignalView(
            one.public_id,
            one.dataset_id,
            one.field,
            one.claimed,
            one.case_reference,
            one.reported_at,
            one.settled_at is not None,
        )
        for one in mine.order_by("reported_at", "pk")
    ]
