"""What a clerk does at a window: sit down, pause, call, serve, pass over, move on, finish."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Case, When
from django.utils import timezone

from yici.apps.halls.hours import hall_rules, policy_of
from yici.apps.halls.jurisdiction import own_duty, own_queues, own_tickets, own_windows
from yici.apps.halls.lines import line_of_window, queues_of_window
from yici.apps.halls.models import Appointment, Queue, QueueTicket, WindowDuty
from yici.apps.journal import actions as journal
from yici.apps.people.viewers import Viewer
from yici.apps.places.models import Window
from yici.rules.appointments import AppointmentState
from yici.rules.queues import AT_WINDOW, IN_LINE, CannotQueue, QueueAct, TicketState, check_no_show, state_after

_TRIES, _FIRST = 3, 40


@transaction.atomic
def open_window(*, number: int, by: Viewer, now: datetime) -> None:
    """Sit down at a window of one's own hall. Raises CannotQueue, Window.DoesNotExist."""
    window = own_windows(by).get(number=number)
    try:
        with transaction.atomic():
            WindowDuty.objects.create(window=window, staff_id=by.staff_id or 0, began_at=now)
    except IntegrityError as taken:
        raise CannotQueue(
            zh="这个窗口已有人值守，或您已在另一个窗口。请换一个窗口，或先停止办理。",
            en="Somebody sits at this window, or you sit at another one. Choose another, or close yours first.",
        ) from taken
    _note_window("halls.window_opened", window, by, now)


@transaction.atomic
def pause_window(*, by: Viewer, now: datetime) -> None:
    """Stop calling for a while; who is being served stays. Again is harmless. Raises CannotQueue."""
    duty = _duty(by)
    duty.paused_at = duty.paused_at or now
    duty.save(update_fields=["paused_at"])
    _note_window("halls.window_paused", duty.window, by, now)


@transaction.atomic
def resume_window(*, by: Viewer, now: datetime) -> None:
    """Go on calling. Raises CannotQueue."""
    duty = _duty(by)
    duty.paused_at = None
    duty.save(update_fields=["paused_at"])
    _note_window("halls.window_resumed", duty.window, by, now)


@transaction.atomic
def close_window(*, by: Viewer, now: datetime) -> None:
    """Leave the window. Raises CannotQueue while somebody is called or served there."""
    duty = _duty(by)
    _check_hands_free(duty)
    duty.ended_at = now
    duty.save(update_fields=["ended_at"])
    _note_window("halls.window_closed", duty.window, by, now)


def _note_window(kind: str, window: Window, by: Viewer, now: datetime) -> None:
    facts = {"window": window.number}
    journal.record(kind, subject=f"hall:{window.hall.public_id}", by=by.label, now=now, facts=facts)


def _duty(by: Viewer) -> WindowDuty:
    """Return where the clerk sits, locked: pressing twice at once is one press after the other."""
    duty = own_duty(by).select_for_update(of=("self",)).first()
    if duty is None:
        raise CannotQueue(zh="请先选择您的窗口，再叫号。", en="Choose your window first, then call.")
    return duty


def _check_hands_free(duty: WindowDuty) -> None:
    held = QueueTicket.objects.filter(window=duty.window, state__in=AT_WINDOW).first()
    if held is not None:
        raise CannotQueue(
            zh=f"{held.label}号还在您的窗口。请先办结、过号或转出。",
            en=f"{held.label} is still at your window. Finish it, pass it over or move it first.",
        )


@transaction.atomic
def call_next(*, by: Viewer, now: datetime) -> str:
    """Call whoever is next for the clerk's window and return the number.

    Two windows that press at once get different tickets: a row that the other one has locked is skipped, and the next
    in the same order is taken. Raises CannotQueue with nobody waiting, a pause, or a ticket still in hand.
    """
    duty = _duty(by)
    if duty.paused_at is not None:
        raise CannotQueue(zh="窗口已暂停。请先恢复叫号。", en="Your window pauses. Resume it first.")
    _check_hands_free(duty)
    ticket = _next_for(duty.window, now)
    if ticket is None:
        raise CannotQueue(zh="现在没有人在等候。", en="Nobody is waiting at the moment.")
    _call(ticket, duty, QueueAct.CALL, by, now)
    return ticket.label


