"""Decides a condition for a person, slowly and plainly; the compiled form must agree with it."""

import operator
from collections.abc import Callable, Mapping
from datetime import date
from functools import singledispatch
from typing import Any

from yici.rules.conditions.checked import Condition
from yici.rules.conditions.tree import Among, And, Arithmetic, Choose, Compare, Constant, FactRef, Not, Or, Tree

Answers = Mapping[str, object]

SIGNS: dict[str, Callable[[Any, Any], Any]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
}


def evaluate(condition: Condition, answers: Answers) -> bool | None:
    """Return whether the condition holds; None while the answers (from ``check_answers``) do not decide it.

    Three-valued after Kleene: one false part decides an *and*, one true part an *or*, whatever else is unknown.
    An undecided choice between two equal values is that value.

    >>> from yici.rules.conditions.facts import Fact
    >>> from yici.rules.conditions.checked import condition
    >>> married = condition("married || age < 20", {"married": Fact("married", "bool"), "age": Fact("age", "int")})
    >>> evaluate(married, {"married": True}), evaluate(married, {"married": False})
    (True, None)
    """
    value: bool | None = value_of(condition.tree, answers)
    return value


@singledispatch
def value_of(tree: Tree, answers: Answers) -> Any:
    """Return the value of any piece of a condition, or None while unknown; days are counted from the year 1."""
    raise TypeError(tree)


def plain(value: object) -> object:
    """Return a value as arithmetic wants it: a day becomes its number, so that no sum leaves the calendar.

    >>> plain(date(1, 1, 2))
    2
    """
    return value.toordinal() if isinstance(value, date) else value


@value_of.register
def _(tree: Constant, answers: Answers) -> Any:
    return plain(tree.value)


@value_of.register
def _(tree: FactRef, answers: Answers) -> Any:
    return plain(answers.get(tree.key))


@value_of.register
def _(tree: Not, answers: Answers) -> Any:
    value = value_of(tree.inner, answers)
    return None if value is None else not value


@value_of.register
def _(tree: And, answers: Answers) -> Any:
    return _settled_by(False, tree.parts, answers)


@value_of.register
def _(tree: Or, answers: Answers) -> Any:
    return _settled_by(True, tree.parts, answers)


def _settled_by(decisive: bool, parts: tuple[Tree, ...], answers: Answers) -> bool | None:
    values = [value_of(part, answers) for part in parts]
    if decisive in values:
        return decisive
    return None if None in values else not decisive


@value_of.register(Compare)
@value_of.register(Arithmetic)
def _(tree: Compare | Arithmetic, answers: Answers) -> Any:
    left, right = value_of(tree.left, answers), value_of(tree.right, answers)
    return None if left is None or right is None else SIGNS[tree.sign](left, right)


@value_of.register
def _(tree: Among, answers: Answers) -> Any:
    value = value_of(tree.left, answers)
    return None if value is None else value in [plain(option.value) for option in tree.options]


@value_of.register
def _(tree: Choose, answers: Answers) -> Any:
    test, yes, no = (value_of(piece, answers) for piece in tree.children())
    if test is None:
        return yes if yes == no else None
    return yes if test else no
