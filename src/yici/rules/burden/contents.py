"""What an item offers and asks for beside its papers, acts and steps: read once, counted for persons or proved."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from yici.rules.burden.components import Component
from yici.rules.items import Element, Item, Necessity, WayKind
from yici.rules.planner.tables import Asked, Tables
from yici.rules.planner.timing import working_days_at_most

_STATED = frozenset({WayKind.FORM, WayKind.DECLARATION, WayKind.COMMITMENT})
# 通办范围, the narrowest first: who may apply in the whole nation may apply in the township too.
_SCOPES = ("township", "county", "city", "province", "nation")


@dataclass(frozen=True, slots=True)
class Offers:
    """What may be applied for: pairs of the item's bit and the goods it gives to whom it applies."""

    eligible: tuple[tuple[int, tuple[str, ...]], ...]


def offers_of(tables: Tables) -> Offers:
    """Return what the items of an event are good for, and for whom."""
    return Offers(tuple((entry.bit, _eligible(entry.item)) for entry in tables.entries))


def _eligible(item: Item) -> tuple[str, ...]:
    key = item.key
    goods = [key, *(f"{key}:audience:{one}" for one in item.audience)]
    reached = _SCOPES.index(item.scope) if item.scope in _SCOPES else -1
    goods += [f"{key}:scope:{one}" for one in _SCOPES[: reached + 1]]
    goods += [f"{key}:licence:{item.outcome.licence}"] if item.outcome.licence else []
    return tuple(goods)


def fields_of(tables: Tables, applies: Callable[[int], bool]) -> Iterator[tuple[int, str, str | None]]:
    """Yield what has to be filled in: the bit of the item that asks (0: the event), the key, the datum it is in.

    Each fact is asked once; what is optional is not counted.
    """
    for element in tables.event.questions:
        if not element.optional:
            yield 0, element.key, element.source
    for entry in tables.entries:
        if applies(entry.bit):
            yield from ((entry.bit, one.key, one.source) for one in _asked_by(entry.item) if not one.optional)


def _asked_by(item: Item) -> Iterator[Element]:
    yield from item.questions
    yield from item.fields


def periods_of() -> Mapping[Component, Callable[[Item], int]]:
    """Return how to read the declared periods, in working days."""
    return {
        Component.PROMISED_PERIOD: lambda item: working_days_at_most(item.promised),
        Component.STATUTORY_PERIOD: lambda item: working_days_at_most(item.statutory),
    }


@dataclass(frozen=True, slots=True)
class Demand:
    """What a requirement leaves to the person when nothing else satisfies it.

    ``proves``: requirements that prove the same are one demand. ``no_copy``: the original alone will do; ``no_choice``:
    no declaration, commitment (告知承诺) or field takes its place.
    """

    proves: str
    is_paper: bool
    late: bool
    no_copy: bool
    no_choice: bool


def demand_of(asked: Asked, tables: Tables) -> Demand | None:
    """Return what is demanded, None when nothing is: an optional paper, or a field that is asked for anyway.

    The planner does not offer every way that the item lists; here each listed one counts, as people read the list.
    """
    requirement = asked.requirement
    last = requirement.ways[asked.last] if asked.last >= 0 else None
    if requirement.necessity is Necessity.OPTIONAL:
        return None
    if last and last.kind is WayKind.FORM and last.target in _asked_anyway(asked, tables):
        return None
    kinds = {way.kind for way in requirement.ways[asked.last :]} if last else set[WayKind]()
    promised = requirement.necessity is Necessity.PROMISABLE
    return Demand(
        proves=requirement.proves,
        is_paper=bool(asked.paper),
        late=requirement.necessity is Necessity.DEFERRABLE,
        no_copy=bool(asked.act) and WayKind.UPLOAD not in kinds,
        no_choice=bool(asked.paper) and not promised and kinds.isdisjoint(_STATED),
    )


def _asked_anyway(asked: Asked, tables: Tables) -> set[str]:
    listed = (*tables.event.questions, *_asked_by(tables.entries[asked.item].item))
    return {one.key for one in listed if not one.optional}


# The components that count demands, each once for everything they prove.
DEMANDED: Mapping[Component, Callable[[Demand], bool]] = {
    Component.DEMANDS: lambda demand: True,
    Component.ORIGINALS_WITHOUT_COPY: lambda demand: demand.no_copy,
    Component.PAPERS_AT_ONCE: lambda demand: demand.is_paper and not demand.late,
    Component.PAPERS_WITHOUT_CHOICE: lambda demand: demand.no_choice,
}


def pays_online(item: Item) -> tuple[str, ...]:
    """Return how what an item charges can be paid beside the window."""
    return ("online_payment",) if item.fee.online_payment else ()


def accepted_at(item: Item) -> tuple[str, ...]:
    """Return whether the one window may accept an item; only "department" says that it may not (规定 art. 5)."""
    return () if item.acceptance == "department" else ("one_window",)
