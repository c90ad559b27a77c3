"""Versions of the text model in the data folder: each with its evaluation, one of them current, any of them again."""

import json
import os
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from yici.apps.tickets.meaning import files
from yici.apps.tickets.meaning.evaluation import figures
from yici.apps.tickets.meaning.messages import Message
from yici.apps.tickets.meaning.model import PRECISION, TicketModel, train
from yici.rules.refusals import Refusal

EVALUATION, CURRENT = "evaluation.json", "current"


class CannotUseVersion(Refusal):
    """A version that is not there."""


@dataclass(frozen=True, slots=True)
class Version:
    """One version: its number from 1, when it was trained, on how many messages, and its evaluation."""

    number: int
    trained_at: str
    messages: int
    evaluation: dict[str, Any]


class Versions:
    """The versions below one folder. Nothing is ever overwritten; only the word which one is current changes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def retrain(self, rows: Sequence[Message], *, now: datetime, precision: float = PRECISION) -> Version:
        """Train on these labelled messages (all of them, corrections included) and make the result current.

        The evaluation stands on messages held out in turn, so each figure is of messages not trained on.
        Raises model.CannotTrain.
        """
        trained = train(rows, precision=precision)
        model = trained.model
        evaluation = {
            "trained_at": now.isoformat(),
            "messages": len(rows),
            "way": "five parts, each answered by a model of the other four; thresholds chosen on the same answers",
            **figures(trained.held_out, model.categories, model.limits),
        }
        number = self._keep(model, evaluation)
        self._point_at(number)
        return self.version(number)

    def current(self) -> TicketModel | None:
        """Return the model in use, None before the first training. Loaded once a process and version."""
        number = self.current_number()
        return _loaded(self._path(number)) if number else None

    def current_number(self) -> int | None:
        """Return the number of the version in use, None before the first training."""
        pointer = self.folder / CURRENT
        return int(pointer.read_text(encoding="ascii")) if pointer.exists() else None

    def all(self) -> list[Version]:
        """Return every version, oldest first."""
        return [self.version(number) for number in self._numbers()]

    def version(self, number: int) -> Version:
        """Return one version. Raises CannotUseVersion if there is none of this number."""
        path = self._path(number) / EVALUATION
        if not path.exists():
            raise CannotUseVersion(
                zh=f"没有第 {number} 版模型：可用的是 {self._numbers() or '（无）'}。",
                en=f"There is no version {number} of the model; there are {self._numbers() or 'none'}.",
            )
        kept = json.loads(path.read_text(encoding="utf-8"))
        return Version(number, kept["trained_at"], kept["messages"], kept)

    def roll_back(self, number: int | None = None) -> Version:
        """Make an earlier version current again: the one of this number, else the one before the current.

        The model is loaded first, so that a damaged one is refused and the current stays. Raises CannotUseVersion.
        """
        earlier = [one for one in self._numbers() if one < (self.current_number() or 0)]
        if number is None and not earlier:
            raise CannotUseVersion(zh="没有更早的模型版本可以退回。", en="There is no earlier version to go back to.")
        version = self.version(earlier[-1] if number is None else number)
        _loaded(self._path(version.number))
        self._point_at(version.number)
        return version

    def _numbers(self) -> list[int]:
        return sorted(int(one.name) for one in self.folder.glob("[0-9]*") if (one / EVALUATION).exists())

    def _path(self, number: int) -> Path:
        return self.folder / f"{number:06d}"

    def _keep(self, model: TicketModel, evaluation: dict[str, Any]) -> int:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        made = Path(tempfile.mkdtemp(prefix="new-", dir=self.folder))
        try:
            files.save(model, made)
            (made / EVALUATION).write_text(json.dumps(evaluation, ensure_ascii=False), encoding="utf-8")
            return self._name(made)
        finally:
            shutil.rmtree(made, ignore_errors=True)

    def _name(self, made: Path) -> int:
        # Renaming onto a folder with files in it fails: of two trainings at once the later takes the next number.
        number = max(self._numbers(), default=0) + 1
        while True:
            try:
                made.rename(self._path(number))
            except OSError:
                if not self._path(number).exists():
                    raise
                number += 1
            else:
                return number

    def _point_at(self, number: int) -> None:
        handle, name = tempfile.mkstemp(prefix="current-", dir=self.folder)
        with os.fdopen(handle, "w", encoding="ascii") as stream:
            stream.write(str(number))
            stream.flush()
            os.fsync(stream.fileno())
        Path(name).replace(self.folder / CURRENT)


@lru_cache(maxsize=2)
def _loaded(path: Path) -> TicketModel:
    return files.load(path)


def versions_in(data: Path) -> Versions:
    """Return the versions kept in a data folder (`YICI_DATA`)."""
    return Versions(data / "ticket-model")
