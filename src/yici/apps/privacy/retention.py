"""Ends what has been kept long enough: a report first, then the run; holds and open cases stay."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import reduce
from operator import or_

from django.apps import apps
from django.db import transaction
from django.db.models import Min, Q, QuerySet
from django.utils import timezone

from yici.apps.journal import actions as journal
from yici.apps.places import queries as places
from yici.apps.privacy import holds
from yici.apps.privacy.endings import DUTIES, ENDS_WITH, Duty
from yici.rules.clock_courses import local_day
from yici.rules.law_parameters import LAW_PARAMETERS, LawParameter
from yici.rules.retention import KEEPINGS, RETENTION, Ending, Ground, cut_off, keeping
from yici.rules.words import Words

BATCH = 200


@dataclass(frozen=True, slots=True)
class Due:
    """What the report says of one kind of record; counts only."""

    model: str
    sentence: Words
    period: LawParameter
    ending: Ending
    rows: int
    due: int
    oldest: date | None
    kept: dict[Ground, int]


@dataclass(frozen=True, slots=True)
class Ended:
    """What a run did to one kind of record."""

    model: str
    ending: Ending
    count: int


def periods() -> tuple[LawParameter, ...]:
    """Return the law parameters of this platform; a number nobody has loaded yet counts as the house ships it."""
    return (*places.law_parameters(), *LAW_PARAMETERS)


def report(*, now: datetime) -> list[Due]:
    """Return what is due today for each kind of record, and what is kept on which ground. Changes nothing."""
    table = periods()
    return [_due(duty, now, table) for duty in DUTIES]


def _due(duty: Duty, now: datetime, table: tuple[LawParameter, ...]) -> Due:
    found = keeping(duty.key, local_day(now), table=table)
    rows, over, held = duty.rows(), _over(duty, found, now), _held(duty)
    kept = {
        Ground.OPEN_CASE: rows.filter(over_at=None).count(),
        Ground.PERIOD: rows.filter(over_at__gte=_moment(found, now)).count(),
        Ground.HOLD: over.filter(held).count(),
    }
    due = over.exclude(held)
    oldest = due.aggregate(oldest=Min("over_at"))["oldest"]
    return Due(
        model=duty.name,
        sentence=RETENTION[duty.key],
        period=found,
        ending=KEEPINGS[duty.key].ending,
        rows=rows.count(),
        due=due.count(),
        oldest=timezone.localtime(oldest).date() if oldest else None,
        kept={ground: count for ground, count in kept.items() if count},
    )


def _moment(found: LawParameter, now: datetime) -> datetime:
    day = cut_off(found, local_day(now))
    return timezone.make_aware(datetime(day.year, day.month, day.day))


def _over(duty: Duty, found: LawParameter, now: datetime) -> QuerySet:  # type: ignore[type-arg]
    return duty.rows().filter(over_at__lt=_moment(found, now))


def _held(duty: Duty) -> Q:
    """Return which rows a hold keeps; by party, or by application."""
    reached = [Q(**{f"{column}__in": holds.held_parties()}) for column in duty.parties]
    if duty.application:
        reached.append(Q(**{f"{duty.application}__in": holds.held_applications()}))
    return reduce(or_, reached, Q(pk__in=[]))


def uncovered() -> list[str]:
    """Return models of ours whose retention ends some day and that no duty ends: the report names them."""
    covered = {duty.model for duty in DUTIES} | set(ENDS_WITH)
    ours = [one for one in apps.get_models() if one.__module__.startswith("yici.apps.")]
    ends = [one for one in ours if getattr(one, "retention", "") in KEEPINGS and one.personal_fields]  # type: ignore[attr-defined]
    return sorted(one._meta.label for one in ends if one not in covered and not _goes_with(one, covered))


def _goes_with(model: type, covered: set[type]) -> bool:
    """Whether the rows are deleted together with a covered record they belong to (an export's pieces)."""
    parents = [field.related_model for field in model._meta.concrete_fields if field.many_to_one]  # type: ignore[attr-defined]
    deleted = {duty.model for duty in DUTIES if KEEPINGS[duty.key].ending is Ending.DELETE}
    return any(parent in covered and parent in deleted for parent in parents)


def run(
    *, by: str, now: datetime, batch: int = BATCH, tell: Callable[[str, int], None] = lambda model, done: None
) -> list[Ended]:
    """End what is due, in batches each of its own; again, or after a kill, it goes on where it was.

    Each batch leaves one line in the journal: model, how it ended, count. No content.
    """
    table, ended = periods(), []
    for duty in DUTIES:
        count = 0
        while done := _end_batch(duty, by, now, batch, table):
            count += done
            tell(duty.name, count)
        if count:
            ended.append(Ended(duty.name, KEEPINGS[duty.key].ending, count))
    return ended


@transaction.atomic
def _end_batch(duty: Duty, by: str, now: datetime, size: int, table: tuple[LawParameter, ...]) -> int:
    found = keeping(duty.key, local_day(now), table=table)
    due = _over(duty, found, now).exclude(_held(duty)).order_by("pk").values_list("pk", flat=True)
    keys = list(due[:size])
    if not keys:
        return 0
    duty.end(keys, now)
    ending = KEEPINGS[duty.key].ending
    facts = {"model": duty.name, "ending": str(ending), "count": len(keys), "parameter": found.key}
    journal.record("privacy.ended", subject="retention", by=by, now=now, facts=facts)
    return len(keys)
