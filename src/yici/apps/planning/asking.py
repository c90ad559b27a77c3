"""Counts at which questions people leave: asked once when shown, passed when they go on. Nobody is in the count."""

from datetime import date, datetime
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from yici.apps.catalogue import queries as catalogue_queries
from yici.apps.people.viewers import Viewer
from yici.apps.planning import queries

# Rows of the same event and county are written one after the other: two people who go forth and back between the same
# two questions would otherwise wait for each other for ever.
_LOCK = "SELECT pg_advisory_xact_lock(hashtextextended(%(event_key)s || %(region_code)s, 0))"
_ASKED = """
INSERT INTO planning_questiontally (month, event_key, item_key, question_key, region_code, asked, passed)
SELECT %(month)s, %(event_key)s, item, %(question_key)s, %(region_code)s, 1, 0 FROM unnest(%(items)s::text[]) AS item
ON CONFLICT (month, event_key, item_key, question_key, region_code)
DO UPDATE SET asked = planning_questiontally.asked + 1
"""
_PASSED = """
UPDATE planning_questiontally SET passed = passed + 1
WHERE month = %(month)s AND event_key = %(event_key)s AND question_key = %(question_key)s
  AND region_code = %(region_code)s AND passed < asked
"""


@transaction.atomic
def stand_at(*, by: Viewer, browser: str, view: queries.DraftView, key: str, now: datetime) -> None:
    """Count that the person stands before this question now ("": has none left), and went on from the one before.

    A page that is shown again counts nothing. Three short statements, and only when the question is another one. There
    is no line in the journal: nothing is done to anybody's record, and a line for each question shown would be the
    very trace of a person that the count avoids.
    """
    row = queries.own_drafts(by, browser).filter(public_id=view.public_id)
    before, since = row.values_list("asked_key", "asked_at").get()
    if before == key or not _moves(row, before, key, now):
        return
    with connection.cursor() as cursor:
        place = {"event_key": view.event.key, "region_code": f"{view.region_code[:6]}000000"}
        cursor.execute(_LOCK, place)
        if since:
            cursor.execute(_PASSED, {**place, "question_key": before, "month": _month(since)})
        if key:
            items = sorted(_asking(view, key)) or [""]
            cursor.execute(_ASKED, {**place, "question_key": key, "month": _month(now), "items": items})


def _moves(row: Any, before: str, key: str, now: datetime) -> bool:
    """Move the draft on; False when the same page, open twice, has just done it."""
    return bool(row.filter(asked_key=before).update(asked_key=key, asked_at=now if key else None))


def _month(moment: datetime) -> date:
    return timezone.localtime(moment).date().replace(day=1)


def _asking(view: queries.DraftView, key: str) -> set[str]:
    """Return the items of the need that ask this question; none when the life event itself does."""
    if any(one.key == key for one in view.event.questions):
        return set()
    catalogue = catalogue_queries.catalogue_for(view.region_code, unit=view.unit)
    items = queries.items_of(view.event, catalogue)
    return {item.key for item in items if any(one.key == key for one in item.questions)}
