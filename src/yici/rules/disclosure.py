"""What may be published of small numbers, so that nobody finds a hidden one by subtraction.

A figure of fewer than ``fewest`` things says too much of single people (个人信息保护法 art. 4 and 73: what identifies
nobody is no personal information), so it is hidden. A hidden figure must also not be what is left of a total when the
shown figures are taken from it. Two ways keep that:

* ``hidden_in`` (complementary suppression): more figures are hidden, until what the total leaves open is shared by two
  figures at least and wide enough.
* ``kept_of`` (left out of totals): where the figures of ``fewest`` and more are published in any case, as those of
  organisations on scorecards are, the hidden ones enter a total only if they are a safe group among themselves, else
  none of them does. Sums of what is kept say nothing of what is not.

The measure of safety is the width of what an attacker still finds possible: of n hidden figures that add up to S, each
at least 1, every single one may be anything from 1 to S - n + 1. The group is safe when that spans ``fewest`` steps.
"""

from collections.abc import Collection, Hashable, Mapping
from typing import TypeVar

K = TypeVar("K", bound=Hashable)
FEWEST = 10


def is_small(count: int, fewest: int = FEWEST) -> bool:
    """Whether a number of things is hidden for itself; nothing at all is no secret.

    >>> [is_small(count) for count in (0, 1, 9, 10)]
    [False, True, True, False]
    """
    return 0 < count < fewest


def is_safe(hidden: Collection[int], fewest: int = FEWEST) -> bool:
    """Whether the sum of these hidden numbers (each at least 1) may be known: it leaves each of them wide open.

    >>> is_safe([]), is_safe([9]), is_safe([5, 6]), is_safe([5, 7])
    (True, False, False, True)
    """
    if not hidden:
        return True
    return len(hidden) >= 2 and sum(hidden) - len(hidden) >= fewest


def hidden_in(counts: Mapping[K, int], fewest: int = FEWEST) -> frozenset[K]:
    """Return which figures to hide when all the others and the sum of all are published.

    The small ones, and where they are no safe group the next larger ones with them. Where even all together are not
    safe, all are returned and the sum must be hidden too: see ``may_show_sum``. Figures of nothing are not hidden.

    >>> sorted(hidden_in({"a": 3, "b": 40, "c": 20, "d": 0}))
    ['a', 'c']
    >>> sorted(hidden_in({"a": 12, "b": 40}))
    []
    """
    rising = sorted((key for key in counts if counts[key]), key=lambda key: (counts[key], str(key)))
    found = [key for key in rising if is_small(counts[key], fewest)]
    for key in rising[len(found) :]:
        if is_safe([counts[one] for one in found], fewest):
            break
        found.append(key)
    return frozenset(found)


def may_show_sum(counts: Mapping[K, int], fewest: int = FEWEST) -> bool:
    """Whether the sum may be published beside what ``hidden_in`` leaves.

    >>> may_show_sum({"a": 3, "b": 40}), may_show_sum({"a": 3, "b": 4})
    (True, False)
    """
    return is_safe([counts[key] for key in hidden_in(counts, fewest)], fewest)


def kept_of(counts: Mapping[K, int], fewest: int = FEWEST) -> frozenset[K]:
    """Return whose things enter a total, when every figure of ``fewest`` and more is published by itself.

    >>> sorted(kept_of({"a": 3, "b": 40})), sorted(kept_of({"a": 5, "b": 7, "c": 40}))
    (['b'], ['a', 'b', 'c'])
    """
    small = [key for key, count in counts.items() if is_small(count, fewest)]
    if is_safe([counts[key] for key in small], fewest):
        return frozenset(counts)
    return frozenset(counts) - frozenset(small)
