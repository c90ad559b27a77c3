"""Spans of time as they are counted: as fine as they are shown, so that the counts of counties add up to a province's.

Medians do not add up; counts of equal spans do. A span is kept in minutes: to the minute below an hour, to the tenth of
an hour below a day, from there to the tenth of a day. That is what a page shows, and it is never further from the truth
than half such a step.
"""

from collections import Counter
from collections.abc import Mapping
from datetime import timedelta

STEPS = ((60, 1), (1440, 6), (None, 144))  # below so many minutes, to so many minutes
_DAY = 1440
_HALF = 2


def kept_minutes(span: timedelta) -> int:
    """Return a span in minutes as it is counted; what ends before it begins took no time. Halves go up.

    >>> [kept_minutes(timedelta(minutes=minutes)) for minutes in (-5, 59.4, 59.5, 63, 1437, 1511, 1512)]
    [0, 59, 60, 66, 1440, 1440, 1584]
    """
    span = max(span, timedelta(0))
    step = next(step for below, step in STEPS if below is None or span < timedelta(minutes=below))
    return int((_HALF * span + timedelta(minutes=step)) // (_HALF * timedelta(minutes=step))) * step


def days_within(spans: Mapping[int, int], share: float) -> float | None:
    """Return within how many days this share of the spans lies, between two of them in proportion; None of nothing.

    ``spans``: how many there are of each length in minutes.

    >>> days_within({1440: 1, 2880: 1, 14400: 1}, 0.5)
    2.0
    >>> days_within({0: 1, 1440: 1}, 0.5)
    0.5
    """
    count = sum(spans.values())
    if not count:
        return None
    place = share * (count - 1)
    below = int(place)
    first, then = _at(spans, below), _at(spans, min(below + 1, count - 1))
    return (first + (then - first) * (place - below)) / _DAY


def _at(spans: Mapping[int, int], place: int) -> int:
    """Return the span at a place in the order of length, the first at 0."""
    passed = 0
    for minutes in sorted(spans):
        passed += spans[minutes]
        if place < passed:
            return minutes
    raise IndexError(place)


def together(*parts: Mapping[int, int]) -> dict[int, int]:
    """Return the counts of several places as those of all of them.

    >>> together({60: 1}, {60: 2, 66: 1})
    {60: 3, 66: 1}
    """
    found = Counter[int]()
    for part in parts:
        found.update(part)
    return dict(found)
