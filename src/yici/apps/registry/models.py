"""What government already knows: datasets of their owners, and the records in them."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from yici.apps.journal.ids import new_public_id
from yici.apps.people.encryption import EncryptedJSONField, EncryptedTextField
from yici.apps.registry.source_models import Source, XRoadMember
from yici.rules.datasets import Sharing
from yici.rules.gaps import CAUSE_WORDS
from yici.rules.grants import GrantState
from yici.rules.levels import Level
from yici.rules.write_backs import WriteBackState

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


class Grant(models.Model):
    """An item's use of some fields of a dataset: asked for by the catalogue, decided by the owner, public for ever.

    At most one request and one approved grant of an item to a dataset stand in a region at a time: a wider request
    names all fields, and its approval replaces the narrower grant. ``in_use``: whether the item still asks for this.
    """

    personal_fields: ClassVar[tuple[str, ...]] = ()
    retention: ClassVar[str] = "permanent"

    public_id = models.UUIDField(unique=True, default=new_public_id, editable=False)
    item_key = models.CharField(max_length=80)
    dataset = models.ForeignKey(Dataset, to_field="key", on_delete=models.PROTECT, related_name="grants")
    fields = ArrayField(models.CharField(max_length=60))
    purpose = models.CharField(max_length=300)
    purpose_en = models.CharField(max_length=400)
    basis_title = models.CharField(max_length=200)
    basis_title_en = models.CharField(max_length=300, blank=True)
    basis_article = models.CharField(max_length=120)
    basis_level = models.CharField(max_length=30)
    region = models.ForeignKey("places.Region", to_field="code", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, default=GrantState.REQUESTED)
    in_use = models.BooleanField(default=True)
    asked_at = models.DateTimeField()
    asked_by = models.CharField(max_length=160)
    due_on = models.DateField()
    extended_at = models.DateTimeField(null=True, blank=True)
    extension_reason = models.CharField(max_length=500, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.CharField(max_length=160, blank=True)
    reason = models.CharField(max_length=500, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.CharField(max_length=160, blank=True)
    revoked_reason = models.CharField(max_length=500, blank=True)

    class Meta:
        indexes = [models.Index(fields=["dataset", "item_key"], name="registry_grant_read")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=list(GrantState)),
                name="registry_grant_state_known",
                violation_error_message="授权状态不存在。 This state of a grant does not exist.",
            ),
            models.CheckConstraint(
                condition=models.Q(basis_level__in=[one for one in Level if one is not Level.NONE]),
                name="registry_grant_rests_on_law",
                violation_error_message="授权须有法律依据及其层级。 A grant names its legal basis and its level.",
            ),
            models.CheckConstraint(
                condition=~models.Q(purpose="") & ~models.Q(basis_title="") & ~models.Q(basis_article=""),
                name="registry_grant_names_purpose_and_basis",
                violation_error_message="授权须写明用途和依据条款。 A grant names its purpose and its article.",
            ),
            models.CheckConstraint(
                condition=models.Q(fields__len__gt=0),
                name="registry_grant_has_fields",
                violation_error_message="授权至少包含一个数据项。 A grant names one field at least.",
            ),
            models.CheckConstraint(
                condition=models.Q(state=GrantState.REQUESTED, decided_at=None, decided_by="")
                | (
                    models.Q(state__in=["approved", "refused", "revoked"], decided_at__isnull=False)
                    & ~models.Q(decided_by="")
                ),
                name="registry_grant_decided_by_somebody",
                violation_error_message="审核结果须有时间和经办人。 A decision has its moment and its person.",
            ),
            models.CheckConstraint(
                condition=~models.Q(state=GrantState.REFUSED) | ~models.Q(reason=""),
                name="registry_grant_refused_with_reason",
                violation_error_message="不同意须说明理由。 A refusal has a reason.",
            ),
            models.CheckConstraint(
                condition=models.Q(revoked_at=None, revoked_by="", revoked_reason="")
                & ~models.Q(state=GrantState.REVOKED)
                | models.Q(state=GrantState.REVOKED, revoked_at__isnull=False)
                & ~models.Q(revoked_by="")
                & ~models.Q(revoked_reason=""),
                name="registry_grant_revoked_with_reason",
                violation_error_message="撤销须有时间、经办人和理由。 A revocation has its moment, person and reason.",
            ),
            models.UniqueConstraint(
                fields=["item_key", "dataset", "region"],
                condition=models.Q(state=GrantState.REQUESTED),
                name="registry_grant_one_request",
                violation_error_message="该事项对此数据已有待审核的申请。 A request of this item waits already.",
            ),
            models.UniqueConstraint(
                fields=["item_key", "dataset", "region"],
                condition=models.Q(state=GrantState.APPROVED),
                name="registry_grant_one_approved",
                violation_error_message="该事项对此数据已有授权。 The item holds a grant to these data already.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item_key}:{self.dataset_id}"


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


class CorrectionSignal(models.Model):
    """A person says that a shared datum is wrong (数据异议); the owner checks it (规定 art. 7, 38)."""

    personal_fields: ClassVar[tuple[str, ...]] = ("claimed", "reason")
    retention: ClassVar[str] = "case+10y"

    public_id = models.UUIDField(unique=True, default=new_public_id, editable=False)
    dataset = models.ForeignKey(Dataset, to_field="key", on_delete=models.PROTECT, related_name="correction_signals")
    field = models.CharField(max_length=60)
    party = models.ForeignKey("people.Party", on_delete=models.PROTECT, related_name="correction_signals")
    claimed = EncryptedJSONField()
    case_reference = models.CharField(max_length=160)
    reported_at = models.DateTimeField()
    reported_by = models.CharField(max_length=160)
    owner = models.ForeignKey(
        "places.Organisation", null=True, on_delete=models.PROTECT, related_name="+"
    )  # who checks it: the nearest organisation of the dataset's owner; NULL when there is none in the place
    due_at = models.DateTimeField(null=True)  # the first moment at which the check is late
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.CharField(max_length=160, blank=True)
    outcome = models.CharField(max_length=10, blank=True)  # "", confirmed, rejected
    reason = EncryptedTextField(default="", blank=True)  # as the person reads it

    class Meta:
        indexes = [
            models.Index(fields=["dataset", "reported_at"], name="registry_signal_of_dataset"),
            models.Index(fields=["owner", "due_at", "id"], name="registry_signal_of_owner"),
            models.Index(
                fields=["party", "dataset"], name="registry_signal_open", condition=models.Q(settled_at__isnull=True)
            ),
        ]
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


class FormerValue(models.Model):
    """What an owner's record said before its owner changed it: nothing an owner ever said is lost."""

    personal_fields: ClassVar[tuple[str, ...]] = ("value",)
    retention: ClassVar[str] = "source"

    record = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="former_values")
    field = models.CharField(max_length=60)
    value = EncryptedJSONField()
    source = models.CharField(max_length=160, blank=True)  # where the old value had come from
    replaced_at = models.DateTimeField()
    replaced_by = models.CharField(max_length=160)
    because = models.CharField(max_length=160, blank=True)  # the dispute that was confirmed, "" else

    class Meta:
        indexes = [models.Index(fields=["record", "field", "id"], name="registry_former_of_record")]

    def __str__(self) -> str:
        return f"{self.record_id}:{self.field}:{self.pk}"


