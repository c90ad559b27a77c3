"""Each component of a burden as a formula over all persons at once."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import z3

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
from yici.rules.burden.sides import Side, amount, counted, largest, unless
from yici.rules.items import REMOTE_PLACES, VISITED_PLACES
from yici.rules.planner.tables import Asked, Entry
from yici.rules.proof.formulas import Formula, all_of, any_of, opposite

_z3: Any = z3  # it ships without types


@dataclass(frozen=True, slots=True)
class Goods:
    """Goods a person has, each with when, and when they matter at all."""

    have: dict[str, Formula]
    needed: Formula = True


def worse(component: Component, old: Side, new: Side) -> Formula:
    """Return for whom the new revision is worse in one component, among persons whose answers both allow."""
    if component is Component.VISITS:
        return _more_visits(old, new)
    measure = _MEASURES[component]
    before, after = measure(old), measure(new)
    if isinstance(before, Goods):
        lost = [
            all_of([has, opposite(unless(after.needed, after.have.get(good, False)))])
            for good, has in before.have.items()
        ]
        return all_of([before.needed, any_of(lost)])
    more = after > before
    return more if isinstance(more, bool) else _z3.simplify(more)


def promised_days(side: Side) -> Any:
    """Return how many promised working days the longest chain of steps takes the person."""
    return _MEASURES[Component.PROMISED_DAYS](side)


def _more_visits(old: Side, new: Side) -> Formula:
    one = all_of([new.case.somebody_must_come(), opposite(old.case.somebody_must_come())])
    return any_of([one, all_of([new.case.two_visits(), opposite(old.case.two_visits())])])


def _eligibility(side: Side) -> Goods:
    have = defaultdict[str, list[Formula]](list)
    for bit, goods in offers_of(side.tables).eligible:
        for good in goods:
            have[good].append(side.applies(bit))
    return Goods(_either(have))


def _promise(side: Side) -> Goods:
    return Goods({"standardised": opposite(side.case.not_standardised())}, _anything(side))


def _anything(side: Side) -> Formula:
    return any_of(side.case.items)


def _papers(by: Callable[[Asked], int]) -> Callable[[Side], Any]:
    def count(side: Side) -> Any:
        groups = defaultdict[int, list[Formula]](list)
        for asked, unsatisfied in zip(side.tables.asked, side.case.unsatisfied, strict=True):
            if by(asked):
                groups[by(asked)].append(unsatisfied)
        return counted(groups, side.person.context)

    return count


def _demanded(counts: Callable[[Demand], bool]) -> Callable[[Side], Any]:
    def count(side: Side) -> Any:
        groups = defaultdict[str, list[Formula]](list)
        for asked, unsatisfied in zip(side.tables.asked, side.case.unsatisfied, strict=True):
            demand = demand_of(asked, side.tables)
            if demand and counts(demand):
                groups[demand.proves].append(unsatisfied)
        return counted(groups, side.person.context)

    return count


def _fields(side: Side) -> Any:
    groups = defaultdict[str, list[Formula]](list)
    for bit, key, source in fields_of(side.tables, lambda bit: True):
        applies = side.applies(bit) if bit else True
        groups[key].append(all_of([applies, opposite(side.person.held(source)) if source else True]))
    return counted(groups, side.person.context)


def _presences(side: Side) -> Any:
    return amount(((side.applies(act.bit), 1) for act in side.tables.acts), side.person.context)


def _handed_to(posts: bool) -> Callable[[Side], Any]:
    def count(side: Side) -> Any:
        groups = defaultdict[tuple[str, str], list[Formula]](list)
        for entry in side.tables.entries:
            for step, bit in zip(entry.graph.steps, entry.graph.bits, strict=True):
                groups[step.organisation or entry.item.organisation, step.post * posts].append(side.applies(bit))
        return counted(groups, side.person.context)

    return count


def _chain(days: str) -> Callable[[Side], Any]:
    def longest(side: Side) -> Any:
        starts: list[Any] = []
        ends: list[Any] = []
        for place, entry in enumerate(side.tables.entries):
            waits = [(side.case.waits_for(place, other), ends[other]) for other in range(place)]
            starts.append(largest(_if(formula, end) for formula, end in waits if formula is not False))
            ends.append(starts[place] + _item_chain(side, entry, days))
        return largest(ends)

    return longest


def _item_chain(side: Side, entry: Entry, days: str) -> Any:
    finishes: list[Any] = []
    graph = entry.graph
    for step, bit, before in zip(graph.steps, graph.bits, graph.before, strict=True):
        lasting = amount([(side.applies(bit), getattr(step, days))], side.person.context)
        finishes.append(largest(finishes[other] for other in before) + lasting)
    return largest(finishes)


def _if(formula: Formula, number: Any) -> Any:
    return number if formula is True else _z3.If(formula, number, 0)


def _special_days(side: Side) -> Any:
    return amount(
        (
            (side.applies(bit), special.days)
            for entry in side.tables.entries
            for step, bits in zip(entry.graph.steps, entry.graph.special_bits, strict=True)
            for special, bit in zip(step.special, bits, strict=True)
        ),
        side.person.context,
    )


def _of_items(number: Callable[[Any], int]) -> Callable[[Side], Any]:
    def total(side: Side) -> Any:
        pairs = zip(side.case.items, side.tables.entries, strict=True)
        return amount(((applies, number(entry.item)) for applies, entry in pairs), side.person.context)

    return total


def _offered_by_all(
    offered: Callable[[Any], Iterable[str]], among: Callable[[Any], bool] = lambda item: True
) -> Callable[[Side], Goods]:
    def together(side: Side) -> Goods:
        pairs = zip(side.case.items, side.tables.entries, strict=True)
        entries = [(applies, entry) for applies, entry in pairs if among(entry.item)]
        every = {one for _, entry in entries for one in offered(entry.item)}
        have = {one: all_of(unless(applies, one in offered(entry.item)) for applies, entry in entries) for one in every}
        return Goods(have, any_of(applies for applies, _ in entries))

    return together


def _places(side: Side) -> Goods:
    tables = side.tables
    present = side.case.present
    have = {
        place: opposite(
            any_of(one for act, several in present.items() if not act & _served(side, place) for one in several)
        )
        for place in VISITED_PLACES
    }
    remote = [(side.applies(act.bit), act.presence.places) for act in tables.acts if not act.act]
    for place in REMOTE_PLACES:
        have[place] = opposite(any_of(applies for applies, places in remote if place not in places))
    return Goods(have, any_of([side.case.somebody_must_come(), *(applies for applies, _ in remote)]))


def _served(side: Side, place: str) -> int:
    return next((acts for name, acts in side.tables.places if name == place), 0)


def _either(several: dict[str, list[Formula]]) -> dict[str, Formula]:
    return {key: any_of(formulas) for key, formulas in several.items()}


_MEASURES: dict[Component, Callable[[Side], Any]] = {
    Component.ELIGIBILITY: _eligibility,
    Component.PROMISE: _promise,
    Component.ORIGINALS: _papers(lambda asked: asked.act),
    Component.PAPERS: _papers(lambda asked: asked.paper),
    Component.FIELDS: _fields,
    Component.PRESENCES: _presences,
    Component.ORGANISATIONS: _handed_to(posts=False),
    Component.STEPS: _handed_to(posts=True),
    Component.PROMISED_DAYS: _chain("promised_days"),
    Component.STATUTORY_DAYS: _chain("statutory_days"),
    Component.SPECIAL_DAYS: _special_days,
    Component.FEE: _of_items(lambda item: int(item.fee.amount_fen)),
    Component.PAYMENT: _offered_by_all(pays_online, among=lambda item: bool(item.fee.amount_fen)),
    Component.CHANNELS: _offered_by_all(lambda item: item.channels),
    Component.ACCEPTANCE: _offered_by_all(accepted_at),
    Component.DELIVERY: _offered_by_all(lambda item: item.outcome.delivery),
    Component.PLACES: _places,
    **{component: _demanded(counts) for component, counts in DEMANDED.items()},
    **{component: _of_items(period) for component, period in periods_of().items()},
}
