"""Ways in without an account: a link or QR code that works once, and what somebody says on the phone."""

import hashlib
from datetime import datetime, timedelta
from secrets import token_urlsafe

from django.db import transaction
from django.db.models import QuerySet

from yici.apps.cases.models import Case
from yici.apps.journal import actions as journal
from yici.apps.people.viewers import Viewer
from yici.apps.reviews import moves
from yici.apps.reviews.giving import Detail, Given, create, key_of, name_it
from yici.apps.reviews.models import Invitation
from yici.apps.reviews.subjects import Subject, of_case, of_ticket
from yici.apps.tickets.jurisdiction import at_centre
from yici.apps.tickets.limits import limits_for
from yici.apps.tickets.models import Ticket
from yici.rules.people import Role
from yici.rules.review_acts import ReviewAct
from yici.rules.reviews import LINK_CHANNELS, CannotReview, Grade, ReviewChannel, check_text, first_grade, kept_tags

SECRET_BYTES = 18


def hash_of(secret: str) -> str:
    """Return what is kept of a link's secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


@transaction.atomic
def invite(*, number: str, channel: ReviewChannel, by: Viewer, now: datetime) -> str:
    """Return the secret of a link to review a closed case or an answered ticket, by its number; shown only now.

    Raises CannotReview for what is open, reviewed, or not in the operator's region.
    """
    case, ticket = _subject_rows(by, number)
    subject = of_case(case) if case else of_ticket(_there(ticket))
    create(subject, Grade.FAIR, channel, now)  # refuses what cannot be reviewed; nothing is saved
    secret = token_urlsafe(SECRET_BYTES)
    days = limits_for(subject.region.code, now).row("review_link").value
    made = Invitation.objects.create(
        secret_hash=hash_of(secret),
        channel=channel if channel in LINK_CHANNELS else ReviewChannel.QR,
        case=case,
        ticket=ticket,
        made_at=now,
        made_by=by.label,
        expires_at=now + timedelta(days=days),
    )
    journal.record("review.invited", subject=str(made), by=by.label, now=now, facts={"kind": str(subject.kind)})
    return secret


def _there(ticket: Ticket | None) -> Ticket:
    if ticket is None:
        raise CannotReview(
            zh="本辖区没有这个编号的办件或工单。请核对编号。",
            en="No case or ticket of this region has this number. Check it.",
        )
    return ticket


def _subject_rows(by: Viewer, number: str) -> tuple[Case | None, Ticket | None]:
    """Return the case or ticket of a number in the region of an operator, locked."""
    text = number.strip().upper()
    if not (by.has_role(Role.HOTLINE) and by.region_path):
        return None, None
    cases = Case.objects.select_for_update(of=("self",)).select_related("application__region", "organisation")
    case = cases.filter(code=text, application__region__path__startswith=by.region_path).first()
    if case is not None:
        return case, None
    tickets = Ticket.objects.select_for_update(of=("self",)).select_related("region", "leader", "organisation")
    seen = at_centre(by).filter(reference=text).values("pk")
    return None, tickets.filter(pk__in=seen).first()


def invited(secret: str, *, now: datetime) -> Subject:
    """Return what a link is for. Raises Invitation.DoesNotExist once it is used, over or forged."""
    return _subject_of(_open(secret, now, Invitation.objects.all().select_related("case", "ticket")))


def _open(secret: str, now: datetime, rows: QuerySet[Invitation]) -> Invitation:
    return rows.get(secret_hash=hash_of(secret), used_at=None, expires_at__gt=now)


def _subject_of(link: Invitation) -> Subject:
    return of_case(link.case) if link.case else of_ticket(_there(link.ticket))


@transaction.atomic
def give_by_link(*, secret: str, face: int, now: datetime) -> Given:
    """Review by a link, once and without signing in. Raises Invitation.DoesNotExist, CannotReview."""
    link = _open(secret, now, Invitation.objects.select_for_update())
    subject = _subject_of(link)
    review = create(subject, first_grade(face), ReviewChannel(link.channel), now)
    link.used_at = now
    link.save(update_fields=["used_at"])
    facts: dict[str, object] = {"kind": review.kind, "grade": review.grade, "channel": review.channel}
    moves.keep(review, ReviewAct.GIVE, "review.given", moves.Hand("person", "", now), facts=facts)
    return Given(review.public_id, key_of(review))


@transaction.atomic
def enter(*, number: str, detail: Detail, by: Viewer, now: datetime) -> Given:
    """Write down what somebody said on the phone; an operator never for his own organisation. Raises CannotReview."""
    case, ticket = _subject_rows(by, number)
    subject = of_case(case) if case else of_ticket(_there(ticket))
    if subject.organisation_id == by.organisation_id:
        raise CannotReview(
            zh="不能代录对本单位的评价。请发送评价链接，由本人评价。",
            en="Nobody enters a review of his own organisation: send the person a link instead.",
        )
    if detail.grade not in set(Grade):
        raise CannotReview(zh="请选择一个等级。", en="Choose one of the five grades.")
    named = detail.named and subject.may_name
    review = create(subject, Grade(detail.grade), ReviewChannel.PHONE, now, named=named)
    review.tags, review.text, review.entered_by = kept_tags(detail.tags), check_text(detail.text), by.label
    name_it(review, detail, by)
    review.detailed_at = now
    facts: dict[str, object] = {"kind": review.kind, "grade": review.grade, "channel": review.channel}
    moves.keep(review, ReviewAct.GIVE, "review.given", moves.hand_of(by, now), facts=facts)
    return Given(review.public_id, "")
