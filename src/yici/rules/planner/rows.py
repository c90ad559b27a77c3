"""Builds the lines of a plan, each kind once for every state it can be in, so that plans only put them together."""

from collections.abc import Callable, Sequence
from operator import itemgetter
from typing import Any, TypeVar

from yici.rules.items import REMOTE_PLACES, WayKind
from yici.rules.planner.calendar import Calendar
from yici.rules.planner.deciding import Reckoning
from yici.rules.planner.parts import places_in, union
from yici.rules.planner.sentences import Speaker, Tried, presence_removed_by, why_present
from yici.rules.planner.tables import Act, Asked, Tables
from yici.rules.plans import (
    NOT_ASKED,
    OPEN,
    SKIPPED,
    UNMET,
    Availability,
    Cause,
    Evidence,
    EvidenceStatus,
    PlannedItem,
    PlannedStep,
)
from yici.rules.words import Words

T = TypeVar("T")
Lanes = tuple[tuple[PlannedItem, ...], tuple[PlannedStep, ...], tuple[PlannedStep, ...]]
_STATUSES = {
    WayKind.DATA: EvidenceStatus.FETCHED,
    WayKind.LICENCE: EvidenceStatus.FETCHED,
    WayKind.RESULT_OF: EvidenceStatus.FROM_RESULT,
    WayKind.FORM: EvidenceStatus.FORM,
    WayKind.DECLARATION: EvidenceStatus.DECLARE,
    WayKind.COMMITMENT: EvidenceStatus.COMMIT,
    WayKind.UPLOAD: EvidenceStatus.UPLOAD,
    WayKind.ORIGINAL: EvidenceStatus.ORIGINAL,
}
_WITH_TARGET = frozenset({WayKind.DATA, WayKind.LICENCE, WayKind.RESULT_OF, WayKind.FORM})
# Lines differ in what the government sees and, for causes, in the name of the place; nobody can ask for more of them
# than there are states and counties, but whoever replays strange holdings for hours should not fill the memory.
_MOST_LINES = 50_000


class Rows:
    """The lines of plans of one event."""

    def __init__(self, tables: Tables) -> None:
        self.tables = tables
        self.speaker = Speaker(tables.catalogue)
        self.papers = _papers(tables.asked)
        self.remote = tuple(act for act in tables.acts if not act.act)
        self.visited = tuple(act for act in tables.acts if act.act)
        self.causes = {act.bit: self._act_cause(act) for act in tables.acts}
        self.remote_parts = union([act.bit for act in self.remote])
        self.readers = tuple(_reader(asked.keys) for asked in tables.asked)
        self.known: dict[object, Any] = {}

    def line(self, key: object, make: Callable[..., T], *state: Any) -> T:
        """Return the line of a state, made when the state is met for the first time."""
        found: T | None = self.known.get(key)
        if found is None:
            if len(self.known) >= _MOST_LINES:
                self.known.clear()
            found = self.known[key] = make(*state)
        return found

    def evidence(self, reckoning: Reckoning, statuses: Sequence[Availability]) -> list[Evidence]:
        """Return the line of each requirement; what was asked for before is marked with the item that owns it."""
        lines: list[Evidence] = []
        owners: dict[int, int] = {}
        own, ways, known = owners.setdefault, reckoning.ways, self.known
        papers, readers = self.papers, self.readers
        for place, _ in self.tables.rows_in(reckoning.applying):
            way = ways[place]
            if way != OPEN:
                key = (place, way, own(papers[place][way], place), readers[place](statuses))
                lines.append(known.get(key) or self.line(key, self._evidence, *key[:3], statuses))
        return lines

    def _evidence(self, place: int, chosen: int, owner: int, statuses: Sequence[Availability]) -> Evidence:
        asked, items = self.tables.asked[place], self.tables.entries
        requirement = asked.requirement
        way = requirement.ways[chosen] if chosen >= 0 else None
        status = _STATUSES[way.kind] if way else (EvidenceStatus.SKIPPED if chosen == SKIPPED else EvidenceStatus.UNMET)
        return Evidence(
            item=items[asked.item].item.key,
            requirement=requirement.key,
            proves=requirement.proves,
            name=requirement.name,
            way=way,
            source=self.speaker.source(way, status, _is_pending(asked, chosen, statuses)),
            status=status,
            basis=requirement.basis,
            tried=_tried(asked, chosen, statuses),
            same_as=None if owner == place else items[self.tables.asked[owner].item].item.key,
        )

    def paper_cause(self, place: int, way: int, statuses: Sequence[Availability], here: Words) -> Cause:
        """Return why the paper of this requirement has to be shown."""
        key = ("paper", place, way, self.readers[place](statuses), here)
        return self.line(key, self._paper_cause, place, way, statuses, here)

    def _paper_cause(self, place: int, way: int, statuses: Sequence[Availability], here: Words) -> Cause:
        asked = self.tables.asked[place]
        tried = _tried(asked, way, statuses)
        return Cause(
            item=self.tables.entries[asked.item].item.key,
            key=asked.requirement.key,
            what=asked.requirement.name,
            why=self.speaker.why_brought(asked.requirement, tried, here),
            basis=asked.requirement.basis,
            removed_by=self.speaker.paper_removed_by(asked.requirement, tried, here),
        )

    def _act_cause(self, act: Act) -> Cause:
        presence = act.presence
        return Cause(
            item=self.tables.entries[act.item].item.key,
            key=presence.key,
            what=presence.name,
            why=why_present(presence),
            basis=presence.basis,
            removed_by=presence_removed_by(presence),
        )

    def calendar(self, applying: int, calendar: Calendar) -> Lanes:
        """Return the lines of items and steps, and one critical path, all on the axis of promised days."""
        key = ("lanes", applying & self.tables.in_calendar, calendar.waits)
        return self.line(key, self._calendar, applying, calendar)

    def _calendar(self, applying: int, calendar: Calendar) -> Lanes:
        items: list[PlannedItem] = []
        steps: dict[int, dict[int, PlannedStep]] = {}
        for place, timing in enumerate(calendar.timings):
            if timing is not None:
                finish = calendar.starts[place] + timing.days
                items.append(self._item(place, finish, calendar))
                critical = finish + calendar.tails[place] == calendar.days
                steps[place] = self._steps(place, applying, calendar.starts[place], critical)
        together = tuple(step for by_step in steps.values() for step in by_step.values())
        return tuple(items), together, tuple(_path(calendar, steps))

    def _item(self, place: int, finish: int, calendar: Calendar) -> PlannedItem:
        entries, item = self.tables.entries, self.tables.entries[place].item
        return PlannedItem(
            item=item.key,
            name=item.name,
            organisation=item.organisation,
            start=calendar.starts[place],
            finish=finish,
            standardised=item.standardised,
            waits_for=tuple(entries[other].item.key for other in places_in(calendar.waits[place])),
            licence=item.outcome.licence,
        )

    def _steps(self, place: int, applying: int, start: int, critical: bool) -> dict[int, PlannedStep]:
        item, graph = self.tables.entries[place].item, self.tables.entries[place].graph
        timing = graph.timing(applying)
        return {
            at: PlannedStep(
                item=item.key,
                step=step.key,
                name=step.name,
                organisation=step.organisation or item.organisation,
                start=start + timing.starts[at],
                finish=start + timing.finishes[at],
                critical=critical and timing.finishes[at] + timing.tails[at] == timing.days,
                special=tuple(
                    one for one, bit in zip(step.special, graph.special_bits[at], strict=True) if applying & bit
                ),
            )
            for at, step in enumerate(graph.steps)
            if applying & graph.bits[at]
        }


