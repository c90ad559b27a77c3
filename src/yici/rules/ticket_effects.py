"""What each act makes of a ticket's standing, and what it needs beyond the table of moves."""

from collections.abc import Callable
from dataclasses import replace

from yici.rules.ticket_acts import Circumstances, TicketAct
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


def _end(standing: Standing, given: Circumstances) -> Standing:
    if given.followers:
        raise CannotHandleTicket(
            zh=f"还有{given.followers}件并案工单由它代为办理。请先拆分，或答复后办结，每个人都要有答复。",
            en=f"{given.followers} tickets are handled with this one. Part them first, or answer: each person gets an "
            "answer.",
        )
    return replace(standing, ending=given.ending, leader=None, before=None, asked=None)


EFFECTS: dict[TicketAct, Callable[[Standing, Circumstances], Standing]] = {
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
