"""What an item's burdens rest on, each with its legal level and so with who can change it."""

from collections.abc import Iterator
from dataclasses import dataclass

from yici.rules.items import Item, LegalBasis, WayKind
from yici.rules.levels import Changer, Level, who_can_change
from yici.rules.planner import presences_of
from yici.rules.words import Words

_FETCHED = frozenset({WayKind.DATA, WayKind.LICENCE, WayKind.RESULT_OF})
_NO_BASIS = LegalBasis("", "", Level.NONE)


@dataclass(frozen=True, slots=True)
class Ground:
    """One burden of an item: what it is, the law it rests on, and who can take it away.

    ``key``: of the requirement, presence or special procedure, "fee" for the fee.
    """

    burden: Words
    basis: LegalBasis
    key: str = ""

    @property
    def changer(self) -> Changer:
        """Who can change it."""
        return who_can_change(self.basis.level)


def grounds_of(item: Item) -> Iterator[Ground]:
    """Yield what the item demands of people, those burdens first that are the easiest to take away.

    A fact that is only fetched asks nothing of anybody and is left out.
    """
    yield from sorted(_grounds(item), key=lambda one: one.basis.level.height)


def _grounds(item: Item) -> Iterator[Ground]:
    for requirement in item.requirements:
        if not {way.kind for way in requirement.ways} <= _FETCHED:
            yield Ground(requirement.name, requirement.basis, requirement.key)
    for presence in presences_of(item):
        yield Ground(presence.name, presence.basis, presence.key)
    if item.fee.amount_fen:
        yield Ground(item.fee.name or Words("收费", "Fee"), item.fee.basis or _NO_BASIS, "fee")
    for step in item.steps:
        for special in step.special:
            yield Ground(special.name, special.basis, f"{step.key}.{special.kind}")
