"""How good a model is on messages it has not seen, in figures that can be compared between versions."""

import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace

import numpy as np
from numpy.typing import NDArray

from yici.apps.tickets.meaning.calibration import calibration_error, probabilities, reliability
from yici.apps.tickets.meaning.messages import Message
from yici.apps.tickets.meaning.model import PRECISION, HeldOut, Limits, TicketModel, answers_held_out, learn, train

Report = dict[str, object]


def evaluate(model: TicketModel, messages: Sequence[Message]) -> Report:
    """Return accuracy, macro_f1, per_class, top3, calibration, confident and outside for labelled messages.

    Messages whose category the model was never taught count in ``outside`` only. ``docs_per_second`` is the whole way
    from text to proposal, on the clock of the wall.
    """
    texts = [one.text for one in messages]
    begun = time.perf_counter()
    model.propose_all(texts)
    seconds = max(time.perf_counter() - begun, 1e-9)
    margins = np.concatenate(list(model.margins(texts)))
    known = np.array([one.label in model.categories for one in messages])
    kinds = np.array([model.categories.index(one.label) for one in messages if one.label in model.categories], np.int64)
    report = figures(HeldOut(margins[known], kinds), model.categories, model.limits)
    strangers = spoke(margins[~known], model.limits)
    report["outside"] = {"texts": int((~known).sum()), "abstained": int((~strangers).sum())}
    return {**report, "docs_per_second": round(len(texts) / seconds)}


def evaluate_in_parts(
    messages: Sequence[Message], *, parts: int, seed: int = 0, precision: float = PRECISION
) -> Report:
    """Return the figures of a file without a second one: each message is answered by a model of the other parts.

    The limits are those of the model of all messages, learnt on five parts of its own: calibration and confidence are
    flattered a little by that; which category comes first, and so accuracy, macro_f1 and top3, is not.
    """
    model = train(messages, precision=precision).model
    held_out = answers_held_out(messages, model.categories, parts=parts, seed=seed)
    return {"parts": parts, "seed": seed, **figures(held_out, model.categories, model.limits)}


def figures(held_out: HeldOut, categories: Sequence[str], limits: Limits) -> Report:
    """Return the figures of answers already given."""
    chances = probabilities(held_out.margins, limits.sharpness)
    said, true = chances.argmax(axis=1), held_out.kinds
    per_class = {name: _one_class(said == kind, true == kind) for kind, name in enumerate(categories)}
    # A category without messages in the file says nothing about the model.
    scores = [one["f1"] for one in per_class.values() if one["support"]]
    first_three = np.argsort(-chances, axis=1, kind="stable")[:, :3]
    bins = reliability(chances.max(axis=1), said == true)
    confident = spoke(held_out.margins, limits)
    return {
        "texts": len(true),
        "accuracy": _share(said == true),
        "macro_f1": round(float(np.mean(scores)), 4) if scores else 0.0,
        "top3": _share((first_three == true[:, None]).any(axis=1)),
        "per_class": per_class,
        "calibration": {"ece": calibration_error(bins), "bins": [asdict(one) for one in bins]},
        "confident": {
            "declared_precision": limits.precision,
            "precision": _share((said == true)[confident]),
            "coverage": _share(confident),
            "thresholds": {name: round(limits.thresholds[kind], 4) for kind, name in enumerate(categories)},
        },
    }


def spoke(margins: NDArray[np.float64], limits: Limits) -> NDArray[np.bool_]:
    """Return for each row whether the model is confident enough to propose without a person."""
    if not len(margins):
        return np.zeros(0, dtype=bool)
    chances, first = probabilities(margins, limits.sharpness), margins.argmax(axis=1)
    rows = np.arange(len(margins))
    sure = chances[rows, first] >= np.array(limits.thresholds)[first]
    return np.asarray(sure & (margins[rows, first] >= np.array(limits.floors)[first]))


@dataclass(frozen=True, slots=True)
class Stranger:
    """A category hidden from the training: how many of its messages the rest of the model refused to decide."""

    category: str
    texts: int
    abstained: int


def hidden_categories(model: TicketModel, training: Sequence[Message], asked: Sequence[Message]) -> list[Stranger]:
    """Hide one category after the other from the training and return how its messages in ``asked`` fare.

    The remaining categories keep the thresholds of the whole model: what an office meets when a new kind of matter
    appears. Needs at least three categories; one training a category.
    """
    if len(model.categories) < 3:
        return []
    return [_hidden(model, training, asked, category) for category in model.categories]


def _hidden(model: TicketModel, training: Sequence[Message], asked: Sequence[Message], category: str) -> Stranger:
    left = [one for one in training if one.label != category]
    rest = [kind for kind, name in enumerate(model.categories) if name != category]
    names = [model.categories[kind] for kind in rest]
    kinds = np.array([names.index(one.label) for one in left], dtype=np.int64)
    reader, scorer, _ = learn([one.text for one in left], kinds, len(names))
    limits = replace(
        model.limits,
        thresholds=tuple(model.limits.thresholds[kind] for kind in rest),
        floors=tuple(model.limits.floors[kind] for kind in rest),
    )
    strangers = [one.text for one in asked if one.label == category]
    if not strangers:
        return Stranger(category, 0, 0)
    confident = spoke(scorer.score(reader.read(strangers)), limits)
    return Stranger(category, len(strangers), int((~confident).sum()))


def _one_class(said: NDArray[np.bool_], true: NDArray[np.bool_]) -> dict[str, float]:
    hits = int((said & true).sum())
    precision, recall = hits / max(int(said.sum()), 1), hits / max(int(true.sum()), 1)
    score = 2 * precision * recall / (precision + recall) if hits else 0.0
    return {
        "precision": round(precision, 4),
        "recall": round(recall, 4),
        "f1": round(score, 4),
        "support": int(true.sum()),
    }


def _share(chosen: NDArray[np.bool_]) -> float:
    return round(float(chosen.mean()), 4) if len(chosen) else 0.0
