"""What a window verified is written back beside the owner's record, and the owner confirms or rejects it.

Write-backs stand in a table of their own and are laid over the owner's record when it is read (``overlays.py``). Also
a confirmed one is not copied into the record: what stands there is what the owner says and nothing else, so that no
order of acts can overwrite it, and a live source that answers for itself finds nothing of ours in its way.
"""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet

from yici.apps.journal import actions as journal
from yici.apps.people.models import Party
from yici.apps.people.viewers import Viewer
from yici.apps.places.models import Organisation
from yici.apps.registry import gaps
from yici.apps.registry.models import Dataset, WriteBack
from yici.apps.registry.owners import due_at, law_parameter, owned_by, owner_of
from yici.rules.people import Role
from yici.rules.write_backs import (
    USABLE_STATES,
    CannotWriteBack,
    Hand,
    WriteBackAct,
    WriteBackState,
    Written,
    settled,
    superseded,
)

BATCH = 200
LONGEST_VALUE = 1000
CLERKS = (Role.WINDOW, Role.REVIEWER, Role.DECIDER)
NoSuchWriteBack = WriteBack.DoesNotExist


@transaction.atomic
def write_back(
    *,
    party_id: int,
    dataset: str,
    field: str,
    value: object,
    evidence_id: UUID | None,
    case_reference: str,
    by: Viewer,
    now: datetime,
    evidence_sha256: str = "",
    item: str = "",
) -> UUID:
    """Record a datum that a clerk verified for a case, and return its public id; it is usable at once, as pending.

    ``evidence_id`` is the public id of the scanned paper, None when an original was shown and not kept. Said again for
    the same case with the same value, it is one write-back. Raises CannotWriteBack.
    """
    known, text = _checked(dataset, field, value, case_reference, by)
    party = Party.objects.select_for_update(of=("self",)).select_related("region").get(pk=party_id)
    same = WriteBack.objects.filter(party=party, dataset=known, field=field, case_reference=case_reference)
    again = next((row for row in same.filter(state__in=USABLE_STATES) if row.value == text), None)
    if again is not None:
        return again.public_id
    owner = _owner(known, party, by)
    row = WriteBack.objects.create(
        party=party,
        dataset=known,
        field=field,
        value=text,
        evidence_id=evidence_id,
        evidence_sha256=evidence_sha256,
        case_reference=case_reference,
        item=item,
        owner=owner,
        written_at=now,
        written_by=by.label,
        clerk_id=by.staff_id,
        organisation_id=by.organisation_id,
        due_at=due_at("write_back_confirmation", owner, now),
    )
    facts = {"dataset": dataset, "field": field, "case": case_reference, "evidence": evidence_sha256}
    journal.record("registry.written_back", subject=str(party), by=by.label, now=now, facts=facts)
    gaps.close_by_write_back(row, now)
    return row.public_id


def _checked(dataset: str, field: str, value: object, case_reference: str, by: Viewer) -> tuple[Dataset, object]:
    known = Dataset.objects.filter(key=dataset).first()
    if known is None or field not in known.fields:
        raise CannotWriteBack(
            zh=f"数据资源目录中没有“{dataset}.{field}”，无法回写。请核对。",
            en=f"The list of datasets does not know '{dataset}.{field}': it cannot be written back. Check it.",
        )
    text = value.strip() if isinstance(value, str) else value
    if text in (None, "") or len(str(text)) > LONGEST_VALUE:
        raise CannotWriteBack(
            zh=f"请填写材料上的内容（不超过{LONGEST_VALUE}字）再回写。",
            en=f"Write down what the paper says, in at most {LONGEST_VALUE} characters.",
        )
    if not by.has_role(*CLERKS) or not case_reference.strip():
        raise CannotWriteBack(
            zh="只有核验了材料的工作人员可以为所办的件回写数据。",
            en="Only the clerk who checked the paper writes it back, for the case it was checked for.",
        )
    return known, text


def _owner(dataset: Dataset, party: Party, by: Viewer) -> Organisation:
    owner = owner_of(dataset, party.region.code if party.region else by.region_code)
    if owner is None:
        raise CannotWriteBack(
            zh="找不到这项数据的提供部门，无法送其确认。请联系管理员。",
            en="No organisation answers for this datum here, so nobody could confirm it. Ask the administrator.",
        )
    return owner


