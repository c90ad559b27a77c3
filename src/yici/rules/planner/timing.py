"""Lays the steps of one item on the axis of working days."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from yici.rules.items import Item, Period, Step
from yici.rules.words import Words


class Timing(NamedTuple):
    """The days of one item in one situation, counted from its start; tuples follow the order of its steps.

    ``days``: promised working days of its longest chain of steps; ``total``: with special procedures; ``statutory``:
    the law's days of its longest chain. ``tails``: promised days between a step's end and the item's. ``chain``: the
    steps of one longest chain. ``lags``: days, special procedures included, until each review presence can take place.
    """

    days: int
    total: int
    statutory: int
    starts: tuple[int, ...]
    finishes: tuple[int, ...]
    tails: tuple[int, ...]
    chain: tuple[int, ...]
    lags: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class StepGraph:
    """The steps of an item in an order in which none comes before one it waits for.

    A step that does not apply takes no day, and what waits for it waits for what it waited for.
    ``reviews``: for each review presence, the places of the steps it waits for.
    """

    steps: tuple[Step, ...]
    before: tuple[tuple[int, ...], ...]
    reviews: tuple[tuple[int, ...], ...]
    bits: tuple[int, ...]  # the bit of each step's condition
    special_bits: tuple[tuple[int, ...], ...]
    region: int  # all these bits together
    known: dict[int, Timing] = field(default_factory=dict, compare=False, repr=False)

    def timing(self, applying: int) -> Timing:
        """Return the days when exactly these conditions hold."""
        key = applying & self.region
        found = self.known.get(key)
        if found is None:
            found = self.known[key] = self._compute(key)
        return found

    def _compute(self, applying: int) -> Timing:
        holds = [bool(applying & bit) for bit in self.bits]
        promised = [step.promised_days * held for step, held in zip(self.steps, holds, strict=True)]
        total = [days + self._special_days(place, applying) for place, days in enumerate(promised)]
        starts, finishes = self._axis(promised)
        _, with_special = self._axis(total)
        _, by_law = self._axis([step.statutory_days * held for step, held in zip(self.steps, holds, strict=True)])
        return Timing(
            days=max(finishes, default=0),
            total=max(with_special, default=0),
            statutory=max(by_law, default=0),
            starts=tuple(starts),
            finishes=tuple(finishes),
            tails=tuple(self._tails(promised)),
            chain=tuple(place for place in self._chain(starts, finishes) if holds[place]),
            lags=tuple(max((with_special[place] for place in after), default=0) for after in self.reviews),
        )

    def _special_days(self, place: int, applying: int) -> int:
        if not applying & self.bits[place]:
            return 0
        specials = zip(self.steps[place].special, self.special_bits[place], strict=True)
        return sum(special.days for special, bit in specials if applying & bit)

    def _axis(self, days: Sequence[int]) -> tuple[list[int], list[int]]:
        starts: list[int] = []
        finishes: list[int] = []
        for place, before in enumerate(self.before):
            starts.append(max((finishes[other] for other in before), default=0))
            finishes.append(starts[place] + days[place])
        return starts, finishes

    def _tails(self, days: Sequence[int]) -> list[int]:
        tails = [0] * len(days)
        for place in reversed(range(len(days))):
            for other in self.before[place]:
                tails[other] = max(tails[other], tails[place] + days[place])
        return tails

    def _chain(self, starts: Sequence[int], finishes: Sequence[int]) -> list[int]:
        waited_for = {other for before in self.before for other in before}
        last = [place for place in range(len(starts)) if place not in waited_for]
        chain = sorted(last, key=lambda place: -finishes[place])[:1]
        while chain and self.before[chain[-1]]:
            chain.append(next(other for other in self.before[chain[-1]] if finishes[other] == starts[chain[-1]]))
        return chain[::-1]


def steps_of(item: Item) -> tuple[Step, ...]:
    """Return the steps of an item; one that describes none is one step of its promised days."""
    if item.steps:
        return item.steps
    promised, statutory = working_days_at_most(item.promised), working_days_at_most(item.statutory)
    return (Step("handling", Words("办理", "Handling"), "", "reviewer", promised, statutory),)


def working_days_at_most(period: Period) -> int:
    """Return the greatest number of working days that a period can hold, whatever day it begins.

    >>> working_days_at_most(Period(5, "W")), working_days_at_most(Period(1, "M"))
    (5, 23)
    """
    most = {"W": 1, "D": 1, "M": 23, "Y": 262}
    return -(-period.value // 24) if period.unit == "H" else period.value * most[period.unit]


def topological(keys: Iterable[str], before: dict[str, set[str]]) -> list[str] | None:
    """Return the keys so that none comes before one it waits for, the alphabet deciding else; None for a circle."""
    left, ordered, done = sorted(keys), list[str](), set[str]()
    while left:
        free = next((key for key in left if before.get(key, set()) <= done), None)
        if free is None:
            return None
        left.remove(free)
        ordered.append(free)
        done.add(free)
    return ordered
