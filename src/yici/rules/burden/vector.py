"""Counts what an item or life event asks of one person, with the planner's own reckoning."""

from collections.abc import Iterable, Iterator, Mapping, Sized
from dataclasses import dataclass

from yici.rules.burden.components import Component
from yici.rules.burden.contents import (
    DEMANDED,
    Demand,
    accepted_at,
    demand_of,
    fields_of,
    offers_of,
    pays_online,
    periods_of,
)
from yici.rules.conditions import Answer, CannotAnswer, check_answers
from yici.rules.items import REMOTE_PLACES, VISITED_PLACES
from yici.rules.planner import CompiledEvent
from yici.rules.planner.calendar import starts_of
from yici.rules.planner.deciding import Reckoning, decide
from yici.rules.planner.deciding import Situation as Bits
from yici.rules.planner.holdings import USABLE, Holdings
from yici.rules.planner.parts import union
from yici.rules.planner.tables import Tables

# A number, the goods there are, or None when the good matters to nobody (no place for somebody who need not come).
Value = int | tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class Situation:
    """One person: every answer, and what the government can see (with the level of the account as ``assurance``)."""

    answers: Mapping[str, Answer]
    holdings: Holdings


@dataclass(frozen=True, slots=True)
class Burden:
    """The vector. ``asked``: for sentences, the requirements counted in a component, by what they prove."""

    values: Mapping[Component, Value]
    asked: Mapping[Component, Mapping[str, str]]

    def __getitem__(self, component: Component) -> Value:
        """Return one component."""
        return self.values[component]


def is_worse(old: Value, new: Value) -> bool:
    """Whether the person is worse off in one component.

    >>> is_worse(1, 2), is_worse(("post", "web"), ("post", "kiosk")), is_worse(None, ("web",))
    (True, True, False)
    """
    if isinstance(old, tuple) and isinstance(new, tuple):
        return not set(old) <= set(new)
    return isinstance(old, int) and isinstance(new, int) and new > old


def burden(revision: CompiledEvent, situation: Situation) -> Burden:
    """Return what this revision asks of the person.

    ``situation.answers`` may hold answers to questions this revision does not ask; one that it no longer allows means
    that the person cannot apply at all. Days are working days; the fee is in fen; steps are counted by the posts they
    pass, so that dividing a post's work in two is no burden.
    """
    answers = {key: value for key, value in situation.answers.items() if key in revision.facts}
    try:
        check_answers(answers, revision.facts)
    except CannotAnswer:
        return Burden({one: () if one is Component.ELIGIBILITY else None for one in Component}, {})
    return _Count(revision.tables, answers, situation.holdings).burden()


class _Count:
    def __init__(self, tables: Tables, answers: Mapping[str, Answer], holdings: Holdings) -> None:
        self.tables, self.holdings = tables, holdings
        states = tables.states
        applying, unknown = states.of(states.decide(answers))
        first = len(tables.entries)
        usable = union([1 << first + at for at, key in enumerate(tables.wanted) if self.sees(key)])
        waived = tables.waived[holdings.get("assurance", "none")]
        self.decision, self.reckoning, self.visits = decide(tables, Bits(applying, unknown, usable, waived))

    def sees(self, key: str) -> bool:
        return self.holdings.get(key, self.holdings.get("*")) in USABLE

    def burden(self) -> Burden:
        demanded = list(self.demanded())
        asked = {
            component: {one.proves: key for key, one in demanded if counts(one)}
            for component, counts in DEMANDED.items()
        }
        entries = [one for one in self.tables.entries if self.here(one.bit)]
        charging = [one for one in entries if one.item.fee.amount_fen]
        steps = [
            (step.organisation or entry.item.organisation, step.post)
            for entry in entries
            for step, bit in zip(entry.graph.steps, entry.graph.bits, strict=True)
            if self.here(bit)
        ]
        shown = union([one.act for one in self.tables.asked])
        fields = {key for _, key, source in fields_of(self.tables, self.here) if not (source and self.sees(source))}
        offers = offers_of(self.tables)
        values: dict[Component, Value] = {
            Component.ELIGIBILITY: _sorted(good for bit, goods in offers.eligible for good in goods if self.here(bit)),
            Component.VISITS: len(self.visits),
            Component.PROMISE: _goods(entries, ("standardised",) * all(one.item.standardised for one in entries)),
            Component.ORIGINALS: (self.reckoning.acts & shown).bit_count(),
            Component.PAPERS: self.reckoning.papers.bit_count(),
            Component.FIELDS: len(fields),
            Component.PRESENCES: sum(self.here(one.bit) for one in self.tables.acts),
            Component.ORGANISATIONS: len({organisation for organisation, _ in steps}),
            Component.STEPS: len(set(steps)),
            Component.PROMISED_DAYS: self.reckoning.calendar.days,
            Component.STATUTORY_DAYS: self.statutory_days(),
            Component.SPECIAL_DAYS: self.special_days(),
            Component.FEE: sum(one.item.fee.amount_fen for one in entries),
            Component.PAYMENT: _goods(charging, *(pays_online(one.item) for one in charging)),
            Component.CHANNELS: _goods(entries, *(one.item.channels for one in entries)),
            Component.ACCEPTANCE: _goods(entries, *(accepted_at(one.item) for one in entries)),
            Component.DELIVERY: _goods(entries, *(one.item.outcome.delivery for one in entries)),
            Component.PLACES: self.places(),
        }
        for component, period in periods_of().items():
            values[component] = sum(period(one.item) for one in entries)
        counted = {component: len(several) for component, several in asked.items()}
        return Burden({**counted, **values}, {**asked, Component.PAPERS: self.papers(demanded)})

    def papers(self, demanded: Iterable[tuple[str, Demand]]) -> dict[str, str]:
        return {one.proves: key for key, one in demanded if one.is_paper}

    def here(self, bit: int) -> bool:
        return bool(self.reckoning.applying & bit)

    def demanded(self) -> Iterator[tuple[str, Demand]]:
        for asked, way in zip(self.tables.asked, self.reckoning.ways, strict=True):
            if way == asked.last and self.here(asked.bit) and (demand := demand_of(asked, self.tables)):
                yield asked.requirement.key, demand

    def statutory_days(self) -> int:
        calendar = self.reckoning.calendar
        days = [timing.statutory if timing else 0 for timing in calendar.timings]
        return max(start + lasting for start, lasting in zip(starts_of(days, calendar.waits), days, strict=True))

    def special_days(self) -> int:
        return sum(
            special.days
            for entry in self.tables.entries
            for step, bits in zip(entry.graph.steps, entry.graph.special_bits, strict=True)
            for special, bit in zip(step.special, bits, strict=True)
            if self.here(bit)
        )

    def places(self) -> Value:
        return _served(self.tables, self.reckoning)


def _served(tables: Tables, reckoning: Reckoning) -> Value:
    served = {place for place, acts in tables.places if reckoning.acts and not reckoning.acts & ~acts}
    remote = [one.presence.places for one in tables.acts if not one.act and reckoning.applying & one.bit]
    if not reckoning.acts:
        served |= set(VISITED_PLACES)
    away = set(REMOTE_PLACES).intersection(*remote)
    return tuple(sorted(served | away)) if reckoning.acts or remote else None


def _sorted(goods: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(goods)))


def _goods(entries: Sized, *each: tuple[str, ...]) -> Value:
    """Return what all items that apply offer together; None when none applies."""
    return tuple(sorted(set(each[0]).intersection(*each[1:]))) if entries else None
