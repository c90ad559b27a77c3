"""Texts as weighted short strings of characters: the form in which the model reads messages.

Characters instead of words: a word list cannot know the names of places and firms, and cutting words with a
dictionary read 340 texts a second on the machine where characters read thousands (docs/how-to/read-ticket-texts.md).
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

BUCKETS = 1 << 21
# Odd multipliers of good spread; hashing keeps no readable fragment of a citizen's text in the model.
MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)
BLANK, DIGITS, STARS = re.compile(r"\s+"), re.compile(r"\d+"), re.compile(r"\*+")


@dataclass(frozen=True, slots=True)
class Field:
    """A part of the text read on its own: its first ``characters`` (0: all), strings up to ``longest``, its weight."""

    characters: int
    longest: int
    weight: float


# The first sentence says what a letter is about; the rest tells its story.
FIELDS = (Field(0, 2, 1.0), Field(25, 2, 0.4), Field(60, 2, 0.5), Field(150, 2, 0.7))
# A string in two of many messages is chance; of few messages it may be all there is.
FEWEST, FEWEST_OF_FEW, MANY = 3, 2, 1_000


def plain(text: str) -> str:
    """Return the text in one form: width, case, blanks and numbers do not matter.

    >>> plain("ＡＢＣ  路 １２３ 号")
    'abc路0号'
    """
    folded = unicodedata.normalize("NFKC", text).lower()
    return STARS.sub("*", DIGITS.sub("0", BLANK.sub("", folded)))


@dataclass(frozen=True, slots=True)
class Counts:
    """How often each bucket occurs in each text, sorted by text and bucket."""

    rows: NDArray[np.int64]
    buckets: NDArray[np.int64]
    times: NDArray[np.float32]


def hashed(texts: Sequence[str], lengths: Sequence[int]) -> tuple[NDArray[np.int64], NDArray[np.uint64]]:
    """Return text number and 64-bit hash of every string of the given ``lengths`` (repeats included)."""
    sizes = np.fromiter((len(text) for text in texts), dtype=np.int64, count=len(texts))
    points = np.frombuffer("".join(texts).encode("utf-32-le", "surrogatepass"), dtype=np.uint32).astype(np.uint64)
    owner = np.repeat(np.arange(len(texts), dtype=np.int64), sizes)
    rows, hashes = [], []
    for length in lengths:
        if len(points) < length:
            continue
        last = len(points) - length + 1
        mixed = np.full(last, length, dtype=np.uint64)
        for place in range(length):
            mixed = (mixed ^ points[place : place + last]) * MULTIPLIER
            mixed ^= mixed >> np.uint64(29)
        # A string must not reach over into the next text.
        whole = owner[:last] == owner[length - 1 :]
        rows.append(owner[:last][whole])
        hashes.append(mixed[whole])
    if not rows:
        return np.zeros(0, np.int64), np.zeros(0, np.uint64)
    return np.concatenate(rows), np.concatenate(hashes)


def counts(texts: Sequence[str], longest: int) -> Counts:
    """Return the counted buckets of plain texts."""
    rows, hashes = hashed(texts, range(1, longest + 1))
    keys, times = np.unique(rows * BUCKETS + (hashes >> np.uint64(43)).astype(np.int64), return_counts=True)
    return Counts(keys // BUCKETS, keys % BUCKETS, times.astype(np.float32))


@dataclass(frozen=True, slots=True)
class FieldWords:
    """The buckets of one field that were seen in enough messages, and how telling each is."""

    buckets: NDArray[np.int32]
    telling: NDArray[np.float32]


class Reader:
    """Turns texts into weighted vectors; learnt from the training messages, then fixed."""

    def __init__(self, words: Sequence[FieldWords], fields: Sequence[Field] = FIELDS) -> None:
        self.fields, self.words = tuple(fields), tuple(words)
        self._columns = []
        for known in self.words:
            columns = np.full(BUCKETS, -1, dtype=np.int32)
            columns[known.buckets] = np.arange(len(known.buckets), dtype=np.int32)
            self._columns.append(columns)

    @property
    def width(self) -> int:
        """Return the number of columns."""
        return sum(len(known.buckets) for known in self.words)

    def read(self, texts: Sequence[str]) -> sparse.csr_matrix:
        """Return one row a text: for each field damped counts times how telling, of the length of its weight."""
        clean = [plain(text) for text in texts]
        parts = [self._field(number, clean) for number in range(len(self.fields))]
        return sparse.hstack(parts, format="csr", dtype=np.float32)

    def _field(self, number: int, clean: Sequence[str]) -> sparse.csr_matrix:
        field, known = self.fields[number], self.words[number]
        seen = counts(_cut(clean, field), field.longest)
        columns = self._columns[number][seen.buckets]
        kept = columns >= 0
        rows, columns = seen.rows[kept], columns[kept]
        values = (1 + np.log(seen.times[kept])) * known.telling[columns]
        lengths = np.sqrt(np.bincount(rows, weights=values.astype(np.float64) ** 2, minlength=len(clean)))
        values = (values * field.weight / lengths[rows]).astype(np.float32)
        starts = np.concatenate([[0], np.cumsum(np.bincount(rows, minlength=len(clean)))])
        return sparse.csr_matrix((values, columns, starts), shape=(len(clean), len(known.buckets)))


def learn_reader(texts: Sequence[str], fields: Sequence[Field] = FIELDS) -> Reader:
    """Return a reader that knows the strings found in at least three of the texts, in two if they are few."""
    least = FEWEST if len(texts) >= MANY else FEWEST_OF_FEW
    clean = [plain(text) for text in texts]
    words = []
    for field in fields:
        seen = counts(_cut(clean, field), field.longest)
        messages = np.bincount(seen.buckets, minlength=BUCKETS)
        buckets = np.flatnonzero(messages >= least).astype(np.int32)
        telling = np.log((1 + len(texts)) / (1 + messages[buckets])) + 1
        words.append(FieldWords(buckets, telling.astype(np.float32)))
    return Reader(words, fields)


def _cut(clean: Sequence[str], field: Field) -> Sequence[str]:
    return [text[: field.characters] for text in clean] if field.characters else clean
