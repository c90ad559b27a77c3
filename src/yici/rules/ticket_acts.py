"""What can be done to a ticket: who may, from where to where, and what must be said.

``act`` is the one way a standing changes. Everything that depends on the clock comes in as ``Circumstances``.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum

from yici.rules.ticket_endings import ENDINGS
from yici.rules.tickets import (
    ANSWERED,
    CannotHandleTicket,
    Ending,
    ExtensionGround,
    Level,
    Standing,
    TicketKind,
    TicketState,
)
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


@dataclass(frozen=True, slots=True)
class _Move:
    sides: frozenset[Side]
    states: frozenset[TicketState]
    to: TicketState | None = None  # None: it stays where it is, or the act itself decides


_S = TicketState
_OPEN = frozenset(state for state in TicketState if state.is_open)
_WITH_UNIT = frozenset({_S.DISPATCHED, _S.HANDLING})


def _move(side: Side, states: frozenset[TicketState] | set[TicketState], to: TicketState | None = None) -> _Move:
    return _Move(frozenset({side}), frozenset(states), to)


MOVES: dict[TicketAct, _Move] = {
    TicketAct.ANSWER_AT_ONCE: _move(Side.CENTRE, {_S.RECEIVED}, _S.CLOSED),
    TicketAct.TRIAGE: _move(Side.CENTRE, _OPEN - {_S.FOLLOW_UP}),
    TicketAct.DISPATCH: _move(Side.CENTRE, {_S.RECEIVED, _S.RETURNED}, _S.DISPATCHED),
    TicketAct.SIGN: _move(Side.UNIT, {_S.DISPATCHED}, _S.HANDLING),
    TicketAct.CONTACT: _move(Side.UNIT, {_S.HANDLING}),
    TicketAct.SEND_BACK: _move(Side.UNIT, _WITH_UNIT),
    TicketAct.REFUSE_RETURN: _move(Side.CENTRE, {_S.RETURNED}, _S.HANDLING),
    TicketAct.ARBITRATE: _move(Side.CENTRE, {_S.ARBITRATION}, _S.DISPATCHED),
    TicketAct.SUB_DISPATCH: _Move(frozenset({Side.CENTRE, Side.UNIT}), _WITH_UNIT),
    TicketAct.ASK_EXTENSION: _move(Side.UNIT, {_S.HANDLING}),
    TicketAct.EXTEND: _move(Side.CENTRE, {_S.HANDLING}),
    TicketAct.REFUSE_EXTENSION: _move(Side.CENTRE, {_S.HANDLING}),
    TicketAct.REPLY: _move(Side.UNIT, {_S.HANDLING}, _S.REPLIED),
    TicketAct.APPROVE: _move(Side.CENTRE, {_S.REPLIED}, _S.FOLLOW_UP),
    TicketAct.REJECT: _move(Side.CENTRE, {_S.REPLIED}, _S.HANDLING),
    TicketAct.TRY_FOLLOW_UP: _move(Side.CENTRE, {_S.FOLLOW_UP}),
    TicketAct.SATISFIED: _Move(frozenset({Side.CENTRE, Side.PERSON}), frozenset({_S.FOLLOW_UP}), _S.CLOSED),
    TicketAct.DISSATISFIED: _Move(frozenset({Side.CENTRE, Side.PERSON}), frozenset({_S.FOLLOW_UP}), _S.HANDLING),
    TicketAct.UNREACHED: _move(Side.CENTRE, {_S.FOLLOW_UP}, _S.CLOSED),
    TicketAct.REOPEN: _move(Side.PERSON, {_S.CLOSED}),
    TicketAct.SUPERVISE: _Move(frozenset({Side.CENTRE, Side.CLOCK}), _OPEN),
    TicketAct.END: _Move(frozenset({Side.CENTRE, Side.PERSON}), _OPEN, _S.CLOSED),
}
# What nobody may do without saying why: the person or the other side reads it.
NEEDS_REASON = frozenset(
    {
        TicketAct.ANSWER_AT_ONCE,
        TicketAct.SEND_BACK,
        TicketAct.REFUSE_RETURN,
        TicketAct.ARBITRATE,
        TicketAct.ASK_EXTENSION,
        TicketAct.REFUSE_EXTENSION,
        TicketAct.REPLY,
        TicketAct.REJECT,
        TicketAct.DISSATISFIED,
        TicketAct.REOPEN,
        TicketAct.SUPERVISE,
        TicketAct.END,
    }
)


def possible_acts(state: TicketState, side: Side) -> list[TicketAct]:
    """Return the acts that one side may try in a state; each still has its own conditions."""
    return [act for act, move in MOVES.items() if side in move.sides and state in move.states]


def act(standing: Standing, what: TicketAct, by: Side, given: Circumstances) -> Standing:
    """Return where a ticket stands after an act. Raises CannotHandleTicket, and then nothing has happened.

    >>> act(Standing(), TicketAct.DISPATCH, Side.CENTRE, Circumstances(to=7)).unit
    7
    """
    move = MOVES[what]
    if standing.state not in move.states or by not in move.sides:
        raise _not_here(standing, what)
    if what in NEEDS_REASON and not given.reason.strip():
        raise CannotHandleTicket(
            zh=f"“{what.words.zh}”须写明理由或内容。请填写后再提交。",
            en=f"'{what.words.en}' needs words: say why, or what. Write it and submit again.",
        )
    if what is TicketAct.END:
        _check_end(by, given.ending)
    after = _EFFECTS.get(what, _unchanged)(standing, given)
    return replace(after, state=move.to) if move.to is not None else after


def _not_here(standing: Standing, what: TicketAct) -> CannotHandleTicket:
    return CannotHandleTicket(
        zh=f"这件工单现在是“{standing.state.words.zh}”，不能“{what.words.zh}”。请刷新后查看。",
        en=f"This ticket is now '{standing.state.words.en}': '{what.words.en}' is not possible. Reload the page.",
    )


def _unchanged(standing: Standing, given: Circumstances) -> Standing:
    return standing


def _answer_at_once(standing: Standing, given: Circumstances) -> Standing:
    if given.kind is TicketKind.REPORT:
        raise CannotHandleTicket(
            zh="举报须转有关单位核查，不能当场答复办结。请派单。",
            en="A report must be looked into and cannot be closed with an answer. Dispatch it.",
        )
    if given.followers:
        raise CannotHandleTicket(
            zh="有并案工单的主单不能当场答复办结。请派单，答复后逐一回访。",
            en="A ticket that others are merged with is not closed on the spot. Dispatch it: each person is followed "
            "up.",
        )
    return replace(standing, ending=Ending.ANSWERED_AT_ONCE)


def _to_allowed(given: Circumstances) -> int:
    if given.to is None:
        raise CannotHandleTicket(zh="请选择承办单位。", en="Choose the organisation that is to handle it.")
    if given.to in given.forbidden:
        raise CannotHandleTicket(
            zh="不能把控告、举报材料转给被控告、举报的单位或其下级（济南市12345市民服务热线条例第三十二条）。"
            "请改派其上级或其他有权单位。",
            en="A complaint or report never goes to the organisation it accuses, nor to one below it (Jinan Hotline "
            "Regulation art. 32). Choose the one above it or another with the power.",
        )
    return given.to


def _dispatch(standing: Standing, given: Circumstances) -> Standing:
    return replace(standing, unit=_to_allowed(given), asked=None)


def _send_back(standing: Standing, given: Circumstances) -> Standing:
    """Return it to the hotline; the second time, or region against department, to arbitration (design: rules §6)."""
    assert standing.unit is not None
    if standing.bound:
        raise CannotHandleTicket(
            zh="承办单位已经裁定，不得再退单。请办理；确需其他单位配合的，请加派协办。",
            en="An arbitration has decided who handles this ticket: it cannot be returned. Handle it, or ask others "
            "to help.",
        )
    if standing.rehandlings:
        raise CannotHandleTicket(
            zh="已经答复过的工单不能退单。请继续办理并重新答复。",
            en="A ticket that was answered once cannot be returned. Handle it and answer anew.",
        )
    if not given.in_time:
        raise CannotHandleTicket(
            zh="已超过退单时限，不能再退单。请办理；确需其他单位配合的，请加派协办。",
            en="The time to return it is over. Handle it, or ask other organisations to help.",
        )
    again = bool(standing.returned_by) or given.across
    state = TicketState.ARBITRATION if again else TicketState.RETURNED
    return replace(standing, state=state, returned_by=(*standing.returned_by, standing.unit), asked=None)


def _arbitrate(standing: Standing, given: Circumstances) -> Standing:
    return replace(standing, unit=_to_allowed(given), bound=True)


def _sub_dispatch(standing: Standing, given: Circumstances) -> Standing:
    if _to_allowed(given) == standing.unit:
        raise CannotHandleTicket(
            zh="主办单位不能同时是协办单位。请选择其他单位。",
            en="The lead cannot be its own co-handler. Choose another organisation.",
        )
    return standing


def _ask_extension(standing: Standing, given: Circumstances) -> Standing:
    if given.ground is None:
        raise CannotHandleTicket(zh="请选择延期的理由。", en="Choose the ground for more time.")
    if given.ground in standing.extensions or standing.asked is not None:
        raise CannotHandleTicket(
            zh="同一理由只能延期一次，且同时只能有一个申请。请在期限内办结。",
            en="Each ground gives more time once, and one application is open at a time. Answer within the time.",
        )
    if not given.in_time:
        raise CannotHandleTicket(
            zh="办理时限已过，不能再申请延期。请尽快答复并说明原因。",
            en="The time is up; more cannot be asked for. Answer soon and explain the delay.",
        )
    return replace(standing, asked=given.ground)


def _extend(standing: Standing, given: Circumstances) -> Standing:
    ground = _asked(standing)
    return replace(standing, asked=None, extensions=standing.extensions | {ground})


def _refuse_extension(standing: Standing, given: Circumstances) -> Standing:
    _asked(standing)
    return replace(standing, asked=None)


def _asked(standing: Standing) -> ExtensionGround:
    if standing.asked is None:
        raise CannotHandleTicket(zh="没有待批的延期申请。", en="Nobody has asked for more time.")
    return standing.asked


def _reply(standing: Standing, given: Circumstances) -> Standing:
    if given.open_parts:
        raise CannotHandleTicket(
            zh=f"还有{given.open_parts}个协办单位没有反馈。请等待、催办，或说明理由后解除协办。",
            en=f"{given.open_parts} co-handlers have not reported. Wait, remind them, or release them with a reason.",
        )
    if given.reachable and given.wants_answer and not given.contacted:
        raise CannotHandleTicket(
            zh="答复前须先联系来电人，听取意见（北京市接诉即办工作条例第十五条第一项）。请先记录联系情况。",
            en="Contact the person before replying (Beijing Regulation art. 15(1)). Record the contact first.",
        )
    return replace(standing, asked=None)


def _review(standing: Standing, given: Circumstances) -> Standing:
    if given.same_hand:
        raise CannotHandleTicket(
            zh="不能审核自己写的答复。请由另一位工作人员审核。",
            en="Nobody reviews his own reply. Let a colleague do it.",
        )
    return standing


def _unreached(standing: Standing, given: Circumstances) -> Standing:
    if given.attempts < given.attempts_needed:
        raise CannotHandleTicket(
            zh=f"至少回访{given.attempts_needed}次未联系上才能办结，现在是{given.attempts}次。请在不同时段再试。",
            en=f"It takes {given.attempts_needed} attempts before closing; there were {given.attempts}. Try again.",
        )
    return replace(standing, ending=Ending.UNREACHED)


def _satisfied(standing: Standing, given: Circumstances) -> Standing:
    return replace(standing, ending=Ending.SETTLED if given.wants_answer else Ending.QUIET)


def _dissatisfied(standing: Standing, given: Circumstances) -> Standing:
    """Back to the unit once; from the second time on under supervision, each time harder (济南 art. 27, 28)."""
    level = standing.level.higher if standing.rehandlings else standing.level
    return replace(
        standing, rehandlings=standing.rehandlings + 1, level=level, leader=None, extensions=frozenset(), ending=None
    )


def _reopen(standing: Standing, given: Circumstances) -> Standing:
    if standing.ending not in ANSWERED or not given.in_time:
        raise CannotHandleTicket(
            zh="已超过提出异议的期限，或这件工单不是以答复办结的。有新情况请另提诉求，并写明原工单号。",
            en="The time to object is over, or this ticket was not closed with an answer. If there is something new, "
            "file a new ticket and name this one.",
        )
    if standing.unit is None:
        return replace(standing, state=TicketState.RECEIVED, ending=None)
    return replace(_dissatisfied(standing, given), state=TicketState.HANDLING)


def _supervise(standing: Standing, given: Circumstances) -> Standing:
    if standing.level is Level.INTERVIEW:
        raise CannotHandleTicket(zh="已是最高一级督办（约谈）。", en="It is supervised at the highest level already.")
    return replace(standing, level=standing.level.higher)


def _check_end(by: Side, ending: Ending | None) -> None:
    """Only a lawful ground ends a ticket; the person withdraws, nobody withdraws for him."""
    if ending not in ENDINGS or (ending is Ending.WITHDRAWN) != (by is Side.PERSON):
        raise CannotHandleTicket(
            zh="请选择法定的终止理由；只有本人可以撤回诉求。",
            en="Choose a lawful ground on which it ends; only the person himself withdraws it.",
        )


def _end(standing: Standing, given: Circumstances) -> Standing:
    if given.followers:
        raise CannotHandleTicket(
            zh=f"还有{given.followers}件并案工单由它代为办理。请先拆分，或答复后办结，每个人都要有答复。",
            en=f"{given.followers} tickets are handled with this one. Part them first, or answer: each person gets an "
            "answer.",
        )
    return replace(standing, ending=given.ending, leader=None, before=None, asked=None)


_EFFECTS: dict[TicketAct, Callable[[Standing, Circumstances], Standing]] = {
    TicketAct.ANSWER_AT_ONCE: _answer_at_once,
    TicketAct.DISPATCH: _dispatch,
    TicketAct.SEND_BACK: _send_back,
    TicketAct.ARBITRATE: _arbitrate,
    TicketAct.SUB_DISPATCH: _sub_dispatch,
    TicketAct.ASK_EXTENSION: _ask_extension,
    TicketAct.EXTEND: _extend,
    TicketAct.REFUSE_EXTENSION: _refuse_extension,
    TicketAct.REPLY: _reply,
    TicketAct.APPROVE: _review,
    TicketAct.REJECT: _review,
    TicketAct.UNREACHED: _unreached,
    TicketAct.SATISFIED: _satisfied,
    TicketAct.DISSATISFIED: _dissatisfied,
    TicketAct.REOPEN: _reopen,
    TicketAct.SUPERVISE: _supervise,
    TicketAct.END: _end,
}
