"""The facts of an application as text that is kept, and as words that stand on a licence."""

import json
from collections.abc import Mapping
from datetime import date

from yici.apps.catalogue import queries as catalogue
from yici.rules.items import Element, ElementKind, Item


def facts_text(facts: Mapping[str, object]) -> str:
    """Return facts as canonical JSON; days as ISO text."""
    return json.dumps(dict(facts), ensure_ascii=False, sort_keys=True, default=_plain)


def _plain(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"a fact cannot be a {type(value).__name__}")


def facts_from_text(text: str) -> dict[str, object]:
    """Return the facts that were kept."""
    kept: dict[str, object] = json.loads(text)
    return kept


def licence_rows(item: Item, facts: Mapping[str, object]) -> list[tuple[str, str]]:
    """Return what stands on the item's licence: the facts its kind names, as they counted for the application."""
    kind = catalogue.licence_kinds()[item.outcome.licence or ""]
    known = catalogue.elements()
    wanted = [known[key] for key in kind.fields if key in known and key in facts]
    return [(f"{one.name.zh} {one.name.en}", fact_words(one, facts[one.key])) for one in wanted]


def fact_words(element: Element, value: object) -> str:
    """Return a fact as it stands on a licence, in Chinese, the language of the document."""
    if element.kind is ElementKind.BOOL:
        return "是" if value else "否"
    if element.kind is ElementKind.ENUM:
        return dict(element.values)[str(value)].zh if str(value) in dict(element.values) else str(value)
    if element.kind is ElementKind.FEN and isinstance(value, int):
        return f"{value / 100:.2f} 元"
    return str(value)
