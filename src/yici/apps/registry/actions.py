"""What may be done with shared data: read it for a case, record it, say that it is wrong."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import transaction

from yici.apps.journal import actions as journal
from yici.apps.people.models import Party
from yici.apps.places.models import Region
from yici.apps.places.queries import region_path
from yici.apps.registry.models import CorrectionSignal, Dataset, HeldLicence, Record
from yici.rules import sharing
from yici.rules.items import Dataset as DatasetValue
from yici.rules.items import Sharing
from yici.rules.refusals import Refusal
from yici.rules.sharing import Link, RecordStatus


class CannotFetch(Refusal):
    """Shared data are not read like this: purpose, legal basis and case belong to every look-up."""


class CannotRecordData(Refusal):
    """These values do not belong to this dataset, or there is no such dataset."""


@transaction.atomic
def load_datasets(
    *, datasets: Iterable[DatasetValue], granted_in: Mapping[str, Iterable[str]] | None = None, by: str, now: datetime
) -> int:
    """Take over the catalogue's list of datasets; again is harmless. Returns how many there are in the list.

    ``granted_in``: region codes in which a conditional dataset may be used. Records of datasets stay when the list
    loses one: only its owner removes data.
    """
    grants = {key: list(codes) for key, codes in (granted_in or {}).items()}
    rows = [_dataset(value, grants.get(value.key, [])) for value in datasets]
    kept = ["name", "name_en", "owner", "level", "sharing", "ground", "fields", "not_shared_in", "rhythm"]
    Dataset.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["key"],
        update_fields=kept if granted_in is None else [*kept, "granted_in"],
    )
    journal.record("registry.datasets_loaded", subject="registry", by=by, now=now, facts={"datasets": len(rows)})
    return len(rows)


def _dataset(value: DatasetValue, granted_in: list[str]) -> Dataset:
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
        granted_in=granted_in,
        rhythm=value.rhythm,
    )


@transaction.atomic
def fetch(
    *,
    party_id: int,
    wanted: Iterable[str],
    purpose: str,
    basis: str,
    case_reference: str,
    by: str,
    now: datetime,
    region_code: str,
) -> dict[str, object]:
    """Return the content of the wanted "dataset.field" keys that may be read and are there; the others are left out.

    One journal line a dataset, about the party whose data are read, also when nothing was found: it was looked for.
    Raises CannotFetch without purpose, basis or case.
    """
    if not (purpose.strip() and basis.strip() and case_reference.strip()):
        raise CannotFetch(
            zh="查询共享数据须说明用途、依据和办件。请补全后再查询。",
            en="A look-up of shared data names its purpose, its legal basis and the case. Give all three.",
        )
    party = Party.objects.get(pk=party_id)
    fields = _fields_by_dataset(wanted)
    records = {
        record.dataset_id: record
        for record in Record.objects.filter(party=party, dataset__key__in=list(fields)).select_related("dataset")
    }
    path = region_path(region_code)
    content: dict[str, object] = {}
    for dataset, names in sorted(fields.items()):
        read = _readable(records.get(dataset), names, path)
        content |= read
        facts = {
            "dataset": dataset,
            "fields": names,
            "purpose": purpose,
            "basis": basis,
            "case": case_reference,
            "found": sorted(read),
        }
        journal.record("registry.looked_up", subject=str(party), by=by, now=now, facts=facts)
    return content


def _fields_by_dataset(wanted: Iterable[str]) -> dict[str, list[str]]:
    fields: dict[str, list[str]] = defaultdict(list)
    for key in sorted(set(wanted)):
        dataset, _, field = key.partition(".")
        fields[dataset].append(field)
    return fields


def _readable(record: Record | None, names: Iterable[str], path: tuple[str, ...]) -> dict[str, object]:
    if record is None:
        return {}
    key, link, status = record.dataset_id, _link(record.dataset), RecordStatus(record.status)
    states = {name: sharing.availability(link, path, record.held, name, status) for name in names}
    return {f"{key}.{name}": record.values[name] for name, state in states.items() if sharing.is_readable(state)}


def _link(row: Dataset) -> Link:
    return Link(Sharing(row.sharing), frozenset(row.not_shared_in), frozenset(row.granted_in))


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
) -> None:
    """Record values of a dataset about a party; fields not named here keep what they had.

    ``source`` is the case a value comes from. Raises CannotRecordData for an unknown dataset or field.
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
    record.values = {**record.values, **values}
    record.held = sorted(name for name, value in record.values.items() if value not in (None, ""))
    record.status, record.source, record.updated_at = status.value, source, now
    record.region = region or record.region
    record.save()
    facts = {"dataset": dataset, "fields": sorted(values), "status": status, "source": source}
    subject = str(Party.objects.get(pk=party_id))
    journal.record("registry.recorded", subject=subject, by=by, now=now, facts=facts)


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
    signal, is_new = CorrectionSignal.objects.update_or_create(
        party_id=party_id,
        dataset=known,
        field=field,
        case_reference=case_reference,
        settled_at=None,
        defaults={"claimed": claimed},
        create_defaults={"claimed": claimed, "reported_at": now, "reported_by": by},
    )
    if is_new:
        facts = {"dataset": dataset, "field": field, "case": case_reference}
        journal.record("registry.reported_wrong", subject=str(signal.party), by=by, now=now, facts=facts)
    return signal
