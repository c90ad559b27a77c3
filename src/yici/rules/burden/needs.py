"""Compares all needs of two catalogues: each item that changed, and each life event in which that matters more."""

from collections.abc import Iterator
from dataclasses import replace

from yici.rules.burden.comparing import Change, Comparison, compare
from yici.rules.burden.components import Component
from yici.rules.items import Catalogue, LifeEvent, as_event
from yici.rules.planner import compile_event


def compare_catalogues(old: Catalogue, new: Catalogue) -> Comparison:
    """Return who loses and who gains by the changes between two catalogues.

    Items first; a life event says only what none of its changed items says already (two items that are each one visit
    may be two together). What did not exist before takes nothing from anybody; what exists no longer is lost.
    Raises CannotCompile.
    """
    losses: list[Change] = []
    gains: list[Change] = []
    undecided: dict[Component, None] = {}
    for before, after, kept in _changed(old, new):
        found = compare(compile_event(before, old), compile_event(after, kept))
        members = {before.key, *(one.item for one in before.members)}
        losses += [one for one in found.losses if not _is_told(one, losses, members)]
        gains += [one for one in found.gains if not _is_told(one, gains, members)]
        undecided |= dict.fromkeys(found.undecided)
    return Comparison(tuple(losses), tuple(gains), tuple(undecided))


def _is_told(change: Change, told: list[Change], members: set[str]) -> bool:
    return any(one.component is change.component and one.need in members for one in told)


def _changed(old: Catalogue, new: Catalogue) -> Iterator[tuple[LifeEvent, LifeEvent, Catalogue]]:
    changed = {key for key, item in old.items.items() if new.items.get(key) != item}
    for key in sorted(changed):
        before = as_event(old.items[key])
        if key in new.items:
            yield before, as_event(new.items[key]), new
        else:
            yield before, _for_nobody(before), old
    for key, event in sorted(old.events.items()):
        if key not in new.events:
            yield event, _for_nobody(event), old
        elif new.events[key] != event or changed & {one.item for one in event.members}:
            yield event, new.events[key], new


def _for_nobody(event: LifeEvent) -> LifeEvent:
    return replace(event, members=tuple(replace(one, when="false") for one in event.members))
