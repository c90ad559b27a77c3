"""The acts on a ticket, in which part somebody acts, and what the record says meanwhile.

Where an act leads stands in ``ticket_moves``. Everything that depends on the clock comes in as ``Circumstances``.
"""

from dataclasses import dataclass
from enum import StrEnum

from yici.rules.tickets import Ending, ExtensionGround, TicketKind
from yici.rules.words import Words


class Side(StrEnum):
    """In which part somebody acts on a ticket."""

    PERSON = "person"
    CENTRE = "centre"  # the hotline of the region
    UNIT = "unit"  # the responsible organisation
    CLOCK = "clock"


class TicketAct(StrEnum):
    """The acts on one ticket. Merging and parting concern several and stand in ``matters``."""

    ANSWER_AT_ONCE = "answer_at_once"
    TRIAGE = "triage"
    DISPATCH = "dispatch"
    SIGN = "sign"
    CONTACT = "contact"
    SEND_BACK = "send_back"
    REFUSE_RETURN = "refuse_return"
    ARBITRATE = "arbitrate"
    SUB_DISPATCH = "sub_dispatch"
    ASK_EXTENSION = "ask_extension"
    EXTEND = "extend"
    REFUSE_EXTENSION = "refuse_extension"
    REPLY = "reply"
    APPROVE = "approve"
    REJECT = "reject"
    TRY_FOLLOW_UP = "try_follow_up"
    SATISFIED = "satisfied"
    DISSATISFIED = "dissatisfied"
    UNREACHED = "unreached"
    REOPEN = "reopen"
    SUPERVISE = "supervise"
    END = "end"

    @property
    def words(self) -> Words:
        """Return the act as a button says it."""
        return _WORDS[self]


_WORDS = {
    TicketAct.ANSWER_AT_ONCE: Words("当场答复", "Answer at once"),
    TicketAct.TRIAGE: Words("分类", "Classify"),
    TicketAct.DISPATCH: Words("派单", "Dispatch"),
    TicketAct.SIGN: Words("签收", "Sign for"),
    TicketAct.CONTACT: Words("联系来电人", "Contact the person"),
    TicketAct.SEND_BACK: Words("退单", "Return"),
    TicketAct.REFUSE_RETURN: Words("不同意退单", "Refuse the return"),
    TicketAct.ARBITRATE: Words("裁定", "Arbitrate"),
    TicketAct.SUB_DISPATCH: Words("加派协办", "Ask a co-handler"),
    TicketAct.ASK_EXTENSION: Words("申请延期", "Ask for more time"),
    TicketAct.EXTEND: Words("同意延期", "Extend"),
    TicketAct.REFUSE_EXTENSION: Words("不同意延期", "Refuse more time"),
    TicketAct.REPLY: Words("答复", "Reply"),
    TicketAct.APPROVE: Words("审核通过", "Approve the reply"),
    TicketAct.REJECT: Words("退回重办", "Send the reply back"),
    TicketAct.TRY_FOLLOW_UP: Words("回访未联系上", "Tried to follow up"),
    TicketAct.SATISFIED: Words("回访：已解决或未表示不满意", "Followed up"),
    TicketAct.DISSATISFIED: Words("回访：不满意", "Dissatisfied"),
    TicketAct.UNREACHED: Words("多次回访未联系上，办结", "Close: could not be reached"),
    TicketAct.REOPEN: Words("对结果有异议", "Object to the result"),
    TicketAct.SUPERVISE: Words("督办", "Supervise"),
    TicketAct.END: Words("终止", "End"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """What the record says besides the standing; ``in_time`` is about the limit that the act itself has.

    ``forbidden`` holds organisations that may never have the ticket: the accused one, those below it, those recused.
    """

    kind: TicketKind = TicketKind.COMPLAINT
    reason: str = ""
    to: int | None = None
    forbidden: frozenset[int] = frozenset()
    in_time: bool = True
    across: bool = False  # region against department
    contacted: bool = False
    reachable: bool = True  # a number or an address to contact is known
    wants_answer: bool = True
    open_parts: int = 0
    followers: int = 0
    attempts: int = 0
    attempts_needed: int = 3
    same_hand: bool = False  # the one who reviews has written the reply himself
    ground: ExtensionGround | None = None
    ending: Ending | None = None
