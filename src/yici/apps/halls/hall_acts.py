"""What is set up for a hall, and what ends its day."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from yici.apps.halls.jurisdiction import own_hall
from yici.apps.halls.models import (
    Appointment,
    HallPolicy,
    OpeningException,
    OpeningHours,
    Queue,
    QueueTicket,
    WindowDuty,
)
from yici.apps.journal import actions as journal
from yici.apps.people.viewers import Viewer
from yici.apps.places.models import Hall
from yici.rules.appointments import AppointmentState, OpenOn, Span
from yici.rules.queues import AT_WINDOW, IN_LINE, CannotQueue, TicketState, state_at_end_of_day
from yici.rules.words import Words

_OPEN = (*IN_LINE, *AT_WINDOW, TicketState.SKIPPED)


@transaction.atomic
def open_queues(
    *,
    hall_id: int,
    queues: Iterable[Mapping[str, Any]],
    hours: Iterable[tuple[OpenOn, Span]],
    policy: Mapping[str, Any],
    by: str,
    now: datetime,
) -> None:
    """Set up the hours, rules and queues of a hall; again is harmless, and rows that somebody added stay."""
    for open_on, span in hours:
        OpeningHours.objects.get_or_create(
            hall_id=hall_id, open_on=open_on, opens=span.opens, defaults={"closes": span.closes}
        )
    HallPolicy.objects.get_or_create(hall_id=hall_id, valid_from=policy["valid_from"], defaults=dict(policy))
    for queue in queues:
        Queue.objects.get_or_create(hall_id=hall_id, letter=queue["letter"], defaults=dict(queue))
    subject = f"hall:{Hall.objects.get(pk=hall_id).public_id}"
    journal.record("halls.queues_opened", subject=subject, by=by, now=now)


@transaction.atomic
def set_exception(*, day: date, span: Span | None, reason: Words, by: Viewer, now: datetime) -> None:
    """Let the clerk's hall be open differently on one day: one span, or closed. Replaces what was set for that day.

    Raises CannotQueue for a day that is over, or hours that end before they begin; Hall.DoesNotExist for others.
    """
    hall = own_hall(by)
    if day < timezone.localdate(now):
        raise CannotQueue(zh="这一天已经过去。请选择今天或以后。", en="That day is over. Choose today or later.")
    if span is not None and span.closes <= span.opens:
        raise CannotQueue(zh="结束时间应晚于开始时间。", en="The hall must close after it opens.")
    if not reason.zh.strip():
        raise CannotQueue(zh="请写明原因，群众会看到。", en="Give the reason: people will read it.")
    OpeningException.objects.filter(hall=hall, day=day).delete()
    opens, closes = span or (None, None)
    said = {"reason": reason.zh.strip()[:120], "reason_en": reason.en.strip()[:160]}
    OpeningException.objects.create(hall=hall, day=day, opens=opens, closes=closes, **said)
    facts = {"day": day.isoformat(), "open": span is not None}
    journal.record("halls.exception_set", subject=f"hall:{hall.public_id}", by=by.label, now=now, facts=facts)


def close_days(*, now: datetime, by: str = "system:halls") -> int:
    """Close what is still open of days gone by, in every hall; returns how many tickets. Again finds nothing.

    Nobody keeps waiting in a hall that is dark: who waited is "closed", never "did not come".
    """
    today = timezone.localdate(now)
    midnight = datetime.combine(today, time.min, timezone.get_default_timezone())
    days = QueueTicket.objects.filter(day__lt=today, state__in=_OPEN)
    found = set(days.order_by().values_list("hall_id", "day"))
    closed = sum(_close_day(hall_id, day, by, now) for hall_id, day in sorted(found))
    WindowDuty.objects.filter(began_at__lt=midnight, ended_at__isnull=True).update(ended_at=now)
    Appointment.objects.filter(starts_at__lt=midnight, state=AppointmentState.BOOKED).update(
        state=AppointmentState.MISSED, closed_at=now
    )
    return closed


@transaction.atomic
def _close_day(hall_id: int, day: date, by: str, now: datetime) -> int:
    rows = list(QueueTicket.objects.select_for_update().filter(hall_id=hall_id, day=day, state__in=_OPEN))
    for row in rows:
        row.state = state_at_end_of_day(TicketState(row.state))
        row.finished_at = now
    QueueTicket.objects.bulk_update(rows, ["state", "finished_at"])
    _end_appointments(rows, now)
    if rows:
        facts = {"day": day.isoformat(), "tickets": len(rows)}
        subject = f"hall:{_hall_public_id(hall_id)}"
        journal.record("halls.day_closed", subject=subject, by=by, now=now, facts=facts)
    return len(rows)


def _end_appointments(rows: Iterable[QueueTicket], now: datetime) -> None:
    # Who checked in and was not called stays "arrived": he came, and nothing may say that he missed it.
    for ticket_state, state in _APPOINTMENT_AFTER.items():
        keys = [row.appointment_id for row in rows if row.appointment_id and row.state == ticket_state]
        Appointment.objects.filter(pk__in=keys).update(state=state, closed_at=now)


_APPOINTMENT_AFTER = {
    TicketState.DONE: AppointmentState.SERVED,
    TicketState.NO_SHOW: AppointmentState.MISSED,
    TicketState.CLOSED: AppointmentState.ARRIVED,
}


def _hall_public_id(hall_id: int) -> UUID:
    return Hall.objects.values_list("public_id", flat=True).get(pk=hall_id)
