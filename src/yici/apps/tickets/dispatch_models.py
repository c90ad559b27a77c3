"""What decides who handles a ticket: its category, the duty list, decisions that went before."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from yici.apps.people.encryption import EncryptedTextField


class Classification(models.Model):
    """A category given to a ticket, by a model or a person; what persons correct is what the next model learns."""

    append_only: ClassVar[bool] = True
    personal_fields: ClassVar[tuple[str, ...]] = ()
    retention: ClassVar[str] = "case+10y"

    ticket = models.ForeignKey("tickets.Ticket", on_delete=models.PROTECT, related_name="classifications")
    category = models.CharField(max_length=60)
    proposed = models.CharField(max_length=60, blank=True)
    probability = models.FloatField(null=True)
    precedents = ArrayField(models.CharField(max_length=24), default=list)  # references of the nearest tickets
    model_version = models.CharField(max_length=40, blank=True)
    by = models.CharField(max_length=80)
    given_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.ticket_id} {self.category}"


class DutyListRow(models.Model):
    """One row of the duty list (派单目录): who handles a category in a region from a day on."""

    personal_fields: ClassVar[tuple[str, ...]] = ()
    retention: ClassVar[str] = "reference"

    category = models.CharField(max_length=60)
    region = models.ForeignKey("places.Region", on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey("places.Organisation", on_delete=models.PROTECT, related_name="+")
    valid_from = models.DateField()
    source = models.CharField(max_length=200)
    entered_by = models.CharField(max_length=80)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["category", "region", "valid_from"], name="ticket_duty_once_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.category} {self.region_id}"


class Precedent(models.Model):
    """An arbitration's decision: it binds for its ticket and proposes for the next ones of the same kind and place."""

    append_only: ClassVar[bool] = True
    relockable: ClassVar[tuple[str, ...]] = ("reason",)
    personal_fields: ClassVar[tuple[str, ...]] = ("reason",)
    retention: ClassVar[str] = "case+10y"

    ticket = models.ForeignKey("tickets.Ticket", on_delete=models.PROTECT, related_name="precedents")
    category = models.CharField(max_length=60)
    region = models.ForeignKey("places.Region", on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey("places.Organisation", on_delete=models.PROTECT, related_name="+")
    refused = ArrayField(models.BigIntegerField(), default=list)  # organisations that had returned it
    reason = EncryptedTextField()
    basis = models.CharField(max_length=200, blank=True)
    present = models.CharField(max_length=300, blank=True)  # who sat in the meeting: organisations, no names
    decided_at = models.DateTimeField()
    decided_by = models.CharField(max_length=80)

    class Meta:
        indexes = [models.Index(fields=["category", "region", "-decided_at"], name="ticket_precedent_newest")]

    def __str__(self) -> str:
        return f"{self.category} {self.organisation_id}"
