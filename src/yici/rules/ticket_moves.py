"""Who may do what to a ticket in which state, and where that leads; ``act`` is the one way a standing changes."""

from dataclasses import dataclass, replace

from yici.rules.ticket_acts import Circumstances, Side, TicketAct
from yici.rules.ticket_effects import EFFECTS
from yici.rules.ticket_endings import ENDINGS
from yici.rules.tickets import CannotHandleTicket, Ending, Standing, TicketState


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
    after = EFFECTS.get(what, _unchanged)(standing, given)
    return replace(after, state=move.to) if move.to is not None else after


def _not_here(standing: Standing, what: TicketAct) -> CannotHandleTicket:
    return CannotHandleTicket(
        zh=f"这件工单现在是“{standing.state.words.zh}”，不能“{what.words.zh}”。请刷新后查看。",
        en=f"This ticket is now '{standing.state.words.en}': '{what.words.en}' is not possible. Reload the page.",
    )


def _unchanged(standing: Standing, given: Circumstances) -> Standing:
    return standing


def _check_end(by: Side, ending: Ending | None) -> None:
    """Only a lawful ground ends a ticket; the person withdraws, nobody withdraws for him."""
    if ending not in ENDINGS or (ending is Ending.WITHDRAWN) != (by is Side.PERSON):
        raise CannotHandleTicket(
            zh="请选择法定的终止理由；只有本人可以撤回诉求。",
            en="Choose a lawful ground on which it ends; only the person himself withdraws it.",
        )
