"""What the tests of the kiosk share: a paired kiosk, a person, and his session at it."""

from pathlib import Path

import pytest
from django.test import Client

from tests.apps.factories import PartyFactory
from tests.channels.kiosk.steps import WUXING, lay_card, pair
from yici.apps.people.models import Party


@pytest.fixture
def kiosk(province: None, db: None, client: Client, tmp_path: Path) -> Client:
    pair(client, tmp_path / "tray")
    return client


@pytest.fixture
def person() -> Party:
    return PartyFactory(code=WUXING)


@pytest.fixture
def session(kiosk: Client, person: Party) -> Client:
    """A kiosk at which somebody has laid his card on the reader."""
    lay_card(kiosk, person)
    return kiosk
