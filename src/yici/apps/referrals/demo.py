"""Gives the demo some referrals to look at: invented, made by the real actions, each marked as an example."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from yici.apps.people.models import Account
from yici.apps.people.viewers import Viewer, viewer_of
from yici.apps.places.models import Organisation
from yici.apps.referrals import actions, stations
from yici.apps.referrals.models import DeputySubmission, Referral
from yici.apps.referrals.origins import burdens_of
from yici.apps.referrals.stations import Collected
from yici.rules.clock_courses import local_day
from yici.rules.referrals import Content, Path, ReferralKind

_STATION, _COUNTY, _PROVINCE, _CENTRE = "station.330122001", "congress.330122", "congress.330000", "upward.330000"


@dataclass(frozen=True, slots=True)
class _Story:
    """One submission, how many days ago it was filed, and how far its referral has come."""

    days: int
    subject: str
    detail: str
    voices: int
    item: str
    burden: str
    kind: ReferralKind
    problem: str
    wording: str
    unit: str = ""
    committee: str = ""
    answer: str = ""
    article: str = ""
    path: Path | None = None


_STORIES = (
    _Story(
        150,
        "（示例）结婚登记必须双方同时到场",
        "外出务工的居民说，两个人请假同时回来很难，希望可以分开到场确认。",
        23,
        "marriage_registration",
        "both_in_person",
        ReferralKind.UPWARD,
        "（示例）双方须同时到场，外出务工的居民往返困难，成为跑一次的主要原因。",
        "（示例）允许双方分别在就近的登记机关到场确认。",
        committee="婚姻登记专项",
        path=Path.EVALUATION,
    ),
    _Story(
        120,
        "（示例）生育登记要带户口簿原件",
        "居民说户口信息政府都有，还要带户口簿原件。",
        41,
        "fertility_registration",
        "household_page",
        ReferralKind.DEPUTY_SUGGESTION,
        "（示例）户口信息已经可以查询，仍要求出示户口簿，群众多跑一趟。",
        "（示例）删去户口簿的要求，改为部门查询户口信息。",
        unit="health",
        committee="教育科学文化卫生委员会",
        answer="（示例）建议合理，已列入修改计划，修改前先以数据查询代替。",
        article="《浙江省人口与计划生育条例》第十八条",
    ),
    _Story(
        20,
        "（示例）小餐饮登记要画经营场所平面图",
        "店主说几平方米的店也要请人画平面图。",
        9,
        "small_catering_registration",
        "floor_plan",
        ReferralKind.LEGISLATION,
        "（示例）小店画平面图要花钱请人，登记机关现场也要看，图纸意义不大。",
        "（示例）第九条增加：面积五十平方米以下的，可以用照片代替平面图。",
    ),
)


def load(now: datetime) -> None:
    """Load them; people, places and the catalogue are loaded before. Again is harmless."""
    logins = (_STATION, _COUNTY, _PROVINCE, _CENTRE)
    accounts = {one.login: one for one in Account.objects.filter(login__in=logins)}
    if DeputySubmission.objects.exists() or len(accounts) < len(logins):
        return
    hands = {login: viewer_of(account) for login, account in accounts.items()}
    for story in _STORIES:
        _tell(story, hands, now - timedelta(days=story.days))
    stations.file(collected=_collected(_WAITING, now), by=hands[_STATION], now=now)


_WAITING = _Story(
    0,
    "（示例）公交优惠卡要交纸质照片",
    "家长说学校已经有电子照片。",
    6,
    "student_bus_card",
    "",
    ReferralKind.UPWARD,
    "",
    "",
)


def _collected(story: _Story, at: datetime) -> Collected:
    return Collected(
        deputy="示例代表",
        subject=story.subject,
        detail=f"（示例）{story.detail}",
        voices=story.voices,
        collected_on=local_day(at),
        item_key=story.item,
    )


def _tell(story: _Story, hands: dict[str, Viewer], at: datetime) -> None:
    if story.burden not in {one.key for one in burdens_of(story.item)}:
        return  # the catalogue asks for it no longer
    filed = stations.file(collected=_collected(story, at), by=hands[_STATION], now=at)
    row = stations.refer_submission(
        submission_id=filed,
        burden=story.burden,
        kind=story.kind,
        content=Content(problem=story.problem, wording=story.wording, path=story.path),
        by=hands[_COUNTY],
        now=at,
    )
    actions.send(referral_id=row.public_id, by=hands[_COUNTY], now=at)
    if story.committee:
        desk = hands[_CENTRE] if row.seat_id is None else hands[_PROVINCE]
        _handle(story, row, desk, at + timedelta(days=3))
    if story.answer:
        actions.accept(referral_id=row.public_id, by=hands[_COUNTY], now=at + timedelta(days=45))


def _handle(story: _Story, row: Referral, desk: Viewer, at: datetime) -> None:
    actions.register(referral_id=row.public_id, by=desk, now=at)
    unit = _unit(row, story.unit)
    actions.assign(referral_id=row.public_id, unit_id=unit, committee=story.committee, by=desk, now=at)
    if story.answer:
        answered = at + timedelta(days=40)
        actions.answer(referral_id=row.public_id, words=story.answer, article=story.article, by=desk, now=answered)


def _unit(row: Referral, kind: str) -> UUID | None:
    found = Organisation.objects.filter(kind=kind, region=row.desk).values_list("public_id", flat=True).first()
    return found if kind else None
