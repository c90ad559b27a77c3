"""Hash trees against the definition of RFC 6962, written out slowly."""

import hashlib

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from yici.rules import merkle
from yici.rules.merkle import Algorithm

ENTRIES = st.lists(st.binary(max_size=12), max_size=40)
ALGORITHMS = st.sampled_from([algorithm for algorithm in Algorithm if algorithm.is_here])


def slow_root(entries: list[bytes], algorithm: Algorithm) -> bytes:
    """RFC 6962, 2.1: split at the largest power of two below the length."""
    if not entries:
        return hashlib.new(algorithm, b"").digest()
    if len(entries) == 1:
        return hashlib.new(algorithm, b"\x00" + entries[0]).digest()
    split = 1 << (len(entries) - 1).bit_length() - 1
    halves = slow_root(entries[:split], algorithm) + slow_root(entries[split:], algorithm)
    return hashlib.new(algorithm, b"\x01" + halves).digest()


def fast_root(entries: list[bytes], algorithm: Algorithm = Algorithm.SHA256) -> bytes:
    return merkle.root([merkle.leaf(entry, algorithm) for entry in entries], algorithm)


class TestRoot:
    @given(entries=ENTRIES, algorithm=ALGORITHMS)
    def test_is_the_one_of_rfc_6962(self, entries: list[bytes], algorithm: Algorithm) -> None:
        assert fast_root(entries, algorithm) == slow_root(entries, algorithm)

    @given(entries=ENTRIES.filter(bool), data=st.data())
    def test_changes_with_any_entry(self, entries: list[bytes], data: st.DataObject) -> None:
        place = data.draw(st.integers(0, len(entries) - 1))
        other = data.draw(st.binary(max_size=12))
        assume(other != entries[place])

        assert fast_root([*entries[:place], other, *entries[place + 1 :]]) != fast_root(entries)

    @given(entries=ENTRIES.filter(bool), data=st.data())
    def test_changes_when_an_entry_is_removed(self, entries: list[bytes], data: st.DataObject) -> None:
        place = data.draw(st.integers(0, len(entries) - 1))

        assert fast_root(entries[:place] + entries[place + 1 :]) != fast_root(entries)

    @given(entries=ENTRIES, data=st.data())
    def test_changes_when_an_entry_is_inserted(self, entries: list[bytes], data: st.DataObject) -> None:
        place = data.draw(st.integers(0, len(entries)))

        assert fast_root([*entries[:place], data.draw(st.binary(max_size=12)), *entries[place:]]) != fast_root(entries)

    @given(entries=ENTRIES, data=st.data())
    def test_changes_with_the_order(self, entries: list[bytes], data: st.DataObject) -> None:
        shuffled = data.draw(st.permutations(entries))
        assume(shuffled != entries)

        assert fast_root(shuffled) != fast_root(entries)

    def test_never_takes_an_inner_node_for_an_entry(self) -> None:
        first, second = merkle.leaf(b"first"), merkle.leaf(b"second")

        assert merkle.leaf(first + second) != merkle.root([first, second])


class TestChained:
    @given(
        before=st.one_of(st.just(b""), st.binary(min_size=32, max_size=32)),
        tree=st.binary(min_size=32, max_size=32),
        about=st.text(),
    )
    def test_stands_for_the_past_the_tree_and_the_seal(self, before: bytes, tree: bytes, about: str) -> None:
        whole = merkle.chained(before, tree, about)

        assert whole != merkle.chained(before + b"\x01", tree, about)
        assert whole != merkle.chained(before, tree[::-1] + b"\x00", about)
        assert whole != merkle.chained(before, tree, about + "1")


class TestCanonicalText:
    @given(one=st.lists(st.text()), other=st.lists(st.text()))
    def test_differs_for_different_parts(self, one: list[str], other: list[str]) -> None:
        assert (merkle.canonical_text(one) == merkle.canonical_text(other)) == (one == other)


class TestSm3:
    @pytest.mark.skipif(not Algorithm.SM3.is_here, reason="this OpenSSL has no SM3")
    def test_gives_the_standard_example(self) -> None:
        # GB/T 32905-2016, annex A.1, through the same hashlib the leaves use.
        assert hashlib.new(Algorithm.SM3, b"abc").hexdigest().startswith("66c7f0f462eeedd9d1f2d46bdc10e4e2")
