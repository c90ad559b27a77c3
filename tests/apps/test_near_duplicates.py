"""Near duplicates: against comparing everything with everything."""

import random
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yici.apps.tickets.meaning.duplicate_bench import made_texts, measure, retold
from yici.apps.tickets.meaning.near_duplicates import ORDERS, NearDuplicates, jaccard, shingles, signatures

WORDS = st.lists(
    st.sampled_from(["路灯坏了", "三天没修", "请派人来", "垃圾没清", "物业不管", "夜里施工"]), min_size=1, max_size=6
)
TEXTS = st.lists(WORDS.map("，".join), min_size=1, max_size=25)


def compared_with_everything(text: str, texts: list[str], least: float) -> dict[int, float]:
    """The slow way: the likeness of every text, by sets."""
    own = shingles(text)
    found = {place: jaccard(own, shingles(other)) for place, other in enumerate(texts)}
    return {place: likeness for place, likeness in found.items() if likeness >= least}


class TestSearch:
    @settings(max_examples=80, deadline=None)
    @given(TEXTS, WORDS.map("，".join), st.sampled_from([0.3, 0.5, 0.8]))
    def test_returns_nothing_that_is_less_alike_and_orders_the_rest(
        self, texts: list[str], asked: str, least: float
    ) -> None:
        found = NearDuplicates(texts).search(asked, k=100, least=least, texts=texts)

        slow = compared_with_everything(asked, texts, least)
        assert all(slow[one.place] == pytest.approx(one.likeness) for one in found)
        assert all(first.likeness >= second.likeness for first, second in pairwise(found))

    @settings(max_examples=80, deadline=None)
    @given(TEXTS, st.randoms(use_true_random=False))
    def test_always_finds_the_very_same_text(self, texts: list[str], chance: random.Random) -> None:
        asked = chance.choice(texts)

        found = {one.place for one in NearDuplicates(texts).search(asked, k=100, least=1, texts=texts)}

        assert {place for place, text in enumerate(texts) if text == asked} <= found
        # Other texts may be made of the very same strings ("aaaa", "aaaaa"): those too, and no more.
        assert found == set(compared_with_everything(asked, texts, 1))

    def test_misses_few_that_comparing_everything_finds(self) -> None:
        originals = list(made_texts(400, seed=9))
        chance = random.Random(4)
        texts = [*originals, *(retold(text, chance) for text in originals)]
        index = NearDuplicates(texts)
        sets = [shingles(text) for text in texts]
        asked = range(0, 800, 16)

        wanted = {(row, place) for row in asked for place in range(800) if jaccard(sets[row], sets[place]) >= 0.6}
        found = {(row, one.place) for row in asked for one in index.search(texts[row], k=50, least=0.6, texts=texts)}

        assert found <= wanted
        assert len(wanted) > 75
        assert len(found) >= 0.97 * len(wanted)

    @pytest.mark.parametrize("asked", ["", "路", "路灯", "，", "　\n"])
    def test_takes_short_texts(self, asked: str) -> None:
        texts = ["路", "路灯", "", "路灯坏了三天"]

        found = NearDuplicates(texts).search(asked, least=1, texts=texts)

        wanted = [place for place, text in enumerate(texts) if text == asked and text]
        assert [one.place for one in found] == wanted

    def test_answers_from_nothing(self) -> None:
        assert NearDuplicates([]).search("路灯坏了") == []

    def test_a_form_sent_by_thousands_does_not_slow_the_search(self) -> None:
        index = NearDuplicates(["请尽快处理这个问题"] * 6000)

        assert len(index._candidates(signatures(["请尽快处理这个问题"]))) <= 4096


class TestSignatures:
    def test_agree_as_often_as_the_texts_share_strings(self) -> None:
        chance = random.Random(8)
        for text in made_texts(60, seed=5):
            other = retold(text, chance)
            first, second = signatures([text, other])
            exact = jaccard(shingles(text), shingles(other))
            # Four standard errors of 48 trials: fails by chance once in some ten thousand runs; the seed is fixed.
            assert abs(float(np.mean(first == second)) - exact) < 4 * (exact * (1 - exact) / ORDERS) ** 0.5 + 0.03

    def test_do_not_depend_on_the_batch(self) -> None:
        texts = list(made_texts(20))

        together = signatures(texts)

        assert all((signatures([text])[0] == together[row]).all() for row, text in enumerate(texts))


def test_the_bench_finds_what_it_planted_and_states_its_memory() -> None:
    figures = measure(3000)

    assert figures["texts"] == 3000
    assert figures["planted_pairs"] > 300
    assert figures["planted_pairs_found"] >= 0.9 * figures["planted_pairs"]
    assert figures["index_megabytes"] == pytest.approx(3000 * (48 * 4 + 16 * 12) / 1e6, abs=0.1)
