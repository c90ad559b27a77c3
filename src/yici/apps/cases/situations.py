"""Past situations as a Parquet file: what decided each plan, and nothing of the person it was for.

One row for an application: event, region, answers that may decide, what the government could see. No name, no number,
no day. Answers and holdings are JSON with sorted keys, so that equal situations are equal texts; the column
``situation`` is a number made of the three texts, which folds ten times as fast as they do.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import Any

import duckdb
from django.db.models import Exists, OuterRef

from yici.apps.cases.facts import facts_from_text
from yici.apps.cases.models import Application, Case
from yici.apps.places import queries as places
from yici.rules.plans import Availability

COLUMNS = "situation BIGINT, event VARCHAR, region VARCHAR, answers VARCHAR, holdings VARCHAR"
BATCH = 2_000
Row = tuple[int, str, str, str, str]
Deciding = Callable[[str, str], frozenset[str]]


def export(
    path: Path,
    *,
    deciding: Deciding,
    region_code: str | None = None,
    since: datetime | None = None,
    item_key: str | None = None,
) -> int:
    """Write the situations of a region and below, for a command on the machine; return how many there are.

    ``deciding``: event and region → keys of the facts that may decide there; no other fact leaves the database.
    ``item_key``: only applications with a case of that item.
    """
    rows, count = _situations(deciding, region_code, since, item_key), 0
    with duckdb.connect() as connection:
        connection.execute(f"CREATE TABLE situations ({COLUMNS})")
        while batch := list(islice(rows, BATCH)):
            put(connection, batch)
            count += len(batch)
        path.touch(mode=0o600)  # written in place, so that nobody else may read it at any moment
        connection.execute("COPY situations TO $path (FORMAT parquet, USE_TMP_FILE false)", {"path": str(path)})
    return count


def put(connection: duckdb.DuckDBPyConnection, rows: Sequence[Row]) -> None:
    """Add rows to the table ``situations``: whole columns at a time, since row by row takes minutes."""
    lists = [list(column) for column in zip(*rows, strict=True)]
    connection.execute("INSERT INTO situations SELECT unnest(?), unnest(?), unnest(?), unnest(?), unnest(?)", lists)


def row(event: str, region: str, answers: Mapping[str, object], holdings: Mapping[str, str]) -> Row:
    """Return one row of the file."""
    texts = event, _text(answers), _text(holdings)
    return number_of(*texts), event, region, *texts[1:]


def number_of(event: str, answers: str, holdings: str) -> int:
    """Return the number of a situation: 63 bits of SHA-256, so that a million of them hardly ever share one."""
    digest = sha256("\0".join((event, answers, holdings)).encode()).digest()
    return int.from_bytes(digest[:8], "big") >> 1


def _situations(
    deciding: Deciding, region_code: str | None, since: datetime | None, item_key: str | None
) -> Iterator[Row]:
    found = Application.objects.order_by("pk")
    if region_code:
        found = found.filter(region__path__startswith=places.region(region_code).path)
    if since:
        found = found.filter(submitted_at__gte=since)
    if item_key:
        found = found.filter(Exists(Case.objects.filter(application=OuterRef("pk"), item_key=item_key)))
    columns = found.values_list("event_key", "region__code", "facts_text", "emptied_at", "plan__evidence")
    for event, region, facts, emptied_at, evidence in columns.iterator(chunk_size=BATCH):
        # What was kept long enough is gone; such a case still counts, with its facts unknown.
        known = {} if emptied_at else facts_from_text(facts)
        wanted = deciding(event, region)
        answers = {key: value for key, value in known.items() if key in wanted}
        yield row(event, region, answers, holdings_in(evidence or []))


def holdings_in(evidence: list[Mapping[str, Any]]) -> dict[str, str]:
    """Return what the government could see of the person then, as far as the plan looked."""
    seen: dict[str, str] = {}
    for row in evidence:
        for tried in row["tried"]:
            seen[_key(tried["way"], tried["target"])] = tried["status"]
        if row["status"] == "fetched":
            seen[_key(row["way"], row["target"])] = Availability.AVAILABLE
    return seen


def _key(way: str, target: str) -> str:
    return f"licence:{target}" if way == "licence" else target


def _text(value: Mapping[str, object]) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
