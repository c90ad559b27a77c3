"""Says in the solver's language when each part of an event applies, and asks the solver for a person."""

from collections.abc import Iterable
from threading import local
from typing import Any, cast

import z3

from yici.rules.conditions import Answer, Condition
from yici.rules.conditions.solver import declare, read_model, to_z3
from yici.rules.items import Assurance
from yici.rules.planner.tables import Tables
from yici.rules.proof.samples import Samples

_z3: Any = z3  # it ships without types

Formula = Any  # True, False or a formula of the solver: what is plain is never handed to it


# A context serves one thread only; making one for each proof would cost more than most proofs.
_contexts = local()


def context_of_thread() -> z3.Context:
    """Return the solver's world of this thread; formulas of different worlds do not mix."""
    if not hasattr(_contexts, "context"):
        _contexts.context = _z3.Context()
    return cast(z3.Context, _contexts.context)


class CannotDecide(Exception):
    """The solver gave up within its limit."""


def all_of(formulas: Iterable[Formula]) -> Formula:
    """Return that all hold.

    >>> all_of([True, True]), all_of([True, False]), all_of([])
    (True, False, True)
    """
    left = {_identity(one): one for one in formulas if one is not True}
    if any(one is False for one in left.values()):
        return False
    several = list(left.values())
    return _z3.And(several) if len(several) > 1 else next(iter(several), True)


def any_of(formulas: Iterable[Formula]) -> Formula:
    """Return that at least one holds.

    >>> any_of([False, True]), any_of([])
    (True, False)
    """
    left = {_identity(one): one for one in formulas if one is not False}
    if any(one is True for one in left.values()):
        return True
    several = list(left.values())
    return _z3.Or(several) if len(several) > 1 else next(iter(several), False)


def opposite(formula: Formula) -> Formula:
    """Return that it does not hold.

    >>> opposite(True)
    False
    """
    return (not formula) if isinstance(formula, bool) else _z3.Not(formula)


def _identity(formula: Formula) -> object:
    return formula if isinstance(formula, bool) else formula.get_id()


class Reader:
    """The conditions of one event as formulas, and the solver that knows which answers are allowed."""

    def __init__(self, tables: Tables, context: z3.Context, limit_ms: int) -> None:
        self.tables = tables
        self.unknowns = declare(tables.facts.values(), context)
        self._solver = _z3.SimpleSolver(ctx=context)
        self._solver.set("timeout", limit_ms)
        self._solver.add(*self.unknowns.domain)
        self._formulas: dict[Condition, Formula] = {}
        self._possible: dict[object, bool] = {}
        self._kept: list[Formula] = []  # an id stays taken only as long as its formula lives
        self.samples = Samples(tables)
        self._waived = tables.waived[Assurance.NONE]
        self._joint = {bit: condition for bits, condition in tables.states.joint for bit in bits_in(bits)}

    def formula(self, condition: Condition) -> Formula:
        """Return when a condition holds."""
        if condition not in self._formulas:
            self._formulas[condition] = to_z3(condition, self.unknowns)
        return self._formulas[condition]

    def applies(self, bit: int) -> Formula:
        """Return when a part applies together with everything it lies in, for a person without any account."""
        return False if bit & self._waived else self.whole(bit)

    def whole(self, bit: int) -> Formula:
        """Return when a part applies together with everything it lies in, whatever account the person has."""
        condition = self._joint.get(bit)
        return True if condition is None else self.formula(condition)

    def held(self, needed: int) -> Formula:
        """Return when the government has a datum: never, in the worst state of the data."""
        return False

    def person(self, formula: Formula) -> dict[str, Answer] | None:
        """Return the answers of somebody for whom the formula holds; None when there is nobody.

        Raises CannotDecide.
        """
        if formula is False:
            return None
        self._solver.push()
        try:
            return read_model(self._solver.model(), self.unknowns) if self._holds_for_somebody(formula) else None
        finally:
            self._solver.pop()

    def is_possible(self, formula: Formula) -> bool:
        """Whether the formula can hold for anybody. Raises CannotDecide."""
        if isinstance(formula, bool):
            return formula
        key = _identity(formula)
        if key not in self._possible:
            self._solver.push()
            try:
                self._possible[key] = self._holds_for_somebody(formula)
            finally:
                self._solver.pop()
            self._kept.append(formula)
        return self._possible[key]

    def _holds_for_somebody(self, formula: Formula) -> bool:
        self._solver.add(formula)
        found = self._solver.check()
        if found == _z3.unknown:
            raise CannotDecide
        return bool(found == _z3.sat)


def bits_in(mask: int) -> Iterable[int]:
    """Yield the single bits of a mask, lowest first.

    >>> list(bits_in(5))
    [1, 4]
    """
    while mask:
        lowest = mask & -mask
        yield lowest
        mask ^= lowest
