"""Checks what a schema cannot: references, circles, codes and conditions of a whole catalogue."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from yici.apps.catalogue.bundles import Bundle, Entry, with_elements
from yici.apps.catalogue.circles import circle_in
from yici.apps.catalogue.document_reading import element_from_document
from yici.apps.catalogue.faults import Fault
from yici.apps.catalogue.patches import entry_key
from yici.apps.catalogue.schema import closest, explained, validator
from yici.apps.catalogue.situations import fact_of, facts_of
from yici.apps.catalogue.yaml_reading import Path
from yici.rules.codes import CannotReadCode, parse_basic_code
from yici.rules.conditions import CannotDeclare, CannotUnderstand, Fact, condition
from yici.rules.words import Words

_KIND_WORDS = {
    "elements": Words("数据元", "data element"),
    "datasets": Words("数据资源", "dataset"),
    "organisations": Words("机构", "kind of organisation"),
    "licence_types": Words("证照类型", "licence type"),
    "items": Words("事项", "item"),
}


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


def _reference(entry: Entry, path: Path, kind: str, key: str, whole: Bundle) -> Iterator[Fault]:
    if not whole.knows(kind, key):
        words, hint = _KIND_WORDS[kind], closest(key, whole.of(kind))
        ask = hint.zh or "请先定义它，或改正名称。"
        yield entry.fault(
            path,
            Words(
                f"没有名为“{key}”的{words.zh}。{ask}",
                f"There is no {words.en} '{key}'. {hint.en or 'Define it first.'}",
            ),
        )


def _datum(entry: Entry, path: Path, text: str, whole: Bundle) -> Iterator[Fault]:
    dataset, _, field = text.partition(".")
    if dataset not in whole.datasets:
        yield from _reference(entry, path, "datasets", dataset, whole)
    elif field and field not in (fields := whole.datasets[dataset].document["fields"]):
        hint = closest(field, fields)
        zh = f"数据资源“{dataset}”没有字段“{field}”。{hint.zh or '请先在 datasets 中加上。'}"
        yield entry.fault(path, Words(zh, f"Dataset '{dataset}' has no field '{field}'. {hint.en or 'Add it first.'}"))


def _check_elements(whole: Bundle) -> Iterator[Fault]:
    for key, entry in whole.elements.items():
        yield from _check_element(entry, (), key, entry.document, whole)


def _check_element(entry: Entry, path: Path, key: str, document: Mapping[str, Any], whole: Bundle) -> Iterator[Fault]:
    if document.get("source"):
        yield from _datum(entry, (*path, "source"), document["source"], whole)
    try:
        fact_of(element_from_document(key, document))
    except CannotDeclare as refusal:
        yield entry.fault(path, refusal.words)


def _check_datasets(whole: Bundle) -> Iterator[Fault]:
    for entry in whole.datasets.values():
        yield from _reference(entry, ("owner",), "organisations", entry.document["owner"], whole)


def _check_licence_types(whole: Bundle) -> Iterator[Fault]:
    for entry in whole.licence_types.values():
        yield from _reference(entry, ("authority",), "organisations", entry.document["authority"], whole)
        for place, key in enumerate(entry.document.get("fields") or ()):
            yield from _reference(entry, ("fields", place), "elements", key, whole)


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


def check_item(entry: Entry, whole: Bundle) -> Iterator[Fault]:
    """Yield the faults of one item or of one place's variant of it."""
    yield from _check_code(entry)
    yield from _check_names(entry, whole)
    yield from _check_item_elements(entry, whole)
    yield from _check_requirements(entry, whole)
    yield from _check_steps(entry, whole)
    yield from _check_outcome(entry, whole)
    facts = facts_of(_written_out(entry.document, whole))
    for path, text in _conditions(entry.document):
        yield from _check_condition(entry, path, text, facts)


def _written_out(document: Mapping[str, Any], whole: Bundle) -> list[Mapping[str, Any]]:
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
    yield from _reference(entry, ("organisation",), "organisations", entry.document["organisation"], whole)
    for name in ("questions", "fields", "requirements", "presences", "steps"):
        listed = [entry_key(part) for part in entry.document.get(name) or ()]
        for place, key in enumerate(listed):
            if key in listed[:place]:
                words = Words(
                    f"“{name}”里“{key}”出现两次。请改名或删去。", f"'{key}' stands twice in '{name}'. Rename one."
                )
                yield entry.fault((name, place), words)


def _check_item_elements(entry: Entry, whole: Bundle) -> Iterator[Fault]:
    for name in ("questions", "fields"):
        for place, part in enumerate(entry.document.get(name) or ()):
            if isinstance(part, str):
                yield from _reference(entry, (name, place), "elements", part, whole)
            else:
                yield from _check_element(entry, (name, place), part["key"], part, whole)
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
            yield from _reference(
                entry, ("requirements", place, "issued_by"), "organisations", part["issued_by"], whole
            )
        for number, way in enumerate(part["ways"]):
            yield from _check_way(entry, ("requirements", place, "ways", number), way, whole)


