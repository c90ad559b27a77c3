"""The catalogue as it would be with a changed document in it; nothing here touches what is stored."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from yici.apps.catalogue.bundles import Bundle
from yici.apps.catalogue.document_reading import (
    dataset_from_document,
    element_from_document,
    event_from_document,
    item_from_document,
)
from yici.apps.catalogue.held import CannotFindInCatalogue, Held, held
from yici.apps.catalogue.importing import read_catalogue
from yici.apps.catalogue.models import ItemRevision, LifeEventRevision
from yici.apps.catalogue.stored import stored_bundle
from yici.rules.items import Item


def with_files(path: Path) -> Held:
    """Return the catalogue with the documents of a YAML file, or of a folder of them, in place of the stored ones.

    They are checked as on import: raises CannotImport with every fault, its line and column.
    """
    _, whole = read_catalogue(path, stored_bundle())
    return _held(whole, held(None))


def with_revision(sha256: str) -> Held:
    """Return the catalogue with one stored revision of an item or event in force, an old one or a new one.

    ``sha256``: hexadecimal. Raises CannotFindInCatalogue.
    """
    digest, now = _digest(sha256), held(None)
    if (row := ItemRevision.objects.filter(sha256=digest).first()) is not None:
        item = now.item_of(row)
        if not row.variant:
            return replace(now, items={**now.items, item.key: item}, made={})
        local = {**now.variants.get(row.variant, {}), item.key: item}
        return replace(now, variants={**now.variants, row.variant: local}, made={})
    if (found := LifeEventRevision.objects.filter(sha256=digest).first()) is not None:
        event = event_from_document(found.document)
        return replace(now, events={**now.events, event.key: event}, made={})
    raise _no_such_revision(sha256)


def _digest(sha256: str) -> bytes:
    try:
        return bytes.fromhex(sha256)
    except ValueError as error:
        raise _no_such_revision(sha256) from error


def _no_such_revision(sha256: str) -> CannotFindInCatalogue:
    return CannotFindInCatalogue(
        zh=f"“{sha256[:80]}”不是 YAML 文件，也不是已有版本的指纹（sha256）。请给出其中之一。",
        en=f"'{sha256[:80]}' is neither a YAML file nor the sha256 of a revision we hold. Give one of these.",
    )


def _held(whole: Bundle, now: Held) -> Held:
    elements = whole.element_documents()
    return replace(
        now,
        items={key: item_from_document(entry.document, elements) for key, entry in sorted(whole.items.items())},
        variants=_variants(whole, elements),
        events={key: event_from_document(entry.document, elements) for key, entry in sorted(whole.events.items())},
        datasets={key: dataset_from_document(key, entry.document) for key, entry in whole.datasets.items()},
        elements={key: element_from_document(key, entry.document) for key, entry in whole.elements.items()},
        made={},
    )


def _variants(whole: Bundle, elements: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Item]]:
    variants: dict[str, dict[str, Item]] = {}
    for region, key, variant in whole.variants():
        variants.setdefault(region, {})[key] = item_from_document(variant.document, elements)
    return variants
