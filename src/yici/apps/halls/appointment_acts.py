"""What may be done with appointments: book, move, cancel."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from yici.apps.cases.models import Application
from yici.apps.halls.hours import open_spans, policy_of
from yici.apps.halls.jurisdiction import own_appointments, own_hall_id
from yici.apps.halls.models import Appointment, Queue
from yici.apps.halls.slots import taken_at
from yici.apps.journal import actions as journal
from yici.apps.people.viewers import Viewer
from yici.rules.appointments import AppointmentState, slots
from yici.rules.queues import CannotQueue


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What somebody wants to do and needs to be served well; ``name`` and ``phone`` only for a caller without account.

    ``need_key`` is the key of a life event or an item, ``application_id`` the public id of an application of his.
    """

    need: str = ""
    need_key: str = ""
    application_id: UUID | None = None
    language: str = "zh"
    is_accessible: bool = False
    wish: str = ""
    name: str = ""
    phone: str = ""


@transaction.atomic
def book(*, queue_id: UUID, starts_at: datetime, wishes: Wishes, by: Viewer, now: datetime) -> UUID:
    """Book a time and return the public id of the appointment.

    A person books for himself or whom he acts for; a clerk books in his own hall for a caller, with name and phone.
    Raises CannotQueue for a time that is not free, Queue.DoesNotExist.
    """
    queue = Queue.objects.select_for_update().get(public_id=queue_id)
    _check_who_books(queue, wishes, by)
    _check_free(queue, starts_at, now)
    row = Appointment(
        queue=queue,
        starts_at=starts_at,
        party_id=None if by.is_staff else by.party_id,
        represented_id=None if by.is_staff else by.acting_for_id,
        application=_application(wishes, by),
        name=wishes.name.strip()[:60] if by.is_staff else "",
        phone=wishes.phone.strip()[:20] if by.is_staff else "",
        need=wishes.need.strip()[:200],
        need_key=wishes.need_key[:80],
        language="en" if wishes.language == "en" else "zh",
        wish=wishes.wish.strip()[:300],
        is_accessible=wishes.is_accessible,
        booked_at=now,
        booked_by=by.label,
    )
    _save(row)
    facts = {"queue": queue.letter, "starts_at": starts_at.isoformat()}
    journal.record("appointment.booked", subject=str(row), by=by.label, now=now, facts=facts)
    return row.public_id


def _check_who_books(queue: Queue, wishes: Wishes, by: Viewer) -> None:
    if by.is_staff:
        if queue.hall_id != own_hall_id(by):
            raise Queue.DoesNotExist
        if not (wishes.name.strip() and wishes.phone.strip()):
            raise CannotQueue(zh="请填写来电人的姓名和电话。", en="Write down the caller's name and phone number.")
    elif by.party_id is None:
        raise CannotQueue(
            zh="请先登录再预约；不便登录时可拨打12345预约。", en="Sign in to book, or call 12345 to book by phone."
        )


def _application(wishes: Wishes, by: Viewer) -> Application | None:
    """Return the application an appointment is for, only when it is the person's own."""
    if wishes.application_id is None:
        return None
    return Application.objects.filter(public_id=wishes.application_id, applicant_id=by.party_id or 0).first()


def _save(row: Appointment) -> None:
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as twice:
        raise CannotQueue(
            zh="您在这一时间已有预约。请换一个时间，或先取消原来的预约。",
            en="You already have an appointment at this time. Choose another time, or cancel that one first.",
        ) from twice


def _check_free(queue: Queue, starts_at: datetime, now: datetime) -> None:
    """Raise CannotQueue unless the time is offered and has a place left; the queue's row is locked by the caller."""
    policy = policy_of(queue.hall_id, timezone.localdate(now))
    day = timezone.localdate(starts_at)
    after = now + timedelta(minutes=policy.booking_notice_minutes)
    last = timezone.localdate(now) + timedelta(days=policy.booking_days)
    offered = slots(
        day,
        open_spans(queue.hall_id, day, day)[day] if timezone.localdate(now) <= day <= last else (),
        minutes=queue.slot_minutes,
        places=queue.places_per_slot,
        taken=taken_at(queue, day, day),
        after=after,
        zone=timezone.get_default_timezone(),
    )
    if not any(slot.starts_at == starts_at and slot.free for slot in offered):
        raise CannotQueue(
            zh="这个时间已约满，或不在可预约时间内。请另选一个时间；不预约也可以当天取号办理。",
            en="This time is full or not offered. Choose another; you may also come without one and take a number.",
        )


@transaction.atomic
def move(*, appointment_id: UUID, starts_at: datetime, by: Viewer, now: datetime) -> None:
    """Move a booked appointment to another time of the same queue. Raises CannotQueue, Appointment.DoesNotExist."""
    known: Appointment = own_appointments(by).get(public_id=appointment_id)
    # The queue first, then the appointment: the same order as booking, so that two moves never wait for each other.
    queue = Queue.objects.select_for_update().get(pk=known.queue_id)
    row = _booked(by, appointment_id)
    if starts_at == row.starts_at:
        return
    _check_free(queue, starts_at, now)
    row.starts_at, row.moves = starts_at, row.moves + 1
    _save(row)
    facts = {"starts_at": starts_at.isoformat()}
    journal.record("appointment.moved", subject=str(row), by=by.label, now=now, facts=facts)


@transaction.atomic
def cancel(*, appointment_id: UUID, by: Viewer, now: datetime) -> None:
    """Cancel a booked appointment; its place is free at once. Raises CannotQueue, Appointment.DoesNotExist."""
    row = _booked(by, appointment_id)
    row.state, row.closed_at = AppointmentState.CANCELLED, now
    row.save(update_fields=["state", "closed_at"])
    journal.record("appointment.cancelled", subject=str(row), by=by.label, now=now)


def _booked(by: Viewer, appointment_id: UUID) -> Appointment:
    row: Appointment = own_appointments(by).select_for_update(of=("self",)).get(public_id=appointment_id)
    if row.state != AppointmentState.BOOKED:
        state = AppointmentState(row.state).words
        raise CannotQueue(
            zh=f"这个预约{state.zh}，不能再改。需要时请另约时间。",
            en=f"This appointment is '{state.en}' and cannot be changed any more. Book another one if you need it.",
        )
    return row
