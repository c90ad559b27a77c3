"""When a source that keeps failing is left alone, and when it is tried again (circuit breaker, 熔断)."""

from dataclasses import dataclass, replace
from enum import StrEnum

from yici.rules.words import Words

FAILURES_TO_OPEN = 3  # one lost packet is no outage, and three page budgets are as long as people may wait for proof
LONGEST_REST_FACTOR = 8  # a source that is back is noticed within eight rests, however long it was away


class BreakerState(StrEnum):
    """Whether questions go to a source."""

    CLOSED = "closed"
    OPEN = "open"
    HALF_OPEN = "half_open"

    @property
    def words(self) -> Words:
        """Return the state as the administrator reads it."""
        return _STATE_WORDS[self]


_STATE_WORDS = {
    BreakerState.CLOSED: Words("正常查询", "Questions go through"),
    BreakerState.OPEN: Words("连续失败，暂停查询", "Failed repeatedly, not asked for now"),
    BreakerState.HALF_OPEN: Words("正在试查一次", "One trial question is under way"),
}


@dataclass(frozen=True, slots=True)
class Breaker:
    """What is remembered of a source's answers; every moment is in seconds of one clock that does not go back.

    Open after `FAILURES_TO_OPEN` failures in a row. After a rest one trial goes through: its success closes the
    breaker, its failure doubles the rest, up to `LONGEST_REST_FACTOR` times. A trial that never reports back (its
    process was killed) counts as lost after one more rest.

    >>> tired = Breaker(rest_seconds=10).failed(0).failed(1).failed(2)
    >>> tired.may_ask(5), tired.may_ask(12), tired.asked(12).may_ask(13)
    (False, True, False)
    >>> tired.asked(12).succeeded().state(13).value
    'closed'
    """

    rest_seconds: float
    failures: int = 0
    opened_at: float | None = None
    trial_at: float | None = None

    @property
    def rest(self) -> float:
        """How many seconds the source is left alone after its latest failure."""
        beyond = max(0, self.failures - FAILURES_TO_OPEN)
        return self.rest_seconds * min(2.0 ** min(beyond, 10), LONGEST_REST_FACTOR)

    def state(self, now: float) -> BreakerState:
        """Return the state at a moment; a lost trial leaves it open."""
        if self.opened_at is None:
            return BreakerState.CLOSED
        return BreakerState.HALF_OPEN if self._trial_runs(now) else BreakerState.OPEN

    def may_ask(self, now: float) -> bool:
        """Whether a question may go to the source now."""
        if self.opened_at is None:
            return True
        return now >= self.opened_at + self.rest and not self._trial_runs(now)

    def asked(self, now: float) -> "Breaker":
        """Return the breaker after a question that `may_ask` allowed has gone out."""
        return self if self.opened_at is None else replace(self, trial_at=now)

    def succeeded(self) -> "Breaker":
        """Return the breaker after an answer, also one that says there is nothing: the source works."""
        return Breaker(self.rest_seconds)

    def failed(self, now: float) -> "Breaker":
        """Return the breaker after a failure; a late failure of an earlier question does not lengthen the rest."""
        if self.opened_at is not None and self.trial_at is None:
            return self
        failures = self.failures + 1
        opened_at = now if failures >= FAILURES_TO_OPEN else None
        return Breaker(self.rest_seconds, failures, opened_at)

    def _trial_runs(self, now: float) -> bool:
        return self.trial_at is not None and now < self.trial_at + self.rest_seconds
