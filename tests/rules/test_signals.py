"""Signals are evidence and not noise: alarms without cause stay rare, planted problems are found."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from yici.rules.signals import (
    CannotJudge,
    Cell,
    Trigger,
    discoveries,
    dispersion_of,
    expected_counts,
    funnel_limits,
    seasonal_factors,
    shrunk,
    triggers,
    upper_chances,
)

ITEMS, REGIONS = 20, 90
SPREAD = 0.05  # counties truly differ by a fifth or so
PLANTED = ((3, 17), (11, 60), (19, 88), (7, 4))


def counted(
    seed: int, *, planted: tuple[tuple[int, int], ...] = (), spread: float = SPREAD
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Draw the counts of every item in every region: small and large ones, counties that differ, some in trouble."""
    chance = np.random.default_rng(seed)
    expected = np.exp(chance.uniform(np.log(2), np.log(200), (ITEMS, REGIONS)))
    rates = chance.gamma(1 / spread, spread, (ITEMS, REGIONS)) if spread else np.ones((ITEMS, REGIONS))
    for place in planted:
        rates[place] = 4.0
        expected[place] = max(expected[place], 15.0)
    return chance.poisson(expected * rates), expected


def found(seed: int, *, planted: tuple[tuple[int, int], ...] = (), spread: float = SPREAD) -> list[Trigger]:
    counts, expected = counted(seed, planted=planted, spread=spread)
    return triggers(
        [
            Cell(str(item), str(region), int(counts[item, region]), float(expected[item, region]))
            for item in range(ITEMS)
            for region in range(REGIONS)
        ]
    )


class TestTriggers:
    @pytest.mark.parametrize("spread", [0.0, SPREAD])
    def test_without_problems_alarms_stay_under_the_declared_rate(self, spread: float) -> None:
        seen = [found(seed, spread=spread) for seed in range(100)]

        assert sum(map(bool, seen)) <= 5  # five runs in a hundred: the declared rate

    def test_planted_problems_are_found_and_little_else(self) -> None:
        wanted = {(str(item), str(region)) for item, region in PLANTED}
        seen = [{(one.cell.item, one.cell.region) for one in found(seed, planted=PLANTED)} for seed in range(20)]

        assert sum(len(wanted & some) for some in seen) >= 0.95 * 20 * len(PLANTED)
        false = sum(len(some - wanted) for some in seen)
        assert false <= 0.05 * sum(len(some) for some in seen) + 2

    def test_counties_that_differ_would_raise_false_alarms_if_chance_alone_were_believed(self) -> None:
        counts, expected = counted(1)
        as_if_poisson = upper_chances(list(counts.ravel()), list(expected.ravel()), 0.0)

        assert len(discoveries([float(one) for one in as_if_poisson], 0.05)) > 20
        assert found(1) == []

    def test_one_person_opens_no_proposal(self) -> None:
        cells = [Cell("a", str(place), 3, 3.0) for place in range(50)] + [Cell("b", "x", 4, 0.001)]

        assert triggers(cells) == []

    def test_says_how_far_above_the_funnel(self) -> None:
        cells = [Cell("a", str(place), 10, 10.0) for place in range(50)] + [Cell("b", "x", 40, 10.0)]

        (one,) = triggers(cells)

        assert (one.cell.item, one.excess) == ("b", 30.0)
        assert one.chance < 1e-9
        assert one.cell.count / one.cell.expected > one.upper > 1

    @pytest.mark.parametrize("cell", [Cell("a", "x", -1, 2.0), Cell("a", "x", 1, -2.0)])
    def test_refuses_what_is_no_count(self, cell: Cell) -> None:
        with pytest.raises(CannotJudge):
            triggers([cell])


class TestDispersion:
    @pytest.mark.parametrize("spread", [0.0, 0.05, 0.3])
    def test_is_measured_and_not_led_astray_by_outliers(self, spread: float) -> None:
        counts, expected = counted(5, spread=spread, planted=PLANTED)

        measured = dispersion_of(list(counts.ravel()), list(expected.ravel()))

        assert measured == pytest.approx(spread, abs=0.012 + 0.15 * spread)

    def test_limits_are_narrow_for_large_numbers_and_wide_where_counties_differ(self) -> None:
        assert funnel_limits(10, 0.0).upper > funnel_limits(1000, 0.0).upper
        assert funnel_limits(1000, 0.2).upper > funnel_limits(1000, 0.0).upper


class TestDiscoveries:
    @settings(max_examples=60, deadline=None)
    @given(st.lists(st.floats(min_value=0, max_value=1), max_size=9), st.sampled_from([0.01, 0.05, 0.2]))
    def test_is_the_largest_set_that_is_below_its_line(self, chances: list[float], rate: float) -> None:
        sizes = [
            size
            for size in range(len(chances) + 1)
            for some in combinations(sorted(chances), size)
            if all(chance <= rate * size / len(chances) for chance in some)
        ]

        assert len(discoveries(chances, rate)) == max(sizes)


class TestShrunk:
    def test_comes_nearer_to_the_truth_than_the_raw_rate(self) -> None:
        chance = np.random.default_rng(3)
        truth = chance.gamma(1 / 0.1, 0.1, 400)
        expected = np.exp(chance.uniform(np.log(1), np.log(60), 400))
        counts = chance.poisson(truth * expected)

        rates = shrunk(list(counts), list(expected))

        assert np.mean((np.array([one.rate for one in rates]) - truth) ** 2) < 0.5 * np.mean(
            (np.array([one.raw for one in rates]) - truth) ** 2
        )
        inside = [one.lower <= true <= one.upper for one, true in zip(rates, truth, strict=True)]
        assert 0.92 <= np.mean(inside) <= 0.98

    def test_shows_a_true_outlier_among_many_that_are_as_expected(self) -> None:
        counts = [67.0] + [9.0, 10.0, 8.0, 11.0, 9.0, 10.0, 7.0, 12.0] * 10

        wild, calm = shrunk(counts, [9.3] * len(counts))[:2]

        assert wild.lower > 4
        assert calm.lower < 1 < calm.upper


class TestSeasons:
    def test_a_season_explains_what_returns_each_year(self) -> None:
        chance = np.random.default_rng(4)
        true = [1 + 0.5 * np.sin(month / 12 * 2 * np.pi) for month in range(12)]
        history = [(month, float(chance.poisson(1000 * true[month])), 10_000.0) for month in range(12)] * 2

        factors = seasonal_factors(history)

        assert [factors[month] for month in range(12)] == pytest.approx(true, rel=0.12)
        assert expected_counts([(3, 10_000)], 0.1, factors)[0] == pytest.approx(1500, rel=0.1)

    def test_few_events_say_little_of_a_season(self) -> None:
        assert seasonal_factors([(1, 2, 10), (2, 0, 10)])[1] < 1.1
