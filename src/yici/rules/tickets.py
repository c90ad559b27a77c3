"""Tickets: what kinds of voices there are, where each stands on its way, and which one clock runs there.

The way is 接收—派单—签收—办理—答复—审核—回访—办结 (济南市12345市民服务热线条例 art. 22–27). What may be done at each
place stands in ``ticket_moves``, how long it may take in ``ticket_limits``.
"""

from dataclasses import dataclass
from enum import IntEnum, StrEnum

from yici.rules.refusals import Refusal
from yici.rules.words import Words


class CannotHandleTicket(Refusal):
    """An act on a ticket that its place, its limits or its confidentiality do not allow."""


class TicketKind(StrEnum):
    """What somebody wants (济南 art. 14)."""

    CONSULT = "consult"
    HELP = "help"
    COMPLAINT = "complaint"
    REPORT = "report"
    SUGGESTION = "suggestion"
    PRAISE = "praise"

    @property
    def words(self) -> Words:
        """Return the kind as people say it."""
        return _KIND_WORDS[self]


_KIND_WORDS = {
    TicketKind.CONSULT: Words("咨询", "Question"),
    TicketKind.HELP: Words("求助", "Request for help"),
    TicketKind.COMPLAINT: Words("投诉", "Complaint"),
    TicketKind.REPORT: Words("举报", "Report of wrongdoing"),
    TicketKind.SUGGESTION: Words("建议", "Suggestion"),
    TicketKind.PRAISE: Words("表扬", "Praise"),
}


class TicketChannel(StrEnum):
    """By which way a voice came in; all end in the same ticket (规定 art. 42: one platform)."""

    PHONE = "phone"
    PORTAL = "portal"
    MOBILE = "mobile"
    KIOSK = "kiosk"
    HALL = "hall"
    EMAIL = "email"
    LETTER = "letter"
    IMPORT = "import"
    OPEN311 = "open311"
    REVIEW = "review"

    @property
    def words(self) -> Words:
        """Return the channel as lists show it."""
        return _CHANNEL_WORDS[self]


_CHANNEL_WORDS = {
    TicketChannel.PHONE: Words("电话", "Phone"),
    TicketChannel.PORTAL: Words("网站", "Portal"),
    TicketChannel.MOBILE: Words("手机", "Mobile"),
    TicketChannel.KIOSK: Words("自助终端", "Kiosk"),
    TicketChannel.HALL: Words("大厅", "Hall"),
    TicketChannel.EMAIL: Words("电子邮件", "E-mail"),
    TicketChannel.LETTER: Words("信件", "Letter"),
    TicketChannel.IMPORT: Words("批量导入", "Import"),
    TicketChannel.OPEN311: Words("Open311 接口", "Open311"),
    TicketChannel.REVIEW: Words("好差评", "Review"),
}


class Urgency(StrEnum):
    """How fast it must go; the two higher grades have limits in hours."""

    ORDINARY = "ordinary"
    URGENT = "urgent"
    CRITICAL = "critical"

    @property
    def words(self) -> Words:
        """Return the grade as lists show it."""
        return _URGENCY_WORDS[self]


_URGENCY_WORDS = {
    Urgency.ORDINARY: Words("一般", "Ordinary"),
    Urgency.URGENT: Words("紧急", "Urgent"),
    Urgency.CRITICAL: Words("特急", "Critical"),
}


class TicketState(StrEnum):
    """Where a ticket stands."""

    RECEIVED = "received"
    DISPATCHED = "dispatched"
    HANDLING = "handling"
    RETURNED = "returned"
    ARBITRATION = "arbitration"
    REPLIED = "replied"
    FOLLOW_UP = "follow_up"
    MERGED = "merged"
    CLOSED = "closed"

    @property
    def words(self) -> Words:
        """Return the state as the hotline and the unit read it."""
        return _STATE_WORDS[self]

    @property
    def is_open(self) -> bool:
        """Whether somebody still owes something."""
        return self is not TicketState.CLOSED

    @property
    def waits_for_answer(self) -> bool:
        """Whether the person has no answer yet: the whole time runs."""
        return self not in {TicketState.FOLLOW_UP, TicketState.CLOSED}


_STATE_WORDS = {
    TicketState.RECEIVED: Words("待派单", "To be dispatched"),
    TicketState.DISPATCHED: Words("待签收", "To be signed for"),
    TicketState.HANDLING: Words("办理中", "Being handled"),
    TicketState.RETURNED: Words("退单待核", "Returned, to be checked"),
    TicketState.ARBITRATION: Words("待裁定", "In arbitration"),
    TicketState.REPLIED: Words("待审核", "Reply to be reviewed"),
    TicketState.FOLLOW_UP: Words("待回访", "To be followed up"),
    TicketState.MERGED: Words("并案办理", "Handled with its matter"),
    TicketState.CLOSED: Words("办结", "Closed"),
}


class Ending(StrEnum):
    """Why a closed ticket is closed; how each is recorded stands in ``ticket_endings``."""

    ANSWERED_AT_ONCE = "answered_at_once"
    SETTLED = "settled"
    QUIET = "quiet"
    UNREACHED = "unreached"
    WITHDRAWN = "withdrawn"
    ABUSIVE = "abusive"
    OUT_OF_SCOPE = "out_of_scope"
    LEGAL_ROUTE = "legal_route"
    PETITION = "petition"
    DUPLICATE = "duplicate"
    EMERGENCY = "emergency"
    EXPLAINED = "explained"

    @property
    def words(self) -> Words:
        """Return the ending as the person reads it."""
        return _ENDING_WORDS[self]


