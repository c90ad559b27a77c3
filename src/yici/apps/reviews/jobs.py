"""What happens to reviews by itself: overdue ones are supervised."""

from django.utils import timezone
from procrastinate.contrib.django import app

from yici.apps.reviews.supervision import sweep


@app.periodic(cron="*/5 * * * *")
@app.task(name="reviews.sweep", queueing_lock="reviews.sweep")
def sweep_reviews(timestamp: int) -> None:
    """Examine every open review whose clock is broken; running twice does nothing twice."""
    sweep(now=timezone.now())