def own_write_backs(viewer: Viewer) -> QuerySet[WriteBack]:
    """Return the write-backs that the steward's organisation confirms."""
    return WriteBack.objects.filter(owned_by(viewer))


@transaction.atomic
def confirm(*, write_back_id: UUID, by: Viewer, now: datetime) -> None:
    """Confirm a write-back of one's own data; older ones of the same field give way. Raises CannotWriteBack."""
    row = _locked(own_write_backs(by).filter(public_id=write_back_id))
    _settle(row, WriteBackAct.CONFIRM, Hand.STEWARD, by.label, now)
    _supersede_older(row, by.label, now)


@transaction.atomic
def reject(*, write_back_id: UUID, reason: str, by: Viewer, now: datetime) -> None:
    """Reject a write-back with a reason: the datum is asked for again. Raises CannotWriteBack."""
    row = _locked(own_write_backs(by).filter(public_id=write_back_id))
    _settle(row, WriteBackAct.REJECT, Hand.STEWARD, by.label, now, reason=reason.strip()[:LONGEST_VALUE])
    if not _of_field(row).filter(state__in=USABLE_STATES).exists():
        gaps.reopen(row)


def _locked(rows: QuerySet[WriteBack]) -> WriteBack:
    """Return one write-back with its party locked: two settlements of one field never pass each other."""
    found = rows.get()
    Party.objects.select_for_update().get(pk=found.party_id)
    return WriteBack.objects.select_related("owner__region", "party").get(pk=found.pk)


def _of_field(row: WriteBack) -> QuerySet[WriteBack]:
    return WriteBack.objects.filter(party_id=row.party_id, dataset_id=row.dataset_id, field=row.field)


def _settle(row: WriteBack, act: WriteBackAct, hand: Hand, by: str, now: datetime, *, reason: str = "") -> None:
    row.state = settled(WriteBackState(row.state), act, hand, reason=reason, is_due=row.due_at <= now)
    row.settled_at, row.settled_by, row.reason = now, by, reason
    row.save(update_fields=["state", "settled_at", "settled_by", "reason"])
    facts = {"dataset": row.dataset_id, "field": row.field, "case": row.case_reference, "state": str(row.state)}
    journal.record("registry.write_back_settled", subject=str(row.party), by=by, now=now, facts=facts)


def _supersede_older(row: WriteBack, by: str, now: datetime) -> None:
    others = {one.pk: one for one in _of_field(row).select_related("party", "owner__region")}
    written = [Written(pk, WriteBackState(one.state)) for pk, one in others.items()]
    for pk in superseded(row.pk, written):
        _settle(others[pk], WriteBackAct.SUPERSEDE, Hand.NEWER, by, now)


def deem_confirmed(*, now: datetime) -> int:
    """Examine every write-back whose time for confirmation is up, oldest first; return how many silence confirmed.

    Where the law parameter says that silence confirms nothing, it is noted as late, once, and stays usable. Batches go
    by key and not by count, so one that cannot be settled never hides those behind it; running twice changes nothing.
    """
    done = 0
    last: tuple[datetime | None, int] = (None, 0)
    while batch := _overdue_after(last, now):
        for due, pk in batch:
            done += _examine(pk, now)
            last = (due, pk)
    return done


def _overdue_after(last: tuple[datetime | None, int], now: datetime) -> list[tuple[datetime, int]]:
    rows = WriteBack.objects.filter(state=WriteBackState.PENDING, due_at__lte=now)
    if last[0] is not None:
        rows = rows.filter(Q(due_at__gt=last[0]) | Q(due_at=last[0], pk__gt=last[1]))
    return list(rows.order_by("due_at", "id").values_list("due_at", "pk")[:BATCH])


@transaction.atomic
def _examine(pk: int, now: datetime) -> bool:
    row = _locked(WriteBack.objects.filter(pk=pk))
    if row.state != WriteBackState.PENDING:  # a steward was faster
        return False
    if law_parameter("write_back_deemed_confirmed", row.owner, now).value:
        # Older ones stay: silence may still be rejected, and then the older one answers again.
        _settle(row, WriteBackAct.DEEM, Hand.CLOCK, "system:clock", now)
        return True
    if row.late_noted_at is None:
        row.late_noted_at = now
        row.save(update_fields=["late_noted_at"])
        facts = {"dataset": row.dataset_id, "field": row.field, "case": row.case_reference}
        journal.record("registry.write_back_late", subject=str(row.party), by="system:clock", now=now, facts=facts)
    return False
