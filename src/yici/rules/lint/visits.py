"""Whether an item makes somebody come: derived from what it asks, never declared."""

from collections.abc import Iterator

from yici.rules.items import REMOTE_PLACES, Item, Necessity, Presence, Requirement, WayKind
from yici.rules.words import Words

_SENT = frozenset({"electronic", "post"})


def visit_causes(item: Item) -> Iterator[tuple[str, Words]]:
    """Yield what brings a person to a counter for some answers even when government has all its data.

    A paper original that is asked for only while a datum is missing is no cause: that is the gap of the dataset's
    owner (material form 7 of the exchange standard), and the plan says so to the person it meets. Nor is a presence
    that a signed-in identity makes unnecessary.
    """
    yield from ((f"presences.{part.key}", part.name) for part in item.presences if _brings_somebody(part))
    yield from ((f"requirements.{part.key}", part.name) for part in item.requirements if _only_on_paper(part))
    if item.outcome.licence and not _SENT.intersection(item.outcome.delivery):
        yield "outcome.delivery", Words("结果只能到场领取", "the result is handed out in person only")


def needs_visit(item: Item) -> bool:
    """Whether some person must come even when government has all its data."""
    return any(True for _ in visit_causes(item))


def _brings_somebody(part: Presence) -> bool:
    return part.waived_by is None and not set(part.places).intersection(REMOTE_PLACES) and part.when != "false"


def _only_on_paper(part: Requirement) -> bool:
    needed = part.necessity is not Necessity.OPTIONAL and part.when != "false"
    return needed and all(way.kind is WayKind.ORIGINAL for way in part.ways)
