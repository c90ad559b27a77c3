"""What may be seen of reviews, by whom; figures are for everybody, persons' figures for their own head alone."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from yici.apps.cases.applicant_acts import own_applications
from yici.apps.cases.models import Case
from yici.apps.catalogue.models import BasicItem
from yici.apps.halls import queries as halls
from yici.apps.halls.jurisdiction import own_hall_id
from yici.apps.halls.models import QueueTicket
from yici.apps.halls.views import TicketView
from yici.apps.people.viewers import Viewer
from yici.apps.places.models import Hall, Organisation
from yici.apps.reviews import moves
from yici.apps.reviews.giving import account_can_be_called, key_of, may_detail, reviewed_by_key
from yici.apps.reviews.inviting import invited
from yici.apps.reviews.jurisdiction import at_desk, at_supervisor, at_unit, own
from yici.apps.reviews.models import Invitation, Review
from yici.apps.reviews.views import (
    DeskReview,
    OwnReview,
    Published,
    ReviewLine,
    Step,
    desk_review,
    line_of,
    own_review,
    title_of,
    unit_of,
)
from yici.apps.tickets.limits import limits_for
from yici.apps.tickets.models import Ticket
from yici.rules.review_acts import ReviewState
from yici.rules.reviews import Grade
from yici.rules.words import Words

__all__ = ["Published", "invited"]

NotThere = (
    Review.DoesNotExist,
    Invitation.DoesNotExist,
    Case.DoesNotExist,
    Ticket.DoesNotExist,
    QueueTicket.DoesNotExist,
    Organisation.DoesNotExist,
    Hall.DoesNotExist,
    BasicItem.DoesNotExist,
)
PAGE, MOST_SHOWN, MOST_EXCERPTS = 30, 200, 12
UNIT_TABS = (
    ReviewState.TO_CONTACT,
    ReviewState.RECTIFYING,
    ReviewState.CALL_BACK,
    ReviewState.CONTESTED,
    ReviewState.CLOSED,
)
_WITH = ("case", "ticket", "queue_ticket", "hall", "organisation")


@dataclass(frozen=True, slots=True)
class ReviewPage:
    """A page of a list; ``after`` is the mark of the next page, "" at the end."""

    rows: tuple[ReviewLine, ...]
    after: str


def _page(rows: QuerySet[Review], state: ReviewState, after: str, now: datetime) -> ReviewPage:
    """Return one page by key: open ones soonest due first, closed ones newest first."""
    bad = rows.filter(state=state, grade__lte=Grade.BAD).select_related(*_WITH)
    moment, number = _mark(after)
    if state is ReviewState.CLOSED:
        found = list((bad.filter(pk__lt=number) if number else bad).order_by("-id")[: PAGE + 1])
    else:
        behind = Q(step_due_at__gt=moment) | Q(step_due_at=moment, pk__gt=number)
        found = list((bad.filter(behind) if number else bad).order_by("step_due_at", "id")[: PAGE + 1])
    lines = tuple(line_of(one, now) for one in found[:PAGE])
    return ReviewPage(lines, _mark_of(found[PAGE - 1]) if len(found) > PAGE else "")


def _mark_of(review: Review) -> str:
    return f"{review.step_due_at.isoformat() if review.step_due_at else ''}_{review.pk}"


def _mark(after: str) -> tuple[datetime | None, int]:
    """Return due moment and row of the last line seen; (None, 0) is the beginning."""
    moment, _, number = after.rpartition("_")
    try:
        return (datetime.fromisoformat(moment) if moment else None), int(number)
    except ValueError:
        return None, 0


def unit_reviews(viewer: Viewer, state: ReviewState, *, now: datetime, after: str = "") -> ReviewPage:
    """Return the bad reviews of the viewer's organisation in one state."""
    return _page(at_unit(viewer), state, after, now)


def region_reviews(viewer: Viewer, state: ReviewState, *, now: datetime, after: str = "") -> ReviewPage:
    """Return the bad reviews of the region of hotline or reform office in one state."""
    return _page(at_supervisor(viewer), state, after, now)


def counts(viewer: Viewer, *, ours: bool) -> dict[ReviewState, int]:
    """Return how many bad reviews stand in each state, of the own organisation or of the region."""
    rows = at_unit(viewer) if ours else at_supervisor(viewer)
    found = dict(rows.filter(grade__lte=Grade.BAD).values_list("state").annotate(Count("pk")))
    return {state: found.get(state.value, 0) for state in UNIT_TABS}


def desk_view(viewer: Viewer, review_id: UUID, *, now: datetime) -> DeskReview:
    """Return one review for unit or supervisor, the contact masked. Raises Review.DoesNotExist for all others."""
    review = at_desk(viewer).select_related(*_WITH, "party", "opened_ticket").get(public_id=review_id)
    return desk_review(
        review,
        now,
        is_ours=review.organisation_id == viewer.organisation_id,
        supervises=at_supervisor(viewer).filter(pk=review.pk).exists(),
        contact=moves.contact_of(review),
    )


