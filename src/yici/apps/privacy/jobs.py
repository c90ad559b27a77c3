"""What happens by itself: copies are made, what is kept long enough ends, an interrupted change of keys goes on."""

from contextlib import suppress
from uuid import UUID

from django.utils import timezone
from procrastinate.contrib.django import app

from yici.apps.privacy import exports, retention, rotation


@app.task(name="privacy.export")
def make_export(export_id: str) -> None:
    """Make one copy; run again after a kill it is made anew."""
    try:
        exports.make(export_id=UUID(export_id), now=timezone.now())
    except Exception:
        exports.failed(export_id=UUID(export_id))
        raise


@app.periodic(cron="15 19 * * *")  # 03:15 in Hangzhou
@app.task(name="privacy.retention", queueing_lock="privacy.retention")
def end_what_is_due(timestamp: int) -> None:
    """End what has been kept long enough; a second run finds nothing."""
    retention.run(by="system:retention", now=timezone.now())


@app.periodic(cron="45 19 * * *")
@app.task(name="privacy.relock", queueing_lock="privacy.relock")
def go_on_with_keys(timestamp: int) -> None:
    """Finish a change of keys that was interrupted; with nothing left it only counts."""
    if rotation.left_under_other_keys():
        with suppress(rotation.CannotRotate):  # somebody is at it
            rotation.rotate(by="system:keys", now=timezone.now())
