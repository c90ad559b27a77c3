"""The text model of the tickets: proposes a category with an honest probability and shows the nearest precedents."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from yici.apps.tickets.meaning.calibration import (
    Probabilities,
    fit_sharpness,
    margin_floors,
    probabilities,
    thresholds,
)
from yici.apps.tickets.meaning.grams import Reader, learn_reader
from yici.apps.tickets.meaning.messages import Message
from yici.apps.tickets.meaning.scorer import Scorer, learn_scorer
from yici.rules.refusals import Refusal

PRECISION = 0.95  # of what the model proposes without a person looking twice; declared, kept with the model
MISSED = 0.05  # share of right proposals given up so that texts outside every category are noticed
PARTS = 5
BATCH = 500  # texts read at once: memory stays flat however many there are
FEWEST_MESSAGES = 5  # a category


class CannotTrain(Refusal):
    """Messages from which no model can be learnt."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A proposed category; only a ``confident`` one may be dispatched without a person deciding."""

    category: str
    probability: float
    top3: tuple[tuple[str, float], ...]
    confident: bool


@dataclass(frozen=True, slots=True)
class Precedent:
    """An earlier message: its id, the category people gave it, and its likeness from 0 to 1."""

    id: str
    category: str
    likeness: float


@dataclass(frozen=True, slots=True)
class Limits:
    """What the model learnt about its own honesty, on messages held out from its training."""

    sharpness: float
    thresholds: tuple[float, ...]
    floors: tuple[float, ...]
    precision: float = PRECISION


@dataclass(frozen=True, slots=True)
class Memory:
    """The training messages as vectors, so that precedents can be shown; no text is kept."""

    ids: tuple[str, ...]
    kinds: NDArray[np.int64]
    vectors: sparse.csr_matrix


@dataclass(frozen=True, slots=True)
class TicketModel:
    """One trained model; it never changes."""

    categories: tuple[str, ...]
    reader: Reader
    scorer: Scorer
    limits: Limits
    memory: Memory

    def propose(self, text: str) -> Proposal:
        """Return the category this text most likely belongs to."""
        return self.propose_all([text])[0]

    def propose_all(self, texts: Sequence[str]) -> list[Proposal]:
        """Return one proposal a text, in order; thousands a second on one core."""
        made: list[Proposal] = []
        for margins in self.margins(texts):
            chances = probabilities(margins, self.limits.sharpness)
            made += [self._proposal(row, margin) for row, margin in zip(chances, margins, strict=True)]
        return made

    def margins(self, texts: Sequence[str]) -> Iterator[NDArray[np.float64]]:
        """Yield the margins of the texts, a batch at a time."""
        for begun in range(0, len(texts), BATCH):
            yield self.scorer.score(self.reader.read(texts[begun : begun + BATCH]))

    def nearest(self, text: str, k: int = 5) -> list[Precedent]:
        """Return at most ``k`` earlier messages, the likest first; none that shares no string with the text."""
        asked = self.reader.read([text])
        length = float(np.sqrt(asked.multiply(asked).sum())) or 1.0
        likeness = (self.memory.vectors @ asked.T).toarray()[:, 0] / length
        order = np.argsort(-likeness, kind="stable")[:k]
        return [self._precedent(int(row), float(likeness[row])) for row in order if likeness[row] > 0]

    def _precedent(self, row: int, likeness: float) -> Precedent:
        category = self.categories[self.memory.kinds[row]]
        return Precedent(self.memory.ids[row], category, round(min(likeness, 1.0), 4))

    def _proposal(self, chances: Probabilities, margins: NDArray[np.float64]) -> Proposal:
        order = np.argsort(-chances, kind="stable")[:3]
        first = int(order[0])
        confident = chances[first] >= self.limits.thresholds[first] and margins[first] >= self.limits.floors[first]
        top3 = tuple((self.categories[kind], round(float(chances[kind]), 4)) for kind in order)
        return Proposal(self.categories[first], top3[0][1], top3, bool(confident))


@dataclass(frozen=True, slots=True)
class HeldOut:
    """What models said about messages they were not trained on: margins a message, and the true category."""

    margins: NDArray[np.float64]
    kinds: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Trained:
    """A model and the held-out answers its limits and its evaluation stand on."""

    model: TicketModel
    held_out: HeldOut


