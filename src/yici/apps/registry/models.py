"""What government already knows: datasets of their owners, and the records in them."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from yici.apps.journal.ids import new_public_id
from yici.apps.people.encryption import EncryptedJSONField, EncryptedTextField
from yici.apps.registry.correction_models import CorrectionSignal, FormerValue, Gap, WriteBack
from yici.apps.registry.grant_models import Grant
from yici.apps.registry.source_models import Source, XRoadMember
from yici.rules.datasets import Sharing

__all__ = [
    "CorrectionSignal",
    "Dataset",
    "FormerValue",
    "Gap",
    "Grant",
    "HeldLicence",
    "Inquiry",
    "LookUpDay",
    "Record",
    "Source",
    "WriteBack",
    "XRoadMember",
]


class Dataset(models.Model):
    """A dataset of one owner (a kind of organisation); ``fields`` maps each field to its names {"zh", "en"}.

    ``not_shared_in`` holds region codes and speaks for everything in those regions; who may read the rest stands in
    ``Grant``.
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


class Inquiry(models.Model):
    """A person asks why his data were looked at; the organisation that looked answers under a clock."""

    personal_fields: ClassVar[tuple[str, ...]] = ("text", "answer")
    retention: ClassVar[str] = "case+10y"

    public_id = models.UUIDField(unique=True, default=new_public_id, editable=False)
    line = models.BigIntegerField(unique=True)  # the look-up's number in the journal
    party = models.ForeignKey("people.Party", on_delete=models.PROTECT, related_name="inquiries")
    dataset_key = models.CharField(max_length=60)
    item_key = models.CharField(max_length=80)
    organisation_kind = models.CharField(max_length=60)
    region = models.ForeignKey("places.Region", to_field="code", on_delete=models.PROTECT, related_name="+")
    text = EncryptedTextField(blank=True)
    asked_at = models.DateTimeField()
    asked_by = models.CharField(max_length=160)
    due_on = models.DateField()
    answer = EncryptedTextField(blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.CharField(max_length=160, blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["organisation_kind", "due_on"],
                condition=models.Q(answered_at=None),
                name="registry_inquiry_open",
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(answered_at=None, answered_by="")
                | models.Q(answered_at__isnull=False) & ~models.Q(answered_by=""),
                name="registry_inquiry_answered_by_somebody",
                violation_error_message="答复须有时间和经办人。 An answer has its moment and its person.",
            )
        ]

    def __str__(self) -> str:
        return f"inquiry:{self.public_id}"


class LookUpDay(models.Model):
    """How many look-ups of a dataset found something on a local day; ``through``: the last journal line counted."""

    personal_fields: ClassVar[tuple[str, ...]] = ()
    retention: ClassVar[str] = "reference"

    dataset_key = models.CharField(max_length=60)
    day = models.DateField()
    found = models.PositiveIntegerField(default=0)
    not_found = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    through = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["dataset_key", "day"],
                name="registry_lookupday_once",
                violation_error_message="该数据当日已有统计。 This day of the dataset is counted already.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.dataset_key} {self.day}"


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
