"""E-licences and their kinds."""

from typing import ClassVar

from django.db import models

from yici.apps.journal.ids import new_public_id
from yici.apps.people.encryption import EncryptedBytesField, EncryptedTextField


class LicenceType(models.Model):
    """A kind of licence: who defined it, how long it is valid, what stands on it."""

    personal_fields: ClassVar[tuple[str, ...]] = ()
    retention: ClassVar[str] = "permanent"

    key = models.CharField(max_length=60, unique=True)
    code = models.CharField(
        max_length=21, help_text="USCC of the authority that defined it and three digits (GB/T 36904)"
    )
    name = models.CharField(max_length=120)
    name_en = models.CharField(max_length=160)
    validity_months = models.PositiveIntegerField(null=True)
    fields = models.JSONField(default=list)

    def __str__(self) -> str:
        return self.name


class LicenceStatus(models.TextChoices):
    VALID = "valid", "有效"
    CHANGED = "changed", "变更"
    REVOKED = "revoked", "撤销"
    EXPIRED = "expired", "过期"


class Licence(models.Model):
    """One licence as it was issued. Only its status ever changes; a change of content is a new version."""

    personal_fields: ClassVar[tuple[str, ...]] = ("holder_name", "facts_text", "status_reason")
    retention: ClassVar[str] = "permanent"

    public_id = models.UUIDField(unique=True, default=new_public_id, editable=False)
    identifier = models.CharField(max_length=90, unique=True)
    number = models.CharField(max_length=40, unique=True)
    type = models.ForeignKey(LicenceType, on_delete=models.PROTECT)
    holder = models.ForeignKey("people.Party", on_delete=models.PROTECT, related_name="licences")
    holder_name = EncryptedTextField()
    facts_text = EncryptedTextField()
    issued_by = models.ForeignKey("places.Organisation", on_delete=models.PROTECT)
    issued_at = models.DateTimeField()
    valid_until = models.DateField(null=True)
    status = models.CharField(max_length=10, choices=LicenceStatus, default=LicenceStatus.VALID)
    status_at = models.DateTimeField()
    status_reason = EncryptedTextField(blank=True, default="")
    case_reference = models.CharField(max_length=60, db_index=True)
    sha256 = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case_reference", "type"],
                name="licence_once_per_case",
                violation_error_message="This case has issued this licence already.",
            ),
        ]
        indexes = [models.Index(fields=["holder", "-issued_at"], name="licence_wallet")]

    def __str__(self) -> str:
        return self.identifier


class LicenceFile(models.Model):
    """The signed PDF, byte for byte as issued."""

    personal_fields: ClassVar[tuple[str, ...]] = ("pdf",)
    retention: ClassVar[str] = "permanent"

    licence = models.OneToOneField(Licence, on_delete=models.PROTECT, related_name="file")
    pdf = EncryptedBytesField()

    def __str__(self) -> str:
        return f"{self.licence_id}.pdf"


class LicenceCounter(models.Model):
    """The next serial of an issuer and year; a row is locked while a licence takes its number."""

    personal_fields: ClassVar[tuple[str, ...]] = ()
    retention: ClassVar[str] = "permanent"

    organisation = models.ForeignKey("places.Organisation", on_delete=models.PROTECT)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "year"], name="licence_counter_once")]

    def __str__(self) -> str:
        return f"{self.organisation_id}/{self.year}: {self.last}"
