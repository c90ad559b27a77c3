"""A sentence in both languages of the screens."""

from typing import Literal, NamedTuple

Language = Literal["zh", "en"]


class Words(NamedTuple):
    """One sentence or name, in Chinese (the default of the screens) and in English.

    >>> Words("出生登记", "Birth registration").text("en")
    'Birth registration'
    """

    zh: str
    en: str

    def text(self, language: str) -> str:
        """Return the sentence for a language tag; anything but English is answered in Chinese."""
        return self.en if language.startswith("en") else self.zh
