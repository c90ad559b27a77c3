"""What people write that is not a condition, and what they most likely meant."""

import unicodedata

from lark.exceptions import UnexpectedInput, UnexpectedToken

from yici.rules.conditions.spans import NOWHERE, CannotUnderstand, Span, shown
from yici.rules.words import Words

LONGEST_TEXT = 2_000


class CannotParse(CannotUnderstand):
    """The text is not a condition; line and column say where it stops being one."""


_MEANT = {
    "and": "&&",
    "or": "||",
    "not": "!",
    "is": "==",
    "=": "==",
    "=>": ">=",
    "=<": "<=",
    "&": "&&",
    "|": "||",
    "，": ",",
    "、": ",",
    "“": '"',
    "”": '"',
    "‘": "'",
    "’": "'",
    "≥": ">=",
    "≤": "<=",
    "≠": "!=",
    "×": "*",
    "且": "&&",
    "或": "||",
    "非": "!",
}
_UNCLOSED = Words("引号没有配对。", "The quotation mark is never closed.")


def refuse_at_sight(text: str) -> None:
    """Refuse what must not reach the grammar: nothing, too much, and backslashes."""
    if not text.strip():
        raise CannotParse(NOWHERE, Words("条件是空的。", "The condition is empty."))
    if len(text) > LONGEST_TEXT:
        zh = f"条件有 {len(text)} 个字符，最多 {LONGEST_TEXT} 个。"
        en = f"The condition has {len(text)} characters; {LONGEST_TEXT} is the most."
        hint = Words("请拆成几个条件。", "Split it into several conditions.")
        raise CannotParse(NOWHERE, Words(zh, en), hint)
    # The grammar's text pattern takes exponential time on unclosed quotes full of escapes; no value needs one.
    if "\\" in text:
        before = text[: text.index("\\")]
        raise CannotParse(_place_after(before), Words("条件里不用反斜杠。", "Conditions have no backslashes."))


def explain_error(text: str, error: UnexpectedInput) -> CannotParse:
    """Return the refusal for a place where the grammar could not go on."""
    if isinstance(error, UnexpectedToken):
        if error.token.type == "$END":
            return _unfinished(text)
        return _surprised(str(error.token), Span(error.line, error.column, error.line, error.column))
    start = error.pos_in_stream or 0
    pair = text[start : start + 2]
    return _surprised(pair if pair in _MEANT else pair[:1], _place_after(text[:start]))


def _place_after(text: str) -> Span:
    line, column = text.count("\n") + 1, len(text) - (text.rfind("\n") + 1) + 1
    return Span(line, column, line, column + 1)


def _unfinished(text: str) -> CannotParse:
    words = Words("条件没有写完。", "The condition ends too early.")
    hint = Words("请补上缺少的值或括号。", "Add the missing value or bracket.")
    return CannotParse(_place_after(text.rstrip()), words, hint)


def _surprised(piece: str, span: Span) -> CannotParse:
    if piece[0] in "\"'":
        return CannotParse(span, _UNCLOSED)
    words = Words(f"这里不能出现“{shown(piece)}”。", f"“{shown(piece)}” cannot stand here.")
    return CannotParse(span, words, _hint_for(piece))


def _hint_for(piece: str) -> Words | None:
    meant = _MEANT.get(piece.lower()) or unicodedata.normalize("NFKC", piece)
    if meant != piece and meant.isascii():
        return Words(f"是不是“{meant}”？", f"Did you mean “{meant}”?")
    if not piece.isascii():
        return Words("选项的值要放在引号里。", "Values of choices stand in quotation marks.")
    return None
