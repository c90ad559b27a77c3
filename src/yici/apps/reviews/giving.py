"""A review is given: three faces first, then perhaps a little more, by whatever way, once for each thing done."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.core import signing
from django.db import transaction
from django.utils import timezone

from yici.apps.cases.applicant_acts import own_applications
from yici.apps.cases.models import Case
from yici.apps.halls.models import QueueTicket
from yici.apps.people.models import Party
from yici.apps.people.viewers import ANONYMOUS, Viewer
from yici.apps.reviews import moves
from yici.apps.reviews.models import Review
from yici.apps.reviews.subjects import Subject, of_case, of_ticket, of_visit
from yici.apps.tickets.filing import desk_of, follow_hash, plain_phone
from yici.apps.tickets.jurisdiction import own as own_tickets
from yici.apps.tickets.limits import limits_for
from yici.apps.tickets.models import Ticket
from yici.rules.review_acts import ReviewAct, ReviewState, begin
from yici.rules.reviews import (
    LINK_CHANNELS,
    CannotReview,
    Grade,
    ReviewChannel,
    SubjectKind,
    check_text,
    first_grade,
    kept_tags,
)

SALT = "review detail"
FEWEST_DIGITS = 7


@dataclass(frozen=True, slots=True)
class Given:
    """A review just given: its public id, and the key by which whoever gave it may say more, for a day."""

    public_id: UUID
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Detail:
    """The short second step: the exact grade, reasons, words, and a name and number if the person wants a call."""

    grade: int
    tags: Sequence[str] = ()
    text: str = ""
    named: bool = False
    name: str = ""
    phone: str = ""


@transaction.atomic
def give_for_case(
    *,
    case_id: UUID,
    face: int,
    unnamed: bool,
    tags: Sequence[str] = (),
    channel: ReviewChannel,
    by: Viewer,
    now: datetime,
) -> Given:
    """Review one's own closed case. Raises Case.DoesNotExist for anybody else's, CannotReview."""
    rows = Case.objects.select_for_update(of=("self",)).select_related("application__region", "organisation")
    case = rows.get(public_id=case_id, application__in=own_applications(by))
    return _give(of_case(case), first_grade(face), channel, now, name=_name_of(by, unnamed), tags=tags)


@transaction.atomic
def give_for_ticket(
    *, reference: str, follow_code: str, face: int, unnamed: bool, channel: ReviewChannel, by: Viewer, now: datetime
) -> Given:
    """Review one's own answered ticket: by account, or by reference and code. Raises Ticket.DoesNotExist."""
    rows = Ticket.objects.select_for_update(of=("self",)).select_related("region", "leader", "organisation")
    if follow_code:
        ticket = rows.get(reference=reference, follow_hash=follow_hash(reference, follow_code))
    else:
        ticket = rows.get(reference=reference, pk__in=own_tickets(by).values("pk"))
    return _give(of_ticket(ticket), first_grade(face), channel, now, name=_name_of(by, unnamed))


@transaction.atomic
def give_for_visit(*, code: str, face: int, tags: Sequence[str], channel: ReviewChannel, now: datetime) -> Given:
    """Review a visit by the code of its queue ticket, on the same day and without a name. Raises DoesNotExist."""
    ticket = (
        QueueTicket.objects.select_for_update(of=("self",))
        .select_related("hall__region", "clerk__organisation")
        .get(code=code)
    )
    if ticket.day != timezone.localdate(now):
        raise CannotReview(
            zh="只有当天办结的号可以在这里评价。之后请到“我的办件”评价。",
            en="Only a number that was served today takes feedback here. Later, use your applications.",
        )
    return _give(of_visit(ticket), first_grade(face), channel, now, tags=tags)


def _name_of(by: Viewer, unnamed: bool) -> Viewer | None:
    """Return under whose name: one's own, if it can be called; never the name of somebody acted for."""
    if unnamed or by.party_id is None or by.acting_for_id is not None:
        return None
    return by if Party.objects.filter(pk=by.party_id, phone__isnull=False).exists() else None


def _give(
    subject: Subject,
    grade: Grade,
    channel: ReviewChannel,
    now: datetime,
    *,
    name: Viewer | None = None,
    tags: Sequence[str] = (),
) -> Given:
    """Keep a review of a locked subject, once. Raises CannotReview."""
    review = create(subject, grade, channel, now, named_by=name if subject.may_name else None, tags=tags)
    hand = moves.Hand("person", "", now)
    facts: dict[str, object] = {"kind": review.kind, "grade": review.grade, "channel": review.channel}
    moves.keep(review, ReviewAct.GIVE, "review.given", hand, facts=facts)
    return Given(review.public_id, key_of(review))


