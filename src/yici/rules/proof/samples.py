"""Tries a few dozen people before the solver is asked: most conditions hold for some of them and fail for others."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from yici.rules.conditions import Answer, Condition, Fact
from yici.rules.conditions.facts import EARLIEST, GREATEST, LATEST
from yici.rules.conditions.tree import Constant
from yici.rules.planner.tables import Tables

_PEOPLE = 24


class Samples:
    """What was seen among the people tried: parts that applied, conditions that failed, answers that mattered."""

    def __init__(self, tables: Tables) -> None:
        states = tables.states
        self._choices = _choices(tables.facts, states.conditions)
        self._tables = tables
        self.applied = 0
        self.failed: set[Condition] = set()
        self._people = list(self._people_to_try())
        for person in self._people:
            values = states.decide(person)
            self.applied |= states.of(values)[0]
            self.failed |= {one for one, value in zip(states.conditions, values, strict=True) if value is False}

    def differ_in(self, key: str) -> bool:
        """Whether somebody tried would get another plan for another answer to this one question."""
        states = self._tables.states
        for person in self._people:
            seen = {states.of(states.decide({**person, key: value})) for value in self._choices[key]}
            if len(seen) > 1:
                return True
        return False

    def _people_to_try(self) -> Iterator[dict[str, Answer]]:
        # Steps of different lengths through each list of answers, so that few people show many combinations.
        for number in range(_PEOPLE):
            yield {
                key: values[(number * (place + 1) + number // (place + 2)) % len(values)]
                for place, (key, values) in enumerate(self._choices.items())
            }


def _choices(facts: Mapping[str, Fact], conditions: tuple[Condition, ...]) -> dict[str, list[Answer]]:
    written = [piece for one in conditions for piece in one.tree.walk() if isinstance(piece, Constant)]
    numbers = sorted({piece.value for piece in written if type(piece.value) is int})
    days = sorted({piece.value for piece in written if isinstance(piece.value, date)})
    return {key: _answers(fact, numbers, days) for key, fact in facts.items()}


def _answers(fact: Fact, numbers: list[int], days: list[date]) -> list[Answer]:
    if fact.kind == "bool":
        return [False, True]
    if fact.kind == "enum":
        return list(fact.values)
    if fact.kind == "date":
        around = {day + timedelta(shift) for day in days for shift in (-1, 0, 1) if EARLIEST < day < LATEST}
        return [*sorted(around), date(2018, 1, 1)]
    least, greatest = fact.range()
    near = {number + shift for number in numbers for shift in (-1, 0, 1)} | {least, min(greatest, GREATEST)}
    return [number for number in sorted(near) if least <= number <= greatest]
