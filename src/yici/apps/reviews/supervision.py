"""A bad review that nobody handles is supervised like a ticket, and no overdue one is left out of a sweep."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from yici.apps.reviews import moves
from yici.apps.reviews.models import Review
from yici.apps.tickets import moves as ticket_moves
from yici.apps.tickets import supervising
from yici.apps.tickets.limits import limits_for
from yici.rules.review_acts import ReviewAct, ReviewState
from yici.rules.supervision import Dial, Ladder, Reason, examine
from yici.rules.ticket_acts import Side
from yici.rules.tickets import Level

BATCH = 500
CLOCK = "system:clock"


@dataclass(slots=True)
class Swept:
    """What one sweep did: how many were overdue, and how many levels were raised."""

    overdue: int = 0
    raised: int = 0


def supervise(review: Review, level: Level, reason: Reason, hand: moves.Hand) -> None:
    """Supervise a locked review at a level; while a contest is checked the unit is not to blame."""
    unit = None if review.state == ReviewState.CONTESTED else review.organisation_id
    supervising.open_for_review(
        review.public_id,
        unit,
        level,
        reason,
        ticket_moves.Hand(hand.label, hand.name, Side.CLOCK, hand.now),
        desk_code=review.desk_code,
        harm_at=review.step_due_at if reason is Reason.STEP_OVERDUE and review.step_due_at else hand.now,
    )
    review.level = level
    facts: dict[str, object] = {"level": int(level), "reason": str(reason)}
    moves.keep(review, ReviewAct.SUPERVISE, "review.supervised", hand, note=reason.words.zh, facts=facts)


def sweep(*, now: datetime) -> Swept:
    """Examine every open review whose clock is broken, oldest harm first, by key: memory stays flat."""
    done = Swept()
    for batch in _overdue(now):
        done.overdue += len(batch)
        done.raised += sum(_raise(key, now) for key, _ in batch)
    return done


def _overdue(now: datetime) -> Iterator[list[tuple[int, datetime | None]]]:
    rows = Review.objects.filter(step_due_at__lte=now).order_by("step_due_at", "pk")
    rows = rows.exclude(state__in=[ReviewState.SETTLED, ReviewState.CLOSED])
    batch = list(rows.values_list("pk", "step_due_at")[:BATCH])
    while batch:
        yield batch
        key, due = batch[-1]
        behind = rows.filter(Q(step_due_at__gt=due) | Q(step_due_at=due, pk__gt=key), step_due_at__gte=due)
        batch = list(behind.values_list("pk", "step_due_at")[:BATCH])


@transaction.atomic
def _raise(key: int, now: datetime) -> bool:
    """Raise one review to the level its lateness asks for; whoever was faster is left as he left it."""
    review = Review.objects.select_for_update().get(pk=key)
    if review.step_due_at is None or review.step_amber_at is None:
        return False
    limits = limits_for(review.desk_code, now)
    ladder = Ladder(limits.row("supervision_listed").value, limits.row("supervision_interview").value)
    finding = examine({"step": Dial(review.step_amber_at, review.step_due_at)}, ladder, now, limits.calendar)
    if finding.level <= review.level:
        return False
    supervise(review, finding.level, Reason.STEP_OVERDUE, moves.Hand(CLOCK, "系统（时限）", now))
    return True
