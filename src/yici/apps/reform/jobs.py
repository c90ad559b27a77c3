"""What happens by itself: revisions come into force on their day, signals open proposals."""

from django.utils import timezone
from procrastinate.contrib.django import app

from yici.apps.places.months import last_whole_month
from yici.apps.reform import actions, pilots
from yici.apps.reform.signals import count_signals, judge_month
from yici.apps.reform.suggesting import suggest_for_open_proposals


@app.periodic(cron="5 * * * *")
@app.task(name="reform.bring_into_force", queueing_lock="reform.bring_into_force")
def bring_into_force(timestamp: int) -> None:
    """Give the catalogue what is due; a run that finds nothing changes nothing."""
    now = timezone.now()
    actions.bring_into_force(now=now, by="system:reform")
    pilots.end_adopted_trials(now=now)


@app.periodic(cron="40 3 * * *")
@app.task(name="reform.judge_signals", queueing_lock="reform.judge_signals")
def judge_signals(timestamp: int) -> None:
    """Count the last whole month anew, since some of it is settled late, and open what stands out; suggest."""
    now = timezone.now()
    month = last_whole_month(now)
    count_signals(month, now=now)
    judge_month(month, now=now)
    suggest_for_open_proposals(now=now)
