"""The course of a referral: drafted, sent, registered, assigned, answered, accepted or redone, followed, closed.

One clock runs from the day it was sent until there is an answer. The law counts from the hand-over to the unit; the day
of sending is never later, so nobody gains time by leaving a referral unregistered. Who is not content with the answer
has it redone, once.
"""

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from yici.rules.codes import RegionCode
from yici.rules.law_parameters import LawParameter, parameter
from yici.rules.periods import last_day
from yici.rules.referrals import CannotRefer
from yici.rules.words import Words
from yici.rules.working_days import Calendar


class ReferralState(StrEnum):
    """Where a referral stands, in the order of its course."""

    DRAFTED = "drafted"
    SENT = "sent"
    REGISTERED = "registered"
    ASSIGNED = "assigned"
    ANSWERED = "answered"
    ACCEPTED = "accepted"
    FOLLOWED = "followed"
    CLOSED = "closed"

    @property
    def words(self) -> Words:
        """Return the state as lists show it."""
        return _STATES[self]

    @property
    def awaits_answer(self) -> bool:
        """Whether somebody owes an answer, so that the clock runs."""
        return self in WAITING


WAITING = frozenset({ReferralState.SENT, ReferralState.REGISTERED, ReferralState.ASSIGNED})
_STATES = {
    ReferralState.DRAFTED: Words("草拟", "Drafted"),
    ReferralState.SENT: Words("已送出，待登记", "Sent, to be registered"),
    ReferralState.REGISTERED: Words("已登记，待交办", "Registered, to be assigned"),
    ReferralState.ASSIGNED: Words("已交办，待答复", "Assigned, to be answered"),
    ReferralState.ANSWERED: Words("已答复", "Answered"),
    ReferralState.ACCEPTED: Words("认可答复，待落实", "Accepted, to be followed through"),
    ReferralState.FOLLOWED: Words("已落实", "Followed through"),
    ReferralState.CLOSED: Words("已办结", "Closed"),
}


class ReferralAct(StrEnum):
    """What is done to a referral."""

    DRAFT = "draft"
    SEND = "send"
    REGISTER = "register"
    ASSIGN = "assign"
    MORE_TIME = "more_time"
    ANSWER = "answer"
    ACCEPT = "accept"
    REDO = "redo"
    LINK = "link"
    FOLLOW = "follow"
    CLOSE = "close"

    @property
    def words(self) -> Words:
        """Return the act as the history shows it."""
        return _ACTS[self]


_ACTS = {
    ReferralAct.DRAFT: Words("草拟", "Drafted"),
    ReferralAct.SEND: Words("送出", "Sent"),
    ReferralAct.REGISTER: Words("登记编号", "Registered"),
    ReferralAct.ASSIGN: Words("交办", "Assigned"),
    ReferralAct.MORE_TIME: Words("定为难办，延至六个月", "Found to be hard: six months"),
    ReferralAct.ANSWER: Words("答复", "Answered"),
    ReferralAct.ACCEPT: Words("认可答复", "Answer accepted"),
    ReferralAct.REDO: Words("不满意，重新办理", "Not content: to be done again"),
    ReferralAct.LINK: Words("关联落实的修订或数据", "Linked with what carries it out"),
    ReferralAct.FOLLOW: Words("已施行，逐一告知诉求人", "In force: everybody who raised it is told"),
    ReferralAct.CLOSE: Words("办结", "Closed"),
}