def _path(calendar: Calendar, steps: dict[int, dict[int, PlannedStep]]) -> list[PlannedStep]:
    """Return one longest chain of steps, back from the item that ends last; the first items win among equals."""
    timed = {place: timing for place, timing in enumerate(calendar.timings) if timing is not None}
    finishes = {place: calendar.starts[place] + timing.days for place, timing in timed.items()}
    chain: list[PlannedStep] = []
    place = next((place for place in finishes if finishes[place] == calendar.days), None)
    while place is not None:
        chain = [steps[place][at] for at in timed[place].chain] + chain
        before = places_in(calendar.waits[place])
        place = next((other for other in before if finishes[other] == calendar.starts[place]), None)
    return chain


def remote_place(act: Act) -> str:
    """Return where an act takes place that comes to the person."""
    return next(place for place in REMOTE_PLACES if place in act.presence.places)


def _papers(asked: Sequence[Asked]) -> tuple[tuple[int, ...], ...]:
    """Number what the person sees as one thing: the same proof, given in the same way."""
    numbers: dict[tuple[object, ...], int] = {}

    def number(one: Asked, chosen: int) -> int:
        proves = one.requirement.proves
        if chosen < 0:
            return numbers.setdefault((proves, chosen), len(numbers))
        way = one.requirement.ways[chosen]
        name = (proves, way.kind, way.target if way.kind in _WITH_TARGET else "")
        return numbers.setdefault(name, len(numbers))

    # Indexed by the way: SKIPPED and UNMET are the fourth and third from the end.
    return tuple(
        tuple(number(one, way) for way in (*range(len(one.requirement.ways)), SKIPPED, UNMET, OPEN, NOT_ASKED))
        for one in asked
    )


def _reader(keys: tuple[int, ...]) -> Callable[[Sequence[Availability]], object]:
    return itemgetter(*keys) if keys else _nothing


def _nothing(statuses: Sequence[Availability]) -> object:
    return None


def _tried(asked: Asked, chosen: int, statuses: Sequence[Availability]) -> Tried:
    """Return the ways before the chosen one that rest on data, and what is wrong with each."""
    on_data = [
        (at, way) for at, way in enumerate(asked.requirement.ways) if way.kind in (WayKind.DATA, WayKind.LICENCE)
    ]
    looked_at = zip(on_data, asked.keys, strict=False)  # ways after the one that always works are not looked at
    return tuple((way, statuses[key]) for (at, way), key in looked_at if chosen < 0 or at < chosen)


def _is_pending(asked: Asked, chosen: int, statuses: Sequence[Availability]) -> bool:
    on_data = [at for at, way in enumerate(asked.requirement.ways) if way.kind in (WayKind.DATA, WayKind.LICENCE)]
    key = dict(zip(on_data, asked.keys, strict=False)).get(chosen)
    return key is not None and statuses[key] is Availability.PENDING
