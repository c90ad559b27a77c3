"""The journal: one line for every act and look-up, never changed, sealed in batches."""

from datetime import UTC
from typing import ClassVar

from django.db import models

from yici.rules import merkle
from yici.rules.merkle import Algorithm


class Entry(models.Model):
    """One act. ``leaf`` is the hash of all other columns; ``xid`` the database transaction the act happened in."""

    personal_fields: ClassVar[tuple[str, ...]] = ()  # ids only: actions.record says so to its callers
    retention: ClassVar[str] = "permanent"
    append_only: ClassVar[bool] = True

    recorded_at = models.DateTimeField()
    kind = models.CharField(max_length=80)
    subject = models.CharField(max_length=160)
    by = models.CharField(max_length=160)
    facts_text = models.TextField()
    algorithm = models.CharField(max_length=8)
    xid = models.CharField(max_length=20)
    leaf = models.BinaryField()

    class Meta:
        db_table = "journal_entry"
        indexes = [models.Index(fields=["subject", "id"], name="journal_entry_subject")]

    def __str__(self) -> str:
        return f"{self.pk} {self.kind}"


class Seal(models.Model):
    """The root over all entries from ``first_id`` to ``last_id``, chained to the seal before."""

    personal_fields: ClassVar[tuple[str, ...]] = ()
    retention: ClassVar[str] = "permanent"
    append_only: ClassVar[bool] = True

    number = models.PositiveBigIntegerField(primary_key=True)
    first_id = models.BigIntegerField(unique=True)
    last_id = models.BigIntegerField(unique=True)
    count = models.PositiveIntegerField()
    algorithm = models.CharField(max_length=8)
    sealed_at = models.DateTimeField()
    root = models.BinaryField()
    chained_root = models.BinaryField()

    class Meta:
        db_table = "journal_seal"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(last_id__gte=models.F("first_id"), count__gte=1),
                name="journal_seal_covers_something",
                violation_error_message="A seal covers at least one entry. 封存至少包含一条日志。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.number}: {self.first_id}–{self.last_id}"

    def chained_to(self, previous: bytes) -> bytes:
        """Return what ``chained_root`` must be when ``previous`` is the chained root of the seal before."""
        numbers = (self.number, self.first_id, self.last_id, self.count)
        moment = self.sealed_at.astimezone(UTC).isoformat()
        about = merkle.canonical_text([*map(str, numbers), self.algorithm, moment])
        return merkle.chained(bytes(previous), bytes(self.root), about, Algorithm(self.algorithm))
