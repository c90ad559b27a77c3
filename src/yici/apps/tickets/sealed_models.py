"""Who a sealed reporter is, who may open that, and who has; and who keeps out of a ticket."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from yici.apps.people.encryption import EncryptedTextField


class SealedIdentity(models.Model):
    """Who made a sealed report. Only a keeper of the seal reads it, and every reading leaves a SealOpening."""

    personal_fields: ClassVar[tuple[str, ...]] = ("party_key", "name", "phone", "email")
    keyed_hashes: ClassVar[dict[str, str]] = {"party_hash": "party_key", "phone_hash": "phone"}
    retention: ClassVar[str] = "case+10y"

    ticket = models.OneToOneField("tickets.Ticket", on_delete=models.PROTECT, related_name="sealed_identity")
    party_key = EncryptedTextField(blank=True, default="")  # public id of the party: the row points at nobody
    party_hash = models.CharField(max_length=80, blank=True, db_index=True)
    name = EncryptedTextField(blank=True, default="")
    phone = EncryptedTextField(blank=True, default="")
    phone_hash = models.CharField(max_length=80, blank=True)
    email = EncryptedTextField(blank=True, default="")

    def __str__(self) -> str:
        return f"sealed:{self.ticket_id}"


class SealKeeper(models.Model):
    """The sealed role: a member of staff who may open sealed identities in a region; appointed by somebody else."""

    personal_fields: ClassVar[tuple[str, ...]] = ()
    retention: ClassVar[str] = "post"

    staff = models.ForeignKey("people.Staff", on_delete=models.PROTECT, related_name="+")
    region = models.ForeignKey("places.Region", on_delete=models.PROTECT, related_name="+")
    appointed_at = models.DateTimeField()
    appointed_by = models.CharField(max_length=80)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["staff"], condition=Q(ended_at=None), name="ticket_seal_keeper_once"),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by="") | (Q(ended_at__isnull=False) & ~Q(ended_by="")),
                name="ticket_seal_keeper_ended_by_somebody",
                violation_error_message="解除须有人和时间。 Ending an appointment names who and when.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.staff_id}"


class SealOpening(models.Model):
    """One opening of a sealed identity, for the auditor."""

    append_only: ClassVar[bool] = True
    relockable: ClassVar[tuple[str, ...]] = ("reason",)
    personal_fields: ClassVar[tuple[str, ...]] = ("reason",)
    retention: ClassVar[str] = "case+10y"

    ticket = models.ForeignKey("tickets.Ticket", on_delete=models.PROTECT, related_name="seal_openings")
    keeper = models.ForeignKey(SealKeeper, on_delete=models.PROTECT, related_name="openings")
    reason = EncryptedTextField()
    opened_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.ticket_id} {self.opened_at:%Y-%m-%d}"


class Recusal(models.Model):
    """Somebody with an interest keeps out of a ticket, on his own or because the person asked (济南 art. 32)."""

    personal_fields: ClassVar[tuple[str, ...]] = ("reason",)
    retention: ClassVar[str] = "case+10y"

    ticket = models.ForeignKey("tickets.Ticket", on_delete=models.PROTECT, related_name="recusals")
    staff = models.ForeignKey("people.Staff", on_delete=models.PROTECT, related_name="+")
    asked_by_person = models.BooleanField(default=False)
    reason = EncryptedTextField()
    recused_at = models.DateTimeField()
    recused_by = models.CharField(max_length=80)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["ticket", "staff"], name="ticket_recused_once")]

    def __str__(self) -> str:
        return f"{self.ticket_id} {self.staff_id}"
