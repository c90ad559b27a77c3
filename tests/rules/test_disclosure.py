"""Nobody finds a hidden number: an attacker with all published figures solves for each, as linear programmes."""

from collections.abc import Mapping

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import linprog

from yici.rules.disclosure import FEWEST, hidden_in, is_safe, is_small, kept_of, may_show_sum

counts = st.dictionaries(st.sampled_from("abcdefgh"), st.integers(0, 40) | st.integers(0, 9), min_size=1)
tables = st.dictionaries(st.sampled_from("KLMN"), counts, min_size=1)
fewests = st.sampled_from([3, 5, FEWEST])


def widths(unknown: list[str], sums: list[tuple[set[str], int]]) -> dict[str, float]:
    """The slow oracle: how far apart the least and the greatest value are that fit everything published."""
    rows = np.array([[float(one in names) for one in unknown] for names, _ in sums]).reshape(len(sums), len(unknown))
    known = np.array([float(value) for _, value in sums])
    found = {}
    for place, name in enumerate(unknown):
        aim = np.zeros(len(unknown))
        aim[place] = 1.0
        ends = []
        for sign in (1, -1):
            # Without a sum that holds it, a number may be anything; the bound only keeps the programme finite.
            least = linprog(sign * aim, A_eq=rows if sums else None, b_eq=known if sums else None, bounds=(1, 10_000))
            assert least.status == 0, least.message
            ends.append(sign * least.fun)
        found[name] = ends[1] - ends[0]
    return found


def published(table: Mapping[str, int], fewest: int) -> tuple[list[str], list[tuple[set[str], int]]]:
    hidden = hidden_in(table, fewest)
    sums = []
    if may_show_sum(table, fewest):
        sums = [(set(hidden), sum(table[key] for key in hidden))]
    return sorted(hidden), sums


@given(counts, fewests)
def test_the_sum_and_the_shown_pin_no_hidden_number(table: dict[str, int], fewest: int) -> None:
    hidden, sums = published(table, fewest)
    assert {key for key, count in table.items() if is_small(count, fewest)} <= set(hidden)
    assert all(width >= fewest - 1e-6 for width in widths(hidden, [one for one in sums if hidden]).values())


@given(counts, fewests)
def test_no_more_is_hidden_than_must_be(table: dict[str, int], fewest: int) -> None:
    """Without the largest of those hidden for the others' sake, the group would not be safe."""
    hidden = hidden_in(table, fewest)
    extra = [key for key in hidden if not is_small(table[key], fewest)]
    if extra:
        largest = max(extra, key=lambda key: (table[key], key))
        assert not is_safe([table[key] for key in hidden if key != largest], fewest)


@given(tables, fewests)
def test_levels_of_totals_pin_nobody_left_out_or_taken_in(table: dict[str, dict[str, int]], fewest: int) -> None:
    """Offices of ten and more, totals of counties and of the province are known: small offices stay unknown."""
    kept = {county: kept_of(offices, fewest) for county, offices in table.items()}
    unknown, sums = [], []
    for county, offices in table.items():
        small = {f"{county}{key}" for key, count in offices.items() if is_small(count, fewest)}
        unknown += sorted(small)
        total = sum(offices[key] for key in kept[county])
        shown = sum(count for count in offices.values() if count >= fewest)
        taken_in = {name for name in small if name[1:] in kept[county]}
        if taken_in:
            sums.append((taken_in, total - shown))
        else:
            assert total == shown  # nothing of them is in it
    if sums:  # the province: what the counties keep, together
        sums.append((set().union(*(names for names, _ in sums)), sum(value for _, value in sums)))
    assert all(width >= fewest - 1e-6 for width in widths(unknown, sums).values())


@given(counts, fewests)
def test_all_small_are_kept_or_none(table: dict[str, int], fewest: int) -> None:
    small = {key for key, count in table.items() if is_small(count, fewest)}
    assert small & kept_of(table, fewest) in (set(), small)
    assert set(table) - small <= kept_of(table, fewest)


def test_the_attacker_is_no_straw_man() -> None:
    """Without more hidden than the small ones, he finds it to the unit; and two neighbours of 5 and 6 within nine."""
    assert widths(["a"], [({"a"}, 3)]) == {"a": 0.0}
    assert widths(["a", "b"], [({"a", "b"}, 11)]) == {"a": 9.0, "b": 9.0}
