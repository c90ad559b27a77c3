"""Tickets, and what was done to them."""

from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import F, Q

from yici.apps.journal.ids import new_public_id
from yici.apps.people.encryption import EncryptedTextField
from yici.apps.tickets.dispatch_models import Classification, DutyListRow, Precedent
from yici.apps.tickets.handling_models import Attachment, FollowUp, Message, MoreTime, Part, Reply, Return
from yici.apps.tickets.learning_models import Example
from yici.apps.tickets.mail_models import Mailed
from yici.apps.tickets.matter_models import Matter, Membership
from yici.apps.tickets.platform_models import OpenRequest, Platform
from yici.apps.tickets.quality_models import Call, CallSample
from yici.apps.tickets.sealed_models import Recusal, SealedIdentity, SealKeeper, SealOpening
from yici.apps.tickets.supervision_models import Card, Reminder, Supervision
from yici.rules.tickets import TicketChannel, TicketKind, TicketState, Urgency

# Django looks for the tables of an app in this module.
__all__ = [
    "Act",
    "Attachment",
    "Call",
    "CallSample",
    "Card",
    "Classification",
    "DutyListRow",
    "Example",
    "FollowUp",
    "Mailed",
    "Matter",
    "Membership",
    "Message",
    "MoreTime",
    "OpenRequest",
    "Part",
    "Platform",
    "Precedent",
    "Recusal",
    "Reminder",
    "Reply",
    "Return",
    "SealKeeper",
    "SealOpening",
    "SealedIdentity",
    "Supervision",
    "Ticket",
]

_OPEN = ~Q(state=TicketState.CLOSED)


