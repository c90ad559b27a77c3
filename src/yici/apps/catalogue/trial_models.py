"""A revision that holds for some people or counties only, while a pilot tries it."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models


class Trial(models.Model):
    """An item's revision on trial: in ``counties`` (12 digits), or for the ``share`` of people that ``draw`` decides.

    ``draw`` is secret while the trial runs, so that nobody can tell beforehand who will be in it. ``of_wording``: only
    words or their order differ, so that a browser is drawn too (rules.drawn_units).
    """

    personal_fields: ClassVar[tuple[str, ...]] = ()
    retention: ClassVar[str] = "permanent"

    draw = models.CharField(max_length=100)
    basic = models.ForeignKey("catalogue.BasicItem", on_delete=models.PROTECT, related_name="trials")
    revision = models.ForeignKey("catalogue.ItemRevision", on_delete=models.PROTECT, related_name="+")
    counties = ArrayField(models.CharField(max_length=12), default=list)
    share = models.FloatField(null=True)
    of_wording = models.BooleanField(default=False)
    begun_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["basic"],
                condition=models.Q(ended_at=None),
                name="catalogue_trial_one_runs",
                violation_error_message="该事项已有一个试点在运行。 A trial of this item is running.",
            ),
            models.CheckConstraint(
                condition=models.Q(share__isnull=True, counties__len__gt=0)
                | models.Q(share__gt=0, share__lt=1, counties__len=0),
                name="catalogue_trial_of_counties_or_people",
                violation_error_message="试点按县或按人的比例。 A trial is by counties or for a share of people.",
            ),
            models.CheckConstraint(
                condition=models.Q(of_wording=False) | models.Q(share__isnull=False),
                name="catalogue_trial_of_wording_by_people",
                violation_error_message="措辞试点按人的比例。 A trial of wording is for a share of people.",
            ),
        ]

    def __str__(self) -> str:
        return f"trial of {self.basic_id}"
