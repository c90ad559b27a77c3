"""What the government can see of shared data for one person, before anybody reads the content."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from yici.rules.items import Sharing
from yici.rules.plans import Availability


class RecordStatus(StrEnum):
    """How far a record can be relied on."""

    AVAILABLE = "available"
    STALE = "stale"
    PENDING = "pending"  # written back by a window or a case, the owner has not confirmed it yet


@dataclass(frozen=True, slots=True)
class Link:
    """How one dataset is open; regions are codes of 6 or 12 digits and speak for everything in them."""

    sharing: Sharing
    not_shared_in: frozenset[str] = frozenset()
    granted_in: frozenset[str] = frozenset()

    def state(self, region_path: Iterable[str]) -> Availability | None:
        """Return why nothing can be read for this region, or None if the link is open.

        ``region_path``: the codes of the region and of all above it. A dataset that is not shared stays closed
        whatever was granted; a link not yet laid in a region is no refusal, but the person notices no difference.

        >>> Link(Sharing.CONDITIONAL).state(["330122"]).value
        'needs_grant'
        """
        path = frozenset(region_path)
        if self.sharing is Sharing.NOT_SHARED or self.not_shared_in & path:
            return Availability.NOT_SHARED
        if self.sharing is Sharing.CONDITIONAL and not self.granted_in & path:
            return Availability.NEEDS_GRANT
        return None


_BY_STATUS = {
    RecordStatus.AVAILABLE: Availability.AVAILABLE,
    RecordStatus.STALE: Availability.STALE,
    RecordStatus.PENDING: Availability.PENDING,
}


def availability(
    link: Link | None, region_path: Iterable[str], held: Iterable[str], field: str, status: RecordStatus
) -> Availability:
    """Return whether one field can be seen: the link first, then whether the record has the field, then its status.

    ``held``: the fields that have a value. A dataset nobody knows (``link`` None) is missing, never an error: a
    catalogue may be ahead of the data.
    """
    if link is None:
        return Availability.MISSING
    closed = link.state(region_path)
    if closed is not None:
        return closed
    return _BY_STATUS[status] if field in held else Availability.MISSING


def is_readable(state: Availability) -> bool:
    """Whether the content may be fetched: values that wait for the owner's confirmation count (规定 art. 7)."""
    return state in {Availability.AVAILABLE, Availability.PENDING}
