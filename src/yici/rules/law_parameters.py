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
    unit: Unit | Literal["percent", "times"] = Unit.WORKING_DAY
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


def _national(
    key: str, value: int, source: Words, unit: Unit = Unit.WORKING_DAY, *, verified: bool = True
) -> LawParameter:
    return LawParameter(key=key, value=value, unit=unit, valid_from=_LICENCE_LAW_FROM, source=source, verified=verified)


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
