"""What an item wants to read of shared data, and the law its demand rests on."""

from dataclasses import dataclass

from yici.rules.datasets import Sharing
from yici.rules.items import Item, LegalBasis, WayKind
from yici.rules.levels import Level
from yici.rules.words import Words

# 规定 art. 39: authorities share public data with each other unless a law says otherwise.
SHARING_LAW = LegalBasis(
    "浙江省保障“最多跑一次”改革规定",
    "第三十九条",
    Level.LOCAL_REGULATION,
    verified=True,
    title_en="Zhejiang Regulation on the At-Most-Once Reform",
)


@dataclass(frozen=True, slots=True)
class Use:
    """What an item wants of one dataset, and the law its demand rests on."""

    item: str
    dataset: str
    fields: frozenset[str]
    basis: LegalBasis


MANDATE_OF_A_COMPANY = "company_mandate"
# What the platform itself reads, beside the items of the catalogue; the public list of grants names it like an item.
PLATFORM_ITEMS = {MANDATE_OF_A_COMPANY: Words("企业办事授权", "Mandate of a company")}
PLATFORM_USES = (
    Use(
        MANDATE_OF_A_COMPANY,
        "companies",
        frozenset({"legal_representative_id"}),
        LegalBasis("中华人民共和国民法典", "第六十一条", Level.NATIONAL_LAW, title_en="Civil Code"),
    ),
)


def uses_of(item: Item) -> list[Use]:
    """Return what an item asks for: ``data`` ways of its requirements and the sources of what its form asks.

    The basis is that of the first requirement that needs the dataset, else the item's own.
    """
    fields: dict[str, set[str]] = {}
    bases: dict[str, LegalBasis] = {}
    for requirement in item.requirements:
        for way in requirement.ways:
            if way.kind is WayKind.DATA:
                dataset, _, field = way.target.partition(".")
                fields.setdefault(dataset, set()).add(field)
                bases.setdefault(dataset, requirement.basis)
    for element in (*item.questions, *item.fields):
        if element.source:
            dataset, _, field = element.source.partition(".")
            fields.setdefault(dataset, set()).add(field)
    own = item.bases[0] if item.bases else SHARING_LAW
    return [Use(item.key, dataset, frozenset(found), bases.get(dataset, own)) for dataset, found in fields.items()]


def basis_for(sharing: Sharing, use: Use) -> LegalBasis:
    """Return the law a grant rests on: unconditional data are shared by the law itself, others for the item's duty."""
    return SHARING_LAW if sharing is Sharing.UNCONDITIONAL else use.basis
