"""Lays an event out in tables of bits, once, so that each plan is only a walk through them."""

from collections.abc import Iterable
from dataclasses import replace

from yici.rules.items import (
    REMOTE_PLACES,
    VISITED_PLACES,
    Assurance,
    Catalogue,
    Item,
    LegalBasis,
    LifeEvent,
    Member,
    Necessity,
    Presence,
    Requirement,
    Special,
    Stage,
    Step,
    WayKind,
)
from yici.rules.levels import Level
from yici.rules.planner.checking import BURDENS, check_item, members_in_order
from yici.rules.planner.facts import facts_of
from yici.rules.planner.parts import Parts, union
from yici.rules.planner.tables import Act, Asked, Entry, Tables, Try
from yici.rules.planner.timing import StepGraph, steps_of, topological
from yici.rules.plans import SKIPPED, UNMET
from yici.rules.words import Words

# Originals are compared at the integrated window, whichever department asked for them.
ORIGINAL_PLACES = ("window",)
NO_BASIS = LegalBasis("", "", Level.NONE)
ASSURANCES = tuple(Assurance)
_ON_HOLDINGS = frozenset({WayKind.DATA, WayKind.LICENCE})
_AT_PLACES = frozenset({WayKind.ORIGINAL})
_BROUGHT = frozenset({WayKind.ORIGINAL, WayKind.UPLOAD})
_LIGHTER = frozenset({WayKind.FORM, WayKind.DECLARATION, WayKind.COMMITMENT, WayKind.UPLOAD})


def tables_of(event: LifeEvent, catalogue: Catalogue) -> Tables:
    """Check an event with its items and lay it out. Raises CannotCompile."""
    return _Layout(event, catalogue, members_in_order(event, catalogue)).tables()


