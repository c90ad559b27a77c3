"""How a topic is more than expected: hot, growing, recurring or seasonal; and the past that tells which."""

from collections.abc import Sequence
from enum import StrEnum

from yici.rules.words import Words

FEWEST_VOICES = 5  # in two weeks; fewer people are no topic, they get an answer
TWO = 2  # weeks that are judged: the last, and the last two together
SILENCE_WEEKS = 8
LONGEST_EPISODE = 26  # weeks whose voices one topic gathers
_YEAR = 52


class TopicKind(StrEnum):
    """How a group is more than expected; the values are the words used in addresses and answers of the command."""

    HOT = "hot"
    GROWING = "growing"
    RECURRING = "recurring"
    SEASONAL = "seasonal"

    @property
    def words(self) -> Words:
        """Return the name of the kind."""
        return _WORDS[self][0]

    @property
    def meaning(self) -> Words:
        """Return what the kind says, in a sentence."""
        return _WORDS[self][1]


_WORDS = {
    TopicKind.HOT: (
        Words("突发", "Hot"),
        Words(
            "声音比自身以往和各地同类都多，偶然难以解释。", "Far more voices than its own past and the peers explain."
        ),
    ),
    TopicKind.GROWING: (
        Words("上升", "Growing"),
        Words("连续三周一周比一周多，且高于预期。", "Three weeks in a row with more voices each, above expectation."),
    ),
    TopicKind.RECURRING: (
        Words("反复", "Recurring"),
        Words("曾经出现，沉寂八周以上后又回来。", "It was there before, fell silent for eight weeks, and is back."),
    ),
    TopicKind.SEASONAL: (
        Words("季节性", "Seasonal"),
        Words("去年同期也这么多：可以提前准备。", "The same weeks of last year had as many: it can be prepared for."),
    ),
}


def episode(weeks: Sequence[int], weekly: float) -> int:
    """Return how many of the last weeks belong to what is going on now: those clearly above expectation, at least two.

    >>> episode([0, 9, 1, 4, 6, 8], 2.0), episode([7], 0.5)
    (3, 1)
    """
    begun = len(weeks) - min(TWO, len(weeks))
    while begun > 0 and weeks[begun - 1] > max(1.5 * weekly, weekly + 1):
        begun -= 1
    return len(weeks) - max(begun, len(weeks) - LONGEST_EPISODE)


def season_of(weeks: Sequence[int]) -> float | None:
    """Return the mean of the same week of last year and of those beside it, None when they are not known."""
    if len(weeks) < _YEAR + 2:
        return None
    same = len(weeks) - 1 - _YEAR
    return sum(weeks[same - 1 : same + 2]) / 3


def came_back(weeks: Sequence[int]) -> bool:
    """Whether voices came back after eight weeks of silence, and there had been a topic's worth before it.

    >>> came_back([0, 3, 4, 2, *[0] * 9, 6]), came_back([0, 0, *[0] * 9, 6]), came_back([3] * 12)
    (True, False, False)
    """
    begun = len(weeks)
    while begun > 0 and (weeks[begun - 1] or (begun > 1 and weeks[begun - 2])):
        begun -= 1
    silence = weeks[max(0, begun - SILENCE_WEEKS) : begun]
    earlier = weeks[: max(0, begun - SILENCE_WEEKS)]
    dense = max((sum(earlier[at : at + 4]) for at in range(len(earlier))), default=0)
    return len(silence) == SILENCE_WEEKS and not any(silence) and dense >= FEWEST_VOICES
