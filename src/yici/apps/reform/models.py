"""Proposed revisions with whom they hurt, on what law, who approved, what the public said; and what was published."""

from typing import ClassVar

from django.db import models

from yici.apps.journal.ids import new_public_id
from yici.apps.reform.history_models import ProcessHistory
from yici.apps.reform.pilot_models import Pilot
from yici.apps.reform.proposal_models import Proposal, SignalTally, SuggestedChange
from yici.rules.amendments import PROVINCE, Stage
from yici.rules.burden import Component
from yici.rules.levels import Level

# Django looks for the tables of an app in this module.
__all__ = [
    "Amendment",
    "Approval",
    "Comment",
    "Effect",
    "ExceptionItem",
    "FixedField",
    "LawReference",
    "LedgerEntry",
    "Pilot",
    "ProcessHistory",
    "Proposal",
    "SignalTally",
    "SuggestedChange",
]
_LEVELS = [(one.value, one.value) for one in Level]
_BY_THE_PROVINCE = models.Q(region_code=PROVINCE)


class LawReference(models.Model):
    """One article of a law that somebody has read: only these may carry a loss."""

    personal_fields: ClassVar[tuple[str, ...]] = ()
    retention: ClassVar[str] = "permanent"
    append_only: ClassVar[bool] = True

    public_id = models.UUIDField(unique=True, default=new_public_id, editable=False)
    title = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200)
    article = models.CharField(max_length=60)
    level = models.CharField(max_length=30, choices=_LEVELS)
    source = models.CharField(max_length=300)
    region_code = models.CharField(max_length=12, default=PROVINCE)
    registered_at = models.DateTimeField()
    registered_by = models.CharField(max_length=80)

    class Meta:
        ordering = ["title", "article"]
        constraints = [
            models.UniqueConstraint(
                fields=["title", "article"],
                name="reform_reference_once",
                violation_error_message="该条已登记。 This article is registered already.",
            ),
            models.CheckConstraint(
                condition=models.Q(level__in=[one.value for one in Level if one is not Level.NONE]) & _BY_THE_PROVINCE,
                name="reform_reference_of_a_known_level",
                violation_error_message="法律依据由省级登记并有层级。 The province registers laws, with their level.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.article}"


class FixedField(models.Model):
    """A field of an item that the province fixes for all places."""

    personal_fields: ClassVar[tuple[str, ...]] = ()
    retention: ClassVar[str] = "reference"

    item_key = models.CharField(max_length=60)
    field = models.CharField(max_length=40)
    region_code = models.CharField(max_length=12)
    fixed_at = models.DateTimeField()
    fixed_by = models.CharField(max_length=80)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["item_key", "field"],
                name="reform_field_fixed_once",
                violation_error_message="已经固定。 It is fixed already.",
            ),
            models.CheckConstraint(
                condition=_BY_THE_PROVINCE,
                name="reform_only_the_province_fixes",
                violation_error_message="只有省级可以固定全省统一的内容。 Only the province fixes it.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item_key}.{self.field}"


class ExceptionItem(models.Model):
    """An item that by law cannot be done in one visit (规定 art. 4: the province alone lists them)."""

    personal_fields: ClassVar[tuple[str, ...]] = ()
    retention: ClassVar[str] = "permanent"
    append_only: ClassVar[bool] = True

    item_key = models.CharField(max_length=60, unique=True)
    reference = models.ForeignKey(LawReference, on_delete=models.PROTECT, related_name="+")
    region_code = models.CharField(max_length=12)
    listed_at = models.DateTimeField()
    listed_by = models.CharField(max_length=80)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=_BY_THE_PROVINCE,
                name="reform_only_the_province_excepts",
                violation_error_message="例外事项只由省政府公布。 Only the province lists exceptions.",
            ),
        ]

    def __str__(self) -> str:
        return self.item_key


