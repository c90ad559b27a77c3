"""What is known of a case and what somebody wants to do to it."""

from dataclasses import dataclass
from enum import StrEnum

from yici.rules.case_acts import Actor, CaseAct
from yici.rules.refusals import Refusal
from yici.rules.words import Words


class CannotAct(Refusal):
    """An act that the state or the facts of the case do not allow."""


class Ground(StrEnum):
    """Why an application is not accepted; anything else is no reason in law."""

    OUT_OF_SCOPE = "out_of_scope"  # 行政许可法 art. 32(1)(2): another authority is competent
    NO_LICENCE_NEEDED = "no_licence_needed"  # art. 32(1)(1)
    CORRECTION_FAILED = "correction_failed"  # 规定 art. 11, third paragraph
    FALSE_MATERIALS = "false_materials"  # 行政许可法 art. 78


@dataclass(frozen=True, slots=True)
class Missing:
    """A material that is not there; ``deferrable`` if the guide lists it for 容缺受理."""

    name: Words
    deferrable: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFacts:
    """What the record says about the case besides its state."""

    missing: tuple[Missing, ...] = ()
    corrections_sent: int = 0
    correction_answered: bool = False
    deficient: bool = False
    cure_failed: bool = False  # the time for the deferred materials is up, or what came does not fit
    time_is_up: bool = False  # of the clock that waits now: the notice, the answer, else the decision
    extensions: int = 0
    open_steps: int = 0
    open_pauses: int = 0
    commitment_allowed: bool = False  # the item is on the published list and touches no safety (规定 art. 14)
    commitment_signed: bool = False
    commitment_barred: bool = False  # an unrepaired breach stands in the person's credit file
    renewal_overdue: bool = False  # the old licence ran out and the renewal was applied for in time
    nothing_to_issue: bool = False
    issued: bool = False
    delivered: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """Somebody's wish to act, with the reasons given."""

    act: CaseAct
    by: Actor
    reason: str = ""
    legal_basis: str = ""
    approved_by: str = ""
    ground: Ground | None = None
