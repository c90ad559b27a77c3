"""Keeps the rows of an exchange table and finds the items of ours that they stand for."""

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from yici.apps.catalogue.exchange_table import ExchangeRow, read_table
from yici.apps.catalogue.faults import Fault
from yici.apps.catalogue.indexing import index_exchange
from yici.apps.catalogue.models import BasicItem, ExchangeItem
from yici.apps.catalogue.search_words import cleaned

_KEPT = ("name", "main_item", "catalog_code", "task_code", "task_type", "department", "department_code", "area_code")


@dataclass(slots=True)
class ExchangeReport:
    """How many rows were kept, how many of them stand for an item of ours, and why the others were refused."""

    stored: int = 0
    linked: int = 0
    faults: list[Fault] = field(default_factory=list)


def store(path: Path, now: datetime) -> ExchangeReport:
    """Keep the sound rows of a table; a row known already is replaced. The caller holds the transaction."""
    rows, faults = read_table(path)
    links = _Links()
    kept = [_exchange_item(row, links.basic_id(row), now) for row in rows]
    ExchangeItem.objects.bulk_create(
        kept,
        batch_size=1_000,
        update_conflicts=True,
        unique_fields=["identity"],
        update_fields=[*_KEPT, "basic", "imported_at"],
    )
    index_exchange(kept)
    return ExchangeReport(len(kept), sum(row.basic_id is not None for row in kept), faults)


def _exchange_item(row: ExchangeRow, basic_id: int | None, now: datetime) -> ExchangeItem:
    values = {name: row[name] for name in _KEPT}
    values["task_code"] = row["task_code"] or row["local_code"]
    values["task_type"] = row["task_type"].zfill(2) if row["task_type"] else ""
    values["department"] = row["department"][:120]
    values["main_item"] = row["main_item"][:300]
    return ExchangeItem(identity=row.identity, basic_id=basic_id, imported_at=now, **values)


class _Links:
    """Which item of ours a row stands for: the one with its basic code, else the one with its name."""

    def __init__(self) -> None:
        items = list(BasicItem.objects.values_list("pk", "code", "name"))
        self.by_code = {code: pk for pk, code, _ in items}
        self.by_name = {cleaned(name): pk for pk, _, name in items}

    def basic_id(self, row: ExchangeRow) -> int | None:
        """Return the key of the item, or None."""
        by_name = self.by_name.get(cleaned(row["name"])) or self.by_name.get(cleaned(row["main_item"]))
        return self.by_code.get(row["catalog_code"]) or by_name