_ENDING_WORDS = {
    Ending.ANSWERED_AT_ONCE: Words("当场答复", "Answered at once"),
    Ending.SETTLED: Words("办结，已回访", "Settled and followed up"),
    Ending.QUIET: Words("办结，来电人要求不回复", "Settled; no answer was wanted"),
    Ending.UNREACHED: Words("办结，多次回访未联系上", "Settled; the person could not be reached"),
    Ending.WITHDRAWN: Words("本人撤回", "Withdrawn by the person"),
    Ending.ABUSIVE: Words("终止：骚扰、侮辱或恶意占线", "Ended: abuse of the line"),
    Ending.OUT_OF_SCOPE: Words("终止：不属于承办单位职责范围", "Ended: outside the duties of government"),
    Ending.LEGAL_ROUTE: Words("终止：告知法定途径（复议、仲裁、诉讼等）", "Ended: referred to its legal route"),
    Ending.PETITION: Words("终止：已进入信访渠道", "Ended: a petition is being handled"),
    Ending.DUPLICATE: Words("终止：同一事项，无新情况、新理由", "Ended: the same matter with no new fact"),
    Ending.EMERGENCY: Words("已转110、119、120、122", "Passed to the emergency line"),
    Ending.EXPLAINED: Words("终止：依法已办理并作出书面说明", "Ended: handled by law and explained in writing"),
}
# Closed with an answer: within the window the person may object (济南 art. 16).
ANSWERED = frozenset({Ending.ANSWERED_AT_ONCE, Ending.SETTLED, Ending.QUIET, Ending.UNREACHED})


class Level(IntEnum):
    """How hard a unit is supervised: 日常督办 → 挂牌督办 → 约谈."""

    NONE = 0
    DAILY = 1
    LISTED = 2
    INTERVIEW = 3

    @property
    def words(self) -> Words:
        """Return the level as lists show it."""
        return _LEVEL_WORDS[self]

    @property
    def higher(self) -> "Level":
        """Return the next level; the highest stays."""
        return Level(min(self + 1, Level.INTERVIEW))


_LEVEL_WORDS = {
    Level.NONE: Words("未督办", "Not supervised"),
    Level.DAILY: Words("日常督办", "Supervised"),
    Level.LISTED: Words("挂牌督办", "Listed"),
    Level.INTERVIEW: Words("约谈", "Interview"),
}


class ExtensionGround(StrEnum):
    """Why a unit needs more time; each at most once."""

    ORDINARY = "ordinary"
    LAW = "law"  # a law sets a longer time (济南 art. 24(1)(2))
    OBJECTIVE = "objective"  # cannot be solved for now: measures and an explicit day (济南 art. 24(1)(3))

    @property
    def words(self) -> Words:
        """Return the ground as the approval shows it."""
        return _GROUND_WORDS[self]


_GROUND_WORDS = {
    ExtensionGround.ORDINARY: Words("情况复杂", "Complex"),
    ExtensionGround.LAW: Words("法律、法规、规章规定的期限更长", "A law sets a longer time"),
    ExtensionGround.OBJECTIVE: Words("受客观条件限制暂时无法解决", "Circumstances forbid a solution for now"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where one ticket stands: all that decides what may be done next.

    ``unit`` is the responsible organisation, None while it lies with the hotline itself; ``leader`` the ticket that is
    handled for this one, and ``before`` how it stood when they were merged, so that parting again loses nothing.
    """

    state: TicketState = TicketState.RECEIVED
    unit: int | None = None
    returned_by: tuple[int, ...] = ()
    bound: bool = False  # an arbitration has decided: nobody may return it any more
    extensions: frozenset[ExtensionGround] = frozenset()
    asked: ExtensionGround | None = None
    rehandlings: int = 0
    level: Level = Level.NONE
    leader: int | None = None
    before: "Standing | None" = None
    ending: Ending | None = None


def step_clock(standing: Standing) -> str | None:
    """Return the name of the one step clock that runs; None where the leader's runs instead, or nothing any more.

    >>> step_clock(Standing())
    'dispatch'
    """
    return _STEP_CLOCKS.get(standing.state)


_STEP_CLOCKS = {
    TicketState.RECEIVED: "dispatch",
    TicketState.DISPATCHED: "sign",
    TicketState.HANDLING: "handle",
    TicketState.RETURNED: "return_review",
    TicketState.ARBITRATION: "arbitration",
    TicketState.REPLIED: "review",
    TicketState.FOLLOW_UP: "follow_up",
}


def renews_handling(before: Standing, after: Standing) -> bool:
    """Whether a handling time begins anew: another unit has it, or it must be handled again.

    A refused reply, a refused return and a decision that leaves it where it was give nobody more time.
    """
    changed = after.unit is not None and after.unit != before.unit
    return changed or after.rehandlings > before.rehandlings


def holder(standing: Standing) -> int | None:
    """Return the one organisation that has to act now; None is the hotline of the region, or nobody once closed."""
    return standing.unit if standing.state in {TicketState.DISPATCHED, TicketState.HANDLING} else None