class Ticket(models.Model):
    """One contact of one person, from whatever channel; the row holds all that decides what may be done next.

    Two clocks run while it is open: the step's (``step_due_at``) and, until there is an answer, the whole time
    (``due_at``). ``harm_at`` is the earlier one: the sweep walks by it.
    """

    # Set by rows.py when it reads a ticket, no columns: whether whoever acts is recused, and what the row held.
    is_recused: bool
    as_read: dict[str, Any]

    personal_fields: ClassVar[tuple[str, ...]] = (
        "subject",
        "detail",
        "contact_name",
        "contact_phone",
        "contact_email",
        "address",
    )
    keyed_hashes: ClassVar[dict[str, str]] = {"phone_hash": "contact_phone"}
    secret_hashes: ClassVar[tuple[str, ...]] = ("follow_hash",)
    retention: ClassVar[str] = "case+10y"

    public_id = models.UUIDField(unique=True, default=new_public_id, editable=False)
    reference = models.CharField(max_length=24)
    kind = models.CharField(max_length=12, choices=[(one.value, one.value) for one in TicketKind])
    urgency = models.CharField(max_length=10, choices=[(one.value, one.value) for one in Urgency])
    channel = models.CharField(max_length=10, choices=[(one.value, one.value) for one in TicketChannel])
    external_reference = models.CharField(max_length=80, blank=True)
    # The voice. Of a sealed reporter nothing of the person stands here: see SealedIdentity.
    party = models.ForeignKey(
        "people.Party", null=True, on_delete=models.PROTECT, related_name="tickets", db_index=False
    )
    anonymous = models.BooleanField(default=False)
    sealed = models.BooleanField(default=False)
    keep_secret = models.BooleanField(default=False)  # 要求对联系方式保密 (济南 art.16)
    wants_answer = models.BooleanField(default=True)
    contact_name = EncryptedTextField(blank=True, default="")
    contact_phone = EncryptedTextField(blank=True, default="")
    contact_email = EncryptedTextField(blank=True, default="")
    phone_hash = models.CharField(max_length=80, blank=True)
    follow_hash = models.CharField(max_length=64, blank=True)  # of the code by which somebody unnamed follows it
    language = models.CharField(max_length=2, default="zh")
    subject = EncryptedTextField()
    detail = EncryptedTextField()
    # What it hangs on.
    region = models.ForeignKey("places.Region", on_delete=models.PROTECT, related_name="+", db_index=False)
    desk_code = models.CharField(max_length=12)  # the county, else city or province, whose hotline has it
    address = EncryptedTextField(blank=True, default="")
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    item_key = models.CharField(max_length=80, blank=True)
    case = models.ForeignKey("cases.Case", null=True, on_delete=models.PROTECT, related_name="tickets", db_index=False)
    accused = models.ForeignKey(
        "places.Organisation", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    accused_staff = models.ForeignKey(
        "people.Staff", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    category = models.CharField(max_length=60, blank=True)
    # Where it stands (rules.tickets.Standing).
    state = models.CharField(max_length=12, choices=[(one.value, one.value) for one in TicketState])
    organisation = models.ForeignKey(
        "places.Organisation", null=True, on_delete=models.PROTECT, related_name="tickets", db_index=False
    )
    returned_by = ArrayField(models.BigIntegerField(), default=list)
    bound = models.BooleanField(default=False)
    extensions = ArrayField(models.CharField(max_length=10), default=list)
    asked = models.CharField(max_length=10, blank=True)
    rehandlings = models.PositiveSmallIntegerField(default=0)
    level = models.PositiveSmallIntegerField(default=0)
    leader = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="followers", db_index=False)
    matter = models.ForeignKey(
        "tickets.Matter", null=True, on_delete=models.PROTECT, related_name="tickets", db_index=False
    )
    ending = models.CharField(max_length=20, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    received_at = models.DateTimeField()
    dispatched_at = models.DateTimeField(null=True)  # to the unit that has it now
    contacted_at = models.DateTimeField(null=True)
    replied_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField()
    amber_at = models.DateTimeField()
    handle_due_at = models.DateTimeField(null=True)
    handle_amber_at = models.DateTimeField(null=True)
    step_due_at = models.DateTimeField(null=True)
    step_amber_at = models.DateTimeField(null=True)
    harm_at = models.DateTimeField(null=True)
    filed_by = models.CharField(max_length=80)
    idempotency_key = models.CharField(max_length=120, null=True)  # noqa: DJ001 — NULL: no key was given
    emptied_at = models.DateTimeField(null=True)

    class Meta:
        # Every index is paid for by each act: none is made that no list or look-up uses.
        constraints = [
            models.UniqueConstraint(fields=["reference"], name="ticket_reference_once"),
            models.UniqueConstraint(
                fields=["idempotency_key"], condition=Q(idempotency_key__isnull=False), name="ticket_filed_once"
            ),
            models.CheckConstraint(
                condition=Q(state=TicketState.CLOSED, closed_at__isnull=False) & ~Q(ending="")
                | (_OPEN & Q(closed_at=None, ending="")),
                name="ticket_closed_with_an_ending",
                violation_error_message="办结须有时间和方式。 A closed ticket has a moment and an ending.",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[TicketState.DISPATCHED, TicketState.HANDLING]) | Q(organisation__isnull=False),
                name="ticket_one_responsible_unit",
                violation_error_message="派出的工单须有承办单位。 A dispatched ticket has a responsible unit.",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[TicketState.CLOSED, TicketState.MERGED], step_due_at=None)
                | (~Q(state__in=[TicketState.CLOSED, TicketState.MERGED]) & Q(step_due_at__isnull=False)),
                name="ticket_one_running_step_clock",
                violation_error_message="未办结的工单有且只有一个环节时限。 An open ticket has one step clock.",
            ),
            models.CheckConstraint(
                condition=Q(state=TicketState.MERGED, leader__isnull=False)
                | (~Q(state=TicketState.MERGED) & Q(leader=None)),
                name="ticket_merged_has_a_leader",
                violation_error_message="并案工单须有主单。 A merged ticket has one that leads.",
            ),
            models.CheckConstraint(
                condition=Q(accused=None) | Q(organisation=None) | ~Q(organisation=F("accused")),
                name="ticket_never_with_the_accused",
                violation_error_message="不得转给被举报的单位。 A ticket never lies with the organisation it accuses.",
            ),
            models.CheckConstraint(
                condition=Q(sealed=False) | Q(party=None, phone_hash=""),
                name="ticket_sealed_names_nobody",
                violation_error_message="密封举报不得存有身份。 A sealed report names nobody.",
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "state", "step_due_at", "id"], name="ticket_of_unit", condition=_OPEN),
            models.Index(fields=["desk_code", "state", "step_due_at", "id"], name="ticket_of_desk", condition=_OPEN),
            models.Index(fields=["harm_at", "id"], name="ticket_by_harm", condition=_OPEN),
            models.Index(fields=["desk_code", "-id"], name="ticket_of_desk_newest"),
            models.Index(fields=["organisation", "-id"], name="ticket_of_unit_newest"),
            models.Index(fields=["phone_hash", "-id"], name="ticket_of_phone", condition=~Q(phone_hash="")),
            models.Index(fields=["party", "-id"], name="ticket_of_party", condition=Q(party__isnull=False)),
            models.Index(fields=["case"], name="ticket_of_case", condition=Q(case__isnull=False)),
            models.Index(fields=["matter"], name="ticket_of_matter", condition=Q(matter__isnull=False)),
            models.Index(fields=["leader"], name="ticket_of_leader", condition=Q(leader__isnull=False)),
            BrinIndex(fields=["received_at", "due_at", "closed_at"], name="ticket_times", autosummarize=True),
        ]

    def __str__(self) -> str:
        return self.reference


class Act(models.Model):
    """What happened to a ticket, in order, as its people read it; the journal holds the same, sealed."""

    append_only: ClassVar[bool] = True
    relockable: ClassVar[tuple[str, ...]] = ("by_name", "reason")
    personal_fields: ClassVar[tuple[str, ...]] = ("by_name", "reason")
    retention: ClassVar[str] = "case+10y"

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="acts", db_index=False)
    kind = models.CharField(max_length=24)
    side = models.CharField(max_length=8)
    state = models.CharField(max_length=12)  # after the act
    organisation = models.ForeignKey(
        "places.Organisation", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )  # the unit after the act
    by = models.CharField(max_length=80)
    by_name = EncryptedTextField(blank=True, default="")
    acted_at = models.DateTimeField()
    reason = EncryptedTextField(blank=True, default="")

    class Meta:
        indexes = [
            models.Index(fields=["ticket", "id"], name="ticket_act_in_order"),
            BrinIndex(fields=["acted_at"], name="ticket_act_times", autosummarize=True),
        ]

    def __str__(self) -> str:
        return f"{self.ticket_id} {self.kind}"
