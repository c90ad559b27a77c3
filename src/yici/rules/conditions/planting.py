"""Grows the condition tree while the grammar reads, and refuses the parts of CEL that conditions do not have."""

from dataclasses import dataclass
from datetime import date
from typing import NoReturn, cast

from lark import Token

from yici.rules.conditions.facts import EARLIEST, GREATEST, LATEST
from yici.rules.conditions.misreadings import CannotParse
from yici.rules.conditions.spans import Span, shown
from yici.rules.conditions.tree import (
    Among,
    And,
    Arithmetic,
    Choose,
    Compare,
    Comparison,
    Constant,
    FactRef,
    Not,
    Or,
    Sign,
    Tree,
)
from yici.rules.words import Words

DEEPEST_TREE = 40

Part = Tree | Token


@dataclass(frozen=True, slots=True)
class _Listing(Tree):
    items: tuple[Tree, ...]

    def children(self) -> tuple[Tree, ...]:
        return self.items


_WHOLE_NUMBERS = Words("条件只用整数；金额以分为单位。", "Conditions use whole numbers; amounts are in fen.")
_UNKNOWN = Words(
    "未回答的问题不必检验，请直接写已知时的条件。",
    "An unanswered question needs no test: write the condition as if it were answered.",
)
_NO_SUCH_LITERAL = {
    "FLOAT_LIT": _WHOLE_NUMBERS,
    "UINT_LIT": Words("请去掉数字后的 u。", "Drop the u after the number."),
    "NULL_LIT": _UNKNOWN,
    "BYTES_LIT": Words("请去掉引号前的 b。", "Drop the b before the quotation mark."),
    "MLSTRING_LIT": Words("请用一对普通引号。", "Use one plain quotation mark on each side."),
}
_DAY = Words('请写成 date("2018-01-31")。', 'Write date("2018-01-31").')
_INSTEAD = {
    "has": _UNKNOWN,
    "timestamp": _DAY,
    "duration": Words("天数请直接写整数。", "Write days as a whole number."),
    "size": Words("选项用 in 判断。", "Use in to test a choice."),
}


def whole(tree: Tree) -> Tree:
    """Return the tree, unless it is a list, which can only stand after ``in``, or nested too deeply."""
    for piece in (tree, *tree.children()):
        if isinstance(piece, _Listing):
            _refuse(piece.span, Words("列表只能放在 in 的后面。", "A list can only stand after in."))
    if tree.depth > DEEPEST_TREE:
        words = Words(f"条件嵌套超过 {DEEPEST_TREE} 层。", f"The condition is nested more than {DEEPEST_TREE} deep.")
        _refuse(tree.span, words, Words("请拆成几个条件。", "Split it into several conditions."))
    return tree


def _refuse(span: Span, words: Words, suggestion: Words | None = None) -> NoReturn:
    raise CannotParse(span, words, suggestion)


def _span(part: Part) -> Span:
    if isinstance(part, Tree):
        return part.span
    line, column = part.line or 1, part.column or 1
    return Span(line, column, part.end_line or line, part.end_column or column + len(part))


def _stretch(parts: list[Part]) -> Span:
    return _span(parts[0]).to(_span(parts[-1]))


def _trees(parts: list[Part]) -> list[Tree]:
    return [part for part in parts if isinstance(part, Tree)]


def _only(parts: list[Part]) -> Part:
    return parts[0]


def _joined(kind: type[And] | type[Or], parts: list[Part]) -> Part:
    if len(parts) == 1:
        return parts[0]
    flat: list[Tree] = []
    for tree in _trees(parts):
        flat.extend(tree.parts if isinstance(tree, kind) else (tree,))
    return whole(kind(tuple(flat), span=_stretch(parts)))


def _paired(parts: list[Part]) -> Part:
    """Keep the left side and the sign together until the right side is read."""
    return _Waiting(cast(Tree, parts[0]), cast(Token, parts[1]), span=_stretch(parts))


