"""Gives the application its role: it may use the tables, own nothing, and never rewrite what only grows."""

from collections.abc import Callable

from django.apps import apps
from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper

APPLICATION_ROLE = "yici_app"
# Written by migrations alone: the application reads them to know whether it fits the database.
_READ_ONLY = ("django_migrations",)


def append_only_tables() -> tuple[str, ...]:
    """Return the tables whose model declares ``append_only = True``, in alphabetical order."""
    return tuple(sorted(m._meta.db_table for m in apps.get_models() if getattr(m, "append_only", False)))


def grant_application_role(connection: BaseDatabaseWrapper, role: str = APPLICATION_ROLE) -> bool:
    """Let the application's role work with the tables that exist now; run as the owner after each migration.

    In one transaction: between the taking and the giving a site that runs would be refused its own tables. Returns
    False, and does nothing, when the role does not exist or is the one that migrates.
    """
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        cursor.execute("SELECT rolname <> current_user FROM pg_roles WHERE rolname = %s", [role])
        found = cursor.fetchone()
        if not (found and found[0]):
            return False
        for statement in _statements(connection.ops.quote_name(role), connection.ops.quote_name):
            cursor.execute(statement)
    return True


def _statements(role: str, quoted: Callable[[str], str]) -> list[str]:
    append_only = [quoted(table) for table in append_only_tables()]
    return [
        f"GRANT USAGE ON SCHEMA public TO {role}",
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}",
        f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}",
        *(f"REVOKE ALL ON {table} FROM {role}" for table in append_only),
        *(f"GRANT SELECT, INSERT ON {table} TO {role}" for table in append_only),
        *(f"GRANT UPDATE ({columns}) ON {table} TO {role}" for table, columns in _relockable(quoted)),
        *(f"REVOKE INSERT, UPDATE, DELETE ON {table} FROM {role}" for table in map(quoted, _READ_ONLY)),
    ]


def _relockable(quoted: Callable[[str], str]) -> list[tuple[str, str]]:
    """Return the columns of append-only tables that hold locked personal words: those may be locked anew or emptied."""
    return [
        (quoted(model._meta.db_table), ", ".join(map(quoted, columns)))
        for model in apps.get_models()
        if getattr(model, "append_only", False) and (columns := getattr(model, "relockable", ()))
    ]
