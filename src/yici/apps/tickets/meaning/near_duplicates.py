"""Finds texts that say nearly the same in nearly the same words, among a million, in flat memory.

MinHash (Broder 1997): of each text's strings of three characters, the smallest hash under each of 48 orders; two texts
agree in one with the chance of their Jaccard likeness. Sixteen bands of three find pairs that agree in any band.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from yici.apps.tickets.meaning.grams import hashed, plain

SHINGLE = 3
BANDS, ROWS = 16, 3  # a pair of likeness 0.5 is found with 88 %, 0.6 with 98 %, 0.7 with 99.8 %
ORDERS = BANDS * ROWS
BATCH = 2_000
# A band in which more agree (an empty form, a greeting) is no evidence and would cost the search its bound.
WIDEST_BAND = 4_096
CHANCE = np.random.default_rng(20260507)
FACTORS = CHANCE.integers(1, 2**32, ORDERS, dtype=np.uint32) | np.uint32(1)
SHIFTS = CHANCE.integers(0, 2**32, ORDERS, dtype=np.uint32)


@dataclass(frozen=True, slots=True)
class Near:
    """A text found: its place in the order in which texts were added, and the Jaccard likeness (estimated or exact)."""

    place: int
    likeness: float


def shingles(text: str) -> frozenset[int]:
    """Return the hashes of all strings of three characters; of the whole text if it is shorter.

    >>> len(shingles("路灯坏了路灯坏"))
    4
    """
    clean = plain(text)
    return frozenset(hashed([clean], [min(SHINGLE, max(len(clean), 1))])[1].tolist())


def jaccard(one: frozenset[int], other: frozenset[int]) -> float:
    """Return the shared part of all strings of two texts, 0 to 1; two empty texts are not alike."""
    return len(one & other) / len(one | other) if one | other else 0.0


def signatures(texts: Sequence[str]) -> NDArray[np.uint32]:
    """Return one row of smallest hashes a text; a text shorter than three characters gets none in common."""
    clean = [plain(text) for text in texts]
    owner, hashes = hashed(clean, [SHINGLE])
    made = np.full((len(texts), ORDERS), 0, dtype=np.uint32)
    low = (hashes >> np.uint64(32)).astype(np.uint32)
    present, starts = np.unique(owner, return_index=True)
    for order in range(ORDERS if len(present) else 0):
        mixed = low * FACTORS[order] + SHIFTS[order]
        # The low bits of a product depend on few bits of its factors; the high ones on all.
        mixed ^= mixed >> np.uint32(15)
        mixed *= np.uint32(0x2C1B3C6D)
        made[present, order] = np.minimum.reduceat(mixed, starts)
    short = np.setdiff1d(np.arange(len(texts)), present, assume_unique=True)
    made[short] = np.array([_own(clean[place]) for place in short], dtype=np.uint32).reshape(-1, 1)
    return made


def _own(clean: str) -> int:
    """Return a value that only the same short text shares."""
    return sum(ord(letter) << (21 * place) for place, letter in enumerate(clean)) % (2**32 - 5)


class NearDuplicates:
    """An index of texts that answers which are near duplicates of a text; built once, then only asked.

    About 330 bytes a text; the texts themselves are not kept.
    """

    def __init__(self, texts: Iterable[str]) -> None:
        batches = [signatures(batch) for batch in _batches(texts)]
        self._signatures = np.concatenate(batches) if batches else np.zeros((0, ORDERS), np.uint32)
        batches.clear()
        self._keys, self._order = [], []
        for band in range(BANDS):
            keys = _band(self._signatures, band)
            order = np.argsort(keys, kind="stable").astype(np.uint32)
            self._keys.append(keys[order])
            self._order.append(order)

    def __len__(self) -> int:
        return len(self._signatures)

    @property
    def bytes(self) -> int:
        """Return the memory the index takes."""
        return self._signatures.nbytes + sum(one.nbytes for one in self._keys) + sum(one.nbytes for one in self._order)

    def search(self, text: str, *, k: int = 10, least: float = 0.5, texts: Sequence[str] | None = None) -> list[Near]:
        """Return at most ``k`` texts of likeness ``least`` or more, the likest first.

        With ``texts`` (the indexed ones, in their order) the likeness is exact, so nothing less like is returned;
        without them it is estimated from 48 values (standard error 0.07 at one half).
        """
        asked = signatures([text])
        places = self._candidates(asked)
        likeness = (self._signatures[places] == asked).mean(axis=1)
        if texts is not None:
            own = shingles(text)
            likeness = np.array([jaccard(own, shingles(texts[place])) for place in places], dtype=np.float64)
        kept = np.flatnonzero(likeness >= least)
        ranked = kept[np.argsort(-likeness[kept], kind="stable")][:k]
        return [Near(int(places[row]), float(likeness[row])) for row in ranked]

    def _candidates(self, asked: NDArray[np.uint32]) -> NDArray[np.int64]:
        found = []
        for band in range(BANDS):
            key = _band(asked, band)[0]
            keys = self._keys[band]
            low = int(np.searchsorted(keys, key, "left"))
            high = min(int(np.searchsorted(keys, key, "right")), low + WIDEST_BAND)
            found.append(self._order[band][low:high])
        return np.unique(np.concatenate(found)).astype(np.int64)


def _band(rows: NDArray[np.uint32], band: int) -> NDArray[np.uint64]:
    mixed = np.full(len(rows), band + 1, dtype=np.uint64)
    for column in range(band * ROWS, (band + 1) * ROWS):
        mixed = (mixed ^ rows[:, column]) * np.uint64(0x9E3779B97F4A7C15)
        mixed ^= mixed >> np.uint64(31)
    return mixed


def _batches(texts: Iterable[str]) -> Iterator[list[str]]:
    batch: list[str] = []
    for text in texts:
        batch.append(text)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch
