"""Counts the funnel and the flow of a month whole, so that counting twice is harmless and a page reads a few rows."""

from collections.abc import Iterator
from datetime import date, datetime

from django.db import connection, transaction
from django.db.models import Max, Min

from yici.apps.accountability.channel_counting import count_channels
from yici.apps.accountability.flow_counting import flow_tallies
from yici.apps.accountability.funnel_counting import funnel_tallies
from yici.apps.accountability.models import ChannelTally, FlowTally, FunnelTally
from yici.apps.cases.models import Application
from yici.apps.places.months import month_of, next_month
from yici.apps.planning.models import Draft

# A draft is kept for six months after it was last saved. The count of a month stands before its first draft ends:
# counted again later, the needs whose drafts are gone would leave the funnel.
MOVES_FOR = 5  # months, this one among them
_ROWS = 1000  # inserted at a time


@transaction.atomic
def count_ways(month: date, *, now: datetime) -> int:
    """Count how far the needs of a month came, their way through departments, and by which channels people came.

    Returns how many tallies of funnel and flow there are.
    """
    with connection.cursor() as cursor:
        # Two counts of a month at once would both write its rows.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('accountability.ways'))")
    FunnelTally.objects.filter(month=month).delete()
    FlowTally.objects.filter(month=month).delete()
    funnels = FunnelTally.objects.bulk_create(funnel_tallies(month, now=now), batch_size=_ROWS)
    flows = FlowTally.objects.bulk_create(flow_tallies(month, now=now), batch_size=_ROWS)
    count_channels(month, now=now)
    return len(funnels) + len(flows)


def moving_months(now: datetime) -> list[date]:
    """Return the months whose needs may still come further and whose drafts are all kept, the oldest first."""
    this = month_of(now)
    number = this.year * 12 + this.month - 1
    return [date(one // 12, one % 12 + 1, 1) for one in range(number - MOVES_FOR + 1, number + 1)]


def count_missing(now: datetime) -> list[date]:
    """Count this month and those with needs, where nobody has yet: on a new site, or one older than these tallies."""
    counted = set(FunnelTally.objects.order_by().values_list("month", flat=True).distinct())
    missing = sorted({month_of(now), *_months_of_needs(now)} - counted)
    for month in missing:
        count_ways(month, now=now)
    _count_missing_channels(now)
    return missing


def _count_missing_channels(now: datetime) -> None:
    """Count the channels alone of months from before they were counted: their drafts are gone, their funnel stays."""
    counted = set(ChannelTally.objects.order_by().values_list("month", flat=True).distinct())
    for month in sorted(set(_months_of_needs(now)) - counted):
        count_channels(month, now=now)


def count_since(first: date, *, now: datetime) -> list[date]:
    """Count the months with needs from a day on, after many were written at once."""
    months = [month for month in _months_of_needs(now) if month >= first.replace(day=1)]
    for month in months:
        count_ways(month, now=now)
    return months


def _months_of_needs(now: datetime) -> Iterator[date]:
    drafts = Draft.objects.aggregate(first=Min("created_at"), last=Max("created_at"))
    applications = Application.objects.aggregate(first=Min("submitted_at"), last=Max("submitted_at"))
    moments = [one for one in (*drafts.values(), *applications.values()) if one is not None]
    if not moments:
        return
    month, last = month_of(min(moments)), month_of(min(max(moments), now))
    while month <= last:
        yield month
        month = next_month(month)
