"""Refusals are written for the person who reads them: what happened, why, what to do."""

from yici.rules.words import Words


class Refusal(Exception):
    """An act that the rules do not allow, with a sentence in both languages.

    >>> refusal = Refusal(zh="这件已办结，不能撤回。", en="This case is closed and cannot be withdrawn.")
    >>> str(refusal)
    'This case is closed and cannot be withdrawn.'
    >>> refusal.text("zh")
    '这件已办结，不能撤回。'
    """

    def __init__(self, *, zh: str, en: str) -> None:
        super().__init__(en)
        self.words = Words(zh, en)

    def text(self, language: str) -> str:
        """Return the sentence in the person's language."""
        return self.words.text(language)
