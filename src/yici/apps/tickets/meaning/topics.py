"""Matters and hot topics: which messages speak of the same thing, where, how long and how loudly."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from math import log2
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from yici.apps.tickets.meaning.grams import Field, learn_reader
from yici.apps.tickets.meaning.matter_names import Namer, told_apart
from yici.apps.tickets.meaning.messages import Message
from yici.apps.tickets.meaning.near_duplicates import NearDuplicates
from yici.apps.tickets.meaning.place_names import Gazetteer, divisions, home, without_places

# The whole letter and, as heavy, its beginning, which names the matter and the place.
FIELDS = (Field(0, 3, 0.7), Field(60, 3, 0.7))
ALIKE = 0.34  # likeness from which two messages speak of one matter wherever they are
ALIKE_THERE = 0.23  # and from which they do when both name the same rare place
ALIKE_BEYOND = 0.12  # and what every pair needs beyond the names of places: one road has many troubles
ALIKE_ELSEWHERE = 0.8  # and what two messages need that name different homes or schools
JOINED = 0.12  # share of pairs across two groups that must be alike to make them one matter
COMMON_PLACE = 0.02  # share of messages above which naming a place says nothing
FEWEST_COMMON = 40  # messages; in a small file one matter is many of them
SAME_WORDS = 0.6  # Jaccard likeness of near duplicates
BLOCK = 512
WINDOW = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Matter:
    """One matter: messages that mean the same; ``voices`` counts people (each anonymous message as one).

    ``heat`` is the most people within any thirty days, and half the binary logarithm of the votes: a vote costs one
    tap, so four times as many votes weigh as much as one more person who wrote.
    """

    name: str
    ids: tuple[str, ...]
    place: str
    division: str
    first: str | None
    last: str | None
    voices: int
    reactions: int
    heat: float


@dataclass(frozen=True, slots=True)
class Topics:
    """What was found in a file of messages."""

    messages: int
    matters: tuple[Matter, ...]
    near_duplicates: tuple[tuple[str, ...], ...]

    def document(self) -> dict[str, Any]:
        """Return values for JSON: ``clusters`` hottest first, groups of ``near_duplicates``."""
        clusters = [
            {"rank": rank, **asdict(one), "span": {"first": one.first, "last": one.last}}
            for rank, one in enumerate(self.matters, start=1)
        ]
        return {"messages": self.messages, "clusters": clusters, "near_duplicates": self.near_duplicates}


def topics_of(messages: Sequence[Message], *, known_places: Sequence[str] = ()) -> Topics:
    """Return the matters of a file of messages and the groups in nearly the same words."""
    return Topics(len(messages), matters_of(messages, known_places=known_places), _same_words(messages))


def matters_of(messages: Sequence[Message], *, known_places: Sequence[str] = ()) -> tuple[Matter, ...]:
    """Return the matters that two or more messages speak of, the hottest first.

    ``known_places`` are names of the register; without them names are learnt from the messages alone.
    """
    if len(messages) < 2:
        return ()
    gazetteer = Gazetteer((one.text for one in messages), known_places)
    named = [gazetteer.places(one.text[:400]) for one in messages]
    likeness = _likeness(messages, gazetteer, named)
    namer = Namer(messages)
    made = [_matter(messages, named, rows, namer) for _, rows in _settled(likeness, _stars(likeness))]
    ranked = sorted(made, key=lambda one: (-one.heat, one.ids))
    names = told_apart([(one.name, one.place, one.first) for one in ranked])
    return tuple(replace(one, name=name) for one, name in zip(ranked, names, strict=True))


def _rare(named: Sequence[Sequence[str]]) -> sparse.csr_matrix:
    """Return which message names which place, rare places only."""
    spread = Counter(place for places in named for place in places)
    most = max(COMMON_PLACE * len(named), FEWEST_COMMON)
    kept = {place: column for column, place in enumerate(place for place, times in spread.items() if 1 < times <= most)}
    pairs = [(row, kept[place]) for row, places in enumerate(named) for place in places if place in kept]
    rows, columns = zip(*pairs, strict=True) if pairs else ((), ())
    shape = (len(named), max(len(kept), 1))
    return sparse.csr_matrix((np.ones(len(pairs), np.float32), (rows, columns)), shape=shape)


def _likeness(messages: Sequence[Message], gazetteer: Gazetteer, named: Sequence[Sequence[str]]) -> sparse.csr_matrix:
    """Return the likeness of every pair that speaks of one matter; blocks of rows keep memory flat."""
    texts = [one.text for one in messages]
    homes = [list({short for place in places if (short := home(place))}) for places in named]
    bare = [without_places(text, places) for text, places in zip(texts, named, strict=True)]
    about = _Apart(texts, [[one for one in gazetteer.places(message.subject) if home(one)] for message in messages])
    pairs = _Pairs(_vectors(texts), _vectors(bare), _rare(named), _rare(homes), about)
    return sparse.vstack([pairs.alike(begun) for begun in range(0, len(messages), BLOCK)], format="csr")


def _vectors(texts: Sequence[str]) -> sparse.csr_matrix:
    vectors = learn_reader(texts, FIELDS).read(texts)
    vectors.data /= np.sqrt(sum(field.weight**2 for field in FIELDS))
    return vectors


@dataclass(frozen=True, slots=True)
class _Apart:
    """Which two messages are about different homes: each subject names one, and neither letter names the other's."""

    texts: Sequence[str]
    subjects: Sequence[Sequence[str]]

    def are(self, one: int, other: int) -> bool:
        mine, theirs = self.subjects[one], self.subjects[other]
        return bool(mine and theirs) and not (self._names(other, mine) or self._names(one, theirs))

    def _names(self, letter: int, homes: Sequence[str]) -> bool:
        # The first two characters: the same estate is 丽发新城 and 丽发小区.
        return any(home[:2] in self.texts[letter] for home in homes)


