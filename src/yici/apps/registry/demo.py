"""Fills the registers with what they hold about the invented people of the demo."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml
from django.db import transaction

from yici.apps.catalogue.document_reading import dataset_from_document
from yici.apps.journal import actions as journal
from yici.apps.people.actions import verified_party
from yici.apps.people.demo_files import DemoParty, read, read_companies, read_persons
from yici.apps.people.models import Party
from yici.apps.registry import actions
from yici.apps.registry.granting import approve_row, refuse_row
from yici.apps.registry.models import Grant, HeldLicence, Record
from yici.apps.registry.source_acts import load_sources
from yici.rules.clock_courses import SHANGHAI
from yici.rules.grants import GrantState

BY = "system:demo"
# 浙江省公共数据和电子政务管理办法 has let departments share since this day.
SHARED_SINCE = datetime(2017, 5, 1, tzinfo=SHANGHAI)


@transaction.atomic
def load(now: datetime, folder: Path) -> None:
    """Load datasets, sources and records from ``catalogue/datasets*.yaml``, ``sources`` and ``people/*.yaml``.

    Places and people are loaded before. Records that are there already stay: cases may have changed them.
    """
    profiles = read(folder, "profiles")
    _load_datasets(now, folder)
    _decide_grants(profiles, now)
    load_sources(path=folder / "sources" / "sources.yaml", by=BY, now=now)
    persons, companies = read_persons(folder), read_companies(folder)
    for one in [*persons.values(), *companies.values()]:
        _hold(one, {**persons, **companies}, profiles["profiles"], now)
    journal.record("registry.recorded", subject="registry", by=BY, now=now, facts={"source": "demo"})


def _load_datasets(now: datetime, folder: Path) -> None:
    files = sorted((folder / "catalogue").glob("datasets*.yaml"))
    documents = [yaml.safe_load(file.read_text(encoding="utf-8"))["datasets"] for file in files]
    datasets = [dataset_from_document(key, entry) for listed in documents for key, entry in listed.items()]
    actions.load_datasets(datasets=datasets, by=BY, now=now)


def _decide_grants(profiles: Mapping[str, Any], now: datetime) -> None:
    """Let the items ask, and the invented owners answer most: what they leave waits for a steward."""
    actions.ask_for_grants(by=BY, now=now)
    waiting = Grant.objects.filter(state=GrantState.REQUESTED).order_by("pk")
    refused = {(one["item"], one["dataset"]): one["reason"] for one in profiles["grants_refused"]}
    left = {(one["item"], one["dataset"]) for one in profiles["grants_waiting"]}
    for row in waiting:
        use = (row.item_key, row.dataset_id)
        if use in refused:
            refuse_row(row, reason=refused[use], by=BY, now=now)
        elif row.dataset_id in profiles["grants"] and use not in left:
            approve_row(row, by=BY, now=now)
    # Lives simulated since the reform look things up under them; whatever waits was asked for today.
    granted = Grant.objects.filter(state=GrantState.APPROVED, decided_at__gt=SHARED_SINCE)
    granted.update(asked_at=SHARED_SINCE, decided_at=SHARED_SINCE)


def _hold(one: DemoParty, everybody: Mapping[str, DemoParty], profiles: Mapping[str, Any], now: datetime) -> None:
    party = verified_party(one.number) if one.is_verified else None
    if party is None:
        return
    own = own_facts(one, everybody)
    chosen = [profiles[name] for name in profiles_of(one)]
    records = merged(profile["records"] for profile in chosen)
    rows = [_record(party, key, values, own, now) for key, values in records.items()]
    Record.objects.bulk_create(rows, ignore_conflicts=True)
    types = {type_key for profile in chosen for type_key in profile.get("licences", [])}
    held = [
        HeldLicence(party=party, type_key=key, number=filled("{serial}", own, key), updated_at=now)
        for key in sorted(types)
    ]
    HeldLicence.objects.bulk_create(held, ignore_conflicts=True)


def profiles_of(one: DemoParty) -> list[str]:
    """Return the profiles of a party; companies have theirs."""
    return list(one.entry.get("profiles", ["company"] if "head" in one.entry else []))


def merged(records: Iterable[Mapping[str, Mapping[str, str]]]) -> dict[str, dict[str, str]]:
    """Return the records of several profiles as one; a later profile's field wins.

    >>> merged([{"taxes": {"credit": "B", "income": "1"}}, {"taxes": {"credit": "A"}}])
    {'taxes': {'credit': 'A', 'income': '1'}}
    """
    whole: dict[str, dict[str, str]] = {}
    for one in records:
        for key, values in one.items():
            whole[key] = {**whole.get(key, {}), **values}
    return whole


def own_facts(one: DemoParty, everybody: Mapping[str, DemoParty]) -> dict[str, str]:
    """Return what the templates of the profiles may say about a party."""
    entry = one.entry
    spouse = _spouse(one, everybody)
    head = everybody.get(entry.get("head", ""))
    return {
        "name": one.name,
        "id_number": one.number,
        "sex": entry.get("sex", ""),
        "born_on": one.born_on.isoformat() if one.born_on else "",
        "address": entry.get("address", ""),
        "region": entry["region"],
        "phone": entry.get("phone", ""),
        "spouse_name": spouse.name if spouse else "",
        "spouse_id": spouse.number if spouse else "",
        "head": head.name if head else "",
        "head_id": head.number if head else "",
    }


def _spouse(one: DemoParty, everybody: Mapping[str, DemoParty]) -> DemoParty | None:
    named = everybody.get(one.entry.get("spouse", ""))
    return named or next((other for other in everybody.values() if other.entry.get("spouse") == one.key), None)


def filled(template: str, own: Mapping[str, str], place: str) -> str:
    """Return a value of a record; serials and accounts are the same each time for the same person and place."""
    seed = sum(ord(letter) * 131**at for at, letter in enumerate(place + own["id_number"]))
    serial = f"{seed % 10**10:010d}"
    # Account numbers begin with 6299: no bank issues them.
    return str(template).format(**own, serial=serial, card=f"6299990{serial}00")


def _record(party: Party, dataset: str, templates: Mapping[str, str], own: Mapping[str, str], now: datetime) -> Record:
    values = {field: filled(template, own, f"{dataset}.{field}") for field, template in templates.items()}
    held = sorted(field for field, value in values.items() if value)
    return Record(party=party, dataset_id=dataset, region=party.region, values=values, held=held, updated_at=now)
