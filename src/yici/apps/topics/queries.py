"""What may be seen of topics: the list, what is watched, what everybody may read, and one as other domains know it."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db.models import F
from django.utils import timezone

from yici.apps.catalogue import queries as catalogue
from yici.apps.people.viewers import Viewer
from yici.apps.places.models import Region
from yici.apps.topics.models import ANSWERED, PAST, Topic, TopicWatch
from yici.apps.topics.rights import CannotSeeTopic, may_see_topics, no_such_topic, seen_by
from yici.rules.clock_courses import local_day
from yici.rules.codes import ZHEJIANG
from yici.rules.items import LegalBasis
from yici.rules.law_parameters import parameter
from yici.rules.topic_kinds import TopicKind
from yici.rules.words import Words

__all__ = ["CannotSeeTopic", "PublicTopic", "TopicLine", "TopicRow", "Watched", "may_see_topics", "topic_of"]
MOST_SHOWN = 200


@dataclass(frozen=True, slots=True)
class TopicRow:
    """One topic as other domains know it: named in nobody's words; ``tickets`` are the keys of those behind it."""

    public_id: UUID
    name: Words
    region_code: str
    item_key: str
    requirement_key: str
    basis: LegalBasis | None
    tickets: tuple[int, ...]
    first: datetime
    last: datetime
    voices: int


@dataclass(frozen=True, slots=True)
class TopicLine:
    """One topic in a list."""

    row: Topic
    kind: TopicKind
    name: Words
    region: Words
    item: Words | None
    state: Words


@dataclass(frozen=True, slots=True)
class Watched:
    """A topic somebody watches, and whether there is something new since he looked."""

    line: TopicLine
    is_new: bool


@dataclass(frozen=True, slots=True)
class PublicTopic:
    """A topic as everybody reads it: counted, named in nobody's words, with what came of it."""

    public_id: UUID
    name: Words
    region: Words
    kind: TopicKind
    voices: int
    first: datetime
    last: datetime
    outcome: str
    office: Words | None
    changed_at: datetime


_STATES = {
    "open": Words("待答复", "Waits for an answer"),
    "answered": Words("已答复", "Answered"),
    "past": Words("已平息", "Quiet again"),
}


def topic_of(viewer: Viewer, public_id: UUID) -> TopicRow:
    """Return a topic of the viewer's jurisdiction. Raises CannotSeeTopic."""
    row = own_topic(viewer, public_id)
    tickets = row.said.filter(ticket__isnull=False).order_by("ticket_id").values_list("ticket_id", flat=True)
    return TopicRow(
        public_id=row.public_id,
        name=Words(row.public_name, row.public_name_en),
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


def topics(viewer: Viewer, *, kind: str = "", region_code: str = "", past: bool = False) -> list[TopicLine]:
    """Return the topics the viewer sees, the most surprising first; those that are quiet again only if asked for."""
    rows = seen_by(viewer).select_related("region", "outcome_office")
    rows = rows.filter(state=PAST) if past else rows.exclude(state=PAST)
    if kind:
        rows = rows.filter(kind=kind)
    if region_code:
        path = Region.objects.filter(code=region_code).values_list("path", flat=True).first()
        rows = rows.filter(region__path__startswith=path or "-")
    return [line_of(row) for row in rows[:MOST_SHOWN]]


def line_of(row: Topic) -> TopicLine:
    """Return a topic as a line; what is named after a citizen's words is called so in both languages."""
    item = catalogue.catalogue_for("").items.get(row.item_key)
    public = Words(row.public_name, row.public_name_en)
    is_own = not row.name or row.name == row.public_name
    name = public if is_own else Words(row.name, f"{row.public_name_en}: {row.name}")
    region = Words(row.region.name, row.region.name_en)
    return TopicLine(row, TopicKind(row.kind), name, region, item.name if item else None, _STATES[row.state])


def regions_with_topics(viewer: Viewer) -> list[tuple[str, Words]]:
    """Return the regions that have topics the viewer sees, for the filter."""
    rows = seen_by(viewer).order_by("region__code").values_list("region__code", "region__name", "region__name_en")
    return [(code, Words(zh, en)) for code, zh, en in rows.distinct()]


def watched(viewer: Viewer) -> list[Watched]:
    """Return what somebody watches, what is new first; a topic that left his jurisdiction is not shown."""
    rows = TopicWatch.objects.filter(staff_id=viewer.staff_id or 0, topic__in=seen_by(viewer))
    rows = rows.select_related("topic__region").order_by("-topic__changed_at", "pk")
    found = [Watched(line_of(one.topic), one.topic.changed_at > one.seen_at) for one in rows]
    return sorted(found, key=lambda one: not one.is_new)


def heard_between(region_path: str, first: date, last: date) -> list[tuple[Words, int]]:
    """Return what was heard in a region and below between two days, both included: public names and how many people.

    The loudest first.
    """
    since, until = (timezone.make_aware(datetime.combine(day, time.min)) for day in (first, last + timedelta(days=1)))
    rows = Topic.objects.filter(region__path__startswith=region_path, first__lt=until, last__gte=since)
    rows = rows.order_by("-voices", "pk")[:MOST_SHOWN]
    return [(Words(one.public_name, one.public_name_en), one.voices) for one in rows]


def fewest_published(now: datetime) -> int:
    """Return below how many people a topic is not published: few could be recognised."""
    return parameter("topic_publish_minimum", ZHEJIANG, local_day(now)).value


def public_topics(*, now: datetime) -> list[PublicTopic]:
    """Return what everybody may read, the latest change first."""
    rows = Topic.objects.filter(voices__gte=fewest_published(now)).select_related("region", "outcome_office")
    rows = rows.order_by(F("changed_at").desc(), "pk")[:MOST_SHOWN]
    return [_public(row) for row in rows]


def _public(row: Topic) -> PublicTopic:
    office = row.outcome_office if row.state == ANSWERED else None
    return PublicTopic(
        public_id=row.public_id,
        name=Words(row.public_name, row.public_name_en),
        region=Words(row.region.name, row.region.name_en),
        kind=TopicKind(row.kind),
        voices=row.voices,
        first=row.first,
        last=row.last,
        outcome=row.outcome,
        office=Words(office.name, office.name_en) if office else None,
        changed_at=row.changed_at,
    )
