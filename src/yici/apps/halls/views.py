"""Tickets, appointments and lines of a hall as pages show them."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from yici.apps.places.queries import HallView
from yici.rules.appointments import AppointmentState, Slot
from yici.rules.queues import Priority, TicketState, WaitRange
from yici.rules.words import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketView:
    """A ticket as its holder sees it; ``before`` counts people, ``wait`` is None while no window is open."""

    public_id: UUID
    code: str
    label: str
    queue_name: Words
    hall: HallView
    state: TicketState
    joined_at: datetime
    priority: Priority
    appointment_at: datetime | None
    is_late: bool
    window: int | None
    called_at: datetime | None
    before: int
    wait: WaitRange | None
    was_served_today: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowTicket:
    """A ticket as the clerk sees it. ``party_public_id`` and what follows only where an appointment says so."""

    public_id: UUID
    code: str
    label: str
    queue_id: UUID
    queue_name: Words
    state: TicketState
    joined_at: datetime
    waited_minutes: int
    priority: Priority
    calls: int
    called_at: datetime | None
    serving_at: datetime | None
    transfers: int
    is_late: bool
    appointment_at: datetime | None
    party_public_id: UUID | None
    represented_public_id: UUID | None
    application_id: UUID | None
    need_key: str
    need: str
    language: str
    wish: str


@dataclass(frozen=True, slots=True)
class WindowView:
    """One window of a hall: its number, name, and whether somebody sits there."""

    number: int
    name: Words
    is_taken: bool
    is_mine: bool


@dataclass(frozen=True, slots=True)
class DutyView:
    """Where the clerk sits now."""

    window: int
    name: Words
    is_paused: bool
    hall: HallView


@dataclass(frozen=True, slots=True)
class QueueView:
    """One queue of a hall, with how many wait in it and how long a newcomer would."""

    public_id: UUID
    letter: str
    name: Words
    serves: Words
    takes_appointments: bool
    waiting: int
    wait: WaitRange | None


@dataclass(frozen=True, slots=True)
class CalledNumber:
    """One number on the screen of the hall."""

    label: str
    window: int
    is_new: bool


@dataclass(frozen=True, slots=True)
class Board:
    """The screen of the waiting hall: numbers and windows, never a name."""

    hall: HallView
    called: tuple[CalledNumber, ...]
    queues: tuple[QueueView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AppointmentView:
    """An appointment as the person or the hall sees it."""

    public_id: UUID
    reference: str
    hall: HallView
    queue_id: UUID
    queue_name: Words
    starts_at: datetime
    minutes: int
    state: AppointmentState
    need: str
    need_key: str
    application_id: UUID | None
    is_accessible: bool
    wish: str
    language: str
    moves: int
    name: str
    phone: str
    ticket_code: str


@dataclass(frozen=True, slots=True)
class SlotDay:
    """The times of one day."""

    day: date
    slots: tuple[Slot, ...]

    @property
    def free(self) -> int:
        """How many places the day has left."""
        return sum(slot.free for slot in self.slots)
