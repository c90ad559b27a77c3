"""What a unit does about a bad review, what the person says to it, and the contest a second person decides."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from yici.apps.people.viewers import Viewer
from yici.apps.reviews import moves
from yici.apps.reviews.giving import reviewed_by_key
from yici.apps.reviews.jurisdiction import at_supervisor, at_unit, own
from yici.apps.reviews.models import Review
from yici.apps.reviews.supervision import supervise
from yici.apps.tickets import actions as tickets
from yici.apps.tickets.limits import limits_for
from yici.rules import review_acts as rules
from yici.rules.review_acts import Ground, Handling, ReviewAct, ReviewState, Standing
from yici.rules.reviews import CannotReview, Grade, Tag, check_excerpt
from yici.rules.supervision import Reason
from yici.rules.tickets import Level, TicketChannel, TicketKind
from yici.rules.voices import Voice

REWORKS_BEFORE_SUPERVISION = 2


def _unit_review(by: Viewer, review_id: UUID) -> Review:
    return moves.locked(at_unit(by), review_id)


def _most_attempts(review: Review, now: datetime) -> int:
    return limits_for(review.desk_code, now).row("review_call_attempts").value


def _moved(review: Review, after: Standing, now: datetime) -> Review:
    moves.apply(review, after, now)
    return review


@transaction.atomic
def contact(*, review_id: UUID, reached: bool, note: str, by: Viewer, now: datetime) -> None:
    """Write down a call to the person: reached or not. Raises CannotReview, Review.DoesNotExist."""
    review = _unit_review(by, review_id)
    after = rules.contact(moves.standing_of(review), reached=reached, most_attempts=_most_attempts(review, now))
    if reached:
        review.contacted_at = now
    _moved(review, after, now)
    hand, facts = moves.hand_of(by, now), {"reached": reached}
    moves.keep(review, ReviewAct.CONTACT, "review.contacted", hand, note=note, facts={**facts})


@transaction.atomic
def rectify(*, review_id: UUID, handling: Handling, text: str, by: Viewer, now: datetime) -> None:
    """Say what was put right, or why there is no ground for it; the person reads it. Raises CannotReview."""
    review = _unit_review(by, review_id)
    _moved(review, rules.rectify(moves.standing_of(review), handling, text), now)
    review.handled_at = now
    hand, facts = moves.hand_of(by, now), {"handling": str(handling)}
    moves.keep(review, ReviewAct.RECTIFY, "review.rectified", hand, note=text, facts={**facts})


@transaction.atomic
def more_time(*, review_id: UUID, reason: str, by: Viewer, now: datetime) -> None:
    """Take more time once, for what is complex; the reason stands in the ledger. Raises CannotReview."""
    review = _unit_review(by, review_id)
    _moved(review, rules.more_time(moves.standing_of(review), reason), now)
    moves.keep(review, ReviewAct.MORE_TIME, "review.more_time", moves.hand_of(by, now), note=reason, facts={})


@transaction.atomic
def call_back(*, review_id: UUID, reached: bool, satisfied: bool | None, note: str, by: Viewer, now: datetime) -> None:
    """Write down the call after rectifying; by the unit or by the hotline. Raises CannotReview."""
    review = moves.locked(at_unit(by) | at_supervisor(by), review_id)
    _call_back(review, moves.hand_of(by, now), reached=reached, satisfied=satisfied, note=note)


@transaction.atomic
def answer_call_back(*, review_id: UUID, satisfied: bool, words: str, by: Viewer, now: datetime) -> None:
    """Let the person say for himself whether it is right now. Raises CannotReview, Review.DoesNotExist."""
    review = moves.locked(own(by), review_id)
    _call_back(review, moves.hand_of(by, now), reached=True, satisfied=satisfied, note=words)


def _call_back(review: Review, hand: moves.Hand, *, reached: bool, satisfied: bool | None, note: str) -> None:
    after = rules.call_back(
        moves.standing_of(review),
        reached=reached,
        satisfied=satisfied,
        most_attempts=_most_attempts(review, hand.now),
    )
    if reached:
        review.satisfied_after = satisfied
    _moved(review, after, hand.now)
    if after.state is ReviewState.RECTIFYING:
        review.handled_at = None
    facts: dict[str, object] = {"reached": reached, "satisfied": satisfied}
    moves.keep(review, ReviewAct.CALL_BACK, "review.called_back", hand, note=note, facts=facts)
    if after.reworks >= REWORKS_BEFORE_SUPERVISION:
        # Not content a second time: as with tickets, somebody above looks at it from now on.
        supervise(review, Level(review.level).higher, Reason.DISSATISFIED, hand)


@transaction.atomic
def contest(*, review_id: UUID, ground: Ground, reason: str, by: Viewer, now: datetime) -> None:
    """Contest a review as mistaken or malicious: once, in time; its clock stands still meanwhile."""
    review = _unit_review(by, review_id)
    limit = limits_for(review.desk_code, now).moments("review_contest", review.given_at)
    after = rules.contest(moves.standing_of(review), reason, in_time=now < limit.due_at)
    _moved(review, after, now)
    review.contested_at, review.contested_by = now, by.label
    hand, facts = moves.hand_of(by, now), {"ground": str(ground)}
    moves.keep(review, ReviewAct.CONTEST, "review.contested", hand, note=reason, ground=ground, facts={**facts})


@transaction.atomic
def decide_contest(*, review_id: UUID, ground: Ground | None, reason: str, by: Viewer, now: datetime) -> None:
    """Decide a contest: on a ground it leaves the figure, on none the work goes on. By a second person only."""
    review = moves.locked(at_unit(by) | at_supervisor(by), review_id)
    same_hand = review.contested_by == by.label
    rules.check_second_person(of_the_unit=review.organisation_id == by.organisation_id, same_hand=same_hand)
    standing = moves.standing_of(review)
    after = rules.uphold(standing, ground, reason) if ground else rules.dismiss(standing, reason)
    _moved(review, after, now)
    act = ReviewAct.UPHOLD if ground else ReviewAct.DISMISS
    facts: dict[str, object] = {"upheld": ground.value if ground else ""}
    hand = moves.hand_of(by, now)
    moves.keep(review, act, "review.contest_decided", hand, note=reason, ground=ground or "", facts=facts)


@transaction.atomic
def publish_excerpt(*, review_id: UUID, excerpt: str, by: Viewer, now: datetime) -> None:
    """Publish a redacted excerpt of somebody's words: by hotline or reform office, never by the unit itself."""
    review = moves.locked(at_supervisor(by), review_id)
    if not review.text.strip():
        raise CannotReview(zh="这条评价没有文字。", en="This review has no words to publish.")
    review.excerpt = check_excerpt(excerpt, _private_words(review))
    review.excerpt_by = by.label
    moves.keep(review, ReviewAct.EXCERPT, "review.excerpt_published", moves.hand_of(by, now), facts={})


