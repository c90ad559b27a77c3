"""Shows reviews in the demo: of visits to the halls, and of tickets of one county; invented, like everybody there."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from django.db import transaction

from yici.apps.halls.models import QueueTicket
from yici.apps.people.models import Account, Staff
from yici.apps.people.viewers import Viewer, viewer_of
from yici.apps.places.models import Organisation
from yici.apps.reviews import giving, handling, moves
from yici.apps.reviews.giving import Detail, create
from yici.apps.reviews.models import Review
from yici.apps.reviews.subjects import of_visit
from yici.apps.tickets import actions as tickets
from yici.apps.tickets.actions import Links, Outcome
from yici.rules.queues import TicketState as QueueState
from yici.rules.review_acts import Ground, Handling, ReviewAct
from yici.rules.reviews import BAD_TAGS, Grade, ReviewChannel
from yici.rules.tickets import TicketChannel, TicketKind
from yici.rules.voices import Voice

COUNTY, UNIT = "330122000000", ("ecology", "ecology.330122.reviewer")
OPERATOR, COLLEAGUE, PERSON = "hotline.330122", "hotline.330000", "linxiao"
TOLD = "【演示】"
OLD = timedelta(days=3)
ASKED = (
    "河边夜里有异味", "工地扬尘大", "餐馆油烟直排", "想知道怎样申请排污登记", "夜里施工太吵", "垃圾站有臭味",
    "池塘水发黑", "锅炉冒黑烟", "想查自己小区的空气数据", "洗车场污水流到路上", "养鸡场气味重",
    "广场音响太响", "废旧电池去哪里交", "屋顶能不能装光伏",
)  # fmt: skip
# The grade that follows each of them, and the last two are left for the visitor to review.
GRADES = (5, 4, 5, 5, 3, 4, 5, 5, 4, 1, 2, 2)


@dataclass(frozen=True, slots=True)
class _People:
    """Who takes part in the demo's tickets."""

    person: Viewer
    operator: Viewer
    colleague: Viewer
    clerk: Viewer
    unit: Organisation


@transaction.atomic
def load(now: datetime) -> None:
    """Load reviews; halls and people are loaded before. Again is harmless."""
    if Review.objects.exists():
        return
    _visits(now)
    _tickets(now)


def _visits(now: datetime) -> None:
    """Let four of ten say how it was at the window, most of them content."""
    chance = Random("reviews")
    served = QueueTicket.objects.filter(state=QueueState.DONE, finished_at__lt=now, clerk__isnull=False)
    for ticket in served.select_related("hall__region", "clerk__organisation").order_by("pk"):
        if chance.random() < 0.4:
            _visit(ticket, chance, now)


def _visit(ticket: QueueTicket, chance: Random, now: datetime) -> None:
    grade = chance.choices((Grade.VERY_GOOD, Grade.GOOD, Grade.FAIR, Grade.BAD), (9, 8, 4, 1))[0]
    tags = chance.sample(("slow", "unclear") if grade <= Grade.FAIR else ("fast", "clear", "kind"), k=1)
    at = ticket.finished_at or ticket.joined_at
    review = create(of_visit(ticket), grade, ReviewChannel.TABLET, at, tags=tags)
    facts: dict[str, object] = {"kind": review.kind, "grade": review.grade, "channel": review.channel}
    moves.keep(review, ReviewAct.GIVE, "review.given", moves.Hand("person", "", at), facts=facts)
    if grade.is_bad and ticket.clerk and now - at > OLD:
        _put_right(review, ticket.clerk, at)


def _put_right(review: Review, clerk: Staff, at: datetime) -> None:
    """Let the hall have put right what is older than a few days: the demo's board is not red all over."""
    by = viewer_of(Account.objects.get(staff=clerk))
    key, text = review.public_id, TOLD + "已增开窗口并提醒工作人员。"
    handling.rectify(review_id=key, handling=Handling.FIXED, text=text, by=by, now=at + timedelta(days=1))


def _viewer(login: str) -> Viewer:
    return viewer_of(Account.objects.get(login=login))


