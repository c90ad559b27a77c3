"""In which language the page is, and a sentence of the rules in it."""

from typing import Any

from django.utils import translation

from yici.rules.words import Words


def language() -> str:
    """Return "en" or "zh", whichever the page is in."""
    return "en" if (translation.get_language() or "").startswith("en") else "zh"


def say(words: Words | tuple[str, str] | str | None) -> str:
    """Return a sentence of the rules in the language of the page."""
    if words is None:
        return ""
    if isinstance(words, str):
        return words
    return Words(*words).text(language())


def name_of(thing: Any) -> str:
    """Return the name of a region, organisation or hall in the language of the page."""
    return str(thing.name_en) if language() == "en" and thing.name_en else str(thing.name)
