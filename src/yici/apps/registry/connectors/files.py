"""Reads what a department delivers as a file: CSV or Parquet with a checksum beside it, and the last good one kept."""

import hashlib
import os
import threading
from collections.abc import Collection, Mapping
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import duckdb

from yici.apps.registry.connectors.protocol import Question, Row, missing_column, one_a_person, too_many
from yici.apps.registry.connectors.settings import FileSettings
from yici.rules.source_failures import CannotAsk, Failure
from yici.rules.words import Words

_TYPES = {"text": "VARCHAR", "integer": "BIGINT", "decimal": "DECIMAL(38, 6)", "boolean": "BOOLEAN", "date": "DATE"}
_LIMITS = {
    "memory_limit": "512MB",
    "threads": "1",
    "enable_external_access": "true",
    "autoinstall_known_extensions": "false",
}
_PIECE_BYTES = 1 << 20


class FileConnector:
    """Answers from the last good file. A new one is checked and copied first; a wrong one changes nothing."""

    def __init__(self, settings: FileSettings, columns: Collection[str], most_each: int, *, kept_in: Path) -> None:
        self._settings, self._columns, self._most_each = settings, tuple(columns), most_each
        self._kept_in = kept_in
        self._lock = threading.Lock()
        self._looked_at: tuple[object, ...] = ()
        self.refused: CannotAsk | None = None  # why the newest file was not taken; the page of sources shows it

    def probe(self, question: Question) -> None:
        """Take the newest file; say what is wrong with it even when an older one still answers."""
        self._take(question)
        if self.refused is not None:
            raise self.refused
        self._good()

    def read(self, question: Question, ids: Collection[str], columns: Collection[str]) -> Mapping[str, Row]:
        """Return the row of each id."""
        wanted = sorted(columns)
        rows = self._rows(question, ids, [_quoted(one) for one in wanted])
        return one_a_person([(key, dict(zip(wanted, row, strict=True))) for key, *row in rows], ids, self._most_each)

    def seen(self, question: Question, ids: Collection[str], columns: Collection[str]) -> Mapping[str, frozenset[str]]:
        """Return which columns have a value."""
        wanted = sorted(columns)
        chosen = [f"coalesce(CAST({_quoted(one)} AS VARCHAR), '') <> ''" for one in wanted]
        rows = self._rows(question, ids, chosen)
        marks = one_a_person([(key, dict(zip(wanted, row, strict=True))) for key, *row in rows], ids, self._most_each)
        return {key: frozenset(name for name, mark in row.items() if mark) for key, row in marks.items()}

    def close(self) -> None:
        """Nothing stays open."""

    def _rows(self, question: Question, ids: Collection[str], chosen: list[str]) -> list[tuple[Any, ...]]:
        self._take(question)
        most = self._most_each * len(ids)
        statement = (
            f"SELECT {_quoted(self._settings.key)}, {', '.join(chosen)} FROM read_parquet(?) "
            f"WHERE {_quoted(self._settings.key)} IN (SELECT unnest(?)) LIMIT {most + 1}"
        )
        if not ids or not chosen:
            return []
        with closing(_database()) as database:
            question.on_hang_up(database.interrupt)
            try:
                found = database.execute(statement, [str(self._good()), list(ids)]).fetchall()
            except duckdb.InterruptException:
                raise CannotAsk(Failure.TIMEOUT) from None
            except duckdb.Error:
                raise CannotAsk(Failure.WRONG_FILE) from None
        if len(found) > most:
            raise too_many(self._most_each)
        return [(str(key), *row) for key, *row in found]

    def _good(self) -> Path:
        """Return the last good file. Raises CannotAsk when there never was one."""
        found = self._kept_in / "good.parquet"
        if not found.exists():
            raise self.refused or CannotAsk(
                Failure.WRONG_FILE, Words(f"还没有收到 {self._settings.file}", f"{self._settings.file} never came")
            )
        return found

    def _take(self, question: Question) -> None:
        """Look whether a new file has come, and take it when it is whole; another thread doing so is enough."""
        seen = self._stamp()
        if seen == self._looked_at or not self._lock.acquire(blocking=not (self._kept_in / "good.parquet").exists()):
            return
        try:
            if seen != self._looked_at:
                self._accept()
                self.refused = None
        except CannotAsk as refusal:
            self.refused = refusal
        finally:
            self._looked_at = seen
            self._lock.release()

    def _stamp(self) -> tuple[object, ...]:
        stamps: list[object] = []
        for path in (self._file, self._sum):
            with suppress(OSError):
                now = path.stat()
                stamps += [path.name, now.st_mtime_ns, now.st_size, now.st_ino]
        return tuple(stamps)

    @property
    def _file(self) -> Path:
        return Path(self._settings.folder) / self._settings.file

    @property
    def _sum(self) -> Path:
        return Path(f"{self._file}.sha256")

    def _accept(self) -> None:
        """Check the new file and put its copy in the place of the last good one, in one stroke. Raises CannotAsk."""
        if not self._file.is_file():
            return  # nothing new; what was good stays
        promised, mark = self._promised(), self._kept_in / "good.sha256"
        with suppress(OSError):
            if mark.read_text(encoding="ascii") == promised and (self._kept_in / "good.parquet").exists():
                return
        if self._file.stat().st_size > self._settings.largest_bytes:
            raise CannotAsk(Failure.TOO_MUCH, Words("文件超过约定大小", "the file is larger than agreed"))
        if _sum_of(self._file) != promised:
            raise _wrong("与校验文件不符，可能还没传完", "it does not match its checksum; perhaps it is still arriving")
        self._kept_in.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = self._kept_in / f".new-{os.getpid()}-{threading.get_ident()}.parquet"
        try:
            self._copy(draft)
            os.chmod(draft, 0o600)
            draft.replace(self._kept_in / "good.parquet")
            mark.write_text(promised, encoding="ascii")
        finally:
            draft.unlink(missing_ok=True)

    def _promised(self) -> str:
        try:
            words = self._sum.read_text(encoding="utf-8").split()
        except (OSError, UnicodeDecodeError):
            raise _wrong(f"缺少校验文件 {self._sum.name}", f"its checksum {self._sum.name} is missing") from None
        if not words or len(words[0]) != 64 or not set(words[0].lower()) <= set("0123456789abcdef"):
            raise _wrong("校验文件内容不是 SHA-256", "its checksum file holds no SHA-256")
        return words[0].lower()

    def _copy(self, draft: Path) -> None:
        """Write the agreed columns, checked, into a file sorted by number, so that one person is found at once."""
        kinds = {name: _TYPES[kind] for name, kind in self._settings.columns.items()}
        with closing(_database()) as database:
            try:
                table = self._table(database, kinds)
                chosen = ", ".join(f"CAST({_quoted(one)} AS {kind}) AS {_quoted(one)}" for one, kind in kinds.items())
                database.execute(
                    f"COPY (SELECT {chosen} FROM {table} ORDER BY {_quoted(self._settings.key)}) "
                    f"TO {_text(draft)} (FORMAT parquet, ROW_GROUP_SIZE 20000)"
                )
            except (duckdb.ConversionException, duckdb.InvalidInputException):
                # DuckDB's own words quote the line, and a line is a person.
                raise _wrong("有的行不符合约定的格式", "some of its lines do not have the agreed form") from None
            except duckdb.Error:
                raise _wrong("无法读取", "it cannot be read") from None

    def _table(self, database: duckdb.DuckDBPyConnection, kinds: Mapping[str, str]) -> str:
        path = _text(self._file)
        # All text first: the columns that are there are compared with what was agreed before any is converted.
        table = f"read_csv({path}, header = true, all_varchar = true)" if self._is_csv else f"read_parquet({path})"
        there = {row[0] for row in database.execute(f"DESCRIBE SELECT * FROM {table}").fetchall()}
        for name in kinds:
            if name not in there:
                raise missing_column(name)
        return table

    @property
    def _is_csv(self) -> bool:
        return self._settings.file.endswith(".csv")


def _database() -> duckdb.DuckDBPyConnection:
    return duckdb.connect(":memory:", config=dict(_LIMITS))


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _text(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"


def _sum_of(path: Path) -> str:
    total = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(_PIECE_BYTES):
            total.update(piece)
    return total.hexdigest()


def _wrong(zh: str, en: str) -> CannotAsk:
    return CannotAsk(Failure.WRONG_FILE, Words(zh, en))
