"""The facts that the conditions of an item may ask about: its questions and those fields that have a plain value."""

from collections.abc import Iterable, Mapping
from typing import Any, cast

from yici.apps.catalogue.document_reading import element_from_document
from yici.rules.conditions import CannotDeclare, Fact, Kind
from yici.rules.items import Element

_CONDITION_KINDS = frozenset({"bool", "int", "enum", "fen", "date"})


def fact_of(element: Element) -> Fact | None:
    """Return the fact a data element states, or None when it is mere text. Raises CannotDeclare."""
    if element.kind.value not in _CONDITION_KINDS:
        return None
    return Fact(
        key=element.key,
        kind=cast(Kind, element.kind.value),
        values=tuple(value for value, _ in element.values),
        minimum=element.minimum,
        maximum=element.maximum,
    )


def facts_of(elements: Iterable[Mapping[str, Any]]) -> dict[str, Fact]:
    """Return the facts by key; elements that cannot be declared are left out, as they have their own fault."""
    facts = {}
    for document in elements:
        try:
            fact = fact_of(element_from_document(document["key"], document))
        except CannotDeclare:
            continue
        if fact is not None:
            facts[fact.key] = fact
    return facts
