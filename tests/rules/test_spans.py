"""Spans are kept as finely as they are shown, and their shares add up over places."""

from datetime import timedelta
from statistics import median, quantiles

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yici.rules.spans import days_within, kept_minutes, together

SPANS = st.integers(0, 400 * 86_400_000).map(lambda number: timedelta(milliseconds=number))


def counted(spans: list[timedelta]) -> dict[int, int]:
    return together(*({kept_minutes(one): 1} for one in spans))


class TestKept:
    @given(SPANS, SPANS)
    def test_keeps_the_order(self, one: timedelta, other: timedelta) -> None:
        assert (one <= other) <= (kept_minutes(one) <= kept_minutes(other))

    @given(SPANS)
    def test_is_within_half_of_what_is_shown(self, span: timedelta) -> None:
        minutes = span / timedelta(minutes=1)
        step = 1 if minutes < 60 else 6 if minutes < 1440 else 144
        assert abs(kept_minutes(span) - minutes) <= step / 2


class TestShares:
    @given(st.lists(SPANS, min_size=2, max_size=40))
    def test_equal_those_of_the_list(self, spans: list[timedelta]) -> None:
        days = [kept_minutes(one) / 1440 for one in spans]
        assert days_within(counted(spans), 0.5) == pytest.approx(median(days))
        assert days_within(counted(spans), 0.9) == pytest.approx(quantiles(days, n=10, method="inclusive")[8])

    @given(st.lists(SPANS, min_size=1), st.lists(SPANS))
    def test_of_the_whole_follow_from_those_of_its_parts(self, here: list[timedelta], there: list[timedelta]) -> None:
        assert together(counted(here), counted(there)) == counted([*here, *there])

    def test_of_nothing_are_none(self) -> None:
        assert days_within({}, 0.5) is None
