"""What all tests share: the bases that files stand on, and the order in which files come."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone
from pytest_django.plugin import DjangoDbBlocker

from tests.loaded import BASES, LOADED, base_of, sweep
from yici.apps.catalogue.actions import import_catalogue
from yici.apps.licences.keys import ensure_seal, seal_folder
from yici.apps.places import demo as places
from yici.channels.cli.demo import load_all

FOLDER = Path(__file__).parents[1] / "demo"
NOW = datetime(2018, 3, 5, 2, 0, tzinfo=UTC)
_WANTED = pytest.StashKey[dict[Path, str]]()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Let files on the same base follow each other, and spread the stories in browsers among all others.

    A story is a whole site and a browser: two at once make each other wait, while one leaves room for other tests.
    """
    wanted = config.stash.setdefault(_WANTED, {})
    stories = list(dict.fromkeys(item.path for item in items if item.get_closest_marker("browser")))
    for item in items:
        wanted[item.path] = wanted.get(item.path) or base_of(item)
    turns = [*BASES, ""]
    others = [path for path in wanted if path not in set(stories)]
    others.sort(key=lambda path: turns.index(wanted[path]))
    place = {path: number / max(1, len(others)) for number, path in enumerate(others)}
    place |= {path: number / len(stories) for number, path in enumerate(stories)}
    items.sort(key=lambda item: (place[item.path], item.path))


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Take the base of earlier files back where this one stands on another, or none; a story has its own database."""
    if item.get_closest_marker("browser"):
        return
    if LOADED.name not in ("", item.config.stash[_WANTED][item.path]):
        LOADED.leave()


@pytest.fixture(scope="module", autouse=True)
def no_dead_rows(django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Leave no dead rows to the next file, unless a base is open: what is in its transaction cannot be taken away."""
    yield
    if str(connection.settings_dict["NAME"]).startswith("test_") and not LOADED.name:
        with django_db_blocker.unblock():
            sweep()


@pytest.fixture(scope="session")
def bases_left(django_db_setup: None) -> Iterator[None]:
    """Leave the last base before the database goes away."""
    yield
    LOADED.leave()


@pytest.fixture(scope="module")
def the_catalogue(bases_left: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The places and the catalogue of the demonstration, in March 2018."""
    with LOADED.standing_on("the_catalogue", _load_catalogue, django_db_blocker):
        yield


@pytest.fixture(scope="module")
def the_demonstration(bases_left: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The whole demonstration."""
    with LOADED.standing_on("the_demonstration", _load_demonstration, django_db_blocker):
        yield


def _load_catalogue() -> None:
    ensure_seal(seal_folder(settings.DATA_DIR), now=NOW)
    places.load(NOW, FOLDER)
    import_catalogue(path=FOLDER / "catalogue", by="system:test", now=NOW)


def _load_demonstration() -> None:
    ensure_seal(seal_folder(settings.DATA_DIR), now=timezone.now())
    load_all()
