"""What happens by itself: the months that still move are counted every hour and published every night."""

from django.utils import timezone
from procrastinate.contrib.django import app

from yici.apps.accountability.counting import months_to_count
from yici.apps.accountability.month_counting import count_months
from yici.apps.accountability.open_publishing import publish
from yici.apps.accountability.queries import months
from yici.apps.accountability.way_counting import count_missing, count_ways, moving_months


@app.periodic(cron="20 * * * *")
@app.task(name="accountability.count", queueing_lock="accountability.count")
def count(timestamp: int) -> None:
    """Count this month and the last one anew."""
    now = timezone.now()
    count_months(months_to_count(now), now=now)
    for month in months_to_count(now):
        count_ways(month, now=now)


@app.periodic(cron="35 2 * * *")
@app.task(name="accountability.count_ways", queueing_lock="accountability.count_ways")
def count_all_ways(timestamp: int) -> None:
    """Count each night the ways of every month whose needs may still come further, and of those never counted."""
    now = timezone.now()
    for month in moving_months(now):
        count_ways(month, now=now)
    count_missing(now)


@app.periodic(cron="50 3 * * *")
@app.task(name="accountability.publish_open_data", queueing_lock="accountability.publish_open_data")
def publish_open_data(timestamp: int) -> None:
    """Publish the months that still move, each night: the running one as far as it has come."""
    now = timezone.now()
    counted = set(months())
    for month in months_to_count(now):
        if month in counted:
            publish(month, now=now)
