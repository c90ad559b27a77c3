"""How long each part of a ticket may take: the law's numbers by region and kind, and the moments they lead to."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import ceil

from yici.rules.clock_courses import SHANGHAI, Course, local_day
from yici.rules.codes import COUNTRY, RegionCode, parse_region_code
from yici.rules.law_parameters import LawParameter, parameter
from yici.rules.periods import Period, Unit
from yici.rules.tickets import Level, Standing, TicketKind, Urgency
from yici.rules.words import Words
from yici.rules.working_days import Calendar

JINAN = parse_region_code("370100")
_SINCE = date(2016, 1, 1)
_JINAN_24 = Words("济南市12345市民服务热线条例第二十四条", "Jinan Hotline Regulation art. 24")
_MODEL_24 = Words(
    "参照济南市12345市民服务热线条例第二十四条", "After the Jinan Hotline Regulation art. 24, no law of the province"
)
_JINGAN = Words("参照上海静安大宁路办法（2019）", "After the rules of Daning Road, Shanghai (2019)")
_ANYANG_50 = Words("参照安阳市条例第五十条", "After the Anyang regulation art. 50")


def _suggestion(zh: str, en: str) -> Words:
    return Words(f"建议值，法律未规定：{zh}", f"Suggested, no law: {en}")


def _jinan_34(zh: str, en: str) -> Words:
    return Words(
        f"参照济南市12345市民服务热线条例第三十四条（实时更新，未定期限）：{zh}",
        f"After the Jinan Hotline Regulation art. 34 (kept up to date, no number): {en}",
    )


def _row(
    key: str,
    value: int,
    source: Words,
    unit: Unit = Unit.WORKING_DAY,
    *,
    region: RegionCode = COUNTRY,
    since: date = _SINCE,
    verified: bool = False,
) -> LawParameter:
    return LawParameter(
        key=key, value=value, unit=unit, region=region, valid_from=since, source=source, verified=verified
    )


def _count(key: str, value: int, zh: str, en: str) -> LawParameter:
    return LawParameter(
        key=key, value=value, unit="times", valid_from=_SINCE, source=_suggestion(zh, en), verified=False
    )


_FIVE_DAYS = (TicketKind.HELP, TicketKind.COMPLAINT, TicketKind.REPORT, TicketKind.SUGGESTION, TicketKind.PRAISE)
_JINAN_FROM = date(2018, 9, 1)

TICKET_PARAMETERS: tuple[LawParameter, ...] = (
    _row("ticket_answer_consult", 1, _JINGAN),
    *(_row(f"ticket_answer_{kind}", 5, _MODEL_24) for kind in _FIVE_DAYS),
    # The city's regulation knows one limit for every kind; compared with its text.
    *(
        _row(f"ticket_answer_{kind}", 5, _JINAN_24, region=JINAN, since=_JINAN_FROM, verified=True)
        for kind in TicketKind
    ),
    _row("ticket_answer_urgent", 24, _suggestion("水电气热等民生急事", "water, power, gas, heat"), Unit.HOUR),
    _row("ticket_answer_critical", 2, _suggestion("危及生命财产安全", "danger to life or property"), Unit.HOUR),
    _row(
        "ticket_dispatch",
        4,
        Words("北京市接诉即办工作条例第十一条（即时派单，未定时数）", "Beijing Regulation art. 11: at once, no number"),
        Unit.HOUR,
    ),
    _row("ticket_sign", 1, _suggestion("签收", "to sign for a ticket")),
    _row("ticket_return", 24, _ANYANG_50, Unit.HOUR),
    _row("ticket_return_review", 1, _suggestion("退单审核", "to check a return")),
    _row("ticket_arbitration", 3, _suggestion("派单异议裁定", "to arbitrate a dispute about a dispatch")),
    _row("ticket_extension", 5, _ANYANG_50),
    _row("ticket_review", 1, _suggestion("答复审核", "to review a reply")),
    _row("ticket_follow_up", 3, _JINGAN),
    _row(
        "ticket_follow_up_again", 4, _suggestion("未联系上后再次回访的间隔", "until a person is tried again"), Unit.HOUR
    ),
    _row("ticket_rehandle", 3, _suggestion("不满意重办", "to handle a ticket once more")),
    _row("ticket_supervised", 3, _JINGAN),
    _row("ticket_reopen", 15, _suggestion("对办理结果提出异议", "to object to the result"), Unit.DAY),
    _row("supervision_listed", 3, _suggestion("超期后挂牌督办", "listed after so long overdue")),
    _row("supervision_interview", 10, _suggestion("超期后约谈", "interview after so long overdue")),
    _row("card_explain", 3, _suggestion("承办单位说明情况", "for the unit to explain")),
    _row("card_contest", 5, _suggestion("对黄牌、红牌提出申诉", "to contest a card")),
    _row("knowledge_question", 3, _suggestion("知识库补充答复", "to answer a question of the knowledge base")),
    _row("knowledge_review", 180, _jinan_34("定期复核", "review of an article"), Unit.DAY),
    _row("knowledge_expiry", 30, _jinan_34("复核逾期后停止推荐", "an unreviewed article is offered no more"), Unit.DAY),
    LawParameter(
        key="call_sample_share",
        value=5,
        unit="percent",
        valid_from=_SINCE,
        source=_suggestion("每周抽查已办结来电的比例", "share of the closed calls of a week that is looked at"),
        verified=False,
    ),
    _count("ticket_follow_up_attempts", 3, "回访未联系上的次数", "attempts before a ticket closes unreached"),
)


@dataclass(frozen=True, slots=True)
class Moments:
    """When a clock turns amber and when it is broken."""

    amber_at: datetime
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Limits:
    """Every limit of one region on one day; the rows come from the law's table, the days from the calendar."""

    region: RegionCode
    on: date
    table: tuple[LawParameter, ...]
    calendar: Calendar

    def row(self, key: str) -> LawParameter:
        """Return the row that holds. Raises CannotFindParameter."""
        return parameter(key, self.region, self.on, self.table)

    def moments(self, key: str, start: datetime, added: Iterable[Period] = ()) -> Moments:
        """Return when a period that starts now is nearly up and when it is up."""
        return moments(self.row(key).period, start, self.calendar, self.amber_percent, tuple(added))

    @property
    def amber_percent(self) -> int:
        """From which share of the time a clock is amber."""
        return self.row("amber_from_used").value