def _next_for(window: Window, now: datetime) -> QueueTicket | None:
    for _ in range(_TRIES):
        order = [row.pk for row in line_of_window(window, timezone.localdate(now), now)[:_FIRST]]
        if not order:
            return None
        places = Case(*(When(pk=key, then=place) for place, key in enumerate(order)))
        free = QueueTicket.objects.filter(pk__in=order, state__in=IN_LINE).order_by(places)
        if (found := free.select_for_update(skip_locked=True).first()) is not None:
            return found
    return None


def _call(ticket: QueueTicket, duty: WindowDuty, act: QueueAct, by: Viewer, now: datetime) -> None:
    ticket.state = state_after(act, TicketState(ticket.state))
    ticket.window, ticket.clerk_id, ticket.for_window = duty.window, by.staff_id, None
    ticket.calls = 1
    ticket.first_called_at = ticket.first_called_at or now
    ticket.called_at, ticket.finished_at = now, None
    ticket.save()
    _set_appointment(ticket, AppointmentState.ARRIVED, None)
    _note(ticket, act, by, now, {"window": duty.window.number})


def _note(ticket: QueueTicket, act: QueueAct, by: Viewer, now: datetime, facts: Mapping[str, object]) -> None:
    facts = {"number": ticket.label, **facts}
    journal.record(f"queue.{act}", subject=str(ticket), by=by.label, now=now, facts=facts)


@transaction.atomic
def recall(*, ticket_id: UUID, by: Viewer, now: datetime) -> str:
    """Call somebody back today who was passed over and turns up. Returns the number.

    Raises CannotQueue, QueueTicket.DoesNotExist.
    """
    duty = _duty(by)
    ticket: QueueTicket = own_tickets(by).select_for_update(of=("self",)).get(public_id=ticket_id)
    _check_hands_free(duty)
    if ticket.day != timezone.localdate(now):
        raise CannotQueue(zh="这是以前的号。请重新取号。", en="This number is of another day. Take a new one.")
    _call(ticket, duty, QueueAct.RECALL, by, now)
    return ticket.label


def _held(by: Viewer, ticket_id: UUID) -> QueueTicket:
    """Return a ticket at the clerk's own window, locked; of another hall it is not there."""
    duty = _duty(by)
    ticket: QueueTicket = own_tickets(by).select_for_update(of=("self",)).get(public_id=ticket_id)
    if ticket.window_id != duty.window_id and ticket.state in AT_WINDOW:
        raise CannotQueue(
            zh="这个号在别的窗口。请刷新页面后再试。", en="This number is at another window. Load the page again."
        )
    return ticket


@transaction.atomic
def call_again(*, ticket_id: UUID, by: Viewer, now: datetime) -> None:
    """Call the same number once more. Raises CannotQueue, QueueTicket.DoesNotExist."""
    ticket = _held(by, ticket_id)
    ticket.state = state_after(QueueAct.CALL_AGAIN, TicketState(ticket.state))
    ticket.calls, ticket.called_at = ticket.calls + 1, now
    ticket.save(update_fields=["state", "calls", "called_at"])
    _note(ticket, QueueAct.CALL_AGAIN, by, now, {"calls": ticket.calls})


@transaction.atomic
def start_serving(*, ticket_id: UUID, by: Viewer, now: datetime) -> None:
    """The person has come to the window. Raises CannotQueue, QueueTicket.DoesNotExist."""
    ticket = _held(by, ticket_id)
    ticket.state = state_after(QueueAct.START, TicketState(ticket.state))
    ticket.serving_at = now
    ticket.save(update_fields=["state", "serving_at"])
    _note(ticket, QueueAct.START, by, now, {})


