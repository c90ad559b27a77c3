"""From need to licence: how many of the drafts begun in a month came how far, and where the others stopped."""

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from yici.apps.accountability.counting import bounds
from yici.apps.accountability.curves import region_of
from yici.apps.catalogue import queries as catalogue
from yici.apps.people.viewers import ANONYMOUS, Viewer
from yici.apps.places.models import Region
from yici.apps.planning.models import Draft
from yici.apps.planning.queries import plan_for
from yici.rules.funnels import FunnelRow, funnel
from yici.rules.refusals import Refusal
from yici.rules.words import Words

MOST_OPEN = 500  # open drafts of a month that are looked into, the newest first
ABANDONED_AFTER = timedelta(days=7)
# The moments of each need; each step holds only of those that passed the one before.
_MOMENTS = """
SELECT d.created_at AS begun, a.submitted_at AS submitted, c.accepted, c.decided, c.granted, c.issued, c.delivered
FROM planning_draft d JOIN places_region r ON r.id = d.region_id
LEFT JOIN cases_application a ON a.public_id = d.application_id
LEFT JOIN LATERAL (
  SELECT
    CASE WHEN bool_and(c.accepted_at IS NOT NULL) THEN max(c.accepted_at) END AS accepted,
    CASE WHEN bool_and(c.accepted_at IS NOT NULL AND c.decided_at IS NOT NULL) THEN max(c.decided_at) END AS decided,
    CASE WHEN bool_and({granted}) THEN max(c.decided_at) END AS granted,
    CASE WHEN bool_and({granted}) THEN max(t.issued) END AS issued,
    CASE WHEN bool_and({granted} AND (t.issued IS NULL OR t.delivered IS NOT NULL)) AND bool_or(t.issued IS NOT NULL)
      THEN max(t.delivered) END AS delivered
  FROM cases_case c CROSS JOIN LATERAL (
    SELECT min(x.acted_at) FILTER (WHERE x.kind = 'issue') AS issued,
      min(x.acted_at) FILTER (WHERE x.kind = 'deliver') AS delivered
    FROM cases_act x WHERE x.case_id = c.id AND x.kind IN ('issue', 'deliver')
  ) t WHERE c.application_id = a.id
) c ON true
WHERE d.created_at >= %(since)s AND d.created_at < %(until)s AND r.path LIKE %(below)s
  AND (%(event)s = '' OR d.event_key = %(event)s)
""".format(granted="c.accepted_at IS NOT NULL AND c.decided_at IS NOT NULL AND c.outcome = 'granted'")
_PASSED = ("submitted", "accepted", "decided", "issued", "delivered")
_SINCE = {
    "submitted": "begun",
    "accepted": "submitted",
    "decided": "accepted",
    "issued": "granted",
    "delivered": "issued",
}
# GREATEST reads past NULL, so what did not come to a step must be filtered out.
_MEDIANS = ", ".join(
    "percentile_cont(0.5) WITHIN GROUP (ORDER BY "
    f"greatest(extract(epoch FROM m.{key} - m.{_SINCE[key]}), 0) / 86400) FILTER (WHERE m.{key} IS NOT NULL)"
    for key in _PASSED
)
_FUNNEL = f"""
SELECT count(*), count(m.submitted), count(m.accepted), count(m.decided), count(m.granted), count(m.issued),
  count(m.delivered), {_MEDIANS}
FROM ({_MOMENTS}) m
"""
# What reached government by another way: a clerk's or a hall's, or its draft is no longer kept.
_WITHOUT = """
SELECT count(*) FROM cases_application a JOIN places_region r ON r.id = a.region_id
WHERE a.submitted_at >= %(since)s AND a.submitted_at < %(until)s AND r.path LIKE %(below)s
  AND (%(event)s = '' OR a.event_key = %(event)s)
  AND NOT EXISTS (SELECT 1 FROM planning_draft d WHERE d.application_id = a.public_id)
"""


@dataclass(frozen=True, slots=True)
class Stop:
    """Where drafts were left: after the answer to this question; "" when nothing was answered."""

    key: str
    words: Words | None
    count: int


@dataclass(frozen=True, slots=True)
class Funnel:
    """The funnel of a place, month and event ("" for all).

    ``without_draft``: applications of the month that stand outside it. ``looked_into``: how many of the ``open`` drafts
    were read to say whether they reached a plan and where they stopped.
    """

    place: Words
    rows: tuple[FunnelRow, ...]
    stops: tuple[Stop, ...]
    open: int
    looked_into: int
    without_draft: int
    as_of: datetime


def funnel_of(viewer: Viewer, code: str, month: date, *, event: str, now: datetime) -> Funnel:
    """Return how far the needs begun in a month came. Raises NoSuchCounty."""
    row = region_of(viewer, code)
    counts, days, without = _counted(row, month, event)
    rows = _open(row, month, event)
    found = list(rows.select_related("region").order_by("-created_at")[:MOST_OPEN])
    planned = counts[1] + sum(_has_plan(one) for one in found)
    return Funnel(
        place=Words(row.name, row.name_en),
        rows=funnel([counts[0], planned, *counts[1:]], [None, None, days[0], days[1], days[2], None, days[3], days[4]]),
        stops=_stops(found, now),
        open=counts[0] - counts[1],
        looked_into=len(found),
        without_draft=without,
        as_of=now,
    )


def events_of(viewer: Viewer, code: str) -> dict[str, Words]:
    """Return the life events of a place, by key. Raises NoSuchCounty."""
    events = catalogue.catalogue_for(region_of(viewer, code).code).events
    return {key: one.name for key, one in sorted(events.items())}


def _terms(row: Region, month: date, event: str) -> dict[str, Any]:
    since, until = bounds(month)
    return {"since": since, "until": until, "below": f"{row.path}%", "event": event}


def _counted(row: Region, month: date, event: str) -> tuple[list[int], list[float | None], int]:
    terms = _terms(row, month, event)
    with connection.cursor() as cursor:
        cursor.execute(_FUNNEL, terms)
        values = cursor.fetchone()
        cursor.execute(_WITHOUT, terms)
        without = cursor.fetchone()[0]
    days = [None if one is None else float(one) for one in values[7:]]
    return list(values[:7]), days, without


def _open(row: Region, month: date, event: str) -> QuerySet[Draft]:
    since, until = bounds(month)
    rows = Draft.objects.filter(
        created_at__gte=since, created_at__lt=until, submitted_at=None, region__path__startswith=row.path
    )
    return rows.filter(event_key=event) if event else rows


def _has_plan(row: Draft) -> bool:
    """Whether nothing is left to ask. What the catalogue knows no more, or cannot read any more, has no plan."""
    if catalogue.find_event(row.event_key, row.region.code) is None:
        return False
    try:
        plan = plan_for(ANONYMOUS, row.event_key, row.region.code, answers=json.loads(row.answers_text))
    except Refusal:
        return False
    return not plan.questions


def _stops(rows: Iterable[Draft], now: datetime) -> tuple[Stop, ...]:
    """Count the drafts that nobody touched for a week by the last question answered: the key alone, no answer."""
    left = [row for row in rows if row.saved_at <= now - ABANDONED_AFTER]
    found = Counter(next(reversed(json.loads(row.answers_text)), "") for row in left)
    known = catalogue.elements()
    return tuple(
        Stop(key, known[key].ask if key in known else None, count)
        for key, count in sorted(found.items(), key=lambda one: (-one[1], one[0]))
    )
