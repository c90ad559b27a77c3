"""Visits promised before applying against visits that took place."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Standing(StrEnum):
    """What became of a promise."""

    KEPT = "kept"
    BROKEN = "broken"
    OPEN = "open"  # not broken so far, and not everything is closed


@dataclass(frozen=True, slots=True)
class VisitPromise:
    """One application: visits promised by its plan, visits that took place, and whether all its cases are closed.

    ``by_choice``: the person came to the window to apply although the plan asked for no visit; he may (规定 art. 6),
    and that one visit is not counted against the promise.
    """

    promised: int
    actual: int
    closed: bool
    by_choice: bool = False

    @property
    def allowed(self) -> int:
        """Return how many visits still keep the promise."""
        return max(self.promised, 1) if self.by_choice else self.promised

    @property
    def standing(self) -> Standing:
        """Return what became of the promise.

        >>> VisitPromise(promised=0, actual=1, closed=True).standing.value
        'broken'
        >>> VisitPromise(promised=0, actual=1, closed=True, by_choice=True).standing.value
        'kept'
        >>> VisitPromise(promised=1, actual=1, closed=False).standing.value
        'open'
        """
        if self.actual > self.allowed:
            return Standing.BROKEN
        return Standing.KEPT if self.closed else Standing.OPEN


def kept_share(promises: Iterable[VisitPromise]) -> float | None:
    """Return the share of settled promises that were kept; None while none is settled. Open ones are not counted.

    >>> kept_share([VisitPromise(1, 1, True), VisitPromise(0, 1, False), VisitPromise(1, 0, False)])
    0.5
    """
    settled = [one.standing for one in promises if one.standing is not Standing.OPEN]
    return sum(one is Standing.KEPT for one in settled) / len(settled) if settled else None
