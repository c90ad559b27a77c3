"""The clocks of a case: stops with their ground, more time, and the deadlines beside the decision."""

from typing import ClassVar

from django.db import models

from yici.apps.people.encryption import EncryptedTextField


class Pause(models.Model):
    """A stop of the clock, with its ground. Rows are only added; ending one sets its end once."""

    personal_fields: ClassVar[tuple[str, ...]] = ("reason",)
    retention: ClassVar[str] = "case+10y"

    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="pauses")
    kind = models.CharField(max_length=40)  # a ground of rules.clocks, or "correction"
    begun_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    announced_days = models.PositiveSmallIntegerField(null=True)  # told to the applicant in writing (许可法 art.45)
    reason = EncryptedTextField()
    basis = models.CharField(max_length=200)
    by = models.CharField(max_length=80)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case"], condition=models.Q(ended_at=None), name="pause_one_open"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.kind} {self.begun_at:%Y-%m-%d}"


class Extension(models.Model):
    """More time, once, approved by the head and explained to the applicant (许可法 art.42)."""

    personal_fields: ClassVar[tuple[str, ...]] = ("approved_by", "reason")
    retention: ClassVar[str] = "case+10y"

    case = models.OneToOneField("cases.Case", on_delete=models.PROTECT, related_name="extension")
    working_days = models.PositiveSmallIntegerField()
    approved_by = EncryptedTextField()
    reason = EncryptedTextField()
    basis = models.CharField(max_length=200)
    extended_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.case_id} +{self.working_days}"


class Deadline(models.Model):
    """One of the other clocks of a case, named by its law parameter: a notice, an answer, a delivery, a check."""

    personal_fields: ClassVar[tuple[str, ...]] = ()
    retention: ClassVar[str] = "case+10y"

    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="deadlines")
    parameter = models.CharField(max_length=40)
    started_at = models.DateTimeField()
    due_at = models.DateTimeField()  # the first moment at which it is broken
    ended_at = models.DateTimeField(null=True)
    swept_at = models.DateTimeField(null=True)  # when the sweep found it broken; it is told once and stays open

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "parameter"], condition=models.Q(ended_at=None), name="deadline_one_open"
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at", "id"], name="deadline_open", condition=models.Q(ended_at=None, swept_at=None)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.parameter} {self.due_at:%Y-%m-%d}"
