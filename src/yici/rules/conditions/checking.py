"""Checks that a condition asks sensible questions of the facts that exist."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import singledispatch
from typing import NoReturn, cast

from yici.rules.conditions.facts import Fact, closest
from yici.rules.conditions.spans import CannotUnderstand, shown
from yici.rules.conditions.tree import (
    Among,
    And,
    Arithmetic,
    Choose,
    Compare,
    Constant,
    FactRef,
    Kind,
    Not,
    Or,
    Tree,
    facts_in,
)
from yici.rules.words import Words

_KIND_WORDS: dict[Kind, Words] = {
    "bool": Words("“是”或“否”", "yes or no"),
    "int": Words("整数", "a whole number"),
    "enum": Words("选项", "one of several values"),
    "fen": Words("金额", "an amount"),
    "date": Words("日期", "a day"),
}
_TEXT = Words("引号里的文字", "text in quotation marks")
_NUMBERS: frozenset[Kind] = frozenset({"int", "fen"})


class CannotTypeCheck(CannotUnderstand):
    """The condition can be read but mixes things that cannot be compared, or names a fact that does not exist."""


@dataclass(frozen=True, slots=True)
class _Meaning:
    """What a piece stands for. A *free* one is made of literals and fits whatever it is compared with."""

    kind: Kind
    free: bool
    values: frozenset[str] = frozenset()


_Typed = tuple[Tree, _Meaning]
_YES_NO = _Meaning("bool", free=False)


def check(tree: Tree, facts: Mapping[str, Fact]) -> Tree:
    """Return the tree with the kind of every fact filled in.

    Raises CannotTypeCheck with the place and, where something near exists, what was probably meant.

    >>> check(FactRef("married"), {"married": Fact("married", "bool")})
    FactRef(key='married', kind='bool')
    """
    return _yes_no(tree, facts)


@singledispatch
def _typed(tree: Tree, facts: Mapping[str, Fact]) -> _Typed:
    raise TypeError(tree)


def _refuse(tree: Tree, words: Words, suggestion: Words | None = None) -> NoReturn:
    raise CannotTypeCheck(tree.span, words, suggestion)


def _refuse_kind(tree: Tree, found: Kind, expected: Kind, suggestion: Words | None = None) -> NoReturn:
    was = _TEXT if isinstance(tree, Constant) and found == "enum" else _KIND_WORDS[found]
    wanted = _KIND_WORDS[expected]
    _refuse(tree, Words(f"这里应是{wanted.zh}，却是{was.zh}。", f"Expected {wanted.en}, found {was.en}."), suggestion)


def _yes_no(tree: Tree, facts: Mapping[str, Fact]) -> Tree:
    typed, meaning = _typed(tree, facts)
    if meaning.kind != "bool":
        hint = Words("请写出比较，如 x == 1。", "Compare it with something, as in x == 1.")
        _refuse_kind(tree, meaning.kind, "bool", hint)
    return typed


@_typed.register
def _(tree: Constant, facts: Mapping[str, Fact]) -> _Typed:
    values = frozenset({tree.value}) if isinstance(tree.value, str) else frozenset()
    return tree, _Meaning(tree.kind, free=True, values=values)


@_typed.register
def _(tree: FactRef, facts: Mapping[str, Fact]) -> _Typed:
    fact = facts.get(tree.key)
    if fact is None:
        zh, en = f"没有名为“{shown(tree.key)}”的情形要素。", f"There is no fact “{shown(tree.key)}”."
        _refuse(tree, Words(zh, en), _meant_fact(tree.key, facts))
    return replace(tree, kind=fact.kind), _Meaning(fact.kind, free=False, values=frozenset(fact.values))


def _meant_fact(key: str, facts: Mapping[str, Fact]) -> Words | None:
    if any(key in fact.values for fact in facts.values()):
        return Words(f'选项的值要加引号："{key}"。', f'Values stand in quotation marks: "{key}".')
    near = key.lower() if key.lower() in {"true", "false"} else closest(key, facts)
    return Words(f"是不是“{near}”？", f"Did you mean “{near}”?") if near else None


@_typed.register
def _(tree: Not, facts: Mapping[str, Fact]) -> _Typed:
    return replace(tree, inner=_yes_no(tree.inner, facts)), _YES_NO


@_typed.register(And)
@_typed.register(Or)
def _(tree: And | Or, facts: Mapping[str, Fact]) -> _Typed:
    return replace(tree, parts=tuple(_yes_no(part, facts) for part in tree.parts)), _YES_NO


@_typed.register
def _(tree: Compare, facts: Mapping[str, Fact]) -> _Typed:
    (left, left_meaning), (right, right_meaning) = _typed(tree.left, facts), _typed(tree.right, facts)
    if isinstance(tree.left, Compare) and right_meaning.kind != "bool":
        _refuse(tree, Words("不能连写两个比较。", "Two comparisons cannot be chained."), _CHAIN)
    meaning = _agree(tree.left, left_meaning, tree.right, right_meaning)
    if tree.sign not in {"==", "!="} and meaning.kind in {"bool", "enum"}:
        _refuse(tree, *_UNORDERED[meaning.kind])
    return replace(tree, left=left, right=right), _YES_NO


_CHAIN = Words("两个比较请用 && 连接，如 1 < x && x < 5。", "Join two comparisons with &&, as in 1 < x && x < 5.")
_UNORDERED: dict[Kind, tuple[Words, Words]] = {
    "bool": (
        Words("“是”和“否”不能比较大小。", "Yes and no have no order."),
        Words("请用 == 或 !=。", "Use == or !=."),
    ),
    "enum": (
        Words("选项不能比较大小。", "Values of choices have no order."),
        Words("请用 ==、!= 或 in。", "Use ==, != or in."),
    ),
}


@_typed.register
def _(tree: Among, facts: Mapping[str, Fact]) -> _Typed:
    left, meaning = _typed(tree.left, facts)
    if meaning.kind == "bool":
        hint = Words("请直接写出来，或在前面加 !。", "Write it by itself, or with ! in front.")
        _refuse(tree, Words("“是”或“否”不用列表判断。", "Yes or no needs no list."), hint)
    for option in tree.options:
        _agree(tree.left, meaning, option, _typed(option, facts)[1])
    return replace(tree, left=left), _YES_NO


@_typed.register
def _(tree: Choose, facts: Mapping[str, Fact]) -> _Typed:
    test = _yes_no(tree.test, facts)
    (yes, yes_meaning), (no, no_meaning) = _typed(tree.yes, facts), _typed(tree.no, facts)
    meaning = _agree(tree.yes, yes_meaning, tree.no, no_meaning)
    return replace(tree, test=test, yes=yes, no=no), meaning


@_typed.register
def _(tree: Arithmetic, facts: Mapping[str, Fact]) -> _Typed:
    (left, left_meaning), (right, right_meaning) = _typed(tree.left, facts), _typed(tree.right, facts)
    typed = replace(tree, left=left, right=right)
    for side, meaning in ((tree.left, left_meaning), (tree.right, right_meaning)):
        if meaning.kind in {"bool", "enum"}:
            hint = _instead(side, meaning, "int")
            _refuse_kind(side, meaning.kind, "int", hint)
    if tree.sign == "*":
        return typed, _product(tree, left_meaning, right_meaning)
    if "date" in {left_meaning.kind, right_meaning.kind}:
        return typed, _days(tree, left_meaning, right_meaning)
    return typed, _agree(tree.left, left_meaning, tree.right, right_meaning)


def _product(tree: Arithmetic, left: _Meaning, right: _Meaning) -> _Meaning:
    for side, meaning in ((tree.left, left), (tree.right, right)):
        if meaning.kind == "date":
            _refuse_kind(side, "date", "int")
    if facts_in(tree.left) and facts_in(tree.right):
        # Products of two answers would make the proof undecidable.
        hint = Words("一边须是固定的数。", "One side must be a fixed number.")
        _refuse(tree, Words("两个回答不能相乘。", "Two answers cannot be multiplied."), hint)
    return left if right.free else right


def _days(tree: Arithmetic, left: _Meaning, right: _Meaning) -> _Meaning:
    kinds, free = (left.kind, tree.sign, right.kind), left.free and right.free
    if kinds == ("date", "-", "date"):
        return _Meaning("int", free)
    if kinds in {("date", "+", "int"), ("date", "-", "int"), ("int", "+", "date")}:
        return _Meaning("date", free)
    en = "A day takes plus or minus a number of days, or minus another day."
    _refuse(tree, Words("日期只能加减天数，或与日期相减。", en))


def _agree(left: Tree, left_meaning: _Meaning, right: Tree, right_meaning: _Meaning) -> _Meaning:
    """Return what both sides stand for, or refuse the side that does not fit the other."""
    if left_meaning.free and not right_meaning.free:
        return _fit(left, left_meaning, right_meaning)
    return _fit(right, right_meaning, left_meaning)


def _fit(tree: Tree, found: _Meaning, expected: _Meaning) -> _Meaning:
    loose = found.free or expected.free
    if found.kind != expected.kind and not (loose and {found.kind, expected.kind} <= _NUMBERS):
        _refuse_kind(tree, found.kind, expected.kind, _instead(tree, found, expected.kind))
    if found.kind == "enum":
        return _fit_values(tree, found, expected)
    return expected


def _fit_values(tree: Tree, found: _Meaning, expected: _Meaning) -> _Meaning:
    if found.free and expected.free:
        return replace(expected, values=found.values | expected.values)
    if found.free:
        for constant in _outcomes(tree):
            if constant.value not in expected.values:
                _refuse_value(constant, expected.values)
    elif found.values != expected.values:
        words = Words("两个要素的选项不同，不能比较。", "The two facts have different values and cannot be compared.")
        _refuse(tree, words)
    return expected


def _outcomes(tree: Tree) -> Iterator[Constant]:
    """Yield the values a free piece may turn out to be, but not those its tests look at."""
    if isinstance(tree, Constant):
        yield tree
    if isinstance(tree, Choose):
        yield from _outcomes(tree.yes)
        yield from _outcomes(tree.no)


def _refuse_value(tree: Constant, values: frozenset[str]) -> NoReturn:
    value = cast(str, tree.value)
    near = closest(value, tuple(sorted(values)))
    some = sorted(values)[:8]
    hint = Words(f"可选：{'、'.join(some)}。", f"The values are {', '.join(some)}.")
    if near:
        hint = Words(f"是不是“{near}”？", f"Did you mean “{near}”?")
    _refuse(tree, Words(f"没有“{shown(value)}”这个选项。", f"“{shown(value)}” is not one of the values."), hint)


def _instead(tree: Tree, found: _Meaning, expected: Kind) -> Words | None:
    """Return what to write instead of a text in quotes where something else is compared."""
    if not isinstance(tree, Constant) or not isinstance(tree.value, str):
        return None
    text = shown(tree.value)
    better = _BETTER[expected](text)
    return Words(f"请写 {better}。", f"Write {better}.") if better else None


_BETTER: dict[Kind, Callable[[str], str]] = {
    "bool": lambda text: text if text in {"true", "false"} else "true / false",
    "int": lambda text: text if text.isdecimal() else "",
    "fen": lambda text: text if text.isdecimal() else "",
    "date": lambda text: f'date("{text}")',
    "enum": lambda text: "",
}
