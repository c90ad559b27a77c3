"""A restaurant in Wuxing, small enough to reckon by hand: two items, one lease, one inspection."""

from dataclasses import replace
from typing import Any

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
from yici.rules.planner import CompiledEvent, compile_event
from yici.rules.words import Words

NOTHING = Words("", "")
RULE = LegalBasis("食品经营许可管理办法", "第十二条", Level.RULE, title_en="Food Business Licensing Measures")
LAW = LegalBasis("食品安全法", "第三十五条", Level.NATIONAL_LAW, title_en="Food Safety Law")
WUXING = Words("吴兴区", "Wuxing District")
LEASE = Way(WayKind.DATA, "leases.filing")
ORIGINAL = Way(WayKind.ORIGINAL, "leases.filing")
COMMITMENT = Way(WayKind.COMMITMENT)
COOKS = Element("cooks", Words("现场加工", "Cooks on the spot"), NOTHING, ElementKind.BOOL)
AREA = Element("area", Words("面积", "Floor area"), NOTHING, ElementKind.INT, minimum=1, maximum=10_000)


def lease(**changed: Any) -> Requirement:
    requirement = Requirement(
        "lease", Words("房屋租赁合同", "Lease"), "premises", RULE, (LEASE, ORIGINAL, COMMITMENT), issued_by="housing"
    )
    return replace(requirement, **changed)


def step(key: str, days: int, after: tuple[str, ...] = (), **changed: Any) -> Step:
    return replace(Step(key, Words(key, key), "", "reviewer", days, days + 5, after), **changed)


def presence(key: str, stage: Stage, *places: str, **changed: Any) -> Presence:
    return replace(Presence(key, Words(f"{key}到场", key), stage, places or ("window",), LAW), **changed)


def item(key: str, name: Words, **changed: Any) -> Item:
    plain = Item(
        key=key,
        code="330131001000",
        name=name,
        type="01",
        level="4",
        organisation="market_regulation",
        audience=("legal",),
        immediate=False,
        channels=("web", "window"),
        scope="city",
        power_source="1",
        bases=(LAW,),
        statutory=Period(20),
        promised=Period(4),
        fee=Fee(0),
        standardised=True,
        questions=(),
        requirements=(),
        presences=(),
        steps=(),
        outcome=Outcome(),
    )
    return replace(plain, **changed)


COMPANY = item(
    "company",
    Words("企业设立登记", "Company registration"),
    requirements=(lease(),),
    steps=(step("accept", 0), step("register", 1, ("accept",))),
    outcome=Outcome(licence="business_licence"),
)
KITCHEN = item(
    "kitchen",
    Words("食品经营许可", "Food business licence"),
    questions=(COOKS, AREA),
    requirements=(
        lease(when="area > 50"),
        lease(
            key="business_licence",
            name=Words("营业执照", "Business licence"),
            proves="company",
            ways=(Way(WayKind.LICENCE, "business_licence"), Way(WayKind.RESULT_OF, "company")),
        ),
    ),
    presences=(presence("inspection", Stage.REVIEW, "site", when="cooks"),),
    steps=(
        step("accept", 0),
        step(
            "check", 3, ("accept",), special=(Special("expert_review", Words("专家评审", "Review"), 10, LAW, "cooks"),)
        ),
    ),
)


def catalogue(*items: Item) -> Catalogue:
    fields = {"filing": Words("租赁备案", "lease filing")}
    datasets = {
        "leases": Dataset(
            "leases", Words("房屋租赁备案", "Lease filings"), "housing", "city", Sharing.UNCONDITIONAL, fields
        )
    }
    names = {"housing": Words("住建局", "Housing bureau"), "market_regulation": Words("市场监管局", "Market bureau")}
    return Catalogue(
        {one.key: one for one in items},
        {},
        datasets,
        names,
        {"business_licence": Words("营业执照", "Business licence")},
    )


def event(*members: Member) -> LifeEvent:
    return LifeEvent("restaurant", Words("开办餐饮店", "Open a restaurant"), NOTHING, "market_regulation", (), members)


def compiled(*items: Item, members: tuple[Member, ...] = ()) -> CompiledEvent:
    return compile_event(event(*(members or tuple(Member(one.key) for one in items))), catalogue(*items))


RESTAURANT = compiled(COMPANY, KITCHEN)
SIGNED_IN = {"*": "available", "licence:business_licence": "missing", "assurance": Assurance.REAL_NAME}
NOT_SHARED = {**SIGNED_IN, "leases.filing": "not_shared"}