def train(messages: Sequence[Message], *, precision: float = PRECISION) -> Trained:
    """Learn from labelled messages. The same messages give the same model.

    Raises CannotTrain with fewer than two categories, or fewer than five messages in one.
    """
    categories = _categories(messages)
    texts = [one.text for one in messages]
    kinds = np.array([categories.index(one.label) for one in messages], dtype=np.int64)
    held_out = HeldOut(_held_out_margins(texts, kinds, len(categories)), kinds)
    reader, scorer, vectors = learn(texts, kinds, len(categories))
    memory = Memory(tuple(one.id for one in messages), kinds, _of_length_one(vectors))
    return Trained(TicketModel(categories, reader, scorer, _limits(held_out, precision), memory), held_out)


def answers_held_out(messages: Sequence[Message], categories: Sequence[str], *, parts: int, seed: int) -> HeldOut:
    """Return what is said about each message by a model that was trained on all other parts; ``parts`` trainings."""
    kinds = np.array([categories.index(one.label) for one in messages], dtype=np.int64)
    texts = [one.text for one in messages]
    return HeldOut(_held_out_margins(texts, kinds, len(categories), parts=parts, seed=seed), kinds)


def learn(texts: Sequence[str], kinds: NDArray[np.int64], count: int) -> tuple[Reader, Scorer, sparse.csr_matrix]:
    """Return reader and scorer learnt from the texts, and the texts as read."""
    reader = learn_reader(texts)
    vectors = reader.read(texts)
    return reader, learn_scorer(vectors, kinds, count), vectors


def _categories(messages: Sequence[Message]) -> tuple[str, ...]:
    amounts: dict[str, int] = {}
    for one in messages:
        amounts[one.label] = amounts.get(one.label, 0) + 1
    few = sorted(label for label, amount in amounts.items() if amount < FEWEST_MESSAGES)
    if len(amounts) < 2 or few:
        zh, en = "、".join(few) or "类别太少", ", ".join(few) or "categories"
        raise CannotTrain(
            zh=f"训练至少需要两个类别，每类至少 {FEWEST_MESSAGES} 条留言。不足：{zh}。",
            en=f"Training needs two categories with {FEWEST_MESSAGES} messages each; short: {en}.",
        )
    return tuple(sorted(amounts))


def parts_of(kinds: NDArray[np.int64], *, parts: int = PARTS, seed: int = 0) -> NDArray[np.int64]:
    """Return a part number for each message; each category is spread evenly over the parts."""
    chance = np.random.default_rng(seed)
    given = np.zeros(len(kinds), dtype=np.int64)
    for kind in np.unique(kinds):
        rows = chance.permutation(np.flatnonzero(kinds == kind))
        given[rows] = (np.arange(len(rows)) + int(kind)) % parts
    return given


def _held_out_margins(
    texts: Sequence[str], kinds: NDArray[np.int64], count: int, *, parts: int = PARTS, seed: int = 0
) -> NDArray[np.float64]:
    margins = np.zeros((len(texts), count))
    given = parts_of(kinds, parts=parts, seed=seed)
    for part in range(parts):
        inside, outside = np.flatnonzero(given != part), np.flatnonzero(given == part)
        reader, scorer, _ = learn([texts[row] for row in inside.tolist()], kinds[inside], count)
        margins[outside] = scorer.score(reader.read([texts[row] for row in outside.tolist()]))
    return margins


def _limits(held_out: HeldOut, precision: float) -> Limits:
    sharpness = fit_sharpness(held_out.margins, held_out.kinds)
    chances = probabilities(held_out.margins, sharpness)
    return Limits(
        sharpness,
        tuple(thresholds(chances, held_out.kinds, precision=precision)),
        tuple(margin_floors(held_out.margins, held_out.kinds, missed=MISSED)),
        precision,
    )


def _of_length_one(vectors: sparse.csr_matrix) -> sparse.csr_matrix:
    lengths = np.sqrt(np.maximum(vectors.multiply(vectors).sum(axis=1).A1, 1e-12))
    return (sparse.diags((1 / lengths).astype(np.float32)) @ vectors).tocsr().astype(np.float32)
