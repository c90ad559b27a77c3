"""The catalogue as values, held in memory by each process until the stored one changes."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from threading import Lock
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import QuerySet

from yici.apps.catalogue.document_reading import (
    dataset_from_document,
    element_from_document,
    event_from_document,
    item_from_document,
)
from yici.apps.catalogue.models import CatalogueStamp, ItemRevision, LifeEventRevision, ListRevision, Trial
from yici.apps.places.reading import once_an_act
from yici.rules.datasets import Dataset
from yici.rules.drawn_units import drawn_by
from yici.rules.items import Catalogue, Element, Item, LifeEvent
from yici.rules.pilots import is_in_pilot
from yici.rules.refusals import Refusal
from yici.rules.words import Words

Row = TypeVar("Row", ItemRevision, LifeEventRevision, ListRevision)


class CannotFindInCatalogue(Refusal):
    """There is no such item or life event, or nobody carries it out here."""


@dataclass(frozen=True, slots=True)
class KindOfOrganisation:
    """A kind of organisation and the levels it exists at (province, city, county, township)."""

    key: str
    name: Words
    uscc_kind: str
    levels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class KindOfLicence:
    """A type of licence: ``code`` is the serial of its authority, ``fields`` the data elements shown on it."""

    key: str
    name: Words
    authority: str
    code: str
    validity_months: int | None
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OnTrial:
    """An item's revision that holds in some counties, or for a share of people drawn by their number.

    ``of_wording``: only words differ, so that the browser in which a need was begun is drawn too.
    """

    trial_id: int
    item: Item
    revision_id: int
    draw: str
    counties: frozenset[str]
    share: float | None
    begun_at: datetime
    of_wording: bool = False

    def holds_for(self, above: list[str], unit: str) -> bool:
        """Whether it holds for somebody in a region (its codes from the province down); "": nobody in particular."""
        if self.share is None:
            return not self.counties.isdisjoint(above)
        name = drawn_by(unit, of_wording=self.of_wording)
        return bool(name) and is_in_pilot(self.draw, name, self.share)


@dataclass(slots=True)
class Held:
    """All revisions in force at one moment; catalogues of places are put together when first asked for."""

    items: dict[str, Item]
    variants: dict[str, dict[str, Item]]  # region code → item key → item
    events: dict[str, LifeEvent]
    datasets: dict[str, Dataset]
    elements: dict[str, Element]
    organisation_kinds: dict[str, KindOfOrganisation]
    licence_kinds: dict[str, KindOfLicence]
    trials: tuple[OnTrial, ...] = ()
    made: dict[tuple[str | int, ...], Catalogue] = field(default_factory=dict)

    def catalogue(self, region_code: str, unit: str = "") -> Catalogue:
        """Return the catalogue of a region; regions without differences share one value.

        ``unit``: whom it is for (rules.drawn_units), where a trial holds for a share of people.
        """
        differing = tuple(code for code in regions_above(region_code) if code in self.variants)
        tried = self.trials_for(region_code, unit)
        key: tuple[str | int, ...] = (*differing, *(one.trial_id for one in tried))
        if key not in self.made:
            self.made.setdefault(key, self._put_together(differing, tried))
        return self.made[key]

    def trials_for(self, region_code: str, unit: str) -> tuple[OnTrial, ...]:
        """Return the revisions on trial that hold for somebody."""
        above = regions_above(region_code)
        return tuple(one for one in self.trials if one.holds_for(above, unit))

    def _put_together(self, differing: tuple[str, ...], tried: tuple[OnTrial, ...]) -> Catalogue:
        items = dict(self.items)
        for code in differing:  # from the province down: the nearest place has the last word
            items |= self.variants[code]
        items |= {one.item.key: one.item for one in tried}
        return Catalogue(
            items=items,
            events=self.events,
            datasets=self.datasets,
            organisations={key: kind.name for key, kind in self.organisation_kinds.items()},
            licence_types={key: kind.name for key, kind in self.licence_kinds.items()},
        )

    def variants_of(self, key: str) -> list[Item]:
        """Return an item as counties and cities have it, where they differ."""
        return [local[key] for local in self.variants.values() if key in local]

    def item_of(self, revision: ItemRevision) -> Item:
        """Return the item of any revision, new or old."""
        return _item(bytes(revision.sha256), revision.document_text)


def regions_above(region_code: str) -> list[str]:
    """Return the 12-digit codes of a region and all above it, from the province down.

    >>> regions_above("330122")
    ['330000000000', '330100000000', '330122000000']
    """
    digits = region_code.rstrip("0") if region_code.isdigit() else ""
    codes = (region_code[:length].ljust(12, "0") for length in (2, 4, 6, 9, 12) if digits)
    return list(dict.fromkeys(code for code in codes if len(code) == 12))


_lock = Lock()
_newest: dict[UUID, Held] = {}


def held(on: date | None) -> Held:
    """Return the catalogue in force on a day, or the newest one, which is read again only when its stamp changed."""
    if on is not None:
        return _read(on)
    return _newest_held()


@once_an_act
def _newest_held() -> Held:
    stamp = CatalogueStamp.objects.values_list("value", flat=True).first()
    if stamp is None:
        return _read(None)
    if (known := _newest.get(stamp)) is None:
        with _lock:
            known = _newest.get(stamp) or _read(None)
            _newest.clear()
            _newest[stamp] = known
    return known


def _read(on: date | None) -> Held:
    lists, local = _lists(on)
    organisations = lists.get("organisations", {})
    licences = lists.get("licence_types", {})
    items, variants = _items(on, local)
    return Held(
        items=items,
        variants=variants,
        events=_events(on),
        trials=_trials() if on is None else (),
        datasets={key: dataset_from_document(key, document) for key, document in lists.get("datasets", {}).items()},
        elements={key: element_from_document(key, document) for key, document in lists.get("elements", {}).items()},
        organisation_kinds={key: _organisation_kind(key, document) for key, document in organisations.items()},
        licence_kinds={key: _licence_kind(key, document) for key, document in licences.items()},
    )


def _lists(on: date | None) -> tuple[dict[str, Mapping[str, Any]], dict[str, set[str]]]:
    """Return the shared lists, and which items each region now says something different about."""
    revisions = ListRevision.objects.order_by("kind", "region_code", "-number").distinct("kind", "region_code")
    lists: dict[str, Mapping[str, Any]] = {}
    local: dict[str, set[str]] = {}
    for revision in _until(revisions, on):
        document = json.loads(revision.document_text)
        if revision.kind == "local":
            local[revision.region_code] = set(document["items"])
        else:
            lists[revision.kind] = document
    return lists, local


def _items(on: date | None, local: Mapping[str, set[str]]) -> tuple[dict[str, Item], dict[str, dict[str, Item]]]:
    revisions = ItemRevision.objects.order_by("basic_id", "variant", "-number").distinct("basic_id", "variant")
    items: dict[str, Item] = {}
    variants: dict[str, dict[str, Item]] = {}
    for revision in _until(revisions, on):
        item = _item(bytes(revision.sha256), revision.document_text)
        if not revision.variant:
            items[item.key] = item
        elif item.key in local.get(revision.variant, ()):
            variants.setdefault(revision.variant, {})[item.key] = item
    return dict(sorted(items.items())), variants


def _trials() -> tuple[OnTrial, ...]:
    rows = Trial.objects.filter(ended_at=None).select_related("revision").order_by("pk")
    return tuple(
        OnTrial(
            trial_id=row.pk,
            item=_item(bytes(row.revision.sha256), row.revision.document_text),
            revision_id=row.revision_id,
            draw=row.draw,
            counties=frozenset(row.counties),
            share=row.share,
            begun_at=row.begun_at,
            of_wording=row.of_wording,
        )
        for row in rows
    )


def _events(on: date | None) -> dict[str, LifeEvent]:
    revisions = LifeEventRevision.objects.order_by("event_id", "-number").distinct("event_id")
    events = [_event(bytes(row.sha256), row.document_text) for row in _until(revisions, on)]
    return {event.key: event for event in sorted(events, key=lambda event: event.key)}


def _until(rows: QuerySet[Row], on: date | None) -> QuerySet[Row]:
    found = rows.defer("document")
    return found if on is None else found.filter(valid_from__lte=on)


@lru_cache(maxsize=8_192)
def _item(sha256: bytes, text: str) -> Item:
    return item_from_document(json.loads(text))


@lru_cache(maxsize=2_048)
def _event(sha256: bytes, text: str) -> LifeEvent:
    return event_from_document(json.loads(text))


def _organisation_kind(key: str, document: Mapping[str, Any]) -> KindOfOrganisation:
    name = Words(document["name"]["zh"], document["name"]["en"])
    return KindOfOrganisation(key, name, document.get("uscc_kind") or "11", tuple(document["levels"]))


def _licence_kind(key: str, document: Mapping[str, Any]) -> KindOfLicence:
    return KindOfLicence(
        key=key,
        name=Words(document["name"]["zh"], document["name"]["en"]),
        authority=document["authority"],
        code=document["code"],
        validity_months=document.get("validity_months"),
        fields=tuple(document.get("fields") or ()),
    )
