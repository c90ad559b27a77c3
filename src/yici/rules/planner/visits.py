"""Finds the least number of visits in which everything that needs the person can be done."""

from collections.abc import Sequence
from typing import NamedTuple


class Waiting(NamedTuple):
    """An act that cannot be done at any time. Acts are bits of whole numbers, sets of acts their sums.

    ``earlier``: acts that must be done at an earlier visit; ``not_later``: acts at an earlier or the same visit.
    """

    act: int
    earlier: int
    not_later: int


Place = tuple[str, int]  # a place and the acts it serves; the preferred place first
Visits = tuple[tuple[str, int], ...]  # one pair of place and acts for each visit, in order


def least_visits(acts: int, places: Sequence[Place], order: Sequence[Waiting]) -> Visits:
    """Return a shortest row of visits that does all acts; among equals, the one with the preferred places.

    Acts 1 and 2 at the window, 4 at the hospital only after 1 is settled:

    >>> least_visits(7, [("window", 3), ("hospital", 4)], [Waiting(4, 1, 1)])
    (('window', 3), ('hospital', 4))
    """
    if not acts:
        return ()
    order = [waiting for waiting in order if waiting.act & acts]
    if not any(waiting.earlier & acts for waiting in order):
        for place, served in places:
            if not acts & ~served:
                return ((place, acts),)
    return _search(acts, places, order)


# Exact, although each visit greedily does all it can: what may be done next depends only on what is done, and having
# done more forbids nothing. So from a larger set of done acts the same places lead at least as far, and a shortest
# row of places stays shortest when every visit takes the largest set it can serve. Only the places are left to choose:
# breadth first over the sets of done acts finds the fewest, and sets inside another of the same length may be dropped.
def _search(acts: int, places: Sequence[Place], order: Sequence[Waiting]) -> Visits:
    frontier: dict[int, Visits] = {0: ()}
    while frontier:
        reached: dict[int, Visits] = {}
        for done, visits in frontier.items():
            for place, served in places:
                doing = _servable(acts & served & ~done, done, acts, order)
                if done | doing == acts:
                    return (*visits, (place, doing))
                if doing:
                    reached.setdefault(done | doing, (*visits, (place, doing)))
        frontier = {done: visits for done, visits in reached.items() if not _inside_another(done, reached)}
    raise ValueError("an act is served nowhere, or acts wait for each other in a circle")


def _inside_another(done: int, reached: dict[int, Visits]) -> bool:
    return any(done != other and not done & ~other for other in reached)


def _servable(wanted: int, done: int, acts: int, order: Sequence[Waiting]) -> int:
    """Return the largest part of the wanted acts that one visit can do now."""
    shrinking = True
    while shrinking:
        shrinking = False
        for act, earlier, not_later in order:
            if wanted & act and (earlier & acts & ~done or not_later & acts & ~(done | wanted)):
                wanted ^= act
                shrinking = True
    return wanted
