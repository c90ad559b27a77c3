"""What the tests of the apps share: a fixed moment, and places of the demo's counties."""

from datetime import UTC, datetime

import pytest

from tests.flush import emptied_although_append_only

__all__ = ["emptied_although_append_only"]


@pytest.fixture
def now() -> datetime:
    """A working day of the reform's second year, ten in the morning in Hangzhou."""
    return datetime(2018, 3, 5, 2, 0, tzinfo=UTC)
