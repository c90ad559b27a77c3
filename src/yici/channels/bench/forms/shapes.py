"""What a form is made of: kinds of fields, groups of them, and lists whose rows people add, remove and move."""

from dataclasses import dataclass
from enum import StrEnum

from yici.rules.words import Words

NOTHING = Words("", "")


class Kind(StrEnum):
    """How a part of a document is shown and read."""

    TEXT = "text"
    WORDS = "words"  # one sentence or name in both languages
    LONG_WORDS = "long_words"
    CHOICE = "choice"
    SEVERAL = "several"
    FLAG = "flag"
    NUMBER = "number"
    YUAN = "yuan"  # kept in fen
    PERIOD = "period"  # a number and a unit, kept as "5W"
    CONDITION = "condition"
    NAMES = "names"  # a list of keys or words, written with commas between
    WAY = "way"  # a kind of way and what it aims at, kept as "data births.number"
    GROUP = "group"
    ROWS = "rows"
    TABLE = "table"  # a list of rows on one line each


Choices = tuple[tuple[str, Words], ...]


@dataclass(frozen=True, slots=True)
class Shape:
    """One part of a form. ``parts``: of a group, or of each row. ``known``: the list that suggestions come from.

    ``needed``: stays in the document when it is empty, so that the check can say that it is missing. ``shared``: a row
    may also be the key of a shared data element. ``adds``: what one more row is called.
    """

    key: str
    label: Words
    kind: Kind = Kind.TEXT
    parts: tuple["Shape", ...] = ()
    choices: Choices = ()
    hint: Words = NOTHING
    known: str = ""
    needed: bool = False
    shared: bool = False
    adds: Words = NOTHING

    def part(self, key: str) -> "Shape | None":
        """Return the part with a key."""
        return next((one for one in self.parts if one.key == key), None)
