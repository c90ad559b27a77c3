"""What a proof says of an item or a life event: the verdict for everybody, whom it fails, and what else is wrong."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from yici.rules.conditions import Answer
from yici.rules.lint import Finding
from yici.rules.words import Words


class VerdictKind(StrEnum):
    """How often a person may have to come, over every combination of answers and every state of the data."""

    ALWAYS_ZERO = "always_zero"
    AT_MOST_ONCE = "at_most_once"
    BREACH = "breach"
    NOT_PROVABLE = "not_provable"

    @property
    def words(self) -> Words:
        """Return the verdict as people say it."""
        return _VERDICTS[self]


_VERDICTS = {
    VerdictKind.ALWAYS_ZERO: Words("零上门", "Always zero visits"),
    VerdictKind.AT_MOST_ONCE: Words("最多跑一次", "At most one visit"),
    VerdictKind.BREACH: Words("可能要跑两次以上", "May need two visits or more"),
    VerdictKind.NOT_PROVABLE: Words("无法证明", "Cannot be proved"),
}


class PersonalAct(NamedTuple):
    """One thing the person must come for: whose it is, at which visit (from 1), where, and not before which day."""

    item: str
    key: str
    name: Words
    visit: int
    place: str
    earliest_day: int


@dataclass(frozen=True, slots=True)
class CounterExample:
    """A person who has to come twice although nothing went wrong: every answer, and why one visit cannot be enough.

    ``deciding``: the answers that matter; whatever else this person answers, the visits remain.
    """

    answers: Mapping[str, Answer]
    deciding: tuple[str, ...]
    visits: int
    why: Words
    acts: tuple[PersonalAct, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """The proof of one item (``code``: its 12-digit basic code) or life event (``code``: its key).

    ``reason`` says why nothing could be proved; it is None for the other verdicts.
    """

    code: str
    name: Words
    is_event: bool
    verdict: VerdictKind
    counterexample: CounterExample | None = None
    findings: tuple[Finding, ...] = ()
    reason: Words | None = None
