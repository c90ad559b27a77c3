"""A scorecard: a published formula over published inputs, from which a stranger gets the same number.

Rates, not counts. A small number is drawn towards the peers' mean (as if ``strength`` more things had gone as theirs
do) and shown with its interval; below ``fewest`` things a part is hidden and counts for nothing, in the peers' mean
neither: otherwise the mean would give it away. A score whose shown parts carry less than ``least_weight`` of the weight
is hidden as a whole.

Source: the evaluations that count complaints (济南 art. 8 and 38); the weights are this project's default.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

from yici.rules.disclosure import FEWEST
from yici.rules.measures import MEASURES, Measure, Unit

Z = 1.96  # of a normal distribution, for an interval that covers 95 of 100
TEN_THOUSAND = 10_000


@dataclass(frozen=True, slots=True)
class Tally:
    """How many things there were, and how many went well (of a rate: how many events there were, to ``of`` cases)."""

    good: int
    of: int

    def __add__(self, other: "Tally") -> "Tally":
        """Return both together."""
        return Tally(self.good + other.good, self.of + other.of)


NOTHING = Tally(0, 0)


@dataclass(frozen=True, slots=True)
class Component:
    """A measure in a formula: its weight, and for a rate the value at which no point is left."""

    measure: str
    weight: float
    worst: float = 0.0


@dataclass(frozen=True, slots=True)
class Formula:
    """A published formula; its version never changes once a score stands on it."""

    version: str
    components: tuple[Component, ...]
    strength: float = 20.0
    fewest: int = FEWEST
    least_weight: float = 0.4


FORMULA = Formula(
    version="2018-2",
    components=(
        Component("visits_kept", 15),
        Component("zero_visit", 3),
        Component("online_kept", 2),
        Component("statutory_time", 5),
        Component("promised_time", 10),
        Component("step_time", 5),
        Component("no_correction", 5),
        Component("write_backs_in_time", 5),
        Component("tickets_answered", 10),
        Component("tickets_solved", 11),
        Component("tickets_satisfied", 8),
        Component("tickets_followed_up", 3),
        Component("tickets_heard", 2),
        Component("tickets_unreturned", 1),
        Component("unsupervised", 2),
        Component("reviews_good", 5),
        Component("reviews_contacted", 3),
        Component("complaints", 5, worst=200.0),
    ),
)


@dataclass(frozen=True, slots=True)
class Part:
    """What a measure gave: raw value, value drawn to the peers', interval, points; nothing when too few."""

    measure: str
    tally: Tally
    weight: float
    raw: float | None
    drawn: float | None
    low: float | None
    high: float | None
    points: float | None

    @property
    def is_hidden(self) -> bool:
        """Whether there were too few things to say anything of anybody."""
        return self.points is None


@dataclass(frozen=True, slots=True)
class Score:
    """A scorecard: points of 100 over the parts that are shown, None when too little is shown."""

    total: float | None
    parts: tuple[Part, ...]


def score(tallies: Mapping[str, Tally], peers: Mapping[str, Tally], formula: Formula = FORMULA) -> Score:
    """Return the score of one organisation beside its peers (all of its kind, itself included).

    >>> good = {one.measure: Tally(0 if one.measure == "complaints" else 500, 500) for one in FORMULA.components}
    >>> score(good, good).total
    100.0
    """
    parts = tuple(_part(one, tallies, peers, formula) for one in formula.components)
    shown = sum(part.weight for part in parts if not part.is_hidden)
    whole = sum(part.weight for part in parts)
    if shown < formula.least_weight * whole:
        return Score(None, parts)
    points = sum(part.points or 0.0 for part in parts)
    return Score(round(100 * points / shown, 2), parts)


def _part(one: Component, tallies: Mapping[str, Tally], peers: Mapping[str, Tally], formula: Formula) -> Part:
    tally, around = tallies.get(one.measure, NOTHING), peers.get(one.measure, NOTHING)
    measure = MEASURES[one.measure]
    if tally.of < formula.fewest:
        return Part(one.measure, tally, one.weight, None, None, None, None, None)
    value, low, high = rate(tally), *interval(tally, measure)
    drawn = (tally.good + formula.strength * rate(around)) / (tally.of + formula.strength)
    scale = TEN_THOUSAND if measure.unit is Unit.PER_TEN_THOUSAND else 1
    points = round(one.weight * _worth(drawn * scale, measure, one), 4)
    raw, drawn, low, high = (round(each * scale, 4) for each in (value, drawn, low, high))
    return Part(one.measure, tally, one.weight, raw, drawn, low, high, points)


def _worth(value: float, measure: Measure, one: Component) -> float:
    """Return from 0 to 1 what a value is worth."""
    if measure.unit is Unit.PER_TEN_THOUSAND:
        return max(0.0, 1 - value / one.worst)
    return value if measure.higher_is_better else 1 - value


def rate(tally: Tally) -> float:
    """Return what went well of all; 0 of nothing.

    >>> rate(Tally(3, 4))
    0.75
    """
    return tally.good / tally.of if tally.of else 0.0


def interval(tally: Tally, measure: Measure) -> tuple[float, float]:
    """Return the interval that covers the true value in 95 of 100: Wilson's of a share, Poisson's root of a rate.

    >>> low, high = interval(Tally(9, 10), MEASURES["visits_kept"])
    >>> round(low, 2), round(high, 2)
    (0.6, 0.98)
    """
    if not tally.of:
        return 0.0, 1.0
    if measure.unit is Unit.PER_TEN_THOUSAND:
        root = sqrt(tally.good)  # the root of a Poisson count has a standard deviation of one half
        return max(0.0, root - Z / 2) ** 2 / tally.of, (root + Z / 2) ** 2 / tally.of
    share, n = tally.good / tally.of, tally.of
    middle = (share + Z**2 / (2 * n)) / (1 + Z**2 / n)
    wide = Z * sqrt(share * (1 - share) / n + Z**2 / (4 * n**2)) / (1 + Z**2 / n)
    return max(0.0, middle - wide), min(1.0, middle + wide)


def together(tallies: Sequence[Mapping[str, Tally]]) -> dict[str, Tally]:
    """Return several organisations' tallies as one: the peers of each."""
    whole: dict[str, Tally] = {}
    for each in tallies:
        for key, tally in each.items():
            whole[key] = whole.get(key, NOTHING) + tally
    return whole
