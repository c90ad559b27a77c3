"""Shows everything government offers in a place, and says honestly how often one has to come for it."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from yici.apps.catalogue import queries
from yici.apps.places import queries as places
from yici.apps.planning.offers import Offer, offers_at
from yici.channels.portal.visitors import place_of
from yici.rules.plans import Mode
from yici.rules.words import Words

MOST_FOUND = 60


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
    for offer in offers_at(place).values():
        if chosen is None or offer.key in chosen:
            rows.setdefault(offer.organisation, []).append(offer)
    return [
        Group(held.organisations.get(kind, Words(kind, kind)), tuple(found)) for kind, found in sorted(rows.items())
    ]
