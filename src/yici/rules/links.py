"""Finds the few data links that would spare the most visits, and says how far the obvious choice falls short.

A case needs no visit only when *every* datum it lacks can be had, so links pay in sets and not one by one. That is the
problem of choosing elements to cover the most sets (red–blue of Peleg 2007 without a price; Church and ReVelle 1974
give the integer programme for its sister, maximal covering). It is solved exactly: one binary variable for each link,
one between 0 and 1 for each distinct lack. Greedy choice has no bound here, since the gain is not submodular.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array

from yici.rules.refusals import Refusal

# What one visit was made for: each part lists the links of which any one would have made it unnecessary.
Part = frozenset[str]
Lack = frozenset[Part]
MOST_TOGETHER = 3
_FOUND, _OUT_OF_TIME = 0, 1


class CannotChooseLinks(Refusal):
    """The number of links asked for is of no use."""


@dataclass(frozen=True, slots=True)
class Together:
    """Links that spare these visits only when all of them are open; no part of the set spares a visit."""

    links: tuple[str, ...]
    visits: int


@dataclass(frozen=True, slots=True)
class LinkChoice:
    """The best links, and the greedy choice beside them. Visits are those of past cases that turn to zero visits.

    ``optimal``: proved; otherwise ``at_most`` is what no choice can exceed. ``together``: among all links, not only
    the chosen ones, most visits first.
    """

    chosen: tuple[str, ...]
    visits_removed: int
    greedy: tuple[str, ...]
    greedy_visits_removed: int
    optimal: bool
    at_most: int
    together: tuple[Together, ...]

    @property
    def gap(self) -> int:
        """How many visits the greedy choice leaves."""
        return self.visits_removed - self.greedy_visits_removed


def lack_of(parts: Iterable[Iterable[str]]) -> Lack:
    """Return what a case lacks; a part that a smaller one implies says nothing and is dropped.

    >>> sorted(map(sorted, lack_of([["a"], ["a", "b"], ["c", "d"]])))
    [['a'], ['c', 'd']]
    """
    every = {frozenset(part) for part in parts}
    return frozenset(part for part in every if not any(other < part for other in every))


def visits_removed(lacks: Mapping[Lack, int], links: Iterable[str]) -> int:
    """Return the visits of the lacks that these links cover whole.

    >>> visits_removed({lack_of([["a"], ["b"]]): 5, lack_of([["a"]]): 1}, {"a"})
    1
    """
    opened = frozenset(links)
    return sum(visits for lack, visits in lacks.items() if all(part & opened for part in lack))


def choose_links(lacks: Mapping[Lack, int], most: int, *, seconds: float = 30.0) -> LinkChoice:
    """Choose at most ``most`` links that turn the most visits into zero; ``lacks``: distinct lack → visits.

    Equal inputs give an equal choice, and a link that adds nothing is not chosen. Raises CannotChooseLinks for a number
    below one. After ``seconds`` the best choice found so far is returned with ``optimal`` False.
    """
    if most < 1:
        raise CannotChooseLinks(zh="请至少选择一条数据链路。", en="Choose one data link at least.")
    lacks = {lack: visits for lack, visits in lacks.items() if visits > 0 and all(lack) and lack}
    greedy = _greedy(lacks, most)
    best, bound = _solved(lacks, most, seconds)
    chosen = _without_idle(lacks, max((best, greedy), key=lambda links: visits_removed(lacks, links)))
    removed = visits_removed(lacks, chosen)
    return LinkChoice(
        chosen=chosen,
        visits_removed=removed,
        greedy=greedy,
        greedy_visits_removed=visits_removed(lacks, greedy),
        optimal=removed >= bound,
        at_most=max(bound, removed),
        together=paying_together(lacks),
    )


def _greedy(lacks: Mapping[Lack, int], most: int) -> tuple[str, ...]:
    """Take the best link, then the best beside it, and so on; stop when no single link spares a visit more."""
    chosen: list[str] = []
    left = sorted(_links(lacks))
    for _ in range(most):
        gains = [(visits_removed(lacks, [*chosen, link]), link) for link in left]
        best = max((gain for gain, _ in gains), default=0)
        if best <= visits_removed(lacks, chosen):
            break
        link = next(link for gain, link in gains if gain == best)
        chosen.append(link)
        left.remove(link)
    return tuple(sorted(chosen))


def _links(lacks: Iterable[Lack]) -> set[str]:
    return {link for lack in lacks for part in lack for link in part}


def _solved(lacks: Mapping[Lack, int], most: int, seconds: float) -> tuple[tuple[str, ...], int]:
    """Return the solver's choice, and what it proves that none can exceed."""
    links, turned = sorted(_links(lacks)), sorted(lacks, key=_sorted_lack)
    if not links:
        return (), 0
    weights = np.array([lacks[lack] for lack in turned], dtype=float)
    answer = milp(
        c=np.concatenate([np.zeros(len(links)), -weights]),
        # A case is as integral as the links are: its variable need not be forced to be whole.
        integrality=np.concatenate([np.ones(len(links)), np.zeros(len(turned))]),
        bounds=Bounds(0, 1),
        constraints=_constraints(links, turned, most),
        options={"time_limit": seconds, "mip_rel_gap": 0},
    )
    if answer.status not in {_FOUND, _OUT_OF_TIME} or answer.x is None:
        return (), int(weights.sum())
    chosen = tuple(link for link, opened in zip(links, answer.x[: len(links)], strict=True) if opened > 0.5)
    return chosen, int(np.floor(-answer.mip_dual_bound + 1e-6))


