"""Routing: who is proposed for a ticket, on what ground, and who may never get it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import IntEnum

from yici.rules.words import Words


class Ground(IntEnum):
    """Why an organisation is proposed, the strongest first (北京 art. 11, 12: 派单目录, then the region)."""

    ARBITRATION = 1  # a decision about the same category in the same place binds
    ITEM = 2  # it carries out the item (catalogue)
    DUTY = 3  # the duty list names it for category and place
    CATEGORY = 4  # the kind of organisation the category belongs to
    HISTORY = 5  # it has handled most such tickets here
    REGION = 6  # nobody is clear but the place is: its government co-ordinates

    @property
    def words(self) -> Words:
        """Return the ground as the dispatcher reads it."""
        return _GROUND_WORDS[self]


_GROUND_WORDS = {
    Ground.ARBITRATION: Words("已有裁定先例", "An arbitration has decided so"),
    Ground.ITEM: Words("事项实施机构", "Carries out the item"),
    Ground.DUTY: Words("派单目录", "Named in the duty list"),
    Ground.CATEGORY: Words("类别对应的部门", "The department of this category"),
    Ground.HISTORY: Words("同类工单多由其办理", "Has handled most such tickets"),
    Ground.REGION: Words("属地兜底", "The place is clear, the department is not"),
}


@dataclass(frozen=True, slots=True)
class Candidate:
    """An organisation somebody or something names for a ticket; ``source`` says which list, item or decision."""

    organisation: int
    ground: Ground
    source: str = ""


def proposed(candidates: Iterable[Candidate], forbidden: frozenset[int]) -> list[Candidate]:
    """Return each organisation once, on its strongest ground, strongest first, without the forbidden ones.

    >>> [one.organisation for one in proposed([Candidate(1, Ground.CATEGORY), Candidate(2, Ground.ITEM)], frozenset())]
    [2, 1]
    """
    best: dict[int, Candidate] = {}
    for one in candidates:
        known = best.get(one.organisation)
        if one.organisation not in forbidden and (known is None or one.ground < known.ground):
            best[one.organisation] = one
    return sorted(best.values(), key=lambda one: one.ground)


def forbidden_for(accused: int | None, superiors: Mapping[int, int | None], asked: Iterable[int]) -> frozenset[int]:
    """Return those of the asked organisations that are the accused one or stand below it (济南 art. 32).

    ``superiors`` maps each organisation to the one above it, None at the top.

    >>> sorted(forbidden_for(1, {3: 2, 2: 1, 1: None, 4: None}, [1, 3, 4]))
    [1, 3]
    """
    if accused is None:
        return frozenset()
    return frozenset(one for one in asked if accused in _chain(one, superiors))


def _chain(organisation: int, superiors: Mapping[int, int | None]) -> list[int]:
    chain: list[int] = []
    here: int | None = organisation
    while here is not None and here not in chain:
        chain.append(here)
        here = superiors.get(here)
    return chain


# Kinds that stand for a place and not for a trade (块 against 条).
REGIONAL_KINDS = frozenset({"township", "government"})


def is_across(returning: str, named: str) -> bool:
    """Whether a return sets a region against a department: the kinds of the returning and of the named organisation.

    >>> is_across("township", "urban_management"), is_across("housing", "urban_management")
    (True, False)
    """
    return bool(named) and (returning in REGIONAL_KINDS) != (named in REGIONAL_KINDS)
