"""The shape of a government service: one immutable value for each revision of an item or life event.

Field names follow the national implementation list (GB/T 39046-2020 and the exchange schema) where they have
an English word; the published JSON Schema in ``yici/apps/catalogue/schema`` describes the same documents as YAML.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from yici.rules.datasets import Dataset
from yici.rules.levels import Level
from yici.rules.words import Words


class ElementKind(StrEnum):
    """What kind of value a data element holds. The first five may stand in conditions."""

    BOOL = "bool"
    INT = "int"
    ENUM = "enum"
    FEN = "fen"  # money, in fen (1/100 yuan)
    DATE = "date"
    TEXT = "text"
    NAME = "name"
    ID_NUMBER = "id_number"
    USCC = "uscc"
    PHONE = "phone"
    REGION = "region"
    ADDRESS = "address"
    BANK_ACCOUNT = "bank_account"


@dataclass(frozen=True, slots=True)
class Element:
    """One datum that a person is asked for once: a question that decides the situation, or a field of the form.

    ``source`` is the ``dataset.field`` that may already hold it; ``minimum`` and ``maximum`` bound whole numbers
    (fen for money). ``values`` are the choices of an ``enum``.
    """

    key: str
    name: Words
    ask: Words
    kind: ElementKind
    values: tuple[tuple[str, Words], ...] = ()
    minimum: int | None = None
    maximum: int | None = None
    source: str | None = None
    hint: Words | None = None
    optional: bool = False


@dataclass(frozen=True, slots=True)
class LegalBasis:
    """The law a demand rests on; ``verified`` only when somebody has read the article."""

    title: str
    article: str
    level: Level
    verified: bool = False
    title_en: str = ""


class WayKind(StrEnum):
    """How a requirement can be satisfied, from the lightest for the person to the heaviest."""

    DATA = "data"  # target: dataset.field
    LICENCE = "licence"  # target: licence type
    RESULT_OF = "result_of"  # target: item key
    FORM = "form"  # target: element key
    DECLARATION = "declaration"  # a statement of fact, signed online
    COMMITMENT = "commitment"  # 告知承诺: a promise in lieu of proof, checked afterwards
    UPLOAD = "upload"  # a copy or photograph
    ORIGINAL = "original"  # the paper itself, inspected in presence; target: dataset.field to write back to, or ""


@dataclass(frozen=True, slots=True)
class Way:
    """One way to satisfy a requirement."""

    kind: WayKind
    target: str = ""


class Necessity(StrEnum):
    """Material necessity (材料必要性: 1 必要, 2 非必要, 3 容缺后补) and commitment in lieu of proof (告知承诺)."""

    NECESSARY = "necessary"
    OPTIONAL = "optional"
    DEFERRABLE = "deferrable"
    PROMISABLE = "promisable"


@dataclass(frozen=True, slots=True)
class Requirement:
    """Something to be shown. Requirements with the same ``proves`` are one paper for the person."""

    key: str
    name: Words
    proves: str
    basis: LegalBasis
    ways: tuple[Way, ...]
    when: str = "true"
    necessity: Necessity = Necessity.NECESSARY
    issued_by: str = ""  # kind of organisation that issues the paper, "" when the person has it by himself


class Stage(StrEnum):
    """When a presence is needed."""

    APPLY = "apply"  # before the item's first step
    REVIEW = "review"  # after ``after``, before the item ends
    COLLECT = "collect"  # after the item's last step


# Places: a presence served at one of the first group costs the person a visit; the second group comes to the person.
VISITED_PLACES = ("window", "kiosk", "police_station", "tax_hall", "hospital", "notary", "vehicle_station", "bank")
REMOTE_PLACES = ("video", "home", "site")


class Assurance(StrEnum):
    """Identity assurance levels of an account, weakest first."""

    NONE = "none"
    REGISTERED = "registered"
    REAL_NAME = "real_name"
    SIGNED = "signed"


@dataclass(frozen=True, slots=True)
class Presence:
    """An act that needs the person: interview, biometric capture, sample, witness, collecting an object."""

    key: str
    name: Words
    stage: Stage
    places: tuple[str, ...]
    basis: LegalBasis
    when: str = "true"
    after: tuple[str, ...] = ()  # step keys of the same item that must be done first (stage review)
    waived_by: Assurance | None = None  # the assurance level that makes it unnecessary


@dataclass(frozen=True, slots=True)
class Special:
    """A special procedure of a step (听证、检验、检测、鉴定、专家评审…): its days are not counted (许可法 art.45)."""

    kind: str
    name: Words
    days: int
    basis: LegalBasis
    when: str = "true"


@dataclass(frozen=True, slots=True)
class Step:
    """One organisation's part. ``promised_days`` and ``statutory_days`` in working days; ``after``: step keys."""

    key: str
    name: Words
    organisation: str  # kind of organisation, "" = the item's own
    post: str
    promised_days: int
    statutory_days: int
    after: tuple[str, ...] = ()
    when: str = "true"
    special: tuple[Special, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a case may give: a licence type, effects on data, and how it reaches the person."""

    licence: str | None = None
    data: tuple[str, ...] = ()
    delivery: tuple[str, ...] = ("electronic",)  # electronic, post, kiosk, window


@dataclass(frozen=True, slots=True)
class Fee:
    """Money asked for, in fen."""

    amount_fen: int
    basis: LegalBasis | None = None
    online_payment: bool = False
    name: Words | None = None


@dataclass(frozen=True, slots=True)
class Period:
    """A length of time: units W working days, D natural days, M months, Y years, H hours (domain reference 2.2)."""

    value: int
    unit: str = "W"


NO_WORDS = Words("", "")


@dataclass(frozen=True, slots=True)
class Item:
    """One revision of a government service item (政务服务事项), province-wide or as one county implements it."""

    key: str
    code: str  # 基本编码, 12 digits
    name: Words
    type: str  # 事项类型 A.1: 01 licence, 05 payment, 07 confirmation, 10 other, 20 public service …
    level: str  # 行使层级 A.2: 2 province, 3 city, 4 county, 5 township
    organisation: str  # kind of organisation in charge, e.g. "public_security"
    audience: tuple[str, ...]  # natural, legal
    immediate: bool  # 即办件; otherwise 承诺件
    channels: tuple[str, ...]  # window, web, mobile, post, kiosk
    scope: str  # 通办范围: nation, province, city, county, township
    power_source: str  # 权力来源 1..6
    bases: tuple[LegalBasis, ...]
    statutory: Period
    promised: Period
    fee: Fee
    standardised: bool
    questions: tuple[Element, ...]
    requirements: tuple[Requirement, ...]
    presences: tuple[Presence, ...]
    steps: tuple[Step, ...]
    outcome: Outcome
    fields: tuple[Element, ...] = ()
    accept_conditions: Words = NO_WORDS
    aliases: tuple[str, ...] = ()  # everyday words people search for
    faq: tuple[tuple[Words, Words], ...] = ()
    presence_reason: Words | None = None  # 必须现场办理原因
    depth: str = "IV"  # 网上办理深度 I–IV as Zhejiang counts
    consult_phone: str = ""
    complaint_phone: str = ""
    result_name: Words | None = None
    result_type: str = ""  # 出证办结 / 出文办结 / 审批办结
    sample: str = ""  # 结果样本
    scope_of_deficiency: tuple[str, ...] = ()  # requirement keys that may come later (容缺), derived from necessity
    notes: Words | None = None
    acceptance: str = ""  # who accepts: one_window, department; "" as the organisations have arranged (规定 art. 5)


@dataclass(frozen=True, slots=True)
class Member:
    """An item's place in a life event: when it applies and which other members' results it waits for."""

    item: str
    when: str = "true"
    after: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LifeEvent:
    """Several items a person needs together (一件事), with the questions that decide which."""

    key: str
    name: Words
    summary: Words
    lead: str  # kind of organisation
    audience: tuple[str, ...]
    members: tuple[Member, ...]
    questions: tuple[Element, ...] = ()  # shared facts asked for the event itself (used in members' conditions)
    aliases: tuple[str, ...] = ()
    topic: str = ""
    notes: Words | None = None


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Everything the planner may need to know of one place: items by key, life events by key, names of the trade."""

    items: Mapping[str, Item]
    events: Mapping[str, LifeEvent]
    datasets: Mapping[str, "Dataset"] = field(default_factory=dict)
    organisations: Mapping[str, Words] = field(default_factory=dict)  # kind → name
    licence_types: Mapping[str, Words] = field(default_factory=dict)


def as_event(item: Item) -> LifeEvent:
    """Return a life event of this one item, so that a single item is planned like any need."""
    return LifeEvent(
        key=item.key,
        name=item.name,
        summary=item.accept_conditions,
        lead=item.organisation,
        audience=item.audience,
        members=(Member(item=item.key),),
        aliases=item.aliases,
    )
