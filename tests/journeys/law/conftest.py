"""The law's tests stand on the whole demonstration, loaded once; each test rolls back what it did."""

from datetime import UTC, datetime

import pytest

from tests.flush import emptied_although_append_only

__all__ = ["emptied_although_append_only"]


@pytest.fixture(scope="module")
def province(the_demonstration: None) -> None:
    """The invented province; what a file adds to it is rolled back after it."""


@pytest.fixture(autouse=True)
def in_the_province(province: None, db: None) -> None:
    """Let every test see the province, in a transaction of its own."""


@pytest.fixture
def now() -> datetime:
    """A Monday without holidays near, ten in the morning in Hangzhou."""
    return datetime(2027, 3, 15, 2, 0, tzinfo=UTC)
