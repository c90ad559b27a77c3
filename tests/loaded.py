"""What many files of tests stand on: loaded once, kept for the next file that wants it, gone before one that does not.

The whole demonstration takes half a minute to load; loaded anew for each file, it took a quarter of all tests' time.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

import pytest
from django.db import connection, transaction
from pytest_django.plugin import DjangoDbBlocker

BASES = ("the_demonstration", "the_catalogue")  # fixtures of tests/conftest.py


FEWEST_DEAD = 500  # rows of a table that are worth taking away


def sweep() -> None:
    """Take away the dead rows that tests taken back have left behind.

    Tables that look empty to the database's planner are searched from end to end, again and again, over all of them:
    a load of twenty seconds took forty.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_force_next_flush()")
        cursor.execute("SELECT relname FROM pg_stat_user_tables WHERE n_dead_tup > %s", [FEWEST_DEAD])
        for (table,) in cursor.fetchall():
            cursor.execute(f'VACUUM "{table}"')


def _tell_planner() -> None:
    """Count the rows of this transaction, which nobody else sees: tables taken for empty are searched from end to end.

    The server's own catalogue is left out: some of it belongs to all databases, and one that is analysed stays locked
    until the base is taken back. Another worker's base waited minutes for it.
    """
    with connection.cursor() as cursor:
        tables = ", ".join(f'"{name}"' for name in connection.introspection.table_names(cursor))
        cursor.execute(f"ANALYZE {tables}")


class Loaded:
    """One base at a time, in a transaction that is rolled back when another one, or none, is wanted."""

    def __init__(self) -> None:
        self.name = ""
        self._open = ExitStack()

    @contextmanager
    def standing_on(self, name: str, load: Callable[[], None], blocker: DjangoDbBlocker) -> Iterator[None]:
        """Stand on a base for one file of tests; what the file adds is taken back at its end."""
        if self.name != name or connection.closed_in_transaction:  # a test that closed it fails alone
            self.leave()
            self._enter(name, load, blocker)
        with blocker.unblock(), transaction.atomic():
            yield
            transaction.set_rollback(True)

    def leave(self) -> None:
        """Take the base back; files that stand on none count on an empty database."""
        if self.name:
            self.name = ""
            self._open.close()

    def _enter(self, name: str, load: Callable[[], None], blocker: DjangoDbBlocker) -> None:
        with ExitStack() as opened:
            opened.enter_context(blocker.unblock())
            opened.callback(sweep)
            opened.enter_context(transaction.atomic())
            opened.callback(transaction.set_rollback, True)
            load()
            # Checked once: left pending, the foreign keys of the whole province would be checked by each test.
            connection.check_constraints()
            _tell_planner()
            self.name, self._open = name, opened.pop_all()


LOADED = Loaded()


def base_of(item: pytest.Item) -> str:
    """Return which base a test stands on; none is ""."""
    return next((name for name in BASES if name in getattr(item, "fixturenames", ())), "")
