"""Makes a table one that can only grow, whoever asks, the owner of the table included."""

from django.db.migrations import RunSQL

# The trigger stops the owner and honest mistakes; the application's role has no such privilege at all
# (privileges.py). Only a superuser gets past both, and then `yici journal verify` finds the change.
FORBID_FUNCTION = """
CREATE FUNCTION yici_forbid_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'Rows of % are never changed or removed: record a new one instead.', TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$;
"""


def forbid_changes(table: str) -> RunSQL:
    """Return the migration step that refuses UPDATE, DELETE and TRUNCATE on ``table``."""
    return RunSQL(
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION yici_forbid_change()",
        f"DROP TRIGGER {table}_append_only ON {table}",
    )
