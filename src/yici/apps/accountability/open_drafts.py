"""Reads the open drafts of a month: whether each reached a plan, and after which question it was left."""

import json
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from django.db.models import F, Value, Window
from django.db.models.functions import RowNumber, Substr

from yici.apps.accountability.span_columns import COUNTY
from yici.apps.catalogue import queries as catalogue
from yici.apps.people.viewers import ANONYMOUS
from yici.apps.places.months import bounds
from yici.apps.planning.models import Draft
from yici.apps.planning.queries import plan_for
from yici.rules.refusals import Refusal

MOST_OPEN = 100  # open drafts of a county and month that are looked into, the newest first: each costs a plan
ABANDONED_AFTER = timedelta(days=7)


def looked_into(month: date, *, now: datetime) -> Iterator[tuple[str, str, bool, str | None]]:
    """Yield county's path, life event, whether there is a plan, and of what was left a week ago the last question.

    The key of the question alone, no answer; "" when nothing was answered, None of what is not left yet.
    """
    plans = dict[tuple[str, str, str], bool]()  # many answered alike
    for row in _newest(month):
        asked = (row.event_key, row.region.code, row.answers_text)
        if asked not in plans:
            plans[asked] = _has_plan(*asked)
        left = row.saved_at <= now - ABANDONED_AFTER
        yield row.region.path[:COUNTY], row.event_key, plans[asked], _last_question(row) if left else None


def _newest(month: date) -> Iterator[Draft]:
    since, until = bounds(month)
    place = Substr("region__path", Value(1), Value(COUNTY))
    rank = Window(RowNumber(), partition_by=place, order_by=[F("created_at").desc(), F("pk").desc()])
    rows = Draft.objects.filter(created_at__gte=since, created_at__lt=until, submitted_at=None).annotate(rank=rank)
    wanted = rows.filter(rank__lte=MOST_OPEN).select_related("region")
    yield from wanted.only(
        "event_key", "answers_text", "saved_at", "region__code", "region__path"
    ).iterator(chunk_size=2000)  # fmt: skip


def _has_plan(event: str, region: str, answers: str) -> bool:
    """Whether nothing is left to ask. What the catalogue knows no more, or cannot read any more, has no plan."""
    if catalogue.find_event(event, region) is None:
        return False
    try:
        plan = plan_for(ANONYMOUS, event, region, answers=json.loads(answers))
    except Refusal:
        return False
    return not plan.questions


def _last_question(row: Draft) -> str:
    return next(reversed(json.loads(row.answers_text)), "")
