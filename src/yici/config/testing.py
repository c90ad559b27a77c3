"""Lets pytest run on a database of its own: the embedded one in a folder that goes away, or DATABASE_URL."""

import os
import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from yici.config.database import Database

_FOLDER: Path | None = None
_DATABASE: Database | None = None


def _begin() -> None:
    """Start one server for the whole run; the workers of a parallel run inherit its address."""
    global _FOLDER, _DATABASE  # noqa: PLW0603 — pytest gives a plugin no other place to keep its things
    os.environ.setdefault("YICI_POOL", "0")
    os.environ.setdefault("YICI_SECRET_KEY", "only-for-tests")
    os.environ.setdefault("YICI_DEMO", "1")
    if "PYTEST_XDIST_WORKER" in os.environ or "YICI_TEST_FOLDER" in os.environ:
        return
    _FOLDER = Path(tempfile.mkdtemp(prefix="yici-test-"))
    os.environ["YICI_TEST_FOLDER"] = os.environ["YICI_DATA"] = str(_FOLDER)
    if "DATABASE_URL" not in os.environ:
        _DATABASE = Database(_FOLDER)
        _DATABASE.start()
        os.environ["DATABASE_URL"] = _DATABASE.url("owner")


_begin()

# A run says the same twice: what it finds is due to the change at hand. New examples are sought by `make explore`.
# Neither bounds seconds: those of a busy machine are no fault of a test.
_PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("same", _PATIENT, derandomize=True)
settings.register_profile("fresh", _PATIENT, derandomize=False, print_blob=True)
settings.load_profile("same")


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the server that this process started."""
    if _DATABASE is not None:
        _DATABASE.stop()
    if _FOLDER is not None:
        shutil.rmtree(_FOLDER, ignore_errors=True)
