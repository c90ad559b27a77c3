"""The figures of reviews, counted from the rows each time: no stored sum can go stale or be touched."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from django.db.models import Count, F, Q, QuerySet

from yici.apps.cases.models import Case
from yici.apps.halls.models import QueueTicket
from yici.apps.people.models import Staff
from yici.apps.reviews.models import Review
from yici.apps.tickets.limits import limits_for
from yici.apps.tickets.models import Ticket
from yici.rules.clock_courses import local_day, midnight_of
from yici.rules.codes import COUNTRY
from yici.rules.people import Role
from yici.rules.periods import add_months
from yici.rules.queues import TicketState as QueueState
from yici.rules.review_acts import Handling
from yici.rules.review_figures import Figures, Tally, figures
from yici.rules.reviews import Grade


class Scope(StrEnum):
    """What a figure is about; persons are for the head of their own organisation alone."""

    ORGANISATION = "organisation"
    HALL = "hall"
    ITEM = "item"
    PERSON = "person"


_REVIEW_COLUMN = {
    Scope.ORGANISATION: "organisation_id",
    Scope.HALL: "hall_id",
    Scope.ITEM: "item_key",
    Scope.PERSON: "staff_id",
}
Key = Any  # a row's number, or the key of an item
_NOT_EXCLUDED = Q(upheld="")


@dataclass(frozen=True, slots=True)
class Period:
    """The period of a figure: from the first of these days up to the moment of asking."""

    since: date
    now: datetime

    def of(self, column: str) -> Q:
        """Return the condition that a moment lies in the period."""
        return Q(**{f"{column}__gte": midnight_of(self.since), f"{column}__lte": self.now})


def period_of(region_code: str, now: datetime) -> Period:
    """Return the period that the law's row gives for a region, up to now."""
    months = limits_for(region_code, now).row("review_publish_period").value
    return Period(add_months(local_day(now), -months), now)


def tallies(scope: Scope, keys: Collection[Key], period: Period) -> dict[Key, Tally]:
    """Return the counts of each key, with a fixed number of queries however many keys there are."""
    column = _REVIEW_COLUMN[scope]
    rows = Review.objects.filter(period.of("finished_at"), **{f"{column}__in": keys})
    counted = {row[column]: row for row in rows.values(column).annotate(**_counts(period.now))}
    finished = _finished(scope, keys, period)
    return {key: _tally(counted.get(key, {}), finished[key]) for key in keys}


def _counts(now: datetime) -> dict[str, Count]:
    counts = _NOT_EXCLUDED
    bad = counts & Q(grade__lte=Grade.BAD)
    # A call that is not due yet says nothing about the unit.
    due = bad & Q(contact_due_at__isnull=False) & (Q(contacted_at__isnull=False) | Q(contact_due_at__lte=now))
    in_time = Q(contacted_at__isnull=False) & Q(contacted_at__lt=F("contact_due_at"))
    return {
        **{f"grade_{one.value}": Count("pk", filter=counts & Q(grade=one)) for one in Grade},
        "left_out": Count("pk", filter=~counts),
        "bad_answered": Count("pk", filter=bad & ~Q(handling="")),
        "bad_fixed": Count("pk", filter=bad & Q(handling=Handling.FIXED)),
        "named_bad": Count("pk", filter=due),
        "contacted_in_time": Count("pk", filter=due & in_time),
    }


def _tally(row: Mapping[str, Any], finished: int) -> Tally:
    return Tally(
        finished=finished,
        by_grade={one: row.get(f"grade_{one.value}", 0) for one in Grade},
        excluded=row.get("left_out", 0),
        **{name: row.get(name, 0) for name in ("bad_answered", "bad_fixed", "named_bad", "contacted_in_time")},
    )


def _finished(scope: Scope, keys: Collection[Key], period: Period) -> Counter[Key]:
    """Return how much could be reviewed: cases closed, tickets answered, visits served."""
    cases, answered = Case.objects.filter(period.of("closed_at")), Ticket.objects.filter(period.of("answered_at"))
    served = QueueTicket.objects.filter(period.of("finished_at"), state=QueueState.DONE)
    found = Counter[Key]()
    if scope is Scope.ORGANISATION:
        found += _by(cases, "organisation_id", keys) + _by(answered, "organisation_id", keys)
        found += _by(served, "clerk__organisation_id", keys) + _of_hotlines(answered, keys)
    elif scope is Scope.ITEM:
        found += _by(cases, "item_key", keys) + _by(answered, "item_key", keys)
    elif scope is Scope.HALL:
        found += _by(served, "hall_id", keys)
    else:
        found += _by(served, "clerk_id", keys)
    return found


def _by(rows: QuerySet[Any], column: str, keys: Collection[Key]) -> Counter[Key]:
    return Counter(dict(rows.filter(**{f"{column}__in": keys}).values_list(column).annotate(Count("pk"))))


def _of_hotlines(answered: QuerySet[Ticket], keys: Collection[Key]) -> Counter[Key]:
    """Count what a hotline answered itself, for the organisation its operators belong to."""
    operators = Staff.objects.filter(organisation_id__in=keys, roles__contains=[Role.HOTLINE])
    desks = dict(operators.values_list("organisation__region__code", "organisation_id"))
    led = answered.filter(organisation=None, leader=None, desk_code__in=desks)
    counts = led.values_list("desk_code").annotate(Count("pk"))
    return Counter({desks[code]: count for code, count in counts})


def figures_of(
    scope: Scope, keys: Collection[Key], *, region_code: str = COUNTRY.text, now: datetime
) -> dict[Key, Figures]:
    """Return what may be shown of each key, as of now; below the minimum of the law's row nothing is said."""
    period = period_of(region_code, now)
    minimum = limits_for(region_code, now).row("review_publish_minimum").value
    found = tallies(scope, keys, period)
    return {
        key: figures(tally, minimum=minimum, since=period.since, as_of=local_day(now)) for key, tally in found.items()
    }
