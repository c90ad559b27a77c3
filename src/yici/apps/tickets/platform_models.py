"""Other platforms that hand us voices, and what each of them handed in."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from yici.apps.journal.ids import new_public_id


class Platform(models.Model):
    """Another platform (an app, a neighbouring hotline) that may file for people of one region, by its key."""

    personal_fields: ClassVar[tuple[str, ...]] = ()
    secret_hashes: ClassVar[tuple[str, ...]] = ("key_hash",)
    retention: ClassVar[str] = "permanent"

    public_id = models.UUIDField(unique=True, default=new_public_id, editable=False)
    name = models.CharField(max_length=120)
    region = models.ForeignKey("places.Region", on_delete=models.PROTECT, related_name="+")
    key_hash = models.CharField(max_length=64)
    opened_at = models.DateTimeField()
    opened_by = models.CharField(max_length=80)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key_hash"], name="platform_key_once"),
            models.UniqueConstraint(fields=["name"], condition=Q(closed_at=None), name="platform_name_once"),
        ]

    def __str__(self) -> str:
        return f"platform:{self.public_id}"


class OpenRequest(models.Model):
    """A ticket that came from a platform, with the service the platform named: a proposal, never a dispatch."""

    personal_fields: ClassVar[tuple[str, ...]] = ()
    retention: ClassVar[str] = "case+10y"

    ticket = models.OneToOneField("tickets.Ticket", on_delete=models.PROTECT, related_name="open_request")
    platform = models.ForeignKey(Platform, on_delete=models.PROTECT, related_name="requests", db_index=False)
    service_code = models.CharField(max_length=60)
    requested_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["-requested_at", "-id"], name="open_request_newest")]

    def __str__(self) -> str:
        return f"request:{self.ticket_id}"
