"""Law parameters: the numbers of the law as dated data, so that a change of law is a new row and not new code."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from yici.rules.codes import COUNTRY, ZHEJIANG, RegionCode
from yici.rules.periods import Period, Unit
from yici.rules.refusals import Refusal
from yici.rules.words import Words


class CannotFindParameter(Refusal):
    """No law parameter of this name holds for the region on the day, or it is no period."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LawParameter:
    """One number of the law in one region from one day on.

    ``verified`` says that somebody compared it with the text of ``source``; a suggestion without a law is not verified.
    """

    key: str
    value: int
    unit: Unit | Literal["percent", "times", "minutes", "seconds"] = Unit.WORKING_DAY
    region: RegionCode = COUNTRY
    valid_from: date
    valid_to: date | None = None
    source: Words
    verified: bool = True

    @property
    def period(self) -> Period:
        """Return the parameter as a period. Raises CannotFindParameter for shares and counts."""
        if not isinstance(self.unit, Unit):
            raise CannotFindParameter(
                zh=f"参数“{self.key}”不是期限，不能用来计时。请核对参数名称。",
                en=f"The parameter '{self.key}' is no period and cannot be counted. Check its name.",
            )
        return Period(self.value, self.unit)

    def holds(self, region: RegionCode, on: date) -> bool:
        """Whether this row speaks for the region on the day; ``valid_to`` is the last day it holds."""
        in_force = self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)
        return in_force and self.region.covers(region)


_LICENCE_LAW_FROM = date(2004, 7, 1)
_REFORM_FROM = date(2019, 1, 1)


def _licence_law(article: str, number: int) -> Words:
    return Words(f"行政许可法第{article}条", f"Administrative Licence Law art. {number}")


def _reform(article: str, number: int) -> Words:
    return Words(
        f"浙江省保障“最多跑一次”改革规定第{article}条", f"Zhejiang Regulation on the At-Most-Once Reform art. {number}"
    )


def _suggestion(zh: str, en: str) -> Words:
    return Words(f"建议值，法律未规定：{zh}", f"Suggested, no law: {en}")


def _sharing(zh: str, en: str) -> Words:
    return Words(f"政务数据共享条例（{zh}）", f"Regulation on Sharing Government Data ({en})")


def _national(
    key: str, value: int, source: Words, unit: Unit = Unit.WORKING_DAY, *, verified: bool = True
) -> LawParameter:
    return LawParameter(key=key, value=value, unit=unit, valid_from=_LICENCE_LAW_FROM, source=source, verified=verified)


def _kiosk(key: str, seconds: int, zh: str, en: str) -> LawParameter:
    """Return a limit of the kiosks; a city or a hall's county sets its own by a row of its own."""
    return LawParameter(
        key=key, value=seconds, unit="seconds", valid_from=_LICENCE_LAW_FROM, source=_suggestion(zh, en), verified=False
    )


