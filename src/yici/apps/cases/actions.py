"""Everything that may be done to applications and cases, by whom it is done."""

from yici.apps.cases.acceptance_acts import (
    Ask,
    accept,
    refuse_acceptance,
    revoke_acceptance,
    send_correction,
    show_original,
    waive_paper,
)
from yici.apps.cases.applicant_acts import (
    add_paper,
    answer_correction,
    ask_the_hall,
    keep_scan,
    papers_of_draft,
    withdraw_application,
    write_message,
)
from yici.apps.cases.clock_acts import sweep
from yici.apps.cases.desk_acts import (
    close_check,
    decide,
    extend,
    finish_step,
    pause,
    put_back_step,
    resume,
    take_step,
    write_to_applicant,
)
from yici.apps.cases.hall_acts import answer_request, open_cases, take_request
from yici.apps.cases.papers import LARGEST_PAPER
from yici.apps.cases.submitting import facts_of_draft, submit
from yici.apps.cases.window_acts import accept_at_window, hand_over, show_at_window, waive_at_window

__all__ = [
    "LARGEST_PAPER",
    "Ask",
    "accept",
    "accept_at_window",
    "add_paper",
    "answer_correction",
    "answer_request",
    "ask_the_hall",
    "close_check",
    "decide",
    "extend",
    "facts_of_draft",
    "finish_step",
    "hand_over",
    "keep_scan",
    "open_cases",
    "papers_of_draft",
    "pause",
    "put_back_step",
    "refuse_acceptance",
    "resume",
    "revoke_acceptance",
    "send_correction",
    "show_at_window",
    "show_original",
    "submit",
    "sweep",
    "take_request",
    "take_step",
    "waive_at_window",
    "waive_paper",
    "withdraw_application",
    "write_message",
    "write_to_applicant",
]
