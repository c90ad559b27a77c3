"""A condition tree written back as text that can be parsed again."""

from datetime import date
from functools import singledispatch

from yici.rules.conditions.tree import Among, And, Arithmetic, Choose, Compare, Constant, FactRef, Not, Or, Tree

_CHOICE, _OR, _AND, _RELATION, _SUM, _PRODUCT, _UNARY, _ATOM = range(8)
_STRENGTH: dict[type[Tree], int] = {
    Choose: _CHOICE,
    Or: _OR,
    And: _AND,
    Compare: _RELATION,
    Among: _RELATION,
    Not: _UNARY,
    Constant: _ATOM,
    FactRef: _ATOM,
}


@singledispatch
def text_of(tree: Tree) -> str:
    """Return the text of a tree, with no more brackets than it needs.

    >>> text_of(Not(And((FactRef("married"), Compare(">", FactRef("child.age"), Constant(6, "int"))))))
    '!(married && child.age > 6)'
    """
    raise TypeError(tree)


def _strength(tree: Tree) -> int:
    if isinstance(tree, Arithmetic):
        return _PRODUCT if tree.sign == "*" else _SUM
    return _STRENGTH[type(tree)]


def _inside(tree: Tree, least: int) -> str:
    text = text_of(tree)
    return text if _strength(tree) >= least else f"({text})"


@text_of.register
def _(tree: Constant) -> str:
    if isinstance(tree.value, bool):
        return "true" if tree.value else "false"
    if isinstance(tree.value, date):
        return f'date("{tree.value.isoformat()}")'
    return str(tree.value) if isinstance(tree.value, int) else f'"{tree.value}"'


@text_of.register
def _(tree: FactRef) -> str:
    return tree.key


@text_of.register
def _(tree: Not) -> str:
    return f"!{_inside(tree.inner, _UNARY)}"


@text_of.register
def _(tree: And) -> str:
    return " && ".join(_inside(part, _RELATION) for part in tree.parts)


@text_of.register
def _(tree: Or) -> str:
    return " || ".join(_inside(part, _AND) for part in tree.parts)


@text_of.register
def _(tree: Compare) -> str:
    return f"{_inside(tree.left, _SUM)} {tree.sign} {_inside(tree.right, _SUM)}"


@text_of.register
def _(tree: Among) -> str:
    return f"{_inside(tree.left, _SUM)} in [{', '.join(map(text_of, tree.options))}]"


@text_of.register
def _(tree: Arithmetic) -> str:
    strength = _strength(tree)
    return f"{_inside(tree.left, strength)} {tree.sign} {_inside(tree.right, strength + 1)}"


@text_of.register
def _(tree: Choose) -> str:
    return f"{_inside(tree.test, _OR)} ? {_inside(tree.yes, _OR)} : {text_of(tree.no)}"
