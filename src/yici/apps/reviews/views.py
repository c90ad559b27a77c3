"""Reviews as pages show them: to the unit and its supervisor, to the person, and in public."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from yici.apps.reviews.models import Review
from yici.rules.clocks import Colour
from yici.rules.people import masked_name, masked_number
from yici.rules.review_acts import Ground, Handling, ReviewAct, ReviewState
from yici.rules.review_figures import Figures
from yici.rules.reviews import Grade, ReviewChannel, SubjectKind, Tag
from yici.rules.supervision import Dial
from yici.rules.tickets import Level
from yici.rules.words import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewLine:
    """One review in a list of a desk; ``title`` says what was reviewed, never by whom."""

    public_id: UUID
    kind: SubjectKind
    title: Words
    unit: Words
    grade: Grade
    tags: tuple[Words, ...]
    text: str
    named: bool
    channel: ReviewChannel
    given_at: datetime
    state: ReviewState
    due_at: datetime | None
    colour: Colour
    level: Level
    handling: Handling | None
    upheld: Ground | None


@dataclass(frozen=True, slots=True)
class HappeningView:
    """One line of what happened."""

    words: Words
    by_name: str
    note: str
    ground: Words | None
    happened_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskReview:
    """One review with everything a desk may read: the contact masked, and the ticket it opened by its reference."""

    line: ReviewLine
    contact_name: str
    contact_phone: str
    attempts: int
    reworks: int
    extended: bool
    contested: bool
    contested_ground: Ground | None
    satisfied_after: bool | None
    excerpt: str
    ticket_id: UUID | None
    ticket_reference: str
    opened_id: UUID | None
    opened_reference: str
    is_ours: bool
    supervises: bool
    happenings: tuple[HappeningView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnReview:
    """A review as who gave it reads it: where it stands, and what was done."""

    public_id: UUID
    title: Words
    unit: Words
    grade: Grade
    tags: tuple[Words, ...]
    text: str
    given_at: datetime
    state: ReviewState
    due_at: datetime | None
    handling: Handling | None
    answer: str
    upheld: Ground | None
    may_answer: bool
    key: str
    ticket_reference: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """The second step: what was pressed, what may be chosen, whether a name may be given."""

    public_id: UUID
    title: Words
    unit: Words
    grade: Grade
    tags: tuple[str, ...]
    named: bool
    may_name: bool
    has_account_phone: bool
    open: bool
    state: ReviewState
    ticket_opened: bool
    is_own: bool
    called_within: Words  # the limit of the call that a name brings


@dataclass(frozen=True, slots=True)
class Published:
    """One figure in public, with the excerpts that were redacted for it."""

    key: str
    name: Words
    figures: Figures
    excerpts: tuple[tuple[str, Grade, Handling | None], ...] = ()


def title_of(review: Review) -> Words:
    """Return what was reviewed, in words, as who gave it reads it."""
    if review.case is not None:
        return Words(review.case.name, review.case.name_en)
    if review.ticket is not None:
        return Words(f"诉求 {review.ticket.reference}", f"Ticket {review.ticket.reference}")
    return _visit_title(review, review.queue_ticket.label if review.queue_ticket else "")


def title_at_desk(review: Review) -> Words:
    """Return what was reviewed as the unit reads it: without a name no number leads to the person either."""
    if review.named or review.case is not None:
        return title_of(review)
    return _visit_title(review, "") if review.hall else SubjectKind(review.kind).words


def _visit_title(review: Review, label: str) -> Words:
    hall = review.hall
    return Words(f"{hall.name if hall else ''} {label}".strip(), f"{hall.name_en if hall else ''} {label}".strip())


def unit_of(review: Review) -> Words:
    """Return who is reviewed."""
    return Words(review.organisation.name, review.organisation.name_en)


def _tags(review: Review) -> tuple[Words, ...]:
    return tuple(Tag(one).words for one in review.tags if one in set(Tag))


def colour_of(review: Review, now: datetime) -> Colour:
    """Return the colour of the one clock that runs."""
    if review.step_due_at is None or review.step_amber_at is None:
        return Colour.NEUTRAL
    return Dial(review.step_amber_at, review.step_due_at).colour(now)


def line_of(review: Review, now: datetime) -> ReviewLine:
    """Return a review as one line; its subject, hall and organisation must have been read with it."""
    return ReviewLine(
        public_id=review.public_id,
        kind=SubjectKind(review.kind),
        title=title_at_desk(review),
        unit=unit_of(review),
        grade=Grade(review.grade),
        tags=_tags(review),
        text=review.text,
        named=review.named,
        channel=ReviewChannel(review.channel),
        given_at=review.given_at,
        state=ReviewState(review.state),
        due_at=review.step_due_at,
        colour=colour_of(review, now),
        level=Level(review.level),
        handling=Handling(review.handling) if review.handling else None,
        upheld=Ground(review.upheld) if review.upheld else None,
    )


def desk_review(
    review: Review, now: datetime, *, is_ours: bool, supervises: bool, contact: tuple[str, str]
) -> DeskReview:
    """Return everything a desk needs to handle a review."""
    happenings = tuple(
        HappeningView(
            ReviewAct(one.kind).words,
            one.by_name,
            one.note,
            Ground(one.ground).words if one.ground else None,
            one.happened_at,
        )
        for one in review.happenings.order_by("id")
    )
    grounds = [one.ground for one in review.happenings.filter(kind=ReviewAct.CONTEST)]
    return DeskReview(
        line=line_of(review, now),
        contact_name=masked_name(contact[0]) if review.named else "",
        contact_phone=masked_number(contact[1]) if review.named else "",
        attempts=review.attempts,
        reworks=review.reworks,
        extended=review.extended,
        contested=review.contested_at is not None,
        contested_ground=Ground(grounds[0]) if grounds and grounds[0] else None,
        satisfied_after=review.satisfied_after,
        excerpt=review.excerpt,
        ticket_id=review.ticket.public_id if review.ticket and review.named else None,
        ticket_reference=review.ticket.reference if review.ticket and review.named else "",
        opened_id=review.opened_ticket.public_id if review.opened_ticket else None,
        opened_reference=review.opened_ticket.reference if review.opened_ticket else "",
        is_ours=is_ours,
        supervises=supervises,
        happenings=happenings,
    )


def own_review(review: Review, key: str) -> OwnReview:
    """Return a review for who gave it: what the unit wrote, no names of officials."""
    answers = review.happenings.filter(kind=ReviewAct.RECTIFY).order_by("-id")
    newest = answers.first() if review.handling else None
    return OwnReview(
        public_id=review.public_id,
        title=title_of(review),
        unit=unit_of(review),
        grade=Grade(review.grade),
        tags=_tags(review),
        text=review.text,
        given_at=review.given_at,
        state=ReviewState(review.state),
        due_at=review.step_due_at,
        handling=Handling(review.handling) if review.handling else None,
        answer=newest.note if newest else "",
        upheld=Ground(review.upheld) if review.upheld else None,
        may_answer=review.state == ReviewState.CALL_BACK,
        key=key,
        ticket_reference=review.opened_ticket.reference if review.opened_ticket else "",
    )
