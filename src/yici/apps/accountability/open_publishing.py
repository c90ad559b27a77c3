"""Publishes the open data of a month: CSV and Parquet files with their checksums, kept under the data folder.

Files and no tables: they are what everybody downloads, byte for byte, and a month's files are replaced as a whole.
"""

import csv
import json
import shutil
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import uuid4

import duckdb
from django.conf import settings

from yici.apps.accountability.open_columns import OpenDataset
from yici.apps.accountability.open_datasets import DATASETS
from yici.apps.accountability.open_rows import Row, rows_of

MANIFEST = "manifest.json"
FORMATS = ("csv", "parquet")
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class OpenFile:
    """One published file: of what, its format, size in bytes, rows without the header, and its checksum."""

    dataset: str
    format: str
    name: str
    size: int
    rows: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Edition:
    """What was published of a month, and when."""

    month: date
    published_at: datetime
    files: tuple[OpenFile, ...]

    def file(self, dataset: str, kind: str) -> OpenFile | None:
        """Return one of the files."""
        return next((one for one in self.files if (one.dataset, one.format) == (dataset, kind)), None)


def folder_of_open_data() -> Path:
    """Return where the files of all months are."""
    return Path(settings.DATA_DIR) / "open-data"


def publish(month: date, *, now: datetime, folder: Path | None = None) -> Edition:
    """Write the files of a month anew; whoever reads meanwhile gets the old ones whole or the new ones whole.

    One row at a time is held, so memory does not grow with the province.
    """
    whole = folder or folder_of_open_data()
    whole.mkdir(parents=True, exist_ok=True)
    fresh = whole / f".{month:%Y-%m}-{uuid4().hex}"
    fresh.mkdir()
    try:
        files = tuple(file for one in DATASETS.values() for file in _write(fresh, one, month, now))
        edition = Edition(month, now, files)
        (fresh / MANIFEST).write_text(json.dumps(_manifest(edition), indent=1), encoding="utf-8")
        _exchange(fresh, whole / f"{month:%Y-%m}")
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return edition


def _exchange(fresh: Path, place: Path) -> None:
    """Put a finished folder where the old one was."""
    old = fresh.with_name(f"{fresh.name}-old")
    if place.exists():
        place.rename(old)
    fresh.rename(place)
    shutil.rmtree(old, ignore_errors=True)


def _write(folder: Path, one: OpenDataset, month: date, now: datetime) -> Iterable[OpenFile]:
    table = folder / f"{one.key}.csv"
    rows = _write_table(table, one, rows_of(one.key, month, now=now))
    columns = folder / f"{one.key}.parquet"
    _write_columns(table, columns, one)
    for path in (table, columns):
        yield OpenFile(one.key, path.suffix[1:], path.name, path.stat().st_size, rows, _checksum(path))


def _write_table(path: Path, one: OpenDataset, rows: Iterable[Row]) -> int:
    count = 0
    with path.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.writer(opened)
        writer.writerow([column.name for column in one.columns])
        for row in rows:
            writer.writerow([_text(value) for value in row])
            count += 1
    return count


def _text(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _write_columns(table: Path, path: Path, one: OpenDataset) -> None:
    """Write the Parquet file from the CSV file, so that both say the same."""
    types = {column.name: column.kind.sql for column in one.columns}
    with duckdb.connect(config={"threads": 1, "memory_limit": "256MB"}) as opened:
        opened.execute("SET TimeZone = 'UTC'")
        read = opened.read_csv(str(table), columns=types, header=True, all_varchar=False)
        read.write_parquet(str(path), compression="zstd")


def _checksum(path: Path) -> str:
    found = sha256()
    with path.open("rb") as opened:
        while chunk := opened.read(_CHUNK):
            found.update(chunk)
    return found.hexdigest()


def _manifest(edition: Edition) -> dict[str, Any]:
    return {
        "month": f"{edition.month:%Y-%m}",
        "published_at": edition.published_at.isoformat(),
        "files": [asdict(one) for one in edition.files],
    }


def editions() -> list[Edition]:
    """Return what was published, the newest month first."""
    found = sorted(folder_of_open_data().glob(f"[0-9]*/{MANIFEST}"), reverse=True)
    return [_read(path) for path in found]


def edition(month: date) -> Edition | None:
    """Return what was published of a month."""
    path = folder_of_open_data() / f"{month:%Y-%m}" / MANIFEST
    return _read(path) if path.is_file() else None


def _read(path: Path) -> Edition:
    document = json.loads(path.read_text(encoding="utf-8"))
    return Edition(
        date.fromisoformat(f"{document['month']}-01"),
        datetime.fromisoformat(document["published_at"]),
        tuple(OpenFile(**one) for one in document["files"]),
    )


def path_of(month: date, file: OpenFile) -> Path:
    """Return where a published file lies."""
    return folder_of_open_data() / f"{month:%Y-%m}" / file.name
