"""When a hall is open, and the numbers it works by."""

from typing import ClassVar

from django.db import models

from yici.rules.appointments import OpenOn


class HallPolicy(models.Model):
    """The numbers a hall works by from a day on; a change is a new row (see ``rules.queues.HallRules``)."""

    personal_fields: ClassVar[tuple[str, ...]] = ()
    retention: ClassVar[str] = "reference"

    hall = models.ForeignKey("places.Hall", on_delete=models.CASCADE, related_name="policies")
    valid_from = models.DateField()
    source = models.CharField(max_length=200)
    most_overtakes = models.PositiveSmallIntegerField()
    early_minutes = models.PositiveSmallIntegerField()
    late_minutes = models.PositiveSmallIntegerField()
    calls_before_no_show = models.PositiveSmallIntegerField()
    minutes_before_no_show = models.PositiveSmallIntegerField()
    usual_service_minutes = models.PositiveSmallIntegerField()
    booking_days = models.PositiveSmallIntegerField()  # how many days ahead one may book
    booking_notice_minutes = models.PositiveSmallIntegerField()  # how long before a time it is still offered
    tickets_before_minutes = models.PositiveSmallIntegerField()  # how long before opening tickets are given out

    class Meta:
        ordering = ["hall", "valid_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["hall", "valid_from"],
                name="halls_policy_once_a_day",
                violation_error_message="该大厅从这一天起已有规则。 This hall already has rules from that day.",
            ),
            models.CheckConstraint(
                condition=models.Q(most_overtakes__gte=1, calls_before_no_show__gte=1, usual_service_minutes__gte=1),
                name="halls_policy_at_least_one",
                violation_error_message="次数和分钟数至少为1。 Counts and minutes are at least 1.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.hall_id} {self.valid_from}"


class OpeningHours(models.Model):
    """One span of the usual week in which a hall is open, in local time."""

    personal_fields: ClassVar[tuple[str, ...]] = ()
    retention: ClassVar[str] = "reference"

    hall = models.ForeignKey("places.Hall", on_delete=models.CASCADE, related_name="opening_hours")
    open_on = models.CharField(max_length=12, choices=[(one.value, one.value) for one in OpenOn])
    opens = models.TimeField()
    closes = models.TimeField()

    class Meta:
        ordering = ["hall", "open_on", "opens"]
        verbose_name_plural = "opening hours"
        constraints = [
            models.UniqueConstraint(
                fields=["hall", "open_on", "opens"],
                name="halls_hours_once",
                violation_error_message="这一时段已登记。 These hours are already there.",
            ),
            models.CheckConstraint(
                condition=models.Q(closes__gt=models.F("opens")),
                name="halls_hours_close_after_opening",
                violation_error_message="结束时间应晚于开始时间。 A hall closes after it opens.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.open_on} {self.opens:%H:%M}-{self.closes:%H:%M}"


class OpeningException(models.Model):
    """A day on which a hall is open differently: with both times empty it is closed all day."""

    personal_fields: ClassVar[tuple[str, ...]] = ()
    retention: ClassVar[str] = "reference"

    hall = models.ForeignKey("places.Hall", on_delete=models.CASCADE, related_name="opening_exceptions")
    day = models.DateField()
    opens = models.TimeField(null=True)
    closes = models.TimeField(null=True)
    reason = models.CharField(max_length=120)
    reason_en = models.CharField(max_length=160)

    class Meta:
        ordering = ["hall", "day", "opens"]
        constraints = [
            models.UniqueConstraint(
                fields=["hall", "day", "opens"],
                nulls_distinct=False,
                name="halls_exception_once",
                violation_error_message="这一天已登记。 This day already has these hours.",
            ),
            models.CheckConstraint(
                condition=models.Q(opens__isnull=True, closes__isnull=True) | models.Q(closes__gt=models.F("opens")),
                name="halls_exception_closes_after_opening",
                violation_error_message="请填写起止时间，或都留空表示全天不开放。 Give both times, or none: closed.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.hall_id} {self.day}"
