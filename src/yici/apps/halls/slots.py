"""Which times of a queue are free."""

from datetime import date, datetime, time, timedelta

from django.db.models import Count
from django.utils import timezone

from yici.apps.halls.hours import open_spans, policy_of
from yici.apps.halls.models import Appointment, Queue
from yici.rules.appointments import AppointmentState, Slot, slots


def taken_at(queue: Queue, first: date, last: date) -> dict[datetime, int]:
    """Return how many places are taken at each time from one local day to another."""
    zone = timezone.get_default_timezone()
    begin = datetime.combine(first, time.min, zone)
    end = datetime.combine(last + timedelta(days=1), time.min, zone)
    rows = (
        Appointment.objects.filter(queue=queue, starts_at__gte=begin, starts_at__lt=end)
        .exclude(state=AppointmentState.CANCELLED)
        .order_by()
        .values_list("starts_at")
        .annotate(count=Count("pk"))
    )
    return dict(rows)


def free_slots(queue: Queue, now: datetime) -> list[tuple[date, tuple[Slot, ...]]]:
    """Return the times one can book, day by day; days on which the hall is closed are left out."""
    today = timezone.localdate(now)
    policy = policy_of(queue.hall_id, today)
    last = today + timedelta(days=policy.booking_days)
    taken = taken_at(queue, today, last)
    after = now + timedelta(minutes=policy.booking_notice_minutes)
    days = [
        (
            day,
            slots(
                day,
                spans,
                minutes=queue.slot_minutes,
                places=queue.places_per_slot,
                taken=taken,
                after=after,
                zone=timezone.get_default_timezone(),
            ),
        )
        for day, spans in open_spans(queue.hall_id, today, last).items()
    ]
    return [(day, found) for day, found in days if found]
