"""Random facts, conditions over them and answers to them, for every test that needs a situation."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import cast

from hypothesis import strategies as st

from yici.rules.conditions import Answer, Condition, Fact, Kind, condition, text_of
from yici.rules.conditions.facts import EARLIEST, GREATEST, LATEST
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

PLACES = ("local", "other_province", "abroad")
HOUSING = ("own", "rented", "none")
EQUAL: tuple[Comparison, ...] = ("==", "!=")
ORDERED: tuple[Comparison, ...] = ("==", "!=", "<", "<=", ">", ">=")

_POOL = (
    Fact("married", "bool"),
    Fact("has_school_place", "bool"),
    Fact("child.order", "int", minimum=1, maximum=9),
    Fact("years_insured", "int", minimum=-3, maximum=3),
    Fact("residence", "enum", PLACES),
    Fact("birthplace", "enum", PLACES),
    Fact("housing", "enum", HOUSING),
    Fact("income", "fen", minimum=0, maximum=1_000),
    Fact("savings", "fen"),
    Fact("born_on", "date"),
    Fact("moved_on", "date"),
)

# Few different values, so that equal ones and borders are met often.
_DAYS = st.sampled_from([EARLIEST, date(2016, 2, 29), date(2018, 1, 1), date(2018, 1, 2), LATEST])
_PLUS_MINUS: st.SearchStrategy[Sign] = st.sampled_from(("+", "-"))
_NUMBERS = st.integers(-3, 10) | st.sampled_from([100, 1_000, -GREATEST, GREATEST])


def facts() -> st.SearchStrategy[dict[str, Fact]]:
    """Some of the questions that an item may ask, at least one."""
    some = st.lists(st.sampled_from(_POOL), min_size=1, unique=True)
    return some.map(lambda chosen: {fact.key: fact for fact in chosen})


@st.composite
def conditions(draw: st.DrawFn, facts: Mapping[str, Fact], deepest: int = 4) -> Condition:
    """Conditions that type-check over these facts, nested at most so deep."""
    return condition(text_of(_Grower(draw, facts).clause(deepest)), facts)


def answers(facts: Mapping[str, Fact], complete: bool = False) -> st.SearchStrategy[dict[str, Answer]]:
    """What somebody answered: some of the questions, or all of them."""
    values = {key: answer_to(fact) for key, fact in facts.items()}
    return st.fixed_dictionaries(values) if complete else st.fixed_dictionaries({}, optional=values)


def answer_to(fact: Fact) -> st.SearchStrategy[Answer]:
    """An allowed answer to one question."""
    if fact.kind == "bool":
        return cast(st.SearchStrategy[Answer], st.booleans())
    if fact.kind == "enum":
        return st.sampled_from(fact.values)
    if fact.kind == "date":
        return _DAYS | st.dates(EARLIEST, LATEST)
    least, greatest = fact.range()
    near = st.integers(max(least, -3), min(greatest, 10))
    return near | st.integers(least, greatest)


@dataclass(frozen=True)
class _Grower:
    """Grows a tree by drawing one piece after the other: a strategy of strategies takes seconds to build."""

    draw: st.DrawFn
    facts: Mapping[str, Fact]

    def pick(self, *ways: Callable[[], Tree]) -> Tree:
        return self.draw(st.sampled_from(ways))()

    def known(self, kind: Kind, values: tuple[str, ...], otherwise: st.SearchStrategy[Answer]) -> Tree:
        """One of the facts of this kind, now and then (or if there is none) a fixed value."""
        keys = [key for key, fact in self.facts.items() if fact.kind == kind and fact.values == values]
        fixed = self.draw(st.integers(0, 3)) == 0
        if keys and not fixed:
            return FactRef(self.draw(st.sampled_from(keys)))
        return Constant(self.draw(otherwise), "int" if kind == "fen" else kind)

    def clause(self, left: int) -> Tree:
        if left <= 0:
            return self.known("bool", (), st.booleans())
        return self.pick(
            lambda: self.known("bool", (), st.booleans()),
            lambda: self.comparison(left - 1),
            lambda: self.comparison(left - 1),
            lambda: self.membership(left - 1),
            lambda: Not(self.clause(left - 1)),
            lambda: And(_flat(And, self.several(left - 1))),
            lambda: Or(_flat(Or, self.several(left - 1))),
            lambda: self.either(self.clause, left - 1),
        )

    def several(self, left: int) -> list[Tree]:
        return [self.clause(left) for _ in range(self.draw(st.integers(2, 3)))]

    def comparison(self, left: int) -> Tree:
        side = self.draw(st.sampled_from((self.number, self.amount, self.day, self.place, self.housing, self.clause)))
        signs = ORDERED if side in (self.number, self.amount, self.day) else EQUAL
        return Compare(self.draw(st.sampled_from(signs)), side(left), side(left))

    def membership(self, left: int) -> Tree:
        return self.pick(
            lambda: Among(self.number(left), self.options(_NUMBERS, "int")),
            lambda: Among(self.day(left), self.options(_DAYS, "date")),
            lambda: Among(self.place(left), self.options(st.sampled_from(PLACES), "enum")),
        )

    def options(self, values: st.SearchStrategy[Answer], kind: Kind) -> tuple[Constant, ...]:
        drawn = self.draw(st.lists(values, min_size=1, max_size=3))
        return tuple(Constant(value, kind) for value in drawn)

    def either(self, grow: Callable[[int], Tree], left: int) -> Tree:
        return Choose(self.clause(left), grow(left), grow(left))

    def place(self, left: int) -> Tree:
        return self.choice(PLACES, left)

    def housing(self, left: int) -> Tree:
        return self.choice(HOUSING, left)

    def choice(self, values: tuple[str, ...], left: int) -> Tree:
        plain = partial(self.known, "enum", values, st.sampled_from(values))
        if left <= 0:
            return plain()
        return self.pick(plain, plain, lambda: self.either(lambda rest: self.choice(values, rest), left - 1))

    def amount(self, left: int) -> Tree:
        plain = partial(self.known, "fen", (), _NUMBERS)
        return self.pick(plain, plain, *self.sums(self.amount, left - 1)) if left > 0 else plain()

    def number(self, left: int) -> Tree:
        plain = partial(self.known, "int", (), _NUMBERS)
        if left <= 0:
            return plain()
        days = partial(self.between, left - 1)
        return self.pick(plain, plain, days, *self.sums(self.number, left - 1))

    def between(self, left: int) -> Tree:
        return Arithmetic("-", self.day(left), self.day(left))

    def sums(self, grow: Callable[[int], Tree], left: int) -> list[Callable[[], Tree]]:
        return [
            lambda: Arithmetic(self.draw(_PLUS_MINUS), grow(left), grow(left)),
            lambda: Arithmetic("*", Constant(self.draw(_NUMBERS), "int"), grow(left)),
            lambda: Arithmetic("*", grow(left), Constant(self.draw(_NUMBERS), "int")),
            lambda: self.either(grow, left),
        ]

    def day(self, left: int) -> Tree:
        plain = partial(self.known, "date", (), _DAYS)
        if left <= 0:
            return plain()
        return self.pick(
            plain,
            plain,
            lambda: Arithmetic(self.draw(_PLUS_MINUS), self.day(left - 1), self.number(left - 1)),
            lambda: Arithmetic("+", self.number(left - 1), self.day(left - 1)),
            lambda: self.either(self.day, left - 1),
        )


def _flat(kind: type[And] | type[Or], parts: list[Tree]) -> tuple[Tree, ...]:
    return tuple(piece for part in parts for piece in (part.parts if isinstance(part, kind) else (part,)))
