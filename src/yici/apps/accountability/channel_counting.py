"""Counts by which channels the applications and questions of a month came, for each county and item."""

from collections.abc import Iterator
from datetime import date, datetime

from django.db import connection, transaction

from yici.apps.accountability.models import ChannelTally
from yici.apps.accountability.span_columns import county_of
from yici.apps.places.models import Region
from yici.apps.places.months import bounds
from yici.rules.channel_use import ChannelAct

_ROWS = 1000  # inserted at a time
_APPLIED = f"""
SELECT {county_of("r.path")}, '', a.channel, count(*)
FROM cases_application a JOIN places_region r ON r.id = a.region_id
WHERE a.submitted_at >= %(since)s AND a.submitted_at < %(until)s GROUP BY 1, 3
UNION ALL
SELECT {county_of("r.path")}, c.item_key, a.channel, count(*)
FROM cases_application a JOIN places_region r ON r.id = a.region_id JOIN cases_case c ON c.application_id = a.id
WHERE a.submitted_at >= %(since)s AND a.submitted_at < %(until)s GROUP BY 1, 2, 3
"""
_ASKED = f"""
SELECT {county_of("r.path")}, CASE WHEN grouping(t.item_key) = 1 THEN '' ELSE t.item_key END, t.channel, count(*)
FROM tickets_ticket t JOIN places_region r ON r.id = t.region_id
WHERE t.received_at >= %(since)s AND t.received_at < %(until)s AND t.kind IN ('consult', 'help')
GROUP BY GROUPING SETS ((1, t.channel), (1, t.channel, t.item_key))
HAVING grouping(t.item_key) = 1 OR t.item_key <> ''
"""


@transaction.atomic
def count_channels(month: date, *, now: datetime) -> int:
    """Count the channels of a month whole and return how many tallies there are; counting twice is harmless."""
    with connection.cursor() as cursor:
        # Two counts of a month at once would both write its rows.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('accountability.channels'))")
    ChannelTally.objects.filter(month=month).delete()
    return len(ChannelTally.objects.bulk_create(_tallies(month, now), batch_size=_ROWS))


def _tallies(month: date, now: datetime) -> Iterator[ChannelTally]:
    since, until = bounds(month)
    regions = dict(Region.objects.filter(level__lte=Region.COUNTY).values_list("path", "pk").order_by())
    for act, query in ((ChannelAct.APPLIED, _APPLIED), (ChannelAct.ASKED, _ASKED)):
        with connection.cursor() as cursor:
            cursor.execute(query, {"since": since, "until": until})
            rows = cursor.fetchall()
        for path, item, channel, count in rows:
            if path in regions:
                yield ChannelTally(
                    month=month, region_id=regions[path], act=act, item_key=item, channel=channel, count=count,
                    counted_at=now,
                )  # fmt: skip
