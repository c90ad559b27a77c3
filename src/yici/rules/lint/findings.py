"""What a consistency check has to say: which rule, where, and one sentence in both languages."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from yici.rules.items import Catalogue, Item
from yici.rules.words import Words


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong. ``where`` is a path such as ``birth_registration.steps.review``."""

    rule: str
    where: str
    sentence: Words

    def document(self) -> dict[str, object]:
        """Return it as plain values for JSON.

        >>> Finding("9-phones", "birth", Words("缺电话", "no phone")).document()["sentence"]
        {'zh': '缺电话', 'en': 'no phone'}
        """
        return {"rule": self.rule, "where": self.where, "sentence": self.sentence._asdict()}


# A rule yields the place inside the item ("" for the item itself) and the sentence.
Found = Iterable[tuple[str, Words]]
ItemRule = Callable[[Item, Catalogue], Found]


def findings_of(item: Item, catalogue: Catalogue, rules: Iterable[tuple[str, ItemRule]]) -> Iterator[Finding]:
    """Yield what these rules find in an item, in the order of the rules."""
    for name, rule in rules:
        for place, sentence in rule(item, catalogue):
            yield Finding(name, f"{item.key}.{place}" if place else item.key, sentence)
