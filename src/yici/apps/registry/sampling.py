"""An invented record with its grant, to measure look-ups on; nothing of it is kept."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import connection, transaction

from yici.apps.people.models import Party
from yici.apps.places.models import Region
from yici.apps.registry.looking_up import fetch
from yici.apps.registry.models import Dataset, Grant, Record
from yici.rules.clock_courses import local_day
from yici.rules.codes import ZHEJIANG
from yici.rules.data_uses import SHARING_LAW
from yici.rules.datasets import Sharing
from yici.rules.grants import ASK_ONCE_BASIS, GrantState, Purpose
from yici.rules.people import IdKind, PartyKind

KEY, ITEM = "sample_for_measuring", "sample_item"
FIELDS = ("name", "number", "valid_until")
NAMES = {name: {"zh": name, "en": name} for name in FIELDS}


@dataclass(frozen=True, slots=True)
class SampleLookUp:
    """The same record read twice: ``direct`` by its query alone, ``guarded`` as every look-up is made."""

    direct: Callable[[], object]
    guarded: Callable[[], object]


@contextmanager
def sample_look_up(*, now: datetime) -> Iterator[SampleLookUp]:
    """Give a record to look up; it is rolled back with its grant and with every line that was written."""
    with transaction.atomic():
        party_id = _record(now)
        yield SampleLookUp(lambda: _direct(party_id), lambda: _guarded(party_id, now))
        transaction.set_rollback(True)


def _record(now: datetime) -> int:
    province, _ = Region.objects.get_or_create(
        code=ZHEJIANG.text,
        defaults={"name": "浙江省", "name_en": "Zhejiang", "level": 1, "path": f"{ZHEJIANG.text}/"},
    )
    dataset = Dataset.objects.create(
        key=KEY, name=KEY, name_en=KEY, owner="sample", level="province", sharing=Sharing.UNCONDITIONAL, fields=NAMES
    )
    party = Party.objects.create(
        kind=PartyKind.NATURAL, name=KEY, id_kind=IdKind.PASSPORT, id_number=KEY, region=province
    )
    values = {"name": "示例", "number": "330122-2018-000001", "valid_until": "2035-12-31"}
    Record.objects.create(dataset=dataset, party=party, values=values, held=sorted(values), updated_at=now)
    Grant.objects.create(
        item_key=ITEM,
        dataset=dataset,
        fields=list(FIELDS),
        purpose=KEY,
        purpose_en=KEY,
        basis_title=SHARING_LAW.title,
        basis_article=SHARING_LAW.article,
        basis_level=SHARING_LAW.level,
        region=province,
        state=GrantState.APPROVED,
        asked_at=now,
        asked_by=KEY,
        due_on=local_day(now),
        decided_at=now,
        decided_by=KEY,
    )
    return party.pk


def server_seconds() -> float:
    """Return the processor time this connection's server process has used; 0 where it runs on another machine."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid(), inet_server_addr() IS NULL")
        pid, is_here = cursor.fetchone()
    stat = Path(f"/proc/{pid}/stat")
    if not (is_here and stat.exists()):
        return 0.0
    user, system = stat.read_text().rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def _direct(party_id: int) -> object:
    return Record.objects.get(party_id=party_id, dataset_id=KEY).values


def _guarded(party_id: int, now: datetime) -> object:
    return fetch(
        party_id=party_id,
        wanted=[f"{KEY}.{name}" for name in FIELDS],
        items=[ITEM],
        purpose=Purpose.EVIDENCE,
        basis=ASK_ONCE_BASIS,
        case_reference="sample",
        case_is_open=True,
        by=KEY,
        now=now,
        region_code="330122",
    ).content
