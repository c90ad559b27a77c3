"""The planner again, slow and plain: graphs of events walked path by path, visits tried in every possible row."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import cast

from tests.rules.planner_strategies import Case
from yici.rules.conditions import Fact, Kind, condition, evaluate
from yici.rules.items import Assurance, Item, Necessity, Presence, Requirement, Stage, Step, Way, WayKind

Node = tuple[str, ...]  # ("start", item), ("end", item) or ("done", item, step)
USABLE = ("available", "pending")
COMING = ("video", "home", "site")


@dataclass(frozen=True)
class OracleAct:
    """Something the person does in presence: where, what must happen before it, what only after it."""

    name: str
    places: frozenset[str]
    after: frozenset[Node]
    before: frozenset[Node]


@dataclass(frozen=True)
class OraclePlan:
    visits: int
    days: int
    acts: int
    ways: dict[tuple[str, str], Way | str]


class CannotTry(Exception):
    """More acts than can be tried in every row."""


class Oracle:
    """Plans a case whose questions are all answered."""

    def __init__(self, case: Case, most_acts: int = 7) -> None:
        self.case = case
        self.facts = {
            question.key: Fact(
                question.key,
                cast(Kind, question.kind.value),
                tuple(value for value, _ in question.values),
                question.minimum,
                question.maximum,
            )
            for question in case.event.questions
        }
        self.items = {
            member.item: case.catalogue.items[member.item] for member in case.event.members if self.holds(member.when)
        }
        self.ways = {
            (item.key, requirement.key): self.way(requirement)
            for item in self.items.values()
            for requirement in item.requirements
            if self.holds(requirement.when)
        }
        self.edges = list(self.all_edges())
        self.acts = list(self.all_acts())
        if len(self.acts) > most_acts:
            raise CannotTry

    def plan(self) -> OraclePlan:
        return OraclePlan(self.visits(), self.days(), len(self.acts), self.ways)

    def holds(self, text: str) -> bool:
        return evaluate(condition(text, self.facts), self.case.answers) is True

    def sees(self, key: str) -> bool:
        return self.case.holdings.get(key, self.case.holdings["*"]) in USABLE

    def way(self, requirement: Requirement) -> Way | str:
        optional = requirement.necessity is Necessity.OPTIONAL
        for way in requirement.ways:
            if optional and way.kind in (WayKind.RESULT_OF, WayKind.ORIGINAL):
                continue
            works = {
                WayKind.DATA: self.sees(way.target),
                WayKind.LICENCE: self.sees(f"licence:{way.target}"),
                WayKind.RESULT_OF: way.target in self.items,
            }
            if works.get(way.kind, True):
                return way
        return "skipped" if optional else "unmet"

    # -- the graph of events: (from, to, promised days, days with special procedures)

    def all_edges(self) -> Iterator[tuple[Node, Node, int, int]]:
        for key, item in self.items.items():
            yield ("start", key), ("end", key), 0, 0
            for step in item.steps:
                promised, waited = self.days_of(step)
                before: list[Node] = [("done", key, other) for other in step.after]
                for node in before or [("start", key)]:
                    yield node, ("done", key, step.key), promised, waited
                yield ("done", key, step.key), ("end", key), 0, 0
            if not item.steps:
                yield ("start", key), ("end", key), item.promised.value, item.promised.value
            for other in self.waits_of(item):
                yield ("end", other), ("start", key), 0, 0

    def days_of(self, step: Step) -> tuple[int, int]:
        if not self.holds(step.when):
            return 0, 0
        special = sum(one.days for one in step.special if self.holds(one.when))
        return step.promised_days, step.promised_days + special

    def waits_of(self, item: Item) -> set[str]:
        member = next(member for member in self.case.event.members if member.item == item.key)
        ways = [way for (key, _), way in self.ways.items() if key == item.key and isinstance(way, Way)]
        results = {way.target for way in ways if way.kind is WayKind.RESULT_OF}
        return (set(member.after) & set(self.items)) | results

    def paths(self, here: Node, there: Node, waited: bool) -> Iterator[int]:
        """Yield the days of every chain from one event to another."""
        if here == there:
            yield 0
        for tail, head, promised, with_special in self.edges:
            if tail == here:
                for rest in self.paths(head, there, waited):
                    yield rest + (with_special if waited else promised)

    def days(self) -> int:
        ends = product(self.items, repeat=2)
        chains = [days for a, b in ends for days in self.paths(("start", a), ("end", b), waited=False)]
        return max(chains, default=0)

    # -- what needs the person

    def all_acts(self) -> Iterator[OracleAct]:
        shown: dict[str, set[Node]] = {}
        for (key, name), way in self.ways.items():
            if way == "unmet" or (isinstance(way, Way) and way.kind is WayKind.ORIGINAL):
                requirement = next(one for one in self.items[key].requirements if one.key == name)
                late = requirement.necessity is Necessity.DEFERRABLE
                shown.setdefault(requirement.proves, set()).add(("end" if late else "start", key))
        for proves, before in shown.items():
            yield OracleAct(proves, frozenset({"window"}), frozenset(), frozenset(before))
        for item in self.items.values():
            for presence in item.presences:
                if self.holds(presence.when) and self.costs(presence):
                    yield act_of(item, presence)
            handed_out = item.outcome.licence and not {"electronic", "post"} & set(item.outcome.delivery)
            if handed_out and not any(one.stage is Stage.COLLECT for one in item.presences):
                places = frozenset(item.outcome.delivery)
                yield OracleAct(f"{item.key} collect", places, frozenset({("end", item.key)}), frozenset())

    def costs(self, presence: Presence) -> bool:
        levels = list(Assurance)
        account = levels.index(Assurance(self.case.holdings["assurance"]))
        waived = presence.waived_by is not None and levels.index(presence.waived_by) <= account
        return not waived and not set(COMING) & set(presence.places)

    def chains(self, first: OracleAct, second: OracleAct) -> list[int]:
        return [days for a in first.before for b in second.after for days in self.paths(a, b, waited=True)]

    def visits(self) -> int:
        """Try every way to give each act a visit, with ever more visits, until one respects places and order."""
        pairs = [
            (a, b, self.chains(first, second)) for (a, first), (b, second) in product(enumerate(self.acts), repeat=2)
        ]
        waits = [(a, b, max(days) > 0) for a, b, days in pairs if days]
        for count in range(len(self.acts) + 1):
            for given in product(range(count), repeat=len(self.acts)):
                in_order = all(
                    given[a] < given[b] if takes_time else given[a] <= given[b] for a, b, takes_time in waits
                )
                if in_order and all(self.one_place(given, visit) for visit in range(count)):
                    return count
        raise AssertionError("one visit for each act, in order, always works")

    def one_place(self, given: tuple[int, ...], visit: int) -> bool:
        together = [act.places for act, its in zip(self.acts, given, strict=True) if its == visit]
        return not together or bool(frozenset.intersection(*together))


def act_of(item: Item, presence: Presence) -> OracleAct:
    start, end = frozenset({("start", item.key)}), frozenset({("end", item.key)})
    after: dict[Stage, frozenset[Node]] = {
        Stage.APPLY: frozenset(),
        Stage.REVIEW: frozenset(("done", item.key, step) for step in presence.after) | start,
        Stage.COLLECT: end,
    }
    before = {Stage.APPLY: start, Stage.REVIEW: end, Stage.COLLECT: frozenset[Node]()}
    name = f"{item.key} {presence.key}"
    return OracleAct(name, frozenset(presence.places), after[presence.stage], before[presence.stage])
