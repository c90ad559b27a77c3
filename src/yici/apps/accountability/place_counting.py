"""Adds a counted month up for every county, city and the province: a page reads rows of places and not of offices.

Ten million cases leave a million tallies of offices and items; a map needs ninety of counties for each of its months.
"""

from datetime import date, datetime

from django.db import connection

from yici.apps.accountability.models import DaysTally, PlaceTally
from yici.apps.accountability.span_columns import county_of, minutes_of

# A path names its places one after the other, twelve digits and a slash each: cut short, it names what it lies in.
_PLACES = """
INSERT INTO accountability_placetally (measure, region_id, month, good, of, counted_at)
SELECT t.measure, r.id, t.month, sum(t.good), sum(t.of), %(now)s
FROM accountability_monthtally t
  JOIN places_organisation o ON o.id = t.organisation_id
  JOIN places_region own ON own.id = o.region_id
  JOIN LATERAL (SELECT DISTINCT left(own.path, ends) AS path FROM unnest(ARRAY[13, 26, 39]) AS ends) above ON true
  JOIN places_region r ON r.path = above.path
WHERE t.month = %(month)s AND (%(measure)s::text = '' OR t.measure = %(measure)s)
GROUP BY t.measure, r.id, t.month
"""
# Days from receipt to decision, lawful pauses included: what the person waited; and those that were promised.
_TOOK = minutes_of("c.decided_at - c.received_at")
_PROMISED = "(c.promised_due_on - (c.received_at AT TIME ZONE 'Asia/Shanghai')::date) * 1440"
_DAYS = f"""
SELECT coalesce(place, ''), coalesce(item, ''), grouping(took), coalesce(took, promised), count(*) FROM (
  SELECT {county_of("r.path")} AS place, c.item_key AS item, {_TOOK} AS took, {_PROMISED} AS promised
  FROM cases_case c JOIN places_organisation o ON o.id = c.organisation_id JOIN places_region r ON r.id = o.region_id
  WHERE c.decided_at >= %(since)s AND c.decided_at < %(until)s AND c.received_at IS NOT NULL
) s GROUP BY GROUPING SETS ((place, took), (place, promised), (item, took), (item, promised))
"""


def count_places(month: date, *, now: datetime, measure: str = "") -> None:
    """Add the tallies of a month up by place, of all measures or of one, in place of what stood there."""
    rows = PlaceTally.objects.filter(month=month)
    (rows.filter(measure=measure) if measure else rows).delete()
    with connection.cursor() as cursor:
        cursor.execute(_PLACES, {"month": month, "now": now, "measure": measure})


def count_days(month: date, *, since: datetime, until: datetime, now: datetime) -> None:
    """Count how long the cases decided from ``since`` to ``until`` took, by county and by item."""
    DaysTally.objects.filter(month=month).delete()
    found: dict[tuple[str, str], DaysTally] = {}
    with connection.cursor() as cursor:
        cursor.execute(_DAYS, {"since": since, "until": until})
        for place, item, is_promised, minutes, count in cursor:
            row = found.setdefault((place, item), DaysTally(month=month, place=place, item_key=item, counted_at=now))
            if minutes is not None:  # of those that were promised nothing
                (row.promised if is_promised else row.took)[str(minutes)] = count
    DaysTally.objects.bulk_create(found.values(), batch_size=1_000)
