"""The two linear readers of a message's category, joined: a support vector machine, and one on Bayes' ratios.

The second weighs each string by how much more often it occurs inside a category than outside (Wang and Manning 2012,
"Baselines and Bigrams"), then separates with the largest margin. Both are linear:
a model is a few tables of numbers.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.svm import LinearSVC

Numbers = NDArray[np.float32]
SMOOTHING = 1.0
PLAIN_COST, WEIGHTED_COST = 1.0, 3.0  # of a message on the wrong side; found by cross-validation (docs)
SEED = 7  # liblinear visits the messages in a random order; the same file must give the same model


@dataclass(frozen=True, slots=True)
class Scorer:
    """Weights per column and category; every table has the columns of the reader as rows."""

    plain: Numbers
    plain_start: Numbers
    ratio: Numbers
    weighted: Numbers
    weighted_start: Numbers

    def score(self, vectors: sparse.csr_matrix) -> NDArray[np.float64]:
        """Return one margin a category for each row: positive is inside, negative outside, about one is sure."""
        first = vectors @ self.plain + self.plain_start
        squares = vectors.multiply(vectors).tocsr() @ (self.ratio**2)
        # A text without any known string has length 0 and only the starting values.
        lengths = np.sqrt(np.maximum(squares, 1e-12))
        second = (vectors @ self.weighted) / lengths + self.weighted_start
        return np.asarray((first + second) / 2, dtype=np.float64)


def learn_scorer(vectors: sparse.csr_matrix, kinds: Sequence[int] | NDArray[np.int64], count: int) -> Scorer:
    """Return the weights for ``count`` categories; ``kinds`` is the category number of each row."""
    chosen = np.asarray(kinds)
    ratio = np.zeros((vectors.shape[1], count), dtype=np.float32)
    weighted, plain = np.zeros_like(ratio), np.zeros_like(ratio)
    plain_start, weighted_start = np.zeros(count, np.float32), np.zeros(count, np.float32)
    for kind in range(count):
        inside = chosen == kind
        plain[:, kind], plain_start[kind] = _separate(vectors, inside, PLAIN_COST)
        ratio[:, kind] = _ratios(vectors, inside)
        scaled = vectors @ sparse.diags(ratio[:, kind])
        lengths = np.sqrt(np.maximum(scaled.multiply(scaled).sum(axis=1).A1, 1e-12))
        table, weighted_start[kind] = _separate(
            sparse.diags((1 / lengths).astype(np.float32)) @ scaled, inside, WEIGHTED_COST
        )
        weighted[:, kind] = table * ratio[:, kind]
    return Scorer(plain, plain_start, ratio, weighted, weighted_start)


def _ratios(vectors: sparse.csr_matrix, inside: NDArray[np.bool_]) -> Numbers:
    present = sparse.csr_matrix(
        (np.ones_like(vectors.data), vectors.indices, vectors.indptr), shape=vectors.shape, dtype=np.float32
    )
    within = SMOOTHING + present[inside].sum(axis=0).A1
    without = SMOOTHING + present[~inside].sum(axis=0).A1
    ratios = np.abs(np.log((within / within.sum()) / (without / without.sum())))
    return np.asarray(ratios / max(ratios.mean(), 1e-9), dtype=np.float32)


def _separate(vectors: sparse.csr_matrix, inside: NDArray[np.bool_], cost: float) -> tuple[Numbers, float]:
    machine = LinearSVC(C=cost, random_state=SEED, class_weight="balanced").fit(vectors, inside)
    return machine.coef_[0].astype(np.float32), float(machine.intercept_[0])
