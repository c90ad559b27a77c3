"""The tables of bits that one event is laid out in, and that each plan walks through."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from yici.rules.conditions import Fact
from yici.rules.items import Catalogue, Item, LifeEvent, Necessity, Presence, Requirement, Stage
from yici.rules.planner.parts import States
from yici.rules.planner.timing import StepGraph

# What depends only on the parts that apply is few for each event; strange questions must not fill the memory.
MOST_REMEMBERED = 20_000

Try = tuple[int, int, int]  # what must be there for a way to work; the way's place; the items it waits for
RequirementRow = tuple[int, int, tuple[Try, ...], int, int, bool, int]  # see ``Asked.row``
PresenceRow = tuple[int, int, int, Stage, int]  # see ``Act.row``


@dataclass(frozen=True, slots=True)
class Asked:
    """One requirement of one item of the event.

    ``tries``: the ways that may or may not work, in order; ``last``: the first one that always works. When the last
    one needs the person, ``act`` is the showing of the paper, shared by all requirements that prove the same;
    ``paper``: the bit of the paper when the person has to bring or upload it. ``lighter``: other ways the person may
    choose. ``keys``: the holdings that the tries look at.
    """

    item: int
    bit: int
    requirement: Requirement
    tries: tuple[Try, ...]
    last: int
    act: int
    paper: int
    keys: tuple[int, ...]
    lighter: tuple[int, ...]

    @property
    def row(self) -> RequirementRow:
        """Return what deciding needs, as a tuple."""
        late = self.requirement.necessity is Necessity.DEFERRABLE
        return self.bit, self.item, self.tries, self.last, self.act, late, self.paper


@dataclass(frozen=True, slots=True)
class Act:
    """One presence of one item; ``act`` is 0 when it comes to the person. ``lag``: its place among the reviews."""

    item: int
    bit: int
    presence: Presence
    act: int
    lag: int

    @property
    def row(self) -> PresenceRow:
        """Return what deciding needs, as a tuple."""
        return self.bit, self.act, self.item, self.presence.stage, self.lag


@dataclass(frozen=True, slots=True)
class Entry:
    """One item of the event: its bit, the bits of its parts, the items it waits for, its steps."""

    item: Item
    bit: int
    parts: int
    after: int
    graph: StepGraph
    papers: int  # requirements that were papers when every counter worked for itself
    reviews: int
    collects: int
    organisation: int


@dataclass(frozen=True, slots=True)
class Tables:
    """Everything a plan of one event needs. Items are numbered in an order in which none waits for a later one."""

    event: LifeEvent
    catalogue: Catalogue
    facts: Mapping[str, Fact]
    states: States
    entries: tuple[Entry, ...]
    asked: tuple[Asked, ...]
    acts: tuple[Act, ...]
    wanted: tuple[str, ...]  # the holdings that matter
    places: tuple[tuple[str, int], ...]  # the acts that each place serves, the window first
    waived: Mapping[str, int]  # presences that an assurance level makes unnecessary
    not_standardised: int
    requirements: int  # the bits of all requirements
    in_calendar: int  # items, steps and special procedures: what the days depend on
    rows: tuple[RequirementRow, ...]
    visit_rows: tuple[PresenceRow, ...]
    calendars: dict[tuple[int, ...], Any] = field(default_factory=dict, compare=False, repr=False)
    asked_in: dict[int, tuple[tuple[int, RequirementRow], ...]] = field(default_factory=dict, compare=False, repr=False)

    def items_in(self, parts: int) -> int:
        """Return the bits of the items whose own bit is among the parts."""
        items = 0
        for place, entry in enumerate(self.entries):
            if parts & entry.bit:
                items |= 1 << place
        return items

    def rows_in(self, parts: int) -> tuple[tuple[int, RequirementRow], ...]:
        """Return the rows of the requirements among the parts, with their places."""
        key = parts & self.requirements
        rows = self.asked_in.get(key)
        if rows is None:
            if len(self.asked_in) >= MOST_REMEMBERED:
                self.asked_in.clear()
            rows = self.asked_in[key] = tuple((at, row) for at, row in enumerate(self.rows) if parts & row[0])
        return rows
