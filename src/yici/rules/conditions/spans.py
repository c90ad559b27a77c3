"""Where in a condition something stands, so that a refusal can point at it."""

from typing import NamedTuple

from yici.rules.refusals import Refusal
from yici.rules.words import Words


class Span(NamedTuple):
    """From the first character to the one after the last; lines and columns count from 1."""

    line: int
    column: int
    end_line: int
    end_column: int

    def to(self, other: "Span") -> "Span":
        """Return the stretch from the beginning of this one to the end of the other.

        >>> Span(1, 1, 1, 4).to(Span(1, 7, 1, 9))
        Span(line=1, column=1, end_line=1, end_column=9)
        """
        return Span(self.line, self.column, other.end_line, other.end_column)


NOWHERE = Span(1, 1, 1, 1)


class CannotUnderstand(Refusal):
    """A condition that cannot be used, with the place of the fault and, where there is one, a suggestion."""

    def __init__(self, span: Span, words: Words, suggestion: Words | None = None) -> None:
        hint = suggestion or Words("", "")
        super().__init__(
            zh=f"第 {span.line} 行第 {span.column} 列：{words.zh}{hint.zh}",
            en=f"Line {span.line}, column {span.column}: {words.en}{' ' if suggestion else ''}{hint.en}",
        )
        self.span = span
        self.line = span.line
        self.column = span.column
        self.suggestion = suggestion


def shown(text: str) -> str:
    """Return a piece of somebody's text, short and printable enough to stand in a sentence.

    >>> shown("a" * 50)
    'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa…'
    """
    short = text if len(text) <= 30 else f"{text[:30]}…"
    return short.encode("utf-8", "backslashreplace").decode()
