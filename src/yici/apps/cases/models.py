"""Applications, the cases they consist of, and each organisation's steps."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import BrinIndex
from django.db import models

from yici.apps.cases.clock_models import Deadline, Extension, Pause
from yici.apps.cases.evidence_models import Attachment, Correction, Evidence
from yici.apps.journal.ids import new_public_id
from yici.apps.people.encryption import EncryptedTextField
from yici.rules.cases import CaseState, StepState

# Django looks for the tables of an app in this module.
__all__ = [
    "Act",
    "Application",
    "Attachment",
    "Case",
    "CaseCounter",
    "Correction",
    "Deadline",
    "Evidence",
    "Extension",
    "HallRequest",
    "Message",
    "Pause",
    "Step",
]


class Application(models.Model):
    """The whole need as submitted: one for a life event, whatever the number of departments."""

    personal_fields: ClassVar[tuple[str, ...]] = ("facts_text",)
    retention: ClassVar[str] = "case+10y"

    public_id = models.UUIDField(unique=True, default=new_public_id, editable=False)
    reference = models.CharField(max_length=24, unique=True)
    event_key = models.CharField(max_length=80)
    event_name = models.CharField(max_length=120)
    event_name_en = models.CharField(max_length=200)
    event_sha256 = models.CharField(max_length=64)
    region = models.ForeignKey("places.Region", on_delete=models.PROTECT)
    applicant = models.ForeignKey("people.Party", on_delete=models.PROTECT, related_name="applications")
    represented = models.ForeignKey("people.Party", null=True, on_delete=models.PROTECT, related_name="+")
    channel = models.CharField(max_length=10)  # web, mobile, window, kiosk
    submitted_at = models.DateTimeField()
    submitted_by = models.CharField(max_length=80)
    idempotency_key = models.CharField(max_length=120, null=True, unique=True)  # noqa: DJ001 — NULL: no key was given
    mode = models.CharField(max_length=10)
    promised_visits = models.PositiveSmallIntegerField()
    promised_days = models.PositiveSmallIntegerField()
    plan = models.JSONField()  # the plan as shown before applying; names sources, holds no facts
    facts_text = EncryptedTextField()
    closed_at = models.DateTimeField(null=True)
    emptied_at = models.DateTimeField(null=True)  # its time is over: the personal content is gone, the figures stay

    class Meta:
        indexes = [
            models.Index(fields=["applicant", "-submitted_at"], name="application_of_party"),
            models.Index(fields=["represented", "-submitted_at"], name="application_of_company"),
            # Rows come in the order of time, so a month is a few pages: the index stays small whatever is counted.
            BrinIndex(fields=["submitted_at", "closed_at"], name="application_times", autosummarize=True),
        ]

    def __str__(self) -> str:
        return self.reference


class Case(models.Model):
    """One item of an application, with the organisation that decides and the revision it was made with, for ever."""

    personal_fields: ClassVar[tuple[str, ...]] = ("decision_reason",)
    retention: ClassVar[str] = "case+10y"

    public_id = models.UUIDField(unique=True, default=new_public_id, editable=False)
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="cases")
    code = models.CharField(max_length=43, unique=True)  # 办件编号
    position = models.PositiveSmallIntegerField()
    item_key = models.CharField(max_length=80)
    name = models.CharField(max_length=120)
    name_en = models.CharField(max_length=200)
    implementation = models.ForeignKey("catalogue.Implementation", on_delete=models.PROTECT)
    revision = models.ForeignKey("catalogue.ItemRevision", on_delete=models.PROTECT)
    # No index of its own: every list of an office's cases begins with one of those below.
    organisation = models.ForeignKey("places.Organisation", on_delete=models.PROTECT, db_index=False)
    waits_for = ArrayField(models.CharField(max_length=80), default=list)  # item keys of the same application
    state = models.CharField(max_length=24, choices=[(one.value, one.value) for one in CaseState])
    received_at = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)
    deficient = models.BooleanField(default=False)  # 容缺受理
    committed = models.BooleanField(default=False)  # 告知承诺
    corrections = models.PositiveSmallIntegerField(default=0)
    is_paused = models.BooleanField(default=False)
    statutory_due_on = models.DateField(null=True)
    promised_due_on = models.DateField(null=True)
    due_on = models.DateField(null=True)  # the binding one (规定 art.12)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=80, blank=True)
    outcome = models.CharField(max_length=20, blank=True)
    decision_reason = EncryptedTextField(blank=True, default="")
    closed_at = models.DateTimeField(null=True)
    # Of its application: an office's figures of a month are found among its own cases, not among all applications.
    applied_at = models.DateTimeField()
    concluded_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["application", "item_key"], name="case_once_per_item"),
            models.CheckConstraint(
                condition=models.Q(decided_at=None, decided_by="")
                | (models.Q(decided_at__isnull=False) & ~models.Q(decided_by="")),
                name="case_decided_by_somebody",
                violation_error_message="A decision names who decided and when.",
            ),
        ]
        indexes = [
            models.Index(fields=["due_on"], name="case_due", condition=models.Q(closed_at=None)),
            models.Index(fields=["organisation", "applied_at"], name="case_of_office"),
            models.Index(fields=["organisation", "received_at"], name="case_received"),
            models.Index(
                fields=["organisation", "decided_at"], name="case_decided", condition=models.Q(decided_at__isnull=False)
            ),
            models.Index(
                fields=["organisation", "concluded_at"],
                name="case_concluded",
                condition=models.Q(concluded_at__isnull=False),
            ),
            BrinIndex(
                fields=["applied_at", "received_at", "decided_at", "closed_at", "concluded_at"],
                name="case_times",
                autosummarize=True,
            ),
        ]

    def __str__(self) -> str:
        return self.code


class Step(models.Model):
    """One organisation's part of a case. The work list of a desk is a list of these."""

    personal_fields: ClassVar[tuple[str, ...]] = ("opinion",)
    retention: ClassVar[str] = "case+10y"

    public_id = models.UUIDField(unique=True, default=new_public_id, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="steps")
    key = models.CharField(max_length=60)
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=120)
    name_en = models.CharField(max_length=160)
    organisation = models.ForeignKey("places.Organisation", on_delete=models.PROTECT, db_index=False)  # has others
    post = models.CharField(max_length=40)
    after = ArrayField(models.CharField(max_length=60), default=list)
    decides = models.BooleanField(default=False)
    promised_days = models.PositiveSmallIntegerField()
    statutory_days = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=[(one.value, one.value) for one in StepState])
    ready_at = models.DateTimeField(null=True)
    due_on = models.DateField(null=True)
    amber_on = models.DateField(null=True)
    taken_by = models.ForeignKey("people.Staff", null=True, on_delete=models.PROTECT, related_name="steps")
    taken_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    finished_by = models.CharField(max_length=80, blank=True)
    opinion = EncryptedTextField(blank=True, default="")
    # What the work list sorts and pages by: the due day, then the row; kept here so that one index serves the list.
    bucket = models.CharField(max_length=8, default="waiting")  # waiting, take, mine, paused, done

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "key"], name="step_once_per_case")]
        indexes = [
            models.Index(fields=["organisation", "bucket", "due_on", "id"], name="step_inbox"),
            models.Index(
                fields=["organisation", "due_on", "id"],
                name="step_open",
                condition=models.Q(bucket__in=["take", "mine"]),
            ),
            models.Index(fields=["taken_by", "bucket", "due_on", "id"], name="step_mine"),
            models.Index(
                fields=["organisation", "finished_at"],
                name="step_finished",
                condition=models.Q(finished_at__isnull=False),
            ),
            BrinIndex(fields=["finished_at", "due_on"], name="step_times", autosummarize=True),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.key}"


