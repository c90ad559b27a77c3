"""Supervision of tickets and cases: what is supervised, who was reminded, and the cards."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from yici.apps.journal.ids import new_public_id
from yici.apps.people.encryption import EncryptedTextField

_ONE_SUBJECT = Q(ticket__isnull=False, case=None) | Q(ticket=None, case__isnull=False)
_ONE_SUBJECT_WORDS = "对象是一件工单或一件办件。 The subject is one ticket or one case."
# A review stands in a higher app: no foreign key leads upwards, its public id is enough.
_ONE_SUPERVISED = (_ONE_SUBJECT & Q(review_id=None)) | Q(ticket=None, case=None, review_id__isnull=False)
_ONE_SUPERVISED_WORDS = "对象是一件工单、一件办件或一条评价。 The subject is one ticket, one case or one review."


class Supervision(models.Model):
    """A ticket, case or bad review under supervision (督办), open until it is done or lifted; levels only climb."""

    personal_fields: ClassVar[tuple[str, ...]] = ("note",)
    retention: ClassVar[str] = "case+10y"

    public_id = models.UUIDField(unique=True, default=new_public_id, editable=False)
    ticket = models.ForeignKey("tickets.Ticket", null=True, on_delete=models.PROTECT, related_name="supervisions")
    case = models.ForeignKey("cases.Case", null=True, on_delete=models.PROTECT, related_name="supervisions")
    review_id = models.UUIDField(null=True)  # public id
    # None: the hotline itself is late.
    organisation = models.ForeignKey("places.Organisation", null=True, on_delete=models.PROTECT, related_name="+")
    desk_code = models.CharField(max_length=12)
    level = models.PositiveSmallIntegerField()
    reason = models.CharField(max_length=16)
    note = EncryptedTextField(blank=True, default="")
    harm_at = models.DateTimeField()  # since when it hurts: the broken limit, or the moment it was supervised
    opened_at = models.DateTimeField()
    opened_by = models.CharField(max_length=80)
    raised_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    closed_by = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=_ONE_SUPERVISED,
                name="supervision_one_subject",
                violation_error_message=_ONE_SUPERVISED_WORDS,
            ),
            models.UniqueConstraint(
                fields=["ticket"], condition=Q(closed_at=None, ticket__isnull=False), name="supervision_ticket_once"
            ),
            models.UniqueConstraint(
                fields=["case"], condition=Q(closed_at=None, case__isnull=False), name="supervision_case_once"
            ),
            models.UniqueConstraint(
                fields=["review_id"],
                condition=Q(closed_at=None, review_id__isnull=False),
                name="supervision_review_once",
            ),
        ]
        indexes = [
            models.Index(
                fields=["desk_code", "level", "harm_at", "id"], name="supervision_open", condition=Q(closed_at=None)
            ),
            models.Index(
                fields=["organisation", "harm_at", "id"], name="supervision_of_unit", condition=Q(closed_at=None)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.public_id}"


class Reminder(models.Model):
    """One reminder (催办): a clock of a ticket, of a part of it or of a case turned amber or red; each sent once."""

    append_only: ClassVar[bool] = True
    personal_fields: ClassVar[tuple[str, ...]] = ()
    retention: ClassVar[str] = "case+10y"

    ticket = models.ForeignKey("tickets.Ticket", null=True, on_delete=models.PROTECT, related_name="reminders")
    case = models.ForeignKey("cases.Case", null=True, on_delete=models.PROTECT, related_name="reminders")
    # Of a ticket's co-handler: its part is nearly due or late.
    part = models.ForeignKey("tickets.Part", null=True, on_delete=models.PROTECT, related_name="reminders")
    organisation = models.ForeignKey(
        "places.Organisation", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    clock = models.CharField(max_length=8)  # step, total, part
    colour = models.CharField(max_length=8)  # amber, red
    due_at = models.DateTimeField()
    # A step that nobody has signed for or taken goes to the head of the organisation, not to a clerk.
    to_head = models.BooleanField(default=False)
    sent_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=_ONE_SUBJECT, name="reminder_one_subject", violation_error_message=_ONE_SUBJECT_WORDS
            ),
            models.UniqueConstraint(
                fields=["ticket", "clock", "colour", "due_at"],
                condition=Q(ticket__isnull=False, part=None),
                name="reminder_of_ticket_once",
            ),
            models.UniqueConstraint(
                fields=["part", "colour", "due_at"], condition=Q(part__isnull=False), name="reminder_of_part_once"
            ),
            models.UniqueConstraint(
                fields=["case", "clock", "colour", "due_at"],
                condition=Q(case__isnull=False),
                name="reminder_of_case_once",
            ),
        ]
        indexes = [models.Index(fields=["organisation", "-id"], name="reminder_newest")]

    def __str__(self) -> str:
        return f"{self.clock} {self.colour}"


class Card(models.Model):
    """A yellow or red card for a unit, with its explanation, its contest and how that was settled."""

    personal_fields: ClassVar[tuple[str, ...]] = ("reason", "explanation", "contest", "answer")
    retention: ClassVar[str] = "case+10y"

    public_id = models.UUIDField(unique=True, default=new_public_id, editable=False)
    supervision = models.ForeignKey(Supervision, on_delete=models.PROTECT, related_name="cards")
    organisation = models.ForeignKey("places.Organisation", on_delete=models.PROTECT, related_name="cards")
    colour = models.CharField(max_length=8)
    state = models.CharField(max_length=10)
    reason = EncryptedTextField()
    issued_at = models.DateTimeField()
    issued_by = models.CharField(max_length=80)
    explain_by = models.DateTimeField()
    contest_by = models.DateTimeField()
    explanation = EncryptedTextField(blank=True, default="")
    explained_at = models.DateTimeField(null=True)
    contest = EncryptedTextField(blank=True, default="")
    contested_at = models.DateTimeField(null=True)
    answer = EncryptedTextField(blank=True, default="")
    settled_at = models.DateTimeField(null=True)
    settled_by = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["supervision", "colour"], name="card_once_a_supervision"),
        ]
        indexes = [models.Index(fields=["organisation", "-id"], name="card_of_unit")]

    def __str__(self) -> str:
        return f"{self.colour} {self.public_id}"
