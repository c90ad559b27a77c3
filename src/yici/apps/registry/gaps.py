"""Writes down what data could not satisfy, and takes note when it can."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import transaction

from yici.apps.journal import actions as journal
from yici.apps.places.models import Organisation, Region
from yici.apps.registry import queries
from yici.apps.registry.models import Dataset, Gap, WriteBack
from yici.apps.registry.owners import owner_of
from yici.rules.gaps import Gap as GapValue
from yici.rules.planner.holdings import USABLE
from yici.rules.plans import Availability

BY_WRITE_BACK, BY_SOURCE = "write_back", "source"
BATCH = 200


@transaction.atomic
def record(
    *,
    gaps: Iterable[GapValue],
    party_id: int,
    region_code: str,
    cases: Mapping[str, str],
    subject: str,
    by: str,
    now: datetime,
) -> int:
    """Charge each gap of a submitted application to the owner of the data; return how many there are.

    ``cases``: item → case reference; ``subject`` is the application, for the journal. A dataset that the list does not
    know is nobody's and is left out.
    """
    found = list(gaps)
    known = {one.key: one for one in Dataset.objects.filter(key__in={gap.dataset for gap in found})}
    region = Region.objects.at(region_code)
    owners = {key: owner_of(one, region_code) for key, one in known.items()}
    rows = [
        _row(gap, party_id=party_id, region=region, owner=owners[gap.dataset], cases=cases, now=now)
        for gap in found
        if gap.dataset in known
    ]
    if rows:
        Gap.objects.bulk_create(rows, ignore_conflicts=True)
        facts = {"gaps": len(rows), "datasets": sorted({row.dataset_id for row in rows})}
        journal.record("registry.gaps_recorded", subject=subject, by=by, now=now, facts=facts)
    return len(rows)


def _row(
    gap: GapValue, *, party_id: int, region: Region, owner: Organisation | None, cases: Mapping[str, str], now: datetime
) -> Gap:
    return Gap(
        dataset_id=gap.dataset,
        field=gap.field,
        cause=gap.cause.value,
        party_id=party_id,
        region=region,
        owner=owner,
        item=gap.item,
        requirement=gap.requirement,
        case_reference=cases[gap.item],
        recorded_at=now,
    )


def close_by_write_back(row: WriteBack, now: datetime) -> int:
    """Close the open gaps that a write-back fills; return how many."""
    open_gaps = Gap.objects.filter(party_id=row.party_id, dataset_id=row.dataset_id, field=row.field, closed_at=None)
    return open_gaps.update(closed_at=now, closed_by=BY_WRITE_BACK)


def reopen(row: WriteBack) -> int:
    """Open again the gaps that a rejected write-back had closed; return how many."""
    closed = Gap.objects.filter(
        party_id=row.party_id, dataset_id=row.dataset_id, field=row.field, closed_by=BY_WRITE_BACK
    )
    return closed.update(closed_at=None, closed_by="")


def close_filled(*, now: datetime) -> int:
    """Close every open gap whose datum can be seen by now: the owner's data came, or its link was opened or granted.

    Looks at all open gaps, in batches by key, and only at whether data are there; returns how many were closed.
    """
    closed, last = 0, 0
    while batch := list(
        Gap.objects.filter(closed_at=None, pk__gt=last).select_related("region").order_by("pk")[:BATCH]
    ):
        filled = [gap.pk for gap in batch if _is_filled(gap)]
        closed += Gap.objects.filter(pk__in=filled, closed_at=None).update(closed_at=now, closed_by=BY_SOURCE)
        last = batch[-1].pk
    return closed


def _is_filled(gap: Gap) -> bool:
    key = f"{gap.dataset_id}.{gap.field}"
    states = queries.availability(party_id=gap.party_id, region_code=gap.region.code, wanted=[key], items=[gap.item])
    state: Availability = states[key]
    return state in USABLE
