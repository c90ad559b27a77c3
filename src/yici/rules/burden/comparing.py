"""Searches everybody for a person who is worse off under a new revision, component by component."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import z3

from yici.rules.burden.components import Component
from yici.rules.burden.matching import Choices, same_choices, same_questions
from yici.rules.burden.measures import worse
from yici.rules.burden.people import described, in_need, told
from yici.rules.burden.sides import Person, Side, amount
from yici.rules.burden.vector import Burden, Situation, Value, burden, is_worse
from yici.rules.conditions import Answer
from yici.rules.items import Assurance
from yici.rules.planner import CompiledEvent
from yici.rules.proof.counterexamples import plain_answer
from yici.rules.proof.formulas import CannotDecide, Formula, all_of, any_of, context_of_thread, opposite
from yici.rules.words import Words

_z3: Any = z3  # it ships without types

LIMIT_MS = 2_000  # for one question to the solver, as in proofs
_MOST_TRIED = 500  # situations with two visits before and after, looked at one by one for a third


@dataclass(frozen=True, slots=True)
class Change:
    """A person for whom one component changes. ``need``: key of the item or event.

    ``person`` in the need, and ``effect``, are the two halves of the ``sentence``.

    ``answers``: every answer of this person, by the keys of the earlier revision where both ask; ``holdings``: the data
    looked at, and the level of the account. ``deciding``: the keys of answers and data that matter: everybody who
    shares these fares alike.
    """

    need: str
    component: Component
    old: Value
    new: Value
    answers: Mapping[str, Answer]
    holdings: Mapping[str, str]
    deciding: tuple[str, ...]
    person: Words
    effect: Words

    @property
    def sentence(self) -> Words:
        """Return who, and what changes."""
        who, what = self.person, self.effect
        return Words(f"{who.zh}，{what.zh}。", f"{who.en}: {what.en}.")


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a new revision changes. ``undecided``: components about which nothing could be proved in time."""

    losses: tuple[Change, ...]
    gains: tuple[Change, ...]
    undecided: tuple[Component, ...] = ()

    @property
    def nobody_loses(self) -> bool:
        """Whether it is proved that nobody is worse off in anything."""
        return not self.losses and not self.undecided


def compare(old: CompiledEvent, new: CompiledEvent, *, limit_ms: int = LIMIT_MS) -> Comparison:
    """Return who loses and who gains when ``new`` takes the place of ``old``.

    Every situation counts: all answers, every state of the data, every level of account. Two revisions that ask the
    same of everybody have neither losses nor gains, however differently they are written. Each person named has been
    counted again with the planner's own reckoning.
    """
    pairs = same_questions(old.tables, new.tables)
    names = {key: pairs.get(key, f"new.{key}" if key in old.facts else key) for key in new.facts}
    choices = same_choices(old.tables, new.tables, pairs)
    before, after = _Named(old, {key: key for key in old.facts}, {}), _Named(new, names, choices)
    losing, gaining = _Search(before, after, limit_ms), _Search(after, before, limit_ms)
    losses, gains = tuple(losing.changes(gain=False)), tuple(gaining.changes(gain=True))
    return Comparison(losses, gains, tuple(losing.undecided))


@dataclass(frozen=True, slots=True)
class _Named:
    revision: CompiledEvent
    names: Mapping[str, str]
    choices: Choices

    def burden(self, person: Situation) -> Burden:
        own = {key: self._own(key, person.answers[name]) for key, name in self.names.items() if name in person.answers}
        return burden(self.revision, Situation(own, person.holdings))

    def _own(self, key: str, answer: Answer) -> Answer:
        return next((choice for choice, other in self.choices.get(key, {}).items() if other == answer), answer)


