"""What happens to tickets: taken at the machine, with a phone or by checking in for an appointment."""

from datetime import date, datetime
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from yici.apps.halls.codes import read_code
from yici.apps.halls.hours import check_gives_tickets, hall_rules, policy_of
from yici.apps.halls.models import Appointment, Queue, QueueTicket
from yici.apps.journal import actions as journal
from yici.apps.people.viewers import Viewer
from yici.rules.appointments import AppointmentState
from yici.rules.queues import CannotQueue, Priority, is_late, ticket_label

# One statement, so that two machines never print the same number.
_NEXT_NUMBER = """
INSERT INTO halls_ticketcounter (queue_id, day, last) VALUES (%s, %s, 1)
ON CONFLICT (queue_id, day) DO UPDATE SET last = halls_ticketcounter.last + 1 RETURNING last
"""


@transaction.atomic
def take_ticket(*, queue_id: UUID, priority: Priority, channel: str, by: Viewer, now: datetime) -> str:
    """Give out the next number of a queue and return the code of the ticket.

    Raises CannotQueue while the hall is closed, Queue.DoesNotExist for an unknown queue.
    """
    queue = Queue.objects.get(public_id=queue_id)
    check_gives_tickets(queue.hall_id, now)
    ticket = _new_ticket(queue, now, priority=priority, channel=channel)
    facts = {"number": ticket.label, "channel": channel}
    journal.record("queue.taken", subject=str(ticket), by=by.label, now=now, facts=facts)
    return ticket.code


def _new_ticket(
    queue: Queue,
    now: datetime,
    *,
    priority: Priority,
    channel: str,
    appointment: Appointment | None = None,
    late: bool = False,
) -> QueueTicket:
    day = timezone.localdate(now)
    return QueueTicket.objects.create(
        hall_id=queue.hall_id,
        queue=queue,
        day=day,
        label=ticket_label(queue.letter, _next_number(queue, day)),
        joined_at=now,
        channel=channel,
        priority=priority,
        appointment=appointment,
        is_late=late,
    )


def _next_number(queue: Queue, day: date) -> int:
    with connection.cursor() as cursor:
        cursor.execute(_NEXT_NUMBER, [queue.pk, day])
        return int(cursor.fetchone()[0])


@transaction.atomic
def check_in(*, hall_id: UUID, code: str, by: Viewer, now: datetime) -> str:
    """Check in for an appointment by its code or QR text and return the code of the ticket; again gives the same.

    Who comes too late is served as one without an appointment. Raises CannotQueue.
    """
    row = (
        Appointment.objects.select_for_update(of=("self",))
        .select_related("queue")
        .filter(reference=read_code(code), queue__hall__public_id=hall_id)
        .first()
    )
    if row is None:
        raise CannotQueue(
            zh="这个大厅没有这个预约码。请核对预约码和大厅，或直接取号。",
            en="There is no appointment with this code at this hall. Check the code and the hall, or take a number.",
        )
    if row.state == AppointmentState.ARRIVED:
        return str(QueueTicket.objects.get(appointment=row).code)
    _check_may_arrive(row, now)
    return _arrive(row, by, now).code


def _check_may_arrive(row: Appointment, now: datetime) -> None:
    if row.state != AppointmentState.BOOKED:
        state = AppointmentState(row.state).words
        raise CannotQueue(
            zh=f"这个预约{state.zh}，不能再签到。请直接取号。",
            en=f"This appointment is '{state.en}' and cannot be used any more. Take a number instead.",
        )
    day = timezone.localdate(row.starts_at)
    if day != timezone.localdate(now):
        raise CannotQueue(
            zh=f"您预约的是{day.year}年{day.month}月{day.day}日，不是今天。请当天再来，或直接取号。",
            en=f"Your appointment is on {day.day} {day:%B %Y}, not today. Come on that day, or take a number now.",
        )


def _arrive(row: Appointment, by: Viewer, now: datetime) -> QueueTicket:
    late = is_late(row.starts_at, now, hall_rules(policy_of(row.queue.hall_id, timezone.localdate(now))))
    priority = Priority.ACCESSIBLE if row.is_accessible else Priority.ORDINARY
    ticket = _new_ticket(row.queue, now, priority=priority, channel="appointment", appointment=row, late=late)
    row.state = AppointmentState.ARRIVED
    row.save(update_fields=["state"])
    facts = {"number": ticket.label, "late": late}
    journal.record("appointment.checked_in", subject=str(row), by=by.label, now=now, facts=facts)
    return ticket
