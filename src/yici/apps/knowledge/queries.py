"""What may be read of the knowledge base: everybody what is offered, its owners all of it, a hotline its region."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from yici.apps.catalogue import queries as catalogue
from yici.apps.knowledge.models import Article, Edition, Question, Use
from yici.apps.people.viewers import Viewer
from yici.apps.places import queries as places
from yici.apps.places.models import Region
from yici.rules.clock_courses import local_day
from yici.rules.clocks import Colour
from yici.rules.knowledge import EditionState, Freshness, UseWay, freshness
from yici.rules.people import Role
from yici.rules.words import Words

NoSuchArticle = (Article.DoesNotExist, Question.DoesNotExist)
MOST_LISTED = 200
LEAST_JUDGED = 3  # judgements below which a share of "no" says nothing


class Shelf(StrEnum):
    """A part of the list of articles."""

    ALL = "all"
    WAITING = "waiting"
    OVERDUE = "overdue"
    UNUSED = "unused"
    UNHELPFUL = "unhelpful"


@dataclass(frozen=True, slots=True)
class ArticleLine:
    """A row of an owner's list."""

    public_id: UUID
    title: Words
    region: Words
    owner: Words
    due_on: date | None
    freshness: Freshness | None
    waiting: bool
    withdrawn: bool
    used: int
    unhelpful: int


@dataclass(frozen=True, slots=True)
class EditionLine:
    """One edition in the history; who wrote it stands in the journal, here only whether it was the viewer."""

    number: int
    title: Words
    body: Words
    phrasings: tuple[str, ...]
    items: tuple[str, ...]
    state: EditionState
    change: str
    reason: str
    written_at: datetime
    decided_at: datetime | None
    own: bool


@dataclass(frozen=True, slots=True)
class OpenedArticle:
    """An article with everything its owner may see and do."""

    line: ArticleLine
    key: str
    region_code: str
    current: EditionLine | None
    waiting: EditionLine | None
    history: tuple[EditionLine, ...]
    uses: tuple[tuple[str, bool, int], ...]
    may_write: bool
    may_approve: bool


@dataclass(frozen=True, slots=True)
class QuestionLine:
    """A question that waits for an article."""

    public_id: UUID
    text: str
    owner: Words
    region: Words
    region_code: str
    item_key: str
    ticket_reference: str
    times: int
    asked_at: datetime
    due_at: datetime
    colour: Colour
    article_id: UUID | None
    refusal: str
    settled_at: datetime | None


def answered_with(reference: str) -> str:
    """Return the title of the article a ticket was answered with at once, "" for none."""
    row = Use.objects.filter(ticket_reference=reference).select_related("edition").order_by("-pk").first()
    return row.edition.title if row is not None else ""


def shelf(viewer: Viewer, shelf: Shelf, *, now: datetime) -> list[ArticleLine]:
    """Return a part of the articles of the viewer's organisation; for a hotline of all in its region."""
    today = local_day(now)
    rows = _counted(_readable(viewer) if shelf is Shelf.ALL else _seen(viewer))
    rows = _on_shelf(rows, shelf, today)
    return [_line(row, today) for row in rows.order_by("due_on", "pk")[:MOST_LISTED]]


def shelf_counts(viewer: Viewer, *, now: datetime) -> dict[Shelf, int]:
    """Return how many articles stand on each part of the list."""
    today = local_day(now)
    mine, read = _counted(_seen(viewer)), _readable(viewer)
    return {one: (read if one is Shelf.ALL else _on_shelf(mine, one, today)).count() for one in Shelf}


def _seen(viewer: Viewer) -> QuerySet[Article]:
    if viewer.has_role(Role.HOTLINE) and viewer.region_path:
        return Article.objects.filter(region__path__startswith=viewer.region_path)
    return Article.objects.filter(organisation_id=viewer.organisation_id or 0)


def _readable(viewer: Viewer) -> QuerySet[Article]:
    """Return what is one's own, and what holds here from above: of the same trade, for a hotline all of it."""
    rows = _seen(viewer)
    if not viewer.region_code:
        return rows
    above = Article.objects.filter(region__code__in=places.region_path(viewer.region_code))
    if not viewer.has_role(Role.HOTLINE):
        above = above.filter(organisation__kind=viewer.organisation_kind)
    return rows | above


def _counted(rows: QuerySet[Article]) -> "QuerySet[Any]":
    """Return articles with ``_used``, ``_unhelpful`` and ``_waits``."""
    waiting = Edition.objects.filter(article_id=OuterRef("pk"), state=EditionState.WAITING)
    return rows.select_related("current", "organisation", "region").annotate(
        _used=Count("uses", filter=Q(uses__helped=True)),
        _unhelpful=Count("uses", filter=Q(uses__helped=False)),
        _waits=Exists(waiting),
    )


def _on_shelf(rows: "QuerySet[Any]", shelf: Shelf, today: date) -> "QuerySet[Any]":
    """Return the part of counted rows that stands on a shelf."""
    if shelf is Shelf.ALL:
        return rows
    if shelf is Shelf.WAITING:
        return rows.filter(_waits=True)
    standing = rows.filter(withdrawn_at=None, current__isnull=False)
    if shelf is Shelf.OVERDUE:
        return standing.filter(due_on__lt=today)
    if shelf is Shelf.UNUSED:
        return standing.filter(_used=0)
    return standing.filter(_unhelpful__gte=LEAST_JUDGED, _unhelpful__gt=F("_used"))


