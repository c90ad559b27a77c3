"""What happens in halls by itself: the day ends, papers are printed, interrupted prints are ended."""

from django.utils import timezone
from procrastinate.contrib.django import app

from yici.apps.halls import printing
from yici.apps.halls.actions import close_days


# Every hour and not once at midnight: a machine that was off then closes the day when it is back.
@app.periodic(cron="5 * * * *")
@app.task(name="halls.close_days", queueing_lock="halls.close_days")
def close_days_gone_by(timestamp: int) -> None:
    """Close tickets, windows and appointments of days gone by; running twice does nothing twice."""
    close_days(now=timezone.now())


@app.task(name="halls.print")
def print_one(job_id: int) -> None:
    """Print one job; running twice prints once."""
    printing.run_print(job_id=job_id, now=timezone.now())


@app.periodic(cron="* * * * *")
@app.task(name="halls.sweep_prints", queueing_lock="halls.sweep_prints")
def sweep_prints(timestamp: int) -> None:
    """End prints that were interrupted; running twice does nothing twice."""
    printing.sweep_interrupted(now=timezone.now())
