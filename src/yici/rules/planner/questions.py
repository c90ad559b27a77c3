"""Chooses the questions still to ask: only those whose answer can change the plan, the most telling first."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from functools import lru_cache
from itertools import product
from math import prod

from yici.rules.conditions import Answer, Answers, Condition, Fact, compile_one, facts_in, partial
from yici.rules.conditions.facts import EARLIEST, LATEST
from yici.rules.conditions.tree import Among, Arithmetic, Choose, Compare, Constant, FactRef, Tree
from yici.rules.planner.tables import Tables

# A condition with more combinations of telling answers than this keeps all questions that occur in it.
_MOST_COMBINATIONS = 512
_WHOLE_POINT = 27_720  # divisible by 1..12: a part with n open questions gives each an n-th of a point


def questions_left(tables: Tables, answers: Answers, unknown: int) -> tuple[str, ...]:
    """Return the questions that can still change the plan, when these parts are ``unknown``.

    First the one that most undecided parts hang on, a part counting less the more other questions it needs; among
    equals the order of the event's questions, then the alphabet.
    """
    points: dict[str, int] = {}
    for parts, joint in tables.states.joint:
        open_parts = (unknown & parts).bit_count()
        if open_parts:
            known = tuple((key, answers[key]) for key in sorted(joint.facts) if answers.get(key) is not None)
            telling = telling_facts(_rest(joint, known), tables.facts)
            for fact in telling:
                points[fact] = points.get(fact, 0) + open_parts * _WHOLE_POINT // len(telling)
    asked_first = {question.key: place for place, question in enumerate(tables.event.questions)}
    return tuple(sorted(points, key=lambda key: (-points[key], asked_first.get(key, len(asked_first)), key)))


@lru_cache(maxsize=4_096)
def _rest(joint: Condition, known: tuple[tuple[str, object], ...]) -> Condition:
    return partial(joint, dict(known))


def telling_facts(rest: Condition, facts: Mapping[str, Fact]) -> frozenset[str]:
    """Return the facts whose answer can still change whether the rest of a condition holds.

    Exact for conditions that compare facts with constants and are not too large; else a fact too many may be named.

    >>> from yici.rules.conditions import condition
    >>> facts = {"married": Fact("married", "bool"), "age": Fact("age", "int", minimum=0, maximum=17)}
    >>> sorted(telling_facts(condition("married || age > 17", facts), facts))
    ['married']
    """
    asked = tuple(sorted((facts[key] for key in rest.facts), key=lambda fact: fact.key))
    return _telling(rest, asked)


@lru_cache(maxsize=4_096)
def _telling(rest: Condition, facts: tuple[Fact, ...]) -> frozenset[str]:
    values = {fact.key: _telling_values(rest.tree, fact) for fact in facts}
    if prod(map(len, values.values())) > _MOST_COMBINATIONS or not _is_plain(rest.tree):
        return rest.facts
    holds = compile_one(rest)
    results = {
        combination: holds(dict(zip(values, combination, strict=True))) for combination in product(*values.values())
    }
    return frozenset(key for place, key in enumerate(values) if _depends(results, place))


def _depends(results: Mapping[tuple[Answer, ...], bool | None], place: int) -> bool:
    """Whether two combinations that differ only in this place differ in their result."""
    seen: dict[tuple[Answer, ...], bool | None] = {}
    return any(
        seen.setdefault(combination[:place] + combination[place + 1 :], result) is not result
        for combination, result in results.items()
    )


def _is_plain(tree: Tree) -> bool:
    """Whether facts are only compared with constants, so that values around these constants stand for all others."""
    return all(
        not isinstance(piece, Arithmetic)
        and not (isinstance(piece, Choose) and _kind(piece.yes) != "bool")
        and not (isinstance(piece, Compare) and _kind(piece.left) != "bool" and len(facts_in(piece)) > 1)
        for piece in tree.walk()
    )


def _kind(tree: Tree) -> str:
    return tree.kind or "bool" if isinstance(tree, Constant | FactRef) else "bool"


def _telling_values(tree: Tree, fact: Fact) -> tuple[Answer, ...]:
    if fact.kind == "bool":
        return (False, True)
    compared = set(_compared_with(tree, fact.key))
    if fact.kind == "enum":
        others = [value for value in fact.values if value not in compared]
        return (*sorted(compared & set(fact.values), key=str), *others[:1])
    if fact.kind == "date":
        days = [day for day in compared if isinstance(day, date)]
        near_days = {day + timedelta(days=step) for day in days for step in (-1, 0, 1) if _has_neighbours(day)}
        return tuple(sorted({day for day in near_days | {EARLIEST, LATEST} if EARLIEST <= day <= LATEST}))
    least, greatest = fact.range()
    near = {number + step for number in compared if isinstance(number, int) for step in (-1, 0, 1)}
    return tuple(sorted(number for number in near | {least, greatest} if least <= number <= greatest))


def _has_neighbours(day: date) -> bool:
    return date.min < day < date.max


def _compared_with(tree: Tree, key: str) -> Iterator[Answer]:
    for piece in tree.walk():
        if isinstance(piece, Compare | Among) and key in facts_in(piece):
            yield from (inner.value for inner in piece.walk() if isinstance(inner, Constant))