class _Search:
    """Looks for persons who are worse off in ``to`` than in ``start``."""

    def __init__(self, start: _Named, to: _Named, limit_ms: int) -> None:
        self.start, self.to = start, to
        self.person = Person(context_of_thread())
        self.old = Side(start.revision.tables, self.person, start.names, start.choices)
        self.new = Side(to.revision.tables, self.person, to.names, to.choices)
        self.solver = _z3.SimpleSolver(ctx=self.person.context)
        self.solver.set("timeout", limit_ms)
        self.undecided: list[Component] = []
        shared = self.old.allowed.keys() & self.new.allowed.keys()
        own = [one for key, one in self.new.allowed.items() if key not in shared]
        self.solver.add(*_plain([*self.person.possible, *self.old.allowed.values(), *own]))
        self.still_allowed = all_of(self.new.allowed[key] for key in sorted(shared))

    def changes(self, *, gain: bool) -> Iterator[Change]:
        for component in Component:
            try:
                found = self._worse_off(component)
            except CannotDecide:
                self.undecided.append(component)
                continue
            if found is not None:
                yield self._change(component, *found, gain=gain)

    def _worse_off(self, component: Component) -> tuple[Situation, Formula] | None:
        formula = all_of([self.still_allowed, worse(component, self.old, self.new)])
        if component is Component.ELIGIBILITY:
            may_apply = any_of(self.old.case.items)
            formula = any_of([formula, all_of([may_apply, opposite(self.still_allowed)])])
        found = self._somebody(formula)
        if found is None:
            return self._one_by_one() if component is Component.VISITS else None
        if not self._is_worse(component, found):
            raise CannotDecide  # the planner does not confirm what the solver found: nothing is claimed
        return found, formula

    def _one_by_one(self) -> tuple[Situation, Formula] | None:
        """Return somebody with a third visit or more: formulas tell no more than one from two.

        Visits depend only on the acts that are there and on what waits for what, so one person stands for all with
        the same of these.
        """
        before, after = self.old.case.telling(), self.new.case.telling()
        unlike = any_of(_unlike(before.get(key, False), after.get(key, False)) for key in {**before, **after})
        both = (self.old.case.two_visits(), self.new.case.two_visits())
        twice = all_of([self.still_allowed, *both, self._three_acts(), unlike])
        if twice is False:
            return None
        telling = [one for one in (*before.values(), *after.values()) if not isinstance(one, bool)]
        self.solver.push()
        try:
            self.solver.add(*_plain([twice]))
            for _ in range(_MOST_TRIED):
                if not self._check():
                    return None
                model = self.solver.model()
                same = [one if _holds(model, one) else opposite(one) for one in telling]
                found = self._read(model)
                if self._is_worse(Component.VISITS, found):
                    return found, all_of([twice, *same])
                self.solver.add(opposite(all_of(same)))
        finally:
            self.solver.pop()
        raise CannotDecide

    def _three_acts(self) -> Formula:
        present = [any_of(several) for several in self.new.case.present.values()]
        return amount([(one, 1) for one in present], self.person.context) >= 3

    def _somebody(self, formula: Formula) -> Situation | None:
        if formula is False:
            return None
        self.solver.push()
        try:
            self.solver.add(*_plain([formula]))
            return self._read(self.solver.model()) if self._check() else None
        finally:
            self.solver.pop()

    def _check(self) -> bool:
        found = self.solver.check()
        if found == _z3.unknown:
            raise CannotDecide
        return bool(found == _z3.sat)

    def _read(self, model: Any) -> Situation:
        answers = {**self.new.answers(model), **self.old.answers(model)}
        levels = list(Assurance)
        level = levels[model.eval(self.person.level, model_completion=True).as_long()]
        seen = {key: "available" if _holds(model, one) else "missing" for key, one in self.person.data.items()}
        return Situation(answers, {**seen, "*": "missing", "assurance": level.value})

    def _is_worse(self, component: Component, person: Situation) -> bool:
        return is_worse(self.start.burden(person)[component], self.to.burden(person)[component])

    def _change(self, component: Component, person: Situation, formula: Formula, *, gain: bool) -> Change:
        person = self._plainest(component, person)
        deciding = self._deciding(person, formula)
        before, after = self.start.burden(person), self.to.burden(person)
        who = described(self.old, self.new, person, deciding)
        if gain:
            before, after = after, before
        revisions = (self.to, self.start) if gain else (self.start, self.to)
        tables = (revisions[0].revision.tables, revisions[1].revision.tables)
        return Change(
            need=self.start.revision.event.key,
            component=component,
            old=before[component],
            new=after[component],
            answers=person.answers,
            holdings=person.holdings,
            deciding=deciding,
            person=in_need(who, tables[1].event.name),
            effect=told(component, tables, (before, after)),
        )

    def _plainest(self, component: Component, person: Situation) -> Situation:
        """Return somebody like most people: everything on record, answers nobody wonders at, if that still hurts."""
        for key in self.person.data:
            person = self._if_worse(component, person, Situation(person.answers, {**person.holdings, key: "available"}))
        nobody = {**person.holdings, "assurance": Assurance.NONE.value}
        person = self._if_worse(component, person, Situation(person.answers, nobody))
        facts = {self.new.names[key]: fact for key, fact in self.new.tables.facts.items()}
        facts |= {self.old.names[key]: fact for key, fact in self.old.tables.facts.items()}
        for key, fact in facts.items():
            plain = Situation({**person.answers, key: plain_answer(fact)}, person.holdings)
            person = self._if_worse(component, person, plain)
        return person

    def _if_worse(self, component: Component, person: Situation, plainer: Situation) -> Situation:
        return plainer if self._is_worse(component, plainer) else person

    def _deciding(self, person: Situation, formula: Formula) -> tuple[str, ...]:
        """Return the least of what was fixed that still makes everybody worse off."""
        fixed = self._fixed(person)
        for key in list(fixed):
            fewer = [one for other, one in fixed.items() if other != key]
            self.solver.push()
            try:
                self.solver.add(*_plain([*fewer, opposite(formula)]))
                if not self._check():
                    del fixed[key]
            except CannotDecide:
                pass  # it stays among the deciding ones: one word too many is no lie
            finally:
                self.solver.pop()
        return tuple(fixed)

    def _fixed(self, person: Situation) -> dict[str, Formula]:
        fixed: dict[str, Formula] = {}
        for side in (self.new, self.old):
            for key, variable in side.unknowns.variables.items():
                value = person.answers[side.names[key]]
                fixed[side.names[key]] = variable == self._number(value)
        levels = [one.value for one in Assurance]
        fixed["assurance"] = self.person.level == levels.index(person.holdings["assurance"])
        for key, one in self.person.data.items():
            fixed[key] = one if person.holdings[key] == "available" else opposite(one)
        return fixed

    def _number(self, value: Answer) -> Any:
        if isinstance(value, bool | int):
            return value
        return self.person.numbers[value] if isinstance(value, str) else value.toordinal()


def _unlike(one: Formula, other: Formula) -> Formula:
    if isinstance(one, bool) or isinstance(other, bool):
        return any_of([all_of([one, opposite(other)]), all_of([opposite(one), other])])
    return False if one.eq(other) else one != other


def _holds(model: Any, formula: Formula) -> bool:
    return bool(_z3.is_true(model.eval(formula, model_completion=True)))


def _plain(formulas: Any) -> list[Formula]:
    return [one for one in formulas if one is not True]
