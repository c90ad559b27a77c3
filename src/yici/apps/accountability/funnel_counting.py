"""Counts how far the needs begun in a month came, for each place and life event."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import connection

from yici.apps.accountability.models import FunnelTally
from yici.apps.accountability.open_drafts import looked_into
from yici.apps.accountability.span_columns import county_of, minutes_of, places_above, stored
from yici.apps.places.models import Region
from yici.apps.places.months import bounds

Key = tuple[str, str]  # path of a place, life event ("" for all)
# The moments of each need; each step holds only of those that passed the one before.
_MOMENTS = """
SELECT {county} AS place, d.event_key, d.created_at AS begun, a.submitted_at AS submitted, c.accepted, c.decided,
  c.granted, c.issued, c.delivered
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
WHERE d.created_at >= %(since)s AND d.created_at < %(until)s
""".format(
    granted="c.accepted_at IS NOT NULL AND c.decided_at IS NOT NULL AND c.outcome = 'granted'",
    county=county_of("r.path"),
)
_REACHED = ("submitted", "accepted", "decided", "granted", "issued", "delivered")
# The steps whose time is told, and the moment before each: a grant has the moment of its decision.
_SINCE = {
    "submitted": "begun",
    "accepted": "submitted",
    "decided": "accepted",
    "issued": "granted",
    "delivered": "issued",
}
_SPANS = ", ".join(f"{minutes_of(f'm.{key} - m.{since}')} AS {key}_after" for key, since in _SINCE.items())
_AFTER = [f"{key}_after" for key in _SINCE]
# One pass over the needs: first their counts, then how many took each length of time to each step.
_COUNT = f"""
SELECT place, event_key, grouping({", ".join(_AFTER)}), coalesce({", ".join(_AFTER)}), count(*),
  {", ".join(f"count({key})" for key in _REACHED)}
FROM (SELECT m.*, {_SPANS} FROM ({_MOMENTS}) m) m
GROUP BY GROUPING SETS ((place, event_key), {", ".join(f"(place, event_key, {one})" for one in _AFTER)})
"""
_NOT_GROUPED = (1 << len(_AFTER)) - 1  # what grouping() says of the counts; of a step all bits but its own
_STEP_OF = {_NOT_GROUPED - (1 << place): key for place, key in enumerate(reversed(_SINCE))}
# What reached government by another way: a clerk's or a hall's, or its draft is no longer kept.
_WITHOUT = f"""
SELECT {county_of("r.path")}, a.event_key, count(*)
FROM cases_application a JOIN places_region r ON r.id = a.region_id
WHERE a.submitted_at >= %(since)s AND a.submitted_at < %(until)s
  AND NOT EXISTS (SELECT 1 FROM planning_draft d WHERE d.application_id = a.public_id)
GROUP BY 1, 2
"""


@dataclass(slots=True)
class _Counted:
    """What was counted of a place and event: numbers by column, lengths of time by step, stops by question."""

    numbers: Counter[str] = field(default_factory=Counter)
    spans: dict[str, Counter[int]] = field(default_factory=lambda: defaultdict(Counter))
    stops: Counter[str] = field(default_factory=Counter)

    def add(self, other: "_Counted") -> None:
        self.numbers.update(other.numbers)
        self.stops.update(other.stops)
        for step, spans in other.spans.items():
            self.spans[step].update(spans)


def funnel_tallies(month: date, *, now: datetime) -> Iterator[FunnelTally]:
    """Yield the tallies of a month: of every place with a need or application, and of each province in any case."""
    whole = dict[Key, _Counted]()
    for (path, event), counted in _of_counties(month, now).items():
        for place in places_above(path):
            for key in ((place, event), (place, "")):
                whole.setdefault(key, _Counted()).add(counted)
    regions = dict(Region.objects.filter(level__lte=Region.COUNTY).values_list("path", "pk").order_by())
    for path in Region.objects.filter(level=Region.PROVINCE).values_list("path", flat=True).order_by():
        whole.setdefault((path, ""), _Counted())  # says that the month was counted, although nothing happened
    for (path, event), counted in whole.items():
        if path in regions:
            yield _tally(counted, month=month, region_id=regions[path], event_key=event, counted_at=now)


def _tally(counted: _Counted, **of: Any) -> FunnelTally:
    spans = {step: stored(spans) for step, spans in counted.spans.items()}
    return FunnelTally(**of, **counted.numbers, spans=spans, stops=dict(counted.stops))


def _of_counties(month: date, now: datetime) -> dict[Key, _Counted]:
    since, until = bounds(month)
    found: dict[Key, _Counted] = defaultdict(_Counted)
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, {"since": since, "until": until})
        for place, event, grouped, minutes, begun, *reached in cursor:
            counted = found[place, event]
            if grouped == _NOT_GROUPED:
                counted.numbers.update(begun=begun, **dict(zip(_REACHED, reached, strict=True)))
            elif minutes is not None:  # nothing came to this step otherwise
                counted.spans[_STEP_OF[grouped]][minutes] += begun
        cursor.execute(_WITHOUT, {"since": since, "until": until})
        for place, event, count in cursor:
            found[place, event].numbers["without_draft"] += count
    for place, event, has_plan, stop in looked_into(month, now=now):
        counted = found[place, event]
        counted.numbers.update(looked_into=1, open_with_plan=int(has_plan))
        if stop is not None:
            counted.stops[stop] += 1
    return found