@transaction.atomic
def skip(*, ticket_id: UUID, by: Viewer, now: datetime) -> None:
    """Pass a number over for now: whoever turns up later is called back. Raises CannotQueue."""
    ticket = _held(by, ticket_id)
    ticket.state = state_after(QueueAct.SKIP, TicketState(ticket.state))
    ticket.save(update_fields=["state"])
    _note(ticket, QueueAct.SKIP, by, now, {})


@transaction.atomic
def no_show(*, ticket_id: UUID, by: Viewer, now: datetime) -> None:
    """Record that nobody came, after as many calls and minutes as the hall's rules say. Raises CannotQueue."""
    ticket = _held(by, ticket_id)
    state = state_after(QueueAct.NO_SHOW, TicketState(ticket.state))
    rules = hall_rules(policy_of(ticket.hall_id, ticket.day))
    check_no_show(ticket.calls, ticket.called_at or now, rules, now)
    ticket.state, ticket.finished_at = state, now
    ticket.save(update_fields=["state", "finished_at"])
    _set_appointment(ticket, AppointmentState.MISSED, now)
    _note(ticket, QueueAct.NO_SHOW, by, now, {"calls": ticket.calls})


@transaction.atomic
def finish(*, ticket_id: UUID, by: Viewer, now: datetime) -> None:
    """The person has been served. Raises CannotQueue, QueueTicket.DoesNotExist."""
    ticket = _held(by, ticket_id)
    ticket.state = state_after(QueueAct.FINISH, TicketState(ticket.state))
    ticket.finished_at = now
    ticket.save(update_fields=["state", "finished_at"])
    _set_appointment(ticket, AppointmentState.SERVED, now)
    _note(ticket, QueueAct.FINISH, by, now, {})


def _set_appointment(ticket: QueueTicket, state: AppointmentState, closed_at: datetime | None) -> None:
    if ticket.appointment_id:
        Appointment.objects.filter(pk=ticket.appointment_id).update(state=state, closed_at=closed_at)


@transaction.atomic
def transfer(
    *, ticket_id: UUID, by: Viewer, now: datetime, queue_id: UUID | None = None, window_number: int | None = None
) -> None:
    """Move a ticket at one's window to another queue or to one window; it keeps its place of the day.

    Raises CannotQueue, and DoesNotExist for what is not in the clerk's hall.
    """
    ticket = _held(by, ticket_id)
    state = state_after(QueueAct.TRANSFER, TicketState(ticket.state))
    window = own_windows(by).get(number=window_number) if window_number else None
    queue = _target(ticket, own_queues(by).get(public_id=queue_id) if queue_id else None, window)
    if queue.pk == ticket.queue_id and window is None:
        raise CannotQueue(zh="它已在这个队列。请选择另一个。", en="It is in that queue. Choose another one.")
    ticket.state, ticket.queue, ticket.for_window = state, queue, window
    ticket.window = ticket.clerk = ticket.called_at = ticket.serving_at = None
    ticket.calls, ticket.transfers = 0, ticket.transfers + 1
    ticket.save()
    facts = {"queue": queue.letter, "to_window": window.number if window else None}
    _note(ticket, QueueAct.TRANSFER, by, now, facts)


def _target(ticket: QueueTicket, queue: Queue | None, window: Window | None) -> Queue:
    """Return the queue a moved ticket waits in: the chosen one, or one that the chosen window serves."""
    if window is None:
        return queue or ticket.queue
    if window.pk == ticket.window_id:
        raise CannotQueue(zh="它已经在您的窗口。请选择另一个窗口。", en="It is at your window. Choose another one.")
    served = list(queues_of_window(window))
    if not served:
        raise CannotQueue(zh="这个窗口不叫号。请选择另一个窗口。", en="That window calls nobody. Choose another one.")
    return next((one for one in served if one.pk == ticket.queue_id), served[0])
