"""Suggestions of an easier way: made to whom, refused by whom, and how many led anywhere."""

from typing import ClassVar

from django.db import models

from yici.apps.journal.ids import new_public_id
from yici.rules.nudges import Moment, NudgeAnswer, NudgeKind

_KINDS = [(one.value, one.value) for one in NudgeKind]
_MOMENTS = [(one.value, one.value) for one in Moment]


class Nudge(models.Model):
    """One suggestion made to a person: of a kind and need once, until the row ends."""

    personal_fields: ClassVar[tuple[str, ...]] = ()
    retention: ClassVar[str] = "log+6m"

    public_id = models.UUIDField(unique=True, default=new_public_id, editable=False)
    party = models.ForeignKey("people.Party", on_delete=models.CASCADE, related_name="nudges")
    kind = models.CharField(max_length=12, choices=_KINDS)
    moment = models.CharField(max_length=12, choices=_MOMENTS)
    event_key = models.CharField(max_length=80)
    region_code = models.CharField(max_length=12)
    shown_at = models.DateTimeField()
    answer = models.CharField(max_length=10, blank=True, choices=[(one.value, one.value) for one in NudgeAnswer])
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["party", "kind", "event_key"], name="planning_nudge_once"),
            models.CheckConstraint(
                condition=models.Q(answer="", answered_at=None)
                | (~models.Q(answer="") & models.Q(answered_at__isnull=False)),
                name="planning_nudge_answered_whole",
                violation_error_message="答复应写明时间。 An answer has its moment.",
            ),
        ]
        indexes = [models.Index(fields=["shown_at"], name="planning_nudge_shown")]

    def __str__(self) -> str:
        return f"nudge:{self.public_id}"


class NudgeRefusal(models.Model):
    """A person who does not want suggestions, anywhere; taken back on the account page."""

    personal_fields: ClassVar[tuple[str, ...]] = ()
    retention: ClassVar[str] = "party"

    party = models.OneToOneField("people.Party", on_delete=models.CASCADE, related_name="nudge_refusal")
    refused_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"refusal of party {self.party_id}"


class NudgeTally(models.Model):
    """How often a kind was suggested in a county in a month, followed, declined, and refused for good; nobody is named.

    ``month``: of the suggestion, also for an answer in the next. Those refused are among the declined.
    """

    personal_fields: ClassVar[tuple[str, ...]] = ()
    retention: ClassVar[str] = "permanent"

    month = models.DateField()  # its first day
    kind = models.CharField(max_length=12, choices=_KINDS)
    moment = models.CharField(max_length=12, choices=_MOMENTS)
    region_code = models.CharField(max_length=12)  # the county
    shown = models.PositiveIntegerField(default=0)
    followed = models.PositiveIntegerField(default=0)
    declined = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["month", "kind", "moment", "region_code"], name="planning_nudge_tally_once"
            ),
            models.CheckConstraint(
                condition=models.Q(shown__gte=models.F("followed") + models.F("declined"))
                & models.Q(declined__gte=models.F("refused")),
                name="planning_nudge_tally_shares",
                violation_error_message="答复不能多于提示。 There are no more answers than suggestions.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.moment} {self.region_code} {self.month:%Y-%m}"
