"""What a data steward may see: what was written back into his organisation's data, disputes, gaps, and quality."""

from dataclasses import dataclass
from datetime import datetime
from typing import Generic, NamedTuple, TypeVar
from uuid import UUID

from django.db.models import QuerySet

from yici.apps.people.models import Staff
from yici.apps.people.viewers import Viewer
from yici.apps.places import queries as places
from yici.apps.registry import waiting_lists
from yici.apps.registry.disputes import own_disputes
from yici.apps.registry.models import CorrectionSignal, Record, WriteBack
from yici.apps.registry.waiting_lists import TimeLeft
from yici.apps.registry.write_backs import own_write_backs
from yici.rules.disputes import DisputeOutcome
from yici.rules.people import masked_number
from yici.rules.words import Words
from yici.rules.write_backs import WriteBackState

Line = TypeVar("Line")


@dataclass(frozen=True, slots=True)
class WriteBackLine:
    """One write-back in a list or alone. ``own_value``: what the owner's record says of the field, "" for nothing."""

    public_id: UUID
    dataset: Words
    dataset_key: str
    field: Words
    value: str
    own_value: str
    party: str
    id_number: str
    case_reference: str
    item: str
    organisation: Words
    clerk: str
    written_at: datetime
    has_evidence: bool
    state: WriteBackState
    time_left: TimeLeft
    settled_at: datetime | None
    settled_by: str
    reason: str


@dataclass(frozen=True, slots=True)
class DisputeLine:
    """One dispute as the steward reads it."""

    public_id: UUID
    dataset: Words
    dataset_key: str
    field: Words
    own_value: str
    claimed: str
    party: str
    id_number: str
    case_reference: str
    reported_at: datetime
    outcome: DisputeOutcome
    time_left: TimeLeft
    settled_at: datetime | None
    settled_by: str
    reason: str


@dataclass(frozen=True, slots=True)
class Page(Generic[Line]):
    """One page of a tab, with the counts of all tabs and the mark of the next page."""

    rows: tuple[Line, ...]
    after: str
    counts: dict[str, int]


@dataclass(frozen=True, slots=True)
class Alone(Generic[Line]):
    """One row on a page of its own, with its neighbours in the tab it was opened from."""

    row: Line
    before: UUID | None
    after: UUID | None


def _whole(rows: QuerySet[WriteBack]) -> QuerySet[WriteBack]:
    return rows.select_related("dataset", "party", "organisation", "clerk")


def write_backs(viewer: Viewer, tab: str, *, after: str, now: datetime) -> Page[WriteBackLine]:
    """Return a page of the write-backs of a tab (open, due, settled)."""
    calendar = places.calendar()
    mine = own_write_backs(viewer)
    found, mark = waiting_lists.page(_whole(waiting_lists.in_tab(mine, tab, calendar, now)), tab, after)
    own = _own_values([(row.party_id, row.dataset_id) for row in found])
    lines = tuple(_write_back_line(row, own, now) for row in found)
    return Page(lines, mark, waiting_lists.counts(mine, calendar, now))


def write_back(viewer: Viewer, public_id: UUID, tab: str, *, now: datetime) -> Alone[WriteBackLine]:
    """Return one write-back. Raises WriteBack.DoesNotExist for anybody but the owner's stewards."""
    row = _whole(own_write_backs(viewer)).get(public_id=public_id)
    rows = waiting_lists.in_tab(own_write_backs(viewer), tab, places.calendar(), now)
    own = _own_values([(row.party_id, row.dataset_id)])
    return Alone(_write_back_line(row, own, now), *waiting_lists.neighbours(rows, row, tab))


class EvidenceOf(NamedTuple):
    """Which paper stands behind a write-back: its id, its fingerprint ("" if none was noted), and the case."""

    attachment_id: UUID | None
    sha256: str
    case_reference: str


def evidence_of(viewer: Viewer, public_id: UUID) -> EvidenceOf:
    """Return the paper behind a write-back. Raises WriteBack.DoesNotExist for anybody but the owner's stewards."""
    row = own_write_backs(viewer).get(public_id=public_id)
    return EvidenceOf(row.evidence_id, row.evidence_sha256, row.case_reference)


