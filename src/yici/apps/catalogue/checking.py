"""Checks what a schema cannot: references, circles, codes and conditions of a whole catalogue."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from yici.apps.catalogue.bundles import Bundle, Entry
from yici.apps.catalogue.circles import circle_in
from yici.apps.catalogue.faults import Fault
from yici.apps.catalogue.item_checking import (
    check_condition,
    check_element,
    check_elements_of,
    check_item,
    conditions_of,
    written_out,
)
from yici.apps.catalogue.references import check_after, check_reference, circle_words
from yici.apps.catalogue.schema import explained, validator
from yici.apps.catalogue.situations import facts_of
from yici.rules.words import Words


def check_bundle(whole: Bundle) -> list[Fault]:
    """Return every fault of a whole catalogue, what is stored already included: a new file may break an old one."""
    faults = [fault for check in _LIST_CHECKS for fault in check(whole)]
    of_items = {key: list(check_item(entry, whole)) for key, entry in whole.items.items()}
    faults += [fault for found in of_items.values() for fault in found]
    faults += [fault for local in whole.local.values() for fault in _check_local(local, whole)]
    for _, key, variant in whole.variants():
        said = {fault.words for fault in of_items[key]}  # what the province's item has wrong is said there
        faults += [fault for fault in _check_variant(variant, whole) if fault.words not in said]
    return faults + [fault for entry in whole.events.values() for fault in check_event(entry, whole)]


def _check_elements(whole: Bundle) -> Iterator[Fault]:
    for key, entry in whole.elements.items():
        yield from check_element(entry, (), key, entry.document, whole)


def _check_datasets(whole: Bundle) -> Iterator[Fault]:
    for entry in whole.datasets.values():
        yield from check_reference(entry, ("owner",), "organisations", entry.document["owner"], whole)


def _check_licence_types(whole: Bundle) -> Iterator[Fault]:
    for entry in whole.licence_types.values():
        yield from check_reference(entry, ("authority",), "organisations", entry.document["authority"], whole)
        for place, key in enumerate(entry.document.get("fields") or ()):
            yield from check_reference(entry, ("fields", place), "elements", key, whole)


def _check_codes_differ(whole: Bundle) -> Iterator[Fault]:
    users: dict[str, str] = {}
    for key, entry in whole.items.items():
        code = entry.document["code"]
        if (first := users.setdefault(code, key)) != key:
            zh = f"基本编码 {code} 与事项“{first}”相同。每个事项的编码必须不同。"
            yield entry.fault(("code",), Words(zh, f"Code {code} is also that of '{first}'. Each item has its own."))


_LIST_CHECKS: tuple[Callable[[Bundle], Iterator[Fault]], ...] = (
    _check_elements,
    _check_datasets,
    _check_licence_types,
    _check_codes_differ,
)


def check_event(entry: Entry, whole: Bundle) -> Iterator[Fault]:
    """Yield the faults of one life event."""
    document = entry.document
    if (key := document["event"]) in whole.items:
        # One address, /needs/KEY, stands for both: the item could never be opened by itself.
        zh = f"“{key}”已经是一个事项的名称。请给一件事另取名称。"
        yield entry.fault(("event",), Words(zh, f"'{key}' is the key of an item. Give the life event its own."))
    yield from check_reference(entry, ("lead",), "organisations", document["lead"], whole)
    yield from check_elements_of(entry, whole)
    keys = [part["item"] for part in document["members"]]
    yield from _check_members(entry, keys, whole)
    if all(key in whole.items for key in keys):
        members = [whole.items[key].document for key in keys]
        facts = facts_of(part for one in (*members, document) for part in written_out(one, whole))
        for path, text in conditions_of(document):
            yield from check_condition(entry, path, text, facts)


def _check_members(entry: Entry, keys: list[str], whole: Bundle) -> Iterator[Fault]:
    for place, part in enumerate(entry.document["members"]):
        yield from check_reference(entry, ("members", place, "item"), "items", part["item"], whole)
        yield from check_after(entry, ("members", place, "after"), part.get("after") or (), dict.fromkeys(keys))
        if part["item"] in keys[:place]:
            words = Words(f"事项“{part['item']}”出现两次。", f"Item '{part['item']}' stands twice.")
            yield entry.fault(("members", place, "item"), words)
    if circle := circle_in(_waiting(entry.document, whole)):
        yield entry.fault(("members", keys.index(circle[0])), circle_words(circle))


def _waiting(document: Mapping[str, Any], whole: Bundle) -> dict[str, list[str]]:
    """Return whom each member waits for: by ``after``, and for the result of another member."""
    waiting = {part["item"]: list(part.get("after") or ()) for part in document["members"]}
    for key, after in waiting.items():
        if key in whole.items:
            after += [target for target in _results_used(whole.items[key].document) if target in waiting]
    return waiting


def _results_used(document: Mapping[str, Any]) -> Iterator[str]:
    for part in document.get("requirements") or ():
        for way in part["ways"]:
            kind, _, target = way.partition(" ")
            if kind == "result_of":
                yield target


def _check_local(local: Entry, whole: Bundle) -> Iterator[Fault]:
    for key in local.document["items"]:
        yield from check_reference(local, ("items", key), "items", key, whole)


def _check_variant(variant: Entry, whole: Bundle) -> Iterator[Fault]:
    errors = list(validator("item").iter_errors(variant.document))
    for error in errors:
        yield from explained(error, variant.source, variant.place)
    if not errors:
        yield from check_item(variant, whole)
