"""Says values, conditions, laws and levels in the language of the page."""

from collections.abc import Iterable
from datetime import date

from django.utils.translation import gettext as _

from yici.channels.look.languages import language
from yici.rules.conditions import Fact, condition, explain
from yici.rules.items import Assurance, Element, ElementKind, Item, LifeEvent
from yici.rules.levels import Level
from yici.rules.words import Words

# The kinds of elements that may stand in conditions.
DECIDING = {ElementKind.BOOL, ElementKind.INT, ElementKind.ENUM, ElementKind.FEN, ElementKind.DATE}


def spoken(values: Iterable[tuple[str, Words]]) -> list[tuple[str, str]]:
    """Return the choices of a question as the person reads them."""
    return [(value, words.text(language())) for value, words in values]


def value_words(element: Element, value: object) -> str:
    """Return a fact as the person reads it: yes, 2018年2月9日, ¥1,200."""
    if element.kind is ElementKind.BOOL:
        return _("Yes") if value in {True, "true"} else _("No")
    if element.kind is ElementKind.ENUM:
        return dict(spoken(element.values)).get(str(value), str(value))
    if element.kind is ElementKind.FEN and str(value).isdecimal() and isinstance(value, int):
        return f"¥{value / 100:,.2f}".removesuffix(".00")
    if element.kind is ElementKind.DATE:
        return _day(str(value))
    return str(value)


def _day(text: str) -> str:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return text
    return f"{day.day} {day:%B %Y}" if language() == "en" else f"{day.year}年{day.month}月{day.day}日"


def level_words(level: Level) -> str:
    """Return the name of a legal level."""
    return level.words.text(language())


def assurance_words(assurance: Assurance) -> str:
    """Return what the assurance level of an account means."""
    return {
        Assurance.NONE: _("Nobody has signed in."),
        Assurance.REGISTERED: _("Registered, not yet real-name: your records are not shown."),
        Assurance.REAL_NAME: _("Real-name account: your identity is confirmed."),
        Assurance.SIGNED: _("Real-name account with electronic signature."),
    }[Assurance(assurance)]


def when_words(event: LifeEvent, item: Item, text: str) -> str:
    """Return a requirement's condition in words: always, or when something holds."""
    if text.strip() == "true":
        return _("always")
    elements = {one.key: one for one in (*event.questions, *item.questions, *item.fields)}
    deciding = {key: one for key, one in elements.items() if one.kind in DECIDING}
    facts = {key: _fact(one) for key, one in deciding.items()}
    names = {key: one.name for key, one in deciding.items()}
    values = {(key, value): words for key, one in deciding.items() for value, words in one.values}
    said = explain(condition(text, facts), names, values).text(language())
    return _("when %(condition)s") % {"condition": said}


def _fact(element: Element) -> Fact:
    return Fact(
        element.key,
        element.kind.value,  # type: ignore[arg-type]
        values=tuple(value for value, _words in element.values),
        minimum=element.minimum,
        maximum=element.maximum,
    )


def evidence_words(status: str) -> str:
    """Return where a paper stands, as the desk reads it."""
    return {
        "present": _("in order"),
        "waived": _("proved otherwise"),
        "awaited": _("comes with another result"),
        "due": _("to be shown"),
        "deferred": _("may follow"),
        "missing": _("missing"),
    }.get(status, status)
