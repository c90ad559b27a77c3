"""What was counted month by month, and the points that organisations contest."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from yici.apps.accountability.exemption_models import Exemption
from yici.apps.journal.ids import new_public_id
from yici.apps.people.encryption import EncryptedTextField

__all__ = ["Contest", "Exemption", "MonthTally"]


class MonthTally(models.Model):
    """How many things of a measure there were in a month, and how many went well; counted while the month moves."""

    personal_fields: ClassVar[tuple[str, ...]] = ()
    retention: ClassVar[str] = "permanent"

    measure = models.CharField(max_length=40)
    organisation = models.ForeignKey("places.Organisation", on_delete=models.PROTECT, related_name="+", db_index=False)
    item_key = models.CharField(max_length=80, blank=True)
    month = models.DateField()  # its first day
    good = models.PositiveIntegerField()
    of = models.PositiveIntegerField()
    counted_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["month", "measure", "organisation", "item_key"], name="accountability_tally_once"
            ),
        ]
        indexes = [models.Index(fields=["organisation", "month"], name="accountability_tally_of")]

    def __str__(self) -> str:
        return f"{self.measure} {self.organisation_id} {self.month:%Y-%m}"


class Contest(models.Model):
    """An organisation says that a counted thing was not its fault or did not happen so; somebody else decides.

    Both stay visible: who contested what, why, and how it was decided. An upheld one is counted no more.
    """

    personal_fields: ClassVar[tuple[str, ...]] = ("reason", "answer")
    retention: ClassVar[str] = "case+10y"

    public_id = models.UUIDField(unique=True, default=new_public_id, editable=False)
    organisation = models.ForeignKey("places.Organisation", on_delete=models.PROTECT, related_name="+")
    month = models.DateField()
    measure = models.CharField(max_length=40)
    ref = models.CharField(max_length=160)
    reason = EncryptedTextField()
    contested_at = models.DateTimeField()
    contested_by = models.CharField(max_length=80)
    due_on = models.DateField()
    upheld = models.BooleanField(null=True)
    answer = EncryptedTextField(blank=True, default="")
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=80, blank=True)
    emptied_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "measure", "ref"], name="accountability_contested_once"),
            models.CheckConstraint(
                condition=Q(upheld=None, decided_at=None) | (Q(upheld__isnull=False, decided_at__isnull=False)),
                name="accountability_contest_decided_whole",
                violation_error_message="A decision says what and when. 决定应写明结果和时间。",
            ),
            models.CheckConstraint(
                condition=~Q(decided_by=F("contested_by")) | Q(decided_by=""),
                name="accountability_contest_by_another",
                violation_error_message="Nobody decides his own contest. 不能裁定自己提出的异议。",
            ),
        ]

    def __str__(self) -> str:
        return f"contest:{self.public_id}"
