"""Keeps the share of false alarms among all alarms below a declared rate, however many cells are looked at.

Y. Benjamini and Y. Hochberg, Controlling the false discovery rate, J. R. Statist. Soc. B 57 (1995).
"""

from collections.abc import Sequence


def discoveries(chances: Sequence[float], rate: float) -> list[int]:
    """Return the places of the cells that stand out, the strongest first.

    ``chances``: for each cell, how likely its count or a higher one is when nothing is wrong. ``rate``: of all that is
    returned, at most this share is false on average; when nothing is wrong anywhere, that is the chance of any alarm.

    >>> discoveries([0.9, 0.001, 0.02, 0.5], 0.05)
    [1, 2]
    """
    order = sorted(range(len(chances)), key=lambda place: (chances[place], place))
    last = 0
    for rank, place in enumerate(order, start=1):
        if chances[place] <= rate * rank / len(chances):
            last = rank
    return order[:last]
