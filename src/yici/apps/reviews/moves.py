"""Moves one review and keeps its clock: the row is locked, the standing decided by the rules, the line written."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from yici.apps.journal import actions as journal
from yici.apps.people.viewers import Viewer
from yici.apps.reviews.models import Happening, Review
from yici.apps.tickets import supervising
from yici.apps.tickets.limits import limits_for
from yici.apps.tickets.models import Ticket
from yici.rules.clock_courses import Course, Pause
from yici.rules.periods import Period
from yici.rules.review_acts import STEP_LIMITS, Ground, Handling, ReviewAct, ReviewState, Standing
from yici.rules.ticket_limits import Limits, Moments
from yici.rules.tickets import Level
from yici.rules.words import Words

HELD = Words("申诉核查期间不计时", "Not counted while a contest is checked")


@dataclass(frozen=True, slots=True)
class Hand:
    """Who acts, and when."""

    label: str
    name: str
    now: datetime


def hand_of(viewer: Viewer, now: datetime) -> Hand:
    """Return the viewer as the one who acts; who is not staff stays unnamed in what a unit reads."""
    return Hand(viewer.label, viewer.staff_name, now) if viewer.is_staff else Hand("person", "", now)


def locked(rows: QuerySet[Review], public_id: UUID) -> Review:
    """Return a review of these rows, locked. Raises Review.DoesNotExist."""
    found = rows.values_list("pk", flat=True).get(public_id=public_id)
    return Review.objects.select_for_update().get(pk=found)


def standing_of(review: Review) -> Standing:
    """Return where a review stands, as the rules read it."""
    return Standing(
        state=ReviewState(review.state),
        named=review.named,
        attempts=review.attempts,
        extended=review.extended,
        handling=Handling(review.handling) if review.handling else None,
        reworks=review.reworks,
        before=ReviewState(review.before) if review.before else None,
        contested=review.contested_at is not None,
        upheld=Ground(review.upheld) if review.upheld else None,
    )


def apply(review: Review, after: Standing, now: datetime) -> None:
    """Put a review where the rules say, with the clock of its new state; the caller saves it."""
    before, limits = standing_of(review), limits_for(review.desk_code, now)
    if after.state is ReviewState.CONTESTED:
        review.held_started_at = review.step_started_at
    if before.state is ReviewState.CONTESTED and after.state is before.before:
        _go_on(review, limits, after, now)
    elif after.state is not before.state:
        _begin(review, after.state, limits, now)
    elif after.extended and not before.extended:
        _set(review, limits.moments(STEP_LIMITS[after.state], _started(review), _added(limits, after)))
    review.state, review.named, review.attempts = after.state, after.named, after.attempts
    review.extended, review.reworks = after.extended, after.reworks
    review.handling = after.handling or ""
    review.before = after.before or ""
    review.upheld = after.upheld or ""


def _begin(review: Review, state: ReviewState, limits: Limits, now: datetime) -> None:
    review.step_started_at = now if state.is_open else None
    review.step_amber_at = review.step_due_at = None
    review.closed_at = now if state is ReviewState.CLOSED else None
    if state.is_open:
        _set(review, limits.moments(STEP_LIMITS[state], now))
    if state is ReviewState.TO_CONTACT:
        review.contact_due_at = review.step_due_at


def _set(review: Review, found: Moments) -> None:
    review.step_amber_at, review.step_due_at = found.amber_at, found.due_at


def _started(review: Review) -> datetime:
    assert review.step_started_at is not None  # an open review has a clock (constraint)
    return review.step_started_at


def _added(limits: Limits, standing: Standing) -> tuple[Period, ...]:
    extended = standing.extended and standing.state is ReviewState.RECTIFYING
    return (limits.row("review_rectify_extension").period,) if extended else ()


def _go_on(review: Review, limits: Limits, after: Standing, now: datetime) -> None:
    """Let the interrupted clock go on: the days of a contest are not counted against the unit."""
    assert review.contested_at is not None
    assert review.held_started_at is not None
    period, added = limits.row(STEP_LIMITS[after.state]).period, _added(limits, after)
    pause = Pause(begun=review.contested_at, ended=now, reason=HELD, basis=HELD)
    due = Course(review.held_started_at, period, added, (pause,)).due_at(limits.calendar)
    assert due is not None  # its only pause has ended
    plain = limits.moments(STEP_LIMITS[after.state], review.held_started_at, added)
    review.step_started_at, review.held_started_at = review.held_started_at, None
    review.step_due_at, review.step_amber_at = due, plain.amber_at + (due - plain.due_at)
    if after.state is ReviewState.TO_CONTACT:
        review.contact_due_at = due


def keep(
    review: Review, act: ReviewAct, kind: str, hand: Hand, *, note: str = "", ground: str = "", facts: dict[str, object]
) -> None:
    """Save a review and write down what happened: for its readers, and in the journal without a word of anybody."""
    review.save()
    if review.state == ReviewState.CLOSED and review.level > Level.NONE:
        supervising.close_for_review(review.public_id, hand.label, hand.now)
    Happening.objects.create(
        review=review,
        kind=act,
        state=review.state,
        by=hand.label,
        by_name=hand.name,
        note=note.strip(),
        ground=ground,
        happened_at=hand.now,
    )
    journal.record(kind, subject=str(review), by=hand.label, now=hand.now, facts={"state": review.state, **facts})


def look(review: Review, viewer: Viewer, now: datetime) -> None:
    """Put on record that somebody looked at the contact: nothing else changes."""
    journal.record("review.contact_seen", subject=str(review), by=viewer.label, now=now)


def contact_of(review: Review) -> tuple[str, str]:
    """Return name and phone of who gave a name, from the review or from his account."""
    party = review.party
    name = review.contact_name or (party.name if party else "")
    return name, review.contact_phone or (party.phone or "" if party else "")


def ticket_key(public_id: UUID) -> int:
    """Return the row of a ticket just filed."""
    return Ticket.objects.values_list("pk", flat=True).get(public_id=public_id)
