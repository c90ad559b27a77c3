"""Hands conditions to a solver, which searches all answers at once for one that makes them hold.

Kept out of the package's front door: only the proof needs the solver, and loading it takes half a second.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import singledispatch
from typing import Any, cast

import z3

from yici.rules.conditions.checked import Condition
from yici.rules.conditions.evaluation import SIGNS, plain
from yici.rules.conditions.facts import EARLIEST, LATEST, Answer, Fact
from yici.rules.conditions.tree import Among, And, Arithmetic, Choose, Compare, Constant, FactRef, Not, Or, Tree

_z3: Any = z3  # it ships without types


@dataclass(frozen=True, slots=True)
class Unknowns:
    """The facts as unknowns of a solver, and ``domain``: what every allowed answer fulfils.

    One-of values are numbered, the same value alike everywhere; days are counted from the year 1.
    """

    facts: Mapping[str, Fact]
    context: z3.Context
    variables: Mapping[str, z3.ExprRef]
    domain: tuple[z3.BoolRef, ...]
    numbers: dict[str, int] = field(repr=False)


def declare(facts: Iterable[Fact], context: z3.Context | None = None) -> Unknowns:
    """Return unknowns for the facts. Assert ``domain`` in the solver, or it will answer with impossible people.

    Contexts are not safe to share between threads: give each thread its own.
    """
    context = context or _z3.main_ctx()
    by_key = {fact.key: fact for fact in facts}
    numbers: dict[str, int] = {}
    for fact in by_key.values():
        for value in fact.values:
            numbers.setdefault(value, len(numbers))
    variables = {key: _variable(fact, context) for key, fact in by_key.items()}
    domain = [bound for key, fact in by_key.items() for bound in _bounds(fact, variables[key], numbers)]
    return Unknowns(by_key, context, variables, tuple(domain), numbers)


def _variable(fact: Fact, context: z3.Context) -> z3.ExprRef:
    make = _z3.Bool if fact.kind == "bool" else _z3.Int
    return cast(z3.ExprRef, make(fact.key, context))


def _bounds(fact: Fact, variable: Any, numbers: Mapping[str, int]) -> list[z3.BoolRef]:
    if fact.kind == "bool":
        return []
    if fact.kind == "enum":
        taken = sorted(numbers[value] for value in fact.values)
        between = [variable >= taken[0], variable <= taken[-1]]
        gaps = sorted(set(range(taken[0], taken[-1])) - set(taken))
        return between + [variable != gap for gap in gaps]
    least, greatest = (EARLIEST.toordinal(), LATEST.toordinal()) if fact.kind == "date" else fact.range()
    return [variable >= least, variable <= greatest]


def to_z3(condition: Condition, unknowns: Unknowns) -> z3.BoolRef:
    """Return the condition as a formula over the unknowns."""
    return cast(z3.BoolRef, _formula(condition.tree, unknowns))


def read_model(model: z3.ModelRef, unknowns: Unknowns) -> dict[str, Answer]:
    """Return the answers of a person the solver found, one for every fact, as ``check_answers`` would give them."""
    return {key: _answer(fact, model, unknowns) for key, fact in unknowns.facts.items()}


def _answer(fact: Fact, model: z3.ModelRef, unknowns: Unknowns) -> Answer:
    found = cast(Any, model).eval(unknowns.variables[fact.key], model_completion=True)
    if fact.kind == "bool":
        return bool(_z3.is_true(found))
    number: int = found.as_long()
    if fact.kind == "enum":
        return next((value for value in fact.values if unknowns.numbers[value] == number), fact.values[0])
    return date.fromordinal(number) if fact.kind == "date" else number


@singledispatch
def _formula(tree: Tree, unknowns: Unknowns) -> Any:
    raise TypeError(tree)


@_formula.register
def _(tree: Constant, unknowns: Unknowns) -> Any:
    if isinstance(tree.value, bool):
        return _z3.BoolVal(tree.value, unknowns.context)
    return _z3.IntVal(_number(tree, unknowns.numbers), unknowns.context)


def _number(tree: Constant, numbers: dict[str, int]) -> object:
    # A text that is no value of these facts gets a number of its own, so that it equals none of them.
    return numbers.setdefault(tree.value, len(numbers)) if isinstance(tree.value, str) else plain(tree.value)


@_formula.register
def _(tree: FactRef, unknowns: Unknowns) -> Any:
    return unknowns.variables[tree.key]


@_formula.register
def _(tree: Not, unknowns: Unknowns) -> Any:
    return _z3.Not(_formula(tree.inner, unknowns))


@_formula.register
def _(tree: And, unknowns: Unknowns) -> Any:
    return _z3.And([_formula(part, unknowns) for part in tree.parts])


@_formula.register
def _(tree: Or, unknowns: Unknowns) -> Any:
    return _z3.Or([_formula(part, unknowns) for part in tree.parts])


@_formula.register(Compare)
@_formula.register(Arithmetic)
def _(tree: Compare | Arithmetic, unknowns: Unknowns) -> Any:
    return SIGNS[tree.sign](_formula(tree.left, unknowns), _formula(tree.right, unknowns))


@_formula.register
def _(tree: Among, unknowns: Unknowns) -> Any:
    left = _formula(tree.left, unknowns)
    return _z3.Or([left == _formula(option, unknowns) for option in tree.options])


@_formula.register
def _(tree: Choose, unknowns: Unknowns) -> Any:
    return _z3.If(*(_formula(piece, unknowns) for piece in tree.children()))
