"""Everything a catalogue says, as documents, each with the file it came from."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from yici.apps.catalogue.faults import Fault
from yici.apps.catalogue.patches import KEYED_LISTS, entry_key, patched
from yici.apps.catalogue.schema import check_schema, kind_of
from yici.apps.catalogue.yaml_reading import Path, Source
from yici.rules.words import Words

LISTS = ("elements", "datasets", "organisations", "licence_types")
SINGLES = {"item": "items", "event": "events", "region": "local"}
STORED = Source("(stored catalogue)", None, {(): (0, 0)})


@dataclass(frozen=True, slots=True)
class Entry:
    """One document; ``prefix`` is where it stands in its file. Of a variant, the place is that of its patch."""

    document: Mapping[str, Any]
    source: Source = STORED
    prefix: Path = ()
    is_variant: bool = False

    def fault(self, path: Path, words: Words) -> Fault:
        """Return a fault at a path of the document."""
        return self.source.fault(self.place(path), words)

    def place(self, path: Path) -> Path:
        """Return where a path of the document stands in the file: a patch names list entries by key."""
        if self.is_variant and len(path) > 1 and path[0] in KEYED_LISTS and isinstance(path[1], int):
            path = (path[0], entry_key(self.document[path[0]][path[1]]), *path[2:])
        return (*self.prefix, *path)


Entries = dict[str, Entry]


@dataclass(frozen=True, slots=True)
class Bundle:
    """A whole catalogue. ``named`` also holds what is defined by a faulty file, so that no fault causes a second."""

    elements: Entries = field(default_factory=dict)
    datasets: Entries = field(default_factory=dict)
    organisations: Entries = field(default_factory=dict)
    licence_types: Entries = field(default_factory=dict)
    items: Entries = field(default_factory=dict)
    events: Entries = field(default_factory=dict)
    local: Entries = field(default_factory=dict)
    named: frozenset[tuple[str, str]] = frozenset()

    def of(self, kind: str) -> Entries:
        """Return the documents of one kind by key."""
        entries: Entries = getattr(self, kind)
        return entries

    def knows(self, kind: str, key: str) -> bool:
        """Whether something of this kind and key is defined, even badly."""
        return key in self.of(kind) or (kind, key) in self.named

    def over(self, other: "Bundle") -> "Bundle":
        """Return the other bundle with this one's documents in place of those with the same key."""
        kinds = (*LISTS, *SINGLES.values())
        merged = {kind: {**other.of(kind), **self.of(kind)} for kind in kinds}
        return replace(self, **merged, named=self.named | other.named)

    def element_documents(self) -> dict[str, Mapping[str, Any]]:
        """Return the shared data elements by key."""
        return {key: entry.document for key, entry in self.elements.items()}

    def variants(self) -> Iterator[tuple[str, str, Entry]]:
        """Yield region, item key and patched document for everything a place does differently."""
        for region, local in self.local.items():
            for key, patch in local.document["items"].items():
                if key in self.items:
                    document = patched(with_elements(self.items[key].document, self.elements), patch)
                    yield region, key, Entry(document, local.source, (*local.prefix, "items", key), is_variant=True)


def with_elements(document: Mapping[str, Any], elements: Mapping[str, Entry]) -> dict[str, Any]:
    """Return an item or event with its shared data elements written out; unknown keys stay as they are."""

    def written_out(listed: list[Any]) -> list[Any]:
        return [
            {"key": part, **elements[part].document} if isinstance(part, str) and part in elements else part
            for part in listed
        ]

    lists = {key: written_out(document[key] or []) for key in ("questions", "fields") if key in document}
    return {**document, **lists}


def gather(sources: Iterable[Source]) -> tuple[Bundle, list[Fault]]:
    """Return the documents of all files that fit their schemas, and a fault for everything that does not.

    The same key in two files is a fault of the second.
    """
    gathering = _Gathering()
    for source in sources:
        gathering.add(source)
    return replace(gathering.bundle, named=frozenset(gathering.named)), gathering.faults


class _Gathering:
    def __init__(self) -> None:
        self.bundle = Bundle()
        self.named: set[tuple[str, str]] = set()
        self.faults: list[Fault] = []

    def add(self, source: Source) -> None:
        """Take one file; of a faulty one, only what it names."""
        wrong = list(check_schema(source))
        self.faults += wrong
        kind = kind_of(source)
        if kind is None or not isinstance(source.value, dict):
            return
        for name, key, document, prefix in _entries(kind, source.value):
            self.named.add((name, key))
            if not wrong:
                self._keep(name, key, Entry(document, source, prefix))

    def _keep(self, name: str, key: str, entry: Entry) -> None:
        entries = self.bundle.of(name)
        if (first := entries.get(key)) is None:
            entries[key] = entry
            return
        place = f"{first.source.file}:{first.source.where(first.prefix)[0]}"
        words = Words(
            f"“{key}”在 {place} 已经定义。请删去一处。", f"'{key}' is defined in {place} already. Delete one."
        )
        self.faults.append(entry.source.fault(entry.prefix, words, key=True))


def _entries(kind: str, value: Mapping[str, Any]) -> Iterator[tuple[str, str, Any, Path]]:
    if kind in LISTS:
        listed = value.get(kind)
        for key, document in listed.items() if isinstance(listed, Mapping) else ():
            yield kind, str(key), document, (kind, key)
        return
    top = "region" if kind == "local" else kind
    key = str(value.get(top))
    yield SINGLES[top], key.ljust(12, "0") if top == "region" else key, value, ()
