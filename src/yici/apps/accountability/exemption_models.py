"""Requests not to be held responsible for a failed reform, each with its five conditions (规定 art. 46)."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from yici.apps.journal.ids import new_public_id
from yici.apps.people.encryption import EncryptedJSONField


class Exemption(models.Model):
    """An organisation asks that a counted point of a reform is not held against it; the level above decides.

    Who asked, of what, which conditions hold and how it was decided is public; a granted one is counted no more.
    """

    personal_fields: ClassVar[tuple[str, ...]] = ("statements", "findings")
    retention: ClassVar[str] = "case+10y"

    public_id = models.UUIDField(unique=True, default=new_public_id, editable=False)
    organisation = models.ForeignKey("places.Organisation", on_delete=models.PROTECT, related_name="+")
    month = models.DateField()
    measure = models.CharField(max_length=40)
    ref = models.CharField(max_length=160)
    statements = EncryptedJSONField()  # condition → [what is said, what proves it]
    asked_at = models.DateTimeField()
    asked_by = models.CharField(max_length=80)
    due_on = models.DateField()
    granted = models.BooleanField(null=True)
    failed = ArrayField(models.CharField(max_length=20), default=list)  # conditions found not to hold
    findings = EncryptedJSONField(default=dict)  # condition → reason
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=80, blank=True)
    emptied_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "measure", "ref"], name="accountability_exempted_once"),
            models.CheckConstraint(
                condition=Q(granted=None, decided_at=None) | Q(granted__isnull=False, decided_at__isnull=False),
                name="accountability_exemption_decided_whole",
                violation_error_message="A decision says what and when. 决定应写明结果和时间。",
            ),
            models.CheckConstraint(
                condition=~Q(granted=True) | Q(failed=[]),
                name="accountability_exemption_all_five",
                violation_error_message="All five conditions must hold. 五项条件须同时符合。",
            ),
            models.CheckConstraint(
                condition=~Q(decided_by=F("asked_by")) | Q(decided_by=""),
                name="accountability_exemption_by_another",
                violation_error_message="Nobody decides his own request. 不能决定自己提出的申请。",
            ),
        ]

    def __str__(self) -> str:
        return f"exemption:{self.public_id}"
