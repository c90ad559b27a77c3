"""Where things are: regions, the organisations in them, halls with their windows, and the calendar of the law."""

from typing import ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import OpClass
from django.db import models
from django.db.models.functions import Concat

from yici.apps.journal.ids import new_public_id
from yici.rules.codes import CannotReadRegionCode, parse_region_code
from yici.rules.periods import Unit
from yici.rules.refusals import Refusal


class CannotFindPlace(Refusal):
    """A region, organisation or hall that is not in the list."""


class RegionQuerySet(models.QuerySet["Region"]):
    """Regions by code and by what they contain."""

    def at(self, code: str) -> "Region":
        """Return the region with this code; two, four, six or nine digits are filled up. Raises CannotFindPlace."""
        try:
            full = parse_region_code(code).text
        except CannotReadRegionCode as refusal:
            raise CannotFindPlace(zh=refusal.text("zh"), en=refusal.text("en")) from refusal
        found = self.filter(code=full).first()
        if found is None:
            raise CannotFindPlace(
                zh=f"没有代码为“{code}”的行政区划。请从列表中选择。",
                en=f"There is no region with the code '{code}'. Choose one from the list.",
            )
        return found

    def within(self, path: str) -> Self:
        """Return the region with this path and all regions in it."""
        return self.filter(path__startswith=path)