@dataclass(frozen=True, slots=True)
class _Pairs:
    """What is known of each message when two are compared: its words, its words beyond places, places and homes."""

    words: sparse.csr_matrix
    beyond: sparse.csr_matrix
    places: sparse.csr_matrix
    homes: sparse.csr_matrix
    apart: _Apart

    def alike(self, begun: int) -> sparse.csr_matrix:
        """Return the pairs of one block of rows that speak of one matter, each measured against its own bound."""
        rows = slice(begun, begun + BLOCK)
        pairs = (self.words[rows] @ self.words.T).tocoo()
        close = pairs.data >= ALIKE_THERE
        first, second, likeness = pairs.row[close] + begun, pairs.col[close], pairs.data[close]
        # Against its own bound, so that centres are found in the midst of a place as well.
        values = likeness / self._bounds(first, second)
        same = np.flatnonzero((values >= 1) & (_together(self.beyond, first, second) >= ALIKE_BEYOND))
        kept = [at for at in same if not self.apart.are(int(first[at]), int(second[at]))]
        return sparse.csr_matrix((values[kept], (first[kept] - begun, second[kept])), shape=pairs.shape)

    def _bounds(self, first: NDArray[np.int32], second: NDArray[np.int32]) -> NDArray[np.float64]:
        """Return what likeness each pair needs: little where both name a rare place, much between different homes."""
        shared = _together(self.places, first, second) > 0
        placed = np.diff(self.homes.indptr) > 0
        elsewhere = placed[first] & placed[second] & (_together(self.homes, first, second) == 0)
        return np.where(elsewhere & ~shared, ALIKE_ELSEWHERE, np.where(shared, ALIKE_THERE, ALIKE))


def _together(rows: sparse.csr_matrix, first: NDArray[np.int32], second: NDArray[np.int32]) -> NDArray[np.float64]:
    return np.asarray(rows[first].multiply(rows[second]).sum(axis=1)).ravel()


def _stars(likeness: sparse.csr_matrix) -> list[tuple[int, list[int]]]:
    """Return groups around a centre: every member is like the centre, so that no chain of likenesses drifts away."""
    size = likeness.shape[0]
    free = np.ones(size, dtype=bool)
    weight = np.asarray(likeness.sum(axis=1)).ravel()
    groups = []
    for centre in np.argsort(-weight, kind="stable"):
        if not free[centre]:
            continue
        row = likeness.indices[likeness.indptr[centre] : likeness.indptr[centre + 1]]
        members = sorted(int(one) for one in row if free[one] or one == centre)
        free[members] = False
        free[centre] = False
        if len(members) > 1:
            groups.append((int(centre), members))
    return groups


