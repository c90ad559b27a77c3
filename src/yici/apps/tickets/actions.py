"""What may be done to tickets, in one place to call: file, dispatch, handle, follow up, merge, supervise, seal."""

from yici.apps.tickets.calls import EndOfCall, Taken, classify, take_call
from yici.apps.tickets.correspondence import add_words, attach, attach_for_person, look_at_contact, write_message
from yici.apps.tickets.dispatching import (
    Proposal,
    answer_at_once,
    arbitrate,
    dispatch,
    end,
    refuse_return,
    triage,
)
from yici.apps.tickets.filing import Filed, Links, file
from yici.apps.tickets.following_up import (
    Outcome,
    answer_follow_up,
    close_unreached,
    record_attempt,
    record_follow_up,
    reopen,
    withdraw,
)
from yici.apps.tickets.handling import (
    ask_co_handler,
    ask_more_time,
    record_contact,
    release_part,
    reply,
    report_part,
    review_reply,
    send_back,
    settle_more_time,
    sign,
)
from yici.apps.tickets.learning import ask_retrain, roll_back
from yici.apps.tickets.matters import merge, unmerge
from yici.apps.tickets.routing import recuse, set_duty
from yici.apps.tickets.sealing import appoint_keeper, end_keeper, open_identity
from yici.apps.tickets.supervising import (
    contest_card,
    explain_card,
    issue_card,
    lift,
    settle_contest,
    supervise,
    supervise_case,
)
from yici.apps.tickets.sweeping import sweep
from yici.apps.tickets.texting.links import LinkIsOver, judge

__all__ = [
    "EndOfCall",
    "Filed",
    "LinkIsOver",
    "Links",
    "Outcome",
    "Proposal",
    "Taken",
    "add_words",
    "answer_at_once",
    "answer_follow_up",
    "appoint_keeper",
    "arbitrate",
    "ask_co_handler",
    "ask_more_time",
    "ask_retrain",
    "attach",
    "attach_for_person",
    "classify",
    "close_unreached",
    "contest_card",
    "dispatch",
    "end",
    "end_keeper",
    "explain_card",
    "file",
    "issue_card",
    "judge",
    "lift",
    "look_at_contact",
    "merge",
    "open_identity",
    "record_attempt",
    "record_contact",
    "record_follow_up",
    "recuse",
    "refuse_return",
    "release_part",
    "reopen",
    "reply",
    "report_part",
    "review_reply",
    "roll_back",
    "send_back",
    "set_duty",
    "settle_contest",
    "settle_more_time",
    "sign",
    "supervise",
    "supervise_case",
    "sweep",
    "take_call",
    "triage",
    "unmerge",
    "withdraw",
    "write_message",
]
