"""Gaps: what the data could not satisfy, so that a person had to bring it; each is charged to the dataset's owner."""

from collections.abc import Iterable
from dataclasses import dataclass

from yici.rules.items import WayKind
from yici.rules.plans import Availability, Evidence, EvidenceStatus
from yici.rules.words import Words

CAUSE_WORDS = {
    Availability.MISSING: Words("没有数据", "Missing"),
    Availability.STALE: Words("数据陈旧", "Out of date"),
    Availability.SOURCE_DOWN: Words("数据源无应答", "Source not answering"),
    Availability.NOT_SHARED: Words("未共享", "Not shared"),
    Availability.NEEDS_GRANT: Words("未授权", "Needs a grant"),
}

# What the government found without asking the person, and what nobody asked for.
_NO_BURDEN = frozenset({EvidenceStatus.FETCHED, EvidenceStatus.FROM_RESULT, EvidenceStatus.SKIPPED})


@dataclass(frozen=True, slots=True)
class Gap:
    """One requirement of an item that a field of a dataset should have satisfied, and why it did not."""

    item: str
    requirement: str
    dataset: str
    field: str
    cause: Availability


def gaps_of(evidence: Iterable[Evidence]) -> tuple[Gap, ...]:
    """Return one gap for each requirement of a plan that fell back from data to the person.

    The best datum counts: the first way of the requirement that rests on one. Licences and results of other items are
    not data of a dataset; a requirement satisfied by a second-best datum is no gap.
    """
    found = []
    for row in evidence:
        tried = next(((way, why) for way, why in row.tried if way.kind is WayKind.DATA), None)
        if tried is None or row.status in _NO_BURDEN:
            continue
        dataset, _, field = tried[0].target.partition(".")
        found.append(Gap(row.item, row.requirement, dataset, field, tried[1]))
    return tuple(found)


def share(part: int, whole: int) -> float | None:
    """Return a share with three decimals, None of nothing: no figure is better than a wrong one.

    >>> share(1, 3), share(0, 0)
    (0.333, None)
    """
    return round(part / whole, 3) if whole else None