def _sorted_lack(lack: Lack) -> list[list[str]]:
    return sorted(sorted(part) for part in lack)


def _constraints(links: Sequence[str], turned: Sequence[Lack], most: int) -> LinearConstraint:
    """At most so many links; a lack is covered no more than each of its parts is."""
    place = {link: at for at, link in enumerate(links)}
    rows, columns, values = [0] * len(links), list(range(len(links))), [1.0] * len(links)
    limits = [float(most)]
    for at, lack in enumerate(turned):
        for part in sorted(lack, key=sorted):
            row = len(limits)
            limits.append(0.0)
            for column, value in [(len(links) + at, 1.0), *((place[link], -1.0) for link in sorted(part))]:
                rows.append(row)
                columns.append(column)
                values.append(value)
    matrix = coo_array((values, (rows, columns)), shape=(len(limits), len(links) + len(turned)))
    return LinearConstraint(matrix.tocsr(), -np.inf, np.array(limits))


def _without_idle(lacks: Mapping[Lack, int], links: Iterable[str]) -> tuple[str, ...]:
    kept = sorted(links)
    for link in list(kept):
        rest = [one for one in kept if one != link]
        if visits_removed(lacks, rest) == visits_removed(lacks, kept):
            kept = rest
    return tuple(kept)


def paying_together(lacks: Mapping[Lack, int], size: int = MOST_TOGETHER) -> tuple[Together, ...]:
    """Return the pairs and triples of links that spare visits, while no smaller part of them spares any.

    >>> [one.links for one in paying_together({lack_of([["a"], ["b"]]): 5, lack_of([["c"]]): 1})]
    [('a', 'b')]
    """
    candidates = Counter[frozenset[str]]()
    for lack, visits in lacks.items():
        for cover in _least_covers(lack, size):
            candidates[cover] += visits
    paying = set(candidates)
    together = [
        Together(tuple(sorted(cover)), visits_removed(lacks, cover))
        for cover in candidates
        if len(cover) > 1 and not any(smaller < cover for smaller in paying)
    ]
    return tuple(sorted(together, key=lambda one: (-one.visits, one.links)))


def _least_covers(lack: Lack, size: int) -> list[frozenset[str]]:
    """Return the sets of at most ``size`` links that cover a lack and of which no link may be left out."""
    covers: list[frozenset[str]] = []
    links = sorted(_links([lack]))
    for count in range(1, size + 1):
        for picked in map(frozenset, combinations(links, count)):
            if all(part & picked for part in lack) and not any(cover <= picked for cover in covers):
                covers.append(picked)
    return covers
