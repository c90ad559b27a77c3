"""Finds somebody for whom a need takes as many promised days as it can take for anybody, and the chain of steps."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import z3

from yici.rules.burden.measures import promised_days
from yici.rules.burden.people import described
from yici.rules.burden.sides import Person, Side
from yici.rules.burden.vector import Situation
from yici.rules.conditions import Answer
from yici.rules.items import Assurance
from yici.rules.planner import CompiledEvent
from yici.rules.plans import PlannedStep
from yici.rules.proof.formulas import context_of_thread
from yici.rules.words import Words

_z3: Any = z3  # it ships without types

LIMIT_MS = 2_000  # for one question to the solver, as in proofs


@dataclass(frozen=True, slots=True)
class Slowest:
    """The longest a need can take. ``days``: promised working days; ``path``: one longest chain of its steps.

    ``situation``: the answers and data that decide it; whatever else is answered, it takes as long. ``person``: the
    same in words.
    ``proved``: whether nobody waits longer; otherwise the solver gave up, and somebody might.
    """

    days: int
    path: tuple[PlannedStep, ...]
    steps: tuple[PlannedStep, ...]
    waits: tuple[tuple[str, str], ...]  # (item, the item that waits for its result)
    situation: Situation
    person: Words
    proved: bool


def slowest(revision: CompiledEvent, *, limit_ms: int = LIMIT_MS) -> Slowest:
    """Return the longest the need can take, over all answers and every state of the data.

    The days of special procedures (听证、检验、鉴定…) are not among them, as in every plan.
    """
    search = _Search(revision, limit_ms)
    situation, proved = search.longest()
    situation, deciding = search.deciding(situation)
    plan = revision.plan(situation.answers, situation.holdings, with_options=False)
    return Slowest(
        days=plan.days,
        path=plan.path,
        steps=plan.steps,
        waits=tuple((other, one.item) for one in plan.items for other in one.waits_for),
        situation=situation,
        person=described(search.side, search.side, situation, deciding),
        proved=proved,
    )


class _Search:
    def __init__(self, revision: CompiledEvent, limit_ms: int) -> None:
        self.revision = revision
        self.person = Person(context_of_thread())
        self.side = Side(revision.tables, self.person, {key: key for key in revision.facts}, {})
        self.solver = _z3.SimpleSolver(ctx=self.person.context)
        self.solver.set("timeout", limit_ms)
        allowed = [*self.person.possible, *self.side.allowed.values()]
        self.solver.add(*(one for one in allowed if one is not True))

    def days(self, situation: Situation) -> int:
        """Return the promised days of a person by the planner's own reckoning."""
        return self.revision.plan(situation.answers, situation.holdings, with_options=False).days

    def longest(self) -> tuple[Situation, bool]:
        """Return who waits longest, and whether it is proved that nobody waits longer: each answer asks for more."""
        measure, best, proved = promised_days(self.side), Situation({}, {"*": "available"}), True
        for found in self._longer(measure, best):
            if found is None or self.days(found) <= self.days(best):
                proved = False  # the solver gave up, or the planner does not confirm what it found
                break
            best = found
        return best, proved

    def _longer(self, measure: Any, best: Situation) -> Iterator[Situation | None]:
        days = self.days(best)
        while not isinstance(measure, int):
            self.solver.add(measure > days)
            found = self.solver.check()
            if found == _z3.unsat:
                return
            if found == _z3.unknown:
                yield None
                return
            one = self._read(self.solver.model())
            days = self.days(one)
            yield one

    def _read(self, model: Any) -> Situation:
        def holds(formula: Any) -> bool:
            return bool(_z3.is_true(model.eval(formula, model_completion=True)))

        seen = {key: "available" if holds(one) else "missing" for key, one in self.person.data.items()}
        return Situation(self.side.answers(model), {**seen, "*": "missing", "assurance": Assurance.NONE.value})

    def deciding(self, situation: Situation) -> tuple[Situation, tuple[str, ...]]:
        """Return the person with no more answers and no worse data than make it so long, and the keys that do.

        What is not answered counts as not applying, so that it is as long whatever the answer will be.
        """
        longest, left = self.days(situation), situation
        for key in situation.answers:
            fewer: dict[str, Answer] = {other: one for other, one in left.answers.items() if other != key}
            left = self._if_as_long(longest, left, replace(left, answers=fewer))
        for key in self.person.data:
            left = self._if_as_long(longest, left, replace(left, holdings={**left.holdings, key: "available"}))
        data = [key for key in self.person.data if left.holdings.get(key) == "missing"]
        return left, (*left.answers, *data)

    def _if_as_long(self, longest: int, left: Situation, plainer: Situation) -> Situation:
        return plainer if self.days(plainer) == longest else left
