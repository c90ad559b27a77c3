"""One life event of eight items and forty requirements, made by rule, and people in thousands of situations."""

from random import Random

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
from yici.rules.plans import Availability
from yici.rules.words import Words

ITEMS = 8
REQUIREMENTS_PER_ITEM = 5
_NOTHING = Words("", "")
_BASIS = LegalBasis("食品经营许可管理办法", "第十二条", Level.RULE)
_ORGANISATIONS = ("market_regulation", "taxation", "housing", "fire_rescue", "ecology")
_CONDITIONS = (
    "true",
    "employs",
    "rents && area > 50",
    'kind == "restaurant"',
    "true",
    "area > 200 || cooks",
    "!employs",
)
_QUESTIONS = (
    Element("employs", _NOTHING, _NOTHING, ElementKind.BOOL),
    Element("rents", _NOTHING, _NOTHING, ElementKind.BOOL),
    Element("cooks", _NOTHING, _NOTHING, ElementKind.BOOL),
    Element("area", _NOTHING, _NOTHING, ElementKind.INT, minimum=1, maximum=10_000),
    Element(
        "kind", _NOTHING, _NOTHING, ElementKind.ENUM, values=tuple((one, _NOTHING) for one in ("restaurant", "bakery"))
    ),
)


def bench_event() -> tuple[LifeEvent, Catalogue]:
    """Return the event and its catalogue: half the parts are conditional, items wait for each other in two rows."""
    items = {f"item_{number}": _item(number) for number in range(ITEMS)}
    members = tuple(
        Member(f"item_{number}", _CONDITIONS[number % 4], (f"item_{number - 2}",) if number > 1 else ())
        for number in range(ITEMS)
    )
    event = LifeEvent("open_restaurant", _NOTHING, _NOTHING, "market_regulation", ("legal",), members, _QUESTIONS)
    datasets = {
        f"data_{number}": Dataset(
            f"data_{number}",
            Words(f"数据资源{number}", f"Dataset {number}"),
            _ORGANISATIONS[number % 5],
            "province",
            Sharing.UNCONDITIONAL,
            {"field": Words("数据项", "Field")},
        )
        for number in range(25)
    }
    return event, Catalogue(items, {event.key: event}, datasets)


def situations(count: int, seed: int, answered: float) -> list[tuple[dict[str, Answer], dict[str, str]]]:
    """Return random people; each question is answered with this likelihood."""
    chance = Random(seed)
    return [(_answers(chance, answered), _holdings(chance)) for _ in range(count)]


def _answers(chance: Random, answered: float) -> dict[str, Answer]:
    full: dict[str, Answer] = {
        "employs": chance.random() < 0.5,
        "rents": chance.random() < 0.5,
        "cooks": chance.random() < 0.5,
        "area": chance.choice((20, 60, 120, 300)),
        "kind": chance.choice(("restaurant", "bakery")),
    }
    return {key: value for key, value in full.items() if chance.random() < answered}


def _holdings(chance: Random) -> dict[str, str]:
    states = [Availability.AVAILABLE] * 5 + [Availability.MISSING, Availability.NOT_SHARED, Availability.STALE]
    seen: dict[str, str] = {f"data_{number}.field": chance.choice(states) for number in range(25)}
    return {**seen, "licence:permit": chance.choice(states), "assurance": chance.choice(list(Assurance))}


def _item(number: int) -> Item:
    key = f"item_{number}"
    name = Words(f"事项{number}", f"Item {number}")
    return Item(
        key=key,
        code=f"3301310{number:02}000",
        name=name,
        type="01",
        level="4",
        organisation=_ORGANISATIONS[number % 5],
        audience=("legal",),
        immediate=number % 3 == 0,
        channels=("web", "window"),
        scope="city",
        power_source="1",
        bases=(_BASIS,),
        statutory=Period(20),
        promised=Period(4),
        fee=Fee(1_000 * (number % 2)),
        standardised=True,
        questions=_QUESTIONS,
        requirements=tuple(_requirement(number, place) for place in range(REQUIREMENTS_PER_ITEM)),
        presences=_presences(number),
        steps=_steps(number),
        outcome=Outcome(licence="permit" if number % 2 else None),
    )


def _requirement(number: int, place: int) -> Requirement:
    serial = number * REQUIREMENTS_PER_ITEM + place
    data = Way(WayKind.DATA, f"data_{serial % 25}.field")
    result = Way(WayKind.RESULT_OF, f"item_{number - 1}") if number else Way(WayKind.LICENCE, "permit")
    ways = (
        (data, Way(WayKind.ORIGINAL), Way(WayKind.COMMITMENT)),
        (data, Way(WayKind.UPLOAD)),
        (data, Way(WayKind.LICENCE, "permit"), Way(WayKind.ORIGINAL)),
        (Way(WayKind.DECLARATION),),
        (result, data, Way(WayKind.ORIGINAL)),
    )[place]
    return Requirement(
        key=f"requirement_{place}",
        name=Words(f"材料{serial}", f"Paper {serial}"),
        proves=f"paper_{serial % 30}",
        basis=_BASIS,
        ways=ways,
        when=_CONDITIONS[serial % 7],
        necessity=Necessity.DEFERRABLE if serial % 9 == 0 else Necessity.NECESSARY,
    )


def _presences(number: int) -> tuple[Presence, ...]:
    inspection = Presence(
        "inspection", Words("现场核查", "Inspection"), Stage.REVIEW, ("site",), _BASIS, _CONDITIONS[5], ("review",)
    )
    signing = Presence(
        "signing", Words("当面签字", "Signing"), Stage.APPLY, ("window", "kiosk"), _BASIS, waived_by=Assurance.REAL_NAME
    )
    collect = Presence("collect", Words("领证", "Collect"), Stage.COLLECT, ("window",), _BASIS, _CONDITIONS[2])
    return ((inspection,), (signing,), (collect,), ())[number % 4]


def _steps(number: int) -> tuple[Step, ...]:
    expert = Special("expert_review", Words("专家评审", "Expert review"), 10, _BASIS, _CONDITIONS[5])
    return (
        Step("accept", Words("受理", "Acceptance"), "", "window", 0, 2),
        Step("review", Words("审查", "Review"), "", "reviewer", 1 + number % 3, 10, ("accept",), special=(expert,)),
        Step("visit", Words("核查", "Inspection"), "", "reviewer", 2, 5, ("accept",), when=_CONDITIONS[2]),
        Step("decide", Words("决定", "Decision"), "", "decider", 1, 3, ("review", "visit")),
    )
