"""What was counted month by month, and the points that organisations contest."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from yici.apps.accountability.card_models import CardTally, OpenTally, PeerTally
from yici.apps.accountability.channel_models import ChannelTally
from yici.apps.accountability.exemption_models import Exemption
from yici.apps.journal.ids import new_public_id
from yici.apps.people.encryption import EncryptedTextField

__all__ = [
    "CardTally",
    "ChannelTally",
    "Contest",
    "DaysTally",
    "Exemption",
    "FlowTally",
    "FunnelTally",
    "MonthTally",
    "OpenTally",
    "PeerTally",
    "PlaceTally",
]


class MonthTally(models.Model):
    """How many things of a measure there were in a month, and how many went well; counted while the month moves."""

    personal_fields: ClassVar[tuple[str, ...]] = ()
    retention: ClassVar[str] = "permanent"

    measure = models.CharField(max_length=40)
    organisation = models.ForeignKey("places.Organisation", on_delete=models.PROTECT, related_name="+", db_index=False)
    item_key = models.CharField(max_length=80, blank=True)
    month = models.DateField()  # its first day
    good = models.PositiveIntegerField()
    of = models.PositiveIntegerField()
    counted_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["month", "measure", "organisation", "item_key"], name="accountability_tally_once"
            ),
        ]
        indexes = [models.Index(fields=["organisation", "month"], name="accountability_tally_of")]

    def __str__(self) -> str:
        return f"{self.measure} {self.organisation_id} {self.month:%Y-%m}"


class PlaceTally(models.Model):
    """A measure of a month for all of a place: province, city, or county with its towns. Counted with the month."""

    personal_fields: ClassVar[tuple[str, ...]] = ()
    retention: ClassVar[str] = "permanent"

    measure = models.CharField(max_length=40)
    region = models.ForeignKey("places.Region", on_delete=models.PROTECT, related_name="+", db_index=False)
    month = models.DateField()  # its first day
    good = models.PositiveIntegerField()
    of = models.PositiveIntegerField()
    counted_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["region", "measure", "month"], name="accountability_place_once"),
        ]
        indexes = [models.Index(fields=["month", "measure"], name="accountability_place_of")]

    def __str__(self) -> str:
        return f"{self.measure} {self.region_id} {self.month:%Y-%m}"


class DaysTally(models.Model):
    """How long the cases decided in a month took from receipt, and what was promised them: of a county, or of an item.

    Both count lengths of time in minutes (``rules/spans.py``). ``place``: the path of a county, "" of an item's row.
    """

    personal_fields: ClassVar[tuple[str, ...]] = ()
    retention: ClassVar[str] = "permanent"

    month = models.DateField()  # its first day
    place = models.CharField(max_length=80, blank=True)
    item_key = models.CharField(max_length=80, blank=True)
    took = models.JSONField(default=dict)
    promised = models.JSONField(default=dict)
    counted_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["month", "place", "item_key"], name="accountability_days_once"),
        ]

    def __str__(self) -> str:
        return f"days {self.place}{self.item_key} {self.month:%Y-%m}"


class FunnelTally(models.Model):
    """How far the needs begun in a month at a place came: of one life event, or of all ("").

    A row holds everything below its place, so that a page reads one. ``spans`` counts lengths of time in minutes
    (``rules/spans.py``) for each step; ``stops`` the drafts left by the last question answered.
    """

    personal_fields: ClassVar[tuple[str, ...]] = ()
    retention: ClassVar[str] = "permanent"

    month = models.DateField()  # its first day
    region = models.ForeignKey("places.Region", on_delete=models.PROTECT, related_name="+", db_index=False)
    event_key = models.CharField(max_length=80, blank=True)
    begun = models.PositiveIntegerField(default=0)
    submitted = models.PositiveIntegerField(default=0)
    accepted = models.PositiveIntegerField(default=0)
    decided = models.PositiveIntegerField(default=0)
    granted = models.PositiveIntegerField(default=0)
    issued = models.PositiveIntegerField(default=0)
    delivered = models.PositiveIntegerField(default=0)
    looked_into = models.PositiveIntegerField(default=0)  # open drafts that were read
    open_with_plan = models.PositiveIntegerField(default=0)  # of those, with nothing left to ask
    without_draft = models.PositiveIntegerField(default=0)
    spans = models.JSONField(default=dict)
    stops = models.JSONField(default=dict)
    counted_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["region", "event_key", "month"], name="accountability_funnel_once"),
        ]
        indexes = [models.Index(fields=["month", "region"], name="accountability_funnel_of")]

    def __str__(self) -> str:
        return f"funnel {self.region_id} {self.event_key} {self.month:%Y-%m}"


class FlowTally(models.Model):
    """How one step of an item went in a life event's applications of a month at a place, with all below it.

    ``waited`` and ``worked`` count lengths of time in minutes; ``after`` names the steps before it, ``waits_for`` the
    items that its item waits for.
    """

    personal_fields: ClassVar[tuple[str, ...]] = ()
    retention: ClassVar[str] = "permanent"

    month = models.DateField()  # its first day
    region = models.ForeignKey("places.Region", on_delete=models.PROTECT, related_name="+", db_index=False)
    event_key = models.CharField(max_length=80)
    item_key = models.CharField(max_length=80)
    step_key = models.CharField(max_length=60)
    kind = models.CharField(max_length=60)  # of the organisations, the most frequent
    name = models.CharField(max_length=120)
    name_en = models.CharField(max_length=160)
    item_name = models.CharField(max_length=120)
    item_name_en = models.CharField(max_length=200)
    count = models.PositiveIntegerField()
    finished = models.PositiveIntegerField()
    with_day = models.PositiveIntegerField()  # of the finished, those that had a day
    late = models.PositiveIntegerField()
    waited = models.JSONField(default=dict)
    worked = models.JSONField(default=dict)
    after = ArrayField(models.CharField(max_length=60), default=list)
    waits_for = ArrayField(models.CharField(max_length=80), default=list)
    counted_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["region", "event_key", "month", "item_key", "step_key"], name="accountability_flow_once"
            ),
        ]
        indexes = [models.Index(fields=["month"], name="accountability_flow_of")]

    def __str__(self) -> str:
        return f"flow {self.region_id} {self.event_key} {self.month:%Y-%m} {self.item_key}/{self.step_key}"


class Contest(models.Model):
    """An organisation says that a counted thing was not its fault or did not happen so; somebody else decides.

    Both stay visible: who contested what, why, and how it was decided. An upheld one is counted no more.
    """

    personal_fields: ClassVar[tuple[str, ...]] = ("reason", "answer")
    retention: ClassVar[str] = "case+10y"

    public_id = models.UUIDField(unique=True, default=new_public_id, editable=False)
    organisation = models.ForeignKey("places.Organisation", on_delete=models.PROTECT, related_name="+")
    month = models.DateField()
    measure = models.CharField(max_length=40)
    ref = models.CharField(max_length=160)
    reason = EncryptedTextField()
    contested_at = models.DateTimeField()
    contested_by = models.CharField(max_length=80)
    due_on = models.DateField()
    upheld = models.BooleanField(null=True)
    answer = EncryptedTextField(blank=True, default="")
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=80, blank=True)
    emptied_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "measure", "ref"], name="accountability_contested_once"),
            models.CheckConstraint(
                condition=Q(upheld=None, decided_at=None) | (Q(upheld__isnull=False, decided_at__isnull=False)),
                name="accountability_contest_decided_whole",
                violation_error_message="A decision says what and when. 决定应写明结果和时间。",
            ),
            models.CheckConstraint(
                condition=~Q(decided_by=F("contested_by")) | Q(decided_by=""),
                name="accountability_contest_by_another",
                violation_error_message="Nobody decides his own contest. 不能裁定自己提出的异议。",
            ),
        ]

    def __str__(self) -> str:
        return f"contest:{self.public_id}"
