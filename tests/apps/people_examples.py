"""What the tests of people share: the facts of one person, and a number that is right."""

from typing import Any

from tests.apps.factories import PartyFactory
from yici.apps.people.facts import PartyFacts


def facts(**changes: Any) -> PartyFacts:
    return PartyFacts(**{"name": "沈雨", "id_number": number(), "phone": "13900000001"} | changes)


def number(serial: int = 996) -> str:
    party = PartyFactory.build(serial=serial, region=None)
    return str(party.id_number)
