"""Applications: how the cases of one need begin together and what they add up to."""

from collections.abc import Collection, Iterable, Mapping
from enum import StrEnum

from yici.rules.case_states import CaseState
from yici.rules.words import Words


class ApplicationState(StrEnum):
    """What the person reads above all the cases of one need."""

    SUBMITTED = "submitted"
    NEEDS_YOU = "needs_you"
    UNDER_WAY = "under_way"
    PARTLY_DONE = "partly_done"
    DONE = "done"
    ENDED = "ended"

    @property
    def words(self) -> Words:
        """Return the state as the person reads it."""
        return _WORDS[self]


_WORDS = {
    ApplicationState.SUBMITTED: Words("已提交", "Submitted"),
    ApplicationState.NEEDS_YOU: Words("需要您补正", "Something is needed from you"),
    ApplicationState.UNDER_WAY: Words("办理中", "Under way"),
    ApplicationState.PARTLY_DONE: Words("部分办结", "Partly done"),
    ApplicationState.DONE: Words("全部办结", "Done"),
    ApplicationState.ENDED: Words("已结束", "Ended"),
}
_NOT_BEGUN = frozenset({CaseState.WAITING, CaseState.SUBMITTED})
_FAVOURABLE = frozenset(
    {CaseState.DELIVERED, CaseState.COMPLETED, CaseState.ISSUED, CaseState.UNDER_CHECK, CaseState.RECTIFYING}
)


def application_state(states: Iterable[CaseState]) -> ApplicationState:
    """Return what the cases of one application add up to.

    A correction asks for the person first of all; one result in hand is partly done; done means that every case has
    ended or given its result and at least one gave one; ended means that none did.

    >>> application_state([CaseState.COMPLETED, CaseState.IN_REVIEW]).value
    'partly_done'
    """
    cases = tuple(states)
    if CaseState.CORRECTING in cases:
        return ApplicationState.NEEDS_YOU
    favourable = any(state in _FAVOURABLE for state in cases)
    if all(state.is_final or state in _FAVOURABLE for state in cases):
        return ApplicationState.DONE if favourable else ApplicationState.ENDED
    if favourable:
        return ApplicationState.PARTLY_DONE
    return ApplicationState.SUBMITTED if all(state in _NOT_BEGUN for state in cases) else ApplicationState.UNDER_WAY


def starting_states(after: Mapping[str, Collection[str]]) -> dict[str, CaseState]:
    """Return the first state of each item's case: items that come after another one of the application wait for it.

    >>> {item: state.value for item, state in starting_states({"birth": [], "household": ["birth"]}).items()}
    {'birth': 'submitted', 'household': 'waiting'}
    """
    return {
        item: CaseState.WAITING if any(one in after for one in before) else CaseState.SUBMITTED
        for item, before in after.items()
    }


def accepted_together(states: Mapping[str, CaseState]) -> frozenset[str]:
    """Return the items that one acceptance accepts: all that can be handled at the same time (规定 art. 5).

    Items that must wait for another authority's result are accepted by its written notice instead, and an item whose
    applicant still owes a correction is not complete.

    >>> sorted(accepted_together({"a": CaseState.RECEIVED, "b": CaseState.SUBMITTED, "c": CaseState.WAITING}))
    ['a', 'b']
    """
    return frozenset(item for item, state in states.items() if state in {CaseState.SUBMITTED, CaseState.RECEIVED})


def noticed_by(after: Mapping[str, Collection[str]], states: Mapping[str, CaseState]) -> frozenset[str]:
    """Return the waiting items whose earlier items have all been granted: their notice goes out now (规定 art. 5).

    >>> noticed_by({"a": [], "b": ["a"]}, {"a": CaseState.GRANTED, "b": CaseState.WAITING})
    frozenset({'b'})
    """
    granted = _FAVOURABLE | {CaseState.GRANTED}
    return frozenset(
        item
        for item, before in after.items()
        if states[item] is CaseState.WAITING and all(states[one] in granted for one in before if one in states)
    )
