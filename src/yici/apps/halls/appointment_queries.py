"""What may be seen of appointments: the free times by everybody, an appointment by its person and its hall."""

from datetime import datetime, time, timedelta
from uuid import UUID

from django.utils import timezone

from yici.apps.halls.jurisdiction import own_appointments
from yici.apps.halls.models import Appointment, Queue, QueueTicket
from yici.apps.halls.slots import free_slots
from yici.apps.halls.views import AppointmentView, SlotDay
from yici.apps.people.viewers import Viewer
from yici.apps.places import queries as places
from yici.rules.appointments import AppointmentState
from yici.rules.words import Words


def days_to_book(queue_id: UUID, *, now: datetime) -> list[SlotDay]:
    """Return the times one can book in a queue, day by day. Raises NotThere, CannotQueue for a hall without rules."""
    queue = Queue.objects.get(public_id=queue_id)
    return [SlotDay(day, found) for day, found in free_slots(queue, now)]


def appointments_of(viewer: Viewer) -> list[AppointmentView]:
    """Return the person's own appointments: those to come first, then the last fifty gone by."""
    rows = own_appointments(viewer).none() if viewer.is_staff else own_appointments(viewer)
    to_come = rows.filter(state__in=[AppointmentState.BOOKED, AppointmentState.ARRIVED]).order_by("starts_at")
    gone = rows.exclude(state__in=[AppointmentState.BOOKED, AppointmentState.ARRIVED]).order_by("-starts_at")[:50]
    return [_view(row) for row in [*to_come.select_related(*_WITH), *gone.select_related(*_WITH)]]


def appointment(viewer: Viewer, public_id: UUID) -> AppointmentView:
    """Return one appointment of the person, or of the clerk's hall. Raises NotThere for anybody else."""
    return _view(own_appointments(viewer).select_related(*_WITH).get(public_id=public_id))


def appointments_today(viewer: Viewer, *, now: datetime) -> list[AppointmentView]:
    """Return today's appointments of the clerk's hall in the order of their times; empty for everybody else."""
    if not viewer.is_staff:
        return []
    begin = datetime.combine(timezone.localdate(now), time.min, timezone.get_default_timezone())
    rows = own_appointments(viewer).filter(starts_at__gte=begin, starts_at__lt=begin + timedelta(days=1))
    return [_view(row) for row in rows.exclude(state=AppointmentState.CANCELLED).select_related(*_WITH)]


_WITH = ("queue__hall", "party", "application", "ticket")


def _view(row: Appointment) -> AppointmentView:
    return AppointmentView(
        public_id=row.public_id,
        reference=row.reference,
        hall=places.hall(row.queue.hall.public_id),
        queue_id=row.queue.public_id,
        queue_name=Words(row.queue.name, row.queue.name_en),
        starts_at=row.starts_at,
        minutes=row.queue.slot_minutes,
        state=AppointmentState(row.state),
        need=row.need,
        need_key=row.need_key,
        application_id=row.application.public_id if row.application else None,
        is_accessible=row.is_accessible,
        wish=row.wish,
        language=row.language,
        moves=row.moves,
        name=row.party.name if row.party else row.name,
        phone=row.phone,
        ticket_code=_ticket_code(row),
    )


def _ticket_code(row: Appointment) -> str:
    try:
        return row.ticket.code
    except QueueTicket.DoesNotExist:
        return ""
