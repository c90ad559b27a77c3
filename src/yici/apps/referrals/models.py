"""Referrals with all that was done to them, whose voices began them, and what deputies' stations filed."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from yici.apps.journal.ids import new_public_id
from yici.apps.people.encryption import EncryptedTextField
from yici.rules.levels import Level
from yici.rules.referral_course import Limit, ReferralAct, ReferralState
from yici.rules.referrals import Body, Path, ReferralKind

_DRAFTED = Q(state=ReferralState.DRAFTED)
_UNSENT = Q(begun_on=None, due_on=None, limit="")


def _among(
    words: type[ReferralKind | ReferralState | Body | Limit | Path | ReferralAct | Level],
) -> list[tuple[str, str]]:
    return [(one.value, one.value) for one in words]


class Referral(models.Model):
    """A rule that the locality cannot change, put before who can, under a clock (rules.referral_course).

    Its texts are written by offices for the public: they name no person. ``seat``: the place of the body that can
    change it, NULL for the centre. ``desk``: whose register it is in.
    """

    personal_fields: ClassVar[tuple[str, ...]] = ()
    retention: ClassVar[str] = "permanent"

    public_id = models.UUIDField(unique=True, default=new_public_id, editable=False)
    kind = models.CharField(max_length=20, choices=_among(ReferralKind))
    origin_kind = models.CharField(max_length=12)  # topic, proposal or station
    origin_id = models.CharField(max_length=60)
    title = models.CharField(max_length=300)
    title_en = models.CharField(max_length=400)
    region = models.ForeignKey("places.Region", on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey("places.Organisation", on_delete=models.PROTECT, related_name="+")
    item_key = models.CharField(max_length=80, blank=True)
    requirement_key = models.CharField(max_length=80, blank=True)
    law = models.CharField(max_length=300)
    law_en = models.CharField(max_length=400, blank=True)
    article = models.CharField(max_length=120)
    level = models.CharField(max_length=30, choices=_among(Level))
    body = models.CharField(max_length=20, choices=_among(Body))
    seat = models.ForeignKey("places.Region", null=True, on_delete=models.PROTECT, related_name="+")
    desk = models.ForeignKey("places.Region", on_delete=models.PROTECT, related_name="+")
    problem = models.TextField()
    wording = models.TextField(blank=True)
    against = models.TextField(blank=True)
    path = models.CharField(max_length=12, choices=_among(Path), blank=True)
    evidence = models.JSONField(default=list)  # [{words: {zh, en}, value, source: {zh, en}, as_of}]
    state = models.CharField(max_length=12, choices=_among(ReferralState), default=ReferralState.DRAFTED)
    docket = models.CharField(max_length=60, blank=True)
    begun_on = models.DateField(null=True)
    limit = models.CharField(max_length=24, choices=_among(Limit), blank=True)
    due_on = models.DateField(null=True)
    redone = models.BooleanField(default=False)
    committee = models.CharField(max_length=60, blank=True)
    unit = models.ForeignKey("places.Organisation", null=True, on_delete=models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField()
    drafted_by = models.CharField(max_length=80)
    answered_at = models.DateTimeField(null=True)  # the last answer
    answered_in_time = models.BooleanField(null=True)  # of the first answer
    amendment = models.ForeignKey("reform.Amendment", null=True, on_delete=models.PROTECT, related_name="referrals")
    grant = models.ForeignKey("registry.Grant", null=True, on_delete=models.PROTECT, related_name="referrals")
    followed_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-drafted_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["desk", "docket"],
                condition=~Q(docket=""),
                name="referral_docket_once",
                violation_error_message="该编号已使用。 This docket number is taken.",
            ),
            models.UniqueConstraint(
                fields=["origin_kind", "origin_id", "law", "article", "kind", "desk"],
                condition=~Q(state=ReferralState.CLOSED),
                name="referral_one_open",
                violation_error_message="这件事已在移送中。 The same is being referred already.",
            ),
            models.CheckConstraint(
                condition=(_DRAFTED & _UNSENT)
                | (~_DRAFTED & Q(begun_on__isnull=False, due_on__isnull=False) & ~Q(limit=""))
                | (Q(state=ReferralState.CLOSED) & _UNSENT),
                name="referral_one_clock",
                violation_error_message="送出的移送有且只有一个时限。 A referral that was sent has one clock.",
            ),
            models.CheckConstraint(
                condition=Q(amendment=None) | Q(grant=None),
                name="referral_one_link",
                violation_error_message="只关联一项落实。 One thing carries it out.",
            ),
            models.CheckConstraint(
                condition=~Q(state=ReferralState.FOLLOWED) | Q(followed_at__isnull=False),
                name="referral_followed_when",
                violation_error_message="落实须有时间。 What was followed through has a moment.",
            ),
            models.CheckConstraint(
                condition=Q(state=ReferralState.CLOSED, closed_at__isnull=False)
                | (~Q(state=ReferralState.CLOSED) & Q(closed_at=None)),
                name="referral_closed_when",
                violation_error_message="办结须有时间。 What is closed has a moment.",
            ),
        ]
        indexes = [models.Index(fields=["desk", "state", "due_on"], name="referral_of_desk")]

    def __str__(self) -> str:
        return f"referral:{self.public_id}"


class ReferralStep(models.Model):
    """One thing done to a referral, for ever: who, when, in which words; an answer names the article it changes."""

    personal_fields: ClassVar[tuple[str, ...]] = ()
    retention: ClassVar[str] = "permanent"
    append_only: ClassVar[bool] = True

    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="history")
    act = models.CharField(max_length=12, choices=_among(ReferralAct))
    done_at = models.DateTimeField()
    done_by = models.CharField(max_length=80)
    office = models.CharField(max_length=120, blank=True)  # of whoever did it, as it was called then
    office_en = models.CharField(max_length=200, blank=True)
    words = models.TextField(blank=True)
    article = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.referral_id} {self.act}"


class ReferralVoice(models.Model):
    """A ticket that began a referral: its person is told when the rule has changed, and by mail where that came so.

    ``visits_before`` and ``visits_after`` are the planner's, written down on the day it was told.
    """

    personal_fields: ClassVar[tuple[str, ...]] = ()
    retention: ClassVar[str] = "permanent"

    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="voices")
    ticket = models.ForeignKey("tickets.Ticket", on_delete=models.PROTECT, related_name="+")
    visits_before = models.PositiveSmallIntegerField(null=True)
    visits_after = models.PositiveSmallIntegerField(null=True)
    in_force_on = models.DateField(null=True)
    told_at = models.DateTimeField(null=True)
    mailed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["referral", "ticket"], name="referral_voice_once"),
            models.CheckConstraint(
                condition=Q(told_at=None, in_force_on=None) | Q(told_at__isnull=False, in_force_on__isnull=False),
                name="referral_voice_told_whole",
                violation_error_message="告知须有施行日期。 Who is told learns since when it holds.",
            ),
        ]
        indexes = [models.Index(fields=["ticket"], name="referral_of_ticket")]

    def __str__(self) -> str:
        return f"{self.referral_id} {self.ticket_id}"


class DeputySubmission(models.Model):
    """What a deputies' station (代表联络站) collected of voters: becomes a referral, or is attached to one."""

    personal_fields: ClassVar[tuple[str, ...]] = ("detail", "deputy")
    retention: ClassVar[str] = "case+10y"

    public_id = models.UUIDField(unique=True, default=new_public_id, editable=False)
    region = models.ForeignKey("places.Region", on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey("places.Organisation", on_delete=models.PROTECT, related_name="+")
    deputy = EncryptedTextField()
    subject = models.CharField(max_length=120)
    detail = EncryptedTextField()
    item_key = models.CharField(max_length=80, blank=True)
    voices = models.PositiveIntegerField()
    collected_on = models.DateField()
    filed_at = models.DateTimeField()
    filed_by = models.CharField(max_length=80)
    referral = models.ForeignKey(Referral, null=True, on_delete=models.PROTECT, related_name="submissions")
    emptied_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(voices__gte=1),
                name="referral_submission_has_voices",
                violation_error_message="至少一位群众。 At least one voter said it.",
            ),
        ]

    def __str__(self) -> str:
        return f"submission:{self.public_id}"
