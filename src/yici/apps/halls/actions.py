"""Everything that may be done in a hall: appointments, tickets, windows, the hall itself."""

from yici.apps.halls.appointment_acts import Wishes, book, cancel, move
from yici.apps.halls.hall_acts import close_days, open_queues, set_exception
from yici.apps.halls.ticket_acts import check_in, take_ticket
from yici.apps.halls.window_acts import (
    call_again,
    call_next,
    close_window,
    finish,
    no_show,
    open_window,
    pause_window,
    recall,
    resume_window,
    skip,
    start_serving,
    transfer,
)

__all__ = [
    "Wishes",
    "book",
    "call_again",
    "call_next",
    "cancel",
    "check_in",
    "close_days",
    "close_window",
    "finish",
    "move",
    "no_show",
    "open_queues",
    "open_window",
    "pause_window",
    "recall",
    "resume_window",
    "set_exception",
    "skip",
    "start_serving",
    "take_ticket",
    "transfer",
]
