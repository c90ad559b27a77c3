"""The law's tests stand on the whole demonstration, loaded once; each test rolls back what it did."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from pytest_django.plugin import DjangoDbBlocker

from tests.flush import emptied_although_append_only
from yici.apps.licences.keys import ensure_seal, seal_folder
from yici.channels.cli.demo import load_all

__all__ = ["emptied_although_append_only"]


@pytest.fixture(scope="module")
def province(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Load the invented province once for a file of tests, and take it back: other files count on an empty database."""
    ensure_seal(seal_folder(settings.DATA_DIR), now=timezone.now())
    with django_db_blocker.unblock(), transaction.atomic():
        load_all()
        # Checked once for the file: left pending, the foreign keys of the whole province would be checked by each test.
        connection.check_constraints()
        yield
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def in_the_province(province: None, db: None) -> None:
    """Let every test see the province, in a transaction of its own."""


@pytest.fixture
def now() -> datetime:
    """A Monday without holidays near, ten in the morning in Hangzhou."""
    return datetime(2027, 3, 15, 2, 0, tzinfo=UTC)
