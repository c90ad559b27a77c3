"""What may be known of shared data without reading it, and who has read it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from yici.apps.places.queries import region_path
from yici.apps.registry import live_states, reading
from yici.apps.registry.grant_queries import (
    QUALITY_DAYS,
    DatasetLine,
    GrantLine,
    GrantPage,
    NoSuchGrant,
    NoSuchInquiry,
    due_colour,
    grant_of,
    grants_of,
    inquiries_of,
    inquiry_of,
    may_steward,
    public_datasets,
    public_grants,
    steward_counts,
    waiting_of,
)
from yici.apps.registry.ledger import InquiryView, LedgerPage, LookUp, look_ups_of, look_ups_of_our_data
from yici.apps.registry.models import Dataset
from yici.apps.registry.overlays import overlay
from yici.apps.registry.reading import LICENCE
from yici.rules.clock_courses import local_day
from yici.rules.datasets import Sharing
from yici.rules.grants import is_granted_to_all
from yici.rules.plans import Availability
from yici.rules.words import Words

__all__ = [
    "LICENCE",
    "QUALITY_DAYS",
    "DatasetLine",
    "DatasetView",
    "GrantLine",
    "GrantPage",
    "InquiryView",
    "LedgerPage",
    "LookUp",
    "NoSuchGrant",
    "NoSuchInquiry",
    "availability",
    "dataset",
    "datasets",
    "due_colour",
    "grant_of",
    "grants_of",
    "inquiries_of",
    "inquiry_of",
    "look_ups_of",
    "look_ups_of_our_data",
    "may_steward",
    "public_datasets",
    "public_grants",
    "steward_counts",
    "waiting_of",
]


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


def availability(
    *, party_id: int | None, region_code: str, wanted: Iterable[str], items: Iterable[str], now: datetime | None = None
) -> dict[str, Availability]:
    """Return for each wanted key whether the government can see it for this party in this region. No content.

    Keys are "dataset.field" and "licence:<type>"; every wanted key is answered, unknown ones as missing. ``items`` are
    those of the need: a key that one of them asks for without a grant needs one. Grants must hold on
    the local day of ``now``. One query, and a second for whom something was written back; where datasets have live
    sources, those are asked too, within the budget of one page.
    """
    keys, asking = frozenset(wanted), tuple(items)
    rows = reading.presence(party_id or 0, keys, asking) if keys else {}
    path, moment = region_path(region_code), now or timezone.now()
    own = {key: _state(key, rows, path, asking, local_day(moment)) for key in keys}
    if live := frozenset(row.key for row in rows.values() if row.is_live):
        own = live_states.over(own, live, party_id, path, moment)
    return overlay(party_id, own) if any(row.is_laid for row in rows.values()) else own


def _state(
    key: str, rows: Mapping[str, reading.Seen], path: tuple[str, ...], items: tuple[str, ...], on: date
) -> Availability:
    if key.startswith(LICENCE):
        return Availability.AVAILABLE if key in rows else Availability.MISSING
    dataset_key, _, field = key.partition(".")
    row = rows.get(dataset_key)
    is_granted = row is not None and is_granted_to_all(row.grants, items, path, dataset_key, field, on=on)
    return reading.state(row, field, path, is_granted=is_granted)


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
