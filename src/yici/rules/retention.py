"""How long each kind of record is kept: the sentence for the person, and what happens when the time is over."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from yici.rules.codes import ZHEJIANG, RegionCode
from yici.rules.law_parameters import LAW_PARAMETERS, LawParameter, parameter
from yici.rules.periods import Unit, add_months
from yici.rules.words import Words

# Every table names one of these. Archive periods: 机关档案管理规定 (2018) art. 33 and the electronic filing rules
# DB33/T 2036.3; logs at least six months: 网络安全法 art. 21.
RETENTION: dict[str, Words] = {
    "permanent": Words("永久保存，不可更改。", "Kept for ever and never changed."),
    "reference": Words("作为公开的基础资料长期保存。", "Public reference data, kept as long as it is in force."),
    "post": Words("任职期间及离任后10年。", "While the person holds the post and 10 years after."),
    "party": Words(
        "有在办事项或有效证照期间，以及此后10年。", "While a case is open or a licence is valid, and 10 years after."
    ),
    "account": Words("账号注销后30天删除。", "Deleted 30 days after the account is closed."),
    "session": Words("退出登录或超时后立即删除。", "Deleted when the person signs out or the time is over."),
    "mandate+10y": Words("授权终止后10年。", "10 years after the mandate ends."),
    "source": Words(
        "按数据提供部门的期限；撤回后即删除。",
        "As long as the owner of the data keeps it; deleted when it is withdrawn.",
    ),
    "until replaced": Words("被新内容替换时删除。", "Deleted when newer content replaces it."),
    "visit+1y": Words("到厅一年后删除。", "Deleted one year after the day in the hall."),
    "draft+6m": Words("最后一次保存后6个月删除。", "Deleted six months after it was last saved."),
    "case+10y": Words("办结后10年。", "10 years after the case is closed."),
    "orphan+1d": Words("草稿删除后次日删除。", "Deleted the day after its draft is deleted."),
    "export+7d": Words("生成后7天删除。", "Deleted seven days after it was made."),
    "request+3y": Words("答复后3年。", "Three years after it was answered."),
    "log+6m": Words("6个月。", "Six months."),
    "pilot": Words("试点结束、结果记下时删除。", "Deleted when its pilot ends and the result is written down."),
}


class Ending(StrEnum):
    """What becomes of a record when its time is over."""

    DELETE = "delete"
    EMPTY = "empty"  # personal content goes; dates, outcomes and counts stay

    @property
    def words(self) -> Words:
        """Return it as people say it."""
        return (
            Words("删除", "deleted") if self is Ending.DELETE else Words("清空个人内容", "emptied of personal content")
        )


@dataclass(frozen=True, slots=True)
class Keeping:
    """A period after which something ends: the law parameter that holds it, and how it ends."""

    parameter: str
    ending: Ending


KEEPINGS: dict[str, Keeping] = {
    "account": Keeping("keep_account", Ending.DELETE),
    "mandate+10y": Keeping("keep_mandate", Ending.DELETE),
    "draft+6m": Keeping("keep_draft", Ending.DELETE),
    "case+10y": Keeping("keep_case", Ending.EMPTY),
    "party": Keeping("keep_case", Ending.EMPTY),
    "orphan+1d": Keeping("keep_orphan", Ending.DELETE),
    "export+7d": Keeping("keep_export", Ending.DELETE),
    "request+3y": Keeping("keep_request", Ending.EMPTY),
    "visit+1y": Keeping("keep_visit", Ending.DELETE),
    "log+6m": Keeping("keep_log", Ending.DELETE),
}


class Ground(StrEnum):
    """Why something is kept although somebody may wish it gone."""

    PERIOD = "period"
    OPEN_CASE = "open_case"
    HOLD = "hold"
    LICENCE = "licence"
    OWNER = "owner"
    JOURNAL = "journal"
    RELATION = "relation"

    @property
    def words(self) -> Words:
        """Return the ground with its law, for the person."""
        return _GROUND_WORDS[self]


_GROUND_WORDS = {
    Ground.PERIOD: Words(
        "保存期限未满（个人信息保护法第四十七条第二款；档案期限见机关档案管理规定第三十三条）",
        "The period of keeping is not over (PIPL art. 47(2); archive periods: rules on archives of organs art. 33)",
    ),
    Ground.OPEN_CASE: Words(
        "还有在办事项，办理需要（个人信息保护法第十三条第三项）",
        "A case is open and needs it (PIPL art. 13(3), statutory duties)",
    ),
    Ground.HOLD: Words(
        "依法封存，例如诉讼、复议或审计期间（个人信息保护法第四十七条第二款）",
        "Held by law, during a suit, a review or an audit (PIPL art. 47(2))",
    ),
    Ground.LICENCE: Words(
        "证照及其签发记录须随时可供核验（行政许可法第三十九条、第六十一条）",
        "A licence and the record of its issue must stay verifiable (Licence Law art. 39, 61)",
    ),
    Ground.OWNER: Words(
        "由数据提供部门保管，请向该部门提出（浙江省保障“最多跑一次”改革规定第三十八条）",
        "Kept by the owner of the data: ask there (Zhejiang Regulation on the At-Most-Once Reform art. 38)",
    ),
    Ground.JOURNAL: Words(
        "日志只有编号和时间，没有个人内容，依法留存（网络安全法第二十一条）",
        "The journal holds ids and moments, no personal content, and is kept by law (Cybersecurity Law art. 21)",
    ),
    Ground.RELATION: Words(
        "由户籍等登记部门确认的亲属关系，供代办使用（民法典第二十七条）",
        "Family relations confirmed by the registers, for acting for a child (Civil Code art. 27)",
    ),
}


def keeping(
    key: str, on: date, region: RegionCode = ZHEJIANG, table: Iterable[LawParameter] = LAW_PARAMETERS
) -> LawParameter:
    """Return the period that holds on a day for a kind of retention. Raises KeyError for what is kept for ever."""
    return parameter(KEEPINGS[key].parameter, region, on, table)


def cut_off(found: LawParameter, today: date) -> date:
    """Return the day before which something must have ended for its time to be over ``today``; never too early.

    >>> cut_off(keeping("draft+6m", date(2018, 9, 1)), date(2018, 9, 1))
    datetime.date(2018, 3, 1)
    """
    period = found.period
    if period.unit in {Unit.MONTH, Unit.YEAR}:
        return add_months(today, -period.value * (12 if period.unit is Unit.YEAR else 1))
    return today - timedelta(days=period.value)


def kept_until(found: LawParameter, begun: date) -> date:
    """Return the last day on which something is kept that ended on ``begun``.

    >>> kept_until(keeping("case+10y", date(2018, 3, 1)), date(2018, 3, 1))
    datetime.date(2028, 3, 1)
    """
    period = found.period
    if period.unit in {Unit.MONTH, Unit.YEAR}:
        return add_months(begun, period.value * (12 if period.unit is Unit.YEAR else 1))
    return begun + timedelta(days=period.value)
