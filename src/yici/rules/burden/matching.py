"""Finds the questions two revisions share, so that a new name for an old question is no new question."""

from collections.abc import Iterable, Mapping

from yici.rules.conditions import Fact
from yici.rules.items import Element
from yici.rules.planner.tables import Tables
from yici.rules.words import Words


def same_questions(old: Tables, new: Tables) -> dict[str, str]:
    """Return the old key of each question of the new revision that the old one asks too.

    First by key; what is left by the datum it comes from, then by its sentence, if the answers are of the same kind.
    """
    pairs = {key: key for key, fact in new.facts.items() if key in old.facts and _alike(old.facts[key], fact)}
    for trait in (_source, _sentence):
        known = _by_trait(trait(old), old.facts, pairs.values())
        for key, seen in trait(new).items():
            other = known.get(seen) if key in new.facts and key not in pairs else None
            if other and _alike(old.facts[other], new.facts[key]):
                pairs[key] = other
                known.pop(seen)
    return pairs


def _alike(old: Fact, new: Fact) -> bool:
    return old.kind == new.kind


def _by_trait(traits: Mapping[str, object], facts: Mapping[str, Fact], taken: Iterable[str]) -> dict[object, str]:
    used = set(taken)
    return {seen: key for key, seen in traits.items() if key in facts and key not in used}


def _source(tables: Tables) -> dict[str, object]:
    return {one.key: one.source for one in elements_of(tables) if one.source}


def _sentence(tables: Tables) -> dict[str, object]:
    return {one.key: (one.name, one.ask) for one in elements_of(tables) if any(one.name) or any(one.ask)}


def elements_of(tables: Tables) -> list[Element]:
    """Return the questions of an event and its items."""
    return [*tables.event.questions, *(one for entry in tables.entries for one in entry.item.questions)]


Choices = Mapping[str, Mapping[str, str]]  # of a question of the new revision: new choice → old choice


def same_choices(old: Tables, new: Tables, pairs: Mapping[str, str]) -> Choices:
    """Return the choices that only got another key: those that read the same and stand under no known key.

    A new key that means different things in two questions is left alone: then the choice counts as new.
    """
    before, after = _choices(old), _choices(new)
    found = {key: _renamed(before.get(other, {}), after.get(key, {})) for key, other in pairs.items()}
    meanings: dict[str, set[str]] = {}
    for key, choices in after.items():
        for choice in choices:
            meanings.setdefault(choice, set()).add(found.get(key, {}).get(choice, choice))
    return {
        key: {choice: other for choice, other in renamed.items() if len(meanings[choice]) == 1}
        for key, renamed in found.items()
    }


def _choices(tables: Tables) -> dict[str, dict[str, Words]]:
    return {one.key: dict(one.values) for one in elements_of(tables)}


def _renamed(old: Mapping[str, Words], new: Mapping[str, Words]) -> dict[str, str]:
    gone = {name: choice for choice, name in old.items() if choice not in new and any(name)}
    return {choice: gone.pop(name) for choice, name in new.items() if choice not in old and name in gone}
