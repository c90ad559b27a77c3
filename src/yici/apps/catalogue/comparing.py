"""Catalogues to compare: the stored one, one with an older revision in it, one with files or a text laid over it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from yici.apps.catalogue.bundles import LISTS, Bundle, gather
from yici.apps.catalogue.checking import check_bundle
from yici.apps.catalogue.document_reading import dataset_from_document, event_from_document, item_from_document
from yici.apps.catalogue.exporter import written
from yici.apps.catalogue.faults import CannotImport, Fault
from yici.apps.catalogue.held import CannotFindInCatalogue, held, regions_above
from yici.apps.catalogue.importing import changed_codes, read_catalogue
from yici.apps.catalogue.models import ItemRevision
from yici.apps.catalogue.stored import stored_bundle
from yici.apps.catalogue.yaml_reading import read_yaml
from yici.rules.items import Catalogue
from yici.rules.words import Words

STORED = "stored"
DRAFT = "draft"  # the name faults give to a text that is no file


@dataclass(frozen=True, slots=True)
class Reading:
    """A text read beside the stored catalogue, and the catalogue it would make.

    ``items`` and ``events``: keys of the province-wide documents in it; ``regions``: codes of the regions whose
    differences it holds; ``has_others``: whether it says anything else (shared lists).
    """

    items: tuple[str, ...]
    events: tuple[str, ...]
    regions: tuple[str, ...]
    has_others: bool
    catalogue: Catalogue


def catalogue_in(reference: str) -> Catalogue:
    """Return the catalogue a reference means, as it is in the province.

    ``stored``; ``KEY@NUMBER``, the stored one with that revision of the item; else a file or folder of YAML laid over
    the stored one. Raises CannotImport and CannotFindInCatalogue.
    """
    key, _, number = reference.rpartition("@")
    if reference == STORED:
        return held(None).catalogue("")
    if key and number.isdigit() and not Path(reference).exists():
        return _with_revision(key, int(number))
    _, whole = read_catalogue(Path(reference), stored_bundle())
    return catalogue_of(whole, "")


def changes_in(path: Path) -> list[tuple[Catalogue, Catalogue]]:
    """Return what an import would change, before and after: first in the province, then for each place that differs.

    Of a place only the items it has of its own differ in its pair. Raises CannotImport.
    """
    stored = stored_bundle()
    _, whole = read_catalogue(path, stored)
    in_province = (catalogue_of(stored, ""), catalogue_of(whole, ""))
    pairs = [in_province]
    for region in sorted({*stored.local, *whole.local}):
        own = {key for bundle in (stored, whole) for key in _of_its_own(bundle, region)}
        before, after = (in_region(*both, region) for both in zip((stored, whole), in_province, strict=True))
        items = {key: item if key in own else after.items[key] for key, item in before.items.items()}
        pairs.append((replace(before, items=items, events={}), replace(after, events={})))
    return pairs


def _of_its_own(bundle: Bundle, region: str) -> Iterable[str]:
    return bundle.local[region].document["items"] if region in bundle.local else ()


def _with_revision(key: str, number: int) -> Catalogue:
    revision = ItemRevision.objects.filter(basic__key=key, variant="", number=number).first()
    if revision is None:
        raise CannotFindInCatalogue(
            zh=f"事项“{key[:60]}”没有第 {number} 版。请核对版本号。",
            en=f"Item '{key[:60]}' has no revision {number}. Check the number.",
        )
    stored, item = held(None).catalogue(""), held(None).item_of(revision)
    return replace(stored, items={**stored.items, key: item})


def read_text(text: str, region_code: str = "") -> Reading:
    """Read a YAML text as an import would, beside what is stored. Raises CannotImport with every fault found."""
    stored = stored_bundle()
    sources, faults = read_yaml(text.encode(errors="replace"), DRAFT)
    incoming, misfits = gather(sources)
    whole = incoming.over(stored)
    faults += misfits + check_bundle(whole) + changed_codes(incoming, stored)
    if faults:
        raise CannotImport(faults)
    others = any(incoming.of(kind) for kind in LISTS)
    keys = (tuple(incoming.items), tuple(incoming.events), tuple(incoming.local))
    return Reading(*keys, others, catalogue_of(whole, region_code))


def text_of(key: str, region_code: str = "") -> str:
    """Return the YAML of an item or life event as it is stored; for a region that differs, its local differences."""
    bundle = stored_bundle()
    if region_code:
        local = bundle.local.get(region_code)
        return written(local.document if local else {"region": region_code, "source": "local", "items": {key: {}}})
    return written((bundle.items.get(key) or bundle.events[key]).document)


def document_in(text: str) -> dict[str, Any]:
    """Return the one document of a YAML text, checked only as far as YAML goes. Raises CannotImport."""
    sources, faults = read_yaml(text.encode(errors="replace"), DRAFT)
    if faults:
        raise CannotImport(faults)
    if len(sources) != 1 or not isinstance(sources[0].value, dict):
        words = Words("这里应是一个键值文档。", "One document of keys and values belongs here.")
        raise CannotImport([Fault(DRAFT, 1, 1, words)])
    return sources[0].value


def catalogue_of(whole: Bundle, region_code: str) -> Catalogue:
    """Return a bundle of documents as the catalogue of a region."""
    elements = whole.element_documents()
    in_province = Catalogue(
        items={key: item_from_document(one.document, elements) for key, one in sorted(whole.items.items())},
        events={key: event_from_document(one.document, elements) for key, one in sorted(whole.events.items())},
        datasets={key: dataset_from_document(key, one.document) for key, one in whole.datasets.items()},
        organisations={key: _name(one.document) for key, one in whole.organisations.items()},
        licence_types={key: _name(one.document) for key, one in whole.licence_types.items()},
    )
    return in_region(whole, in_province, region_code)


def in_region(whole: Bundle, in_province: Catalogue, region_code: str) -> Catalogue:
    """Return the province's catalogue with the items that a region, or one above it, has in its own way."""
    above = regions_above(region_code)
    if not above:
        return in_province
    elements = whole.element_documents()
    variants = {(region, key): variant for region, key, variant in whole.variants() if region in above}
    own = {
        key: item_from_document(one.document, elements)
        for region in above
        for (code, key), one in variants.items()
        if code == region
    }
    return replace(in_province, items={**in_province.items, **own})


def _name(document: Mapping[str, Any]) -> Words:
    return Words(document["name"]["zh"], document["name"]["en"])
