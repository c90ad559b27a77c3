"""Steps: one organisation's part of a case, and which of them can be worked on now."""

from collections.abc import Collection, Mapping
from enum import StrEnum

from yici.rules.refusals import Refusal
from yici.rules.words import Words


class CannotMoveStep(Refusal):
    """A step that cannot go from where it stands to where it should."""


class StepState(StrEnum):
    """Where one organisation's part stands."""

    WAITING = "waiting"
    READY = "ready"
    TAKEN = "taken"
    PAUSED = "paused"
    DONE = "done"
    SKIPPED = "skipped"

    @property
    def words(self) -> Words:
        """Return the state as the desk reads it."""
        return _WORDS[self]

    @property
    def is_over(self) -> bool:
        """Whether later steps may count on this one: it is done, or its condition did not hold."""
        return self in {StepState.DONE, StepState.SKIPPED}


_WORDS = {
    StepState.WAITING: Words("等待前序环节", "Waiting for earlier steps"),
    StepState.READY: Words("待办", "To take"),
    StepState.TAKEN: Words("在办", "Taken"),
    StepState.PAUSED: Words("暂停", "Paused"),
    StepState.DONE: Words("已办", "Done"),
    StepState.SKIPPED: Words("不适用", "Does not apply"),
}
_NEXT = {
    StepState.WAITING: {StepState.READY, StepState.SKIPPED},
    StepState.READY: {StepState.TAKEN, StepState.SKIPPED},
    # A clerk may put a step back for a colleague.
    StepState.TAKEN: {StepState.READY, StepState.PAUSED, StepState.DONE},
    StepState.PAUSED: {StepState.TAKEN},
    StepState.DONE: set(),
    StepState.SKIPPED: set(),
}


def move_step(current: StepState, wanted: StepState) -> StepState:
    """Return the wanted state. Raises CannotMoveStep if a step cannot go there from where it stands.

    >>> move_step(StepState.READY, StepState.TAKEN).value
    'taken'
    """
    if wanted not in _NEXT[current]:
        raise CannotMoveStep(
            zh=f"这个环节现在是“{current.words.zh}”，不能变为“{wanted.words.zh}”。请刷新页面，可能已有同事处理。",
            en=f"This step stands at '{current.words.en}' and cannot become '{wanted.words.en}'. Reload the page: a "
            "colleague may have acted.",
        )
    return wanted


def ready_steps(graph: Mapping[str, Collection[str]], over: Collection[str]) -> tuple[str, ...]:
    """Return the steps that are not over and whose earlier steps all are, in the order of the graph.

    ``graph`` maps each step to the steps it comes after; steps named there but absent from the graph do not apply and
    hold nobody up. Raises CannotMoveStep when steps wait for each other in a circle.

    >>> ready_steps({"check": [], "visit": ["check"], "decide": ["check", "visit"]}, over={"check"})
    ('visit',)
    """
    _check_no_circle(graph)
    return tuple(
        step for step, after in graph.items() if step not in over and all(one in over for one in after if one in graph)
    )


def _check_no_circle(graph: Mapping[str, Collection[str]]) -> None:
    left = {step: {one for one in after if one in graph} for step, after in graph.items()}
    while left:
        free = {step for step, after in left.items() if not after}
        if not free:
            names = sorted(left)
            raise CannotMoveStep(
                zh=f"环节互相等待，形成循环：{'、'.join(names)}。请检查环节的先后关系。",
                en=f"These steps wait for each other in a circle: {', '.join(names)}. Check what comes after what.",
            )
        left = {step: after - free for step, after in left.items() if step not in free}