@dataclass(frozen=True, slots=True)
class _Waiting(Tree):
    left: Tree
    sign: Token

    def children(self) -> tuple[Tree, ...]:
        return (self.left,)


def _calculation(parts: list[Part]) -> Part:
    if len(parts) == 1:
        return parts[0]
    waiting, right = cast(_Waiting, parts[0]), cast(Tree, parts[1])
    if waiting.sign in {"/", "%"}:
        words = Words("条件里没有除法。", "Conditions have no division.")
        _refuse(_span(waiting.sign), words, Words("请把两边相乘来比较。", "Multiply both sides instead."))
    sign = cast(Sign, str(waiting.sign))
    return whole(Arithmetic(sign, waiting.left, right, span=_stretch(parts)))


def _among(left: Tree, right: Tree, span: Span) -> Tree:
    if not isinstance(right, _Listing) or not right.items:
        hint = Words('例如 x in ["a", "b"]。', 'For example x in ["a", "b"].')
        _refuse(right.span, Words("in 的后面要有列表。", "A list with something in it must follow in."), hint)
    for item in right.items:
        if not isinstance(item, Constant):
            _refuse(item.span, Words("列表里只能有固定的值。", "A list holds fixed values only."))
    return whole(Among(left, cast(tuple[Constant, ...], right.items), span=span))


def _word(token: Token) -> Constant:
    text = str(token).lstrip("rR")[1:-1]
    if '"' in text or "'" in text:
        _refuse(_span(token), Words("值里不能有引号。", "Values have no quotation marks inside."))
    return Constant(text, "enum", span=_span(token))


def _number(span: Span, text: str) -> Constant:
    if "x" in text or abs(int(text)) > GREATEST:
        words = Words(f"请写 {GREATEST} 以内的十进制整数。", f"Write a decimal number up to {GREATEST}.")
        _refuse(span, Words(f"数字“{shown(text)}”不可用。", f"The number “{shown(text)}” cannot be used."), words)
    return Constant(int(text), "int", span=span)


def _day(parts: list[Part], span: Span) -> Constant:
    inside = [tree for listing in _trees(parts) for tree in listing.children()]
    if len(inside) != 1 or not isinstance(inside[0], Constant) or not isinstance(inside[0].value, str):
        _refuse(span, Words("date 里要写一个日期。", "date takes one day."), _DAY)
    text = inside[0].value
    try:
        day = date.fromisoformat(text if len(text) == len("2018-01-31") else "")
    except ValueError:
        _refuse(span, Words(f"日历上没有“{shown(text)}”。", f"The calendar has no “{shown(text)}”."), _DAY)
    if not EARLIEST <= day <= LATEST:
        words = Words(f"日期应在 {EARLIEST} 到 {LATEST} 之间。", f"Days lie between {EARLIEST} and {LATEST}.")
        _refuse(span, words)
    return Constant(day, "date", span=span)


