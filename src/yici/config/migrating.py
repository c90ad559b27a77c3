"""Brings the tables up to date, as the owner; the application itself owns nothing."""

import argparse
import os
import subprocess
import sys

from django.conf import settings
from django.core.management import call_command
from django.db import ProgrammingError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from yici.apps.journal.privileges import grant_application_role
from yici.apps.licences.keys import ensure_seal, seal_folder
from yici.apps.places import queries as places
from yici.config.static_files import collect_static


def parser(prog: str) -> argparse.ArgumentParser:
    """Return what `yici migrate` understands."""
    made = argparse.ArgumentParser(prog, description="Bring the tables up to date.")
    made.add_argument("--check", action="store_true", help="only say whether a migration file is missing")
    made.add_argument("--as-owner", action="store_true", help=argparse.SUPPRESS)
    return made


def run(arguments: argparse.Namespace) -> int:
    """Migrate, or check that every change of a model has its migration."""
    if arguments.check:
        return _nothing_missing()
    if arguments.as_owner:
        call_command("migrate", verbosity=0, interactive=False)
        grant_application_role(connection)
        return 0
    make_ready(empty=True)
    print("The tables are up to date.")
    return 0


def _nothing_missing() -> int:
    try:
        call_command("makemigrations", check_changes=True, dry_run=True, verbosity=1)
    except SystemExit:
        print("A model has changed without its migration: run makemigrations.", file=sys.stderr)
        return 1
    return 0


def make_ready(*, empty: bool, always: bool = False) -> None:
    """Migrate when needed, make the seal, and load the demonstration into an empty database unless told not to.

    ``always``: also when no migration is missing, since a restored database has granted nothing to the application.
    """
    if always or _is_behind():
        _migrate_as_owner()
    ensure_seal(seal_folder(settings.DATA_DIR), now=timezone.now())
    collect_static()
    if not empty and not places.is_loaded():
        subprocess.run([sys.executable, "-m", "yici.config.main", "demo", "load"], check=True, stdout=sys.stderr)


def _is_behind() -> bool:
    try:
        executor = MigrationExecutor(connection)
        return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    except ProgrammingError:  # a first migration that was interrupted has granted nothing yet
        return True
    finally:
        connection.close()


def _migrate_as_owner() -> None:
    env = {**os.environ, "DATABASE_URL": os.environ["DATABASE_OWNER_URL"], "YICI_POOL": "0"}
    env.pop("YICI_OWN_DATABASE", None)
    words = [sys.executable, "-m", "yici.config.main", "migrate", "--as-owner"]
    subprocess.run(words, env=env, check=True, stdout=sys.stderr)