LAW_PARAMETERS: tuple[LawParameter, ...] = (
    _national("correction_notice", 5, _licence_law("三十二", 32)),
    _national("decision", 20, _licence_law("四十二", 42)),
    _national("decision_extension", 10, _licence_law("四十二", 42)),
    _national("joint_decision", 45, _licence_law("四十二", 42)),
    _national("joint_decision_extension", 15, _licence_law("四十二", 42)),
    _national("lower_level_review", 20, _licence_law("四十三", 43)),
    _national("delivery", 10, _licence_law("四十四", 44)),
    _national("hearing_application", 5, _licence_law("四十七", 47)),
    _national("hearing_held", 20, _licence_law("四十七", 47)),
    _national("hearing_notice_before", 7, _licence_law("四十八", 48)),
    # Art. 82 makes the periods of the authority working days; this one is the holder's. Natural days are read in the
    # holder's favour, and no authority has been found that says so: not verified.
    _national("renewal_before_expiry", 30, _licence_law("五十", 50), Unit.DAY, verified=False),
    _national("inspection_staff", 5, _licence_law("五十五", 55)),
    LawParameter(
        # On the spot at the window (当场一次性告知), stricter than the five days of the national law.
        key="correction_notice_at_window",
        value=0,
        region=ZHEJIANG,
        valid_from=_REFORM_FROM,
        source=_reform("十一", 11),
    ),
    LawParameter(
        # Commitments were tried out before the regulation named a number of days for their check.
        key="commitment_check",
        value=60,
        region=ZHEJIANG,
        valid_from=_LICENCE_LAW_FROM,
        valid_to=date(2018, 12, 31),
        source=_suggestion("告知承诺的核查期限（规定施行前）", "time to check a commitment, before the regulation"),
        verified=False,
    ),
    LawParameter(
        key="commitment_check", value=60, region=ZHEJIANG, valid_from=_REFORM_FROM, source=_reform("十四", 14)
    ),
    _national(
        "precheck",
        1,
        _suggestion("网上预审，参照安阳市条例第四十二条", "online pre-check, after the Anyang regulation art. 42"),
        verified=False,
    ),
    _national(
        "correction_answer",
        15,
        _suggestion("补正期限由告知书确定", "the notice itself names the time to answer a correction"),
        verified=False,
    ),
    _national(
        "deficiency_cure",
        15,
        _suggestion("容缺补正期限由告知书确定", "the notice itself names the time to supply deferred materials"),
        verified=False,
    ),
    _national(
        "rectification",
        30,
        _suggestion("限期整改的期限由检查机关确定", "the checking authority names the time to rectify"),
        unit=Unit.DAY,
        verified=False,
    ),
    _national(
        "write_back_confirmation",
        5,
        _suggestion("数据提供部门确认窗口回写的数据", "the owner confirms what a window wrote back"),
        verified=False,
    ),
    LawParameter(
        # 1: silence until the time is up confirms a write-back; 0: it goes on waiting, shown as late, and stays usable.
        key="write_back_deemed_confirmed",
        value=1,
        unit="times",
        valid_from=_LICENCE_LAW_FROM,
        source=_suggestion("逾期未答复视为确认（1是0否）", "whether silence confirms a write-back (1 yes, 0 no)"),
        verified=False,
    ),
    _national(
        "dispute_check",
        5,
        _suggestion("数据提供部门核实本人提出的数据异议", "the owner checks a datum that its person disputes"),
        verified=False,
    ),
    _national(
        "head_proof",
        30,
        _suggestion(
            "登记的法定代表人可能变更，定期重新核对", "the head of a company may change: the register is asked anew"
        ),
        unit=Unit.DAY,
        verified=False,
    ),
    # 政务数据共享条例 (State Council Decree 809, in force 2025-08-01); local rules before it said the same or less.
    # The article was not at hand: not verified.
    _national("unconditional_sharing", 1, _sharing("无条件共享的答复", "answer on unconditional data"), verified=False),
    _national("conditional_sharing", 10, _sharing("有条件共享的答复", "answer on conditional data"), verified=False),
    _national(
        "conditional_sharing_extension",
        10,
        _sharing("经批准可以延长一次", "extended once, with approval"),
        verified=False,
    ),
    _national(
        "look_up_inquiry",
        5,
        _suggestion("查询单位答复本人询问的期限", "time to answer a person who asks why his data were looked up"),
        verified=False,
    ),
    _national(
        "scorecard_contest",
        10,
        _suggestion("考评异议的处理期限", "time to decide what an organisation contests of its scorecard"),
        verified=False,
    ),
    LawParameter(
        # Art. 4 demands that changes of the list are made public beforehand, and names no number of days.
        key="change_notice",
        value=7,
        region=ZHEJIANG,
        valid_from=_LICENCE_LAW_FROM,
        source=_suggestion("清单草案公示（规定第四条未定天数）", "public notice of drafts (art. 4 names no days)"),
        verified=False,
    ),
    LawParameter(
        key="amber_from_used",
        value=80,
        unit="percent",
        valid_from=_LICENCE_LAW_FROM,
        source=_suggestion("电子监察预警线", "warning line of electronic supervision"),
        verified=False,
    ),
    LawParameter(
        key="extensions_allowed", value=1, unit="times", valid_from=_LICENCE_LAW_FROM, source=_licence_law("四十二", 42)
    ),
    _kiosk("kiosk_idle", 60, "无人操作即结束会话", "the session of an idle kiosk ends"),
    _kiosk("kiosk_warning", 20, "WCAG 2.2.1：结束前至少提醒20秒", "WCAG 2.2.1: a warning of at least 20 seconds"),
    _kiosk("kiosk_idle_elder", 240, "长辈版放宽", "more patience in the elder version"),
    _kiosk("kiosk_warning_elder", 60, "长辈版放宽", "more patience in the elder version"),
    _kiosk("kiosk_phone_code", 120, "手机扫码登录的有效时间", "how long a phone may confirm a sign-in"),
    # How long personal data are kept (个人信息保护法 art. 19: the shortest time the purpose needs).
    _national(
        "keep_case",
        10,
        Words("机关档案管理规定第三十三条，DB33/T 2036.3", "Rules on archives of organs art. 33, DB33/T 2036.3"),
        Unit.YEAR,
        verified=False,
    ),
    _national(
        "keep_mandate",
        10,
        Words("机关档案管理规定第三十三条", "Rules on archives of organs art. 33"),
        Unit.YEAR,
        verified=False,
    ),
    _national(
        "keep_draft",
        6,
        _suggestion("未提交的内容不属于档案", "what was never submitted is no archive"),
        Unit.MONTH,
        verified=False,
    ),
    _national(
        "keep_orphan",
        1,
        _suggestion("材料的用途已消失", "the purpose of the paper is gone"),
        Unit.DAY,
        verified=False,
    ),
    _national(
        "keep_account",
        30,
        _suggestion("注销后的反悔期", "time to think better of closing an account"),
        Unit.DAY,
        verified=False,
    ),
    _national(
        "keep_export",
        7,
        _suggestion("下载链接有效期", "as long as the link of a download holds"),
        Unit.DAY,
        verified=False,
    ),
    _national(
        "keep_request",
        3,
        Words("参照个人信息保护法第五十六条", "After PIPL art. 56 (records of assessments, three years)"),
        Unit.YEAR,
        verified=False,
    ),
    _national(
        "keep_visit",
        1,
        _suggestion("到厅办事的排队与预约，供统计一年", "queues and appointments, counted for a year"),
        Unit.YEAR,
        verified=False,
    ),
    _national("keep_log", 6, Words("网络安全法第二十一条", "Cybersecurity Law art. 21"), Unit.MONTH),
    # Art. 50 asks for a timely answer and names no days; the national draft standards speak of 15 working days.
    _national(
        "rights_answer",
        15,
        _suggestion("个人信息保护法第五十条未定天数", "PIPL art. 50 names no number of days"),
        verified=False,
    ),
    LawParameter(
        key="emergency_look",
        value=30,
        unit="minutes",
        valid_from=_LICENCE_LAW_FROM,
        source=_suggestion("紧急查看的时长", "how long an emergency look stays open"),
        verified=False,
    ),
    # A week holds every weekday and a weekend, so everybody could ask at home and find a paper; forms left for longer
    # are hardly taken up again, and each day more is a day that the pilot ends later.
    _national(
        "page_completed_within",
        7,
        _suggestion("措辞试点中，开始后多少天内提交算完成", "days in which to submit, in a pilot of wording"),
        Unit.DAY,
        verified=False,
    ),
    LawParameter(
        # What sessions end by on most sites: after half an hour without a touch nobody is before the page.
        key="page_left_after",
        value=30,
        unit="minutes",
        valid_from=_LICENCE_LAW_FROM,
        source=_suggestion("措辞试点中，多久没有操作算离开", "minutes without a touch after which a page was left"),
        verified=False,
    ),
    LawParameter(
        key="topic_publish_minimum",
        value=10,
        unit="times",
        valid_from=_LICENCE_LAW_FROM,
        source=_suggestion("公开热点的最少人数", "fewest people of a published topic"),
        verified=False,
    ),
    _national(
        "emergency_review",
        5,
        _suggestion("审计复核期限", "time for the auditor to review an emergency look"),
        verified=False,
    ),
)


def parameter(key: str, region: RegionCode, on: date, table: Iterable[LawParameter] = LAW_PARAMETERS) -> LawParameter:
    """Return the row that holds for a region on a day: the nearest region first, then the latest start.

    Raises CannotFindParameter if none holds.

    >>> parameter("decision", ZHEJIANG, date(2018, 6, 4)).period.words.en
    '20 working days'
    """
    rows = [row for row in table if row.key == key and row.holds(region, on)]
    if not rows:
        raise CannotFindParameter(
            zh=f"{on}在区划{region}没有名为“{key}”的法定参数。请核对名称，或补充该参数及其依据。",
            en=f"No law parameter '{key}' holds in region {region} on {on}. Check the name or add the row.",
        )
    return max(rows, key=lambda row: (row.region.level, row.valid_from))
