"""Locks what stood readable in a column before the column was encrypted: a step for migrations."""

from collections.abc import Callable
from typing import Any

from django.db.migrations import RunPython

from yici.apps.people.encryption import EncryptedField

_BATCH = 500


def lock_existing(app: str, **columns: tuple[str, ...]) -> RunPython:
    """Return the step that locks the rows there are: ``lock_existing("cases", step=("opinion",))``.

    Rows are read and written in batches by their key, so that memory stays flat whatever the size of the table.
    """

    def forwards(apps: Any, schema_editor: Any) -> None:
        for name, fields in columns.items():
            model = apps.get_model(app, name)
            for field in fields:
                _each(schema_editor, model._meta.db_table, model._meta.get_field(field), _locked)

    def backwards(apps: Any, schema_editor: Any) -> None:
        for name, fields in columns.items():
            model = apps.get_model(app, name)
            for field in fields:
                _each(schema_editor, model._meta.db_table, model._meta.get_field(field), _opened)

    return RunPython(forwards, backwards)


def _locked(field: EncryptedField, raw: Any) -> Any:
    return field.locked_plain(raw)


def _opened(field: EncryptedField, raw: Any) -> Any:
    return field.opened_raw(raw)


def _each(editor: Any, table: str, field: EncryptedField, change: Callable[[EncryptedField, Any], Any]) -> None:
    quoted_table, column = editor.quote_name(table), editor.quote_name(field.column)
    last = 0
    with editor.connection.cursor() as cursor:
        while True:
            cursor.execute(
                f"SELECT id, {column} FROM {quoted_table} WHERE id > %s AND {column} IS NOT NULL ORDER BY id LIMIT %s",
                [last, _BATCH],
            )
            rows = cursor.fetchall()
            if not rows:
                return
            cursor.executemany(
                f"UPDATE {quoted_table} SET {column} = %s WHERE id = %s",
                [(change(field, raw), key) for key, raw in rows],
            )
            last = rows[-1][0]
