"""Writes lines into the journal, in the same transaction as the act they tell of."""

import json
from collections.abc import Iterable, Mapping
from contextlib import nullcontext
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from yici.apps.journal.kinds import KINDS
from yici.rules import merkle
from yici.rules.merkle import Algorithm
from yici.rules.refusals import Refusal


class CannotRecord(Refusal):
    """A line the journal does not take: an unknown kind, or a hash this machine cannot compute."""


# One round trip: the database gives the number and the transaction, and hashes what it was given together with
# them. The transaction id comes first, so that whoever holds a number holds a transaction too (see jobs.py).
_RECORD = """
WITH here AS MATERIALIZED (
    SELECT pg_current_xact_id()::text AS xid, nextval(pg_get_serial_sequence('journal_entry', 'id')) AS id
)
INSERT INTO journal_entry (id, recorded_at, kind, subject, by, facts_text, algorithm, xid, leaf)
SELECT id, %s, %s, %s, %s, %s, %s, xid, sha256('\\x00'::bytea || convert_to(%s || xid || '/' || id, 'UTF8')) FROM here
"""
# The database has no SM3: two round trips then, 0.94 of the speed of a plain insert.
_TAKE_NUMBER = "SELECT pg_current_xact_id()::text, nextval(pg_get_serial_sequence('journal_entry', 'id'))"
_RECORD_HASHED = """
INSERT INTO journal_entry (id, recorded_at, kind, subject, by, facts_text, algorithm, xid, leaf)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)
"""


def record(kind: str, *, subject: str, by: str, now: datetime, facts: Mapping[str, object] | None = None) -> None:
    """Add one line about ``subject`` ("case:<public id>", "party:<public id>") done by ``by`` (``viewer.label``).

    Facts are ids, codes and counts, never personal content: the journal is kept for ever and read by auditors.
    Raises CannotRecord for a kind that ``kinds.py`` gives no sentence.
    """
    record_all([(kind, subject, facts)], by=by, now=now)


def record_all(lines: Iterable[tuple[str, str, Mapping[str, object] | None]], *, by: str, now: datetime) -> None:
    """Add several lines, each with its kind, subject and facts, of one act. Raises CannotRecord as ``record`` does."""
    algorithm = chosen_algorithm()
    rows = [(now, kind, subject, by, _facts_text(facts), algorithm.value) for kind, subject, facts in lines]
    for row in rows:
        _check_kind(row[1])
    # One line is whole by itself; several come together or not at all.
    with transaction.atomic() if len(rows) > 1 else nullcontext(), connection.cursor() as cursor:
        for row in rows:
            _insert(cursor, row, algorithm)


def _check_kind(kind: str) -> None:
    if kind not in KINDS:
        raise CannotRecord(
            zh=f"日志不认识“{kind}”这类记录。请先在 journal/kinds.py 中登记它的说明。",
            en=f"The journal knows no kind '{kind}'. Give it its sentence in journal/kinds.py first.",
        )


def _facts_text(facts: Mapping[str, object] | None) -> str:
    return json.dumps(facts or {}, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _insert(cursor: CursorWrapper, row: tuple[Any, ...], algorithm: Algorithm) -> None:
    head = head_of(*row)
    if algorithm is Algorithm.SHA256:
        cursor.execute(_RECORD, [*row, head])
        return
    cursor.execute(_TAKE_NUMBER)
    xid, number = cursor.fetchone()
    leaf = merkle.leaf(f"{head}{xid}/{number}".encode(), algorithm)
    cursor.execute(_RECORD_HASHED, [number, *row, xid, leaf])


def head_of(*columns: object) -> str:
    """Return the canonical text of an entry's columns but its number and transaction; moments in UTC."""
    texts = (c.astimezone(UTC).isoformat() if isinstance(c, datetime) else str(c) for c in columns)
    return merkle.canonical_text(texts)


def chosen_algorithm() -> Algorithm:
    """Return the hash for new lines (setting ``JOURNAL_ALGORITHM``). Raises CannotRecord when it is not there."""
    algorithm = Algorithm(getattr(settings, "JOURNAL_ALGORITHM", Algorithm.SHA256))
    if not algorithm.is_here:
        raise CannotRecord(
            zh=f"本机不支持 {algorithm} 杂凑算法。请安装带国密的 OpenSSL，或改用 sha256。",
            en=f"This machine cannot compute {algorithm}. Install an OpenSSL that has it, or choose sha256.",
        )
    return algorithm
