"""What may be seen of a hall: its board and machine by everybody, its tickets by its clerks, a ticket by its code."""

from datetime import datetime
from uuid import UUID

from django.core.exceptions import ObjectDoesNotExist
from django.utils import timezone

from yici.apps.halls.appointment_queries import appointment, appointments_of, appointments_today, days_to_book
from yici.apps.halls.hours import hall_rules, policy_of
from yici.apps.halls.jurisdiction import own_duty, own_hall, own_tickets, own_windows
from yici.apps.halls.lines import in_order, line_of_window, people_before, queues_beside, wait_for
from yici.apps.halls.models import HallPolicy, Queue, QueueTicket, WindowDuty
from yici.apps.halls.supply import HourRow, QuarterRow, hours_of_day, quarters, supply_rows
from yici.apps.halls.views import (
    Board,
    CalledNumber,
    DutyView,
    QueueView,
    TicketView,
    WindowTicket,
    WindowView,
)
from yici.apps.people.viewers import Viewer
from yici.apps.places import queries as places
from yici.apps.places.queries import HallView
from yici.rules.queues import AT_WINDOW, IN_LINE, SET_ASIDE, Priority, TicketState
from yici.rules.words import Words

__all__ = [
    "HourRow",
    "NotThere",
    "QuarterRow",
    "appointment",
    "appointments_of",
    "appointments_today",
    "days_to_book",
    "duty_of",
    "hall_board",
    "hall_of",
    "halls_with_queues",
    "hours_of_day",
    "last_served",
    "line_at_window",
    "quarters",
    "queues_of_hall",
    "set_aside_today",
    "supply_rows",
    "ticket_at_window",
    "ticket_by_code",
    "windows_of_hall",
]
NotThere = ObjectDoesNotExist
_MOST_ON_BOARD = 8
_NEW_FOR_SECONDS = 30


def halls_with_queues(region_code: str) -> list[HallView]:
    """Return the halls for a place, its own first, that have queues: public, like the halls themselves."""
    with_queues = set(HallPolicy.objects.values_list("hall__public_id", flat=True))
    return [hall for hall in places.halls_for(region_code) if hall.public_id in with_queues]


def queues_of_hall(hall_id: UUID, *, now: datetime) -> list[QueueView]:
    """Return the queues of a hall with how many wait and how long. Public; empty for a hall without queues."""
    return [_queue(queue, now) for queue in Queue.objects.filter(hall__public_id=hall_id).select_related("hall")]


def _queue(queue: Queue, now: datetime) -> QueueView:
    day = timezone.localdate(now)
    # A newcomer waits behind everybody whom the same windows serve.
    ahead = QueueTicket.objects.filter(queue__in=queues_beside(queue), day=day, state__in=IN_LINE).count()
    own = QueueTicket.objects.filter(queue=queue, day=day, state__in=IN_LINE).count()
    name, serves = Words(queue.name, queue.name_en), Words(queue.serves, queue.serves_en)
    wait = wait_for(queue, ahead, day, now)
    return QueueView(queue.public_id, queue.letter, name, serves, queue.places_per_slot > 0, own, wait)


def hall_board(hall_id: UUID, *, now: datetime) -> Board:
    """Return what the screen of the waiting hall shows. Raises NotThere for a hall without queues."""
    hall = places.hall(hall_id)
    queues = queues_of_hall(hall_id, now=now)
    if not queues:
        raise Queue.DoesNotExist
    called = QueueTicket.objects.filter(hall__public_id=hall_id, day=timezone.localdate(now), state__in=AT_WINDOW)
    rows = called.select_related("window").order_by("-called_at", "label")[:_MOST_ON_BOARD]
    return Board(hall, tuple(_called(row, now) for row in rows), tuple(queues))


def _called(row: QueueTicket, now: datetime) -> CalledNumber:
    seconds = (now - row.called_at).total_seconds() if row.called_at else _NEW_FOR_SECONDS
    is_new = row.state == TicketState.CALLED and seconds < _NEW_FOR_SECONDS
    return CalledNumber(row.label, row.window.number if row.window else 0, is_new)


def ticket_by_code(code: str, *, now: datetime) -> TicketView:
    """Return a ticket to whoever holds its code, which cannot be guessed. Raises NotThere."""
    row = QueueTicket.objects.select_related("queue", "hall", "window", "appointment").get(code=code)
    day = timezone.localdate(now)
    waits = row.state in IN_LINE and row.day == day
    before = people_before(row, day, now) if waits else 0
    done_today = row.state == TicketState.DONE and row.day == day
    return TicketView(
        public_id=row.public_id,
        code=row.code,
        label=row.label,
        queue_name=Words(row.queue.name, row.queue.name_en),
        hall=places.hall(row.hall.public_id),
        state=TicketState(row.state),
        joined_at=row.joined_at,
        priority=Priority(row.priority),
        appointment_at=row.appointment.starts_at if row.appointment else None,
        is_late=row.is_late,
        window=row.window.number if row.window else None,
        called_at=row.called_at,
        before=before,
        wait=wait_for(row.queue, before, day, now) if waits else None,
        was_served_today=done_today,
    )