def _check_way(entry: Entry, path: Path, way: str, whole: Bundle) -> Iterator[Fault]:
    kind, _, target = way.partition(" ")
    if not target:
        return
    if kind in ("data", "original"):
        yield from _datum(entry, path, target, whole)
    elif kind == "licence":
        yield from _reference(entry, path, "licence_types", target, whole)
    elif kind == "result_of":
        yield from _check_result_of(entry, path, target, whole)
    elif target not in {part["key"] for part in _written_out(entry.document, whole)}:
        yield from _reference(entry, path, "elements", target, whole)


def _check_result_of(entry: Entry, path: Path, target: str, whole: Bundle) -> Iterator[Fault]:
    if target == entry.document["item"]:
        yield entry.fault(path, Words("事项不能等待自己的结果。", "An item cannot wait for its own result."))
    yield from _reference(entry, path, "items", target, whole)


def _check_steps(entry: Entry, whole: Bundle) -> Iterator[Fault]:
    steps = entry.document["steps"]
    keys = {part["key"]: place for place, part in enumerate(steps)}
    for name in ("steps", "presences"):
        for place, part in enumerate(entry.document.get(name) or ()):
            if part.get("organisation"):
                yield from _reference(
                    entry, (name, place, "organisation"), "organisations", part["organisation"], whole
                )
            yield from _check_after(entry, (name, place, "after"), part.get("after") or (), keys)
    if circle := circle_in({part["key"]: part.get("after") or () for part in steps}):
        yield entry.fault(("steps", keys[circle[0]], "after"), _circle_words(circle))


def _check_after(entry: Entry, path: Path, after: Iterable[str], known: Mapping[str, Any]) -> Iterator[Fault]:
    for place, key in enumerate(after):
        if key not in known:
            hint = closest(key, known)
            zh, en = f"after 里的“{key}”不在这里。{hint.zh}", f"'{key}' in 'after' is not here. {hint.en}".rstrip()
            yield entry.fault((*path, place), Words(zh, en))


def _circle_words(circle: Iterable[str]) -> Words:
    shown = " → ".join(circle)
    return Words(
        f"互相等待，形成循环：{shown}。请去掉其中一个 after 或 result_of。", f"They wait for each other: {shown}."
    )


def _check_outcome(entry: Entry, whole: Bundle) -> Iterator[Fault]:
    outcome = entry.document["outcome"]
    if outcome.get("licence"):
        yield from _reference(entry, ("outcome", "licence"), "licence_types", outcome["licence"], whole)
    for place, datum in enumerate(outcome.get("data") or ()):
        yield from _datum(entry, ("outcome", "data", place), datum, whole)


def _conditions(document: Mapping[str, Any]) -> Iterator[tuple[Path, str]]:
    for name in ("requirements", "presences", "steps", "members"):
        for place, part in enumerate(document.get(name) or ()):
            if part.get("when"):
                yield (name, place, "when"), part["when"]
            for number, special in enumerate(part.get("special") or ()):
                if special.get("when"):
                    yield (name, place, "special", number, "when"), special["when"]


def _check_condition(entry: Entry, path: Path, text: str, facts: Mapping[str, Fact]) -> Iterator[Fault]:
    try:
        condition(text, facts)
    except CannotUnderstand as refusal:
        place = entry.place(path)
        line, column = entry.source.where(place)
        if place in entry.source.values_at and refusal.line == 1:  # a block text begins on a line we cannot know
            column += refusal.column - 1 + (place in entry.source.quoted)
        words = Words(f"条件有误：{refusal.words.zh}", f"Condition: {refusal.words.en}")
        yield Fault(entry.source.file, line, column, words, place)


def check_event(entry: Entry, whole: Bundle) -> Iterator[Fault]:
    """Yield the faults of one life event."""
    document = entry.document
    if (key := document["event"]) in whole.items:
        # One address, /needs/KEY, stands for both: the item could never be opened by itself.
        zh = f"“{key}”已经是一个事项的名称。请给一件事另取名称。"
        yield entry.fault(("event",), Words(zh, f"'{key}' is the key of an item. Give the life event its own."))
    yield from _reference(entry, ("lead",), "organisations", document["lead"], whole)
    yield from _check_item_elements(entry, whole)
    keys = [part["item"] for part in document["members"]]
    for place, part in enumerate(document["members"]):
        yield from _reference(entry, ("members", place, "item"), "items", part["item"], whole)
        yield from _check_after(entry, ("members", place, "after"), part.get("after") or (), dict.fromkeys(keys))
        if part["item"] in keys[:place]:
            words = Words(f"事项“{part['item']}”出现两次。", f"Item '{part['item']}' stands twice.")
            yield entry.fault(("members", place, "item"), words)
    if circle := circle_in(_waiting(document, whole)):
        yield entry.fault(("members", keys.index(circle[0])), _circle_words(circle))
    members = [whole.items[key].document for key in keys if key in whole.items]
    facts = facts_of(part for one in (*members, document) for part in _written_out(one, whole))
    if len(members) == len(keys):
        for path, text in _conditions(document):
            yield from _check_condition(entry, path, text, facts)


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
        yield from _reference(local, ("items", key), "items", key, whole)


def _check_variant(variant: Entry, whole: Bundle) -> Iterator[Fault]:
    errors = list(validator("item").iter_errors(variant.document))
    for error in errors:
        yield from explained(error, variant.source, variant.place)
    if not errors:
        yield from check_item(variant, whole)
