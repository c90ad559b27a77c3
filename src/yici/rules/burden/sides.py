"""One of two revisions in the solver's language; both read the same answers and the same holdings."""

from collections.abc import Iterable, Mapping
from typing import Any

import z3

from yici.rules.burden.matching import Choices
from yici.rules.conditions import Answer, Condition, Fact
from yici.rules.conditions.facts import EARLIEST, LATEST
from yici.rules.conditions.solver import Unknowns, read_model, to_z3
from yici.rules.items import Assurance
from yici.rules.planner.tables import Tables
from yici.rules.proof.formulas import Formula, all_of, any_of, opposite
from yici.rules.proof.two_visits import WorstCase

_z3: Any = z3  # it ships without types


class Person:
    """The unknown person: answers by the old revision's keys, what can be seen of him, the level of his account."""

    def __init__(self, context: z3.Context) -> None:
        self.context = context
        self.numbers: dict[str, int] = {}
        self.data: dict[str, Any] = {}
        self.level = _z3.Int("assurance", context)
        self.possible = [self.level >= 0, self.level < len(Assurance)]

    def number(self, value: str) -> int:
        """Return the number of a choice, by its key in the earlier revision."""
        return self.numbers.setdefault(value, len(self.numbers))

    def answer(self, name: str, fact: Fact) -> Any:
        """Return the unknown answer to a question."""
        make = _z3.Bool if fact.kind == "bool" else _z3.Int
        return make(f"answer:{name}", self.context)

    def held(self, key: str) -> Any:
        """Return whether the government has this datum or licence."""
        return self.data.setdefault(key, _z3.Bool(f"held:{key}", self.context))

    def allowed(self, fact: Fact, answer: Any, numbers: Mapping[str, int]) -> Formula:
        """Return that the answer is one the question allows."""
        if fact.kind == "bool":
            return True
        if fact.kind == "enum":
            return any_of(answer == numbers[value] for value in fact.values)
        least, greatest = (EARLIEST.toordinal(), LATEST.toordinal()) if fact.kind == "date" else fact.range()
        return all_of([answer >= least, answer <= greatest])


class Side:
    """When each part of a revision applies to the person; ``choices``: see ``same_choices``."""

    def __init__(self, tables: Tables, person: Person, names: Mapping[str, str], choices: Choices) -> None:
        self.tables, self.person, self.names, self.choices = tables, person, names, choices
        numbers = self._numbers()
        answers = {key: person.answer(names[key], fact) for key, fact in tables.facts.items()}
        self.unknowns = Unknowns(tables.facts, person.context, answers, (), numbers)
        self.allowed = {names[key]: person.allowed(fact, answers[key], numbers) for key, fact in tables.facts.items()}
        self._formulas: dict[Condition, Formula] = {}
        self._joint = {1 << at: one for bits, one in tables.states.joint for at in _places(bits)}
        self._waived = dict(self._waivers())
        self.case = WorstCase(self)

    def applies(self, bit: int) -> Formula:
        """Return when a part applies, together with everything it lies in and whatever account the person has."""
        condition = self._joint.get(bit)
        there = True if condition is None else self._formula(condition)
        enough = self._waived.get(bit)
        return there if enough is None else all_of([there, self.person.level < enough])

    def held(self, needed: int) -> Formula:
        """Return when the government has the datum of this bit."""
        return self.person.held(self.tables.wanted[needed.bit_length() - 1 - len(self.tables.entries)])

    def answers(self, model: Any) -> dict[str, Answer]:
        """Return a person's answers by the names both revisions share."""
        own = read_model(model, self.unknowns)
        return {self.names[key]: self.choices.get(key, {}).get(value, value) for key, value in own.items()}  # type: ignore[arg-type] # only choices are renamed

    def _numbers(self) -> dict[str, int]:
        meant = {
            value: self.person.number(self.choices.get(key, {}).get(value, value))
            for key, fact in self.tables.facts.items()
            for value in fact.values
        }
        return {**self.person.numbers, **meant}  # all of them, so that a text of no question gets one of its own

    def _formula(self, condition: Condition) -> Formula:
        if condition not in self._formulas:
            self._formulas[condition] = to_z3(condition, self.unknowns)
        return self._formulas[condition]

    def _waivers(self) -> Iterable[tuple[int, int]]:
        for act in self.tables.acts:
            if act.presence.waived_by is not None:
                yield act.bit, list(Assurance).index(act.presence.waived_by)


def amount(formulas: Iterable[tuple[Formula, int]], context: z3.Context) -> Any:
    """Return the sum of the numbers whose formulas hold."""
    plain, rest = 0, []
    for formula, number in formulas:
        if isinstance(formula, bool):
            plain += number * formula
        elif number:
            rest.append(_z3.If(formula, _z3.IntVal(number, context), _z3.IntVal(0, context)))
    return _z3.Sum([*rest, _z3.IntVal(plain, context)]) if rest else plain


def largest(several: Iterable[Any]) -> Any:
    """Return the largest of numbers, some of them unknown; 0 for none.

    >>> largest([3, 1]), largest([])
    (3, 0)
    """
    most: Any = 0
    for one in several:
        if isinstance(one, int) and isinstance(most, int):
            most = max(one, most)
        elif not (isinstance(most, int) and most == 0):
            most = _z3.If(one > most, one, most)
        else:
            most = one  # no length is below 0
    return most


def counted(groups: Mapping[Any, list[Formula]], context: z3.Context) -> Any:
    """Return in how many groups something holds."""
    return amount(((any_of(several), 1) for several in groups.values()), context)


def _places(bits: int) -> list[int]:
    return [at for at in range(bits.bit_length()) if bits >> at & 1]


def unless(needed: Formula, formula: Formula) -> Formula:
    """Return that the formula holds, or nobody needs it."""
    return any_of([opposite(needed), formula])
