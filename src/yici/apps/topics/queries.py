"""What may be seen of topics: the list, one with its dossier, what is watched, and what everybody may read."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from yici.apps.people.viewers import Viewer
from yici.apps.topics.models import Topic
from yici.apps.topics.rights import CannotSeeTopic, no_such_topic, seen_by
from yici.rules.items import LegalBasis

__all__ = ["CannotSeeTopic", "TopicRow", "topic_of"]


@dataclass(frozen=True, slots=True)
class TopicRow:
    """One topic as other domains know it; ``tickets`` are the primary keys of the tickets behind it."""

    public_id: UUID
    name: str
    region_code: str
    item_key: str
    requirement_key: str
    basis: LegalBasis | None
    tickets: tuple[int, ...]
    first: datetime
    last: datetime
    voices: int


def topic_of(viewer: Viewer, public_id: UUID) -> TopicRow:
    """Return a topic of the viewer's jurisdiction. Raises CannotSeeTopic."""
    row = own_topic(viewer, public_id)
    tickets = row.said.filter(ticket__isnull=False).order_by("ticket_id").values_list("ticket_id", flat=True)
    return TopicRow(
        public_id=row.public_id,
        name=row.name or row.public_name,
        region_code=row.region.code,
        item_key=row.item_key,
        requirement_key=row.requirement_key,
        basis=row.basis,
        tickets=tuple(key for key in tickets if key is not None),
        first=row.first,
        last=row.last,
        voices=row.voices,
    )


def own_topic(viewer: Viewer, public_id: UUID) -> Topic:
    """Return the row of a topic of the viewer's jurisdiction. Raises CannotSeeTopic."""
    row = seen_by(viewer).filter(public_id=public_id).select_related("region", "outcome_office").first()
    if row is None:
        raise no_such_topic()
    return row
