"""A hall at work: whom a clerk serves, the papers he checks, what he writes back, the results handed out."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from yici.apps.journal.ids import new_public_id
from yici.apps.people.encryption import EncryptedJSONField, EncryptedTextField
from yici.rules.identification import IdentificationWay


class ServedVisit(models.Model):
    """One person served by one clerk at one window, from identification to good-bye."""

    personal_fields: ClassVar[tuple[str, ...]] = ()
    retention: ClassVar[str] = "case+10y"

    public_id = models.UUIDField(unique=True, default=new_public_id, editable=False)
    party = models.ForeignKey("people.Party", on_delete=models.PROTECT, related_name="served_visits")
    represented = models.ForeignKey("people.Party", null=True, on_delete=models.PROTECT, related_name="+")
    clerk = models.ForeignKey("people.Staff", on_delete=models.PROTECT, related_name="served_visits")
    hall = models.ForeignKey("places.Hall", on_delete=models.PROTECT, related_name="served_visits")
    window_number = models.PositiveSmallIntegerField(null=True)
    way = models.CharField(max_length=12, choices=[(way.value, way.value) for way in IdentificationWay])
    documents_seen = ArrayField(models.CharField(max_length=24), default=list)  # which, where no card was there
    ticket_code = models.CharField(max_length=12, blank=True)  # the number from the queue, "" without one
    purposes = ArrayField(models.CharField(max_length=80), default=list)  # needs begun in this visit
    screen_draft_id = models.UUIDField(null=True)  # what the second screen shows the person now
    begun_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["clerk"],
                condition=models.Q(ended_at=None),
                name="halls_one_person_at_a_time",
                violation_error_message="请先结束正在接待的办事人。 End the visit that is open first.",
            ),
            models.CheckConstraint(
                condition=models.Q(ended_at=None) | models.Q(ended_at__gte=models.F("begun_at")),
                name="halls_visit_ends_after_start",
                violation_error_message="接待结束不能早于开始。 A visit cannot end before it begins.",
            ),
        ]
        indexes = [models.Index(fields=["party", "-begun_at"], name="halls_visit_of_party")]

    def __str__(self) -> str:
        return f"visit:{self.public_id}"


class VisitTouch(models.Model):
    """An application the person came for in a visit: to apply, show originals, be present, or collect."""

    personal_fields: ClassVar[tuple[str, ...]] = ()
    retention: ClassVar[str] = "case+10y"

    visit = models.ForeignKey(ServedVisit, on_delete=models.PROTECT, related_name="touches")
    application = models.ForeignKey("cases.Application", on_delete=models.PROTECT, related_name="visit_touches")
    kind = models.CharField(max_length=10)  # apply, original, presence, collect, correct
    detail = models.CharField(max_length=80, blank=True)
    touched_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["visit", "application", "kind", "detail"], name="halls_touch_once"),
        ]

    def __str__(self) -> str:
        return f"{self.visit_id} {self.kind} {self.application_id}"


class PersonalCode(models.Model):
    """A code that a signed-in person shows at the window: for two minutes, once."""

    personal_fields: ClassVar[tuple[str, ...]] = ()
    retention: ClassVar[str] = "until replaced"
    secret_hashes: ClassVar[tuple[str, ...]] = ("number_hash",)

    public_id = models.UUIDField(unique=True, default=new_public_id, editable=False)
    party = models.ForeignKey("people.Party", on_delete=models.CASCADE, related_name="shown_codes")
    number_hash = models.CharField(max_length=100)  # of the six digits that may be read aloud instead
    made_at = models.DateTimeField()
    valid_until = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["party", "-made_at"], name="halls_code_of_party")]

    def __str__(self) -> str:
        return f"code:{self.public_id}"


class TakenPaper(models.Model):
    """A paper checked at the window: for a draft, or for an application that waits for it."""

    personal_fields: ClassVar[tuple[str, ...]] = ()
    retention: ClassVar[str] = "case+10y"

    public_id = models.UUIDField(unique=True, default=new_public_id, editable=False)
    visit = models.ForeignKey(ServedVisit, on_delete=models.PROTECT, related_name="papers")
    draft_id = models.UUIDField(null=True)
    application = models.ForeignKey("cases.Application", null=True, on_delete=models.PROTECT, related_name="papers")
    proves = models.CharField(max_length=80)
    name = models.CharField(max_length=160)
    name_en = models.CharField(max_length=200)
    attachment_id = models.UUIDField(null=True)  # the scan; NULL when only the original was looked at
    original_seen = models.BooleanField(default=False)
    kept = models.BooleanField(default=False)  # False: given back to the person at once
    finding = models.CharField(max_length=12)  # fits, unfit, other_proof (规定 art. 9)
    reason = models.TextField(blank=True)
    checked_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["draft_id", "proves"], name="halls_paper_once_a_draft"),
            models.CheckConstraint(
                condition=models.Q(finding="fits") | ~models.Q(reason=""),
                name="halls_paper_unfit_has_reason",
                violation_error_message="请写明原因。 Say why.",
            ),
        ]
        indexes = [models.Index(fields=["application", "proves"], name="halls_paper_of_application")]

    def __str__(self) -> str:
        return f"{self.visit_id} {self.proves}"


class ExtraDemand(models.Model):
    """Something asked of a person beyond his plan: a signal against the item."""

    personal_fields: ClassVar[tuple[str, ...]] = ()
    retention: ClassVar[str] = "case+10y"

    visit = models.ForeignKey(ServedVisit, on_delete=models.PROTECT, related_name="extra_demands")
    draft_id = models.UUIDField(null=True)
    application = models.ForeignKey("cases.Application", null=True, on_delete=models.PROTECT, related_name="+")
    item_key = models.CharField(max_length=80)
    region = models.ForeignKey("places.Region", on_delete=models.PROTECT, related_name="+")
    what = models.CharField(max_length=200)
    why = models.CharField(max_length=300)
    asked_by = models.CharField(max_length=12)  # department, clerk
    asked_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(asked_by__in=["department", "clerk"]),
                name="halls_demand_by_somebody",
                violation_error_message="请选择由谁提出。 Choose who asks for it.",
            )
        ]
        indexes = [models.Index(fields=["item_key", "asked_at"], name="halls_demand_of_item")]

    def __str__(self) -> str:
        return f"{self.item_key} {self.asked_at:%Y-%m-%d}"


class Receipt(models.Model):
    """The one receipt of an application taken at the window, as it was handed out (规定 art. 11)."""

    personal_fields: ClassVar[tuple[str, ...]] = ("content",)
    retention: ClassVar[str] = "case+10y"

    public_id = models.UUIDField(unique=True, default=new_public_id, editable=False)
    application = models.ForeignKey("cases.Application", on_delete=models.PROTECT, related_name="receipts")
    visit = models.ForeignKey(ServedVisit, on_delete=models.PROTECT, related_name="receipts")
    content = EncryptedJSONField()
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"receipt:{self.public_id}"


class WrittenValue(models.Model):
    """A value a clerk read from a checked paper and wrote back, or decided not to; the value is not kept here."""

    personal_fields: ClassVar[tuple[str, ...]] = ()
    retention: ClassVar[str] = "case+10y"

    paper = models.ForeignKey(TakenPaper, on_delete=models.PROTECT, related_name="written")
    case_code = models.CharField(max_length=43)
    dataset = models.CharField(max_length=60)
    field = models.CharField(max_length=60)
    written_as = models.UUIDField(null=True)  # the registry's number of the write-back
    left_out = models.CharField(max_length=200, blank=True)  # why nothing was written
    by = models.CharField(max_length=80)
    written_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["paper", "dataset", "field"], name="halls_value_written_once")]

    def __str__(self) -> str:
        return f"{self.dataset}.{self.field}"


class Handout(models.Model):
    """A result on paper or an object, to be handed out at the outcome window or posted (统一出件)."""

    personal_fields: ClassVar[tuple[str, ...]] = ("address", "signed_by")
    retention: ClassVar[str] = "case+10y"

    public_id = models.UUIDField(unique=True, default=new_public_id, editable=False)
    case = models.OneToOneField("cases.Case", on_delete=models.PROTECT, related_name="handout")
    way = models.CharField(max_length=8)  # collect, post
    address = EncryptedTextField(default="")
    state = models.CharField(max_length=10, default="wanted")  # wanted, handed, posted, returned
    carrier = models.CharField(max_length=40, blank=True)
    tracking_number = models.CharField(max_length=40, blank=True)
    signed_by = EncryptedTextField(default="")
    visit = models.ForeignKey(ServedVisit, null=True, on_delete=models.PROTECT, related_name="handouts")
    wanted_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    changed_by = models.CharField(max_length=80)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(state="posted") | (~models.Q(carrier="") & ~models.Q(tracking_number="")),
                name="halls_posted_with_number",
                violation_error_message="寄出须填写快递公司和单号。 Posting needs carrier and tracking number.",
            ),
        ]

    def __str__(self) -> str:
        return f"handout:{self.public_id}"


class Delegation(models.Model):
    """What one organisation has entrusted to the one window, or kept for itself (规定 art. 5)."""

    personal_fields: ClassVar[tuple[str, ...]] = ()
    retention: ClassVar[str] = "reference"

    organisation = models.ForeignKey("places.Organisation", on_delete=models.CASCADE, related_name="delegations")
    item_key = models.CharField(max_length=80, blank=True)  # "" for all its items
    entrusted = models.BooleanField()
    basis = models.CharField(max_length=200)
    valid_from = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "item_key", "valid_from"],
                name="halls_delegation_once_a_day",
                violation_error_message="同一天起已有该委托。 This is arranged from that day already.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.item_key}"
