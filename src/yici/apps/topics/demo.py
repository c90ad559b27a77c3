"""Shows topics in the demo: invented calls of one county, found by the real sweep; each is marked as invented."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random
from typing import NamedTuple

from django.db import transaction
from django.utils import timezone

from yici.apps.people.models import Account
from yici.apps.people.viewers import Viewer, viewer_of
from yici.apps.tickets import actions as tickets
from yici.apps.topics.finding import find_topics
from yici.apps.topics.models import TopicVoice
from yici.apps.topics.weeks import WEEK, last_whole_week
from yici.rules.tickets import TicketChannel, TicketKind
from yici.rules.voices import Voice

COUNTY, OPERATOR = "330122000000", "hotline.330122"
TOLD, ANSWER = "【演示】", "【演示】已登记并转告主管部门，感谢反映。"
WEEKS = 12


class _Call(NamedTuple):
    subject: str
    detail: str
    item: str = ""
    category: str = ""


# What is said every week, and two things that are not.
USUAL = (
    _Call("路灯坏了不亮", "小区门口的路灯坏了好几天，晚上一片漆黑，请派人修理路灯。"),
    _Call("公交车班次太少", "早上上班等公交车要四十分钟，请增加公交班次，方便出行。"),
    _Call("垃圾没有及时清运", "楼下垃圾桶已经堆满，几天没有清运垃圾，味道很大。"),
)
NOISE = (
    _Call("搅拌站夜间噪声扰民", "城东搅拌站夜里两点还在作业，噪声很大，整夜无法入睡。", "", "environment.noise"),
    _Call("城东搅拌站夜里太吵", "城东搅拌站夜间作业噪声扰民，孩子老人都无法入睡，请管管。", "", "environment.noise"),
)
FORM = (
    _Call(
        "入园健康检查表只认一家医院",
        "给孩子报名幼儿园，入园健康检查表只认县里一家医院开的，排队三天。",
        "kindergarten_enrolment",
    ),
    _Call(
        "健康检查表为什么不能共享", "孩子上个月刚体检过，登记幼儿园还要重新填入园健康检查表。", "kindergarten_enrolment"
    ),
    _Call("幼儿园报名材料咨询", "幼儿园登记时入园健康检查表一定要原件吗，外地开的行不行？", "kindergarten_enrolment"),
)
# Calls in each of the last weeks, the judged one last.
NOISE_WEEKS, FORM_WEEKS = (2, 13), (3, 7, 12)


@transaction.atomic
def load(now: datetime) -> None:
    """File the calls of twelve weeks, answer each at once, and sweep; people are loaded before. Again is harmless."""
    if TopicVoice.objects.exists():
        return
    operator = viewer_of(Account.objects.get(login=OPERATOR))
    for number, (call, at) in enumerate(sorted(_calls(now), key=lambda one: one[1])):
        _file(number, call, at, operator)
    find_topics(now=now)


def _calls(now: datetime) -> Iterator[tuple[_Call, datetime]]:
    chance, last = Random("topics"), last_whole_week(now)
    monday = datetime(last.year, last.month, last.day, 9, tzinfo=timezone.get_default_timezone())
    for back in range(WEEKS):
        begun = monday - WEEK * back
        for call in USUAL:
            for _ in range(chance.choice((0, 1, 1, 2))):
                yield call, begun + timedelta(days=chance.randrange(5), minutes=chance.randrange(400))
        for calls, weeks in ((NOISE, NOISE_WEEKS), (FORM, FORM_WEEKS)):
            for number in range(weeks[-1 - back] if back < len(weeks) else 0):
                at = begun + timedelta(days=number % 5, minutes=chance.randrange(400))
                yield calls[number % len(calls)], at


def _file(number: int, call: _Call, at: datetime, operator: Viewer) -> None:
    voice = Voice(
        kind=TicketKind.COMPLAINT,
        channel=TicketChannel.PHONE,
        region_code=COUNTY,
        subject=TOLD + call.subject,
        detail=TOLD + call.detail,
        contact_name="演示市民",
        contact_phone=f"139{10_000_000 + number}",
        item_key=call.item,
    )
    made = tickets.file(voice=voice, by=operator, now=at)
    if call.category:
        key = made.public_id
        tickets.triage(ticket_id=key, category_key=call.category, kind=None, urgency=None, by=operator, now=at)
    tickets.answer_at_once(ticket_id=made.public_id, text=ANSWER, by=operator, now=at + timedelta(minutes=5))
