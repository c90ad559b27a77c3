"""What a hall remembers of its days: queues, appointments, tickets, who sits at which window."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from yici.apps.halls.codes import new_code
from yici.apps.halls.kiosk_models import Kiosk, PhoneSignIn, PrintJob
from yici.apps.halls.opening_models import HallPolicy, OpeningException, OpeningHours
from yici.apps.halls.visit_models import (
    Delegation,
    ExtraDemand,
    Handout,
    PersonalCode,
    Receipt,
    ServedVisit,
    TakenPaper,
    VisitTouch,
    WrittenValue,
)
from yici.apps.journal.ids import new_public_id
from yici.apps.people.encryption import EncryptedTextField
from yici.rules.appointments import AppointmentState
from yici.rules.queues import Priority, TicketState

__all__ = [
    "Appointment",
    "Delegation",
    "ExtraDemand",
    "HallPolicy",
    "Handout",
    "Kiosk",
    "OpeningException",
    "OpeningHours",
    "PersonalCode",
    "PhoneSignIn",
    "PrintJob",
    "Queue",
    "QueueTicket",
    "Receipt",
    "ServedVisit",
    "TakenPaper",
    "TicketCounter",
    "VisitTouch",
    "WindowDuty",
    "WrittenValue",
]


class Queue(models.Model):
    """One line of a hall: ``letter`` begins its numbers, windows of any of ``window_kinds`` serve it."""

    personal_fields: ClassVar[tuple[str, ...]] = ()
    retention: ClassVar[str] = "reference"

    public_id = models.UUIDField(unique=True, default=new_public_id, editable=False)
    hall = models.ForeignKey("places.Hall", on_delete=models.CASCADE, related_name="queues")
    letter = models.CharField(max_length=1)
    name = models.CharField(max_length=60)
    name_en = models.CharField(max_length=80)
    serves = models.CharField(max_length=200)
    serves_en = models.CharField(max_length=300)
    window_kinds = ArrayField(models.CharField(max_length=20))
    slot_minutes = models.PositiveSmallIntegerField(default=30)
    places_per_slot = models.PositiveSmallIntegerField(default=0)  # 0: no appointments for this queue

    class Meta:
        ordering = ["hall", "letter"]
        constraints = [
            models.UniqueConstraint(
                fields=["hall", "letter"],
                name="halls_queue_letter_once",
                violation_error_message="该大厅已有这个字母的队列。 This hall already has a queue with this letter.",
            ),
            models.CheckConstraint(
                condition=models.Q(letter__regex=r"^[A-Z]$"),
                name="halls_queue_letter",
                violation_error_message="队列代号是一个大写字母。 A queue's letter is one capital letter.",
            ),
            models.CheckConstraint(
                condition=models.Q(slot_minutes__gte=5, window_kinds__len__gte=1),
                name="halls_queue_served_in_slots",
                violation_error_message="时段至少5分钟，并须有窗口办理。 Slots of 5 minutes at least, and a window.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.hall_id} {self.letter}"


class TicketCounter(models.Model):
    """The last number given out in a queue on a local day."""

    personal_fields: ClassVar[tuple[str, ...]] = ()
    retention: ClassVar[str] = "visit+1y"

    queue = models.ForeignKey(Queue, on_delete=models.CASCADE, related_name="counters")
    day = models.DateField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["queue", "day"],
                name="halls_counter_once",
                violation_error_message="每天每队一个计数器。 One counter a queue and day.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.queue_id} {self.day}: {self.last}"


class WindowDuty(models.Model):
    """Who sits at which window from when to when; ``paused_at`` while the window is not calling."""

    personal_fields: ClassVar[tuple[str, ...]] = ()
    retention: ClassVar[str] = "visit+1y"

    window = models.ForeignKey("places.Window", on_delete=models.PROTECT, related_name="duties")
    staff = models.ForeignKey("people.Staff", on_delete=models.PROTECT, related_name="duties")
    began_at = models.DateTimeField()
    paused_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name_plural = "window duties"
        constraints = [
            models.UniqueConstraint(
                fields=["window"],
                condition=models.Q(ended_at__isnull=True),
                name="halls_duty_one_at_a_window",
                violation_error_message="这个窗口已有人值守。 Somebody sits at this window already.",
            ),
            models.UniqueConstraint(
                fields=["staff"],
                condition=models.Q(ended_at__isnull=True),
                name="halls_duty_one_window_each",
                violation_error_message="您已在另一个窗口值守。 You sit at another window already.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.window_id} {self.began_at:%Y-%m-%d}"


class Appointment(models.Model):
    """A time booked at a hall: by a party, or for somebody of whom only a name and a phone number are known."""

    personal_fields: ClassVar[tuple[str, ...]] = ("name", "phone", "wish", "need")
    retention: ClassVar[str] = "visit+1y"

    public_id = models.UUIDField(unique=True, default=new_public_id, editable=False)
    reference = models.CharField(max_length=12, unique=True, default=new_code, editable=False)
    queue = models.ForeignKey(Queue, on_delete=models.PROTECT, related_name="appointments")
    starts_at = models.DateTimeField()
    party = models.ForeignKey("people.Party", null=True, on_delete=models.PROTECT, related_name="appointments")
    represented = models.ForeignKey("people.Party", null=True, on_delete=models.PROTECT, related_name="+")
    name = EncryptedTextField(default="")
    phone = EncryptedTextField(default="")
    need_key = models.CharField(max_length=80, blank=True)  # the key of a life event or an item
    need = EncryptedTextField(default="")
    application = models.ForeignKey("cases.Application", null=True, on_delete=models.PROTECT, related_name="+")
    language = models.CharField(max_length=2, default="zh")
    wish = EncryptedTextField(default="")
    is_accessible = models.BooleanField(default=False)
    state = models.CharField(max_length=10, default=AppointmentState.BOOKED)
    moves = models.PositiveSmallIntegerField(default=0)
    booked_at = models.DateTimeField()
    booked_by = models.CharField(max_length=160)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["starts_at", "pk"]
        indexes = [models.Index(fields=["queue", "starts_at"], name="halls_appointment_times")]
        constraints = [
            models.UniqueConstraint(
                fields=["party", "starts_at"],
                condition=models.Q(state__in=[AppointmentState.BOOKED, AppointmentState.ARRIVED]),
                name="halls_appointment_one_at_a_time",
                violation_error_message="您在这一时间已有预约。 You already have an appointment at this time.",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=list(AppointmentState)),
                name="halls_appointment_state_known",
                violation_error_message="预约状态不存在。 This state of an appointment does not exist.",
            ),
        ]

    def __str__(self) -> str:
        return f"appointment:{self.public_id}"


class QueueTicket(models.Model):
    """One number of the queue. It names nobody; who was served stands with the case, if one was opened.

    ``joined_at`` is the place in the line and stays when the ticket moves; ``queue`` is where it waits now.
    """

    personal_fields: ClassVar[tuple[str, ...]] = ()
    retention: ClassVar[str] = "visit+1y"

    public_id = models.UUIDField(unique=True, default=new_public_id, editable=False)
    code = models.CharField(max_length=12, unique=True, default=new_code, editable=False)
    hall = models.ForeignKey("places.Hall", on_delete=models.PROTECT, related_name="tickets")
    queue = models.ForeignKey(Queue, on_delete=models.PROTECT, related_name="tickets")
    day = models.DateField()
    label = models.CharField(max_length=8)
    joined_at = models.DateTimeField()
    channel = models.CharField(max_length=12)  # machine, phone, kiosk, window, appointment
    priority = models.CharField(max_length=12, default=Priority.ORDINARY)
    appointment = models.OneToOneField(Appointment, null=True, on_delete=models.PROTECT, related_name="ticket")
    is_late = models.BooleanField(default=False)
    state = models.CharField(max_length=12, default=TicketState.WAITING)
    calls = models.PositiveSmallIntegerField(default=0)
    first_called_at = models.DateTimeField(null=True)
    called_at = models.DateTimeField(null=True)
    serving_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    window = models.ForeignKey("places.Window", null=True, on_delete=models.PROTECT, related_name="tickets")
    clerk = models.ForeignKey("people.Staff", null=True, on_delete=models.PROTECT, related_name="+")
    for_window = models.ForeignKey("places.Window", null=True, on_delete=models.PROTECT, related_name="+")
    transfers = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["joined_at", "label"]
        indexes = [
            models.Index(fields=["hall", "day", "state"], name="halls_ticket_of_day"),
            models.Index(fields=["state", "day"], name="halls_ticket_open", condition=models.Q(finished_at=None)),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["hall", "day", "label"],
                name="halls_ticket_number_once",
                violation_error_message="当天已有这个号。 This number was given out today.",
            ),
            # Two people at one window at once would be two open tickets there: never.
            models.UniqueConstraint(
                fields=["window"],
                condition=models.Q(state__in=[TicketState.CALLED, TicketState.SERVING]),
                name="halls_ticket_one_at_a_window",
                violation_error_message="窗口还有一个号没有办完。 The window still has a number in hand.",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=list(TicketState), priority__in=list(Priority)),
                name="halls_ticket_state_known",
                violation_error_message="状态不存在。 This state does not exist.",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=[TicketState.CALLED, TicketState.SERVING])
                | models.Q(window__isnull=False, clerk__isnull=False, called_at__isnull=False),
                name="halls_ticket_called_to_a_window",
                violation_error_message="叫号须有窗口和工作人员。 A called number has a window and a clerk.",
            ),
        ]

    def __str__(self) -> str:
        return f"ticket:{self.public_id}"
