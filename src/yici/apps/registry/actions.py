"""What may be done with shared data: read it for a case, record it, say that it is wrong."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import transaction

from yici.apps.catalogue.queries import catalogue_for
from yici.apps.journal import actions as journal
from yici.apps.people.models import Party
from yici.apps.places.models import Region
from yici.apps.registry.granting import (
    Asked,
    CannotDecideGrant,
    approve_grant,
    ask_for_grants,
    extend_grant,
    refuse_grant,
    revoke_grant,
)
from yici.apps.registry.inquiring import CannotInquire, NoSuchLookUp, answer_inquiry, ask_why
from yici.apps.registry.looking_up import CannotFetch, LeftOut, LookUpAnswer, fetch, keeping_refusals
from yici.apps.registry.models import CorrectionSignal, Dataset, FormerValue, HeldLicence, Record
from yici.apps.registry.owners import due_at, owner_of
from yici.rules.codes import ZHEJIANG
from yici.rules.datasets import Dataset as DatasetValue
from yici.rules.refusals import Refusal
from yici.rules.sharing import RecordStatus

__all__ = [
    "Asked",
    "CannotDecideGrant",
    "CannotFetch",
    "CannotInquire",
    "CannotRecordData",
    "LeftOut",
    "LookUpAnswer",
    "NoSuchLookUp",
    "answer_inquiry",
    "approve_grant",
    "ask_for_grants",
    "ask_why",
    "extend_grant",
    "fetch",
    "follow_catalogue",
    "keeping_refusals",
    "load_datasets",
    "put_licence",
    "put_record",
    "refuse_grant",
    "report_wrong",
    "revoke_grant",
    "withdraw_licence",
]


class CannotRecordData(Refusal):
    """These values do not belong to this dataset, or there is no such dataset."""


@transaction.atomic
def load_datasets(*, datasets: Iterable[DatasetValue], by: str, now: datetime) -> int:
    """Take over the catalogue's list of datasets; again is harmless. Returns how many there are in the list.

    Records of datasets stay when the list loses one: only its owner removes data.
    """
    rows = [_dataset(value) for value in datasets]
    kept = ["name", "name_en", "owner", "level", "sharing", "ground", "fields", "not_shared_in", "rhythm"]
    Dataset.objects.bulk_create(rows, update_conflicts=True, unique_fields=["key"], update_fields=kept)
    journal.record("registry.datasets_loaded", subject="registry", by=by, now=now, facts={"datasets": len(rows)})
    return len(rows)


@transaction.atomic
def follow_catalogue(*, by: str, now: datetime) -> Asked:
    """Take over the datasets of the catalogue and ask for what its items use, after an import; again is harmless."""
    load_datasets(datasets=catalogue_for(ZHEJIANG.text).datasets.values(), by=by, now=now)
    return ask_for_grants(by=by, now=now)


def _dataset(value: DatasetValue) -> Dataset:
    return Dataset(
        key=value.key,
        name=value.name.zh,
        name_en=value.name.en,
        owner=value.owner,
        level=value.level,
        sharing=value.sharing.value,
        ground=value.ground,
        fields={key: {"zh": names.zh, "en": names.en} for key, names in value.fields.items()},
        not_shared_in=list(value.not_shared_in),
        rhythm=value.rhythm,
    )


@transaction.atomic
@transaction.atomic
def put_record(
    *,
    party_id: int,
    dataset: str,
    values: Mapping[str, object],
    by: str,
    now: datetime,
    status: RecordStatus = RecordStatus.AVAILABLE,
    source: str = "",
    region_code: str | None = None,
    because: str = "",
) -> None:
    """Record values of a dataset about a party; fields not named here keep what they had.

    What a changed field said before is kept. ``source`` is the case a value comes from, ``because`` the confirmed
    dispute that changed it. Raises CannotRecordData for an unknown dataset or field.
    """
    known = Dataset.objects.filter(key=dataset).first()
    foreign = sorted(set(values) - set(known.fields if known else ()))
    if known is None or foreign:
        what = "、".join(foreign) or dataset
        raise CannotRecordData(
            zh=f"数据资源目录中没有“{what}”。请先在目录（{dataset}）中登记。",
            en=f"The list of datasets does not know '{what}' (dataset {dataset}). Register it there first.",
        )
    region = Region.objects.at(region_code) if region_code else None
    record, _ = Record.objects.select_for_update().get_or_create(
        party_id=party_id, dataset=known, defaults={"values": {}, "held": [], "updated_at": now, "region": region}
    )
    _keep_former(record, values, by, now, because)
    record.values = {**record.values, **values}
    record.held = sorted(name for name, value in record.values.items() if value not in (None, ""))
    record.status, record.source, record.updated_at = status.value, source, now
    record.region = region or record.region
    record.save()
    facts = {"dataset": dataset, "fields": sorted(values), "status": status, "source": source}
    subject = str(Party.objects.get(pk=party_id))
    journal.record("registry.recorded", subject=subject, by=by, now=now, facts=facts)


def _keep_former(record: Record, values: Mapping[str, object], by: str, now: datetime, because: str) -> None:
    changed = [name for name in sorted(record.held) if name in values and values[name] != record.values[name]]
    FormerValue.objects.bulk_create(
        FormerValue(
            record=record,
            field=name,
            value=record.values[name],
            source=record.source,
            replaced_at=now,
            replaced_by=by,
            because=because,
        )
        for name in changed
    )


@transaction.atomic
def put_licence(*, party_id: int, type_key: str, number: str, by: str, now: datetime) -> None:
    """Record that a party holds a licence of a type; the newest number of a type counts."""
    HeldLicence.objects.update_or_create(
        party_id=party_id, type_key=type_key, defaults={"number": number, "updated_at": now}
    )
    _note_licence(party_id, type_key, "held", by, now)


@transaction.atomic
def withdraw_licence(*, party_id: int, type_key: str, by: str, now: datetime) -> None:
    """Record that a party holds no licence of a type any more."""
    HeldLicence.objects.filter(party_id=party_id, type_key=type_key).delete()
    _note_licence(party_id, type_key, "withdrawn", by, now)


def _note_licence(party_id: int, type_key: str, what: str, by: str, now: datetime) -> None:
    facts = {"licence": type_key, "status": what}
    subject = str(Party.objects.get(pk=party_id))
    journal.record("registry.recorded", subject=subject, by=by, now=now, facts=facts)


@transaction.atomic
def report_wrong(
    *, party_id: int, wanted: str, claimed: object, case_reference: str, by: str, now: datetime
) -> CorrectionSignal:
    """Tell the owner that a datum ("dataset.field") is wrong; the person's own value goes along (规定 art. 7).

    Said twice for the same case, it is one report with the latest value. Raises CannotRecordData.
    """
    dataset, _, field = wanted.partition(".")
    known = Dataset.objects.filter(key=dataset).first()
    if known is None or field not in known.fields:
        raise CannotRecordData(
            zh=f"数据资源目录中没有“{wanted}”。请核对。", en=f"The list of datasets does not know '{wanted}'. Check it."
        )
    region = Party.objects.select_related("region").get(pk=party_id).region
    owner = owner_of(known, region.code if region else None)
    signal, is_new = CorrectionSignal.objects.update_or_create(
        party_id=party_id,
        dataset=known,
        field=field,
        case_reference=case_reference,
        settled_at=None,
        defaults={"claimed": claimed},
        create_defaults={
            "claimed": claimed,
            "reported_at": now,
            "reported_by": by,
            "owner": owner,
            "due_at": due_at("dispute_check", owner, now) if owner else None,
        },
    )
    if is_new:
        facts = {"dataset": dataset, "field": field, "case": case_reference}
        journal.record("registry.reported_wrong", subject=str(signal.party), by=by, now=now, facts=facts)
    return signal
