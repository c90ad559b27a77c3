"""Arbitrary items and life events for the properties of documents."""

from hypothesis import strategies as st

from yici.rules.items import (
    REMOTE_PLACES,
    VISITED_PLACES,
    Assurance,
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
from yici.rules.words import Words

# Words that other YAML readers take for something else stand among the texts.
TRAPS = [
    "yes",
    "no",
    "on",
    "null",
    "~",
    "07",
    "08",
    "1e3",
    "0x1F",
    "1_000",
    "12:30",
    "2018-01-01",
    "=",
    "<<",
    "- a",
    "a: b",
]
TEXT = st.sampled_from(TRAPS) | st.text(
    st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Cn"), exclude_characters="\x85\u2028\u2029\ufeff"),
    min_size=1,
    max_size=12,
)
KEY = st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True)
KEYS = st.lists(KEY, max_size=3, unique=True).map(tuple)
WORDS = st.builds(Words, TEXT, TEXT)
CONDITION = st.just("true") | st.builds("{} == 1".format, KEY)
BASIS = st.builds(LegalBasis, TEXT, TEXT | st.just(""), st.sampled_from(Level), st.booleans(), TEXT | st.just(""))
DAYS = st.integers(0, 40)


def _element(key: str, kind: ElementKind, values: dict[str, Words], rest: Element) -> Element:
    choices = tuple(values.items()) if kind is ElementKind.ENUM else ()
    return Element(key, rest.name, rest.ask, kind, choices, rest.minimum, rest.maximum, rest.source, rest.hint)


ELEMENT = st.builds(
    _element,
    KEY,
    st.sampled_from(ElementKind),
    st.dictionaries(KEY, WORDS, min_size=1, max_size=4),
    st.builds(
        Element,
        KEY,
        WORDS,
        WORDS,
        st.just(ElementKind.INT),
        minimum=st.none() | st.integers(-9, 9),
        maximum=st.none() | st.integers(10, 99),
        source=st.none() | st.builds("{}.{}".format, KEY, KEY),
        hint=st.none() | WORDS,
    ),
)
TARGETED = st.builds(Way, st.sampled_from([WayKind.LICENCE, WayKind.RESULT_OF, WayKind.FORM]), KEY)
PLAIN = st.builds(Way, st.sampled_from([WayKind.DECLARATION, WayKind.COMMITMENT, WayKind.UPLOAD, WayKind.ORIGINAL]))
REQUIREMENT = st.builds(
    Requirement,
    key=KEY,
    name=WORDS,
    proves=KEY,
    basis=BASIS,
    ways=st.lists(TARGETED | PLAIN, min_size=1, max_size=4, unique=True).map(tuple),
    when=CONDITION,
    necessity=st.sampled_from(Necessity),
    issued_by=KEY | st.just(""),
)
PRESENCE = st.builds(
    Presence,
    key=KEY,
    name=WORDS,
    stage=st.sampled_from(Stage),
    places=st.lists(st.sampled_from((*VISITED_PLACES, *REMOTE_PLACES)), min_size=1, unique=True).map(tuple),
    basis=BASIS,
    when=CONDITION,
    after=KEYS,
    waived_by=st.none() | st.sampled_from([Assurance.REGISTERED, Assurance.REAL_NAME, Assurance.SIGNED]),
)
SPECIAL = st.builds(Special, KEY, WORDS, DAYS, BASIS, CONDITION)
STEP = st.builds(
    Step,
    key=KEY,
    name=WORDS,
    organisation=KEY | st.just(""),
    post=KEY,
    promised_days=DAYS,
    statutory_days=DAYS,
    after=KEYS,
    when=CONDITION,
    special=st.lists(SPECIAL, max_size=2).map(tuple),
)
OUTCOME = st.builds(
    Outcome,
    licence=st.none() | KEY,
    data=KEYS,
    delivery=st.lists(st.sampled_from(["electronic", "post", "kiosk", "window"]), min_size=1, unique=True).map(tuple),
)
FEE = st.builds(Fee, st.integers(0, 10**9), st.none() | BASIS, st.booleans(), st.none() | WORDS)
PERIOD = st.builds(Period, st.integers(0, 999), st.sampled_from("WDMYH"))


def _some(strategy: st.SearchStrategy, least: int = 0) -> st.SearchStrategy:  # type: ignore[type-arg]
    return st.lists(strategy, min_size=least, max_size=3).map(tuple)


@st.composite
def items(draw: st.DrawFn) -> Item:
    """An item of the right shape; its references need not exist."""
    requirements = draw(_some(REQUIREMENT))
    return Item(
        key=draw(KEY),
        code=draw(st.from_regex(r"[0-9]{12}", fullmatch=True)),
        name=draw(WORDS),
        type=draw(st.sampled_from(["01", "05", "07", "08", "09", "10", "20"])),
        level=draw(st.sampled_from("23457")),
        organisation=draw(KEY),
        audience=("natural", "legal"),
        immediate=draw(st.booleans()),
        channels=("web",),
        scope="province",
        power_source="1",
        bases=draw(_some(BASIS)),
        statutory=draw(PERIOD),
        promised=draw(PERIOD),
        fee=draw(FEE),
        standardised=draw(st.booleans()),
        questions=draw(_some(ELEMENT)),
        requirements=requirements,
        presences=draw(_some(PRESENCE)),
        steps=draw(_some(STEP)),
        outcome=draw(OUTCOME),
        fields=draw(_some(ELEMENT)),
        accept_conditions=draw(WORDS),
        aliases=tuple(draw(st.lists(TEXT, max_size=3, unique=True))),
        faq=draw(_some(st.tuples(WORDS, WORDS))),
        presence_reason=draw(st.none() | WORDS),
        depth=draw(st.sampled_from(["I", "II", "III", "IV"])),
        consult_phone=draw(TEXT | st.just("")),
        result_name=draw(st.none() | WORDS),
        scope_of_deficiency=tuple(part.key for part in requirements if part.necessity is Necessity.DEFERRABLE),
        notes=draw(st.none() | WORDS),
    )


@st.composite
def life_events(draw: st.DrawFn) -> LifeEvent:
    """A life event of the right shape."""
    return LifeEvent(
        key=draw(KEY),
        name=draw(WORDS),
        summary=draw(WORDS),
        lead=draw(KEY),
        audience=("natural",),
        members=draw(_some(st.builds(Member, KEY, CONDITION, KEYS), least=1)),
        questions=draw(_some(ELEMENT)),
        aliases=tuple(draw(st.lists(TEXT, max_size=3, unique=True))),
        topic=draw(KEY | st.just("")),
        notes=draw(st.none() | WORDS),
    )
