"""The table of a case: which act leads from where to where, who may do it, with what reason, and what clocks do."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from yici.rules.case_acts import Actor, CaseAct
from yici.rules.case_states import CaseState


class ClockEffect(StrEnum):
    """What an act does to the decision clock; STOP also closes a clock that never ran."""

    NONE = "none"
    START = "start"
    PAUSE = "pause"
    RESUME = "resume"
    STOP = "stop"


@dataclass(frozen=True, slots=True, kw_only=True)
class Transition:
    """One line of the table: an act, the states it is possible in, and where it leads.

    Without ``target`` the case stays where it is. ``starts`` and ``ends`` name the other clocks of the case by their
    law parameter: ``correction_notice``, ``precheck``, ``correction_answer``, ``deficiency_cure``, ``delivery``,
    ``commitment_check``, ``rectification``.
    """

    act: CaseAct
    sources: tuple[CaseState, ...]
    target: CaseState | None
    who: frozenset[Actor]
    clock: ClockEffect = ClockEffect.NONE
    needs_reason: bool = False
    needs_basis: bool = False
    starts: tuple[str, ...] = ()
    ends: tuple[str, ...] = ()


# These run from the moment an application comes in: whoever receives it late does not gain time.
CLOCKS_FROM_SUBMISSION = ("correction_notice", "precheck")


_STAFF = frozenset({Actor.CLERK, Actor.REVIEWER, Actor.HEAD})


_DECIDERS = frozenset({Actor.REVIEWER, Actor.HEAD})


_CLOCK = frozenset({Actor.CLOCK})


_PERSON = frozenset({Actor.APPLICANT, Actor.CLERK})


_EARLY = (CaseState.SUBMITTED, CaseState.RECEIVED)


_OPEN = (CaseState.ACCEPTED, CaseState.IN_REVIEW)


_RUNNING = (*_OPEN, CaseState.SUSPENDED)


_CHECKED = (CaseState.UNDER_CHECK, CaseState.RECTIFYING)


_PRE_DECISION = (CaseState.WAITING, *_EARLY, CaseState.CORRECTING, *_RUNNING)


def _before_acceptance() -> Iterator[Transition]:
    submitted, waiting = (CaseState.SUBMITTED,), (CaseState.WAITING,)
    yield Transition(act=CaseAct.RECEIVE, sources=submitted, target=CaseState.RECEIVED, who=_STAFF, ends=("precheck",))
    yield Transition(
        act=CaseAct.PASS_PRECHECK, sources=submitted, target=CaseState.RECEIVED, who=_STAFF, ends=("precheck",)
    )
    # 规定 art. 5: the written notice of the authority before counts as receipt or, under one acceptance, as acceptance.
    yield Transition(
        act=CaseAct.RECEIVE_ON_NOTICE,
        sources=waiting,
        target=CaseState.RECEIVED,
        who=_CLOCK | _STAFF,
        starts=("correction_notice",),
    )
    yield Transition(
        act=CaseAct.ACCEPT_ON_NOTICE,
        sources=waiting,
        target=CaseState.ACCEPTED,
        who=_CLOCK | _STAFF,
        clock=ClockEffect.START,
    )
    yield Transition(
        act=CaseAct.CORRECT,
        sources=_EARLY,
        target=CaseState.CORRECTING,
        who=_STAFF,
        starts=("correction_answer",),
        ends=CLOCKS_FROM_SUBMISSION,
    )
    yield Transition(
        act=CaseAct.ANSWER_CORRECTION,
        sources=(CaseState.CORRECTING,),
        target=CaseState.RECEIVED,
        who=_PERSON,
        starts=("correction_notice",),
        ends=("correction_answer",),
    )
    yield Transition(
        act=CaseAct.DEEM_WITHDRAWN,
        sources=(CaseState.CORRECTING,),
        target=CaseState.DEEMED_WITHDRAWN,
        who=_CLOCK,
        clock=ClockEffect.STOP,
        ends=("correction_answer",),
    )
    yield Transition(
        act=CaseAct.REFUSE_TO_ACCEPT,
        sources=_EARLY,
        target=CaseState.NOT_ACCEPTED,
        who=_STAFF,
        clock=ClockEffect.STOP,
        needs_reason=True,
        needs_basis=True,
        ends=CLOCKS_FROM_SUBMISSION,
    )
    yield Transition(
        act=CaseAct.RETURN,
        sources=(*waiting, *submitted),
        target=CaseState.RETURNED,
        who=_STAFF | _CLOCK,
        clock=ClockEffect.STOP,
        needs_reason=True,
        needs_basis=True,
        ends=CLOCKS_FROM_SUBMISSION,
    )


def _acceptance() -> Iterator[Transition]:
    start, ends = ClockEffect.START, CLOCKS_FROM_SUBMISSION
    yield Transition(
        act=CaseAct.ACCEPT, sources=_EARLY, target=CaseState.ACCEPTED, who=_STAFF | _CLOCK, clock=start, ends=ends
    )
    yield Transition(
        act=CaseAct.ACCEPT_DEFICIENT,
        sources=_EARLY,
        target=CaseState.ACCEPTED,
        who=_STAFF,
        clock=start,
        starts=("deficiency_cure",),
        ends=ends,
    )
    yield Transition(
        act=CaseAct.DEEM_ACCEPTED, sources=_EARLY, target=CaseState.ACCEPTED, who=_CLOCK, clock=start, ends=ends
    )
    yield Transition(act=CaseAct.CURE_DEFICIENCY, sources=_RUNNING, target=None, who=_PERSON, ends=("deficiency_cure",))
    yield Transition(
        act=CaseAct.REVOKE_ACCEPTANCE,
        sources=_RUNNING,
        target=CaseState.ACCEPTANCE_REVOKED,
        who=_STAFF,
        clock=ClockEffect.STOP,
        needs_reason=True,
        needs_basis=True,
        ends=("deficiency_cure",),
    )


def _review() -> Iterator[Transition]:
    yield Transition(
        act=CaseAct.BEGIN_REVIEW, sources=(CaseState.ACCEPTED,), target=CaseState.IN_REVIEW, who=_DECIDERS | _CLOCK
    )
    for act in (CaseAct.START_SPECIAL_PROCEDURE, CaseAct.SUSPEND):
        yield Transition(
            act=act,
            sources=_RUNNING,
            target=CaseState.SUSPENDED,
            who=_DECIDERS,
            clock=ClockEffect.PAUSE,
            needs_reason=True,
            needs_basis=True,
        )
    for act in (CaseAct.END_SPECIAL_PROCEDURE, CaseAct.RESUME):
        yield Transition(
            act=act,
            sources=(CaseState.SUSPENDED,),
            target=CaseState.IN_REVIEW,
            who=_DECIDERS | _CLOCK,
            clock=ClockEffect.RESUME,
        )
    yield Transition(
        act=CaseAct.EXTEND, sources=_RUNNING, target=None, who=_DECIDERS, needs_reason=True, needs_basis=True
    )
    yield Transition(act=CaseAct.TRANSFER, sources=(*_EARLY, *_OPEN), target=None, who=_STAFF, needs_reason=True)


def _decision() -> Iterator[Transition]:
    stop = ClockEffect.STOP
    yield Transition(
        act=CaseAct.GRANT, sources=_OPEN, target=CaseState.GRANTED, who=_DECIDERS, clock=stop, starts=("delivery",)
    )
    yield Transition(
        act=CaseAct.REFUSE,
        sources=_OPEN,
        target=CaseState.REFUSED,
        who=_DECIDERS,
        clock=stop,
        needs_reason=True,
        needs_basis=True,
    )
    yield Transition(
        act=CaseAct.GRANT_ON_COMMITMENT,
        sources=(*_EARLY, *_OPEN),
        target=CaseState.UNDER_CHECK,
        who=_STAFF | _CLOCK,
        clock=stop,
        starts=("delivery", "commitment_check"),
        ends=CLOCKS_FROM_SUBMISSION,
    )
    yield Transition(
        act=CaseAct.DEEM_RENEWED,
        sources=(*_EARLY, *_RUNNING),
        target=CaseState.GRANTED,
        who=_CLOCK,
        clock=stop,
        starts=("delivery",),
        ends=CLOCKS_FROM_SUBMISSION,
    )
    yield Transition(act=CaseAct.WITHDRAW, sources=_PRE_DECISION, target=CaseState.WITHDRAWN, who=_PERSON, clock=stop)


def _after_decision() -> Iterator[Transition]:
    staff = _STAFF | _CLOCK
    yield Transition(act=CaseAct.ISSUE, sources=(CaseState.GRANTED,), target=CaseState.ISSUED, who=staff)
    yield Transition(act=CaseAct.ISSUE, sources=_CHECKED, target=None, who=staff)
    yield Transition(
        act=CaseAct.DELIVER,
        sources=(CaseState.GRANTED, CaseState.ISSUED),
        target=CaseState.DELIVERED,
        who=staff,
        ends=("delivery",),
    )
    yield Transition(
        act=CaseAct.DELIVER, sources=(*_CHECKED, CaseState.REFUSED), target=None, who=staff, ends=("delivery",)
    )
    yield Transition(
        act=CaseAct.PASS_CHECK,
        sources=_CHECKED,
        target=CaseState.DELIVERED,
        who=_DECIDERS,
        ends=("commitment_check", "rectification"),
    )
    yield Transition(
        act=CaseAct.ORDER_RECTIFICATION,
        sources=(CaseState.UNDER_CHECK,),
        target=CaseState.RECTIFYING,
        who=_DECIDERS,
        needs_reason=True,
        needs_basis=True,
        starts=("rectification",),
        ends=("commitment_check",),
    )
    yield Transition(
        act=CaseAct.REVOKE_LICENCE,
        sources=(CaseState.RECTIFYING,),
        target=CaseState.LICENCE_REVOKED,
        who=_DECIDERS,
        needs_reason=True,
        needs_basis=True,
        ends=("rectification",),
    )
    yield Transition(act=CaseAct.CLOSE, sources=(CaseState.DELIVERED,), target=CaseState.COMPLETED, who=staff)
    yield Transition(act=CaseAct.CLOSE, sources=(CaseState.REFUSED,), target=CaseState.CLOSED_REFUSED, who=staff)


TRANSITIONS: tuple[Transition, ...] = (
    *_before_acceptance(),
    *_acceptance(),
    *_review(),
    *_decision(),
    *_after_decision(),
)


TABLE: dict[tuple[CaseState, CaseAct], Transition] = {
    (source, transition.act): transition for transition in TRANSITIONS for source in transition.sources
}
