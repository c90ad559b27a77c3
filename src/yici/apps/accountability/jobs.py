"""What is counted by itself: the months that still move, every hour."""

from django.utils import timezone
from procrastinate.contrib.django import app

from yici.apps.accountability.counting import count_month, months_to_count


@app.periodic(cron="20 * * * *")
@app.task(name="accountability.count", queueing_lock="accountability.count")
def count(timestamp: int) -> None:
    """Count this month and the last one anew."""
    now = timezone.now()
    for month in months_to_count(now):
        count_month(month, now=now)
