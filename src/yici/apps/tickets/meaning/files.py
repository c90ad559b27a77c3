"""One trained model as two files: numbers without code (`weights.npz`), and words with their checksum (`model.json`).

Not pickle: loading a pickle runs what is written in it. An npz file read with ``allow_pickle=False`` can only hold
numbers, and their shapes are checked before use. The checksum finds damage and half-written files; who may write into
the folder could also write a new checksum, so the folder belongs to the service alone (mode 0700).
"""

import hashlib
import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from yici.apps.tickets.meaning.grams import BUCKETS, Field, FieldWords, Reader
from yici.apps.tickets.meaning.model import Limits, Memory, TicketModel
from yici.apps.tickets.meaning.scorer import Scorer
from yici.rules.refusals import Refusal

FORMAT = 1
WEIGHTS, WORDS = "weights.npz", "model.json"
SCORES = ("plain", "plain_start", "ratio", "weighted", "weighted_start")


class CannotLoadModel(Refusal):
    """Files that are no whole model of this version."""


def save(model: TicketModel, folder: Path) -> None:
    """Write the model into an existing folder."""
    arrays: dict[str, Any] = {name: getattr(model.scorer, name) for name in SCORES}
    for number, known in enumerate(model.reader.words):
        arrays[f"buckets{number}"], arrays[f"telling{number}"] = known.buckets, known.telling
    vectors = model.memory.vectors
    arrays |= {"kinds": model.memory.kinds, "data": vectors.data, "indices": vectors.indices, "indptr": vectors.indptr}
    np.savez(folder / WEIGHTS, **arrays)
    words = {
        "format": FORMAT,
        "categories": model.categories,
        "fields": [[field.characters, field.longest, field.weight] for field in model.reader.fields],
        "sharpness": model.limits.sharpness,
        "thresholds": model.limits.thresholds,
        "floors": model.limits.floors,
        "precision": model.limits.precision,
        "ids": model.memory.ids,
        "sha256": checksum(folder / WEIGHTS),
    }
    (folder / WORDS).write_text(json.dumps(words, ensure_ascii=False), encoding="utf-8")


def load(folder: Path) -> TicketModel:
    """Return the model of a folder. Raises CannotLoadModel if anything is missing, damaged or of another format."""
    try:
        words = json.loads((folder / WORDS).read_text(encoding="utf-8"))
        if words["format"] != FORMAT or words["sha256"] != checksum(folder / WEIGHTS):
            raise ValueError("format or checksum")
        with np.load(folder / WEIGHTS, allow_pickle=False) as arrays:
            return _model(words, arrays)
    except (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile) as error:
        raise CannotLoadModel(
            zh=f"模型文件 {folder.name} 不完整或已损坏：请回到上一版本，或重新训练。",
            en=f"The model {folder.name} is incomplete or damaged: go back to the version before, or train again.",
        ) from error


def checksum(path: Path) -> str:
    """Return the SHA-256 of a file in hexadecimal."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _model(words: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> TicketModel:
    categories = tuple(str(one) for one in words["categories"])
    fields = [Field(int(first), int(longest), float(weight)) for first, longest, weight in words["fields"]]
    known = [FieldWords(arrays[f"buckets{number}"], arrays[f"telling{number}"]) for number in range(len(fields))]
    _check(all(((one.buckets >= 0) & (one.buckets < BUCKETS)).all() for one in known), "buckets")
    reader = Reader(known, fields)
    scorer = Scorer(*(arrays[name] for name in SCORES))
    shape = (reader.width, len(categories))
    _check(scorer.plain.shape == scorer.ratio.shape == scorer.weighted.shape == shape, "weights")
    limits = Limits(
        float(words["sharpness"]), tuple(words["thresholds"]), tuple(words["floors"]), float(words["precision"])
    )
    _check(len(limits.thresholds) == len(limits.floors) == len(categories), "limits")
    return TicketModel(categories, reader, scorer, limits, _memory(words, arrays, reader.width))


def _memory(words: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]], width: int) -> Memory:
    ids, kinds = tuple(str(one) for one in words["ids"]), arrays["kinds"]
    vectors = sparse.csr_matrix((arrays["data"], arrays["indices"], arrays["indptr"]), shape=(len(ids), width))
    vectors.check_format(full_check=True)
    _check(len(kinds) == len(ids) and bool(((kinds >= 0) & (kinds < len(words["categories"]))).all()), "memory")
    return Memory(ids, kinds, vectors)


def _check(whole: bool, what: str) -> None:
    if not whole:
        raise ValueError(what)
