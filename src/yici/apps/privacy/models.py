"""Requests of people about their own data, what is held back from deletion, and looks in an emergency."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from yici.apps.journal.ids import new_public_id
from yici.apps.people.encryption import EncryptedBytesField, EncryptedTextField
from yici.rules.emergency import Finding
from yici.rules.personal_rights import Outcome, Right


class LegalHold(models.Model):
    """Something that must not be deleted for now: a whole party, or one application (litigation, review, audit)."""

    personal_fields: ClassVar[tuple[str, ...]] = ("reason",)
    retention: ClassVar[str] = "case+10y"

    party = models.ForeignKey("people.Party", null=True, on_delete=models.PROTECT, related_name="+")
    application = models.ForeignKey("cases.Application", null=True, on_delete=models.PROTECT, related_name="+")
    reason = EncryptedTextField()
    basis = models.CharField(max_length=200)
    placed_at = models.DateTimeField()
    placed_by = models.CharField(max_length=80)
    lifted_at = models.DateTimeField(null=True)
    lifted_by = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(party__isnull=True) ^ models.Q(application__isnull=True),
                name="privacy_hold_of_one_thing",
                violation_error_message="封存一个人或一件申请。 A hold is on one party or one application.",
            ),
            models.CheckConstraint(
                condition=models.Q(lifted_at__isnull=True, lifted_by="")
                | (models.Q(lifted_at__isnull=False) & ~models.Q(lifted_by="")),
                name="privacy_hold_lifted_by_somebody",
                violation_error_message="解除封存须记录由谁解除。 Who lifted the hold is recorded with the moment.",
            ),
        ]

    def __str__(self) -> str:
        return f"hold:{self.pk}"


class PersonalClaim(models.Model):
    """One request of a person about his own data, with its clock and its answer (个人信息保护法 art. 44–50)."""

    personal_fields: ClassVar[tuple[str, ...]] = ("wish", "answer")
    retention: ClassVar[str] = "request+3y"

    public_id = models.UUIDField(unique=True, default=new_public_id, editable=False)
    party = models.ForeignKey("people.Party", on_delete=models.PROTECT, related_name="personal_claims")
    region = models.ForeignKey("places.Region", null=True, on_delete=models.PROTECT, related_name="+")
    right = models.CharField(max_length=12, choices=[(one.value, one.value) for one in Right])
    wish = EncryptedTextField()
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=80)
    due_on = models.DateField()
    outcome = models.CharField(max_length=8, blank=True, choices=[(one.value, one.value) for one in Outcome])
    answer = EncryptedTextField(default="")
    answered_at = models.DateTimeField(null=True)
    answered_by = models.CharField(max_length=80, blank=True)
    gone = models.JSONField(default=list)  # [{category, count}]: what went at once; no content
    emptied_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["region", "due_on"], name="claim_open", condition=models.Q(answered_at=None)),
            models.Index(fields=["party", "-made_at"], name="claim_of_party"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(answered_at__isnull=True, answered_by="", outcome="")
                | (models.Q(answered_at__isnull=False) & ~models.Q(answered_by="") & ~models.Q(outcome="")),
                name="privacy_claim_answered_whole",
                violation_error_message="答复须有结果、时间和答复人。 An answer has its outcome, moment and author.",
            )
        ]

    def __str__(self) -> str:
        return f"claim:{self.public_id}"


class Export(models.Model):
    """Everything kept about a person as one file, made by a job and gone after some days."""

    personal_fields: ClassVar[tuple[str, ...]] = ()
    retention: ClassVar[str] = "export+7d"

    public_id = models.UUIDField(unique=True, default=new_public_id, editable=False)
    party = models.ForeignKey("people.Party", on_delete=models.CASCADE, related_name="exports")
    asked_at = models.DateTimeField()
    asked_by = models.CharField(max_length=80)
    state = models.CharField(max_length=10, default="waiting")  # waiting, making, ready, failed, cancelled
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    size = models.PositiveBigIntegerField(default=0)
    ready_at = models.DateTimeField(null=True)
    expires_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=["waiting", "making", "ready", "failed", "cancelled"]),
                name="privacy_export_state_known",
                violation_error_message="导出状态不存在。 This state of an export does not exist.",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="ready") | models.Q(ready_at__isnull=False, expires_on__isnull=False),
                name="privacy_export_ready_expires",
                violation_error_message="导出文件须有失效日期。 A file that is ready has a day on which it goes.",
            ),
        ]

    def __str__(self) -> str:
        return f"export:{self.public_id}"


class ExportPiece(models.Model):
    """A quarter of a megabyte of an export, so that neither making nor giving it holds the whole."""

    personal_fields: ClassVar[tuple[str, ...]] = ("content",)
    retention: ClassVar[str] = "export+7d"

    export = models.ForeignKey(Export, on_delete=models.CASCADE, related_name="pieces")
    number = models.PositiveIntegerField()
    content = EncryptedBytesField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["export", "number"], name="privacy_piece_once")]

    def __str__(self) -> str:
        return f"{self.export_id}/{self.number}"


class ClosedAccount(models.Model):
    """An account its person closed; the sign-in goes when the time to think better of it is over."""

    personal_fields: ClassVar[tuple[str, ...]] = ()
    retention: ClassVar[str] = "account"

    account = models.OneToOneField("people.Account", on_delete=models.CASCADE, related_name="+")
    closed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"closed:{self.account_id}"


class EmergencyLook(models.Model):
    """Somebody at a post looks at a person or a case outside his desk, for a reason and for minutes."""

    personal_fields: ClassVar[tuple[str, ...]] = ("reason", "review_note")
    retention: ClassVar[str] = "request+3y"

    public_id = models.UUIDField(unique=True, default=new_public_id, editable=False)
    staff = models.ForeignKey("people.Staff", on_delete=models.PROTECT, related_name="emergency_looks")
    party = models.ForeignKey("people.Party", on_delete=models.PROTECT, related_name="emergency_looks")
    application = models.ForeignKey("cases.Application", null=True, on_delete=models.PROTECT, related_name="+")
    region = models.ForeignKey("places.Region", null=True, on_delete=models.PROTECT, related_name="+")
    reason = EncryptedTextField()
    sealed = ArrayField(models.CharField(max_length=20), default=list)  # keys of rules.emergency.SEALINGS
    asked_at = models.DateTimeField()
    approved_at = models.DateTimeField(null=True)
    approved_by = models.ForeignKey("people.Staff", null=True, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    pages_seen = models.JSONField(default=list)  # [[moment, what]]: ids and kinds, no content
    told_at = models.DateTimeField(null=True)  # when the person saw the notice
    review_due_on = models.DateField(null=True)
    finding = models.CharField(max_length=8, blank=True, choices=[(one.value, one.value) for one in Finding])
    review_note = EncryptedTextField(default="")
    reviewed_at = models.DateTimeField(null=True)
    reviewed_by = models.ForeignKey("people.Staff", null=True, on_delete=models.PROTECT, related_name="+")
    emptied_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["party", "-asked_at"], name="look_at_party"),
            models.Index(fields=["region", "review_due_on"], name="look_open", condition=models.Q(reviewed_at=None)),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(approved_by__isnull=True) | ~models.Q(approved_by=models.F("staff")),
                name="privacy_look_second_person",
                violation_error_message="须由另一人批准。 Somebody else approves.",
            ),
            models.CheckConstraint(
                condition=models.Q(reviewed_by__isnull=True) | ~models.Q(reviewed_by=models.F("staff")),
                name="privacy_look_reviewed_by_another",
                violation_error_message="不能复核自己的查看。 Nobody reviews his own look.",
            ),
            models.CheckConstraint(
                condition=models.Q(opened_at__isnull=True, expires_at__isnull=True)
                | models.Q(opened_at__isnull=False, expires_at__gt=models.F("opened_at")),
                name="privacy_look_expires",
                violation_error_message="紧急查看须有截止时间。 A look in an emergency ends.",
            ),
        ]

    def __str__(self) -> str:
        return f"look:{self.public_id}"
