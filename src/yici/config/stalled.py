"""A worker that was killed leaves its job marked as being done: this puts it back."""

from procrastinate.contrib.django import app

# A worker sends a sign of life every ten seconds; six missed ones mean that it is gone.
SILENT_SECONDS = 60


@app.periodic(cron="* * * * *")
@app.task(name="jobs.retry_stalled", queueing_lock="jobs.retry_stalled", pass_context=True)
async def retry_stalled(context, timestamp: int) -> None:  # type: ignore[no-untyped-def]
    """Put back every job whose worker is gone; each job may run twice without harm."""
    for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=SILENT_SECONDS):
        await app.job_manager.retry_job(job)
