"""What happens to shared data by itself: silence confirms write-backs, gaps close, look-ups are counted by day."""

from django.db import connection, transaction
from django.db.models import F, Max
from django.utils import timezone
from procrastinate.contrib.django import app

from yici.apps.journal import queries as journal
from yici.apps.registry import gaps, write_backs
from yici.apps.registry.models import LookUpDay

_COUNTER_LOCK = 7_104_011  # one counter at a time; any number nobody else takes


@app.periodic(cron="* * * * *")
@app.task(name="registry.count_look_ups", queueing_lock="registry.count_look_ups")
def count_every_minute(timestamp: int) -> None:
    """Count what was sealed since; a run that finds nothing changes nothing."""
    count_look_ups()


@transaction.atomic
def count_look_ups() -> int:
    """Add the sealed look-ups that are not counted yet to their days; returns how many. Again is harmless."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_COUNTER_LOCK])
    through = LookUpDay.objects.aggregate(through=Max("through"))["through"] or 0
    counted = journal.look_ups_since(through)
    for one in counted:
        row, _ = LookUpDay.objects.get_or_create(
            dataset_key=one.dataset, day=one.day, defaults={"through": one.through}
        )
        LookUpDay.objects.filter(pk=row.pk).update(
            found=F("found") + one.found,
            not_found=F("not_found") + one.not_found,
            refused=F("refused") + one.refused,
            through=one.through,
        )
    return sum(one.found + one.not_found + one.refused for one in counted)


@app.periodic(cron="*/10 * * * *")
@app.task(name="registry.deem_confirmed", queueing_lock="registry.deem_confirmed")
def deem_write_backs_confirmed(timestamp: int) -> None:
    """Examine every overdue write-back; running twice does nothing twice."""
    write_backs.deem_confirmed(now=timezone.now())


@app.periodic(cron="20 2 * * *")
@app.task(name="registry.close_gaps", queueing_lock="registry.close_gaps")
def close_filled_gaps(timestamp: int) -> None:
    """Close the gaps that the owners' data have filled since yesterday."""
    gaps.close_filled(now=timezone.now())