class _Layout:
    def __init__(self, event: LifeEvent, catalogue: Catalogue, members: tuple[Member, ...]) -> None:
        self.event, self.catalogue, self.members = event, catalogue, members
        self.items = tuple(catalogue.items[member.item] for member in members)
        self.facts = facts_of(
            (f"{where}.questions.{question.key}", question)
            for where, questions in [(event.key, event.questions), *((i.key, i.questions) for i in self.items)]
            for question in questions
        )
        for item in self.items:
            check_item(item, catalogue, self.facts)
        self.number = {item.key: 1 << place for place, item in enumerate(self.items)}
        ways = [way for item in self.items for part in item.requirements for way in part.ways]
        self.wanted = sorted({_holding(way.kind, way.target) for way in ways if way.kind in _ON_HOLDINGS})
        self.parts = Parts(self.facts)
        self.asked: list[Asked] = []
        self.acts: list[Act] = []
        self.shown: dict[str, int] = {}  # the act of showing an original, by what it proves
        self._number_acts()

    def _number_acts(self) -> None:
        """Presences come first, so that a reason names what the law demands before what is missing."""
        visited = sum(not _is_remote(presence) for item in self.items for presence in presences_of(item))
        papers = sorted({part.proves for item in self.items for part in item.requirements})
        self.shown = {proves: 1 << visited + place for place, proves in enumerate(papers)}
        self.next_act = 1

    def tables(self) -> Tables:
        entries = tuple(self._entry(place, member) for place, member in enumerate(self.members))
        return Tables(
            event=self.event,
            catalogue=self.catalogue,
            facts=self.facts,
            states=self.parts.states(),
            entries=entries,
            asked=tuple(self.asked),
            acts=tuple(self.acts),
            wanted=tuple(self.wanted),
            places=self._places(),
            waived={level: self._waived_at(level) for level in ASSURANCES},
            not_standardised=union([entry.bit for entry in entries if not entry.item.standardised]),
            requirements=union([asked.bit for asked in self.asked]),
            in_calendar=union([entry.bit | entry.graph.region for entry in entries]),
            rows=tuple(asked.row for asked in self.asked),
            visit_rows=tuple(act.row for act in self.acts if act.act),
        )

    def _entry(self, place: int, member: Member) -> Entry:
        item = self.items[place]
        bit = self.parts.add(f"{self.event.key}.members.{item.key}", member.when)
        first = self.parts.count
        requirements = sorted(item.requirements, key=lambda part: part.key)
        asked = [self._requirement(place, bit, requirement) for requirement in requirements]
        acts = self._presences(place, bit, presences_of(item))
        reviews = [act.presence for act in acts if act.presence.stage is Stage.REVIEW]
        graph = self._graph(item, bit, reviews)
        parts = (1 << self.parts.count) - (1 << first)
        self.parts.inside.insert(place, (bit, parts))  # items before the steps inside them
        self.asked += asked
        self.acts += acts
        declared = {presence.key for presence in item.presences if presence.stage is Stage.COLLECT}
        return Entry(
            item=item,
            bit=bit,
            parts=parts,
            after=union([self.number[other] for other in member.after]),
            graph=graph,
            papers=union([one.bit for one in asked if _was_a_paper(one.requirement)]),
            reviews=union([one.bit for one in acts if one.presence.stage is Stage.REVIEW]),
            collects=union([one.bit for one in acts if one.presence.key in declared]),
            organisation=1 << sorted({one.organisation for one in self.items}).index(item.organisation),
        )

    def _requirement(self, place: int, inside: int, requirement: Requirement) -> Asked:
        item = self.items[place]
        bit = self.parts.add(f"{item.key}.requirements.{requirement.key}", requirement.when, inside)
        tries, keys, last = self._tries(requirement)
        kind = requirement.ways[last].kind if last >= 0 else None
        needs_person = last == UNMET or kind in _AT_PLACES
        lighter = [at for at, way in enumerate(requirement.ways) if at > last and way.kind in _LIGHTER]
        return Asked(
            item=place,
            bit=bit,
            requirement=requirement,
            tries=tries,
            last=last,
            act=self.shown[requirement.proves] if needs_person else 0,
            paper=self.shown[requirement.proves] if last == UNMET or kind in _BROUGHT else 0,
            keys=keys,
            lighter=tuple(lighter) if kind in _AT_PLACES else (),
        )

    def _tries(self, requirement: Requirement) -> tuple[tuple[Try, ...], tuple[int, ...], int]:
        """Return the ways to try, the holdings they look at, and the first way that always works."""
        tries: list[Try] = []
        keys: list[int] = []
        optional = requirement.necessity is Necessity.OPTIONAL
        for place, way in enumerate(requirement.ways):
            if optional and way.kind in BURDENS:
                continue
            if way.kind in _ON_HOLDINGS:
                keys.append(self.wanted.index(_holding(way.kind, way.target)))
                tries.append((1 << len(self.items) + keys[-1], place, 0))
            elif way.kind is WayKind.RESULT_OF:
                waits = self.number.get(way.target, 0)  # a result of no item here never comes
                tries += [(waits, place, waits)] if waits else []
            else:
                return tuple(tries), tuple(keys), place
        return tuple(tries), tuple(keys), SKIPPED if optional else UNMET

    def _presences(self, place: int, inside: int, presences: Iterable[Presence]) -> list[Act]:
        acts: list[Act] = []
        reviews = 0
        for presence in presences:
            where = f"{self.items[place].key}.presences.{presence.key}"
            bit = self.parts.add(where, presence.when, inside)
            act = 0
            if not _is_remote(presence):
                act, self.next_act = self.next_act, self.next_act << 1
            acts.append(Act(place, bit, presence, act, reviews))
            reviews += presence.stage is Stage.REVIEW
        return acts

    def _graph(self, item: Item, inside: int, reviews: list[Presence]) -> StepGraph:
        by_key = {step.key: step for step in steps_of(item)}
        order = topological(by_key, {key: set(step.after) for key, step in by_key.items()}) or []
        steps = [_with_specials_sorted(by_key[key]) for key in order]
        first = self.parts.count
        bits = [self.parts.add(f"{item.key}.steps.{step.key}", step.when, inside) for step in steps]
        special_bits = [self._specials(item, step, bit) for step, bit in zip(steps, bits, strict=True)]
        return StepGraph(
            steps=tuple(steps),
            before=tuple(_places(order, step.after) for step in steps),
            reviews=tuple(_places(order, presence.after) for presence in reviews),
            bits=tuple(bits),
            special_bits=tuple(special_bits),
            region=(1 << self.parts.count) - (1 << first),
        )

    def _specials(self, item: Item, step: Step, inside: int) -> tuple[int, ...]:
        where = f"{item.key}.steps.{step.key}.special"
        bits = tuple(self.parts.add(f"{where}.{one.kind}", one.when, inside) for one in step.special)
        self.parts.enclose(inside, union(bits))
        return bits

    def _places(self) -> tuple[tuple[str, int], ...]:
        served = dict.fromkeys(VISITED_PLACES, 0)
        for act in self.acts:
            for place in act.presence.places if act.act else ():
                served[place] |= act.act
        for place in ORIGINAL_PLACES:
            served[place] |= union(list(self.shown.values()))
        return tuple((place, acts) for place, acts in served.items() if acts)

    def _waived_at(self, level: Assurance) -> int:
        reached = ASSURANCES[: ASSURANCES.index(level) + 1]
        return union([act.bit for act in self.acts if act.presence.waived_by in reached])


def presences_of(item: Item) -> tuple[Presence, ...]:
    """Return the presences of an item, sorted; with one to collect a licence that only a counter hands out."""
    declared = sorted(item.presences, key=lambda presence: presence.key)
    delivery = item.outcome.delivery
    sent = not delivery or "electronic" in delivery or "post" in delivery
    if sent or item.outcome.licence is None or any(one.stage is Stage.COLLECT for one in declared):
        return tuple(declared)
    what = item.result_name or item.name
    collect = Presence(
        key="collect",
        name=Words(f"领取{what.zh}", f"Collect: {what.en}"),
        stage=Stage.COLLECT,
        places=tuple(sorted(delivery, reverse=True)),
        basis=min(item.bases, key=lambda basis: (-basis.level.height, basis.title, basis.article), default=NO_BASIS),
    )
    return (*declared, collect)


def _holding(kind: WayKind, target: str) -> str:
    return f"licence:{target}" if kind is WayKind.LICENCE else target


def _is_remote(presence: Presence) -> bool:
    return not set(presence.places).isdisjoint(REMOTE_PLACES)


def _was_a_paper(requirement: Requirement) -> bool:
    optional = requirement.necessity is Necessity.OPTIONAL
    return not optional and any(way.kind is not WayKind.FORM for way in requirement.ways)


def _places(order: list[str], keys: Iterable[str]) -> tuple[int, ...]:
    return tuple(sorted(order.index(key) for key in set(keys)))


def _with_specials_sorted(step: Step) -> Step:
    def order(special: Special) -> tuple[str, str, int, str]:
        return special.kind, special.when, special.days, special.name.zh

    return replace(step, special=tuple(sorted(step.special, key=order)))
