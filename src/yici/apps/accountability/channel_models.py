"""How many people came by each channel, month by month."""

from typing import ClassVar

from django.db import models

from yici.rules.channel_use import ChannelAct


class ChannelTally(models.Model):
    """How many applications, or questions, of a month in a county came by one channel; ``item_key`` "" for all.

    An application of several items counts once under "" and once for each. Offices of a city or the province have
    their own region.
    """

    personal_fields: ClassVar[tuple[str, ...]] = ()
    retention: ClassVar[str] = "permanent"

    month = models.DateField()  # its first day
    region = models.ForeignKey("places.Region", on_delete=models.PROTECT, related_name="+", db_index=False)
    act = models.CharField(max_length=8, choices=[(one.value, one.value) for one in ChannelAct])
    item_key = models.CharField(max_length=80, blank=True)
    channel = models.CharField(max_length=12)
    count = models.PositiveIntegerField()
    counted_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["month", "region", "act", "item_key", "channel"], name="accountability_channel_once"
            ),
        ]
        indexes = [models.Index(fields=["region", "month"], name="accountability_channel_of")]

    def __str__(self) -> str:
        return f"{self.act} {self.channel} {self.region_id} {self.item_key} {self.month:%Y-%m}"