class Amendment(models.Model):
    """A proposed revision of an item: ``region_code`` is empty for the province-wide document.

    From the comment period on its text never changes: what the public read is what is published.
    """

    personal_fields: ClassVar[tuple[str, ...]] = ()
    retention: ClassVar[str] = "permanent"

    public_id = models.UUIDField(unique=True, default=new_public_id, editable=False)
    item_key = models.CharField(max_length=60)
    name = models.CharField(max_length=4000)
    name_en = models.CharField(max_length=4000)
    region_code = models.CharField(max_length=12, blank=True)
    organisation = models.ForeignKey("places.Organisation", on_delete=models.PROTECT, related_name="+")
    base_text = models.TextField()
    text = models.TextField()
    reason = models.TextField()
    stage = models.CharField(max_length=12, choices=[(one.value, one.value) for one in Stage], default=Stage.DRAFT)
    proposed_at = models.DateTimeField()
    proposed_by = models.CharField(max_length=80)
    is_breach = models.BooleanField(default=False)
    is_undecided = models.BooleanField(default=False)
    needs_province = models.BooleanField(default=True)
    wordings = models.JSONField(default=list)  # what is merely said in other words, old and new
    notice_from = models.DateField(null=True)
    notice_until = models.DateField(null=True)
    published_at = models.DateTimeField(null=True)
    published_by = models.CharField(max_length=80, blank=True)
    in_force_on = models.DateField(null=True)

    class Meta:
        ordering = ["-proposed_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["item_key", "region_code"],
                condition=models.Q(stage=Stage.PUBLISHED),
                name="reform_amendment_one_waits",
                violation_error_message="该事项另有一个版本待施行。 Another revision of this item waits for its day.",
            ),
            models.CheckConstraint(
                condition=models.Q(stage__in=[one.value for one in Stage]),
                name="reform_amendment_stage_known",
                violation_error_message="没有这个阶段。 There is no such stage.",
            ),
            models.CheckConstraint(
                condition=models.Q(published_at__isnull=True, published_by="", in_force_on__isnull=True)
                | (models.Q(published_at__isnull=False, in_force_on__isnull=False) & ~models.Q(published_by="")),
                name="reform_amendment_published_by_somebody",
                violation_error_message="公布须记录时间、施行日期和公布人。 A publication names who and when.",
            ),
        ]

    def __str__(self) -> str:
        return f"amendment of {self.item_key}"

    @property
    def stage_now(self) -> Stage:
        """The stage, with its words."""
        return Stage(self.stage)


class Effect(models.Model):
    """A concrete person for whom a proposed revision changes one component, for worse or for better."""

    personal_fields: ClassVar[tuple[str, ...]] = ()
    retention: ClassVar[str] = "permanent"

    amendment = models.ForeignKey(Amendment, on_delete=models.PROTECT, related_name="effects")
    is_loss = models.BooleanField()
    need = models.CharField(max_length=60)
    component = models.CharField(max_length=30, choices=[(one.value, one.value) for one in Component])
    old = models.JSONField(null=True)
    new = models.JSONField(null=True)
    answers = models.JSONField()
    sentence = models.TextField()
    sentence_en = models.TextField()
    least_level = models.CharField(max_length=30, choices=_LEVELS)
    reference = models.ForeignKey(LawReference, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["amendment", "is_loss", "need", "component"],
                name="reform_effect_once",
                violation_error_message="该影响已列出。 This effect is listed already.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.need}.{self.component}"


class Approval(models.Model):
    """The reform office's consent to a revision by which somebody loses; never by who proposed it."""

    personal_fields: ClassVar[tuple[str, ...]] = ()
    retention: ClassVar[str] = "permanent"
    append_only: ClassVar[bool] = True

    amendment = models.ForeignKey(Amendment, on_delete=models.PROTECT, related_name="approvals")
    region_code = models.CharField(max_length=12)
    approved_at = models.DateTimeField()
    approved_by = models.CharField(max_length=80)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["amendment", "approved_by"],
                name="reform_approval_once",
                violation_error_message="您已批准。 You approved it already.",
            ),
        ]

    def __str__(self) -> str:
        return f"approval of {self.amendment_id}"


class Comment(models.Model):
    """What the public says about a revision, published as written, and the answer. It names nobody.

    ``counted_in``: the county where an identified person is registered, by which his first comment on the amendment
    counts as a signal; never published beside the comment.
    """

    personal_fields: ClassVar[tuple[str, ...]] = ()
    retention: ClassVar[str] = "permanent"

    public_id = models.UUIDField(unique=True, default=new_public_id, editable=False)
    amendment = models.ForeignKey(Amendment, on_delete=models.PROTECT, related_name="comments")
    text = models.TextField()
    made_at = models.DateTimeField()
    counted_in = models.CharField(max_length=12, blank=True)
    answer = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.CharField(max_length=80, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(answered_at__isnull=True, answer="", answered_by="")
                | (models.Q(answered_at__isnull=False) & ~models.Q(answer="") & ~models.Q(answered_by="")),
                name="reform_comment_answered_by_somebody",
                violation_error_message="答复须记录内容、时间和答复人。 An answer names what, when and who.",
            ),
        ]

    def __str__(self) -> str:
        return f"comment {self.pk}"


class LedgerEntry(models.Model):
    """One line of the public ledger of changes: what changed, who gains and loses, on what basis."""

    personal_fields: ClassVar[tuple[str, ...]] = ()
    retention: ClassVar[str] = "permanent"
    append_only: ClassVar[bool] = True

    public_id = models.UUIDField(unique=True, default=new_public_id, editable=False)
    amendment = models.OneToOneField(Amendment, on_delete=models.PROTECT, related_name="entry")
    published_at = models.DateTimeField()
    in_force_on = models.DateField()
    # Written out, so that the line reads the same whatever becomes of the rows it was made from.
    losses = models.JSONField()
    gains = models.JSONField()
    wordings = models.JSONField(default=list)

    class Meta:
        ordering = ["-published_at", "-pk"]

    def __str__(self) -> str:
        return f"ledger {self.pk}"