class WriteBack(models.Model):
    """A datum that a window verified on paper and recorded beside the owner's record (窗口回写, 规定 art. 7, 38).

    Who wrote what, when and on which evidence never changes (a trigger holds it); only its state does.
    """

    personal_fields: ClassVar[tuple[str, ...]] = ("value", "reason")
    retention: ClassVar[str] = "case+10y"

    public_id = models.UUIDField(unique=True, default=new_public_id, editable=False)
    party = models.ForeignKey("people.Party", on_delete=models.PROTECT, related_name="write_backs")
    dataset = models.ForeignKey(Dataset, to_field="key", on_delete=models.PROTECT, related_name="write_backs")
    field = models.CharField(max_length=60)
    value = EncryptedJSONField()
    evidence_id = models.UUIDField(null=True)  # the scanned paper; NULL when an original was shown and not kept
    evidence_sha256 = models.CharField(max_length=64, blank=True)
    case_reference = models.CharField(max_length=160)
    item = models.CharField(max_length=80, blank=True)
    owner = models.ForeignKey("places.Organisation", on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    written_by = models.CharField(max_length=160)
    clerk = models.ForeignKey("people.Staff", null=True, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey("places.Organisation", null=True, on_delete=models.PROTECT, related_name="+")
    due_at = models.DateTimeField()  # the first moment at which the confirmation is late
    state = models.CharField(
        max_length=16, choices=[(one.value, one.value) for one in WriteBackState], default=WriteBackState.PENDING
    )
    late_noted_at = models.DateTimeField(null=True)  # when the sweep found it late; told once
    settled_at = models.DateTimeField(null=True)
    settled_by = models.CharField(max_length=160, blank=True)
    reason = EncryptedTextField(default="", blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["party", "dataset", "field"], name="registry_writeback_of_field"),
            models.Index(fields=["owner", "state", "due_at", "id"], name="registry_writeback_of_owner"),
            models.Index(
                fields=["due_at", "id"], name="registry_writeback_overdue", condition=models.Q(state="pending")
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=list(WriteBackState)),
                name="registry_writeback_state_known",
                violation_error_message="回写状态不存在。 This state of a write-back does not exist.",
            ),
            models.CheckConstraint(
                condition=models.Q(state="pending", settled_at__isnull=True, settled_by="")
                | (~models.Q(state="pending") & models.Q(settled_at__isnull=False) & ~models.Q(settled_by="")),
                name="registry_writeback_settled_by_somebody",
                violation_error_message="处理结果、时间和处理人须一并记录。 A settled write-back names who and when.",
            ),
        ]

    def __str__(self) -> str:
        return f"write-back:{self.public_id}"


