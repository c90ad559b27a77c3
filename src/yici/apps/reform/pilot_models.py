"""Pilots: a revision tried in some counties or for a share of people, by a measure and a rule declared before."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from yici.apps.journal.ids import new_public_id
from yici.rules.pilot_plans import PilotState


class Pilot(models.Model):
    """One trial of an amendment. What was declared never changes, by the database too (pilots_in_database).

    Either ``share`` of people or ``county_count`` counties; ``looks`` are shares of ``planned`` results at which the
    effect may be looked at. ``before_months``: whole months before the start by which counties are compared.
    """

    personal_fields: ClassVar[tuple[str, ...]] = ()
    retention: ClassVar[str] = "permanent"

    public_id = models.UUIDField(unique=True, default=new_public_id, editable=False)
    amendment = models.ForeignKey("reform.Amendment", on_delete=models.PROTECT, related_name="pilots")
    follows = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="followed_by")
    measure = models.CharField(max_length=40)
    share = models.FloatField(null=True)
    county_count = models.PositiveSmallIntegerField(null=True)
    before_months = models.PositiveSmallIntegerField()
    planned = models.PositiveIntegerField()
    looks = ArrayField(models.FloatField())
    last_day = models.DateField()
    declared_at = models.DateTimeField()
    declared_by = models.CharField(max_length=80)
    state = models.CharField(max_length=12, choices=[(one.value, one.value) for one in PilotState])
    seed_sha256 = models.CharField(max_length=64, blank=True)
    counties = ArrayField(models.CharField(max_length=12), default=list)  # those drawn
    compared = ArrayField(models.CharField(max_length=12), default=list)  # those left outside to compare with
    trial = models.ForeignKey("catalogue.Trial", null=True, on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    result = models.JSONField(null=True)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.CharField(max_length=80, blank=True)

    class Meta:
        ordering = ["-declared_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(share__gt=0, share__lt=1, county_count=None)
                | models.Q(share=None, county_count__gte=2),
                name="reform_pilot_of_people_or_counties",
                violation_error_message="试点按人的比例或按县。 A pilot is for a share of people or in counties.",
            ),
            models.CheckConstraint(
                condition=models.Q(state=PilotState.DECLARED, started_at=None, trial=None)
                | models.Q(started_at__isnull=False, trial__isnull=False),
                name="reform_pilot_started_with_a_trial",
                violation_error_message="开始试点即分组。 A pilot that has begun has its draw.",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=[PilotState.DECLARED, PilotState.RUNNING], result=None, ended_at=None)
                | models.Q(result__isnull=False, ended_at__isnull=False),
                name="reform_pilot_ended_with_a_result",
                violation_error_message="试点结束须有结果。 A pilot that has ended has its result.",
            ),
        ]

    def __str__(self) -> str:
        return f"pilot:{self.public_id}"

    @property
    def state_now(self) -> PilotState:
        """The state, with its words."""
        return PilotState(self.state)
