"""Collects the questions of a life event and its items, each fact once."""

from collections.abc import Iterable
from typing import cast

from yici.rules.conditions import CannotDeclare, Fact, Kind
from yici.rules.items import Element, ElementKind
from yici.rules.planner.refusals import CannotCompile

_MAY_DECIDE = frozenset(
    {ElementKind.BOOL, ElementKind.INT, ElementKind.ENUM, ElementKind.FEN, ElementKind.DATE}  # the conditions' kinds
)


def facts_of(elements: Iterable[tuple[str, Element]]) -> dict[str, Fact]:
    """Return the facts that conditions may read, from pairs of where a question stands and the question.

    Raises CannotCompile when one key stands for two different questions, or a question cannot be declared.
    """
    facts: dict[str, Fact] = {}
    asked_at: dict[str, str] = {}
    for where, element in elements:
        if element.kind not in _MAY_DECIDE:
            continue
        fact = _fact(where, element)
        if facts.setdefault(fact.key, fact) != fact:
            raise CannotCompile(
                where,
                zh=f"问题“{fact.key}”在 {asked_at[fact.key]} 中有不同的类型、选项或范围。请统一为同一个数据要素。",
                en=f"the question “{fact.key}” has another kind, choices or range in {asked_at[fact.key]}. "
                "Use one data element for both.",
            )
        asked_at.setdefault(fact.key, where)
    return facts


def _fact(where: str, element: Element) -> Fact:
    # Ways to write the same choices in another order are the same question.
    values = tuple(sorted(value for value, _ in element.values))
    try:
        return Fact(element.key, cast(Kind, element.kind.value), values, element.minimum, element.maximum)
    except CannotDeclare as refusal:
        raise CannotCompile(where, zh=refusal.text("zh"), en=refusal.text("en")) from refusal
