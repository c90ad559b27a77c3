"""What the tests of the pages share: the demo's places and catalogue, and pages in English."""

from datetime import datetime
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from tests.conftest import NOW

__all__ = ["NOW"]


@pytest.fixture(autouse=True)
def plain_addresses_of_static_files(settings: Any) -> None:
    """Tests collect no static files, so their names carry no fingerprint."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}


@pytest.fixture(scope="module")
def province(the_catalogue: None) -> None:
    """The places and the catalogue of the demo; what a file adds to them is rolled back after it."""


@pytest.fixture
def english(client: Client) -> Client:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


@pytest.fixture
def now() -> datetime:
    """A working day of the reform's second year."""
    return NOW