def step(viewer: Viewer, key: str, *, now: datetime) -> Step:
    """Return the second step of the review a key opens. Raises Review.DoesNotExist."""
    review = Review.objects.select_related(*_WITH).get(public_id=reviewed_by_key(key))
    return Step(
        public_id=review.public_id,
        title=title_of(review),
        unit=unit_of(review),
        grade=Grade(review.grade),
        tags=tuple(review.tags),
        named=review.named,
        may_name=review.may_name,
        has_account_phone=account_can_be_called(review, viewer),
        open=may_detail(review, now),
        state=ReviewState(review.state),
        ticket_opened=review.opened_ticket_id is not None,
        called_within=limits_for(review.desk_code, now).row("review_contact").period.words,
        is_own=review.party_id is not None and review.party_id == viewer.party_id,
    )


def own_view(viewer: Viewer, review_id: UUID) -> OwnReview:
    """Return one's own review. Raises Review.DoesNotExist for anybody else's and for those without a name."""
    review = own(viewer).select_related(*_WITH, "opened_ticket").get(public_id=review_id)
    return own_review(review, key_of(review))


@dataclass(frozen=True, slots=True)
class CaseReview:
    """Whether something closed was reviewed; grade and ``public_id`` only of a review under one's own name."""

    given: bool
    grade: Grade | None = None
    public_id: UUID | None = None


def of_cases(viewer: Viewer, application_id: UUID) -> dict[UUID, CaseReview]:
    """Return the closed cases of one's own application with their reviews."""
    mine = own_applications(viewer).filter(public_id=application_id)
    rows = Case.objects.filter(application__in=mine, closed_at__isnull=False).select_related("review")
    return {case.public_id: _case_review(viewer, getattr(case, "review", None)) for case in rows}


def _case_review(viewer: Viewer, review: Review | None) -> CaseReview:
    if review is None:
        return CaseReview(given=False)
    mine = review.party_id is not None and review.party_id == viewer.party_id
    # Without a name nobody reads the grade again: not on a page that a family or a company shares either.
    return CaseReview(True, Grade(review.grade), review.public_id) if mine else CaseReview(given=True)


def of_ticket(viewer: Viewer, reference: str) -> CaseReview:
    """Return the review of a ticket the caller has read already (by account, or with its follow code)."""
    review = Review.objects.filter(ticket__reference=reference).first()
    return _case_review(viewer, review)


def own_case_title(viewer: Viewer, case_id: UUID) -> Words:
    """Return the name of one's own closed case that has no review. Raises Case.DoesNotExist."""
    rows = Case.objects.filter(application__in=own_applications(viewer), closed_at__isnull=False, review=None)
    case = rows.get(public_id=case_id)
    return Words(case.name, case.name_en)


def unreviewed_cases(viewer: Viewer, *, limit: int = 6) -> list[tuple[UUID, Words]]:
    """Return one's own closed cases without a review, newest first."""
    rows = Case.objects.filter(application__in=own_applications(viewer), closed_at__isnull=False, review=None)
    return [(one.public_id, Words(one.name, one.name_en)) for one in rows.order_by("-closed_at")[:limit]]


@dataclass(frozen=True, slots=True)
class VisitView:
    """A queue ticket as its holder sees it, and whether it may be reviewed now."""

    ticket: TicketView
    may_review: bool


def visit_by_code(code: str, *, now: datetime) -> VisitView:
    """Return the queue ticket with this code; the code is the key. Raises QueueTicket.DoesNotExist."""
    ticket = halls.ticket_by_code(code, now=now)
    fresh = ticket.was_served_today and not Review.objects.filter(queue_ticket__code=code).exists()
    return VisitView(ticket, fresh)


def last_unreviewed(viewer: Viewer, *, now: datetime) -> TicketView | None:
    """Return whom the clerk has served last today, if that visit has no review yet, for the second screen."""
    ticket = halls.last_served(viewer, now=now)
    return ticket if ticket and visit_by_code(ticket.code, now=now).may_review else None


@dataclass(frozen=True, slots=True)
class FaceCounts:
    """How often each face (3 content, 2 so-so, 1 not content) and each reason was given."""

    faces: Mapping[int, int]
    tags: Mapping[str, int]

    @property
    def total(self) -> int:
        """How many reviews there were."""
        return sum(self.faces.values())


def counts_of_hall(viewer: Viewer, *, first: date, last: date) -> FaceCounts:
    """Return the counts of the clerk's hall between two days: counts alone, so that nobody's review is read."""
    rows = Review.objects.filter(hall_id=own_hall_id(viewer), given_at__date__range=(first, last))
    faces, tags = Counter[int](), Counter[str]()
    for grade, given in rows.values_list("grade", "tags"):
        faces[Grade(grade).face.value] += 1
        tags.update(given)
    return FaceCounts(faces, tags)
