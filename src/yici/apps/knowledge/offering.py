"""The articles as everybody is offered them: in force, of this place, the nearest wording; nobody need sign in."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Count

from yici.apps.catalogue import queries as catalogue
from yici.apps.knowledge import search
from yici.apps.knowledge.models import Article
from yici.apps.places import queries as places
from yici.rules.clock_courses import local_day
from yici.rules.knowledge import Freshness, freshness
from yici.rules.words import Words


@dataclass(frozen=True, slots=True)
class Offer:
    """An article as it is offered: the edition in force, whose it is, and whether its review is overdue."""

    public_id: UUID
    key: str
    title: Words
    body: Words
    items: tuple[tuple[str, Words], ...]
    owner: Words
    region: Words
    reviewed_by: date
    freshness: Freshness


def offers(text: str, region_code: str, *, now: datetime, item_key: str = "", limit: int = 5) -> list[Offer]:
    """Return the articles that answer what somebody types in a place, the best first; nobody need sign in."""
    today = local_day(now)
    found = search.find(text, region_code, today, item_key=item_key, limit=limit)
    return [_offer(one.article, today) for one in found]


def offer(public_id: UUID, *, now: datetime) -> Offer:
    """Return one article that is offered now. Raises Article.DoesNotExist for any other."""
    today = local_day(now)
    rows = Article.objects.filter(withdrawn_at=None, current__isnull=False, expires_on__gte=today)
    return _offer(rows.select_related("current", "organisation", "region").get(public_id=public_id), today)


def offers_for_item(item_key: str, region_code: str, *, now: datetime) -> list[Offer]:
    """Return the articles of one item in a place."""
    today = local_day(now)
    rows = Article.objects.filter(
        items__contains=[item_key], withdrawn_at=None, current__isnull=False, expires_on__gte=today,
        region__code__in=places.region_path(region_code),
    )  # fmt: skip
    kept = search.spoken(list(rows.select_related("current", "organisation", "region").order_by("pk")))
    return [_offer(one, today) for one in kept]


def most_asked(region_code: str, *, now: datetime, limit: int = 10) -> list[Offer]:
    """Return what people of a place read most, for those who have not asked yet; the nearest place's wording speaks."""
    today = local_day(now)
    rows = Article.objects.filter(
        withdrawn_at=None, current__isnull=False, expires_on__gte=today,
        region__code__in=places.region_path(region_code),
    )  # fmt: skip
    whole = rows.select_related("current", "organisation", "region").annotate(read=Count("uses"))
    kept = search.spoken(list(whole.order_by("pk")))
    often = {row.pk: row.read for row in whole}
    return [_offer(one, today) for one in sorted(kept, key=lambda one: (-often[one.pk], one.pk))[:limit]]


def _offer(row: Article, today: date) -> Offer:
    assert row.current is not None
    assert row.due_on is not None
    assert row.expires_on is not None
    return Offer(
        public_id=row.public_id,
        key=row.key,
        title=Words(row.current.title, row.current.title_en or row.current.title),
        body=Words(row.current.body, row.current.body_en or row.current.body),
        items=_named(row.items, row.region.code),
        owner=Words(row.organisation.name, row.organisation.name_en),
        region=Words(row.region.name, row.region.name_en),
        reviewed_by=row.due_on,
        freshness=freshness(row.due_on, row.expires_on, today),
    )


def _named(items: list[str], region_code: str) -> tuple[tuple[str, Words], ...]:
    names = catalogue.names(region_code) if items else {}
    return tuple((key, names[key]) for key in items if key in names)