def _tickets(now: datetime) -> None:
    body = Organisation.objects.get(kind=UNIT[0], region__code=COUNTY)
    people = _People(_viewer(PERSON), _viewer(OPERATOR), _viewer(COLLEAGUE), _viewer(UNIT[1]), body)
    for number, reference in enumerate(_answered(people, now)):
        if number < len(GRADES):
            at = now - timedelta(hours=_hours_ago(number))
            _review(people, reference, Grade(GRADES[number]), at)


def _hours_ago(number: int) -> int:
    """Return when the review of a ticket was given; the last two, bad ones, are of yesterday and of today."""
    return {len(GRADES) - 1: 2, len(GRADES) - 2: 24}.get(number, 24 * (30 - 2 * number))


def _answered(people: _People, now: datetime) -> Iterator[str]:
    """File, dispatch, handle and answer each ticket, and ask the person; yields the references."""
    for number, subject in enumerate(ASKED):
        at = now - timedelta(hours=_hours_ago(min(number, len(GRADES) - 1)) + 30)
        voice = Voice(
            kind=TicketKind.COMPLAINT,
            channel=TicketChannel.PHONE,
            region_code=COUNTY,
            subject=TOLD + subject,
            detail=TOLD + subject + "，请核实处理。",
            contact_name="演示市民",
            contact_phone="13900000000",
        )
        links = Links(party_id=people.person.party_public_id)
        made = tickets.file(voice=voice, by=people.operator, now=at, links=links)
        _handle(people, made, at)
        yield made.reference


def _handle(people: _People, made: tickets.Filed, at: datetime) -> None:
    key = made.public_id
    tickets.dispatch(ticket_id=key, organisation_id=people.unit.public_id, by=people.operator, now=at)
    tickets.sign(ticket_id=key, by=people.clerk, now=at)
    tickets.record_contact(ticket_id=key, note=TOLD + "已电话联系", by=people.clerk, now=at)
    tickets.reply(ticket_id=key, text=TOLD + "已到现场核实并督促整改。", by=people.clerk, now=at)
    tickets.review_reply(ticket_id=key, approve=True, note="", by=people.colleague, now=at)
    outcome = Outcome(satisfied=True, solved=True, words="")
    tickets.record_follow_up(ticket_id=key, outcome=outcome, by=people.colleague, now=at)


def _review(people: _People, reference: str, grade: Grade, at: datetime) -> None:
    given = giving.give_for_ticket(
        reference=reference,
        follow_code="",
        face=grade.face,
        unnamed=not grade.is_bad,
        channel=ReviewChannel.PORTAL,
        by=people.person,
        now=at,
    )
    bad = grade.is_bad
    tags, text = ([BAD_TAGS[0]], TOLD + "等了很久才有人来看。") if bad else ([], "")
    detail = Detail(grade=grade, tags=tags, text=text, named=bad)
    giving.add_detail(key=given.key, detail=detail, by=people.person, now=at)
    if grade is Grade.VERY_BAD:
        _handled(people, given, at)
    elif bad and _is_first_bad(people):
        reason = TOLD + "记录显示当天已到现场。"
        handling.contest(review_id=given.public_id, ground=Ground.MISTAKEN, reason=reason, by=people.clerk, now=at)


def _is_first_bad(people: _People) -> bool:
    """Whether this is the one bad review that the unit contests."""
    return Review.objects.filter(organisation=people.unit, grade=Grade.BAD).count() == 1


def _handled(people: _People, given: giving.Given, at: datetime) -> None:
    """Contact, rectify, call back: one bad review that went the whole way, with its excerpt."""
    key, by = given.public_id, people.clerk
    handling.contact(review_id=key, reached=True, note=TOLD + "已致歉并说明", by=by, now=at)
    answer = TOLD + "已安排专人值守，两小时内到场。"
    handling.rectify(review_id=key, handling=Handling.FIXED, text=answer, by=by, now=at)
    handling.call_back(review_id=key, reached=True, satisfied=True, note="", by=people.operator, now=at)
    handling.publish_excerpt(review_id=key, excerpt="等了很久才有人来看。", by=people.operator, now=at)
