"""Checks one item, or one place's variant of it, against the whole catalogue."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from yici.apps.catalogue.bundles import Bundle, Entry, with_elements
from yici.apps.catalogue.circles import circle_in
from yici.apps.catalogue.document_reading import element_from_document
from yici.apps.catalogue.faults import Fault
from yici.apps.catalogue.patches import entry_key
from yici.apps.catalogue.references import check_after, check_datum, check_reference, circle_words
from yici.apps.catalogue.situations import fact_of, facts_of
from yici.apps.catalogue.yaml_reading import Path
from yici.rules.codes import CannotReadCode, parse_basic_code
from yici.rules.conditions import CannotDeclare, CannotUnderstand, Fact, condition
from yici.rules.words import Words


def check_element(entry: Entry, path: Path, key: str, document: Mapping[str, Any], whole: Bundle) -> Iterator[Fault]:
    """Yield the faults of one data element: where its value comes from, and whether a condition can hold it."""
    if document.get("source"):
        yield from check_datum(entry, (*path, "source"), document["source"], whole)
    try:
        fact_of(element_from_document(key, document))
    except CannotDeclare as refusal:
        yield entry.fault(path, refusal.words)


def check_item(entry: Entry, whole: Bundle) -> Iterator[Fault]:
    """Yield the faults of one item or of one place's variant of it."""
    yield from _check_code(entry)
    yield from _check_names(entry, whole)
    yield from check_elements_of(entry, whole)
    yield from _check_requirements(entry, whole)
    yield from _check_steps(entry, whole)
    yield from _check_outcome(entry, whole)
    facts = facts_of(written_out(entry.document, whole))
    for path, text in conditions_of(entry.document):
        yield from check_condition(entry, path, text, facts)


def written_out(document: Mapping[str, Any], whole: Bundle) -> list[Mapping[str, Any]]:
    """Return the elements a document asks for, shared ones written out."""
    full = with_elements(document, whole.elements)
    listed = [*(full.get("questions") or ()), *(full.get("fields") or ())]
    return [part for part in listed if isinstance(part, Mapping)]


def _check_code(entry: Entry) -> Iterator[Fault]:
    try:
        code = parse_basic_code(entry.document["code"])
    except CannotReadCode as refusal:
        yield entry.fault(("code",), refusal.words)
        return
    if code.kind != entry.document["type"]:
        kind, given = code.kind, entry.document["type"]
        zh = f"基本编码第 3、4 位是事项类型“{kind}”，与 type“{given}”不一致。请改正其一。"
        en = f"Digits 3 and 4 of the code say type {kind}, but type is {given}. Correct one of them."
        yield entry.fault(("code",), Words(zh, en))


def _check_names(entry: Entry, whole: Bundle) -> Iterator[Fault]:
    yield from check_reference(entry, ("organisation",), "organisations", entry.document["organisation"], whole)
    for name in ("questions", "fields", "requirements", "presences", "steps"):
        listed = [entry_key(part) for part in entry.document.get(name) or ()]
        for place, key in enumerate(listed):
            if key in listed[:place]:
                words = Words(
                    f"“{name}”里“{key}”出现两次。请改名或删去。", f"'{key}' stands twice in '{name}'. Rename one."
                )
                yield entry.fault((name, place), words)


def check_elements_of(entry: Entry, whole: Bundle) -> Iterator[Fault]:
    """Yield the faults of the questions and form fields of an item or event."""
    for name in ("questions", "fields"):
        for place, part in enumerate(entry.document.get(name) or ()):
            if isinstance(part, str):
                yield from check_reference(entry, (name, place), "elements", part, whole)
            else:
                yield from check_element(entry, (name, place), part["key"], part, whole)
                yield from _check_own_element(entry, (name, place), part, whole)


def _check_own_element(entry: Entry, path: Path, part: Mapping[str, Any], whole: Bundle) -> Iterator[Fault]:
    shared = whole.elements.get(part["key"])
    if shared and not entry.is_variant and _differs(part, shared.document):
        zh = f"数据元“{part['key']}”已在共享清单中，只有提问和提示可以换说法，其余须一致。请只写它的键，或换一个键。"
        en = (
            f"'{part['key']}' is a shared element: only its question and hint may be in other words. "
            "Write its key alone, or choose another key."
        )
        yield entry.fault(path, Words(zh, en))


