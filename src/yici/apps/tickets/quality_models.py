"""Calls as their operators took them, and the samples by which their quality is seen."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from yici.apps.journal.ids import new_public_id
from yici.apps.people.encryption import EncryptedTextField


class Call(models.Model):
    """One telephone call that an operator took and filed; ``began_at`` is when its page was opened."""

    personal_fields: ClassVar[tuple[str, ...]] = ()
    retention: ClassVar[str] = "case+10y"

    ticket = models.OneToOneField("tickets.Ticket", on_delete=models.PROTECT, related_name="call")
    operator = models.CharField(max_length=80)
    began_at = models.DateTimeField(null=True)  # None: the page did not say, or said what cannot be
    filed_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["operator", "-filed_at"], name="call_of_operator")]

    def __str__(self) -> str:
        return f"{self.ticket_id}"


class CallSample(models.Model):
    """A closed call drawn at random, graded by somebody who did not take it."""

    personal_fields: ClassVar[tuple[str, ...]] = ("note",)
    retention: ClassVar[str] = "case+10y"

    public_id = models.UUIDField(unique=True, default=new_public_id, editable=False)
    ticket = models.OneToOneField("tickets.Ticket", on_delete=models.PROTECT, related_name="call_sample")
    operator = models.CharField(max_length=80)
    week = models.DateField()  # the Monday of the week in which the call was closed
    drawn_at = models.DateTimeField()
    grades = models.JSONField(default=dict)  # by criterion, 1 to 5
    score = models.PositiveSmallIntegerField(null=True)  # percent
    note = EncryptedTextField(blank=True, default="")
    graded_at = models.DateTimeField(null=True)
    graded_by = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(graded_at=None, score=None, graded_by="")
                | (
                    Q(graded_at__isnull=False, score__isnull=False)
                    & ~Q(graded_by="")
                    & ~Q(graded_by=models.F("operator"))
                ),
                name="call_sample_graded_by_another",
                violation_error_message="评分人不能是接话员本人。 Nobody grades a call of his own.",
            ),
        ]
        indexes = [models.Index(fields=["operator", "-week"], name="call_sample_of_operator")]

    def __str__(self) -> str:
        return f"{self.public_id}"