def create(
    subject: Subject,
    grade: Grade,
    channel: ReviewChannel,
    now: datetime,
    *,
    named_by: Viewer | None = None,
    named: bool = False,
    tags: Sequence[str] = (),
) -> Review:
    """Return a new review, not saved yet. Raises CannotReview for a second one, or too late."""
    column = {SubjectKind.CASE: "case_id", SubjectKind.TICKET: "ticket_id", SubjectKind.QUEUE: "queue_ticket_id"}
    link = {column[subject.kind]: subject.key}
    if Review.objects.filter(**link).exists():
        raise CannotReview(zh="已经评价过了，谢谢您。", en="It was reviewed already. Thank you.")
    desk = desk_of(subject.region.code)
    if now >= subject.finished_at + timedelta(days=limits_for(desk, now).row("review_open").value):
        raise CannotReview(
            zh="评价期已过。如有意见，请在“提诉求”中告诉我们。",
            en="The time to review is over. Raise a ticket instead.",
        )
    review = Review(
        **link,
        kind=subject.kind,
        finished_at=subject.finished_at,
        region=subject.region,
        desk_code=desk,
        organisation_id=subject.organisation_id,
        staff_id=subject.staff_id,
        hall_id=subject.hall_id,
        item_key=subject.item_key,
        may_name=subject.may_name,
        channel=channel,
        grade=grade,
        tags=kept_tags(tags),
        party_id=named_by.party_id if named_by else None,
        given_at=now,
        state=ReviewState.SETTLED,
    )
    moves.apply(review, begin(grade, named=named or named_by is not None), now)
    return review


def key_of(review: Review) -> str:
    """Return the key of the second step: signed, so that only whoever gave the review can say more."""
    return signing.dumps(str(review.public_id), salt=SALT, compress=False)


def reviewed_by_key(key: str) -> UUID:
    """Return the review a key opens. Raises Review.DoesNotExist for a forged or foreign key."""
    try:
        return UUID(signing.loads(key, salt=SALT))
    except (signing.BadSignature, ValueError) as forged:
        raise Review.DoesNotExist from forged


def may_detail(review: Review, now: datetime) -> bool:
    """Whether more may still be said: once, within its hours, before anybody has acted on it."""
    hours = limits_for(review.desk_code, now).row("review_detail").value
    untouched = review.attempts == 0 and review.contested_at is None and review.handled_at is None
    begun = review.state == begin(Grade(review.grade), named=review.named).state
    return review.detailed_at is None and untouched and begun and now < review.given_at + timedelta(hours=hours)


@transaction.atomic
def add_detail(*, key: str, detail: Detail, by: Viewer = ANONYMOUS, now: datetime) -> UUID:
    """Say more about one's review; the grade may still be put right. Raises CannotReview, Review.DoesNotExist."""
    review = moves.locked(Review.objects.all(), reviewed_by_key(key))
    if not may_detail(review, now):
        raise CannotReview(
            zh="这条评价已经补充过，或已经开始处理，不能再改。如有新情况，请提诉求。",
            en="More was said already, or it is being handled. Raise a ticket if there is anything new.",
        )
    _say(review, detail, by, now)
    review.detailed_at = now
    facts: dict[str, object] = {"grade": review.grade, "named": review.named}
    moves.keep(review, ReviewAct.DETAIL, "review.detailed", moves.Hand("person", "", now), facts=facts)
    return review.public_id


def _say(review: Review, detail: Detail, by: Viewer, now: datetime) -> None:
    if detail.grade not in set(Grade):
        raise CannotReview(zh="请选择一个等级。", en="Choose one of the five grades.")
    review.grade, review.tags, review.text = detail.grade, kept_tags(detail.tags), check_text(detail.text)
    name_it(review, detail, by)
    moves.apply(review, begin(Grade(detail.grade), named=review.named), now)
    if review.state != ReviewState.TO_CONTACT:
        review.contact_due_at = None  # nobody waits for a call any more


def _speaks_for_himself(review: Review, by: Viewer) -> bool:
    """Whether the account in use is that of who gives the review: not behind a link, not for somebody else."""
    return not by.is_staff and by.acting_for_id is None and review.channel not in LINK_CHANNELS


def account_can_be_called(review: Review, by: Viewer) -> bool:
    """Whether the number of the account will do, so that none need be typed."""
    own = by.party_id if _speaks_for_himself(review, by) else None
    return own is not None and Party.objects.filter(pk=own, phone__isnull=False).exists()


def name_it(review: Review, detail: Detail, by: Viewer) -> None:
    """Put the name beside a review, or take it away. Raises CannotReview without a number to call."""
    named = detail.named and review.may_name
    phone = plain_phone(detail.phone)
    own = by.party_id if named and _speaks_for_himself(review, by) else None
    if named and sum(one.isdecimal() for one in phone) < FEWEST_DIGITS and not account_can_be_called(review, by):
        raise CannotReview(
            zh="实名评价请留下联系电话，便于承办单位联系您；也可以选择匿名。",
            en="With your name, leave a phone number so that the office can call you; or stay without a name.",
        )
    review.named, review.party_id = named, own
    review.contact_name = detail.name.strip()[:80] if named else ""
    review.contact_phone = phone if named else ""
