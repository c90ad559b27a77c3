"""What every connector can do: say whether it works, read rows, and tell what is there without reading it."""

import os
import time
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from yici.rules.source_failures import CannotAsk, Failure
from yici.rules.words import Words

Row = Mapping[str, object]

MOST_IDS = 1_000  # numbers in one question


@dataclass(slots=True)
class Question:
    """One question on its way: the moment by which it must be answered, and how to hang up when it is not.

    Whoever waits gives up at the deadline; ``hang_up`` then ends the connection, so that the thread that holds it
    comes back as well. A connection made after that is hung up at once.
    """

    ends_at: float  # seconds of time.monotonic()
    _closers: list[Callable[[], None]] = field(default_factory=list, repr=False)
    _over: bool = False

    @property
    def seconds_left(self) -> float:
        """Return how long the answer may still take, 0 when the time is over."""
        return max(0.0, self.ends_at - time.monotonic())

    def check(self) -> None:
        """Raise CannotAsk when the time is over: for loops that read piece by piece."""
        if self._over or not self.seconds_left:
            raise CannotAsk(Failure.TIMEOUT)

    def on_hang_up(self, close: Callable[[], None]) -> None:
        """Remember how to end the connection of this question."""
        self._closers.append(close)
        if self._over:
            self.hang_up()

    def hang_up(self) -> None:
        """End every connection of this question, from whichever thread waits for it."""
        self._over = True
        for close in self._closers:
            with suppress(Exception):  # it is being thrown away, in whatever state it is
                close()


class Connector(Protocol):
    """One way to ask. ``ids`` are document numbers; whoever the source does not know is missing in the answer.

    Every method raises CannotAsk and nothing else for whatever the source does.
    """

    def probe(self, question: Question) -> None:
        """Return when the source is reachable, lets us in and has every column that was agreed."""

    def read(self, question: Question, ids: Collection[str], columns: Collection[str]) -> Mapping[str, Row]:
        """Return the row of each id, with these columns."""

    def seen(self, question: Question, ids: Collection[str], columns: Collection[str]) -> Mapping[str, frozenset[str]]:
        """Return for each id the columns that have a value, in one question and without the values."""

    def close(self) -> None:
        """Let go of everything that is open."""


def secret(source: str, part: str, *, needed: bool = True) -> str:
    """Return a secret of a source from YICI_SOURCE_<NAME>_<PART>, or from the file that …_<PART>_FILE names.

    Secrets never stand in the database. Raises CannotAsk when it is needed and not there.
    """
    variable = variable_of(source, part)
    path = os.environ.get(f"{variable}_FILE", "")
    try:
        found = Path(path).read_text(encoding="utf-8").strip() if path else os.environ.get(variable, "")
    except (OSError, UnicodeDecodeError):
        found = ""
    if needed and not found:
        raise CannotAsk(
            Failure.MISCONFIGURED,
            Words(
                f"请设置环境变量 {variable}，或用 {variable}_FILE 指向文件",
                f"set {variable}, or let {variable}_FILE name a file that holds it",
            ),
        )
    return found


def secret_path(source: str, part: str) -> str:
    """Return the path that YICI_SOURCE_<NAME>_<PART>_FILE names. Raises CannotAsk when there is no such file."""
    variable = f"{variable_of(source, part)}_FILE"
    path = os.environ.get(variable, "")
    if not os.path.isfile(path):
        raise CannotAsk(
            Failure.MISCONFIGURED,
            Words(f"环境变量 {variable} 没有指向文件", f"{variable} does not name a file"),
        )
    return path


def variable_of(source: str, part: str) -> str:
    """Return the name of the environment variable of a secret.

    >>> variable_of("huzhou_fire", "password")
    'YICI_SOURCE_HUZHOU_FIRE_PASSWORD'
    """
    return f"YICI_SOURCE_{source.upper()}_{part.upper()}"


def one_a_person(rows: Collection[tuple[str, Row]], ids: Collection[str], most_each: int) -> dict[str, Row]:
    """Return the first row of each id. Raises CannotAsk for rows nobody asked for and for more than was agreed."""
    found: dict[str, Row] = {}
    counts: dict[str, int] = {}
    for one, row in rows:
        if one not in ids:
            raise CannotAsk(Failure.RUBBISH, Words("返回了别人的数据", "it sent data of somebody else"))
        counts[one] = counts.get(one, 0) + 1
        if counts[one] > most_each:
            raise too_many(most_each)
        found.setdefault(one, row)
    return found


def too_many(most_each: int) -> CannotAsk:
    """Return the refusal of an answer with too many rows."""
    return CannotAsk(
        Failure.TOO_MUCH, Words(f"每人约定最多 {most_each} 行", f"at most {most_each} row(s) a person were agreed")
    )


def missing_column(name: str) -> CannotAsk:
    """Return the refusal of a source that lost a column."""
    return CannotAsk(Failure.SCHEMA, Words(f"缺少列“{name}”", f"the column '{name}' is missing"))
