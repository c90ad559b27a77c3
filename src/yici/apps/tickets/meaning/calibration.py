"""Turns margins into honest probabilities, and probabilities into a decision to speak or to ask a person."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Probabilities = NDArray[np.float64]
BINS = 10
NEVER = 1.01  # a threshold that no probability reaches
FEWEST = 10  # a precision of fewer proposals says nothing


def probabilities(margins: NDArray[np.float64], sharpness: float) -> Probabilities:
    """Return one distribution a row; ``sharpness`` is the inverse temperature.

    >>> probabilities(np.array([[1.0, 1.0]]), 5.0).tolist()
    [[0.5, 0.5]]
    """
    raised = margins * sharpness
    powers = np.exp(raised - raised.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))


def fit_sharpness(margins: NDArray[np.float64], kinds: NDArray[np.int64]) -> float:
    """Return the sharpness under which the true categories of messages not trained on are likeliest."""
    candidates = np.exp(np.linspace(np.log(0.5), np.log(20), 120))
    rows = np.arange(len(kinds))
    losses = [-np.log(probabilities(margins, one)[rows, kinds] + 1e-12).mean() for one in candidates]
    return float(candidates[int(np.argmin(losses))])


@dataclass(frozen=True, slots=True)
class Bin:
    """Proposals whose probability lies in [``low``, ``high``): what was promised and what came true."""

    low: float
    high: float
    texts: int
    promised: float
    right: float


def reliability(promised: Sequence[float] | Probabilities, right: Sequence[bool] | NDArray[np.bool_]) -> list[Bin]:
    """Return the calibration curve; bins without proposals are left out.

    >>> reliability([0.95, 0.95], [True, False])
    [Bin(low=0.9, high=1.0, texts=2, promised=0.95, right=0.5)]
    """
    said, true = np.asarray(promised, dtype=np.float64), np.asarray(right, dtype=bool)
    place = np.minimum((said * BINS).astype(int), BINS - 1)
    made = []
    for number in sorted(set(place.tolist())):
        chosen = place == number
        mean, share = float(said[chosen].mean()), float(true[chosen].mean())
        made.append(Bin(number / BINS, (number + 1) / BINS, int(chosen.sum()), round(mean, 4), round(share, 4)))
    return made


def calibration_error(bins: Sequence[Bin]) -> float:
    """Return the expected calibration error: the mean gap between promised and right, weighed by texts.

    >>> calibration_error([Bin(0.9, 1.0, 2, 0.95, 0.5)])
    0.45
    """
    total = sum(one.texts for one in bins)
    return round(sum(one.texts * abs(one.promised - one.right) for one in bins) / max(total, 1), 4)


def thresholds(chances: Probabilities, kinds: NDArray[np.int64], *, precision: float) -> list[float]:
    """Return per category the least probability from which proposals are right in ``precision`` of the cases.

    The threshold is the lowest one at which all proposals above it together keep the precision; NEVER if none does.
    """
    proposed = chances.argmax(axis=1)
    return [
        _threshold(chances[proposed == kind, kind], kinds[proposed == kind] == kind, precision)
        for kind in range(chances.shape[1])
    ]


def _threshold(said: Probabilities, right: NDArray[np.bool_], precision: float) -> float:
    order = np.argsort(-said, kind="stable")
    ranked, true = said[order], right[order]
    share = np.cumsum(true) / np.arange(1, len(true) + 1)
    # Equal probabilities stand or fall together.
    last = np.append(ranked[1:] < ranked[:-1], True) if len(ranked) else np.zeros(0, bool)
    enough = np.arange(1, len(true) + 1) >= FEWEST
    good = np.flatnonzero((share >= precision) & last & enough)
    return float(ranked[good[-1]]) if len(good) else NEVER


def margin_floors(margins: NDArray[np.float64], kinds: NDArray[np.int64], *, missed: float) -> list[float]:
    """Return per category the margin that all but the share ``missed`` of its rightly proposed messages reach.

    A text about something else may look most like one category and still be far outside of it.
    """
    proposed = margins.argmax(axis=1)
    floors = []
    for kind in range(margins.shape[1]):
        own = margins[(proposed == kind) & (kinds == kind), kind]
        floors.append(float(np.quantile(own, missed)) if len(own) else 0.0)
    return floors