class TreePlanter:
    """One method for each rule of the CEL grammar; the parser calls them from the inside out."""

    relation_lt = relation_le = relation_gt = relation_ge = relation_eq = relation_ne = relation_in = staticmethod(
        _paired
    )
    addition_add = addition_sub = staticmethod(_paired)
    multiplication_mul = multiplication_div = multiplication_mod = staticmethod(_paired)
    addition = multiplication = staticmethod(_calculation)
    unary_not = unary_neg = member = primary = staticmethod(_only)

    def expr(self, parts: list[Part]) -> Part:  # noqa: D102 - one grammar rule each, here and below
        if len(parts) == 1:
            return parts[0]
        test, yes, no = _trees(parts)
        return whole(Choose(test, yes, no, span=_stretch(parts)))

    def conditionalor(self, parts: list[Part]) -> Part:  # noqa: D102
        return _joined(Or, parts)

    def conditionaland(self, parts: list[Part]) -> Part:  # noqa: D102
        return _joined(And, parts)

    def relation(self, parts: list[Part]) -> Part:  # noqa: D102
        if len(parts) == 1:
            return parts[0]
        waiting, right = cast(_Waiting, parts[0]), cast(Tree, parts[1])
        if waiting.sign == "in":
            return _among(waiting.left, right, _stretch(parts))
        sign = cast(Comparison, str(waiting.sign))
        return whole(Compare(sign, waiting.left, right, span=_stretch(parts)))

    def unary(self, parts: list[Part]) -> Part:  # noqa: D102
        if len(parts) == 1:
            return parts[0]
        inner, span = cast(Tree, parts[1]), _stretch(parts)
        if parts[0] == "!":
            return whole(Not(inner, span=span))
        if isinstance(inner, Constant) and inner.kind == "int":
            return _number(span, str(-cast(int, inner.value)))
        return whole(Arithmetic("*", Constant(-1, "int", span=span), inner, span=span))

    def member_dot(self, parts: list[Part]) -> Part:  # noqa: D102
        if not isinstance(parts[0], FactRef):
            _refuse(_span(parts[1]), Words("点只能放在要素名称里。", "A dot can only stand inside the name of a fact."))
        return FactRef(f"{parts[0].key}.{parts[2]}", span=_stretch(parts))

    def member_dot_arg(self, parts: list[Part]) -> NoReturn:  # noqa: D102
        name = shown(str(parts[2]))
        hint = Words("选项用 == 或 in 判断。", "Use == or in to test a choice.")
        _refuse(_stretch(parts), Words(f"条件里没有函数“{name}”。", f"Conditions have no function “{name}”."), hint)

    def member_index(self, parts: list[Part]) -> NoReturn:  # noqa: D102
        hint = Words("每个要素各有一个名称。", "Each fact has a name of its own.")
        _refuse(_stretch(parts), Words("条件里没有下标。", "Conditions have no indexes."), hint)

    def member_object(self, parts: list[Part]) -> NoReturn:  # noqa: D102
        _refuse(_stretch(parts), Words("条件里不用大括号。", "Conditions have no braces."))

    map_lit = member_object

    def dot_ident(self, parts: list[Part]) -> NoReturn:  # noqa: D102
        _refuse(_stretch(parts), Words("名称不能以点开头。", "A name cannot begin with a dot."))

    dot_ident_arg = dot_ident

    def ident_arg(self, parts: list[Part]) -> Part:  # noqa: D102
        name, span = str(parts[0]), _stretch(parts)
        if name == "date":
            return _day(parts[2:-1], span)
        words = Words(f"条件里没有函数“{shown(name)}”。", f"Conditions have no function “{shown(name)}”.")
        _refuse(span, words, _INSTEAD.get(name))

    def ident(self, parts: list[Part]) -> Part:  # noqa: D102
        return FactRef(str(parts[0]), span=_stretch(parts))

    def paren_expr(self, parts: list[Part]) -> Part:  # noqa: D102
        return parts[1]

    def list_lit(self, parts: list[Part]) -> Part:  # noqa: D102
        items = _trees(parts[1:-1])
        inside = items[0].children() if items and isinstance(items[0], _Listing) else ()
        return _Listing(inside, span=_stretch(parts))

    def exprlist(self, parts: list[Part]) -> Part:  # noqa: D102
        return _Listing(tuple(_trees(parts)), span=_stretch(parts))

    def fieldinits(self, parts: list[Part]) -> Part:  # noqa: D102
        return _Listing(tuple(_trees(parts)), span=_stretch(parts))

    mapinits = fieldinits

    def literal(self, parts: list[Part]) -> Part:  # noqa: D102
        token = cast(Token, parts[0])
        if token.type in _NO_SUCH_LITERAL:
            words = Words(f"这里不能用“{shown(token)}”。", f"“{shown(token)}” cannot be used here.")
            _refuse(_span(token), words, _NO_SUCH_LITERAL[token.type])
        if token.type == "STRING_LIT":
            return _word(token)
        if token.type == "BOOL_LIT":
            return Constant(token == "true", "bool", span=_span(token))
        return _number(_span(token), str(token))
