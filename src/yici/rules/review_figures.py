"""The published figure of reviews: coverage, satisfaction, replies, what was put right; nothing below a minimum."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from yici.rules.reviews import Grade


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """Counts of one item, hall, organisation or person in a period; ``excluded`` reviews stand in no other count.

    ``finished`` is everything that could be reviewed; ``bad_due`` the bad reviews whose clock is over or answered.
    """

    finished: int = 0
    by_grade: Mapping[Grade, int] = field(default_factory=dict)
    excluded: int = 0
    bad_answered: int = 0
    bad_fixed: int = 0
    named_bad: int = 0
    contacted_in_time: int = 0

    @property
    def given(self) -> int:
        """How many reviews count."""
        return sum(self.by_grade.values())

    @property
    def bad(self) -> int:
        """How many of them are bad."""
        return sum(count for grade, count in self.by_grade.items() if grade.is_bad)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What is shown: shares in percent with one decimal, None where nothing could be counted.

    ``tally`` is None below the minimum: then nothing is said but that there are too few.
    """

    as_of: date
    since: date
    minimum: int
    tally: Tally | None
    coverage: float | None = None
    satisfied: float | None = None
    replied: float | None = None
    rectified: float | None = None
    contacted: float | None = None


def figures(tally: Tally, *, minimum: int, since: date, as_of: date) -> Figures:
    """Return what may be published of a tally; satisfied is 基本满意 and better of all that count.

    >>> few = figures(Tally(finished=5, by_grade={Grade.BAD: 1}), minimum=3, since=date(2018, 1, 1), as_of=date.max)
    >>> few.tally is None, few.coverage
    (True, None)
    """
    if tally.given < minimum:
        return Figures(as_of=as_of, since=since, minimum=minimum, tally=None)
    return Figures(
        as_of=as_of,
        since=since,
        minimum=minimum,
        tally=tally,
        coverage=share(tally.given, tally.finished),
        satisfied=share(tally.given - tally.bad, tally.given),
        replied=share(tally.bad_answered, tally.bad),
        rectified=share(tally.bad_fixed, tally.bad),
        contacted=share(tally.contacted_in_time, tally.named_bad),
    )


def share(part: int, whole: int) -> float | None:
    """Return a share in percent, to one decimal, halves away from zero; None of nothing.

    >>> share(1, 3), share(1, 1000), share(0, 0)
    (33.3, 0.1, None)
    """
    if not whole:
        return None
    return (2000 * part + whole) // (2 * whole) / 10
