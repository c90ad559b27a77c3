"""Items that should not be there: they only move a fact from one organisation to another, or only book a visit."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from yici.rules.items import Catalogue, Item, WayKind
from yici.rules.words import Words


class DebtKind(StrEnum):
    """Why an item is a debt of data."""

    MOVES_A_FACT = "moves_a_fact"
    BOOKS_A_VISIT = "books_a_visit"

    @property
    def words(self) -> Words:
        """Return why."""
        return _WORDS[self]


_WORDS = {
    DebtKind.MOVES_A_FACT: Words("只是替别的部门搬运一项事实", "It only moves a fact to another organisation"),
    DebtKind.BOOKS_A_VISIT: Words("只是预约一次到场", "It only books a visit"),
}


_PAYMENT = "05"  # 行政给付 (A.1)
_DECIDER = "decider"


@dataclass(frozen=True, slots=True)
class Debt:
    """One such item, and the items of other organisations that ask people for what it gives."""

    item: Item
    kind: DebtKind
    askers: tuple[Item, ...] = ()


def data_debts(catalogue: Catalogue) -> Iterator[Debt]:
    """Yield the items whose work a data link or a booking would do."""
    asked: dict[str, list[Item]] = {}
    for item in catalogue.items.values():
        for target in {_asked(way.kind, way.target) for part in item.requirements for way in part.ways}:
            asked.setdefault(target, []).append(item)
    for item in catalogue.items.values():
        if _gives_a_right(item):
            continue
        given = (f"result:{item.key}", *(f"data:{target}" for target in item.outcome.data))
        askers = {one.key: one for target in given for one in asked.get(target, ()) if one.key != item.key}
        others = tuple(one for one in askers.values() if one.organisation != item.organisation)
        if others:
            yield Debt(item, DebtKind.MOVES_A_FACT, others)
        elif not item.outcome.data and not askers and item.presences:
            yield Debt(item, DebtKind.BOOKS_A_VISIT)


def _gives_a_right(item: Item) -> bool:
    """Whether the item does more than move what is known: a licence, money, or a decision that somebody takes."""
    decided = any(step.post == _DECIDER for step in item.steps)
    return item.outcome.licence is not None or bool(item.fee.amount_fen) or item.type == _PAYMENT or decided


def _asked(kind: WayKind, target: str) -> str:
    if kind is WayKind.RESULT_OF:
        return f"result:{target}"
    return f"data:{target}" if kind in {WayKind.DATA, WayKind.ORIGINAL} else ""