OwnValues = dict[tuple[int, str], dict[str, object]]


def _own_values(keys: list[tuple[int, str]]) -> OwnValues:
    """Return what the steward's own records say about these parties."""
    wanted = set(keys)
    rows = Record.objects.filter(
        party_id__in={party for party, _ in wanted}, dataset__key__in={key for _, key in wanted}
    )
    return {(row.party_id, row.dataset_id): row.values for row in rows if (row.party_id, row.dataset_id) in wanted}


def _own_value(own: OwnValues, row: WriteBack | CorrectionSignal) -> str:
    return str(own.get((row.party_id, row.dataset_id), {}).get(row.field) or "")


def _field_name(row: WriteBack | CorrectionSignal) -> Words:
    return Words(**row.dataset.fields.get(row.field, {"zh": row.field, "en": row.field}))


def _write_back_line(row: WriteBack, own: OwnValues, now: datetime) -> WriteBackLine:
    office = row.organisation
    return WriteBackLine(
        public_id=row.public_id,
        dataset=Words(row.dataset.name, row.dataset.name_en),
        dataset_key=row.dataset_id,
        field=_field_name(row),
        value=str(row.value),
        own_value=_own_value(own, row),
        party=row.party.name,
        id_number=masked_number(row.party.id_number),
        case_reference=row.case_reference,
        item=row.item,
        organisation=Words(office.name, office.name_en) if office else Words("", ""),
        clerk=row.clerk.name if row.clerk else "",
        written_at=row.written_at,
        has_evidence=row.evidence_id is not None,
        state=WriteBackState(row.state),
        time_left=waiting_lists.time_left(row.due_at, places.calendar(), now),
        settled_at=row.settled_at,
        settled_by=_name_of(row.settled_by),
        reason=row.reason,
    )


def _name_of(label: str) -> str:
    """Return the name of the member of staff behind a label of the journal; "" for the clock."""
    kind, _, public_id = label.partition(":")
    found = Staff.objects.filter(public_id=public_id).first() if kind == "staff" else None
    return found.name if found else ""


def disputes(viewer: Viewer, tab: str, *, after: str, now: datetime) -> Page[DisputeLine]:
    """Return a page of the disputes of a tab (open, due, settled)."""
    calendar, mine = places.calendar(), own_disputes(viewer)
    rows = waiting_lists.in_tab(mine, tab, calendar, now).select_related("dataset", "party")
    found, mark = waiting_lists.page(rows, tab, after)
    own = _own_values([(row.party_id, row.dataset_id) for row in found])
    return Page(tuple(_dispute_line(row, own, now) for row in found), mark, waiting_lists.counts(mine, calendar, now))


def dispute(viewer: Viewer, public_id: UUID, tab: str, *, now: datetime) -> Alone[DisputeLine]:
    """Return one dispute. Raises CorrectionSignal.DoesNotExist for anybody but the owner's stewards."""
    row = own_disputes(viewer).select_related("dataset", "party").get(public_id=public_id)
    rows = waiting_lists.in_tab(own_disputes(viewer), tab, places.calendar(), now)
    own = _own_values([(row.party_id, row.dataset_id)])
    return Alone(_dispute_line(row, own, now), *waiting_lists.neighbours(rows, row, tab))


def _dispute_line(row: CorrectionSignal, own: OwnValues, now: datetime) -> DisputeLine:
    return DisputeLine(
        public_id=row.public_id,
        dataset=Words(row.dataset.name, row.dataset.name_en),
        dataset_key=row.dataset_id,
        field=_field_name(row),
        own_value=_own_value(own, row),
        claimed=str(row.claimed),
        party=row.party.name,
        id_number=masked_number(row.party.id_number),
        case_reference=row.case_reference,
        reported_at=row.reported_at,
        outcome=DisputeOutcome(row.outcome),
        time_left=waiting_lists.time_left(row.due_at, places.calendar(), now),
        settled_at=row.settled_at,
        settled_by=_name_of(row.settled_by),
        reason=row.reason,
    )
