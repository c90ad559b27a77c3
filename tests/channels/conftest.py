"""What the tests of the pages share: the demo's places and catalogue, and pages in English."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.test import Client

from yici.apps.catalogue.actions import import_catalogue
from yici.apps.licences.keys import ensure_seal, seal_folder
from yici.apps.places import demo as places

FOLDER = Path(__file__).parents[2] / "demo"
NOW = datetime(2018, 3, 5, 2, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def plain_addresses_of_static_files(settings: Any) -> None:
    """Tests collect no static files, so their names carry no fingerprint."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}


@pytest.fixture(scope="module")
def province(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The places and the catalogue of the demo, loaded once for a file of tests and rolled back after it."""
    with django_db_blocker.unblock(), transaction.atomic():
        ensure_seal(seal_folder(settings.DATA_DIR), now=NOW)
        places.load(NOW, FOLDER)
        import_catalogue(path=FOLDER / "catalogue", by="system:test", now=NOW)
        # Checked once for the file: left pending, the foreign keys of the whole province would be checked by each test.
        connection.check_constraints()
        yield
        transaction.set_rollback(True)


@pytest.fixture
def english(client: Client) -> Client:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


@pytest.fixture
def now() -> datetime:
    """A working day of the reform's second year."""
    return NOW
