"""What several tickets are about, and each ticket's time in it."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from yici.apps.journal.ids import new_public_id
from yici.apps.people.encryption import EncryptedTextField


class Matter(models.Model):
    """What several tickets are about: one handling, and an answer to each person."""

    personal_fields: ClassVar[tuple[str, ...]] = ("title",)
    retention: ClassVar[str] = "case+10y"

    public_id = models.UUIDField(unique=True, default=new_public_id, editable=False)
    title = EncryptedTextField()
    region = models.ForeignKey("places.Region", on_delete=models.PROTECT, related_name="+")
    category = models.CharField(max_length=60, blank=True)
    opened_at = models.DateTimeField()
    opened_by = models.CharField(max_length=80)

    def __str__(self) -> str:
        return f"matter:{self.public_id}"


class Membership(models.Model):
    """A ticket's time in a matter; how it stood before is kept, so that parting restores it."""

    personal_fields: ClassVar[tuple[str, ...]] = ()
    retention: ClassVar[str] = "case+10y"

    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="memberships")
    ticket = models.ForeignKey("tickets.Ticket", on_delete=models.PROTECT, related_name="memberships")
    leads = models.BooleanField(default=False)
    before = models.JSONField(default=dict)  # standing and handling time, no words of anybody
    joined_at = models.DateTimeField()
    joined_by = models.CharField(max_length=80)
    left_at = models.DateTimeField(null=True)
    left_by = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ticket"], condition=Q(left_at=None), name="ticket_in_one_matter"),
            models.CheckConstraint(
                condition=Q(left_at=None, left_by="") | (Q(left_at__isnull=False) & ~Q(left_by="")),
                name="ticket_membership_left_by_somebody",
                violation_error_message="拆分须有人和时间。 Parting names who and when.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.matter_id} {self.ticket_id}"
