"""Tries a change in some counties or for a share of people, and says what it did, with how sure one can be.

Who takes part is decided by a hash and never by a person: it can be checked, and asking twice gives the same answer.
Random shares are compared as they are (B. L. Welch 1947). Counties are compared by how much each *changed*, since
counties differ to begin with: difference-in-differences on one before and one after figure for each county, which
needs no assumption about how its months hang together (M. Bertrand, E. Duflo, S. Mullainathan 2004). The comparison
is believed only where both groups went the same way before.

Looking before the end costs certainty. The looks share the error by a spending function (K. Lan and D. DeMets 1983, of
the shape of P. O'Brien and T. Fleming 1979): early looks stop for overwhelming effects alone, the last loses little.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri, stdtr, stdtrit

from yici.rules.refusals import Refusal

ERROR = 0.05
FEWEST = 2
_GRID = 801
_WIDEST = 8.0

Numbers = NDArray[np.float64]


class CannotPilot(Refusal):
    """A pilot that cannot be assigned or judged like this."""


@dataclass(frozen=True, slots=True)
class Effect:
    """What the pilot changed in the declared measure, and the interval it lies in. ``chance``: two-sided p-value.

    ``units``: people, or counties, in the pilot and outside.
    """

    estimate: float
    lower: float
    upper: float
    chance: float
    units: tuple[int, int]

    @property
    def is_claimed(self) -> bool:
        """Whether an effect may be claimed: the interval leaves out zero."""
        return not self.lower <= 0 <= self.upper


@dataclass(frozen=True, slots=True)
class CountyEffect:
    """The effect, and whether both groups went the same way before. ``before``: difference of slopes per period.

    ``course``: for each period, the mean of the pilot's counties and of the others, to be drawn.
    """

    effect: Effect
    before: Effect
    course: tuple[tuple[float, float], ...]

    @property
    def is_believable(self) -> bool:
        """Whether the way before gives no reason to doubt; it cannot prove that nothing else happened."""
        return not self.before.is_claimed


def is_in_pilot(pilot: str, unit: str, share: float) -> bool:
    """Whether a person (by an opaque id) takes part, when this share does. Raising the share keeps who is in.

    >>> sum(is_in_pilot("shorter-form", str(unit), 0.3) for unit in range(1000))
    304
    """
    if not 0 <= share <= 1:
        raise CannotPilot(zh="参加比例应在 0 到 1 之间。", en="The share lies between 0 and 1.")
    return _draw(pilot, unit) < share


def _draw(pilot: str, unit: str) -> float:
    return int.from_bytes(sha256(f"{pilot}\0{unit}".encode()).digest()[:8], "big") / 2**64


def pilot_counties(pilot: str, counties: Iterable[str], count: int) -> tuple[str, ...]:
    """Return the counties drawn for a pilot; as many must stay outside as the comparison needs.

    Raises CannotPilot when fewer than two are in or out.
    """
    known = sorted(set(counties), key=lambda county: (_draw(pilot, county), county))
    if not FEWEST <= count <= len(known) - FEWEST:
        raise CannotPilot(
            zh=f"试点县至少 {FEWEST} 个，且至少留 {FEWEST} 个县作对照。",
            en=f"At least {FEWEST} counties take part and {FEWEST} stay outside, or nothing can be compared.",
        )
    return tuple(sorted(known[:count]))


def random_effect(inside: Sequence[float], outside: Sequence[float], *, error: float = ERROR) -> Effect:
    """Return the difference of the means of a measure between those drawn and the others. Raises CannotPilot.

    ``error``: the chance to claim an effect that is not there; at a look before the end that of ``error_of`` its bound.

    >>> effect = random_effect([3.0, 4.0, 5.0, 4.0], [6.0, 7.0, 8.0, 7.0])
    >>> effect.estimate, effect.is_claimed
    (-3.0, True)
    """
    if min(len(inside), len(outside)) < FEWEST:
        raise CannotPilot(
            zh=f"每组至少要有 {FEWEST} 个结果才能比较。", en=f"Each group needs {FEWEST} results to be compared."
        )
    one, other = np.asarray(inside, float), np.asarray(outside, float)
    parts = one.var(ddof=1) / len(one), other.var(ddof=1) / len(other)
    estimate, wide = float(one.mean() - other.mean()), float(sum(parts)) ** 0.5
    units = len(one), len(other)
    if wide == 0:
        return Effect(estimate, estimate, estimate, 1.0 if estimate == 0 else 0.0, units)
    freedom = wide**4 / sum(part**2 / (count - 1) for part, count in zip(parts, units, strict=True))
    reach = float(stdtrit(freedom, 1 - error / 2)) * wide
    chance = 2 * float(stdtr(freedom, -abs(estimate) / wide))
    return Effect(estimate, estimate - reach, estimate + reach, chance, units)


def county_effect(
    measures: Mapping[str, Sequence[float]], pilot: Iterable[str], begins: int, *, error: float = ERROR
) -> CountyEffect:
    """Return the effect by counties. ``measures``: county → the measure in each period.

    ``begins``: the first period of the pilot. The way before needs two periods before; with one only, it counts as the
    same. Raises CannotPilot.
    """
    inside = sorted(set(pilot))
    outside = sorted(set(measures) - set(inside))
    lengths = {len(row) for row in measures.values()}
    if len(lengths) != 1 or not set(inside) <= set(measures) or not 0 < begins < lengths.pop():
        raise CannotPilot(
            zh="每个县都要有相同的各期数据，试点前后至少各一期。",
            en="Every county needs a figure for the same periods, one before and one in the pilot at least.",
        )
    table = {county: np.asarray(row, float) for county, row in measures.items()}
    changed = {county: float(row[begins:].mean() - row[:begins].mean()) for county, row in table.items()}
    slopes = {county: _slope(row[:begins]) for county, row in table.items()}
    return CountyEffect(
        _between(changed, inside, outside, error),
        _between(slopes, inside, outside, ERROR),
        tuple(zip(_means(table, inside), _means(table, outside), strict=True)),
    )


def _between(values: Mapping[str, float], inside: Sequence[str], outside: Sequence[str], error: float) -> Effect:
    return random_effect([values[key] for key in inside], [values[key] for key in outside], error=error)


def _slope(row: Numbers) -> float:
    return float(np.polyfit(np.arange(len(row)), row, 1)[0]) if len(row) > 1 else 0.0


def _means(table: Mapping[str, Numbers], counties: Sequence[str]) -> list[float]:
    return [float(one) for one in np.mean([table[county] for county in counties], axis=0)]


def bounds(looks: Sequence[float], error: float = ERROR) -> tuple[float, ...]:
    """Return how many standard errors from zero an effect must be to stop at each look.

    ``looks``: shares of the planned results at hand, rising to 1. Raises CannotPilot.

    >>> [round(bound, 2) for bound in bounds([0.5, 1.0])]
    [2.96, 1.97]
    """
    if not looks or list(looks) != sorted(set(looks)) or not 0 < looks[0] <= looks[-1] <= 1:
        raise CannotPilot(
            zh="查看时点应是由小到大、不超过 1 的比例。", en="Looks are shares that rise and do not exceed 1."
        )
    found, spent, before = list[float](), 0.0, 0.0
    # The sums that have not stopped so far, as values on a grid and their weights; at first there is one: zero.
    sums, weights = np.zeros(1), np.ones(1)
    for share in looks:
        step, may_spend = (share - before) ** 0.5, _spending(share, error) - spent
        bound = _bound(sums, weights, (step, share**0.5), may_spend)
        edge = bound * share**0.5
        grid = np.linspace(-edge, edge, _GRID)
        density = _normal((grid[:, None] - sums[None, :]) / step) / step @ weights
        sums, weights = grid, density * _trapezoid(grid)
        found.append(bound)
        spent, before = spent + may_spend, share
    return tuple(found)


def _spending(share: float, error: float) -> float:
    """Return how much of the error may be spent by then, on both sides together; each side spends its own half."""
    return float(4 * ndtr(ndtri(error / 4) / share**0.5))


def _bound(sums: Numbers, weights: Numbers, scales: tuple[float, float], may_spend: float) -> float:
    step, root = scales

    def too_much(bound: float) -> float:
        above = ndtr((sums - bound * root) / step) + ndtr((-bound * root - sums) / step)
        return float(above @ weights) - may_spend

    # It falls with the bound, so halving finds it; the solver's package would cost every start a third of a second.
    low, high = 0.0, _WIDEST
    if too_much(high) >= 0:
        return high
    while high - low > 1e-10:
        middle = (low + high) / 2
        low, high = (middle, high) if too_much(middle) > 0 else (low, middle)
    return high


def _normal(values: Numbers) -> Numbers:
    """Return the density of the standard normal distribution."""
    return np.asarray(np.exp(-(values**2) / 2) / (2 * np.pi) ** 0.5)


def _trapezoid(grid: Numbers) -> Numbers:
    weights = np.full(len(grid), grid[1] - grid[0])
    weights[[0, -1]] /= 2
    return weights


def error_of(bound: float) -> float:
    """Return the two-sided error of a bound: with it, an interval at that look stands whatever was looked at before.

    Repeated confidence intervals: C. Jennison and B. Turnbull (1989).

    >>> round(error_of(1.96), 3)
    0.05
    """
    return float(2 * ndtr(-bound))


@dataclass(frozen=True, slots=True)
class Look:
    """What to do at a look: ``stops`` when the effect is beyond the bound, or the planned end is reached."""

    effect: Effect
    bound: float
    stops: bool


def look(inside: Sequence[float], outside: Sequence[float], looks: Sequence[float], place: int) -> Look:
    """Judge a randomised pilot at one of its declared looks; its interval holds for all looks together."""
    bound = bounds(looks)[place]
    effect = random_effect(inside, outside, error=error_of(bound))
    return Look(effect, bound, effect.is_claimed or place == len(looks) - 1)