def answer_key(kind: TicketKind, urgency: Urgency) -> str:
    """Return the parameter of the time to answer: urgent ones by their grade, all others by their kind.

    >>> answer_key(TicketKind.HELP, Urgency.ORDINARY), answer_key(TicketKind.CONSULT, Urgency.CRITICAL)
    ('ticket_answer_help', 'ticket_answer_critical')
    """
    return f"ticket_answer_{kind if urgency is Urgency.ORDINARY else urgency}"


def handling_key(standing: Standing, kind: TicketKind, urgency: Urgency) -> str:
    """Return the parameter of the unit's time: shorter once it is handled again, or under supervision."""
    if standing.level is not Level.NONE and standing.rehandlings:
        return "ticket_supervised"
    return "ticket_rehandle" if standing.rehandlings else answer_key(kind, urgency)


def moments(
    period: Period, start: datetime, calendar: Calendar, amber_percent: int, added: tuple[Period, ...] = ()
) -> Moments:
    """Return the first moment at which so many percent of a period are used, and the one from which it is broken.

    A day is used once it has begun: of five working days the fourth is the one that turns amber.
    """
    due = Course(start, period, added).due_at(calendar)
    assert due is not None  # nothing pauses here
    if period.unit is not Unit.WORKING_DAY or any(one.unit is not Unit.WORKING_DAY for one in added):
        return Moments(start + (due - start) * amber_percent / 100, due)
    days = period.value + sum(one.value for one in added)
    used = ceil(days * amber_percent / 100)
    if used == 0:
        return Moments(start, due)
    day = calendar.add_working_days(local_day(start), used)
    return Moments(datetime.combine(day, datetime.min.time(), tzinfo=SHANGHAI), due)


def until_the_end_of(day: date) -> datetime:
    """Return the moment after a local day: the due moment of an explicit date."""
    return datetime.combine(day + timedelta(days=1), datetime.min.time(), tzinfo=SHANGHAI)
