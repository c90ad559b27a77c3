"""Disputes followed to the owner: settled by its stewards, while the person's own word counts."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from yici.apps.journal import actions as journal
from yici.apps.people.models import Party
from yici.apps.people.viewers import Viewer
from yici.apps.registry import actions
from yici.apps.registry.models import CorrectionSignal, Record
from yici.apps.registry.owners import owned_by
from yici.rules.disputes import DisputeOutcome, check_settlement
from yici.rules.sharing import RecordStatus
from yici.rules.words import Words

NoSuchDispute = CorrectionSignal.DoesNotExist
LONGEST = 1000
MOST_SHOWN = 100


@dataclass(frozen=True, slots=True)
class Claim:
    """What a person says instead of a shared datum, while its owner checks it."""

    value: str
    reported_at: datetime
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class DisputeView:
    """A dispute as the person who raised it reads it."""

    dataset: Words
    field: Words
    claimed: str
    case_reference: str
    reported_at: datetime
    owner: Words | None
    due_at: datetime | None
    is_late: bool
    outcome: DisputeOutcome
    settled_at: datetime | None
    reason: str


def own_disputes(viewer: Viewer) -> QuerySet[CorrectionSignal]:
    """Return the disputes that the steward's organisation settles."""
    return CorrectionSignal.objects.filter(owned_by(viewer))


@transaction.atomic
def settle(
    *, dispute_id: UUID, outcome: DisputeOutcome, by: Viewer, now: datetime, reason: str = "", value: str = ""
) -> None:
    """Settle a dispute about one's own data; to confirm it is to correct the record, and the old value is kept.

    Every open dispute of this person about this datum is answered with it: the same question is not checked twice.
    Raises CannotSettleDispute, CannotRecordData.
    """
    found = own_disputes(by).get(public_id=dispute_id)
    Party.objects.select_for_update().get(pk=found.party_id)
    row = own_disputes(by).select_related("party").get(pk=found.pk)
    value, reason = value.strip()[:LONGEST], reason.strip()[:LONGEST]
    check_settlement(DisputeOutcome(row.outcome), outcome, reason=reason, value=value)
    if outcome is DisputeOutcome.CONFIRMED:
        _correct_record(row, value, by, now)
    same = own_disputes(by).filter(party=row.party, dataset=row.dataset, field=row.field, settled_at=None)
    for one in same:
        one.settled_at, one.settled_by, one.outcome, one.reason = now, by.label, outcome.value, reason
        one.save(update_fields=["settled_at", "settled_by", "outcome", "reason"])
        facts = {"dataset": one.dataset_id, "field": one.field, "case": one.case_reference, "outcome": outcome}
        journal.record("registry.dispute_settled", subject=str(row.party), by=by.label, now=now, facts=facts)


def _correct_record(row: CorrectionSignal, value: str, by: Viewer, now: datetime) -> None:
    """Let the owner's record say the correct value; how fresh the rest of the record is does not change with it."""
    record = Record.objects.filter(party=row.party, dataset_id=row.dataset_id).first()
    actions.put_record(
        party_id=row.party_id,
        dataset=row.dataset_id,
        values={row.field: value},
        status=RecordStatus(record.status) if record else RecordStatus.AVAILABLE,
        source=record.source if record else "",
        because=f"dispute:{row.public_id}",
        by=by.label,
        now=now,
    )


def open_claims(party_id: int | None, wanted: Iterable[str]) -> dict[str, Claim]:
    """Return the person's own value for each "dataset.field" whose dispute is still open (规定 art. 7).

    Whoever calls it acts for this person.
    """
    keys = frozenset(wanted)
    datasets = {key.partition(".")[0] for key in keys}
    rows = CorrectionSignal.objects.filter(party_id=party_id or 0, dataset__key__in=datasets, settled_at=None)
    claims = {
        f"{row.dataset_id}.{row.field}": Claim(str(row.claimed), row.reported_at, row.due_at)
        for row in rows.order_by("reported_at", "pk")
    }
    return {key: claim for key, claim in claims.items() if key in keys}


def disputes_of(viewer: Viewer, *, now: datetime) -> list[DisputeView]:
    """Return the disputes of the viewer, or of whom he acts for: open ones first, then the newest."""
    rows = CorrectionSignal.objects.filter(party_id=viewer.subject_id or 0).select_related("dataset", "owner")
    ordered = rows.order_by("-reported_at", "-pk")[:MOST_SHOWN]
    return sorted((_view(row, now) for row in ordered), key=lambda one: one.settled_at is not None)


def _view(row: CorrectionSignal, now: datetime) -> DisputeView:
    return DisputeView(
        dataset=Words(row.dataset.name, row.dataset.name_en),
        field=Words(**row.dataset.fields[row.field]),
        claimed=str(row.claimed),
        case_reference=row.case_reference,
        reported_at=row.reported_at,
        owner=Words(row.owner.name, row.owner.name_en) if row.owner else None,
        due_at=row.due_at,
        is_late=row.settled_at is None and row.due_at is not None and row.due_at <= now,
        outcome=DisputeOutcome(row.outcome),
        settled_at=row.settled_at,
        reason=row.reason,
    )
