"""From files to a checked catalogue: nothing here touches what is stored."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from yici.apps.catalogue.bundles import Bundle, gather
from yici.apps.catalogue.checking import check_bundle
from yici.apps.catalogue.document_reading import event_from_document, item_from_document
from yici.apps.catalogue.faults import CannotImport, Fault
from yici.apps.catalogue.files import read_sources
from yici.rules.items import Catalogue
from yici.rules.lint import Finding, lint_event, lint_item
from yici.rules.words import Words


def read_catalogue(path: Path, stored: Bundle, *, regions: Iterable[str] | None = None) -> tuple[Bundle, Bundle]:
    """Return the documents of the files, and the whole catalogue they make with what is stored.

    ``regions`` are the codes that exist, None when not to be checked. Raises CannotImport with every fault found.
    """
    sources, faults = read_sources(path)
    incoming, misfits = gather(sources)
    whole = incoming.over(stored)
    faults += misfits + check_bundle(whole) + changed_codes(incoming, stored)
    if regions is not None:
        faults += _unknown_regions(incoming, frozenset(regions))
    if faults:
        raise CannotImport(faults)
    return incoming, whole


def changed_codes(incoming: Bundle, stored: Bundle) -> list[Fault]:
    """Return a fault for each item with another code.

    A code stands in the numbers of all cases ever taken: what has another code is another item.
    """
    faults = []
    for key, entry in incoming.items.items():
        known = stored.items.get(key)
        if known and (old := known.document["code"]) != entry.document["code"]:
            zh = f"事项“{key}”的基本编码一直是 {old}，不能更改。新事项请另取一个键。"
            en = f"'{key}' has had the code {old} from the first. A code never changes: give a new item another key."
            faults.append(entry.fault(("code",), Words(zh, en)))
    return faults


def lint_files(incoming: Bundle, whole: Bundle) -> list[Finding]:
    """Return what the consistency rules find in the incoming documents, local variants included."""
    elements = whole.element_documents()
    items = {key: item_from_document(entry.document, elements) for key, entry in whole.items.items()}
    events = {key: event_from_document(entry.document, elements) for key, entry in whole.events.items()}
    catalogue = Catalogue(items=items, events=events)
    found = [finding for key in incoming.items for finding in lint_item(items[key], catalogue)]
    for region, key, variant in whole.variants():
        if region in incoming.local:
            known = set(lint_item(items[key], catalogue))
            here = lint_item(item_from_document(variant.document, elements), catalogue)
            found += [replace(one, where=f"{one.where}@{region}") for one in here if one not in known]
    return found + [finding for key in incoming.events for finding in lint_event(events[key], catalogue)]


def _unknown_regions(incoming: Bundle, known: frozenset[str]) -> list[Fault]:
    faults = [
        local.fault(("region",), Words(f"没有代码为 {code} 的行政区划。", f"There is no region with the code {code}."))
        for code, local in incoming.local.items()
        if code not in known
    ]
    for dataset in incoming.datasets.values():
        for place, code in enumerate(dataset.document.get("not_shared_in") or ()):
            if code.ljust(12, "0") not in known:
                words = Words(f"没有代码为 {code} 的行政区划。", f"There is no region with the code {code}.")
                faults.append(dataset.fault(("not_shared_in", place), words))
    return faults