def _line(row: Any, today: date) -> ArticleLine:
    title = row.current or row.editions.order_by("-number").first()
    standing = row.current is not None and row.withdrawn_at is None
    return ArticleLine(
        public_id=row.public_id,
        title=Words(title.title, title.title_en or title.title) if title else Words(row.key, row.key),
        region=Words(row.region.name, row.region.name_en),
        owner=Words(row.organisation.name, row.organisation.name_en),
        due_on=row.due_on,
        freshness=freshness(row.due_on, row.expires_on, today)
        if standing and row.due_on is not None and row.expires_on is not None
        else None,
        waiting=row._waits,
        withdrawn=row.withdrawn_at is not None,
        used=row._used,
        unhelpful=row._unhelpful,
    )


def opened(viewer: Viewer, public_id: UUID, *, now: datetime) -> OpenedArticle:
    """Return an article with its history for its owner or its region's hotline. Raises Article.DoesNotExist."""
    row = _counted(_readable(viewer)).get(public_id=public_id)
    editions = [_edition(one, viewer) for one in row.editions.order_by("-number")]
    waiting = next((one for one in editions if one.state is EditionState.WAITING), None)
    number = row.current.number if row.current else 0
    owns = viewer.organisation_id == row.organisation_id
    uses = row.uses.values_list("way", "helped").annotate(Count("pk")).order_by("way", "-helped")
    return OpenedArticle(
        line=_line(row, local_day(now)),
        key=row.key,
        region_code=row.region.code,
        current=next((one for one in editions if one.number == number), None),
        waiting=waiting,
        history=tuple(editions),
        uses=tuple(uses),
        may_write=owns,
        may_approve=owns and waiting is not None and not waiting.own and viewer.has_role(Role.DECIDER),
    )


def _edition(row: Edition, viewer: Viewer) -> EditionLine:
    return EditionLine(
        number=row.number,
        title=Words(row.title, row.title_en),
        body=Words(row.body, row.body_en),
        phrasings=tuple(row.phrasings),
        items=tuple(row.items),
        state=EditionState(row.state),
        change=row.change,
        reason=row.reason,
        written_at=row.written_at,
        decided_at=row.decided_at,
        own=row.written_by == viewer.label,
    )


def questions(viewer: Viewer, *, now: datetime) -> list[QuestionLine]:
    """Return the open questions of the viewer's organisation, soonest due first; for a hotline of its region."""
    rows = _asked(viewer).filter(settled_at=None).order_by("due_at", "pk")
    return [_question(row, now) for row in rows[:MOST_LISTED]]


def question(viewer: Viewer, public_id: UUID, *, now: datetime) -> QuestionLine:
    """Return one question. Raises Question.DoesNotExist for whoever it is not for."""
    return _question(_asked(viewer).get(public_id=public_id), now)


def _asked(viewer: Viewer) -> QuerySet[Question]:
    rows = Question.objects.select_related("organisation", "region", "article")
    if viewer.has_role(Role.HOTLINE) and viewer.region_path:
        return rows.filter(region__path__startswith=viewer.region_path)
    return rows.filter(organisation_id=viewer.organisation_id or 0)


def _question(row: Question, now: datetime) -> QuestionLine:
    colour = Colour.RED if now >= row.due_at else Colour.AMBER if now >= row.amber_at else Colour.NEUTRAL
    return QuestionLine(
        public_id=row.public_id,
        text=row.text,
        owner=Words(row.organisation.name, row.organisation.name_en),
        region=Words(row.region.name, row.region.name_en),
        region_code=row.region.code,
        item_key=row.item_key,
        ticket_reference=row.ticket_reference,
        times=row.times,
        asked_at=row.asked_at,
        due_at=row.due_at,
        colour=colour,
        article_id=row.article.public_id if row.article else None,
        refusal=row.refusal,
        settled_at=row.settled_at,
    )


def item_choices(viewer: Viewer) -> list[tuple[str, Words]]:
    """Return the items of the catalogue that an article of the viewer's organisation may hang on, by name."""
    catalogue_here = catalogue.catalogue_for(viewer.region_code or "")
    rows = [(key, one.name, one.organisation) for key, one in catalogue_here.items.items()]
    kind = viewer.organisation_kind
    return [(key, name) for key, name, owner in sorted(rows, key=lambda one: (one[2] != kind, one[1].zh))]


def answered_at_once(viewer: Viewer, *, now: datetime) -> int:
    """Return how many calls of the hotline's region an article has ended at once in the last thirty days."""
    if not (viewer.has_role(Role.HOTLINE) and viewer.region_path):
        return 0
    here = Region.objects.within(viewer.region_path).values("code")
    rows = Use.objects.filter(way=UseWay.CALL, helped=True, region_code__in=here)
    return rows.filter(used_on__gt=local_day(now) - timedelta(days=30)).count()
