"""What to expect of a month: its volume times the usual rate, more or less as the season has it.

Ratio-to-mean indices, as in the census method X-11 (J. Shiskin 1967) without its moving averages, which need longer
histories; drawn towards 1 where a season rests on few events.
"""

from collections.abc import Mapping, Sequence

STEADY_EVENTS = 20.0  # a season is believed half when it rests on so many events


def seasonal_factors(counts: Sequence[tuple[int, float, float]]) -> dict[int, float]:
    """Return the factor of each season from rows of season, count and volume; 1 is as in the whole year.

    >>> factors = seasonal_factors([(1, 200, 1000), (2, 100, 1000), (1, 220, 1100), (2, 110, 1100)])
    >>> round(factors[1], 2), round(factors[2], 2)
    (1.31, 0.69)
    """
    happened, offered = sum(row[1] for row in counts), sum(row[2] for row in counts)
    if not happened or not offered:
        return {season: 1.0 for season, _, _ in counts}
    rate = happened / offered
    factors = {}
    for season in sorted({row[0] for row in counts}):
        seen = sum(count for known, count, _ in counts if known == season)
        wanted = sum(volume for known, _, volume in counts if known == season) * rate
        factors[season] = (seen + STEADY_EVENTS) / (wanted + STEADY_EVENTS)
    return factors


def expected_counts(volumes: Sequence[tuple[int, float]], rate: float, factors: Mapping[int, float]) -> list[float]:
    """Return what to expect of each row of season and volume, in events.

    >>> expected_counts([(1, 100), (2, 50)], 0.1, {1: 1.5})
    [15.0, 5.0]
    """
    return [volume * rate * factors.get(season, 1.0) for season, volume in volumes]
