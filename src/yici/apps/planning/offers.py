"""What government offers in a place, each with the number of visits that holds whatever a person answers."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from yici.apps.catalogue import queries as catalogue
from yici.apps.planning.compiled import Same, compiled_event
from yici.apps.planning.proofs import is_proved_once
from yici.apps.planning.queries import typical_holdings
from yici.rules.items import Catalogue, Item, LifeEvent
from yici.rules.planner import Holdings
from yici.rules.plans import Mode
from yici.rules.words import Words


@dataclass(frozen=True, slots=True)
class Offer:
    """One life event or item with the number of visits that holds whatever the person answers."""

    key: str
    kind: str
    name: Words
    organisation: str
    mode: Mode
    visits: int


def offers_at(region_code: str) -> Mapping[str, Offer]:
    """Return every life event, then every item of a place, by key, for somebody whose answers are not known."""
    return _offers(region_code, Same(catalogue.catalogue_for(region_code)))


@lru_cache(maxsize=128)
def _offers(region_code: str, held: Same) -> Mapping[str, Offer]:
    here = held.value
    assert isinstance(here, Catalogue)  # nothing else is put in
    holdings = typical_holdings(here, region_code)
    everything: tuple[LifeEvent | Item, ...] = (*here.events.values(), *here.items.values())
    return {one.key: _offer(one, *promise(here, one.key, holdings)) for one in everything}


def _offer(thing: LifeEvent | Item, mode: Mode, visits: int) -> Offer:
    is_event = isinstance(thing, LifeEvent)
    return Offer(
        key=thing.key,
        kind="event" if is_event else "item",
        name=thing.name,
        organisation=thing.lead if isinstance(thing, LifeEvent) else thing.organisation,
        mode=mode,
        visits=visits,
    )


def promise(held: Catalogue, key: str, holdings: Holdings) -> tuple[Mode, int]:
    """Return the mode and the number of visits that hold whatever a person answers, with such data at hand.

    A need that takes two visits for some answers is a breach, even when most people never meet it. The bound of the
    planner may be too careful while everything is open; then the proof decides.
    """
    decided = compiled_event(held, key, {}).decide({}, holdings)
    if decided.visits_at_most >= 2 and decided.visits < 2 and is_proved_once(held, key):
        return Mode.ONCE, 1
    if decided.visits_at_most >= 2 or decided.mode is Mode.BREACH:
        return Mode.BREACH, max(decided.visits_at_most, decided.visits)
    if decided.mode is Mode.ONE_WINDOW:
        return Mode.ONE_WINDOW, 1
    return (Mode.ONCE if decided.visits_at_most else Mode.ZERO), decided.visits_at_most
