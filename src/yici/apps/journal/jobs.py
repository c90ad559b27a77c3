"""Seals the journal in batches, so that nobody can change the past without being found."""

import time
from datetime import datetime

from django.db import connection, transaction
from django.utils import timezone
from procrastinate.contrib.django import app

from yici.apps.journal.actions import chosen_algorithm
from yici.apps.journal.models import Entry, Seal
from yici.rules import merkle

BATCH = 1000
_POLL_SECONDS = 0.02
_SEALER_LOCK = 7_104_001  # one sealer at a time; any number nobody else takes

# Numbers are handed out before transactions commit, so a low number may appear late. Whoever was given a number
# holds this lock on the table until the end of his transaction: when those who hold it now are gone, no number up
# to the highest one seen before can appear any more. (The oldest running transaction of the server would say the
# same, but also waits for other databases.)
_WRITERS = """
SELECT virtualtransaction FROM pg_locks
WHERE locktype = 'relation' AND relation = 'journal_entry'::regclass AND mode = 'RowExclusiveLock'
  AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
  AND pid IS DISTINCT FROM pg_backend_pid()
"""


@app.periodic(cron="* * * * *")
@app.task(name="journal.seal", queueing_lock="journal.seal")
def seal_every_minute(timestamp: int) -> None:
    """Seal what has come in; a run that finds nothing, or the other sealer at work, changes nothing."""
    seal(timezone.now())


def seal(now: datetime, *, patience_seconds: float = 5.0) -> int:
    """Seal every settled line not sealed yet; returns how many.

    Waits ``patience_seconds`` for the transactions that are writing to the journal, then leaves the rest to the
    next run: a line is never skipped, only sealed later.
    """
    settled = _highest_number()
    if not _writers_finish(patience_seconds):
        return 0
    sealed = 0
    while count := _seal_batch(settled, now):
        sealed += count
    return sealed


def _highest_number() -> int:
    return Entry.objects.order_by("-id").values_list("id", flat=True).first() or 0


def _writers_finish(patience_seconds: float) -> bool:
    """Wait for those who write now; newcomers hold higher numbers and are not waited for."""
    waiting = _writers()
    deadline = time.monotonic() + patience_seconds
    while waiting and time.monotonic() < deadline:
        time.sleep(_POLL_SECONDS)
        waiting &= _writers()
    return not waiting


def _writers() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(_WRITERS)
        return {row[0] for row in cursor.fetchall()}


@transaction.atomic
def _seal_batch(settled: int, now: datetime) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_SEALER_LOCK])
    last = Seal.objects.order_by("-number").first()
    first_id = last.last_id + 1 if last else 1
    unsealed = Entry.objects.filter(id__gte=first_id, id__lte=settled).order_by("id")
    batch = list(unsealed.values_list("id", "leaf")[:BATCH])
    if not batch:
        return 0
    algorithm = chosen_algorithm()
    seal = Seal(
        number=last.number + 1 if last else 1,
        first_id=first_id,
        last_id=batch[-1][0],
        count=len(batch),
        algorithm=algorithm.value,
        sealed_at=now,
        root=merkle.root([bytes(leaf) for _, leaf in batch], algorithm),
    )
    seal.chained_root = seal.chained_to(bytes(last.chained_root) if last else merkle.NOTHING_BEFORE)
    seal.save(force_insert=True)
    return len(batch)
