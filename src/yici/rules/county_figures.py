"""A county's figure in a month: its value with the interval, its peers' value, and what its own past made us expect."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from yici.rules.measures import Measure, Unit
from yici.rules.scores import FORMULA, NOTHING, TEN_THOUSAND, Tally, interval, rate
from yici.rules.words import Words

# Where one shade of the map ends and the next begins; the same in every month, so that months can be compared.
_SHADES = {Unit.SHARE: (0.4, 0.6, 0.8, 0.95), Unit.PER_TEN_THOUSAND: (20.0, 50.0, 100.0, 200.0)}


class Verdict(StrEnum):
    """How a figure stands to what its past made us expect."""

    AS_EXPECTED = "as_expected"
    BETTER = "better"
    WORSE = "worse"

    @property
    def words(self) -> Words:
        """Return the verdict as the cockpit says it."""
        return _VERDICT_WORDS[self]


_VERDICT_WORDS = {
    Verdict.AS_EXPECTED: Words("符合预期", "as expected"),
    Verdict.BETTER: Words("好于预期", "better than expected"),
    Verdict.WORSE: Words("差于预期", "worse than expected"),
}


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure; of too few things nothing is said (``value`` None), and so of peers and past.

    ``shade`` counts from 1, the lowest values, to 5.
    """

    tally: Tally
    value: float | None = None
    low: float | None = None
    high: float | None = None
    peers: float | None = None
    expected: float | None = None
    verdict: Verdict | None = None
    shade: int = 0


def figure(measure: Measure, tally: Tally, peers: Tally = NOTHING, past: Sequence[Tally] = ()) -> Figure:
    """Return a figure beside its peers (all counties of the month) and its own months before.

    What is expected is the past, drawn to the peers as the formula of the scorecards draws.

    >>> from yici.rules.measures import MEASURES
    >>> found = figure(MEASURES["promised_time"], Tally(90, 100), Tally(800, 1000), [Tally(70, 100)])
    >>> found.value, round(found.expected, 3), found.verdict.value, found.shade
    (0.9, 0.717, 'better', 4)
    >>> figure(MEASURES["promised_time"], Tally(9, 9)).value is None
    True
    """
    around = rate(peers) if peers.of >= FORMULA.fewest else None
    scale = TEN_THOUSAND if measure.unit is Unit.PER_TEN_THOUSAND else 1
    expected = _expected(past, around)
    if tally.of < FORMULA.fewest:
        return Figure(tally, peers=_scaled(around, scale), expected=_scaled(expected, scale))
    value, (low, high) = rate(tally), interval(tally, measure)
    return Figure(
        tally,
        value=_scaled(value, scale),
        low=_scaled(low, scale),
        high=_scaled(high, scale),
        peers=_scaled(around, scale),
        expected=_scaled(expected, scale),
        verdict=_verdict(measure, low, high, expected),
        shade=1 + sum(value * scale >= bound for bound in _SHADES[measure.unit]),
    )


def _expected(past: Sequence[Tally], around: float | None) -> float | None:
    whole = sum(past, NOTHING)
    if whole.of < FORMULA.fewest or around is None:
        return None
    return (whole.good + FORMULA.strength * around) / (whole.of + FORMULA.strength)


def _scaled(value: float | None, scale: int) -> float | None:
    return None if value is None else round(value * scale, 4)


def _verdict(measure: Measure, low: float, high: float, expected: float | None) -> Verdict | None:
    """Return on which side of the interval the expectation lies; inside it nothing can be told."""
    if expected is None:
        return None
    if low <= expected <= high:
        return Verdict.AS_EXPECTED
    return Verdict.BETTER if (expected < low) is measure.higher_is_better else Verdict.WORSE


def shades(measure: Measure) -> list[tuple[int, float | None, float | None]]:
    """Return each shade with the value it begins at and the one it ends before.

    >>> from yici.rules.measures import MEASURES
    >>> shades(MEASURES["complaints"])[0], shades(MEASURES["complaints"])[-1]
    ((1, None, 20.0), (5, 200.0, None))
    """
    bounds = _SHADES[measure.unit]
    return [
        (number + 1, bounds[number - 1] if number else None, bounds[number] if number < len(bounds) else None)
        for number in range(len(bounds) + 1)
    ]
