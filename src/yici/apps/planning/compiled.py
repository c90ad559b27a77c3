"""Compiles an event once for each version of the catalogue; plans are asked for far more often than items change."""

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache

from yici.rules.items import Catalogue, Item, Requirement, Way, as_event
from yici.rules.planner import CompiledEvent, compile_event


class Same:
    """A value known by identity: a catalogue of a thousand items must not be hashed for each plan."""

    __slots__ = ("value",)

    def __init__(self, value: object) -> None:
        self.value = value

    def __hash__(self) -> int:
        return id(self.value)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Same) and other.value is self.value


def compiled_event(catalogue: Catalogue, event_key: str, choices: Mapping[str, str]) -> CompiledEvent:
    """Return the compiled event or single item; ``choices``: what a paper proves → the way the person prefers."""
    return _compiled(Same(catalogue), event_key, tuple(sorted(choices.items())))


@lru_cache(maxsize=2_000)
def _compiled(held: Same, event_key: str, choices: tuple[tuple[str, str], ...]) -> CompiledEvent:
    catalogue = held.value
    assert isinstance(catalogue, Catalogue)  # nothing else is put in
    event = catalogue.events.get(event_key) or as_event(catalogue.items[event_key])
    if choices:
        preferred = dict(choices)
        members = {member.item for member in event.members}
        chosen = {name: _preferring(catalogue.items[name], preferred) for name in members}
        catalogue = replace(catalogue, items={**catalogue.items, **chosen})
    return compile_event(event, catalogue)


def _preferring(item: Item, preferred: Mapping[str, str]) -> Item:
    return replace(item, requirements=tuple(_first(requirement, preferred) for requirement in item.requirements))


def _first(requirement: Requirement, preferred: Mapping[str, str]) -> Requirement:
    """Put the way the person chose first; only a way that the item offers can be chosen."""
    kind = preferred.get(requirement.proves)

    def order(way: Way) -> bool:
        return way.kind != kind

    return replace(requirement, ways=tuple(sorted(requirement.ways, key=order))) if kind else requirement
