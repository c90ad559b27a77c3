"""Gives every conditional part of an event one bit, so that a situation is two whole numbers."""

from collections.abc import Mapping
from functools import lru_cache, reduce

from yici.rules.conditions import (
    Answers,
    CannotUnderstand,
    Condition,
    Decide,
    Fact,
    compile_all,
    condition,
    condition_of,
)
from yici.rules.conditions.tree import TRUE, And
from yici.rules.planner.refusals import CannotCompile


class Parts:
    """Members, requirements, presences, steps and special procedures in the order they were added.

    A part inside another (a step in an item) applies only when that one does.
    """

    def __init__(self, facts: Mapping[str, Fact]) -> None:
        self.facts = facts
        self.count = 0
        self.always = 0
        self.governed: dict[Condition, int] = {}
        self.inside: list[tuple[int, int]] = []
        self.whole: dict[int, tuple[Condition, ...]] = {}  # a part's condition after those it lies inside

    def add(self, where: str, when: str, inside: int = 0) -> int:
        """Return the bit of a new part. Raises CannotCompile with the place of the fault in its condition."""
        bit = 1 << self.count
        self.count += 1
        try:
            when_it_applies = condition(when, self.facts)
        except CannotUnderstand as fault:
            raise CannotCompile(f"{where}.when", zh=fault.text("zh"), en=fault.text("en")) from fault
        self.whole[bit] = (*self.whole.get(inside, ()), when_it_applies)
        if when_it_applies.tree == TRUE:
            self.always |= bit
        else:
            self.governed[when_it_applies] = self.governed.get(when_it_applies, 0) | bit
        return bit

    def enclose(self, bit: int, parts: int) -> None:
        """Note that the parts lie inside the part of this bit; outer ones are noted first."""
        if parts:
            self.inside.append((bit, parts))

    def states(self) -> "States":
        """Return the finished table."""
        together: dict[tuple[Condition, ...], int] = {}
        for bit, conditions in self.whole.items():
            kept = tuple(sorted({one for one in conditions if one.tree != TRUE}, key=lambda one: one.text))
            together[kept] = together.get(kept, 0) | bit
        joint = tuple((bits, _all_of(conditions)) for conditions, bits in together.items() if conditions)
        return States(self.governed, self.always, tuple(self.inside), joint)


def _all_of(conditions: tuple[Condition, ...]) -> Condition:
    if len(conditions) == 1:
        return conditions[0]
    return condition_of(And(tuple(one.tree for one in conditions)))


class States:
    """Decides which parts apply. ``joint``: sets of parts with the one condition under which they apply."""

    __slots__ = ("always", "conditions", "decide", "governed", "inside", "joint")

    def __init__(
        self,
        governed: Mapping[Condition, int],
        always: int,
        inside: tuple[tuple[int, int], ...],
        joint: tuple[tuple[int, Condition], ...],
    ) -> None:
        self.conditions = tuple(governed)
        self.governed = tuple(governed.values())
        self.decide: Decide = compile_all(self.conditions)
        self.always = always
        self.inside = inside
        self.joint = joint

    def of(self, values: tuple[bool | None, ...]) -> tuple[int, int]:
        """Return the parts that apply and those still undecided, from the values of the conditions."""
        applying, unknown = self.always, 0
        for value, parts in zip(values, self.governed, strict=True):
            if value:
                applying |= parts
            elif value is None:
                unknown |= parts
        for outer, parts in self.inside:
            if not applying & outer:
                unknown = (unknown | applying & parts) if unknown & outer else unknown & ~parts
                applying &= ~parts
        return applying, unknown

    def values(self, answers: Answers) -> tuple[bool | None, ...]:
        """Return the values of the conditions for checked answers."""
        return self.decide(answers)


def union(masks: "list[int] | tuple[int, ...]") -> int:
    """Return all bits of all masks.

    >>> union([1, 4])
    5
    """
    return reduce(int.__or__, masks, 0)


@lru_cache(maxsize=4_096)
def places_in(mask: int) -> tuple[int, ...]:
    """Return the places of the bits of a mask, lowest first.

    >>> places_in(5)
    (0, 2)
    """
    return tuple(place for place in range(mask.bit_length()) if mask >> place & 1)
