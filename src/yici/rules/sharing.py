"""What the government can see of shared data for one person, before anybody reads the content."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from yici.rules.datasets import Sharing
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

    def is_shut(self, region_path: Iterable[str]) -> bool:
        """Whether nothing is read for this region, whatever was granted.

        ``region_path``: the codes of the region and of all above it. A link not yet laid in a region is no refusal, but
        the person notices no difference.

        >>> Link(Sharing.NOT_SHARED).is_shut(["330122"])
        True
        """
        return self.sharing is Sharing.NOT_SHARED or not self.not_shared_in.isdisjoint(region_path)

    def state(self, region_path: Iterable[str], *, is_granted: bool) -> Availability | None:
        """Return why nothing can be read for this region, or None if the link is open.

        ``is_granted``: whether those who ask hold a grant (``rules.grants``); unconditional data need one as well, it
        is only given at once.

        >>> Link(Sharing.CONDITIONAL).state(["330122"], is_granted=False).value
        'needs_grant'
        """
        if self.is_shut(region_path):
            return Availability.NOT_SHARED
        return None if is_granted else Availability.NEEDS_GRANT


_BY_STATUS = {
    RecordStatus.AVAILABLE: Availability.AVAILABLE,
    RecordStatus.STALE: Availability.STALE,
    RecordStatus.PENDING: Availability.PENDING,
}


def availability(
    link: Link | None,
    region_path: Iterable[str],
    held: Iterable[str],
    field: str,
    status: RecordStatus,
    *,
    is_granted: bool,
) -> Availability:
    """Return whether one field can be seen: the link first, then whether the record has the field, then its status.

    ``held``: the fields that have a value. A dataset nobody knows (``link`` None) is missing, never an error: a
    catalogue may be ahead of the data.
    """
    if link is None:
        return Availability.MISSING
    closed = link.state(region_path, is_granted=is_granted)
    if closed is not None:
        return closed
    return _BY_STATUS[status] if field in held else Availability.MISSING


def is_readable(state: Availability) -> bool:
    """Whether the content may be fetched: values that wait for the owner's confirmation count (规定 art. 7)."""
    return state in {Availability.AVAILABLE, Availability.PENDING}
