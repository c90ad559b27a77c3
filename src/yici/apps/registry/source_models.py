"""Live registers behind datasets, and the members of other governments that may ask us."""

from typing import ClassVar

from django.db import models

from yici.rules.people import PartyKind


class Source(models.Model):
    """A live register behind a dataset, for one region and everything in it; nationwide when ``region`` is empty.

    ``settings`` and ``mapping`` are documents checked by ``connectors/settings.py``; secrets stand in neither.
    """

    personal_fields: ClassVar[tuple[str, ...]] = ()
    retention: ClassVar[str] = "reference"

    name = models.SlugField(max_length=40, unique=True)
    title = models.CharField(max_length=120)
    title_en = models.CharField(max_length=200)
    dataset = models.ForeignKey("registry.Dataset", to_field="key", on_delete=models.PROTECT, related_name="sources")
    owner = models.ForeignKey(  # empty for an organisation outside the province
        "places.Organisation", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    region = models.ForeignKey("places.Region", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12)
    settings = models.JSONField()
    mapping = models.JSONField()
    party_kind = models.CharField(max_length=8, blank=True)  # whom it knows; about others it is not asked
    deadline_ms = models.PositiveIntegerField(default=800)
    fresh_seconds = models.PositiveIntegerField(default=300)
    rest_seconds = models.FloatField(default=10)
    at_once = models.PositiveSmallIntegerField(default=4)
    most_rows = models.PositiveSmallIntegerField(default=1)
    enabled = models.BooleanField(default=True)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=["postgresql", "mariadb", "rest", "xroad", "files"]),
                name="registry_source_kind_known",
                violation_error_message="来源类型不存在。 This kind of source does not exist.",
            ),
            models.CheckConstraint(
                condition=models.Q(party_kind__in=["", *PartyKind]),
                name="registry_source_party_kind_known",
                violation_error_message="来源的对象是自然人或法人。 A source knows natural or legal persons.",
            ),
            models.CheckConstraint(
                condition=models.Q(deadline_ms__gte=20, deadline_ms__lte=10_000),
                name="registry_source_deadline_within_a_page",
                violation_error_message="时限为20至10000毫秒。 The deadline is 20 to 10,000 milliseconds.",
            ),
            models.CheckConstraint(
                condition=models.Q(most_rows__gte=1, most_rows__lte=100),
                name="registry_source_few_rows",
                violation_error_message="每人最多1至100行。 At most 1 to 100 rows a person.",
            ),
            models.CheckConstraint(
                condition=models.Q(at_once__gte=1, at_once__lte=32),
                name="registry_source_few_at_once",
                violation_error_message="同时查询数为1至32。 1 to 32 questions at once.",
            ),
            models.CheckConstraint(
                condition=models.Q(rest_seconds__gt=0, rest_seconds__lte=3600, fresh_seconds__lte=86_400),
                name="registry_source_rests_and_ages",
                violation_error_message="暂停不超过1小时，缓存不超过1天。 Rest within an hour, fresh for a day.",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class XRoadMember(models.Model):
    """A member of another platform that may ask us over X-Road, with what it was allowed and why.

    ``allowed`` maps each dataset to {"fields", "purpose", "basis"}; the member's token is kept as its hash only.
    """

    personal_fields: ClassVar[tuple[str, ...]] = ()
    retention: ClassVar[str] = "reference"
    secret_hashes: ClassVar[tuple[str, ...]] = ("token_hash",)

    client = models.CharField(max_length=300, unique=True)
    name = models.CharField(max_length=120)
    name_en = models.CharField(max_length=200)
    allowed = models.JSONField()
    token_hash = models.CharField(max_length=64)
    valid_to = models.DateField(null=True, blank=True)
    enabled = models.BooleanField(default=True)

    class Meta:
        ordering = ["client"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(token_hash__regex=r"^[0-9a-f]{64}$"),
                name="registry_member_has_token",
                violation_error_message="成员须有令牌。 A member has a token.",
            )
        ]

    def __str__(self) -> str:
        return self.client
