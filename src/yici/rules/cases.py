"""Cases: what may be done to one now, where that leads, and the sentence for what may not be done.

The table of acts stands in ``case_transitions``; ``case_checks`` holds what the table cannot say because it depends on
the facts of the case: one correction notice only, deferred materials, commitments, extensions, silence.
"""

from dataclasses import dataclass

from yici.rules.case_acts import Actor, CaseAct
from yici.rules.case_checks import CHECKS
from yici.rules.case_facts import CannotAct, CaseFacts, Ground, Missing, Move
from yici.rules.case_states import CaseState, ClockMode
from yici.rules.case_transitions import TABLE, ClockEffect, Transition
from yici.rules.steps import StepState

__all__ = [
    "Actor",
    "CannotAct",
    "CaseAct",
    "CaseFacts",
    "CaseState",
    "ClockEffect",
    "ClockMode",
    "Decision",
    "Ground",
    "Missing",
    "Move",
    "StepState",
    "decide",
    "possible_acts",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """Where an act leads. ``from_receipt``: the decision clock starts on the day the materials were received."""

    state: CaseState
    clock: ClockEffect
    starts: tuple[str, ...]
    ends: tuple[str, ...]
    from_receipt: bool = False


def possible_acts(state: CaseState, by: Actor) -> tuple[CaseAct, ...]:
    """Return the acts that somebody in this part may try in this state; the facts may still forbid one.

    >>> possible_acts(CaseState.CORRECTING, Actor.APPLICANT)
    (<CaseAct.ANSWER_CORRECTION: 'answer_correction'>, <CaseAct.WITHDRAW: 'withdraw'>)
    """
    return tuple(act for (source, act), line in TABLE.items() if source is state and by in line.who)


def decide(state: CaseState, move: Move, facts: CaseFacts) -> Decision:
    """Return where an act leads and what it does to the clocks. Raises CannotAct.

    >>> decide(CaseState.RECEIVED, Move(act=CaseAct.ACCEPT, by=Actor.CLERK), CaseFacts()).state.value
    'accepted'
    """
    line = TABLE.get((state, move.act))
    if line is None:
        raise _not_in_this_state(state, move)
    _check_written(line, move)
    for check in CHECKS.get(move.act, ()):
        check(move, facts)
    return Decision(
        state=_landing(line, state, facts),
        clock=line.clock,
        starts=line.starts,
        ends=line.ends,
        from_receipt=line.clock is ClockEffect.START and facts.time_is_up,
    )


def _landing(line: Transition, state: CaseState, facts: CaseFacts) -> CaseState:
    if line.clock is ClockEffect.RESUME and facts.open_pauses > 1:
        return CaseState.SUSPENDED
    if line.act is CaseAct.PASS_CHECK and not facts.delivered:
        return CaseState.ISSUED if facts.issued else CaseState.GRANTED
    return line.target or state


def _not_in_this_state(state: CaseState, move: Move) -> CannotAct:
    act, where = move.act.words, state.words
    if state.is_final:
        return CannotAct(
            zh=f"这件已是“{where.zh}”，不能再“{act.zh}”。如仍需办理，请重新申请。",
            en=f"This case has ended ({where.en}), so '{act.en}' is not possible. Apply again if the need remains.",
        )
    acts = [other.words for other in possible_acts(state, move.by)]
    zh, en = "、".join(act.zh for act in acts) or "等待", ", ".join(act.en for act in acts) or "wait"
    return CannotAct(
        zh=f"这件现在是“{where.zh}”，不能“{act.zh}”。现在可以：{zh}。",
        en=f"This case stands at '{where.en}', so '{act.en}' is not possible. Possible now: {en}.",
    )


def _check_written(line: Transition, move: Move) -> None:
    act = move.act.words
    if move.by not in line.who:
        raise CannotAct(
            zh=f"您的身份不能“{act.zh}”。请交由有权限的人员办理。",
            en=f"'{act.en}' is not yours to do. Hand the case to somebody who may.",
        )
    if line.needs_reason and not move.reason.strip():
        raise CannotAct(
            zh=f"“{act.zh}”必须写明理由，并告知申请人。请填写理由。",
            en=f"'{act.en}' needs a written reason that the applicant will read. Write it.",
        )
    if line.needs_basis and not move.legal_basis.strip():
        raise CannotAct(
            zh=f"“{act.zh}”必须写明法律依据（法律名称和条款）。请填写依据。",
            en=f"'{act.en}' needs its legal basis: the law and the article. Name them.",
        )
