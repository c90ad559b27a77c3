"""What is wrong or lacking in shared data: disputes, values written back at a window, gaps, and what stood before."""

from typing import ClassVar

from django.db import models

from yici.apps.journal.ids import new_public_id
from yici.apps.people.encryption import EncryptedJSONField, EncryptedTextField
from yici.rules.gaps import CAUSE_WORDS
from yici.rules.write_backs import WriteBackState


class CorrectionSignal(models.Model):
    """A person says that a shared datum is wrong (数据异议); the owner checks it (规定 art. 7, 38)."""

    personal_fields: ClassVar[tuple[str, ...]] = ("claimed", "reason")
    retention: ClassVar[str] = "case+10y"

    public_id = models.UUIDField(unique=True, default=new_public_id, editable=False)
    dataset = models.ForeignKey(
        "registry.Dataset", to_field="key", on_delete=models.PROTECT, related_name="correction_signals"
    )
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

    record = models.ForeignKey("registry.Record", on_delete=models.CASCADE, related_name="former_values")
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
    dataset = models.ForeignKey(
        "registry.Dataset", to_field="key", on_delete=models.PROTECT, related_name="write_backs"
    )
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

    dataset = models.ForeignKey("registry.Dataset", to_field="key", on_delete=models.PROTECT, related_name="gaps")
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
