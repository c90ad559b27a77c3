"""Articles with their editions and uses, and the questions that became work."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from yici.apps.journal.ids import new_public_id
from yici.apps.people.encryption import EncryptedTextField
from yici.rules.knowledge import EditionState, UseWay


class Article(models.Model):
    """One answer of one place. Of several with the same key the one of the nearest place speaks.

    ``grams`` are the character pairs of the approved edition, by which it is found.
    """

    personal_fields: ClassVar[tuple[str, ...]] = ()
    retention: ClassVar[str] = "reference"

    public_id = models.UUIDField(unique=True, default=new_public_id, editable=False)
    key = models.SlugField(max_length=60, db_index=False)
    region = models.ForeignKey("places.Region", on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey("places.Organisation", on_delete=models.PROTECT, related_name="articles")
    current = models.ForeignKey("knowledge.Edition", null=True, on_delete=models.PROTECT, related_name="+")
    items = ArrayField(models.CharField(max_length=80), default=list)
    grams = ArrayField(models.TextField(), default=list)
    due_on = models.DateField(null=True)  # last day for its review
    expires_on = models.DateField(null=True)  # last day on which it is offered
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key", "region"], name="knowledge_article_once_in_a_place"),
            models.CheckConstraint(
                condition=Q(current=None) | Q(due_on__isnull=False, expires_on__gte=models.F("due_on")),
                name="knowledge_article_has_its_days",
                violation_error_message="知识条目须有复核日期。 An article has a day for its review.",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawn_by="") | (Q(withdrawn_at__isnull=False) & ~Q(withdrawn_by="")),
                name="knowledge_article_withdrawn_by_somebody",
                violation_error_message="撤下须有人和时间。 A withdrawal names who and when.",
            ),
        ]
        indexes = [
            GinIndex(fields=["grams"], name="knowledge_article_grams"),
            models.Index(fields=["organisation", "due_on"], name="knowledge_article_of_owner"),
        ]

    def __str__(self) -> str:
        return f"{self.key}@{self.region_id}"


class Edition(models.Model):
    """One wording of an article: written by one person, decided by another, never changed afterwards."""

    personal_fields: ClassVar[tuple[str, ...]] = ()
    retention: ClassVar[str] = "reference"

    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="editions", db_index=False)
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=120)
    title_en = models.CharField(max_length=120, blank=True)
    body = models.TextField()
    body_en = models.TextField(blank=True)
    phrasings = ArrayField(models.CharField(max_length=120), default=list)
    items = ArrayField(models.CharField(max_length=80), default=list)
    change = models.CharField(max_length=300, blank=True)
    state = models.CharField(max_length=10, choices=[(one.value, one.value) for one in EditionState])
    written_at = models.DateTimeField()
    written_by = models.CharField(max_length=80)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=80, blank=True)
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["article", "number"], name="knowledge_edition_number"),
            models.UniqueConstraint(
                fields=["article"], condition=Q(state=EditionState.WAITING), name="knowledge_edition_one_waits"
            ),
            models.CheckConstraint(
                condition=~Q(state=EditionState.APPROVED) | (~Q(decided_by="") & ~Q(decided_by=models.F("written_by"))),
                name="knowledge_edition_second_person",
                violation_error_message="须由另一人审核。 A second person approves an edition.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.article_id} {self.number}"


class Use(models.Model):
    """One time an article answered, or did not help; it names nobody."""

    personal_fields: ClassVar[tuple[str, ...]] = ()
    retention: ClassVar[str] = "reference"

    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="uses", db_index=False)
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="+", db_index=False)
    way = models.CharField(max_length=8, choices=[(one.value, one.value) for one in UseWay])
    helped = models.BooleanField()
    region_code = models.CharField(max_length=12)
    ticket_reference = models.CharField(max_length=24, blank=True)
    used_on = models.DateField()

    class Meta:
        indexes = [
            models.Index(fields=["article", "used_on"], name="knowledge_use_of_article"),
            models.Index(
                fields=["ticket_reference"], name="knowledge_use_of_ticket", condition=~Q(ticket_reference="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.article_id} {self.way}"


class Question(models.Model):
    """A question without an article: work of the organisation that should know, under a clock.

    ``times`` counts those who asked the same while it was open. It ends with an article or a reasoned refusal.
    """

    personal_fields: ClassVar[tuple[str, ...]] = ("text",)
    retention: ClassVar[str] = "request+3y"

    public_id = models.UUIDField(unique=True, default=new_public_id, editable=False)
    organisation = models.ForeignKey("places.Organisation", on_delete=models.PROTECT, related_name="+", db_index=False)
    region = models.ForeignKey("places.Region", on_delete=models.PROTECT, related_name="+", db_index=False)
    item_key = models.CharField(max_length=80, blank=True)
    text = EncryptedTextField()
    ticket_reference = models.CharField(max_length=24)
    times = models.PositiveIntegerField(default=1)
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField()
    amber_at = models.DateTimeField()
    article = models.ForeignKey(Article, null=True, on_delete=models.PROTECT, related_name="questions")
    refusal = models.CharField(max_length=300, blank=True)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.CharField(max_length=80, blank=True)
    emptied_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(settled_at=None) | Q(article__isnull=False) | ~Q(refusal=""),
                name="knowledge_question_ends_with_something",
                violation_error_message="须以知识条目或书面理由办结。 A question ends with an article or a reason.",
            ),
        ]
        indexes = [
            models.Index(
                fields=["organisation", "due_at"], name="knowledge_question_open", condition=Q(settled_at=None)
            ),
            models.Index(fields=["due_at", "id"], name="knowledge_question_by_due", condition=Q(settled_at=None)),
        ]

    def __str__(self) -> str:
        return str(self.public_id)
