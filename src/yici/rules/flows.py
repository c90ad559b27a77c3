"""A flow as drawn: what comes after what, in layers, and the chain that takes longest."""

from collections.abc import Iterable, Mapping
from heapq import heapify, heappop, heappush

Arrow = tuple[str, str]  # from, to


def ordered(nodes: Iterable[str], arrows: Iterable[Arrow]) -> tuple[str, ...]:
    """Return the nodes so that arrows go forward; among equals by name.

    Arrows of different revisions together may go round in a circle; then the first by name begins it.

    >>> ordered(["grant", "accept", "look"], [("accept", "look"), ("look", "grant")])
    ('accept', 'look', 'grant')
    """
    known = sorted(set(nodes))
    waits = dict.fromkeys(known, 0)
    followers: dict[str, list[str]] = {node: [] for node in known}
    for start, end in {(a, b) for a, b in arrows if a in waits and b in waits and a != b}:
        waits[end] += 1
        followers[start].append(end)
    return tuple(_taken(waits, followers))


def _taken(waits: dict[str, int], followers: Mapping[str, list[str]]) -> Iterable[str]:
    free = [node for node, count in waits.items() if count == 0]
    heapify(free)
    while waits:
        node = heappop(free) if free else min(waits)
        if node not in waits:
            continue
        del waits[node]
        yield node
        for follower in followers[node]:
            if follower in waits:
                waits[follower] -= 1
                if waits[follower] == 0:
                    heappush(free, follower)


def forward(nodes: Iterable[str], arrows: Iterable[Arrow]) -> tuple[Arrow, ...]:
    """Return the arrows that go forward in the order of the nodes, each once.

    >>> forward(["a", "b"], [("a", "b"), ("b", "a"), ("a", "elsewhere")])
    (('a', 'b'),)
    """
    place = {node: number for number, node in enumerate(ordered(nodes, arrows))}
    kept = {(a, b) for a, b in arrows if a in place and b in place and place[a] < place[b]}
    return tuple(sorted(kept, key=lambda one: (place[one[0]], place[one[1]])))


def layers(nodes: Iterable[str], arrows: Iterable[Arrow]) -> tuple[tuple[str, ...], ...]:
    """Return the nodes in layers: each stands one behind the last that it comes after.

    >>> layers(["a", "b", "c"], [("a", "c"), ("b", "c")])
    (('a', 'b'), ('c',))
    """
    listed = list(nodes)
    order, onward = ordered(listed, arrows), forward(listed, arrows)
    depth = dict.fromkeys(order, 0)
    for start, end in onward:
        depth[end] = max(depth[end], depth[start] + 1)
    rows: list[list[str]] = [[] for _ in range(max(depth.values(), default=-1) + 1)]
    for node in order:
        rows[depth[node]].append(node)
    return tuple(map(tuple, rows))


def longest_chain(weights: Mapping[str, float], arrows: Iterable[Arrow]) -> tuple[str, ...]:
    """Return the chain whose weights together are the most: the critical path; among equals the first found.

    >>> longest_chain({"a": 1, "b": 5, "c": 2, "d": 1}, [("a", "b"), ("a", "c"), ("b", "d"), ("c", "d")])
    ('a', 'b', 'd')
    """
    onward = forward(weights, arrows)
    total, before = dict(weights), dict[str, str]()
    for start, end in onward:
        if total[start] + weights[end] > total[end]:
            total[end], before[end] = total[start] + weights[end], start
    if not total:
        return ()
    chain = [max(ordered(weights, arrows), key=lambda node: total[node])]
    while chain[-1] in before:
        chain.append(before[chain[-1]])
    return tuple(reversed(chain))
