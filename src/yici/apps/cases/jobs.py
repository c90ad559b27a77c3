"""What happens to cases by itself: the sweep of broken time limits."""

from django.utils import timezone
from procrastinate.contrib.django import app

from yici.apps.cases.actions import sweep


@app.periodic(cron="*/5 * * * *")
@app.task(name="cases.sweep", queueing_lock="cases.sweep")
def sweep_deadlines(timestamp: int) -> None:
    """Examine every broken time limit every five minutes; running twice does nothing twice."""
    sweep(now=timezone.now())
