"""Locks every stored value with the current key, while people go on working; killed anywhere, it simply begins again.

What is left to do stands in the rows themselves (each value names its key), so there is no progress to lose.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db import connection, models, transaction

from yici.apps.journal import actions as journal
from yici.apps.people.encryption import CannotUnlock, EncryptedBytesField, EncryptedField, keyring
from yici.apps.people.key_files import CannotChangeKeys, check_droppable, drop_key
from yici.rules.refusals import Refusal

BATCH = 100
MOST_PASSES = 20
WRITERS_WITHIN_SECONDS = 30.0
_ONE_AT_A_TIME = 7_104_017  # any number nobody else takes


class CannotRotate(Refusal):
    """Somebody else is changing the locks already."""


def column_of(field: "models.Field[Any, Any]") -> str:
    """Return the column of a field of ours; each has one."""
    return str(field.column)


@dataclass(frozen=True, slots=True)
class LockedTable:
    """A table with its encrypted columns, and its keyed hashes with the column each is made of."""

    model: type[models.Model]
    values: tuple[EncryptedField, ...]
    hashes: dict[str, EncryptedField]

    @property
    def columns(self) -> list[str]:
        """Every column that carries the id of a key."""
        return [*map(column_of, self.values), *self.hashes]

    @property
    def is_large(self) -> frozenset[str]:
        """The columns of bytes."""
        return frozenset(column_of(one) for one in self.values if isinstance(one, EncryptedBytesField))


@dataclass(slots=True)
class Rotation:
    """What one run did: rows locked anew, rows whose key is not here, and what is left by table and key."""

    current: str
    relocked: int = 0
    unreadable: int = 0
    left: dict[str, dict[str, int]] = field(default_factory=dict)

    @property
    def is_complete(self) -> bool:
        """Whether not one value is left under another key."""
        return not self.left


def locked_tables() -> list[LockedTable]:
    """Return every table that holds encrypted columns, in the order of their names."""
    found = []
    for model in sorted(apps.get_models(), key=lambda one: one._meta.db_table):
        values = tuple(one for one in model._meta.concrete_fields if isinstance(one, EncryptedField))
        if values:
            by_name = {one.name: one for one in values}
            hashes = {column: by_name[source] for column, source in getattr(model, "keyed_hashes", {}).items()}
            found.append(LockedTable(model, values, hashes))
    return found


def values_by_key() -> dict[str, dict[str, int]]:
    """Return how many values each key locks: table.column → key id → count."""
    counts: dict[str, dict[str, int]] = {}
    with connection.cursor() as cursor:
        for table in locked_tables():
            for column in table.columns:
                name, quoted = table.model._meta.db_table, connection.ops.quote_name(column)
                key = f"split_part({_head(table, column)}, ':', 1)"
                cursor.execute(
                    f"SELECT {key}, count(*) FROM {connection.ops.quote_name(name)} "
                    f"WHERE {quoted} IS NOT NULL GROUP BY 1"
                )
                counts[f"{name}.{column}"] = dict(cursor.fetchall())
    return counts


def _head(table: LockedTable, column: str) -> str:
    """Return SQL for the beginning of a column as text; of a file only its first bytes are read."""
    quoted = connection.ops.quote_name(column)
    return f"encode(substring({quoted}, 1, 40), 'escape')" if column in table.is_large else quoted


def left_under_other_keys() -> dict[str, dict[str, int]]:
    """Return the values not under the current key; empty when a rotation is complete."""
    current = keyring().current
    others = {
        place: {key: count for key, count in counts.items() if key != current}
        for place, counts in values_by_key().items()
    }
    return {place: counts for place, counts in others.items() if counts}


def rotate(
    *, by: str, now: datetime, batch: int = BATCH, tell: Callable[[str, int], None] = lambda table, done: None
) -> Rotation:
    """Lock everything with the current key, and its keyed hashes too. Raises CannotRotate when another run is at work.

    People write meanwhile: rows they hold are passed by and taken in a later pass; whoever saves locks with the new
    key anyway. The journal gets one line with the counts.
    """
    done = Rotation(keyring().current)
    with _alone():
        for number in range(MOST_PASSES):
            before = done.relocked
            done.unreadable = 0
            for table in locked_tables():
                for relocked, unreadable in _batches(table, batch):
                    done.relocked += relocked
                    done.unreadable += unreadable
                    tell(table.model._meta.db_table, done.relocked)
            done.left = left_under_other_keys()
            if done.is_complete or (done.relocked == before and done.unreadable):
                break
            time.sleep(0.1 * number)
    facts = {"key": done.current, "relocked": done.relocked, "unreadable": done.unreadable}
    journal.record("privacy.keys_rotated", subject="keys", by=by, now=now, facts=facts)
    return done


class _alone:
    """One rotation at a time, over the whole run; the lock goes with the connection of a killed process."""

    def __enter__(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [_ONE_AT_A_TIME])
            if not cursor.fetchone()[0]:
                raise CannotRotate(
                    zh="另一个进程正在更换密钥。请等它结束再运行。",
                    en="Another process is rotating the keys. Run this again when it is done.",
                )

    def __exit__(self, *_: object) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_ONE_AT_A_TIME])


def _batches(table: LockedTable, size: int) -> Iterator[tuple[int, int]]:
    """Walk the table by its key and yield, for each batch, how many rows were locked anew and how many could not."""
    last: Any = None
    while True:
        last, relocked, unreadable = _batch(table, last, size)
        if last is None:
            return
        yield relocked, unreadable


@transaction.atomic
def _batch(table: LockedTable, last: Any, size: int) -> tuple[Any, int, int]:
    """Do one batch. Rows are locked without waiting, so that we never hold one while somebody needs another."""
    quote, columns = connection.ops.quote_name, table.columns
    name, key = quote(table.model._meta.db_table), quote(column_of(table.model._meta.pk))
    old = " OR ".join(f"{_head(table, column)} NOT LIKE %s" for column in columns)
    begin = f"{key} > %s AND" if last is not None else ""
    selected = ", ".join([key, *map(quote, columns)])
    current = f"{keyring().current}:%"
    parameters = [*([last] if last is not None else []), *[current for _ in columns], size]
    unreadable = relocked = 0
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {selected} FROM {name} WHERE {begin} ({old}) ORDER BY {key} LIMIT %s "
            "FOR NO KEY UPDATE SKIP LOCKED",
            parameters,
        )
        rows = cursor.fetchall()
        for row in rows:
            try:
                fresh = _fresh(table, dict(zip(columns, row[1:], strict=True)))
            except CannotUnlock:
                unreadable += 1
                continue
            settings = ", ".join(f"{quote(column)} = %s" for column in fresh)
            cursor.execute(f"UPDATE {name} SET {settings} WHERE {key} = %s", [*fresh.values(), row[0]])
            relocked += 1
    return (rows[-1][0] if rows else None), relocked, unreadable


def _fresh(table: LockedTable, row: dict[str, Any]) -> dict[str, Any]:
    """Return the columns of a row as the current key locks them; what it has locked already stays."""
    ring = keyring()
    mine = f"{ring.current}:"
    fresh = {
        column_of(one): one.relocked(row[column_of(one)])
        for one in table.values
        if row[column_of(one)] is not None and not _begins(row[column_of(one)], mine)
    }
    for column, source in table.hashes.items():
        if row[column] is not None and not row[column].startswith(mine):
            fresh[column] = ring.hashes(ring.unlock(row[column_of(source)], source.place), source.place)[0]
    return fresh


def _begins(raw: Any, mark: str) -> bool:
    return raw.startswith(mark) if isinstance(raw, str) else bytes(raw[: len(mark)]) == mark.encode()


def drop(*, key_id: str, by: str, now: datetime) -> None:
    """Take an old key away for good. Raises CannotChangeKeys while a single row needs it, or it is the current one."""
    check_droppable(key_id)
    _refuse_if_needed(key_id)
    # Whoever was writing when we counted may have locked with the old key and not yet committed.
    _wait_for_writers()
    _refuse_if_needed(key_id)
    drop_key(key_id)
    journal.record("privacy.key_dropped", subject="keys", by=by, now=now, facts={"key": key_id})


def _refuse_if_needed(key_id: str) -> None:
    needed = {place: counts[key_id] for place, counts in values_by_key().items() if key_id in counts}
    if needed:
        total, most = sum(needed.values()), max(needed, key=needed.__getitem__)
        raise CannotChangeKeys(
            zh=f"还有 {total} 个值由密钥“{key_id}”加密（最多的是 {most}），停用后无法读取。请先运行 yici keys rotate。",
            en=f"{total} values are still locked with '{key_id}' (most in {most}) and would be lost. "
            "Run yici keys rotate first.",
        )


def _wait_for_writers() -> None:
    """Wait until every transaction open in this database now has ended; those of other databases do not count."""
    end = time.monotonic() + WRITERS_WITHIN_SECONDS
    open_then = _writers()
    while open_then & _writers():
        if time.monotonic() > end:
            raise CannotChangeKeys(
                zh="有事务长时间未结束，无法确认旧密钥已不再使用。请稍后再试。",
                en="A transaction has been open for long, so it is not certain that the old key is no longer used. "
                "Try again later.",
            )
        time.sleep(0.1)


def _writers() -> set[tuple[int, datetime]]:
    """Return process and start of each open transaction here; one that only reads so far may still write."""
    with connection.cursor() as cursor:
        # Within a transaction the server repeats its first answer.
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute(
            "SELECT pid, xact_start FROM pg_stat_activity WHERE datname = current_database()"
            " AND pid <> pg_backend_pid() AND xact_start IS NOT NULL AND backend_type = 'client backend'"
        )
        return set(cursor.fetchall())