class Limit(StrEnum):
    """Which period a referral's clock runs for; the values are the names of the law parameters."""

    ANSWER = "referral_answer"
    HARD = "referral_answer_hard"
    REDO = "referral_redo"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where one referral stands. ``begun_on`` and ``limit`` are its one clock; ``linked``: to what carries it out."""

    state: ReferralState = ReferralState.DRAFTED
    begun_on: date | None = None
    limit: Limit | None = None
    docket: str = ""
    redone: bool = False
    linked: bool = False


@dataclass(frozen=True, slots=True)
class Limits:
    """The numbers of the law that hold in a region, and the calendar."""

    region: RegionCode
    table: tuple[LawParameter, ...]
    calendar: Calendar

    def due_on(self, begun_on: date, limit: Limit) -> date:
        """Return the last day of a period that begins on a day (Civil Code art. 201-203)."""
        return last_day(parameter(limit, self.region, begun_on, self.table).period, begun_on, self.calendar)


def due_on(standing: Standing, limits: Limits) -> date | None:
    """Return until when an answer was or is owed; None before it was sent."""
    if standing.begun_on is None or standing.limit is None:
        return None
    return limits.due_on(standing.begun_on, standing.limit)


def is_late(state: ReferralState, due: date | None, today: date) -> bool:
    """Whether an answer is owed and its time is over."""
    return state.awaits_answer and due is not None and due < today


# From where each act may be done. What is linked and not yet in force is not closed: people would never be told.
_FROM: dict[ReferralAct, frozenset[ReferralState]] = {
    ReferralAct.DRAFT: frozenset(),
    ReferralAct.SEND: frozenset({ReferralState.DRAFTED}),
    ReferralAct.REGISTER: frozenset({ReferralState.SENT}),
    ReferralAct.ASSIGN: frozenset({ReferralState.REGISTERED, ReferralState.ASSIGNED}),
    ReferralAct.MORE_TIME: frozenset({ReferralState.REGISTERED, ReferralState.ASSIGNED}),
    ReferralAct.ANSWER: frozenset({ReferralState.ASSIGNED}),
    ReferralAct.ACCEPT: frozenset({ReferralState.ANSWERED}),
    ReferralAct.REDO: frozenset({ReferralState.ANSWERED}),
    ReferralAct.LINK: frozenset({ReferralState.ANSWERED, ReferralState.ACCEPTED}),
    ReferralAct.FOLLOW: frozenset({ReferralState.ANSWERED, ReferralState.ACCEPTED}),
    ReferralAct.CLOSE: frozenset(
        {ReferralState.DRAFTED, ReferralState.ANSWERED, ReferralState.ACCEPTED, ReferralState.FOLLOWED}
    ),
}


def may(standing: Standing, act: ReferralAct) -> bool:
    """Whether the course allows an act now, whoever does it; the time of its clock aside."""
    if standing.state not in _FROM[act]:
        return False
    match act:
        case ReferralAct.MORE_TIME:
            return standing.limit is Limit.ANSWER
        case ReferralAct.REDO:
            return not standing.redone and not standing.linked
        case ReferralAct.FOLLOW:
            return standing.linked
        case ReferralAct.CLOSE:
            return _may_close(standing)
        case _:
            return True


def _may_close(standing: Standing) -> bool:
    """Whether nothing is left to do: an answer that was not accepted is redone first (浙江办法 art. 43)."""
    if standing.state is ReferralState.ANSWERED:
        return standing.redone and not standing.linked
    return standing.state is not ReferralState.ACCEPTED or not standing.linked


def possible_acts(standing: Standing) -> tuple[ReferralAct, ...]:
    """Return what the course allows now."""
    return tuple(act for act in ReferralAct if may(standing, act))


def decide(standing: Standing, act: ReferralAct, *, on: date, limits: Limits, docket: str = "") -> Standing:
    """Return where a referral stands after an act on a local day. Raises CannotRefer."""
    if not may(standing, act):
        raise CannotRefer(
            zh=f"现在是“{standing.state.words.zh}”，不能“{act.words.zh}”。请刷新页面查看可做的事。",
            en=f"It is '{standing.state.words.en}' now, so '{act.words.en}' is not possible. Reload the page.",
        )
    match act:
        case ReferralAct.SEND:
            return replace(standing, state=ReferralState.SENT, begun_on=on, limit=Limit.ANSWER)
        case ReferralAct.REGISTER:
            return replace(standing, state=ReferralState.REGISTERED, docket=_docket(docket))
        case ReferralAct.MORE_TIME:
            return _with_more_time(standing, on, limits)
        case ReferralAct.REDO:
            return replace(standing, state=ReferralState.ASSIGNED, begun_on=on, limit=Limit.REDO, redone=True)
        case ReferralAct.LINK:
            return replace(standing, linked=True)
        case _:
            return replace(standing, state=_INTO[act])


_INTO = {
    ReferralAct.ASSIGN: ReferralState.ASSIGNED,
    ReferralAct.ANSWER: ReferralState.ANSWERED,
    ReferralAct.ACCEPT: ReferralState.ACCEPTED,
    ReferralAct.FOLLOW: ReferralState.FOLLOWED,
    ReferralAct.CLOSE: ReferralState.CLOSED,
}


def _docket(docket: str) -> str:
    if not docket.strip():
        raise CannotRefer(zh="登记须有编号。", en="A registration has a docket number.")
    return docket.strip()


def _with_more_time(standing: Standing, on: date, limits: Limits) -> Standing:
    """Six months instead of three, counted from the same day; what is late already is not made timely."""
    if is_late(standing.state, due_on(standing, limits), on):
        raise CannotRefer(
            zh="三个月已过，不能再定为难办。请尽快答复；逾期会一直显示在驾驶舱。",
            en="The three months are over: it cannot be found hard any more. Answer it; until then it stays on the "
            "cockpit as late.",
        )
    return replace(standing, limit=Limit.HARD)
