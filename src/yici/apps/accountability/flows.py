"""The flow of a life event through departments: how long each step waits and is worked on, and what holds up what."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from yici.apps.accountability.curves import region_of
from yici.apps.accountability.funnels import counted_at
from yici.apps.accountability.models import FlowTally
from yici.apps.accountability.span_columns import read
from yici.apps.catalogue import queries as catalogue
from yici.apps.people.viewers import Viewer
from yici.rules.flows import Arrow, forward, layers, longest_chain
from yici.rules.spans import days_within
from yici.rules.words import Words

_SHARES = (0.5, 0.9)


@dataclass(frozen=True, slots=True)
class FlowStep:
    """One step of an item. Days are lived days, nights and weekends too: (half within, nine of ten within)."""

    key: str  # item/step
    kind: str
    office: Words
    name: Words
    item: Words
    count: int
    finished: int
    waited: tuple[float, float] | None
    worked: tuple[float, float] | None
    late: float | None  # share of the finished ones that had a day

    @property
    def days(self) -> float:
        """Return the half of waiting and working together: what the step adds to a chain."""
        return sum(pair[0] for pair in (self.waited, self.worked) if pair)


@dataclass(frozen=True, slots=True)
class Flow:
    """The steps of an event by layer, the arrows between them, and the chain that takes longest.

    ``as_of``: when the month was counted, None for never.
    """

    place: Words
    layers: tuple[tuple[FlowStep, ...], ...]
    arrows: tuple[Arrow, ...]
    critical: tuple[FlowStep, ...]
    as_of: datetime | None

    @property
    def steps(self) -> tuple[FlowStep, ...]:
        """Return every step, the first layer first."""
        return tuple(step for layer in self.layers for step in layer)

    @property
    def by_office(self) -> list[tuple[Words, list[FlowStep]]]:
        """Return the steps of each kind of organisation, in the order in which they come to a case."""
        found: dict[str, tuple[Words, list[FlowStep]]] = {}
        for step in self.steps:
            found.setdefault(step.kind, (step.office, []))[1].append(step)
        return list(found.values())


def flow_of(viewer: Viewer, code: str, month: date, *, event: str) -> Flow:
    """Return how the applications of a month went through departments: four queries. Raises NoSuchCounty."""
    row = region_of(viewer, code)
    tallies = list(FlowTally.objects.filter(region=row, event_key=event, month=month).order_by("item_key", "step_key"))
    offices = catalogue.catalogue_for(row.code).organisations
    steps = {one.key: one for one in (_step(tally, offices) for tally in tallies)}
    arrows = forward(steps, _arrows(tallies, steps))
    chain = longest_chain({key: one.days for key, one in steps.items()}, arrows)
    return Flow(
        place=Words(row.name, row.name_en),
        layers=tuple(tuple(steps[key] for key in layer) for layer in layers(steps, arrows)),
        arrows=arrows,
        critical=tuple(steps[key] for key in chain),
        as_of=tallies[0].counted_at if tallies else counted_at(month),
    )


def _step(tally: FlowTally, offices: Mapping[str, Words]) -> FlowStep:
    return FlowStep(
        key=f"{tally.item_key}/{tally.step_key}",
        kind=tally.kind,
        office=offices.get(tally.kind, Words(tally.kind, tally.kind)),
        name=Words(tally.name, tally.name_en),
        item=Words(tally.item_name, tally.item_name_en),
        count=tally.count,
        finished=tally.finished,
        waited=_pair(tally.waited),
        worked=_pair(tally.worked),
        late=round(tally.late / tally.with_day, 4) if tally.with_day else None,
    )


def _pair(kept: Mapping[str, int]) -> tuple[float, float] | None:
    half, most = (days_within(read(kept), share) for share in _SHARES)
    return None if half is None or most is None else (half, most)


def _arrows(tallies: Iterable[FlowTally], steps: Iterable[str]) -> list[Arrow]:
    """Return the arrows within each item, and from the last steps of an item to the first of one that waits for it."""
    within = [(f"{one.item_key}/{first}", f"{one.item_key}/{one.step_key}") for one in tallies for first in one.after]
    waits = {(earlier, one.item_key) for one in tallies for earlier in one.waits_for}
    starts, ends = {start for start, _ in within}, {end for _, end in within}
    first, last = defaultdict[str, list[str]](list), defaultdict[str, list[str]](list)
    for key in steps:
        item = key.partition("/")[0]
        if key not in ends:
            first[item].append(key)
        if key not in starts:
            last[item].append(key)
    return within + [(end, start) for earlier, later in waits for end in last[earlier] for start in first[later]]
