"""A whole month of every kind of signal at once: one declared share of false triggers holds for all of it."""

from collections.abc import Iterator
from datetime import date
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yici.rules.signals import CannotJudge, Count, Found, SignalKind, cells_of, judged
from yici.rules.signals.judging import months_before

MARCH = date(2018, 3, 1)
ITEMS, COUNTIES = 12, 40
RATES = dict(
    zip(SignalKind, (0.08, 0.03, 0.05, 0.02, 0.04, 0.02, 0.01, 0.2, 0.01, 0.01, 0.02, 0.05, 0.06), strict=True)
)
PLANTED = {
    (SignalKind.CORRECTIONS, "item3", "county7"): 0.4,
    (SignalKind.DEMANDS, "item5", "county2"): 0.25,
    (SignalKind.REVIEWS, "item9", "county30"): 0.35,
}


def drawn(seed: int, planted: dict[tuple[SignalKind, str, str], float] | None = None) -> Iterator[Count]:
    """Yield a month as the gatherer would count it: events are binomial, volumes small and large, counties differ."""
    chance = np.random.default_rng(seed)
    for kind, rate in RATES.items():
        for item in range(ITEMS):
            for county in range(COUNTIES):
                place = (kind, f"item{item}", f"county{county}")
                of = int(np.exp(chance.uniform(np.log(5), np.log(600))))
                share = min(0.9, rate * chance.gamma(20, 0.05))
                if planted and place in planted:
                    of, share = max(of, 120), planted[place]
                yield Count(*place, MARCH, int(chance.binomial(of, share)), of)


def places(found: list[Found]) -> set[tuple[SignalKind, str, str]]:
    return {(one.kind, one.trigger.cell.item, one.trigger.cell.region) for one in found}


class TestAMonth:
    def test_without_a_problem_no_more_of_twenty_seeds_trigger_than_the_declared_share(self) -> None:
        seen = [judged(drawn(seed), MARCH, false_share=0.05) for seed in range(20)]

        assert sum(map(bool, seen)) <= 1  # 5 % of 20 runs, all ten kinds together

    def test_planted_problems_of_different_kinds_are_found_and_little_else(self) -> None:
        seen = [places(judged(drawn(seed, PLANTED), MARCH)) for seed in range(20)]

        assert sum(len(some & PLANTED.keys()) for some in seen) >= 0.95 * 20 * len(PLANTED)
        assert sum(len(some - PLANTED.keys()) for some in seen) <= 0.05 * sum(map(len, seen)) + 2

    def test_ten_kinds_judged_apart_would_each_spend_the_whole_share(self) -> None:
        # A cell that stands out alone of its kind, by no more than the luck of one in 20 runs.
        quiet = [Count(SignalKind.GAPS, "a", f"c{n}", MARCH, 10, 100) for n in range(2000)]
        odd = [Count(SignalKind.REVIEWS, "a", f"c{n}", MARCH, 5 if n else 15, 50) for n in range(8)]

        assert places(judged(odd, MARCH)) == {(SignalKind.REVIEWS, "a", "c0")}
        assert judged([*quiet, *odd], MARCH) == []

    def test_what_is_too_small_to_tell_does_not_hide_what_can(self) -> None:
        # Of ten thousand small offices none can ever have five events: they are no trials, and cost no evidence.
        small = [Count(SignalKind.GAPS, "a", f"s{n}", MARCH, int(n % 5 == 0), 4) for n in range(10_000)]
        large = [Count(SignalKind.GAPS, "a", f"c{n}", MARCH, 5 if n else 17, 100) for n in range(40)]

        assert places(judged([*small, *large], MARCH)) == {(SignalKind.GAPS, "a", "c0")}

    @settings(max_examples=20, deadline=None)
    @given(st.integers(0, 9), st.randoms(use_true_random=False))
    def test_is_the_same_in_whatever_order_the_rows_come(self, seed: int, chance: Random) -> None:
        rows = [one for one in drawn(seed, PLANTED) if one.item in {"item3", "item5", "item9"}]
        mixed = chance.sample(rows, len(rows))

        def told(found: list[Found]) -> dict[tuple[SignalKind, str, str], float]:
            return {(one.kind, one.trigger.cell.item, one.trigger.cell.region): one.trigger.chance for one in found}

        assert told(judged(mixed, MARCH)) == pytest.approx(told(judged(rows, MARCH)))

    def test_five_events_at_least(self) -> None:
        rows = [Count(SignalKind.COMPLAINTS, "a", f"c{n}", MARCH, 4 if n == 0 else 0, 1000) for n in range(30)]

        assert judged(rows, MARCH) == []

    @pytest.mark.parametrize("share", [0.0, 1.0])
    def test_refuses_a_share_that_is_none(self, share: float) -> None:
        with pytest.raises(CannotJudge):
            judged([], MARCH, false_share=share)


class TestExpectation:
    def test_is_the_rate_of_a_year_and_not_of_the_month_alone(self) -> None:
        before = [Count(SignalKind.GAPS, "a", "c", date(2017, month, 1), 10, 100) for month in range(4, 13)]
        cells = cells_of([*before, Count(SignalKind.GAPS, "a", "c", MARCH, 100, 100)], MARCH)

        assert [cell.expected for cell in cells] == [pytest.approx(19.0)]

    def test_follows_a_season_that_earlier_years_show(self) -> None:
        rows = [
            Count(SignalKind.GAPS, "a", f"c{county}", date(2017 - year, month, 1), 300 if month == 3 else 100, 1000)
            for year in range(2)
            for month in range(1, 13)
            for county in range(5)
        ]
        now = [Count(SignalKind.GAPS, "a", f"c{county}", MARCH, 300, 1000) for county in range(5)]

        assert judged([*rows, *now], MARCH) == []
        assert cells_of([*rows, *now], MARCH)[0].expected > 250

    @settings(max_examples=60, deadline=None)
    @given(
        st.lists(
            st.tuples(st.integers(0, 3), st.integers(0, 4), st.integers(0, 20), st.integers(0, 60)),
            max_size=12,
            unique_by=lambda row: row[:2],
        )
    )
    def test_adds_up_to_what_happened_in_a_lone_month(self, rows: list[tuple[int, int, int, int]]) -> None:
        counts = [
            Count(SignalKind.VISITS, str(item), str(county), MARCH, min(events, of), of)
            for item, county, events, of in rows
        ]
        cells = cells_of(counts, MARCH)

        assert sum(cell.expected for cell in cells) == pytest.approx(sum(one.events for one in counts))
        assert len(cells) == sum(one.of > 0 for one in counts)
        assert {(one.trigger.cell.item, one.trigger.cell.region) for one in judged(counts, MARCH)} <= {
            (one.item, one.region) for one in counts if one.events >= 5
        }

    @given(st.dates(date(2000, 1, 1), date(2050, 1, 1)), st.dates(date(2000, 1, 1), date(2050, 1, 1)))
    def test_months_between_are_counted_both_ways(self, one: date, other: date) -> None:
        assert months_before(one, other) == -months_before(other, one)
