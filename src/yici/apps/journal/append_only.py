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
# Same sentence, but a change of nothing except the named columns passes: they hold locked personal words, which must
# follow a change of keys and go when their time is over, while what happened, when and by whom stays (adr/0011).
FORBID_BUT_FUNCTION = """
CREATE OR REPLACE FUNCTION yici_forbid_change_but() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - TG_ARGV = to_jsonb(OLD) - TG_ARGV THEN
        RETURN NEW;
    END IF;
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


def forbid_changes_but(table: str, *columns: str) -> list[RunSQL]:
    """Return the steps that let nothing but these columns of an append-only ``table`` change, and no row go."""
    names = ", ".join(f"'{column}'" for column in columns)
    return [
        RunSQL(FORBID_BUT_FUNCTION, RunSQL.noop),
        RunSQL(
            f"DROP TRIGGER {table}_append_only ON {table};"
            f"CREATE TRIGGER {table}_append_only BEFORE DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION yici_forbid_change();"
            f"CREATE TRIGGER {table}_kept BEFORE UPDATE ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION yici_forbid_change_but({names})",
            f"DROP TRIGGER {table}_kept ON {table}; DROP TRIGGER {table}_append_only ON {table};"
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION yici_forbid_change()",
        ),
    ]
