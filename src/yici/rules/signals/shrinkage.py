"""Rates that may be shown and compared: those of small counties are drawn towards the mean, with an interval.

Empirical Bayes with the gamma-Poisson model: D. Clayton and J. Kaldor, Empirical Bayes estimates of age-standardized
relative risks, Biometrics 43 (1987). The prior is as wide as the counties truly differ; where they differ by chance
alone, everybody is shown the mean.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from scipy.stats import gamma

from yici.rules.signals.funnel import dispersion_of

_NARROW = 1e-6


@dataclass(frozen=True, slots=True)
class ShrunkRate:
    """A relative rate (1: as expected) after shrinkage, and the interval it lies in. ``raw``: as counted."""

    raw: float
    rate: float
    lower: float
    upper: float


def shrunk(counts: Sequence[float], expected: Sequence[float], level: float = 0.95) -> list[ShrunkRate]:
    """Return the shrunk relative rate of every unit; one of which nothing was to be expected is shown as the mean.

    >>> wild, calm = shrunk([3, 300, 90, 110, 100, 130, 80], [1, 300, 100, 100, 100, 100, 100])[:2]
    >>> wild.raw, wild.rate < 1.2, abs(calm.rate - 1) < 0.05
    (3.0, True, True)
    """
    total = sum(expected)
    mean = sum(counts) / total if total else 1.0
    # The units in the middle say what is usual; a rate that is shown must not lose a true outlier in them.
    width = max(dispersion_of(counts, expected), _moments(counts, expected, mean or 1.0), _NARROW)
    return [_shrunk(count, wanted, mean or 1.0, width, level) for count, wanted in zip(counts, expected, strict=True)]


def _moments(counts: Sequence[float], expected: Sequence[float], mean: float) -> float:
    """Return the variance between all units, outliers included, beyond what chance gives (method of moments)."""
    wanted = [mean * each for each in expected]
    squares = sum((count - each) ** 2 for count, each in zip(counts, wanted, strict=True))
    whole = sum(each**2 for each in wanted)
    return max(0.0, (squares - sum(wanted)) / whole) if whole else 0.0


def _shrunk(count: float, expected: float, mean: float, width: float, level: float) -> ShrunkRate:
    shape = 1 / width
    known = gamma(shape + count, scale=1 / (shape / mean + expected))
    low, high = known.interval(level)
    return ShrunkRate(count / expected if expected else mean, float(known.mean()), float(low), float(high))
