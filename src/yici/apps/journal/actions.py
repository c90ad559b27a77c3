"""Writes lines into the journal, in the same transaction as the act they tell of."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime

from django.conf import settings
from django.db import connection

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
    if kind not in KINDS:
        raise CannotRecord(
            zh=f"日志不认识“{kind}”这类记录。请先在 journal/kinds.py 中登记它的说明。",
            en=f"The journal knows no kind '{kind}'. Give it its sentence in journal/kinds.py first.",
        )
    algorithm = chosen_algorithm()
    facts_text = json.dumps(facts or {}, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    columns = (now, kind, subject, by, facts_text, algorithm.value)
    head = head_of(*columns)
    with connection.cursor() as cursor:
        if algorithm is Algorithm.SHA256:
            cursor.execute(_RECORD, [*columns, head])
            return
        cursor.execute(_TAKE_NUMBER)
        xid, number = cursor.fetchone()
        leaf = merkle.leaf(f"{head}{xid}/{number}".encode(), algorithm)
        cursor.execute(_RECORD_HASHED, [number, *columns, xid, leaf])


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
