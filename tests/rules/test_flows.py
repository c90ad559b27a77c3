"""Layers and the longest chain against every chain there is."""

from collections.abc import Iterator

from hypothesis import given
from hypothesis import strategies as st

from yici.rules.flows import Arrow, forward, layers, longest_chain, ordered

NAMES = "abcdefg"
WEIGHTS = st.dictionaries(st.sampled_from(NAMES), st.integers(0, 20), min_size=1)
ARROWS = st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from(NAMES)), max_size=14)


def chains(start: str, onward: list[Arrow]) -> Iterator[list[str]]:
    yield [start]
    for begin, end in onward:
        if begin == start:
            for rest in chains(end, onward):
                yield [start, *rest]


@given(WEIGHTS, ARROWS)
def test_the_longest_chain_is_the_longest_of_all(weights: dict[str, int], arrows: list[Arrow]) -> None:
    onward = list(forward(weights, arrows))
    found = longest_chain(weights, arrows)
    every = [chain for node in weights for chain in chains(node, onward)]
    assert sum(weights[node] for node in found) == max(sum(weights[node] for node in chain) for chain in every)
    assert list(found) in every


@given(WEIGHTS, ARROWS)
def test_layers_hold_every_node_once_and_arrows_go_forward(weights: dict[str, int], arrows: list[Arrow]) -> None:
    rows = layers(weights, arrows)
    depth = {node: number for number, row in enumerate(rows) for node in row}
    assert sorted(node for row in rows for node in row) == sorted(weights)
    assert all(depth[start] < depth[end] for start, end in forward(weights, arrows))
    assert sorted(ordered(weights, arrows)) == sorted(weights)


@given(WEIGHTS, ARROWS)
def test_without_circles_no_arrow_is_lost(weights: dict[str, int], arrows: list[Arrow]) -> None:
    straight = [(a, b) for a, b in arrows if a < b]
    assert set(forward(weights, straight)) == {(a, b) for a, b in straight if a in weights and b in weights}


def test_nothing_has_no_chain() -> None:
    assert longest_chain({}, []) == ()
    assert layers([], []) == ()
