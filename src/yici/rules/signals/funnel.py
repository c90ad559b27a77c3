"""Limits of what chance explains, wide for small numbers, and widened where counties differ more than by chance.

D. J. Spiegelhalter, Funnel plots for comparing institutional performance, Statistics in Medicine 24 (2005), and
Handling over-dispersion of performance indicators, Quality and Safety in Health Care 14 (2005): between-unit variance
in addition to Poisson variation, estimated from the units in the middle, so that true outliers do not hide themselves.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.stats import nbinom, norm, poisson

Numbers = NDArray[np.float64]
WINSORISED = 0.1  # a tenth at each end is pulled in before the spread is measured
_LEAST_UNITS = 5
_LEAST_STEP = 1e-3
_NO_DISPERSION = 1e-9
# The estimate from pairs of events has the error sqrt(2 / sum of squares of what is expected): below this sum it is
# larger than a tenth of a spread worth speaking of, and says nothing.
_TELLING = 2_000.0
_CUT = float(norm.ppf(1 - WINSORISED))
# The mean square of a standard normal value that is pulled in at both cuts.
_NORMAL_SPREAD = 1 - 2 * WINSORISED - 2 * _CUT * float(norm.pdf(_CUT)) + 2 * WINSORISED * _CUT**2


@dataclass(frozen=True, slots=True)
class FunnelLimits:
    """Rates relative to the expected one (1 is as expected) between which chance explains a count."""

    expected: float
    lower: float
    upper: float


def dispersion_of(counts: Sequence[float], expected: Sequence[float]) -> float:
    """Return the variance between units of the true relative rate (0: they differ by chance alone).

    Counts then have the variance ``expected + dispersion·expected²``, that of the negative binomial distribution.
    Solved so that the units in the middle are spread as the normal distribution has it, after each count is turned
    into its place in its own distribution (randomised quantile residuals, P. Dunn and G. Smyth 1996). A unit counts
    by what is expected of it: thousands of cells of which nothing is expected say nothing of how units differ.
    """
    observed, means = _ranked(counts, expected)
    if len(observed) < _LEAST_UNITS or _excess(0.0, observed, means) <= 0:
        return 0.0
    tried = [4.0**power for power in range(-5, 7)]
    excesses = [_excess(one, observed, means) for one in tried]
    below = next((place for place, excess in enumerate(excesses) if excess <= 0), None)
    if below is None:  # counts too rare to cross: the value that explains them best
        return tried[int(np.argmin(excesses))]
    least = tried[below - 1] if below else 0.0
    return float(brentq(_excess, least, tried[below], args=(observed, means), xtol=1e-6))


def careful_dispersion(counts: Sequence[float], expected: Sequence[float]) -> float:
    """Return the upper 95 % limit of the dispersion: an estimate that is too low would raise false alarms.

    Its error is that of an estimating equation: the spread of what it averages, over its slope (P. Huber 1967).
    """
    dispersion = dispersion_of(counts, expected)
    observed, means = _ranked(counts, expected)
    if len(observed) < _LEAST_UNITS:
        return dispersion
    step = max(dispersion, _LEAST_STEP) / 4
    weights = means / means.sum()
    here, there = _squares(dispersion, observed, means), _squares(dispersion + step, observed, means)
    slope = float((weights * (here - there)).sum()) / step
    error = float(np.sqrt((weights**2 * (here - (weights * here).sum()) ** 2).sum())) / slope if slope > 0 else 0.0
    return dispersion + float(norm.ppf(0.95)) * error


def can_tell_dispersion(expected: Sequence[float]) -> bool:
    """Whether so much is expected that counts can tell how units differ: mostly of cells with an event, or of many.

    >>> can_tell_dispersion([2.5] * 10), can_tell_dispersion([0.02] * 5_000)
    (True, False)
    """
    means = np.asarray(expected, float)
    return bool(2 * means[means >= 1].sum() >= means.sum() or np.square(means).sum() >= _TELLING)


def _ranked(counts: Sequence[float], expected: Sequence[float]) -> tuple[Numbers, Numbers]:
    """Return the units of which something is expected, in an order of their own.

    Units take turns below: in the order of a table's rows, the same month would be judged differently another time.
    """
    observed, means = np.asarray(counts, float), np.asarray(expected, float)
    order = np.lexsort((observed, means))
    order = order[means[order] > 0]
    return observed[order], means[order]


def _excess(dispersion: float, counts: Numbers, expected: Numbers) -> float:
    """Return by how much the units in the middle are more spread than this dispersion explains."""
    return float(np.average(_squares(dispersion, counts, expected), weights=expected)) - _NORMAL_SPREAD


def _squares(dispersion: float, counts: Numbers, expected: Numbers) -> Numbers:
    # Where a lump of the distribution is shared out, units take turns (golden ratio): no randomness in the rules.
    turn = np.arange(1, len(counts) + 1) * 0.6180339887498949 % 1.0
    below, upto = _cumulated(counts - 1, expected, dispersion), _cumulated(counts, expected, dispersion)
    scores = norm.ppf(np.clip(below + turn * (upto - below), 1e-12, 1 - 1e-12))
    low, high = np.quantile(scores, [WINSORISED, 1 - WINSORISED])
    return np.asarray(np.clip(scores, low, high) ** 2)


def _cumulated(counts: Numbers, expected: Numbers, dispersion: float) -> Numbers:
    if dispersion < _NO_DISPERSION:
        return np.asarray(poisson.cdf(counts, expected))
    size = 1 / dispersion
    return np.asarray(nbinom.cdf(counts, size, size / (size + expected)))


def _quantiles(chances: Numbers, expected: Numbers, dispersion: float) -> Numbers:
    if dispersion < _NO_DISPERSION:
        return np.asarray(poisson.ppf(chances, expected))
    size = 1 / dispersion
    return np.asarray(nbinom.ppf(chances, size, size / (size + expected)))


def upper_chances(counts: Sequence[float], expected: Sequence[float], dispersion: float) -> Numbers:
    """Return for each unit the chance of its count or a higher one, when nothing is wrong with it.

    >>> [round(float(chance), 3) for chance in upper_chances([0, 3, 9], [3, 3, 3], 0.0)]
    [1.0, 0.577, 0.004]
    """
    observed, means = np.asarray(counts, float), np.maximum(np.asarray(expected, float), 1e-12)
    if dispersion < _NO_DISPERSION:
        return np.asarray(poisson.sf(observed - 1, means))
    size = 1 / dispersion
    return np.asarray(nbinom.sf(observed - 1, size, size / (size + means)))


def funnel_limits(expected: float, dispersion: float, level: float = 0.95) -> FunnelLimits:
    """Return the limits to draw for an expected count: wide on the left of the funnel, narrow on the right.

    >>> small, large = funnel_limits(4, 0.0), funnel_limits(400, 0.0)
    >>> small.upper > large.upper > 1 > large.lower > small.lower
    True
    """
    tail = (1 - level) / 2
    low, high = _quantiles(np.array([tail, 1 - tail]), np.array([expected]), dispersion)
    return FunnelLimits(expected, float(low) / expected, float(high) / expected)