def _settled(likeness: sparse.csr_matrix, groups: list[tuple[int, list[int]]]) -> list[tuple[int, list[int]]]:
    """Return the groups joined until none is like another; each round measures the groups of the one before."""
    while True:
        joined = _joined(likeness, groups)
        if len(joined) == len(groups):
            return joined
        groups = joined


def _joined(likeness: sparse.csr_matrix, stars: Sequence[tuple[int, list[int]]]) -> list[tuple[int, list[int]]]:
    """Return the groups with those made one whose members are alike across; a large matter has several centres."""
    sizes = np.array([len(rows) for _, rows in stars], dtype=np.int64)
    owner = np.repeat(np.arange(len(stars)), sizes)
    rows = np.array([row for _, members in stars for row in members], dtype=np.int64)
    belongs = sparse.csr_matrix((np.ones(len(rows)), (owner, rows)), shape=(len(stars), likeness.shape[0]))
    across = (belongs @ (likeness > 0).astype(np.float64) @ belongs.T).tocoo()
    share = across.data / (sizes[across.row] * sizes[across.col])
    close = sorted(zip(-share, across.row, across.col, strict=True))
    home, hosts = list(range(len(stars))), set()
    for against, one, other in close:
        if -against < JOINED:
            break
        # In one round a group only moves or takes in: what it has become is measured in the next.
        larger, smaller = sorted((int(one), int(other)), key=lambda group: (-sizes[group], group))
        if one != other and home[larger] == larger and home[smaller] == smaller and smaller not in hosts:
            home[smaller] = larger
            hosts.add(larger)
    return [
        (centre, sorted(row for other, (_, rows) in enumerate(stars) if home[other] == group for row in rows))
        for group, (centre, _) in enumerate(stars)
        if home[group] == group
    ]


def _matter(messages: Sequence[Message], named: Sequence[Sequence[str]], rows: Sequence[int], namer: Namer) -> Matter:
    own = [messages[row] for row in rows]
    times = sorted(one.time for one in own if one.time is not None)
    # A place in the subject counts twice: the story around it names its neighbours as well.
    mentions = [place for row in rows for place in named[row] for _ in range(1 + (place in messages[row].text[:30]))]
    place = _most(mentions, at_least=max(2, len(own)))
    division = _most([name for one in own for name in divisions(one.text[:200])], at_least=1)
    reactions = sum(one.reactions for one in own)
    return Matter(
        name=namer.name(own, place),
        ids=tuple(one.id for one in own),
        place=place,
        division=division,
        first=times[0].isoformat() if times else None,
        last=times[-1].isoformat() if times else None,
        voices=_voices(own),
        reactions=reactions,
        heat=round(_densest(own) + log2(1 + reactions) / 2, 1),
    )


def _voices(messages: Sequence[Message]) -> int:
    return len({one.user or f"anonymous {one.id}" for one in messages})


def _densest(messages: Sequence[Message]) -> int:
    """Return the most people who spoke within any thirty days; messages without a time count as one moment."""
    timed = [(one.time or datetime.min, one) for one in messages]
    timed.sort(key=lambda pair: pair[0])
    begun, most = 0, 0
    for end, (moment, _) in enumerate(timed):
        while timed[begun][0] + WINDOW < moment:
            begun += 1
        most = max(most, _voices([one for _, one in timed[begun : end + 1]]))
    return most


def _most(names: Sequence[str], *, at_least: int) -> str:
    if not names:
        return ""
    # Of equally frequent names the longer says more.
    name, times = max(Counter(names).items(), key=lambda pair: (pair[1], len(pair[0]), pair[0]))
    return name if times >= at_least else ""


def _same_words(messages: Sequence[Message]) -> tuple[tuple[str, ...], ...]:
    """Return groups of messages in nearly the same words, each message in one group at most."""
    texts = [one.text for one in messages]
    index = NearDuplicates(texts)
    taken: set[int] = set()
    groups = []
    for place, text in enumerate(texts):
        if place in taken:
            continue
        near = [one.place for one in index.search(text, k=50, least=SAME_WORDS, texts=texts)]
        group = [one for one in sorted({*near, place}) if one not in taken]
        taken.update(group if len(group) > 1 else ())
        if len(group) > 1:
            groups.append(tuple(messages[one].id for one in group))
    return tuple(groups)