class Message(models.Model):
    """A message kept inside the application, so that the exchange stays in one place."""

    personal_fields: ClassVar[tuple[str, ...]] = ("author_name", "text")
    retention: ClassVar[str] = "case+10y"

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="messages")
    case = models.ForeignKey(Case, null=True, on_delete=models.PROTECT, related_name="messages")
    author = models.CharField(max_length=80)
    author_name = EncryptedTextField()
    from_staff = models.BooleanField()
    text = EncryptedTextField()
    written_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.application_id} {self.written_at:%Y-%m-%d %H:%M}"


class Act(models.Model):
    """What happened to a case, in order, as the person and the desk read it; the journal holds the same, sealed."""

    append_only: ClassVar[bool] = True
    # The row stays for ever; these two columns may be locked with a new key, or emptied when their time is over.
    relockable: ClassVar[tuple[str, ...]] = ("by_name", "reason")
    personal_fields: ClassVar[tuple[str, ...]] = ("by_name", "reason")
    retention: ClassVar[str] = "case+10y"

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="acts")
    kind = models.CharField(max_length=30)
    state = models.CharField(max_length=24)
    by = models.CharField(max_length=80)
    by_name = EncryptedTextField()
    acted_at = models.DateTimeField()
    reason = EncryptedTextField(blank=True, default="")
    basis = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return f"{self.case_id} {self.kind}"


class HallRequest(models.Model):
    """A need no machine may promise anything for: taken by the hall, triaged, turned into cases by a clerk."""

    personal_fields: ClassVar[tuple[str, ...]] = ("answers_text", "need", "contact_phone", "answer")
    retention: ClassVar[str] = "case+10y"

    public_id = models.UUIDField(unique=True, default=new_public_id, editable=False)
    reference = models.CharField(max_length=24, unique=True)
    party = models.ForeignKey("people.Party", on_delete=models.PROTECT)
    represented = models.ForeignKey("people.Party", null=True, on_delete=models.PROTECT, related_name="+")
    region = models.ForeignKey("places.Region", on_delete=models.PROTECT)
    event_key = models.CharField(max_length=80, blank=True)
    answers_text = EncryptedTextField(default="{}")
    need = EncryptedTextField()
    contact_phone = EncryptedTextField()
    made_at = models.DateTimeField()
    taken_by = models.ForeignKey("people.Staff", null=True, on_delete=models.PROTECT, related_name="+")
    taken_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    answer = EncryptedTextField(blank=True, default="")
    emptied_at = models.DateTimeField(null=True)
    application = models.ForeignKey(Application, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["region", "answered_at", "made_at"], name="hall_request_open")]

    def __str__(self) -> str:
        return self.reference


class CaseCounter(models.Model):
    """The serial of the day for an implementation (办件编号 ends in a daily serial of four digits)."""

    personal_fields: ClassVar[tuple[str, ...]] = ()
    retention: ClassVar[str] = "case+10y"

    implementation = models.ForeignKey("catalogue.Implementation", on_delete=models.CASCADE)
    day = models.DateField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["implementation", "day"], name="case_counter_once")]

    def __str__(self) -> str:
        return f"{self.implementation_id} {self.day}: {self.last}"
