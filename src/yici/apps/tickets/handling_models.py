"""What a unit and the hotline write down while a ticket is handled."""

from typing import ClassVar

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import Q

from yici.apps.journal.ids import new_public_id
from yici.apps.people.encryption import EncryptedBytesField, EncryptedTextField


class Part(models.Model):
    """What a co-handler does for the lead, which answers for the whole (首接负责制, 北京 art. 14)."""

    personal_fields: ClassVar[tuple[str, ...]] = ("asked", "report")
    retention: ClassVar[str] = "case+10y"

    public_id = models.UUIDField(unique=True, default=new_public_id, editable=False)
    ticket = models.ForeignKey("tickets.Ticket", on_delete=models.PROTECT, related_name="parts")
    organisation = models.ForeignKey("places.Organisation", on_delete=models.PROTECT, related_name="ticket_parts")
    asked = EncryptedTextField()
    asked_at = models.DateTimeField()
    asked_by = models.CharField(max_length=80)
    due_at = models.DateTimeField()
    report = EncryptedTextField(blank=True, default="")
    finished = models.BooleanField(default=False)  # False with a report: a stage only, with the reason for the delay
    ended_at = models.DateTimeField(null=True)  # reported whole, or released by the lead
    ended_by = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["ticket", "organisation"], condition=Q(ended_at=None), name="ticket_part_once"
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "due_at", "id"], name="ticket_part_open", condition=Q(ended_at=None))
        ]

    def __str__(self) -> str:
        return f"{self.ticket_id} {self.organisation_id}"


class Return(models.Model):
    """A unit says it is not its duty: why, on what basis, and whose it is instead."""

    personal_fields: ClassVar[tuple[str, ...]] = ("reason", "answer")
    retention: ClassVar[str] = "case+10y"

    ticket = models.ForeignKey("tickets.Ticket", on_delete=models.PROTECT, related_name="returns")
    organisation = models.ForeignKey("places.Organisation", on_delete=models.PROTECT, related_name="+")
    named = models.ForeignKey("places.Organisation", null=True, on_delete=models.PROTECT, related_name="+")
    reason = EncryptedTextField()
    across = models.BooleanField(default=False)  # region against department
    returned_at = models.DateTimeField()
    returned_by = models.CharField(max_length=80)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.CharField(max_length=80, blank=True)
    accepted = models.BooleanField(null=True)
    answer = EncryptedTextField(blank=True, default="")

    def __str__(self) -> str:
        return f"{self.ticket_id} {self.organisation_id}"


class MoreTime(models.Model):
    """More time asked for, and what the hotline said; the person is told (北京 art. 15)."""

    personal_fields: ClassVar[tuple[str, ...]] = ("reason", "answer")
    retention: ClassVar[str] = "case+10y"

    ticket = models.ForeignKey("tickets.Ticket", on_delete=models.PROTECT, related_name="more_time")
    ground = models.CharField(max_length=10)
    reason = EncryptedTextField()
    basis = models.CharField(max_length=200, blank=True)
    until = models.DateField(null=True)  # explicit for a longer time of the law and for what cannot be solved now
    asked_at = models.DateTimeField()
    asked_by = models.CharField(max_length=80)
    granted = models.BooleanField(null=True)
    answer = EncryptedTextField(blank=True, default="")
    settled_at = models.DateTimeField(null=True)
    settled_by = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ticket"], condition=Q(settled_at=None), name="ticket_more_time_one_open")
        ]

    def __str__(self) -> str:
        return f"{self.ticket_id} {self.ground}"


class Reply(models.Model):
    """A unit's reply with its review; the text of an approved one goes to every person of the matter."""

    personal_fields: ClassVar[tuple[str, ...]] = ("text", "inner_note", "review_note")
    retention: ClassVar[str] = "case+10y"

    ticket = models.ForeignKey("tickets.Ticket", on_delete=models.PROTECT, related_name="replies", db_index=False)
    organisation = models.ForeignKey("places.Organisation", null=True, on_delete=models.PROTECT, related_name="+")
    text = EncryptedTextField()
    inner_note = EncryptedTextField(blank=True, default="")
    justified = models.BooleanField(null=True)  # 诉求是否属实
    solved = models.BooleanField(null=True)  # 是否解决
    replied_at = models.DateTimeField()
    replied_by = models.CharField(max_length=80)
    approved = models.BooleanField(null=True)
    review_note = EncryptedTextField(blank=True, default="")
    reviewed_at = models.DateTimeField(null=True)
    reviewed_by = models.CharField(max_length=80, blank=True)

    class Meta:
        indexes = [models.Index(fields=["ticket", "-id"], name="ticket_reply_newest")]

    def __str__(self) -> str:
        return f"{self.ticket_id} {self.replied_at:%Y-%m-%d}"


class FollowUp(models.Model):
    """One attempt to ask the person, or the person's own word: solved or not, satisfied or not (回访)."""

    personal_fields: ClassVar[tuple[str, ...]] = ("words",)
    retention: ClassVar[str] = "case+10y"

    ticket = models.ForeignKey("tickets.Ticket", on_delete=models.PROTECT, related_name="follow_ups", db_index=False)
    way = models.CharField(max_length=8)  # phone, sms, web
    reached = models.BooleanField()
    solved = models.BooleanField(null=True)  # None: 未表态
    satisfied = models.BooleanField(null=True)
    words = EncryptedTextField(blank=True, default="")
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=80)

    class Meta:
        indexes = [
            models.Index(fields=["ticket", "-id"], name="ticket_follow_up_newest"),
            BrinIndex(fields=["made_at"], name="ticket_follow_up_times", autosummarize=True),
        ]

    def __str__(self) -> str:
        return f"{self.ticket_id} {self.made_at:%Y-%m-%d}"


class Message(models.Model):
    """A message between the person and those who handle the ticket; it moves no deadline."""

    personal_fields: ClassVar[tuple[str, ...]] = ("author_name", "text")
    retention: ClassVar[str] = "case+10y"

    ticket = models.ForeignKey("tickets.Ticket", on_delete=models.PROTECT, related_name="messages")
    author = models.CharField(max_length=80)
    author_name = EncryptedTextField(blank=True, default="")
    from_staff = models.BooleanField()
    inner = models.BooleanField(default=False)  # between hotline and unit
    text = EncryptedTextField()
    written_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.ticket_id} {self.written_at:%Y-%m-%d %H:%M}"


class Attachment(models.Model):
    """A picture or paper with a ticket, checked before anybody opens it."""

    personal_fields: ClassVar[tuple[str, ...]] = ("content", "filename")
    retention: ClassVar[str] = "case+10y"

    public_id = models.UUIDField(unique=True, default=new_public_id, editable=False)
    ticket = models.ForeignKey("tickets.Ticket", on_delete=models.PROTECT, related_name="attachments")
    from_staff = models.BooleanField()
    filename = EncryptedTextField()
    kind = models.CharField(max_length=40)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    content = EncryptedBytesField()
    uploaded_at = models.DateTimeField()
    uploaded_by = models.CharField(max_length=80)

    def __str__(self) -> str:
        return str(self.public_id)
