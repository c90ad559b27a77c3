"""Reads the journal, and proves that nobody has changed it."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain, islice
from typing import Any, NamedTuple

from django.db import connection, transaction

from yici.apps.journal.actions import head_of
from yici.apps.journal.kinds import KINDS
from yici.apps.journal.models import Entry, Seal
from yici.rules import merkle
from yici.rules.merkle import Algorithm
from yici.rules.words import Words

_CHUNK = 2000


@dataclass(frozen=True, slots=True)
class Line:
    """One line as people read it."""

    number: int
    recorded_at: datetime
    kind: str
    sentence: Words
    subject: str
    by: str
    facts: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Verification:
    """The answer of ``verify``: lines read, and the number of the first line that is not as it was written.

    Where the line itself is gone or foreign, ``first_bad`` is the first number of the sealed batch it lies in.
    """

    ok: bool
    entries: int
    first_bad: int | None
    sentence: Words


def entries_for(
    subject: str, *, kind: str | Sequence[str] | None = None, before: int | None = None, limit: int = 500
) -> list[Line]:
    """Return the newest lines about one subject, newest first. Whoever asks has checked that the viewer may see it.

    ``before``: the number of the last line of the page before.
    """
    found = Entry.objects.filter(subject=subject)
    if kind:
        found = found.filter(kind__in=[kind] if isinstance(kind, str) else kind)
    if before is not None:
        found = found.filter(id__lt=before)
    return [_line(entry) for entry in found.order_by("-id")[:limit]]


def has_done(by: str, kind: str, subject: str) -> bool:
    """Whether somebody did something of a kind to a subject before."""
    return Entry.objects.filter(subject=subject, kind=kind, by=by).exists()


LOOK_UPS = ("registry.looked_up", "registry.look_up_refused")
# One index scan a dataset (journal_entry_look_ups): merged, newest first, and never more rows than a page of each.
_OF_DATASETS = """
SELECT line.id FROM unnest(%(datasets)s::text[]) AS wanted (dataset)
CROSS JOIN LATERAL (
    SELECT id FROM journal_entry
    WHERE kind IN ('registry.looked_up', 'registry.look_up_refused')
      AND (facts_text::jsonb)->>'dataset' = wanted.dataset AND id < %(before)s
      AND (facts_text::jsonb)->>'region' LIKE %(region)s
    ORDER BY id DESC LIMIT %(limit)s
) line ORDER BY line.id DESC LIMIT %(limit)s
"""
_NO_END = 2**63 - 1


def look_ups_of_datasets(
    datasets: Sequence[str], *, region_prefix: str, before: int | None = None, limit: int = 50
) -> list[Line]:
    """Return the newest look-ups of some datasets, made for places whose code begins like this, newest first."""
    terms: dict[str, Any] = {
        "datasets": list(datasets),
        "before": before or _NO_END,
        "region": f"{region_prefix}%",
        "limit": limit,
    }
    with connection.cursor() as cursor:
        cursor.execute(_OF_DATASETS, terms)
        numbers = [row[0] for row in cursor.fetchall()]
    return [_line(entry) for entry in Entry.objects.filter(id__in=numbers).order_by("-id")]


def line_of(number: int) -> Line | None:
    """Return one line by its number. Whoever asks checks that the viewer may see it."""
    found = Entry.objects.filter(pk=number).first()
    return _line(found) if found else None


# Only sealed lines: a number handed out may still appear below them, never below the last seal (see jobs.py).
_SEALED = """
SELECT (facts_text::jsonb)->>'dataset' AS dataset, (recorded_at AT TIME ZONE 'Asia/Shanghai')::date AS day,
  count(*) FILTER (WHERE kind = 'registry.looked_up' AND jsonb_array_length((facts_text::jsonb)->'found') > 0),
  count(*) FILTER (WHERE kind = 'registry.looked_up' AND jsonb_array_length((facts_text::jsonb)->'found') = 0),
  count(*) FILTER (WHERE kind = 'registry.look_up_refused'), max(id)
FROM journal_entry
WHERE kind IN ('registry.looked_up', 'registry.look_up_refused') AND id > %s
  AND id <= (SELECT coalesce(max(last_id), 0) FROM journal_seal)
