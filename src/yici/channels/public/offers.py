"""Shows everything government offers in a place, and says honestly how often one has to come for it."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from yici.apps.catalogue import queries
from yici.apps.places import queries as places
from yici.apps.planning import queries as plans
from yici.apps.planning.compiled import compiled_event
from yici.channels.portal.visitors import place_of
from yici.rules.items import Catalogue, Item, LifeEvent
from yici.rules.planner import Holdings
from yici.rules.plans import Mode
from yici.rules.words import Words

MOST_FOUND = 60


@dataclass(frozen=True, slots=True)
class Offer:
    """One life event or item with the number of visits that holds whatever the person answers."""

    key: str
    kind: str
    name: Words
    organisation: str
    mode: Mode
    visits: int


@dataclass(frozen=True, slots=True)
class Group:
    """What one organisation offers, life events first."""

    organisation: Words
    offers: tuple[Offer, ...]


@require_GET
def catalogue(request: HttpRequest) -> HttpResponse:
    """List all life events and items of the place by organisation, or those that a search finds."""
    place = place_of(request)
    text = request.GET.get("q", "").replace("\x00", "").strip()[:100]
    wanted = [hit.key for hit in queries.search(text, place, limit=MOST_FOUND)] if text else None
    found = groups(place, wanted)
    context = {
        "place": places.region(place),
        "text": text,
        "groups": found,
        "count": sum(len(group.offers) for group in found),
        "breaches": sum(offer.mode is Mode.BREACH for group in found for offer in group.offers),
    }
    return render(request, "public/catalogue.html", context)


def groups(place: str, wanted: Iterable[str] | None = None) -> list[Group]:
    """Return what is offered in a place by organisation; ``wanted`` narrows to some keys."""
    held = queries.catalogue_for(place)
    chosen = set(wanted) if wanted is not None else None
    rows: dict[str, list[Offer]] = {}
    for offer in offers(place, _Held(held)):
        if chosen is None or offer.key in chosen:
            rows.setdefault(offer.organisation, []).append(offer)
    return [
        Group(held.organisations.get(kind, Words(kind, kind)), tuple(found)) for kind, found in sorted(rows.items())
    ]


class _Held:
    """A catalogue known by identity: planning every need anew for each visitor would be waste."""

    __slots__ = ("value",)

    def __init__(self, value: Catalogue) -> None:
        self.value = value

    def __hash__(self) -> int:
        return id(self.value)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Held) and other.value is self.value


@lru_cache(maxsize=128)
def offers(place: str, held: _Held) -> tuple[Offer, ...]:
    """Return every life event, then every item of a catalogue, decided for somebody whose answers are not known."""
    holdings = plans.typical_holdings(held.value, place)
    everything: tuple[LifeEvent | Item, ...] = (*held.value.events.values(), *held.value.items.values())
    return tuple(_offer(one, *promise(held.value, one.key, holdings)) for one in everything)


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

    A need that takes two visits for some answers is a breach, even when most people never meet it.
    """
    decided = compiled_event(held, key, {}).decide({}, holdings)
    if decided.visits_at_most >= 2 or decided.mode is Mode.BREACH:
        return Mode.BREACH, max(decided.visits_at_most, decided.visits)
    if decided.mode is Mode.ONE_WINDOW:
        return Mode.ONE_WINDOW, 1
    return (Mode.ONCE if decided.visits_at_most else Mode.ZERO), decided.visits_at_most
