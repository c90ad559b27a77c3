"""The funnel and the flow counted the slow way, over every draft, case and step of a month: what tallies must equal."""

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median, quantiles
from typing import Any

from django.db import connection

from tests.apps.factories import region
from yici.apps.catalogue import queries as catalogue
from yici.apps.people.viewers import ANONYMOUS
from yici.apps.places.months import bounds
from yici.apps.planning.models import Draft
from yici.apps.planning.queries import plan_for
from yici.rules.refusals import Refusal
from yici.rules.spans import kept_minutes

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
# What reached government by another way: a clerk's or a hall's, or its draft is no longer kept.
_WITHOUT = """
SELECT count(*) FROM cases_application a JOIN places_region r ON r.id = a.region_id
WHERE a.submitted_at >= %(since)s AND a.submitted_at < %(until)s AND r.path LIKE %(below)s
  AND (%(event)s = '' OR a.event_key = %(event)s)
  AND NOT EXISTS (SELECT 1 FROM planning_draft d WHERE d.application_id = a.public_id)
"""
_OF_THE_EVENT = """
FROM cases_application a JOIN places_region r ON r.id = a.region_id JOIN cases_case c ON c.application_id = a.id
"""
_BOUNDS = """
WHERE a.submitted_at >= %(since)s AND a.submitted_at < %(until)s AND a.event_key = %(event)s AND r.path LIKE %(below)s
"""
_STEPS = f"""
SELECT c.item_key, s.key, mode() WITHIN GROUP (ORDER BY o.kind), min(s.name), min(s.name_en), min(c.name),
  min(c.name_en), count(*), count(*) FILTER (WHERE s.finished_at IS NOT NULL),
  round(count(*) FILTER (WHERE (s.finished_at AT TIME ZONE 'Asia/Shanghai')::date > s.due_on)::numeric
    / nullif(count(*) FILTER (WHERE s.finished_at IS NOT NULL AND s.due_on IS NOT NULL), 0), 4),
  array_agg(ARRAY[s.ready_at, s.taken_at, s.finished_at])
{_OF_THE_EVENT} JOIN cases_step s ON s.case_id = c.id JOIN places_organisation o ON o.id = s.organisation_id
{_BOUNDS} GROUP BY c.item_key, s.key ORDER BY c.item_key, s.key
"""
_AFTER = f"""
SELECT DISTINCT c.item_key, unnest(s.after), s.key {_OF_THE_EVENT} JOIN cases_step s ON s.case_id = c.id {_BOUNDS}
"""


@dataclass(frozen=True)
class SlowFunnel:
    """``days`` are medians of the lengths of time as they are kept, ``true_days`` of those that really passed."""

    counts: list[int]
    days: dict[str, float]
    true_days: dict[str, float]
    without_draft: int
    stops: Counter[str]


def _rows(sql: str, place: str, month: date, event: str) -> list[Any]:
    since, until = bounds(month)
    terms = {"since": since, "until": until, "below": f"{region(place).path}%", "event": event}
    with connection.cursor() as cursor:
        cursor.execute(sql, terms)
        return list(cursor.fetchall())


def _has_plan(row: Draft) -> bool:
    if catalogue.find_event(row.event_key, row.region.code) is None:
        return False
    try:
        plan = plan_for(ANONYMOUS, row.event_key, row.region.code, answers=json.loads(row.answers_text))
    except Refusal:
        return False
    return not plan.questions


def slow_funnel(place: str, month: date, event: str, *, now: datetime) -> SlowFunnel:
    """Look at every need."""
    needs = _rows(_MOMENTS, place, month, event)
    passed = [sum(need[column] is not None for need in needs) for column in range(7)]
    since, until = bounds(month)
    rows = Draft.objects.filter(
        created_at__gte=since, created_at__lt=until, region__path__startswith=region(place).path
    )
    left = [row for row in rows if row.submitted_at is None and event in ("", row.event_key)]
    planned = sum(map(_has_plan, left)) + passed[1]
    spans = {
        key: [max(need[to] - need[since], timedelta(0)) for need in needs if need[to] is not None]
        for key, since, to in (
            ("submitted", 0, 1), ("accepted", 1, 2), ("decided", 2, 3), ("issued", 4, 5), ("delivered", 5, 6)
        )
    }  # fmt: skip
    return SlowFunnel(
        counts=[passed[0], planned, *passed[1:]],
        days={key: half_of(map(kept, found)) for key, found in spans.items() if found},
        true_days={key: half_of(one / timedelta(days=1) for one in found) for key, found in spans.items() if found},
        without_draft=_rows(_WITHOUT, place, month, event)[0][0],
        stops=Counter(
            next(reversed(json.loads(row.answers_text)), "") for row in left if row.saved_at <= now - timedelta(days=7)
        ),
    )


def kept(span: timedelta) -> float:
    return kept_minutes(span) / 1440


def half_of(days: Iterable[float]) -> float:
    return median(days)


@dataclass(frozen=True)
class SlowStep:
    """One step of a flow; days of waiting and work: half within, nine of ten within."""

    kind: str
    names: tuple[str, ...]
    count: int
    finished: int
    late: float | None
    waited: tuple[float, float] | None
    worked: tuple[float, float] | None


def slow_flow(place: str, month: date, event: str) -> tuple[dict[str, SlowStep], set[tuple[str, str]]]:
    """Look at every step; return them by item and key, and what comes before what within an item."""
    found = {}
    for item, key, kind, *names, count, finished, late, moments in _rows(_STEPS, place, month, event):
        waited = [(taken or ended) - ready for ready, taken, ended in moments if taken or ended]
        worked = [ended - max(taken, ready) for ready, taken, ended in moments if taken and ended]
        found[f"{item}/{key}"] = SlowStep(
            kind, tuple(names), count, finished, None if late is None else float(late), _two(waited), _two(worked)
        )
    after = {(f"{item}/{first}", f"{item}/{then}") for item, first, then in _rows(_AFTER, place, month, event)}
    return found, after


def _two(spans: list[timedelta]) -> tuple[float, float] | None:
    days = [kept(one) for one in spans]
    if not days:
        return None
    most = quantiles(days, n=10, method="inclusive")[8] if len(days) > 1 else days[0]
    return median(days), most
