"""What is counted against items, the proposals that open by themselves, and the changes suggested for them."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from yici.apps.journal.ids import new_public_id
from yici.rules.signals import SignalKind

_KINDS = [(one.value, one.value) for one in SignalKind]


class SignalTally(models.Model):
    """How many events of a signal an item had in a county in a month, out of how many chances."""

    personal_fields: ClassVar[tuple[str, ...]] = ()
    retention: ClassVar[str] = "permanent"

    kind = models.CharField(max_length=12, choices=_KINDS)
    item_key = models.CharField(max_length=80)
    region_code = models.CharField(max_length=12)
    month = models.DateField()  # its first day
    events = models.PositiveIntegerField()
    of = models.PositiveIntegerField()
    counted_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["month", "kind", "item_key", "region_code"], name="reform_tally_once"),
            models.CheckConstraint(
                condition=models.Q(events__lte=models.F("of")),
                name="reform_tally_share",
                violation_error_message="事件数不能多于机会数。 There are no more events than chances.",
            ),
        ]
        indexes = [models.Index(fields=["item_key", "kind", "month"], name="reform_tally_of_item")]

    def __str__(self) -> str:
        return f"{self.kind} {self.item_key} {self.region_code} {self.month:%Y-%m}"


class Proposal(models.Model):
    """An item that a signal says must be redesigned: opened by the figures, closed by a person with a reason.

    ``regions``: the counties that stand out; ``figures``: every county of that month beside what was to be expected.
    """

    personal_fields: ClassVar[tuple[str, ...]] = ()
    retention: ClassVar[str] = "permanent"

    public_id = models.UUIDField(unique=True, default=new_public_id, editable=False)
    item_key = models.CharField(max_length=80)
    kind = models.CharField(max_length=12, choices=_KINDS)
    organisation_kind = models.CharField(max_length=60)
    name = models.CharField(max_length=4000)
    name_en = models.CharField(max_length=4000)
    month = models.DateField()  # the last month that stood out
    regions = ArrayField(models.CharField(max_length=12))
    figures = models.JSONField()
    opened_at = models.DateTimeField()
    seen_at = models.DateTimeField()  # when the figures were last found so
    amendment = models.ForeignKey("reform.Amendment", null=True, on_delete=models.PROTECT, related_name="proposals")
    closed_at = models.DateTimeField(null=True)
    closed_by = models.CharField(max_length=80, blank=True)
    answer = models.CharField(max_length=1000, blank=True)

    class Meta:
        ordering = ["closed_at", "-month", "item_key", "kind"]
        constraints = [
            models.UniqueConstraint(
                fields=["item_key", "kind"],
                condition=models.Q(closed_at=None),
                name="reform_proposal_one_open",
                violation_error_message="该事项的这类信号已有提案。 A proposal on this signal of the item is open.",
            ),
            models.CheckConstraint(
                condition=models.Q(closed_at=None, closed_by="", answer="")
                | (models.Q(closed_at__isnull=False) & ~models.Q(closed_by="") & ~models.Q(answer="")),
                name="reform_proposal_closed_with_answer",
                violation_error_message="办结提案须写明理由。 Who closes a proposal says why.",
            ),
        ]

    def __str__(self) -> str:
        return f"proposal:{self.public_id}"


class SuggestedChange(models.Model):
    """A change of an item that follows from a rule: proved, weighed and replayed before anybody sees it."""

    personal_fields: ClassVar[tuple[str, ...]] = ()
    retention: ClassVar[str] = "reference"

    public_id = models.UUIDField(unique=True, default=new_public_id, editable=False)
    item_key = models.CharField(max_length=80)
    kind = models.CharField(max_length=20)
    part = models.CharField(max_length=80)
    words = models.CharField(max_length=4000)
    words_en = models.CharField(max_length=4000)
    base_text = models.TextField()
    text = models.TextField()
    verdict = models.CharField(max_length=20)
    gains = models.JSONField()  # [{component, sentence}]: of concrete people, as the ledger writes them
    replay = models.JSONField(null=True)  # before and after on past cases; NULL: there was none
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["item_key", "kind", "part"], name="reform_suggestion_once"),
        ]

    def __str__(self) -> str:
        return f"{self.item_key} {self.kind} {self.part}"
