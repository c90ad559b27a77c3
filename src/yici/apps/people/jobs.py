"""What happens to people by itself: sessions whose time is over are deleted."""

from django.utils import timezone
from procrastinate.contrib.django import app

from yici.apps.people.signing import sweep_sessions


@app.periodic(cron="*/10 * * * *")
@app.task(name="people.sweep_sessions", queueing_lock="people.sweep_sessions")
def sweep_ended_sessions(timestamp: int) -> None:
    """Delete what has ended every ten minutes; running twice does nothing twice."""
    sweep_sessions(now=timezone.now())
