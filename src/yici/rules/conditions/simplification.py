"""What is left of a condition once some answers are known, and which questions still matter."""

from dataclasses import replace
from datetime import date
from functools import singledispatch
from typing import cast

from yici.rules.conditions.checked import Condition, condition_of
from yici.rules.conditions.evaluation import Answers, value_of
from yici.rules.conditions.facts import EARLIEST, GREATEST, LATEST
from yici.rules.conditions.tree import (
    FALSE,
    TRUE,
    Among,
    And,
    Arithmetic,
    Choose,
    Compare,
    Constant,
    FactRef,
    Not,
    Or,
    Tree,
    facts_in,
)


def partial(condition: Condition, answers: Answers) -> Condition:
    """Return the condition that remains to be decided; with the other answers it gives the same result.

    >>> from yici.rules.conditions.facts import Fact
    >>> from yici.rules.conditions.checked import condition
    >>> both = condition("married && age > 20", {"married": Fact("married", "bool"), "age": Fact("age", "int")})
    >>> partial(both, {"married": True}).text, partial(both, {"age": 20}).text
    ('age > 20', 'false')
    """
    return condition_of(_rest(condition.tree, answers))


def undecided_facts(condition: Condition, answers: Answers) -> frozenset[str]:
    """Return the unanswered facts that could still decide the condition; empty once it is decided.

    May name a fact too many (it does not see that ``x > 5 || x <= 5`` always holds), never one too few.
    """
    return partial(condition, answers).facts


@singledispatch
def _rest(tree: Tree, answers: Answers) -> Tree:
    return tree


@_rest.register
def _(tree: FactRef, answers: Answers) -> Tree:
    value = answers.get(tree.key)
    if value is None or tree.kind is None:
        return tree
    kind = "int" if tree.kind == "fen" else tree.kind
    return Constant(cast(bool | int | str | date, value), kind, span=tree.span)


@_rest.register
def _(tree: Not, answers: Answers) -> Tree:
    return _opposite(_rest(tree.inner, answers))


def _opposite(tree: Tree) -> Tree:
    if isinstance(tree, Not):
        return tree.inner
    if isinstance(tree, Constant):
        return FALSE if tree.value else TRUE
    return Not(tree, span=tree.span)


@_rest.register(And)
@_rest.register(Or)
def _(tree: And | Or, answers: Answers) -> Tree:
    decisive, idle = (FALSE, TRUE) if isinstance(tree, And) else (TRUE, FALSE)
    parts: dict[Tree, None] = {}
    for part in tree.parts:
        left = _rest(part, answers)
        if left == decisive:
            return decisive
        parts.update(dict.fromkeys(left.parts if type(left) is type(tree) else (left,)))
    parts.pop(idle, None)
    if len(parts) > 1:
        return replace(tree, parts=tuple(parts))
    return next(iter(parts), idle)


@_rest.register
def _(tree: Compare, answers: Answers) -> Tree:
    left, right = _rest(tree.left, answers), _rest(tree.right, answers)
    rest = replace(tree, left=left, right=right)
    if not facts_in(rest):
        return TRUE if value_of(rest, {}) else FALSE
    return _against_yes_or_no(rest, left, right)


def _against_yes_or_no(rest: Compare, left: Tree, right: Tree) -> Tree:
    """Return ``x`` for ``x == true`` and its opposite for ``x != true``."""
    for constant, other in ((left, right), (right, left)):
        if isinstance(constant, Constant) and constant.kind == "bool":
            return other if constant.value is (rest.sign == "==") else _opposite(other)
    return rest


@_rest.register
def _(tree: Among, answers: Answers) -> Tree:
    rest = replace(tree, left=_rest(tree.left, answers))
    if facts_in(rest):
        return rest
    return TRUE if value_of(rest, {}) else FALSE


@_rest.register
def _(tree: Arithmetic, answers: Answers) -> Tree:
    rest = replace(tree, left=_rest(tree.left, answers), right=_rest(tree.right, answers))
    if isinstance(rest.left, Constant) and isinstance(rest.right, Constant):
        return _computed(rest, rest.left, rest.right)
    return rest


def _computed(rest: Arithmetic, left: Constant, right: Constant) -> Tree:
    """Return the sum as one value, unless that could not be written in a condition."""
    value: int = value_of(rest, {})
    if {left.kind, right.kind} == {"date", "int"}:
        within = EARLIEST.toordinal() <= value <= LATEST.toordinal()
        return Constant(date.fromordinal(value), "date", span=rest.span) if within else rest
    return Constant(value, "int", span=rest.span) if abs(value) <= GREATEST else rest


@_rest.register
def _(tree: Choose, answers: Answers) -> Tree:
    test, yes, no = (_rest(piece, answers) for piece in tree.children())
    if isinstance(test, Constant):
        return yes if test.value else no
    return yes if yes == no else replace(tree, test=test, yes=yes, no=no)
