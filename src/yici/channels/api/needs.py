"""What a program may ask without signing in: needs, plans, and whether a licence stands."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import msgspec
from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from yici.apps.catalogue import queries as catalogue
from yici.apps.catalogue.documents import item_document
from yici.apps.licences import queries as licences
from yici.apps.licences.qr import read_signed_text
from yici.apps.places import queries as places
from yici.apps.planning import queries as plan_queries
from yici.apps.planning.compiled import compiled_event
from yici.channels.api.problems import Problem, answer, endpoint, read
from yici.channels.look.middleware import ViewerRequest
from yici.channels.public.verifying import cleaned_code, seal_public_key
from yici.rules.items import Item, LifeEvent
from yici.rules.planner import plan_document
from yici.rules.words import Words

PROVINCE = "330000000000"
MOST = 100
USUAL = 50


class PlanAsked(msgspec.Struct, forbid_unknown_fields=True):
    """A need at a place; without ``holdings``, what the government can see of whoever asks."""

    event: str
    region: str
    answers: dict[str, bool | int | str | None] = msgspec.field(default_factory=dict)
    holdings: dict[str, str] | None = None


# Computes and keeps nothing, so another site gains nothing by having it called.
@csrf_exempt
@endpoint("POST")
def plans(request: ViewerRequest) -> HttpResponse:
    """Return the plan of a need: visits, papers, departments and days, each with its reason."""
    asked = read(request, PlanAsked)
    region = places.region(asked.region).code
    here = catalogue.catalogue_for(region)
    key = _found(asked.event, region).key
    if asked.holdings is None:
        plan = plan_queries.plan_for(request.viewer, key, region, answers=asked.answers)
    else:
        plan = compiled_event(here, key, {}).plan(asked.answers, asked.holdings, region=region)
    return answer(plan_document(plan))


def _found(key: str, region: str) -> LifeEvent:
    found = catalogue.find_event(key, region)
    if found is None:
        raise Problem(404, "not-found", f"There is no life event or item called '{key[:60]}' in this place.")
    return found


def words(value: Words) -> dict[str, str]:
    """Return a sentence in both languages."""
    return {"zh": value.zh, "en": value.en}


@endpoint("GET")
def events(request: ViewerRequest) -> HttpResponse:
    """List the life events of a place."""
    return _page(request, "events", catalogue.catalogue_for(_region(request)).events, _event_line)


def _event_line(event: LifeEvent) -> dict[str, Any]:
    return {
        "key": event.key,
        "name": words(event.name),
        "summary": words(event.summary),
        "audience": list(event.audience),
        "items": [member.item for member in event.members],
    }


@endpoint("GET")
def items(request: ViewerRequest) -> HttpResponse:
    """List the items of a place."""
    return _page(request, "items", catalogue.catalogue_for(_region(request)).items, _item_line)


def _item_line(item: Item) -> dict[str, Any]:
    return {
        "key": item.key,
        "code": item.code,
        "name": words(item.name),
        "organisation": item.organisation,
        "audience": list(item.audience),
        "standardised": item.standardised,
    }


@endpoint("GET")
def item(request: ViewerRequest, key: str) -> HttpResponse:
    """Return an item with everything it asks for, as the published JSON Schema describes it."""
    found = catalogue.catalogue_for(_region(request)).items.get(key)
    if found is None:
        raise Problem(404, "not-found", f"There is no item called '{key[:60]}' in this place.")
    return answer(item_document(found))


def _region(request: ViewerRequest) -> str:
    return places.region(request.GET.get("region", PROVINCE)).code


def _page(request: ViewerRequest, name: str, things: Mapping[str, Any], line: Any) -> HttpResponse:
    """Return the things after a key, in the order of keys, and the address of the next page."""
    limit, after = page_size(request), request.GET.get("after", "")
    keys = sorted(key for key in things if key > after)
    shown = keys[:limit]
    following = ""
    if len(keys) > limit:
        kept = {"region": _region(request), "limit": limit, "after": shown[-1]}
        following = f"/api/v1/{name}?{urlencode(kept)}"
    return answer({name: [line(things[key]) for key in shown], "next": following or None})


def page_size(request: ViewerRequest) -> int:
    """Return how many rows a page has. Raises Problem."""
    text = request.GET.get("limit", str(USUAL))
    if not (text.isascii() and text.isdecimal() and len(text) < 5 and 1 <= int(text) <= MOST):
        raise Problem(422, "invalid", f"`limit` is a whole number from 1 to {MOST}.")
    return int(text)


@endpoint("GET")
def verify(request: ViewerRequest) -> HttpResponse:
    """Say whether a licence stands, by its identifier, number or the text of its QR code."""
    text = request.GET.get("code", "").strip()
    if "#" in text or text.startswith("y1."):
        text = read_signed_text(text, seal_public_key()).identifier
    code = cleaned_code(text)
    if not code:
        raise Problem(422, "invalid", "Give `code`: the identifier, the number, or the text of the QR code.")
    found = licences.verify(code, today=timezone.localdate())
    if found is None:
        raise Problem(404, "not-found", "We have issued no licence with this identifier or number.")
    return answer(_verification(found))


def _verification(found: licences.Verification) -> dict[str, Any]:
    return {
        "identifier": found.identifier,
        "name": words(found.name),
        "holder_masked": found.holder_masked,
        "issuer": words(found.issuer),
        "issued_on": found.issued_on,
        "valid_until": found.valid_until,
        "status": found.status,
        "status_words": words(found.status_words),
        "status_at": found.status_at,
        "as_of": timezone.now(),
    }
