"""The catalogue that is stored, as the documents it was made from, and the canonical form of new ones."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from yici.apps.catalogue.bundles import LISTS, Bundle, Entries, Entry
from yici.apps.catalogue.document_reading import element_from_document, event_from_document, item_from_document
from yici.apps.catalogue.documents import canonical, element_document, event_document, fingerprint, item_document
from yici.apps.catalogue.models import ItemRevision, LifeEventRevision, ListRevision
from yici.apps.catalogue.yaml_reading import Source

Document = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Canonical:
    """The text a revision keeps, and its hash."""

    text: str
    sha256: bytes


def canonical_item(document: Document, bundle: Bundle) -> Canonical:
    """Return the canonical form of an item document."""
    return _canonical(item_document(item_from_document(document, bundle.element_documents())))


def canonical_event(document: Document, bundle: Bundle) -> Canonical:
    """Return the canonical form of a life event document."""
    return _canonical(event_document(event_from_document(document, bundle.element_documents())))


def canonical_list(kind: str, entries: Entries) -> Canonical:
    """Return the canonical form of one of the shared lists."""
    documents = {key: entry.document for key, entry in entries.items()}
    if kind == "elements":
        documents = {key: _element_without_key(key, document) for key, document in documents.items()}
    return _canonical(documents)


def canonical_local(document: Document) -> Canonical:
    """Return the canonical form of a region's local differences."""
    return _canonical(document)


def _canonical(document: object) -> Canonical:
    text = canonical(document)
    return Canonical(text, fingerprint(text))


def _element_without_key(key: str, document: Document) -> dict[str, Any]:
    full = element_document(element_from_document(key, document))
    return {name: value for name, value in full.items() if name != "key"}


def newest_items() -> dict[tuple[str, str], ItemRevision]:
    """Return the newest revision of every item (variant "") and of every local variant there ever was."""
    newest = ItemRevision.objects.order_by("basic_id", "variant", "-number").distinct("basic_id", "variant")
    return {(revision.basic.key, revision.variant): revision for revision in newest.select_related("basic")}


def newest_events() -> dict[str, LifeEventRevision]:
    """Return the newest revision of every life event."""
    newest = LifeEventRevision.objects.order_by("event_id", "-number").distinct("event_id")
    return {revision.event.key: revision for revision in newest.select_related("event")}


def newest_lists() -> dict[tuple[str, str], ListRevision]:
    """Return the newest revision of every shared list and of every region's differences."""
    newest = ListRevision.objects.order_by("kind", "region_code", "-number").distinct("kind", "region_code")
    return {(revision.kind, revision.region_code): revision for revision in newest}


def stored_bundle() -> Bundle:
    """Return the stored catalogue as documents like those of files: shared data elements by key again."""
    lists = newest_lists()
    shared = {kind: _list_entries(kind, lists) for kind in LISTS}
    elements = {key: entry.document for key, entry in shared["elements"].items()}
    items = {key: revision for (key, variant), revision in newest_items().items() if not variant}
    local = {region: revision for (kind, region), revision in lists.items() if kind == "local"}
    return Bundle(
        elements=shared["elements"],
        datasets=shared["datasets"],
        organisations=shared["organisations"],
        licence_types=shared["licence_types"],
        items=_entries({key: as_written(revision.document, elements) for key, revision in items.items()}),
        events=_entries({key: as_written(one.document, elements) for key, one in newest_events().items()}),
        local=_entries({region: revision.document for region, revision in local.items()}),
    )


def _list_entries(kind: str, lists: Mapping[tuple[str, str], ListRevision]) -> Entries:
    revision = lists.get((kind, ""))
    documents = revision.document if revision else {}
    if kind == "elements":
        documents = {key: _with_choices(document) for key, document in documents.items()}
    return _entries(documents)


def _entries(documents: Mapping[str, Document]) -> Entries:
    return {key: Entry(document, Source(f"(stored) {key}", None, {(): (0, 0)})) for key, document in documents.items()}


def as_written(document: Document, elements: Mapping[str, Document]) -> dict[str, Any]:
    """Return a canonical document as somebody would write it: choices as a map, shared data elements by key."""
    return {
        key: [_written_element(part, elements) for part in value] if key in ("questions", "fields") else value
        for key, value in document.items()
    }


def _written_element(part: Document, elements: Mapping[str, Document]) -> Any:
    element = _with_choices(part)
    rest = {name: value for name, value in element.items() if name != "key"}
    return element["key"] if elements.get(element["key"]) == rest else element


def _with_choices(document: Document) -> dict[str, Any]:
    """Return a data element with its choices as a map again; canonical texts keep pairs, for their order."""
    return {key: dict(value) if key == "values" else value for key, value in document.items()}


def changed(known: bytes | memoryview | None, new: Canonical) -> bool:
    """Whether a document differs from its newest revision."""
    return known is None or bytes(known) != new.sha256
