"""What scorecards and published statistics are read from: worked out when a month is counted, not when it is read."""

from typing import ClassVar

from django.db import models


class CardTally(models.Model):
    """What an organisation's card stands on: each measure's good and all things, over a span of months.

    ``month`` is the last of the span, ``total`` its points by the formula of that version, None where they are hidden.
    """

    personal_fields: ClassVar[tuple[str, ...]] = ()
    retention: ClassVar[str] = "permanent"

    month = models.DateField()  # its first day
    span = models.PositiveSmallIntegerField()  # months
    organisation = models.ForeignKey("places.Organisation", on_delete=models.PROTECT, related_name="+", db_index=False)
    figures = models.JSONField(default=dict)  # measure: [good, of]
    total = models.FloatField(null=True)
    formula = models.CharField(max_length=20)
    counted_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["month", "span", "organisation"], name="accountability_card_once"),
        ]

    def __str__(self) -> str:
        return f"card {self.organisation_id} {self.month:%Y-%m} {self.span}"


class PeerTally(models.Model):
    """The things of all organisations of a kind over a span of months: what each of them is drawn towards."""

    personal_fields: ClassVar[tuple[str, ...]] = ()
    retention: ClassVar[str] = "permanent"

    month = models.DateField()  # its first day
    span = models.PositiveSmallIntegerField()  # months
    kind = models.CharField(max_length=60)
    figures = models.JSONField(default=dict)  # measure: [good, of]
    counted_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["month", "span", "kind"], name="accountability_peer_once"),
        ]

    def __str__(self) -> str:
        return f"peers {self.kind} {self.month:%Y-%m} {self.span}"


class OpenTally(models.Model):
    """A figure of a place or of an item as everybody may have it; ``hidden`` where there are things but too few.

    ``place`` is a path, "" of an item's row. ``left_out`` counts the offices whose small numbers are in no total.
    """

    personal_fields: ClassVar[tuple[str, ...]] = ()
    retention: ClassVar[str] = "permanent"

    month = models.DateField()  # its first day
    measure = models.CharField(max_length=40)
    place = models.CharField(max_length=80, blank=True)
    item_key = models.CharField(max_length=80, blank=True)
    good = models.PositiveIntegerField()
    of = models.PositiveIntegerField()
    hidden = models.BooleanField()
    left_out = models.PositiveIntegerField(default=0)
    counted_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["month", "place", "item_key", "measure"], name="accountability_open_once"),
        ]

    def __str__(self) -> str:
        return f"{self.measure} {self.place}{self.item_key} {self.month:%Y-%m}"