class Region(models.Model):
    """One division of the official list. ``path``: the codes from the province down, each ended with a slash."""

    personal_fields: ClassVar[tuple[str, ...]] = ()
    retention: ClassVar[str] = "reference"

    PROVINCE, CITY, COUNTY, TOWN = 1, 2, 3, 4

    code = models.CharField(max_length=12, unique=True)
    name = models.CharField(max_length=60)
    name_en = models.CharField(max_length=80)
    pinyin = models.CharField(max_length=80)
    initials = models.CharField(max_length=20)
    level = models.PositiveSmallIntegerField()
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="children")
    path = models.CharField(max_length=52, unique=True)
    abolished = models.BooleanField(default=False)  # still in the list for its people; has no office any more

    objects = RegionQuerySet.as_manager()

    class Meta:
        ordering = ["code"]
        indexes = [models.Index(OpClass("path", name="text_pattern_ops"), name="places_region_below")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(code__regex=r"^\d{12}$"),
                name="places_region_code_has_12_digits",
                violation_error_message="行政区划代码应为12位数字。 A region code has 12 digits.",
            ),
            models.CheckConstraint(
                condition=models.Q(level__gte=1, level__lte=4),
                name="places_region_level_known",
                violation_error_message="级别为1省、2市、3县、4镇街。 The level is one of 1 to 4.",
            ),
            models.CheckConstraint(
                condition=models.Q(path__endswith=Concat("code", models.Value("/"))),
                name="places_region_path_ends_with_code",
                violation_error_message="路径应以本级代码和“/”结尾。 The path ends with the own code and a slash.",
            ),
            models.CheckConstraint(
                condition=models.Q(level=1, parent__isnull=True) | models.Q(level__gt=1, parent__isnull=False),
                name="places_region_parent_but_province",
                violation_error_message="除省级外，每个区划都有上级。 Every region but the province has one above.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def contains(self, other: "Region") -> bool:
        """Whether the other region is this one or lies in it."""
        return other.path.startswith(self.path)


class Organisation(models.Model):
    """A government body of one kind ("public_security") in one region."""

    personal_fields: ClassVar[tuple[str, ...]] = ()
    retention: ClassVar[str] = "reference"

    public_id = models.UUIDField(unique=True, default=new_public_id, editable=False)
    kind = models.CharField(max_length=60)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="organisations")
    name = models.CharField(max_length=120)
    name_en = models.CharField(max_length=200)
    uscc = models.CharField(max_length=18, unique=True)
    superior = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="subordinates")

    class Meta:
        ordering = ["region__code", "kind"]
        constraints = [
            models.UniqueConstraint(
                fields=["region", "kind"],
                name="places_organisation_one_of_a_kind",
                violation_error_message="该区划已有这一类机构。 This region already has an organisation of this kind.",
            ),
            models.CheckConstraint(
                condition=models.Q(uscc__regex=r"^[0-9A-HJ-NP-RTUW-Y]{18}$"),
                name="places_organisation_uscc_shape",
                violation_error_message="统一社会信用代码应为18位。 A unified social credit code has 18 characters.",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Hall(models.Model):
    """A service hall (行政服务中心, 便民服务中心)."""

    personal_fields: ClassVar[tuple[str, ...]] = ()
    retention: ClassVar[str] = "reference"

    public_id = models.UUIDField(unique=True, default=new_public_id, editable=False)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="halls")
    name = models.CharField(max_length=120, unique=True)
    name_en = models.CharField(max_length=200)
    address = models.CharField(max_length=200)
    phone = models.CharField(max_length=20)
    hours = models.CharField(max_length=120)
    hours_en = models.CharField(max_length=160)

    class Meta:
        ordering = ["region__code", "name"]

    def __str__(self) -> str:
        return self.name


class Window(models.Model):
    """One window of a hall and what it does: ``one_window`` (综合受理), ``outcome`` (统一出件), ``accessible``."""

    personal_fields: ClassVar[tuple[str, ...]] = ()
    retention: ClassVar[str] = "reference"

    hall = models.ForeignKey(Hall, on_delete=models.CASCADE, related_name="windows")
    number = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=60)
    name_en = models.CharField(max_length=80)
    kinds = ArrayField(models.CharField(max_length=20))

    class Meta:
        ordering = ["hall", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["hall", "number"],
                name="places_window_number_once",
                violation_error_message="该大厅已有这个窗口号。 This hall already has a window with this number.",
            ),
            models.CheckConstraint(
                condition=models.Q(kinds__len__gte=1),
                name="places_window_does_something",
                violation_error_message="请选择窗口类型。 Choose what the window does.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.name}"


class HolidayRow(models.Model):
    """One day on which the official notice differs from the week: a rest day, or a working day made up."""

    personal_fields: ClassVar[tuple[str, ...]] = ()
    retention: ClassVar[str] = "reference"

    day = models.DateField(unique=True)
    kind = models.CharField(max_length=12)  # holiday, moved_rest, make_up
    holiday = models.CharField(max_length=30)
    holiday_en = models.CharField(max_length=60)
    notice = models.CharField(max_length=120)

    class Meta:
        ordering = ["day"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=["holiday", "moved_rest", "make_up"]),
                name="places_holidayrow_kind_known",
                violation_error_message="类型为节日、调休放假或补班。 The kind is holiday, moved_rest or make_up.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.kind}"


class LawParameterRow(models.Model):
    """One period or limit of the law from a day on; a promise changes by a new row, never by an edit."""

    personal_fields: ClassVar[tuple[str, ...]] = ()
    retention: ClassVar[str] = "reference"

    key = models.CharField(max_length=60)
    value = models.IntegerField()
    unit = models.CharField(max_length=12)  # a Unit of rules.periods, "percent", "times", "minutes", "seconds"
    region_code = models.CharField(max_length=12)  # zeros: the whole country, which is no row of Region
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=200)
    source_en = models.CharField(max_length=300)
    verified = models.BooleanField()

    class Meta:
        ordering = ["key", "region_code", "valid_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["key", "region_code", "valid_from"],
                name="places_lawparameter_once_a_day",
                violation_error_message="同一天起已有该参数。 This parameter already has a value from that day.",
            ),
            models.CheckConstraint(
                condition=models.Q(unit__in=[*Unit, "percent", "times", "minutes", "seconds"]),
                name="places_lawparameter_unit_known",
                violation_error_message="单位不存在。 This unit does not exist.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key} = {self.value} {self.unit}"
