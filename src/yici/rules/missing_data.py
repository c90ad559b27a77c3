"""Reads from a plan which data links would have made its visits unnecessary."""

from collections.abc import Iterable, Mapping
from typing import Any

from yici.rules.links import Lack, lack_of

# A paper that is shown at a visit, or for which the window must find a way.
_SHOWN = frozenset({"original", "unmet"})


def missing_in(document: Mapping[str, Any], *, by_field: bool = False) -> Lack | None:
    """Return the data that a plan's visits were made for, or None when no data link can spare them all.

    ``document`` is what ``plan_document`` writes, as an application keeps it. Each part lists the data of which any one
    would have been enough. An act that needs the person (a presence), or a paper that no shared datum may replace, is
    there whatever is shared. A link is a whole dataset, or ``by_field`` one field of it; a licence is ``licence:type``.
    """
    shown = [row for row in document["evidence"] if row["status"] in _SHOWN]
    papers = {(row["item"], row["requirement"]) for row in shown}
    causes = {(cause["item"], cause["key"]) for visit in document["visits_detail"] for cause in visit["causes"]}
    parts = [_links_of(row["tried"], by_field) for row in shown]
    if not shown or causes - papers or not all(parts):
        return None
    return lack_of(parts)


def _links_of(tried: Iterable[Mapping[str, Any]], by_field: bool) -> list[str]:
    return [_link(way["way"], way["target"], by_field) for way in tried if way["way"] in {"data", "licence"}]


def _link(kind: str, target: str, by_field: bool) -> str:
    if kind == "licence":
        return f"licence:{target}"
    return target if by_field else target.partition(".")[0]