def hall_of(viewer: Viewer) -> HallView:
    """Return the hall of a clerk. Raises NotThere for everybody else."""
    return places.hall(own_hall(viewer).public_id)


def duty_of(viewer: Viewer) -> DutyView | None:
    """Return at which window the clerk sits now."""
    duty = own_duty(viewer).first()
    if duty is None:
        return None
    name = Words(duty.window.name, duty.window.name_en)
    return DutyView(duty.window.number, name, duty.paused_at is not None, hall_of(viewer))


def windows_of_hall(viewer: Viewer) -> list[WindowView]:
    """Return the windows of the clerk's hall that call numbers, and where somebody sits."""
    taken = dict(
        WindowDuty.objects.filter(window__in=own_windows(viewer), ended_at__isnull=True).values_list("window", "staff")
    )
    kinds = {kind for queue in Queue.objects.filter(hall=own_hall(viewer)) for kind in queue.window_kinds}
    return [
        WindowView(one.number, Words(one.name, one.name_en), one.pk in taken, taken.get(one.pk) == viewer.staff_id)
        for one in own_windows(viewer)
        if kinds.intersection(one.kinds)
    ]


def ticket_at_window(viewer: Viewer, *, now: datetime) -> WindowTicket | None:
    """Return whom the clerk has called or is serving now; None for everybody else, or with nobody there."""
    duty = own_duty(viewer).first()
    held = own_tickets(viewer).filter(window=duty.window, state__in=AT_WINDOW) if duty else own_tickets(viewer).none()
    row = held.select_related(*_WITH).first()
    return _window_ticket(row, now) if row else None


_WITH = ("queue", "appointment__party", "appointment__represented", "appointment__application")


def line_at_window(viewer: Viewer, *, now: datetime) -> list[WindowTicket]:
    """Return whom the clerk's window calls, in order; without a window, everybody waiting in the hall."""
    day = timezone.localdate(now)
    duty = own_duty(viewer).first()
    if duty:
        return [_window_ticket(row, now) for row in line_of_window(duty.window, day, now)]
    hall = own_hall(viewer)
    queues = Queue.objects.filter(hall=hall)
    return [_window_ticket(row, now) for row in in_order(queues, hall_rules(policy_of(hall.pk, day)), day, now)]


def set_aside_today(viewer: Viewer, *, now: datetime) -> list[WindowTicket]:
    """Return who was passed over or did not come today, newest first: they may be called back."""
    rows = own_tickets(viewer).filter(day=timezone.localdate(now), state__in=SET_ASIDE)
    return [_window_ticket(row, now) for row in rows.select_related(*_WITH).order_by("-called_at")[:20]]


def last_served(viewer: Viewer, *, now: datetime) -> TicketView | None:
    """Return the last ticket finished at the clerk's window today, for the second screen."""
    duty = own_duty(viewer).first()
    if duty is None:
        return None
    done = own_tickets(viewer).filter(
        window=duty.window, clerk_id=viewer.staff_id, day=timezone.localdate(now), state=TicketState.DONE
    )
    row = done.order_by("-finished_at").first()
    return ticket_by_code(row.code, now=now) if row else None


def _window_ticket(row: QueueTicket, now: datetime) -> WindowTicket:
    booked = row.appointment
    until = row.first_called_at or now
    return WindowTicket(
        public_id=row.public_id,
        code=row.code,
        label=row.label,
        queue_id=row.queue.public_id,
        queue_name=Words(row.queue.name, row.queue.name_en),
        state=TicketState(row.state),
        joined_at=row.joined_at,
        waited_minutes=int((until - row.joined_at).total_seconds() // 60),
        priority=Priority(row.priority),
        calls=row.calls,
        called_at=row.called_at,
        serving_at=row.serving_at,
        transfers=row.transfers,
        is_late=row.is_late,
        appointment_at=booked.starts_at if booked else None,
        party_public_id=booked.party.public_id if booked and booked.party else None,
        represented_public_id=booked.represented.public_id if booked and booked.represented else None,
        application_id=booked.application.public_id if booked and booked.application else None,
        need_key=booked.need_key if booked else "",
        need=booked.need if booked else "",
        language=booked.language if booked else "",
        wish=booked.wish if booked else "",
    )