class Gap(models.Model):
    """A requirement that data could not satisfy in a submitted application, charged to the dataset's owner."""

    personal_fields: ClassVar[tuple[str, ...]] = ()
    retention: ClassVar[str] = "case+10y"

    dataset = models.ForeignKey(Dataset, to_field="key", on_delete=models.PROTECT, related_name="gaps")
    field = models.CharField(max_length=60)
    cause = models.CharField(max_length=12, choices=[(one.value, one.value) for one in CAUSE_WORDS])
    party = models.ForeignKey("people.Party", on_delete=models.PROTECT, related_name="+")
    region = models.ForeignKey("places.Region", on_delete=models.PROTECT, related_name="+")  # of the application
    owner = models.ForeignKey("places.Organisation", null=True, on_delete=models.PROTECT, related_name="+")
    item = models.CharField(max_length=80)
    requirement = models.CharField(max_length=80)
    case_reference = models.CharField(max_length=160)
    recorded_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    closed_by = models.CharField(max_length=12, blank=True)  # write_back, or source: the owner's data or link came

    class Meta:
        indexes = [
            models.Index(fields=["owner", "recorded_at", "id"], name="registry_gap_of_owner"),
            models.Index(
                fields=["party", "dataset", "field"], name="registry_gap_open", condition=models.Q(closed_at=None)
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["case_reference", "requirement"],
                name="registry_gap_once",
                violation_error_message="该办件的这项缺口已记录。 This gap of the case is recorded already.",
            ),
            models.CheckConstraint(
                condition=models.Q(closed_at=None, closed_by="")
                | models.Q(closed_at__isnull=False, closed_by__in=["write_back", "source"]),
                name="registry_gap_closed_by_something",
                violation_error_message="缺口关闭须记录时间和原因。 A closed gap says when and by what.",
            ),
        ]

    def __str__(self) -> str:
        return f"gap:{self.case_reference} {self.requirement}"