def _private_words(review: Review) -> list[str]:
    """Return the words that would tell who wrote it, and who served: persons stand in no public page."""
    names = [review.contact_name, review.contact_phone]
    names += [review.party.name] if review.party else []
    return [*names, *([review.staff.name] if review.staff else [])]


@transaction.atomic
def look_at_contact(*, review_id: UUID, by: Viewer, now: datetime) -> tuple[str, str]:
    """Return name and phone so that the unit can call; each look is on record. Raises Review.DoesNotExist."""
    review = moves.locked(at_unit(by) | at_supervisor(by), review_id)
    moves.look(review, by, now)
    return moves.contact_of(review)


@transaction.atomic
def open_ticket(*, key: str, detail: str, by: Viewer, now: datetime) -> tickets.Filed:
    """Make one's bad review a ticket too, by the key of who gave it; it hangs on what was reviewed.

    Raises CannotFile, CannotReview, Review.DoesNotExist.
    """
    review = moves.locked(Review.objects.all(), reviewed_by_key(key))
    if review.opened_ticket_id is not None or not Grade(review.grade).is_bad:
        raise CannotReview(zh="只有差评可以转为诉求，且只转一次。", en="A bad review becomes a ticket, and once.")
    filed = tickets.file(voice=_voice(review, detail), by=by, now=now, links=_links(review, by))
    review.opened_ticket_id = moves.ticket_key(filed.public_id)
    facts: dict[str, object] = {"ticket": filed.reference}
    moves.keep(review, ReviewAct.TICKET, "review.ticket_opened", moves.Hand("person", "", now), facts=facts)
    return filed


def _voice(review: Review, detail: str) -> Voice:
    said = "；".join(Tag(tag).words.zh for tag in review.tags if tag in set(Tag))
    name, phone = moves.contact_of(review)
    return Voice(
        kind=TicketKind.COMPLAINT,
        channel=TicketChannel.REVIEW,
        region_code=review.region.code,
        subject=f"差评转办：{review.organisation.name}",
        detail=detail.strip() or review.text or said,
        contact_name=name,
        contact_phone=phone,
        anonymous=not review.named,
        item_key=review.item_key,
    )


def _links(review: Review, by: Viewer) -> tickets.Links:
    own_case = review.case is not None and review.party_id is not None and by.party_id == review.party_id
    return tickets.Links(case_id=review.case.public_id if own_case and review.case else None)