def _differs(part: Mapping[str, Any], shared: Mapping[str, Any]) -> bool:
    """Whether an item means another fact by the same key; how it asks for the fact, and explains it, is its own."""
    key = part["key"]
    own, known = element_from_document(key, part), element_from_document(key, shared)
    return replace(own, ask=known.ask, hint=known.hint) != known


def _check_requirements(entry: Entry, whole: Bundle) -> Iterator[Fault]:
    for place, part in enumerate(entry.document.get("requirements") or ()):
        if part.get("issued_by"):
            yield from check_reference(
                entry, ("requirements", place, "issued_by"), "organisations", part["issued_by"], whole
            )
        for number, way in enumerate(part["ways"]):
            yield from _check_way(entry, ("requirements", place, "ways", number), way, whole)


def _check_way(entry: Entry, path: Path, way: str, whole: Bundle) -> Iterator[Fault]:
    kind, _, target = way.partition(" ")
    if not target:
        return
    if kind in ("data", "original"):
        yield from check_datum(entry, path, target, whole)
    elif kind == "licence":
        yield from check_reference(entry, path, "licence_types", target, whole)
    elif kind == "result_of":
        yield from _check_result_of(entry, path, target, whole)
    elif target not in {part["key"] for part in written_out(entry.document, whole)}:
        yield from check_reference(entry, path, "elements", target, whole)


def _check_result_of(entry: Entry, path: Path, target: str, whole: Bundle) -> Iterator[Fault]:
    if target == entry.document["item"]:
        yield entry.fault(path, Words("事项不能等待自己的结果。", "An item cannot wait for its own result."))
    yield from check_reference(entry, path, "items", target, whole)


def _check_steps(entry: Entry, whole: Bundle) -> Iterator[Fault]:
    steps = entry.document["steps"]
    keys = {part["key"]: place for place, part in enumerate(steps)}
    for name in ("steps", "presences"):
        for place, part in enumerate(entry.document.get(name) or ()):
            if part.get("organisation"):
                yield from check_reference(
                    entry, (name, place, "organisation"), "organisations", part["organisation"], whole
                )
            yield from check_after(entry, (name, place, "after"), part.get("after") or (), keys)
    if circle := circle_in({part["key"]: part.get("after") or () for part in steps}):
        yield entry.fault(("steps", keys[circle[0]], "after"), circle_words(circle))


def _check_outcome(entry: Entry, whole: Bundle) -> Iterator[Fault]:
    outcome = entry.document["outcome"]
    if outcome.get("licence"):
        yield from check_reference(entry, ("outcome", "licence"), "licence_types", outcome["licence"], whole)
    for place, datum in enumerate(outcome.get("data") or ()):
        yield from check_datum(entry, ("outcome", "data", place), datum, whole)


def conditions_of(document: Mapping[str, Any]) -> Iterator[tuple[Path, str]]:
    """Yield every condition of an item or event with its place."""
    for name in ("requirements", "presences", "steps", "members"):
        for place, part in enumerate(document.get(name) or ()):
            if part.get("when"):
                yield (name, place, "when"), part["when"]
            for number, special in enumerate(part.get("special") or ()):
                if special.get("when"):
                    yield (name, place, "special", number, "when"), special["when"]


def check_condition(entry: Entry, path: Path, text: str, facts: Mapping[str, Fact]) -> Iterator[Fault]:
    """Yield a fault where a condition cannot be understood, at its line and column."""
    try:
        condition(text, facts)
    except CannotUnderstand as refusal:
        place = entry.place(path)
        line, column = entry.source.where(place)
        if place in entry.source.values_at and refusal.line == 1:  # a block text begins on a line we cannot know
            column += refusal.column - 1 + (place in entry.source.quoted)
        words = Words(f"条件有误：{refusal.words.zh}", f"Condition: {refusal.words.en}")
        yield Fault(entry.source.file, line, column, words, place)
