"""Sheets: what is counted of a draft while a pilot tries other words for one of its items. No name is on them."""

from typing import ClassVar

from django.db import models


class Sheet(models.Model):
    """One draft in one trial of wording, written on until ``until``; deleted when the pilot ends.

    ``who``: whom the draw took, hashed with the trial's secret, so that a person counts once and is not known.
    A draft that is discarded leaves its sheet: who gave up must not go uncounted.
    """

    personal_fields: ClassVar[tuple[str, ...]] = ()
    retention: ClassVar[str] = "pilot"

    trial = models.ForeignKey("catalogue.Trial", on_delete=models.CASCADE, related_name="+")
    draft = models.ForeignKey("planning.Draft", null=True, on_delete=models.SET_NULL, related_name="sheets")
    who = models.CharField(max_length=64)
    inside = models.BooleanField()
    begun_at = models.DateTimeField()
    until = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)
    worked = models.PositiveIntegerField(default=0)  # seconds
    sent_back = models.PositiveIntegerField(default=0)
    helped = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["trial", "draft"], name="planning_sheet_once"),
            models.CheckConstraint(
                condition=models.Q(until__gt=models.F("begun_at")),
                name="planning_sheet_has_days",
                violation_error_message="计数期应在开始之后。 A sheet is written on after its beginning.",
            ),
        ]
        indexes = [models.Index(fields=["trial", "begun_at"], name="planning_sheet_of_trial")]

    def __str__(self) -> str:
        return f"sheet of trial {self.trial_id}"
