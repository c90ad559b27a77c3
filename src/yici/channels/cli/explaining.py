"""Says which large tables a statement reads from end to end: what a page may never do, however fast it is today."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from django.db import connection


def large_scans(asked: Sequence[tuple[str, Any]], rows: int) -> set[str]:
    """Return the tables of so many rows that any of the statements (with their values) would read whole."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relkind = 'r' AND reltuples >= %s", [rows])
        large = {name for (name,) in cursor.fetchall()}
        found = {name for sql, params in asked for name in _scanned(cursor, sql, params)}
    return found & large


def _scanned(cursor: Any, sql: str, params: Any) -> Iterator[str]:
    if not sql.lstrip().upper().startswith(("SELECT", "WITH")):
        return
    cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}", params)
    (plan,) = cursor.fetchone()
    yield from _tables(plan if isinstance(plan, list) else json.loads(plan))


def _tables(node: Any) -> Iterator[str]:
    if isinstance(node, list):
        for one in node:
            yield from _tables(one)
    elif isinstance(node, dict):
        if node.get("Node Type") in {"Seq Scan", "Parallel Seq Scan"} and "Relation Name" in node:
            yield str(node["Relation Name"])
        for value in node.values():
            yield from _tables(value)
