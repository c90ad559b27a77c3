"""Random small events with the people who need them, from any source of chance: Hypothesis or a seeded generator."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import product
from random import Random
from typing import TypeVar

from yici.rules.conditions import Answer
from yici.rules.datasets import Dataset, Sharing
from yici.rules.items import (
    Assurance,
    Catalogue,
    Element,
    ElementKind,
    Fee,
    Item,
    LegalBasis,
    LifeEvent,
    Member,
    Necessity,
    Outcome,
    Period,
    Presence,
    Requirement,
    Special,
    Stage,
    Step,
    Way,
    WayKind,
)
from yici.rules.levels import Level
from yici.rules.planner import compile_event, plan_document
from yici.rules.plans import Availability, Plan
from yici.rules.words import Words

T = TypeVar("T")
NOBODY = Words("", "")
BASIS = LegalBasis("户口登记条例", "第七条", Level.ADMINISTRATIVE_REGULATION, title_en="Household Registration")
ORGANISATIONS = ("public_security", "health", "housing")
DATA = ("births.number", "births.mother", "homes.owner", "homes.lease")
LICENCES = ("marriage", "permit")
PAPERS = ("birth", "home", "marriage", "income", "identity")
PLACES = ("window", "hospital", "police_station", "kiosk")

QUESTIONS = (
    Element("married", NOBODY, NOBODY, ElementKind.BOOL),
    Element("local", NOBODY, NOBODY, ElementKind.BOOL),
    Element("renting", NOBODY, NOBODY, ElementKind.BOOL),
    Element("order", NOBODY, NOBODY, ElementKind.INT, minimum=1, maximum=3),
    Element(
        "origin", NOBODY, NOBODY, ElementKind.ENUM, values=(("city", NOBODY), ("province", NOBODY), ("abroad", NOBODY))
    ),
    Element("born_on", NOBODY, NOBODY, ElementKind.DATE),
)
ALL_ANSWERS: dict[str, tuple[Answer, ...]] = {
    "married": (False, True),
    "local": (False, True),
    "renting": (False, True),
    "order": (1, 2, 3),
    "origin": ("city", "province", "abroad"),
    "born_on": (date(2017, 12, 31), date(2018, 1, 1), date(2018, 1, 2)),
}
CONDITIONS = (
    "married",
    "!local",
    "renting",
    "order > 1",
    'origin == "abroad"',
    "married && local",
    "renting || order == 3",
    'origin in ["city", "province"] && !married',
    'born_on >= date("2018-01-01")',
    "married ? local : order < 3",
    "order > 3",  # never
    "local || !local",  # always, though it does not look so
)


@dataclass(frozen=True)
class Case:
    """An event, its catalogue, and one person with all answers."""

    event: LifeEvent
    catalogue: Catalogue
    answers: dict[str, Answer]
    holdings: dict[str, str]

    def plan(self, answers: dict[str, Answer] | None = None, holdings: dict[str, str] | None = None) -> Plan:
        compiled = compile_event(self.event, self.catalogue)
        return compiled.plan(
            self.answers if answers is None else answers, self.holdings if holdings is None else holdings, "330502"
        )

    def document(self, answers: dict[str, Answer] | None = None) -> dict[str, object]:
        return plan_document(self.plan(answers))

    def with_items(self, change: Callable[[Item], Item]) -> "Case":
        items = {key: change(item) for key, item in self.catalogue.items.items()}
        return replace(self, catalogue=replace(self.catalogue, items=items))


def random_case(chance: Random, most_items: int = 4) -> Case:
    """Return an event with its person. Items are named so that their alphabet is not their order in time."""
    count = chance.randint(1, most_items)
    keys = chance.sample(["alpha", "bravo", "charlie", "delta", "echo", "foxtrot"], count)
    items = {key: random_item(chance, key, keys[:place]) for place, key in enumerate(keys)}
    members = tuple(Member(key, _when(chance, 0.7), _some(chance, keys[:place], 0.4)) for place, key in enumerate(keys))
    event = LifeEvent("need", NOBODY, NOBODY, "health", ("natural",), members, QUESTIONS)
    answers = {key: chance.choice(values) for key, values in ALL_ANSWERS.items()}
    return Case(event, _catalogue(items), answers, random_holdings(chance))


def random_item(chance: Random, key: str, earlier: Sequence[str]) -> Item:
    """Return an item that may rest on results of earlier ones."""
    steps = _steps(chance)
    return Item(
        key=key,
        code="330109001000",
        name=Words(f"{key}事项", key),
        type="07",
        level="4",
        organisation=chance.choice(ORGANISATIONS),
        audience=("natural",),
        immediate=chance.random() < 0.3,
        channels=("web", "window"),
        scope="province",
        power_source="1",
        bases=(BASIS,),
        statutory=Period(5),
        promised=Period(chance.choice((0, 2))),
        fee=Fee(chance.choice((0, 500))),
        standardised=chance.random() < 0.9,
        questions=QUESTIONS,
        requirements=tuple(random_requirement(chance, name, earlier) for name in _some(chance, "rst", 0.6)),
        presences=tuple(random_presence(chance, name, steps) for name in _some(chance, "pq", 0.4)),
        steps=steps,
        outcome=Outcome(
            licence=chance.choice((None, "permit")), delivery=chance.choice((("electronic",), ("window",), ("kiosk",)))
        ),
    )


def random_requirement(chance: Random, key: str, earlier: Sequence[str]) -> Requirement:
    ways = [Way(WayKind.DATA, target) for target in DATA] + [Way(WayKind.LICENCE, target) for target in LICENCES]
    ways += [Way(WayKind.RESULT_OF, target) for target in earlier] * 2
    chosen = chance.sample(ways, chance.randint(0, 2))
    rests = [(), (WayKind.ORIGINAL,), (WayKind.ORIGINAL, WayKind.COMMITMENT), (WayKind.UPLOAD,), (WayKind.DECLARATION,)]
    chosen += [Way(kind) for kind in chance.choice([*rests, rests[1], rests[1]])]
    return Requirement(
        key=key,
        name=Words(f"{key}材料", key),
        proves=chance.choice(PAPERS),
        basis=BASIS,
        ways=tuple(chosen) or (Way(WayKind.ORIGINAL),),
        when=_when(chance, 0.5),
        necessity=chance.choice([Necessity.NECESSARY, Necessity.NECESSARY, Necessity.DEFERRABLE, Necessity.OPTIONAL]),
    )


def random_presence(chance: Random, key: str, steps: Sequence[Step]) -> Presence:
    stage = chance.choice(list(Stage))
    after = _some(chance, [step.key for step in steps], 0.5) if stage is Stage.REVIEW else ()
    places = chance.sample(PLACES, chance.randint(1, 3)) + (["video"] if chance.random() < 0.15 else [])
    waived_by = chance.choice((None, None, Assurance.REAL_NAME, Assurance.SIGNED))
    return Presence(key, Words(f"{key}到场", key), stage, tuple(places), BASIS, _when(chance, 0.6), after, waived_by)


def random_holdings(chance: Random) -> dict[str, str]:
    states = [Availability.AVAILABLE, Availability.MISSING, Availability.NOT_SHARED, Availability.PENDING]
    held: dict[str, str] = {key: chance.choice(states) for key in DATA if chance.random() < 0.8}
    held |= {f"licence:{key}": chance.choice(states) for key in LICENCES if chance.random() < 0.8}
    return {**held, "*": chance.choice(states), "assurance": chance.choice(list(Assurance))}


def more_holdings(chance: Random, holdings: dict[str, str]) -> dict[str, str]:
    """Return holdings that see at least as much."""
    seen = dict(holdings)
    for key in (*DATA, *(f"licence:{name}" for name in LICENCES)):
        if chance.random() < 0.4:
            seen[key] = Availability.AVAILABLE
    levels = list(Assurance)
    seen["assurance"] = chance.choice(levels[levels.index(Assurance(holdings["assurance"])) :])
    return seen


def fewer_answers(chance: Random, answers: dict[str, Answer]) -> dict[str, Answer]:
    return {key: value for key, value in answers.items() if chance.random() < 0.6}


def completions(answers: dict[str, Answer]) -> list[dict[str, Answer]]:
    """Return every way to answer what is left."""
    left = {key: values for key, values in ALL_ANSWERS.items() if key not in answers}
    return [{**answers, **dict(zip(left, chosen, strict=True))} for chosen in product(*left.values())]


def shuffled(chance: Random, case: Case) -> Case:
    """Return the same event written down in another order."""

    def mix(item: Item) -> Item:
        steps = [
            replace(one, special=_mixed(chance, one.special), after=_mixed(chance, one.after)) for one in item.steps
        ]
        return replace(
            item,
            requirements=_mixed(chance, item.requirements),
            presences=_mixed(chance, item.presences),
            steps=_mixed(chance, steps),
            questions=_mixed(chance, item.questions),
        )

    mixed = case.with_items(mix)
    items = dict(_mixed(chance, list(mixed.catalogue.items.items())))
    event = replace(case.event, members=_mixed(chance, case.event.members))
    return replace(mixed, event=event, catalogue=replace(mixed.catalogue, items=items))


def _mixed(chance: Random, things: Sequence[T]) -> tuple[T, ...]:
    return tuple(chance.sample(list(things), len(things)))


def _some(chance: Random, things: Sequence[str], likely: float) -> tuple[str, ...]:
    return tuple(thing for thing in things if chance.random() < likely)


def _when(chance: Random, always: float) -> str:
    return "true" if chance.random() < always else chance.choice(CONDITIONS)


def _steps(chance: Random) -> tuple[Step, ...]:
    keys = chance.sample(["accept", "check", "grant"], chance.randint(0, 3))
    return tuple(
        Step(
            key=key,
            name=Words(key, key),
            organisation="",
            post="reviewer",
            promised_days=chance.choice((0, 0, 1, 3)),
            statutory_days=chance.choice((1, 5)),
            after=_some(chance, keys[:place], 0.6),
            when=_when(chance, 0.7),
            special=tuple(
                Special(kind, Words(kind, kind), chance.choice((2, 9)), BASIS, _when(chance, 0.4))
                for kind in _some(chance, ("inspection", "hearing"), 0.15)
            ),
        )
        for place, key in enumerate(keys)
    )


def _catalogue(items: dict[str, Item]) -> Catalogue:
    names = {target.partition(".")[0]: Words(target, target) for target in DATA}
    fields = {key: {t.partition(".")[2]: Words(t, t) for t in DATA if t.startswith(key)} for key in names}
    datasets = {
        key: Dataset(key, name, "health", "province", Sharing.UNCONDITIONAL, fields[key]) for key, name in names.items()
    }
    return Catalogue(
        items=items,
        events={},
        datasets=datasets,
        organisations={kind: Words(kind, kind) for kind in ORGANISATIONS},
        licence_types={kind: Words(kind, kind) for kind in LICENCES},
    )
