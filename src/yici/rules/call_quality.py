"""Quality of calls: how many of an operator's closed calls are looked at, by which criteria, and what they make.

The law asks that the hotline trains its people and follows the national standard (济南 art. 21) and names neither share
nor criteria: both are suggestions here.
"""

from collections.abc import Mapping
from enum import StrEnum
from math import ceil

from yici.rules.refusals import Refusal
from yici.rules.words import Words

LOWEST, HIGHEST = 1, 5


class CannotGrade(Refusal):
    """A grading that cannot be like that."""


class Criterion(StrEnum):
    """What is graded of a call."""

    RECORD = "record"
    SORTING = "sorting"
    ANSWER = "answer"
    MANNERS = "manners"

    @property
    def words(self) -> Words:
        """Return the criterion as the supervisor and the operator read it."""
        return _WORDS[self]


_WORDS = {
    Criterion.RECORD: Words("记录：诉求完整、准确", "Record: complete and as the caller meant it"),
    Criterion.SORTING: Words("分类：类型、地点、紧急程度正确", "Sorting: kind, place and urgency are right"),
    Criterion.ANSWER: Words("答复或派单：正确、有依据", "Answer or dispatch: right, and on a basis"),
    Criterion.MANNERS: Words("服务：用语规范、耐心", "Manners: plain and patient words"),
}


def sample_size(calls: int, percent: int) -> int:
    """Return how many of so many closed calls are drawn: the share rounded up, so that everybody is looked at.

    >>> sample_size(0, 5), sample_size(3, 5), sample_size(41, 5)
    (0, 1, 3)
    """
    return ceil(calls * percent / 100)


def score(grades: Mapping[str, int]) -> int:
    """Return the share of all points in percent. Raises CannotGrade unless every criterion has a grade from 1 to 5.

    >>> score({"record": 5, "sorting": 4, "answer": 5, "manners": 4})
    90
    """
    if set(grades) != set(Criterion) or not all(LOWEST <= one <= HIGHEST for one in grades.values()):
        raise CannotGrade(zh="请对每一项评1至5分。", en="Give every criterion a grade from 1 to 5.")
    return round(100 * sum(grades.values()) / (HIGHEST * len(grades)))
