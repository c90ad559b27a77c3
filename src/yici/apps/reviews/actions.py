"""What may be done to reviews, in one place to call: give, invite, handle, contest, publish, sweep."""

from yici.apps.reviews.giving import Detail, Given, add_detail, give_for_case, give_for_ticket, give_for_visit
from yici.apps.reviews.handling import (
    answer_call_back,
    call_back,
    contact,
    contest,
    decide_contest,
    look_at_contact,
    more_time,
    open_ticket,
    publish_excerpt,
    rectify,
)
from yici.apps.reviews.inviting import enter, give_by_link, invite
from yici.apps.reviews.supervision import sweep

__all__ = [
    "Detail",
    "Given",
    "add_detail",
    "answer_call_back",
    "call_back",
    "contact",
    "contest",
    "decide_contest",
    "enter",
    "give_by_link",
    "give_for_case",
    "give_for_ticket",
    "give_for_visit",
    "invite",
    "look_at_contact",
    "more_time",
    "open_ticket",
    "publish_excerpt",
    "rectify",
    "sweep",
]
