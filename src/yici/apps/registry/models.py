"""What government already knows: datasets of their owners, and the records in them."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from yici.apps.journal.ids import new_public_id
from yici.apps.people.encryption import EncryptedJSONField, EncryptedTextField
from yici.rules.items import Sharing


class Dataset(models.Model):
    """A dataset of one owner (a kind of organisation); ``fields`` maps each field to its names {"zh", "en"}.

    ``granted_in`` and ``not_shared_in`` hold region codes and speak for everything in those regions.
    """

    personal_fields: ClassVar[tuple[str, ...]] = ()
    retention: ClassVar[str] = "reference"

    key = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=120)
    name_en = models.CharField(max_length=200)
    owner = models.CharField(max_length=60)
    level = models.CharField(max_length=10)
    sharing = models.CharField(max_length=16, choices=[(sharing.value, sharing.value) for sharing in Sharing])
    ground = models.TextField(blank=True)
    fields = models.JSONField()
    not_shared_in = ArrayField(models.CharField(max_length=12), default=list)
    granted_in = ArrayField(models.CharField(max_length=12), default=list)
    rhythm = models.CharField(max_length=12)

    class Meta:
        ordering = ["key"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(sharing__in=list(Sharing)),
                name="registry_dataset_sharing_known",
                violation_error_message="共享属性不存在。 This sharing class does not exist.",
            ),
            models.CheckConstraint(
                condition=~models.Q(sharing=Sharing.NOT_SHARED) | ~models.Q(ground=""),
                name="registry_dataset_not_shared_has_ground",
                violation_error_message="不予共享须写明依据。 A dataset that is not shared names its legal ground.",
            ),
        ]

    def __str__(self) -> str:
        return self.key


class Record(models.Model):
    """What one dataset holds about one party. ``held`` names the fields that have a value, without the value."""

    personal_fields: ClassVar[tuple[str, ...]] = ("values",)
    retention: ClassVar[str] = "source"

    dataset = models.ForeignKey(Dataset, to_field="key", on_delete=models.PROTECT, related_name="records")
    party = models.ForeignKey("people.Party", on_delete=models.CASCADE, related_name="records")
    region = models.ForeignKey("places.Region", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    values = EncryptedJSONField()
    held = ArrayField(models.CharField(max_length=60))
    status = models.CharField(max_length=10, default="available")
    source = models.CharField(max_length=160, blank=True)  # the case that gave the value, "" when the owner did
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["party", "dataset"],
                name="registry_record_one_a_party",
                violation_error_message="该对象在此数据资源中已有记录。 There is a record of this party already.",
            ),
            models.CheckConstraint(
                condition=models.Q(status__in=["available", "stale", "pending"]),
                name="registry_record_status_known",
                violation_error_message="状态为有效、陈旧或待确认。 The status is available, stale or pending.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.dataset_id}:{self.pk}"


class HeldLicence(models.Model):
    """That a party holds a licence of a type, so that planning knows; the licence itself stands elsewhere."""

    personal_fields: ClassVar[tuple[str, ...]] = ("number",)
    retention: ClassVar[str] = "source"

    party = models.ForeignKey("people.Party", on_delete=models.CASCADE, related_name="held_licences")
    type_key = models.CharField(max_length=60)
    number = EncryptedTextField()
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["party", "type_key"],
                name="registry_heldlicence_one_of_a_type",
                violation_error_message="该对象已有这一类证照。 This party already holds a licence of this type.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.type_key}:{self.pk}"


class CorrectionSignal(models.Model):
    """A person says that a shared datum is wrong (数据异议); the owner checks it (规定 art. 7, 38)."""

    personal_fields: ClassVar[tuple[str, ...]] = ("claimed",)
    retention: ClassVar[str] = "case+10y"

    public_id = models.UUIDField(unique=True, default=new_public_id, editable=False)
    dataset = models.ForeignKey(Dataset, to_field="key", on_delete=models.PROTECT, related_name="correction_signals")
    field = models.CharField(max_length=60)
    party = models.ForeignKey("people.Party", on_delete=models.PROTECT, related_name="correction_signals")
    claimed = EncryptedJSONField()
    case_reference = models.CharField(max_length=160)
    reported_at = models.DateTimeField()
    reported_by = models.CharField(max_length=160)
    settled_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=10, blank=True)  # "", confirmed, rejected

    class Meta:
        indexes = [models.Index(fields=["dataset", "reported_at"], name="registry_signal_of_dataset")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(settled_at__isnull=True, outcome="")
                | models.Q(settled_at__isnull=False, outcome__in=["confirmed", "rejected"]),
                name="registry_signal_settled_with_outcome",
                violation_error_message="核实结果与时间须一并记录。 A check is recorded with its moment.",
            )
        ]

    def __str__(self) -> str:
        return f"signal:{self.public_id}"