GROUP BY 1, 2 ORDER BY 1, 2
"""


class CountedDay(NamedTuple):
    """How many look-ups of a dataset on a local day found something, found nothing or were refused."""

    dataset: str
    day: date
    found: int
    not_found: int
    refused: int
    through: int


def look_ups_since(number: int) -> list[CountedDay]:
    """Return the sealed look-ups after a line, counted by dataset and day."""
    with connection.cursor() as cursor:
        cursor.execute(_SEALED, [number])
        return [CountedDay(*row) for row in cursor.fetchall()]


def _line(entry: Entry) -> Line:
    sentence = KINDS.get(entry.kind, Words(entry.kind, entry.kind))
    facts = json.loads(entry.facts_text)
    return Line(entry.pk, entry.recorded_at, entry.kind, sentence, entry.subject, entry.by, facts)


def last_root() -> str:
    """Return the newest chained root in hexadecimal, to be kept or printed outside the database; "" before any seal."""
    last = Seal.objects.order_by("-number").first()
    return bytes(last.chained_root).hex() if last else ""


class _Broken(Exception):
    """Ends the walk at the first fault."""

    def __init__(self, number: int, zh: str, en: str) -> None:
        super().__init__(en)
        self.number = number
        self.words = Words(zh, en)


class _Row(NamedTuple):
    id: int
    recorded_at: datetime
    kind: str
    subject: str
    by: str
    facts_text: str
    algorithm: str
    xid: str
    leaf: bytes


@transaction.atomic
def verify(*, known_root: str | None = None) -> Verification:
    """Recompute every leaf, root and link from the first line on, with flat memory.

    Lines not sealed yet are checked against their own hash. ``known_root`` is a ``last_root`` kept elsewhere: with it
    a journal whose newest seals were cut off is found as well.
    """
    walk = _Walk(known_root)
    try:
        walk.run()
    except _Broken as fault:
        return Verification(False, walk.entries, fault.number, fault.words)
    zh, en = (
        f"{walk.entries}条日志全部完好，{walk.sealed}条已封存。",
        f"All {walk.entries} lines are intact, {walk.sealed} sealed.",
    )
    return Verification(True, walk.entries, None, Words(zh, en))


class _Walk:
    """One pass over seals and entries side by side."""

    def __init__(self, known_root: str | None) -> None:
        self.known_root = known_root
        self.entries = 0
        self.sealed = 0

    def run(self) -> None:
        # The seals' cursor is opened first: entries that arrive meanwhile belong to the tail.
        seals = Seal.objects.order_by("number").iterator(chunk_size=_CHUNK)
        first_seal = list(islice(seals, 1))
        rows = self._rows()
        self._seals(chain(first_seal, seals), rows)
        for _ in rows:  # the tail: each line is checked against its own hash as it passes
            pass

    def _rows(self) -> Iterator[_Row]:
        """Yield each entry whose own hash holds."""
        for values in Entry.objects.order_by("id").values_list(*_Row._fields).iterator(chunk_size=_CHUNK):
            row = _Row(*values)
            if _leaf_of(row) != bytes(row.leaf):
                zh, en = f"第{row.id}条日志被改动过。", f"Line {row.id} has been changed."
                raise _Broken(row.id, zh, en)
            self.entries += 1
            yield row

    def _seals(self, seals: Iterator[Seal], rows: Iterator[_Row]) -> None:
        previous, last_id, met = merkle.NOTHING_BEFORE, 0, self.known_root in {None, ""}
        for number, seal in enumerate(seals, start=1):
            self._check_link(seal, number, last_id, previous)
            self._check_root(seal, rows)
            previous, last_id = bytes(seal.chained_root), seal.last_id
            met = met or previous.hex() == self.known_root
        if not met:
            zh, en = (
                "日志末尾被截去：找不到留存的根值。",
                "The journal has been cut: the root kept elsewhere is not in it.",
            )
            raise _Broken(last_id + 1, zh, en)

    def _check_link(self, seal: Seal, number: int, last_id: int, previous: bytes) -> None:
        in_order = seal.number == number and seal.first_id == last_id + 1
        if (
            not in_order
            or not _algorithm_known(seal.algorithm)
            or seal.chained_to(previous) != bytes(seal.chained_root)
        ):
            zh = f"第{number}个封存（自第{last_id + 1}条起）被改动、移动或删除过。"
            en = f"Seal {number} (from line {last_id + 1}) has been changed, moved or removed."
            raise _Broken(last_id + 1, zh, en)

    def _check_root(self, seal: Seal, rows: Iterator[_Row]) -> None:
        batch = list(islice(rows, seal.count))
        leaves = [bytes(row.leaf) for row in batch]
        inside = all(seal.first_id <= row.id <= seal.last_id for row in batch)
        if not inside or len(batch) < seal.count or merkle.root(leaves, Algorithm(seal.algorithm)) != bytes(seal.root):
            zh = f"第{seal.first_id}至{seal.last_id}条之间有日志被删除、插入或整条替换。"
            en = f"Between lines {seal.first_id} and {seal.last_id} a line was removed, inserted or replaced."
            raise _Broken(seal.first_id, zh, en)
        self.sealed += seal.count


def _leaf_of(row: _Row) -> bytes:
    if not _algorithm_known(row.algorithm):
        return b""
    head = head_of(row.recorded_at, row.kind, row.subject, row.by, row.facts_text, row.algorithm)
    return merkle.leaf(f"{head}{row.xid}/{row.id}".encode(), Algorithm(row.algorithm))


def _algorithm_known(name: str) -> bool:
    return name in list(Algorithm)
