"""How long each part of a review may take, and from how many reviews on a figure is shown: dated rows of the law."""

from datetime import date

from yici.rules.codes import COUNTRY
from yici.rules.law_parameters import LawParameter
from yici.rules.periods import Unit
from yici.rules.words import Words

_SINCE = date(2016, 1, 1)


def _suggestion(zh: str, en: str) -> Words:
    return Words(f"建议值，法律未规定：{zh}", f"Suggested, no law: {en}")


def _row(key: str, value: int, source: Words, unit: Unit = Unit.WORKING_DAY) -> LawParameter:
    return LawParameter(
        key=key, value=value, unit=unit, region=COUNTRY, valid_from=_SINCE, source=source, verified=False
    )


def _count(key: str, value: int, zh: str, en: str) -> LawParameter:
    return LawParameter(
        key=key, value=value, unit="times", valid_from=_SINCE, source=_suggestion(zh, en), verified=False
    )


# None was compared with its text here: the sources are of other provinces, or name no number.
REVIEW_PARAMETERS: tuple[LawParameter, ...] = (
    _row(
        "review_contact",
        1,
        Words(
            "参照上海市优化营商环境条例第二十九条、安阳市条例第五十二条",
            "After the Shanghai Business Environment Regulation art. 29 and the Anyang regulation art. 52",
        ),
    ),
    _row("review_rectify", 5, Words("参照德州市好差评办法", "After the review rules of Dezhou")),
    _row(
        "review_rectify_extension",
        10,
        Words("参照四川某县好差评办法，共15个工作日", "After the review rules of a Sichuan county: 15 in all"),
    ),
    _row("review_call_back", 3, _suggestion("实名差评整改后回访", "call back after a bad review was rectified")),
    _row("review_contest", 5, _suggestion("单位对差评提出申诉", "for a unit to contest a bad review")),
    _row("review_contest_decision", 5, _suggestion("申诉核查", "to decide a contest")),
    _row("review_open", 90, _suggestion("办结后可以评价的时间", "how long one may review what is done"), Unit.DAY),
    _row("review_link", 30, _suggestion("评价链接和二维码的有效期", "how long a link or QR code holds"), Unit.DAY),
    _row("review_detail", 24, _suggestion("按下表情后可以补充的时间", "to say more after a face"), Unit.HOUR),
    _count("review_call_attempts", 3, "联系不上的次数", "attempts before a review goes on without a call"),
    _count("review_publish_minimum", 10, "公开统计的最少评价数", "fewest reviews of a published figure"),
    _row("review_publish_period", 12, _suggestion("公开统计的期间", "the period of a published figure"), Unit.MONTH),
)
