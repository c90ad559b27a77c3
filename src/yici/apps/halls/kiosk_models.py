"""What a hall keeps: its kiosks, sign-ins by phone, and what was printed."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from yici.apps.journal.ids import new_public_id
from yici.rules.kiosks import PrintState, PrintWhat


class Kiosk(models.Model):
    """A registered self-service device of a hall. Its secrets are kept as hashes only.

    ``reader_hash``: of the text that the card reader puts before each number; a number typed by hand lacks it.
    """

    personal_fields: ClassVar[tuple[str, ...]] = ()
    retention: ClassVar[str] = "reference"
    secret_hashes: ClassVar[tuple[str, ...]] = ("reader_hash", "pairing_hash", "device_hash")

    public_id = models.UUIDField(unique=True, default=new_public_id, editable=False)
    hall = models.ForeignKey("places.Hall", on_delete=models.PROTECT, related_name="kiosks")
    name = models.CharField(max_length=60)
    name_en = models.CharField(max_length=80)
    printer_kind = models.CharField(max_length=6)
    printer_target = models.CharField(max_length=200)
    reader_hash = models.CharField(max_length=64, blank=True)
    pairing_hash = models.CharField(max_length=64, blank=True)
    pairing_until = models.DateTimeField(null=True)
    device_hash = models.CharField(max_length=64, blank=True)
    paired_at = models.DateTimeField(null=True)
    registered_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)
    demo = models.BooleanField(default=False)

    class Meta:
        ordering = ["hall", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["hall", "name"],
                name="halls_kiosk_name_once",
                violation_error_message="该大厅已有同名终端。 This hall already has a kiosk of this name.",
            ),
            models.CheckConstraint(
                condition=Q(printer_kind__in=["queue", "folder"]),
                name="halls_kiosk_printer_known",
                violation_error_message="打印到队列或文件夹。 A kiosk prints to a queue or a folder.",
            ),
            models.CheckConstraint(
                condition=Q(device_hash="", paired_at__isnull=True) | (~Q(device_hash="") & Q(paired_at__isnull=False)),
                name="halls_kiosk_paired_once",
                violation_error_message="配对须有时间。 A pairing has its moment.",
            ),
        ]

    def __str__(self) -> str:
        return f"kiosk:{self.public_id}"


class PhoneSignIn(models.Model):
    """A code shown by a kiosk that a person's phone confirms: short-lived, used once."""

    personal_fields: ClassVar[tuple[str, ...]] = ()
    retention: ClassVar[str] = "until replaced"
    secret_hashes: ClassVar[tuple[str, ...]] = ("code_hash",)

    kiosk = models.ForeignKey(Kiosk, on_delete=models.CASCADE, related_name="phone_sign_ins")
    code_hash = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()
    party = models.ForeignKey("people.Party", null=True, on_delete=models.CASCADE, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(party__isnull=True, confirmed_at__isnull=True)
                | Q(party__isnull=False, confirmed_at__isnull=False),
                name="halls_phone_sign_in_confirmed_by_somebody",
                violation_error_message="确认须记录由谁确认。 Who confirmed is recorded with the moment.",
            ),
            models.CheckConstraint(
                condition=Q(used_at__isnull=True) | Q(confirmed_at__isnull=False),
                name="halls_phone_sign_in_used_after_confirmed",
                violation_error_message="确认之后才能使用。 A sign-in is used after it was confirmed.",
            ),
        ]

    def __str__(self) -> str:
        return f"phone sign-in:{self.pk}"


class PrintJob(models.Model):
    """One copy of one document for one person at one kiosk. The document itself is made when it is printed.

    ``document_id`` is the public id of the licence, or of the application whose receipt it is.
    """

    personal_fields: ClassVar[tuple[str, ...]] = ()
    retention: ClassVar[str] = "case+10y"

    public_id = models.UUIDField(unique=True, default=new_public_id, editable=False)
    kiosk = models.ForeignKey(Kiosk, on_delete=models.PROTECT, related_name="print_jobs")
    what = models.CharField(max_length=8, choices=[(what.value, what.value) for what in PrintWhat])
    document_id = models.UUIDField()
    party = models.ForeignKey("people.Party", on_delete=models.PROTECT, related_name="+")
    represented = models.ForeignKey("people.Party", null=True, on_delete=models.PROTECT, related_name="+")
    copy = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=8, default=PrintState.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=200, blank=True)
    error_en = models.CharField(max_length=300, blank=True)
    detail = models.CharField(max_length=300, blank=True)  # the printer's own words, for staff
    requested_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kiosk", "what", "document_id"],
                condition=Q(state__in=["queued", "printing"]),
                name="halls_print_once_at_a_time",
                violation_error_message="这份文件正在打印。 This document is being printed already.",
            ),
            models.CheckConstraint(
                condition=Q(state__in=list(PrintState)),
                name="halls_print_state_known",
                violation_error_message="打印状态不存在。 This print state does not exist.",
            ),
            models.CheckConstraint(
                condition=Q(state="failed") ^ Q(error=""),
                name="halls_print_failed_says_why",
                violation_error_message="打印失败须说明原因。 A failed print says why.",
            ),
        ]
        indexes = [
            models.Index(fields=["party", "-requested_at"], name="halls_print_mine"),
            models.Index(fields=["kiosk", "-id"], condition=Q(state="failed"), name="halls_print_failed"),
        ]

    def __str__(self) -> str:
        return f"print:{self.public_id}"
