"""Pilots: known effects are covered, no effect is hardly ever claimed, and looking early does not change that."""

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yici.rules.pilots import (
    CannotPilot,
    CountyEffect,
    bounds,
    county_effect,
    error_of,
    is_in_pilot,
    look,
    pilot_counties,
    random_effect,
)

COUNTIES = [f"3301{number:02d}" for number in range(60)]
PERIODS, BEGINS = 12, 8


def counties(seed: int, effect: float, *, drift: float = 0.0) -> CountyEffect:
    """Simulate days to a licence: counties differ, share a trend, and each month leans on the one before."""
    chance = np.random.default_rng(seed)
    pilot = set(pilot_counties(f"pilot{seed}", COUNTIES, 15))
    measures = {}
    for county in COUNTIES:
        noise, rows = 0.0, []
        level = chance.normal(10, 3)
        for period in range(PERIODS):
            noise = 0.6 * noise + chance.normal(0, 1)
            treated = county in pilot
            rows.append(level - 0.1 * period + noise + treated * (effect * (period >= BEGINS) + drift * period))
        measures[county] = rows
    return county_effect(measures, pilot, BEGINS)


class TestCountyEffect:
    def test_covers_a_known_effect_in_93_of_100(self) -> None:
        assert (
            sum(one.effect.lower <= -1.5 <= one.effect.upper for one in (counties(s, -1.5) for s in range(100))) >= 93
        )

    def test_claims_no_effect_where_there_is_none(self) -> None:
        assert sum(counties(seed, 0.0).effect.is_claimed for seed in range(100)) <= 7

    def test_finds_an_effect_worth_having(self) -> None:
        assert sum(counties(seed, -1.5).effect.is_claimed for seed in range(50)) >= 45

    def test_doubts_counties_that_went_another_way_before(self) -> None:
        assert sum(not counties(seed, 0.0, drift=0.5).is_believable for seed in range(20)) >= 18
        assert sum(counties(seed, -1.5).is_believable for seed in range(40)) >= 36

    def test_is_the_difference_of_differences(self) -> None:
        measures = {"a": [1, 3, 12], "b": [2, 4, 13], "c": [5, 5, 6], "d": [7, 7, 8]}

        found = county_effect(measures, ["a", "b"], 2)

        assert found.effect.estimate == pytest.approx(10 - 1)
        assert found.before.estimate == pytest.approx(2)
        assert found.course == ((1.5, 6), (3.5, 6), (12.5, 7))

    @pytest.mark.parametrize(
        ("measures", "pilot", "begins"),
        [
            ({"a": [1, 2], "b": [1]}, ["a"], 1),
            ({"a": [1, 2], "b": [1, 2]}, ["a"], 0),
            ({"a": [1, 2], "b": [1, 2]}, ["x"], 1),
            ({"a": [1, 2], "b": [1, 2], "c": [1, 2]}, ["a"], 1),
        ],
    )
    def test_refuses_what_cannot_be_compared(
        self, measures: dict[str, Sequence[float]], pilot: list[str], begins: int
    ) -> None:
        with pytest.raises(CannotPilot):
            county_effect(measures, pilot, begins)


class TestRandomEffect:
    def test_covers_and_claims_as_declared(self) -> None:
        chance = np.random.default_rng(1)
        found = [random_effect(chance.normal(1.0, 2, 60), chance.normal(0.7, 3, 90)) for _ in range(1000)]
        nothing = [random_effect(chance.normal(1.0, 2, 60), chance.normal(1.0, 3, 90)) for _ in range(1000)]

        assert 0.93 <= np.mean([one.lower <= 0.3 <= one.upper for one in found]) <= 0.97
        assert np.mean([one.is_claimed for one in nothing]) <= 0.07
        assert all(one.is_claimed == (one.chance < 0.05) for one in found)

    def test_refuses_a_group_of_one(self) -> None:
        with pytest.raises(CannotPilot):
            random_effect([1.0], [1.0, 2.0])

    def test_nobody_differs(self) -> None:
        assert not random_effect([1.0, 1.0], [1.0, 1.0]).is_claimed


class TestAssignment:
    @settings(max_examples=50, deadline=None)
    @given(st.text(max_size=20), st.text(max_size=20), st.floats(0, 1), st.floats(0, 1))
    def test_raising_the_share_keeps_who_is_in(self, pilot: str, unit: str, one: float, other: float) -> None:
        assert is_in_pilot(pilot, unit, max(one, other)) >= is_in_pilot(pilot, unit, min(one, other))

    def test_pilots_draw_independently(self) -> None:
        both = sum(is_in_pilot("a", str(n), 0.5) and is_in_pilot("b", str(n), 0.5) for n in range(4000))

        assert 0.22 <= both / 4000 <= 0.28

    def test_draws_counties_whatever_their_order(self) -> None:
        drawn = pilot_counties("a", COUNTIES, 10)

        assert drawn == pilot_counties("a", reversed(COUNTIES), 10)
        assert len(drawn) == 10
        assert set(drawn) < set(pilot_counties("a", COUNTIES, 11))

    @pytest.mark.parametrize("count", [1, 59])
    def test_refuses_to_leave_nobody_to_compare_with(self, count: int) -> None:
        with pytest.raises(CannotPilot):
            pilot_counties("a", COUNTIES, count)

    def test_refuses_a_share_that_is_none(self) -> None:
        with pytest.raises(CannotPilot):
            is_in_pilot("a", "b", 1.5)


class TestBounds:
    def test_are_those_of_the_published_table(self) -> None:
        # Lan–DeMets bounds of O'Brien–Fleming shape, five even looks, two-sided 5 % (Reboussin et al. 2000).
        assert bounds([0.2, 0.4, 0.6, 0.8, 1.0]) == pytest.approx([4.877, 3.357, 2.680, 2.290, 2.031], abs=0.002)

    def test_one_look_is_no_look_before(self) -> None:
        assert bounds([1.0]) == pytest.approx([1.95996], abs=1e-4)
        assert error_of(bounds([1.0])[0]) == pytest.approx(0.05)

    def test_looking_four_times_claims_no_effect_more_often(self) -> None:
        chance, looks = np.random.default_rng(2), [0.25, 0.5, 0.75, 1.0]
        limits = np.array(bounds(looks))
        steps = chance.normal(0, 0.5, (20_000, 4)).cumsum(axis=1) / np.sqrt(looks)

        assert np.mean((np.abs(steps) > limits).any(axis=1)) == pytest.approx(0.05, abs=0.005)
        assert np.mean((np.abs(steps) > 1.96).any(axis=1)) > 0.1  # what looking without a rule would do

    def test_a_look_stops_for_an_overwhelming_effect_or_at_the_end(self) -> None:
        chance, looks = np.random.default_rng(3), [0.5, 1.0]
        better, same, other = chance.normal(-2, 1, 80), chance.normal(0, 1, 80), chance.normal(0, 1, 80)

        assert look(better, other, looks, 0).stops
        assert not look(same, other, looks, 0).stops
        assert look(same, other, looks, 1).stops

    @pytest.mark.parametrize("looks", [[], [0.5, 0.2], [0.0, 1.0], [0.5, 1.2], [0.5, 0.5]])
    def test_refuses_looks_that_do_not_rise(self, looks: list[float]) -> None:
        with pytest.raises(CannotPilot):
            bounds(looks)
