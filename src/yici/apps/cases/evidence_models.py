"""What a case rests on: papers, what satisfied each requirement, and the one notice of what is missing."""

from typing import ClassVar

from django.db import models

from yici.apps.journal.ids import new_public_id
from yici.apps.people.encryption import EncryptedBytesField, EncryptedJSONField, EncryptedTextField


class Attachment(models.Model):
    """A paper the person uploaded: re-encoded or checked before anybody opens it."""

    personal_fields: ClassVar[tuple[str, ...]] = ("content", "filename")
    retention: ClassVar[str] = "case+10y"

    public_id = models.UUIDField(unique=True, default=new_public_id, editable=False)
    party = models.ForeignKey("people.Party", on_delete=models.PROTECT)
    draft_id = models.UUIDField(null=True, db_index=True)
    proves = models.CharField(max_length=80)
    filename = EncryptedTextField()
    kind = models.CharField(max_length=40)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    content = EncryptedBytesField()
    uploaded_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.public_id)  # never the name: this text ends up in log lines


class Evidence(models.Model):
    """What satisfied a requirement of a case, and from where."""

    personal_fields: ClassVar[tuple[str, ...]] = ("value_text", "own_value_text", "note")
    retention: ClassVar[str] = "case+10y"

    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="evidence")
    requirement = models.CharField(max_length=80)
    proves = models.CharField(max_length=80)
    name = models.CharField(max_length=160)
    name_en = models.CharField(max_length=200)
    way = models.CharField(max_length=20)
    target = models.CharField(max_length=120, blank=True)
    source = models.CharField(max_length=160)
    source_en = models.CharField(max_length=200)
    necessity = models.CharField(max_length=20)
    status = models.CharField(max_length=12)  # present, due (original at the visit), deferred, missing, waived
    value_text = EncryptedTextField(default="")
    own_value_text = EncryptedTextField(default="")  # the applicant's own, which prevails (规定 art.7)
    attachment = models.ForeignKey(Attachment, null=True, on_delete=models.PROTECT, related_name="+")
    checked_at = models.DateTimeField(null=True)
    checked_by = models.CharField(max_length=80, blank=True)
    note = EncryptedTextField(blank=True, default="")  # why a paper was waived on other proof (规定 art.9)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "requirement"], name="evidence_once")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.requirement}"


class Correction(models.Model):
    """The one complete notice of what is missing (许可法 art.32, 规定 art.11)."""

    personal_fields: ClassVar[tuple[str, ...]] = ("asked", "reply")
    retention: ClassVar[str] = "case+10y"

    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="correction_notices")
    deficiency = models.BooleanField(default=False)  # True: told at deficient acceptance (容缺)
    asked = EncryptedJSONField()  # [{requirement, name, name_en, what}]
    issued_at = models.DateTimeField()
    issued_by = models.CharField(max_length=80)
    due_on = models.DateField()
    answered_at = models.DateTimeField(null=True)
    reply = EncryptedTextField(blank=True, default="")
    result = models.CharField(max_length=12, blank=True)  # fit, unfit, lapsed

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "deficiency"], name="correction_once")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.issued_at:%Y-%m-%d}"
