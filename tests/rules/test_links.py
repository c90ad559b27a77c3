"""The choice of data links against trying every choice."""

from collections.abc import Mapping
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yici.rules.links import CannotChooseLinks, Lack, choose_links, lack_of, paying_together, visits_removed

LINKS = "abcdefg"
parts = st.frozensets(st.sampled_from(LINKS), min_size=1, max_size=3)
lacks = st.dictionaries(
    st.lists(parts, min_size=1, max_size=4).map(lack_of), st.integers(min_value=1, max_value=50), max_size=9
)


def best_of_all(given_lacks: Mapping[Lack, int], most: int) -> int:
    """Try every set of links."""
    tried = (set(some) for count in range(most + 1) for some in combinations(LINKS, count))
    return max(sum(n for lack, n in given_lacks.items() if all(part & some for part in lack)) for some in tried)


class TestChooseLinks:
    @settings(max_examples=60, deadline=None)
    @given(lacks, st.integers(min_value=1, max_value=5))
    def test_no_choice_removes_more_visits(self, given_lacks: dict[Lack, int], most: int) -> None:
        choice = choose_links(given_lacks, most)

        assert choice.visits_removed == best_of_all(given_lacks, most) == choice.at_most
        assert choice.optimal
        assert len(choice.chosen) <= most
        assert visits_removed(given_lacks, choice.chosen) == choice.visits_removed
        assert visits_removed(given_lacks, choice.greedy) == choice.greedy_visits_removed <= choice.visits_removed

    @settings(max_examples=40, deadline=None)
    @given(lacks, st.integers(min_value=1, max_value=4))
    def test_every_chosen_link_is_needed(self, given_lacks: dict[Lack, int], most: int) -> None:
        choice = choose_links(given_lacks, most)

        for link in choice.chosen:
            assert visits_removed(given_lacks, set(choice.chosen) - {link}) < choice.visits_removed

    def test_finds_the_pair_that_greedy_never_sees(self) -> None:
        given_lacks = {lack_of([["birth"], ["household"]]): 100, lack_of([["lease"]]): 3, lack_of([["tax"]]): 2}

        choice = choose_links(given_lacks, 2)

        assert (choice.chosen, choice.visits_removed) == (("birth", "household"), 100)
        assert (choice.greedy, choice.greedy_visits_removed, choice.gap) == (("lease", "tax"), 5, 95)

    def test_one_of_several_sources_is_enough(self) -> None:
        choice = choose_links({lack_of([["police", "housing"]]): 4, lack_of([["housing"], ["tax"]]): 3}, 2)

        assert (choice.chosen, choice.visits_removed) == (("housing", "tax"), 7)

    def test_leaves_cases_that_no_link_can_turn(self) -> None:
        choice = choose_links({frozenset(): 10, frozenset({frozenset()}): 10}, 3)

        assert (choice.chosen, choice.visits_removed, choice.optimal) == ((), 0, True)

    @pytest.mark.parametrize("most", [0, -1])
    def test_refuses_no_link_at_all(self, most: int) -> None:
        with pytest.raises(CannotChooseLinks, match="one data link"):
            choose_links({}, most)


class TestPayingTogether:
    @settings(max_examples=60, deadline=None)
    @given(lacks)
    def test_names_exactly_the_sets_whose_parts_spare_nothing(self, given_lacks: dict[Lack, int]) -> None:
        sets = [frozenset(some) for count in (1, 2, 3) for some in combinations(LINKS, count)]
        worth = {some: visits_removed(given_lacks, some) for some in sets}
        expected = {
            some: worth[some]
            for some in sets
            if len(some) > 1 and worth[some] and not any(worth[part] for part in sets if part < some)
        }

        assert {frozenset(one.links): one.visits for one in paying_together(given_lacks)} == expected
