"""Items and life events with every revision they ever had, and who implements them where."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models.functions import Cast

from yici.apps.catalogue.trial_models import Trial
from yici.apps.journal.ids import new_public_id

# Django looks for the tables of an app in this module.
__all__ = [
    "BasicItem",
    "CatalogueStamp",
    "ExchangeItem",
    "Implementation",
    "ItemRevision",
    "LifeEvent",
    "LifeEventRevision",
    "ListRevision",
    "Revision",
    "SearchEntry",
    "Trial",
]


class BasicItem(models.Model):
    """A government service item, the same in the whole province (基本目录)."""

    personal_fields: ClassVar[tuple[str, ...]] = ()
    retention: ClassVar[str] = "permanent"

    key = models.CharField(max_length=60, unique=True)
    code = models.CharField(max_length=12, unique=True)
    name = models.CharField(max_length=4000)
    name_en = models.CharField(max_length=4000)

    class Meta:
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(code__regex=r"^\d{12}$"),
                name="catalogue_basic_code_has_12_digits",
                violation_error_message="基本编码应为12位数字。 A basic item code has 12 digits.",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Revision(models.Model):
    """One document for ever: its canonical text is what was hashed, and what ``document`` is made from."""

    number = models.PositiveIntegerField()
    document_text = models.TextField()
    document = models.GeneratedField(
        expression=Cast("document_text", models.JSONField()), output_field=models.JSONField(), db_persist=True
    )
    sha256 = models.BinaryField(max_length=32)
    valid_from = models.DateField()
    published_at = models.DateTimeField()

    class Meta:
        abstract = True


class ItemRevision(Revision):
    """One revision of an item; ``variant`` is the code of the region that differs, or empty for the province."""

    personal_fields: ClassVar[tuple[str, ...]] = ()
    retention: ClassVar[str] = "permanent"
    append_only: ClassVar[bool] = True

    basic = models.ForeignKey(BasicItem, on_delete=models.PROTECT, related_name="revisions")
    variant = models.CharField(max_length=12, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["basic", "variant", "number"],
                name="catalogue_item_revision_number_once",
                violation_error_message="该事项已有这一版本号。 This item already has a revision with this number.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.basic_id} {self.variant or 'province'} {self.number}"


class LifeEvent(models.Model):
    """Several items a person needs together (一件事)."""

    personal_fields: ClassVar[tuple[str, ...]] = ()
    retention: ClassVar[str] = "permanent"

    key = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=4000)
    name_en = models.CharField(max_length=4000)

    class Meta:
        ordering = ["key"]

    def __str__(self) -> str:
        return self.name


class LifeEventRevision(Revision):
    """One revision of a life event."""

    personal_fields: ClassVar[tuple[str, ...]] = ()
    retention: ClassVar[str] = "permanent"
    append_only: ClassVar[bool] = True

    event = models.ForeignKey(LifeEvent, on_delete=models.PROTECT, related_name="revisions")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["event", "number"],
                name="catalogue_event_revision_number_once",
                violation_error_message="该一件事已有这一版本号。 This life event has a revision with this number.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event_id} {self.number}"


class ListRevision(Revision):
    """One revision of a list all items share (data elements, datasets …), or of one region's local differences."""

    personal_fields: ClassVar[tuple[str, ...]] = ()
    retention: ClassVar[str] = "permanent"
    append_only: ClassVar[bool] = True

    kind = models.CharField(max_length=20)
    region_code = models.CharField(max_length=12, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "region_code", "number"],
                name="catalogue_list_revision_number_once",
                violation_error_message="该清单已有这一版本号。 This list already has a revision with this number.",
            ),
            models.CheckConstraint(
                condition=models.Q(kind="local", region_code__regex=r"^\d{12}$")
                | models.Q(kind__in=["elements", "datasets", "organisations", "licence_types"], region_code=""),
                name="catalogue_list_revision_kind_known",
                violation_error_message="清单种类不对。 There is no such kind of list.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.region_code} {self.number}".replace("  ", " ")


class Implementation(models.Model):
    """An item as one organisation in one region carries it out (实施清单). ``revision`` is the one now in force."""

    personal_fields: ClassVar[tuple[str, ...]] = ()
    retention: ClassVar[str] = "permanent"

    public_id = models.UUIDField(unique=True, default=new_public_id, editable=False)
    basic = models.ForeignKey(BasicItem, on_delete=models.PROTECT, related_name="implementations")
    organisation = models.ForeignKey("places.Organisation", on_delete=models.PROTECT, related_name="+")
    region = models.ForeignKey("places.Region", on_delete=models.PROTECT, related_name="+")
    code31 = models.CharField(max_length=31, unique=True)
    revision = models.ForeignKey(ItemRevision, on_delete=models.PROTECT, related_name="+")
    active = models.BooleanField(default=True)

    class Meta:
        ordering = ["code31"]
        constraints = [
            models.UniqueConstraint(
                fields=["basic", "region"],
                name="catalogue_implementation_once_a_region",
                violation_error_message="该区划已实施此事项。 This region implements this item already.",
            ),
        ]

    def __str__(self) -> str:
        return self.code31


class ExchangeItem(models.Model):
    """One row of a national exchange table: a name and codes as another system knows them."""

    personal_fields: ClassVar[tuple[str, ...]] = ()
    retention: ClassVar[str] = "until replaced"

    # One item of one table: its implementation code, else its basic code and name.
    identity = models.CharField(max_length=400, unique=True)
    name = models.CharField(max_length=300)
    main_item = models.CharField(max_length=300, blank=True)
    catalog_code = models.CharField(max_length=20)
    task_code = models.CharField(max_length=80, blank=True)
    task_type = models.CharField(max_length=2, blank=True)
    department = models.CharField(max_length=120, blank=True)
    department_code = models.CharField(max_length=40, blank=True)
    area_code = models.CharField(max_length=12, blank=True)
    basic = models.ForeignKey(BasicItem, null=True, on_delete=models.SET_NULL, related_name="exchange_items")
    imported_at = models.DateTimeField()

    class Meta:
        ordering = ["identity"]

    def __str__(self) -> str:
        return self.name


class SearchEntry(models.Model):
    """What one life event, item or exchange row can be found by. Made anew from the catalogue at each import."""

    personal_fields: ClassVar[tuple[str, ...]] = ()
    retention: ClassVar[str] = "until replaced"

    kind = models.CharField(max_length=8)
    key = models.CharField(max_length=400)
    name = models.CharField(max_length=4000)
    name_en = models.CharField(max_length=4000)
    summary = models.TextField(blank=True)
    summary_en = models.TextField(blank=True)
    area_code = models.CharField(max_length=12, blank=True)
    # Every name and everyday word, cleaned for comparison; the first is the name itself.
    phrases = ArrayField(models.TextField())
    # Single characters and pairs of the phrases, and the beginnings of their pinyin and initials.
    grams = ArrayField(models.CharField(max_length=40))
    # Phrases and their pinyin in one text: what word similarity looks at when nothing matches exactly.
    words = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "key"],
                name="catalogue_search_entry_once",
                violation_error_message="检索条目重复。 This can be found already.",
            ),
        ]
        indexes = [
            GinIndex(fields=["grams"], name="catalogue_search_grams"),
            GinIndex(OpClass("words", name="gin_trgm_ops"), name="catalogue_search_words"),
        ]

    def __str__(self) -> str:
        return self.name


class CatalogueStamp(models.Model):
    """One row that changes whenever the catalogue does; processes compare it with what they hold in memory.

    Never a counter: a number taken again after a rollback would name two different catalogues.
    """

    personal_fields: ClassVar[tuple[str, ...]] = ()
    retention: ClassVar[str] = "until replaced"

    id = models.SmallIntegerField(primary_key=True, default=1)
    value = models.UUIDField(default=new_public_id)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(id=1),
                name="catalogue_stamp_is_one_row",
                violation_error_message="只有一行。 There is one row only.",
            ),
        ]

    def __str__(self) -> str:
        return str(self.value)
