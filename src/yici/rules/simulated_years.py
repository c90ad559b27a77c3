"""What an invented past looks like: how much of what goes wrong in usual times, and where something is planted.

Illustrative throughout: no figure here was measured anywhere.
"""

from collections.abc import Sequence
from typing import NamedTuple

from yici.rules.signals import SignalKind

# Share of cases in which it happens when nothing is wrong; places differ around it (``place_factor``).
USUAL: dict[SignalKind, float] = {
    SignalKind.CORRECTIONS: 0.06,
    SignalKind.RETURNS: 0.03,
    SignalKind.OVERDUE: 0.03,
    SignalKind.VISITS: 0.04,  # of the cases that began at the window: a second visit
    SignalKind.FORCED: 0.02,  # of those that began online: a visit that was not promised
    SignalKind.DEMANDS: 0.03,  # of the cases that somebody came for
    SignalKind.DISPUTES: 0.005,
    SignalKind.GAPS: 0.05,
    SignalKind.COMPLAINTS: 0.01,
    SignalKind.SUGGESTIONS: 0.01,
    SignalKind.COMMENTS: 0.01,  # every item is open for comments the whole time
    SignalKind.REVIEWS: 0.05,  # of those that were reviewed
    SignalKind.ABANDONED: 0.06,  # beside each who began online: another who left at the question
}
# The same where it is planted: bad, but no more than a reform officer has seen.
PLANTED: dict[SignalKind, float] = {
    SignalKind.CORRECTIONS: 0.6,
    SignalKind.RETURNS: 0.3,
    SignalKind.OVERDUE: 0.3,
    SignalKind.VISITS: 0.8,  # of who came to the window
    SignalKind.FORCED: 0.4,  # of who applied online
    SignalKind.DEMANDS: 0.6,
    SignalKind.DISPUTES: 0.2,
    SignalKind.GAPS: 0.4,
    SignalKind.COMPLAINTS: 0.2,
    SignalKind.SUGGESTIONS: 0.2,
    SignalKind.COMMENTS: 0.2,
    SignalKind.REVIEWS: 0.6,
    SignalKind.ABANDONED: 0.6,
}
KINDS = tuple(USUAL)
BUSY_SHARE = 0.7  # of all cases fall on the busy tenth of items and counties
PLANTED_SHARE = 0.004  # of all cases fall on each planted cell: it is a busy one


class Slot(NamedTuple):
    """One implementation of an item in a place, with its share of all cases and the rates of what goes wrong."""

    implementation: int
    item: str
    region: str
    share: float
    usual: tuple[float, ...]  # in the order of KINDS
    later: tuple[float, ...]  # from the month in which problems are planted


class Planted(NamedTuple):
    """A problem that was put in on purpose: an item in a county, of a kind."""

    kind: SignalKind
    item: str
    region: str


def place_factor(region: str) -> float:
    """Return by how much a place differs in everything, from 0.8 to 1.2, the same for ever.

    >>> round(place_factor("330122000000"), 2)
    1.17
    """
    return 0.8 + 0.4 * (int(region[:6]) * 7919 % 101) / 100


def slots_of(implementations: Sequence[tuple[int, str, str]], *, problems: bool) -> tuple[list[Slot], list[Planted]]:
    """Share all cases among implementations ``(row, item, region)``; plant one problem of each kind.

    The busy tenth is every tenth of the order given; the planted ones are the first of them, in different counties
    and of different items where there are enough.
    """
    busy = list(range(0, len(implementations), 10))
    planted = _planted([implementations[place] for place in busy]) if problems else {}
    rest = 1 - PLANTED_SHARE * len(planted)
    quiet_each = (1 - BUSY_SHARE) * rest / max(1, len(implementations) - len(busy))
    busy_each = BUSY_SHARE * rest / max(1, len(busy) - len(planted))
    slots = []
    for place, (row, item, region) in enumerate(implementations):
        usual = tuple(min(1.0, USUAL[kind] * place_factor(region)) for kind in KINDS)
        kind = planted.get(row)
        share = PLANTED_SHARE if kind else busy_each if place % 10 == 0 else quiet_each
        later = tuple(PLANTED[one] if one is kind else rate for one, rate in zip(KINDS, usual, strict=True))
        slots.append(Slot(row, item, region, share, usual, later))
    where = {row: (item, region) for row, item, region in implementations}
    return slots, [Planted(kind, *where[row]) for row, kind in planted.items()]


def _planted(busy: Sequence[tuple[int, str, str]]) -> dict[int, SignalKind]:
    """Return which busy implementations get a problem: each of another item in another county, if there are enough."""
    chosen: dict[int, SignalKind] = {}
    items, regions = set[str](), set[str]()
    for row, item, region in busy:
        if len(chosen) < len(KINDS) and item not in items and region not in regions:
            chosen[row] = KINDS[len(chosen)]
            items.add(item)
            regions.add(region)
    return chosen
