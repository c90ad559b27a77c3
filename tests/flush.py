"""Lets the tests empty tables that only grow: Django truncates between tests that commit, which the triggers refuse."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db.backends.postgresql.operations import DatabaseOperations

from yici.apps.journal.privileges import append_only_tables


@pytest.fixture(scope="session", autouse=True)
def emptied_although_append_only() -> Iterator[None]:
    """Switch the triggers off around Django's TRUNCATE, and on again, in its one transaction."""
    truncate = DatabaseOperations.sql_flush

    def flush(self: DatabaseOperations, style: Any, tables: Any, **options: Any) -> list[str]:
        statements = truncate(self, style, tables, **options)
        guarded = [table for table in append_only_tables() if table in tables]
        off, on = ([f"ALTER TABLE {table} {turn} TRIGGER USER" for table in guarded] for turn in ("DISABLE", "ENABLE"))
        return [*off, *statements, *on]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DatabaseOperations, "sql_flush", flush)
        yield
