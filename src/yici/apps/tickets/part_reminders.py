"""Reminders to co-handlers: their part is nearly due or late, and the lead waits for it (北京 art. 14)."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice

from django.db import transaction

from yici.apps.journal import actions as journal
from yici.apps.tickets.limits import limits_for
from yici.apps.tickets.models import Part, Reminder
from yici.rules.clocks import Colour
from yici.rules.supervision import Dial
from yici.rules.tickets import TicketState

CLOCK = "part"
BATCH = 500
LOOK_AHEAD = timedelta(days=60)


def remind_parts(now: datetime) -> tuple[int, int]:
    """Remind whoever has an open part that is amber or red, once each; return how many were examined and sent."""
    examined = sent = 0
    rows = _open_parts(now)
    while batch := tuple(islice(rows, BATCH)):
        examined += len(batch)
        sent += _remind(batch, now)
    return examined, sent


def _open_parts(now: datetime) -> Iterator[Part]:
    rows = Part.objects.filter(ended_at=None, due_at__lte=now + LOOK_AHEAD).exclude(ticket__state=TicketState.CLOSED)
    return rows.select_related("ticket").order_by("due_at", "pk").iterator(chunk_size=BATCH)


@transaction.atomic
def _remind(batch: tuple[Part, ...], now: datetime) -> int:
    known = set(Reminder.objects.filter(part__in=batch).values_list("part_id", "colour", "due_at"))
    coloured = ((part, _dial(part, now).colour(now)) for part in batch)
    rows = [
        _reminder(part, colour, now)
        for part, colour in coloured
        if colour is not Colour.NEUTRAL and (part.pk, colour.value, part.due_at) not in known
    ]
    Reminder.objects.bulk_create(rows, ignore_conflicts=True)
    if rows:
        facts = {"sent": len(rows), "first": batch[0].ticket.reference, "last": batch[-1].ticket.reference}
        journal.record("supervision.swept", subject="supervision:parts", by="system:clock", now=now, facts=facts)
    return len(rows)


def _dial(part: Part, now: datetime) -> Dial:
    """Return the clock of a part: it began when it was asked for and ends with the lead's own time."""
    share = limits_for(part.ticket.desk_code, now).amber_percent
    return Dial(part.asked_at + (part.due_at - part.asked_at) * share / 100, part.due_at)


def _reminder(part: Part, colour: Colour, now: datetime) -> Reminder:
    return Reminder(
        ticket_id=part.ticket_id,
        part=part,
        organisation_id=part.organisation_id,
        clock=CLOCK,
        colour=colour,
        due_at=part.due_at,
        sent_at=now,
    )
