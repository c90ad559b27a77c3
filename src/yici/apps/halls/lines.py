"""Reads the line of a hall: who waits, in which order they are called, how long it takes."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from django.db.models import F, Q, QuerySet

from yici.apps.halls.hours import hall_rules, policy_of
from yici.apps.halls.models import Queue, QueueTicket, WindowDuty
from yici.apps.places.models import Window
from yici.rules.queues import (
    IN_LINE,
    HallRules,
    Place,
    Priority,
    TicketState,
    Waiting,
    WaitRange,
    calling_order,
    expected_wait,
    overtakes,
)

# Enough to follow the pace of the last hour or two of a window; older ones say little about now.
_RECENT = 20
_LOW_COUNTER = "accessible"  # the kind of window with a low counter, a writing pad and voice (places.Window.kinds)


def queues_of_window(window: Window) -> QuerySet[Queue]:
    """Return the queues a window serves."""
    return Queue.objects.filter(hall_id=window.hall_id, window_kinds__overlap=window.kinds)


def duties_for(queue: Queue) -> QuerySet[WindowDuty]:
    """Return who sits now, and does not pause, at windows that serve a queue."""
    return WindowDuty.objects.filter(
        window__hall_id=queue.hall_id,
        window__kinds__overlap=queue.window_kinds,
        ended_at__isnull=True,
        paused_at__isnull=True,
    )


def in_order(
    queues: Iterable[Queue], rules: HallRules, day: date, now: datetime, *, low_counter: bool = False
) -> list[QueueTicket]:
    """Return the tickets of these queues in the order of calling."""
    tickets = QueueTicket.objects.filter(queue__in=queues, day=day).select_related("queue", "appointment")
    rows = {Place(row.joined_at, row.label): row for row in tickets.filter(state__in=IN_LINE)}
    called = sorted(
        Place(*one) for one in tickets.filter(first_called_at__isnull=False).values_list("joined_at", "label")
    )
    line = [_waiting(place, row, called) for place, row in rows.items()]
    return [rows[one.place] for one in calling_order(line, rules, now, low_counter=low_counter)]


def _waiting(place: Place, row: QueueTicket, called: Sequence[Place]) -> Waiting:
    appointment_at = row.appointment.starts_at if row.appointment else None
    return Waiting(place, Priority(row.priority), appointment_at, row.is_late, overtakes(place, called))


def line_of_window(window: Window, day: date, now: datetime) -> list[QueueTicket]:
    """Return whom this window may call, in order.

    A ticket moved to one window waits for it, and one that needs the low counter waits for that, as long as somebody
    sits there; otherwise any window of its queue takes it, so that nobody is forgotten.
    """
    rules = hall_rules(policy_of(window.hall_id, day))
    low_counter = _LOW_COUNTER in window.kinds
    order = in_order(queues_of_window(window), rules, day, now, low_counter=low_counter)
    staffed = WindowDuty.objects.filter(window__hall_id=window.hall_id, ended_at__isnull=True).exclude(window=window)
    elsewhere = {duty.window_id: duty.window.kinds for duty in staffed.select_related("window")}
    mine = [row for row in order if row.for_window_id not in elsewhere]
    if low_counter or not any(_LOW_COUNTER in kinds for kinds in elsewhere.values()):
        return mine
    return [row for row in mine if row.priority != Priority.ACCESSIBLE]


def queues_beside(queue: Queue) -> QuerySet[Queue]:
    """Return a queue with those that share windows with it: they wait for the same clerks."""
    return Queue.objects.filter(hall_id=queue.hall_id, window_kinds__overlap=queue.window_kinds)


def people_before(ticket: QueueTicket, day: date, now: datetime) -> int:
    """Return how many are called before a ticket that waits, by the order as it stands."""
    rules = hall_rules(policy_of(ticket.hall_id, day))
    order = in_order(queues_beside(ticket.queue), rules, day, now)
    return next((before for before, row in enumerate(order) if row.pk == ticket.pk), 0)


def wait_for(queue: Queue, before: int, day: date, now: datetime) -> WaitRange | None:
    """Return the range of minutes somebody with ``before`` people before him waits; None while no window is open."""
    usual = policy_of(queue.hall_id, day).usual_service_minutes
    return expected_wait(before, recent_service_minutes(queue, day), duties_for(queue).count(), usual)


def recent_service_minutes(queue: Queue, day: date) -> list[float]:
    """Return how long the last people of a queue were served today, in minutes."""
    served = QueueTicket.objects.filter(
        Q(state=TicketState.DONE), queue=queue, day=day, serving_at__isnull=False, finished_at__gt=F("serving_at")
    )
    spans = served.order_by("-finished_at").values_list("serving_at", "finished_at")[:_RECENT]
    return [(end - begin).total_seconds() / 60 for begin, end in spans if begin and end]
