"""What happens by itself: what has come into force is followed through, and people are told."""

from django.utils import timezone
from procrastinate.contrib.django import app

from yici.apps.referrals import following


@app.periodic(cron="15 * * * *")
@app.task(name="referrals.follow", queueing_lock="referrals.follow")
def follow(timestamp: int) -> None:
    """Follow through, then write to those who gave an address; running twice tells nobody twice."""
    now = timezone.now()
    following.follow_all(now=now)
    following.mail_all(now=now)
