"""How long a referral may wait for its answer, and how often the year is reported: dated rows of the law."""

from datetime import date

from yici.rules.codes import COUNTRY, ZHEJIANG, RegionCode
from yici.rules.law_parameters import LawParameter
from yici.rules.periods import Unit
from yici.rules.words import Words

_SINCE = date(2016, 1, 1)
_REVISED = date(2025, 3, 12)  # the Law on Deputies as amended in March 2025


def _months(
    key: str,
    value: int,
    source: Words,
    *,
    since: date = _SINCE,
    until: date | None = None,
    region: RegionCode = COUNTRY,
) -> LawParameter:
    return LawParameter(
        key=key,
        value=value,
        unit=Unit.MONTH,
        region=region,
        valid_from=since,
        valid_to=until,
        source=source,
        verified=False,
    )


_OLD = Words("代表法（2015）第四十二条", "Law on Deputies (2015) art. 42")
_NEW = Words("代表法（2025）第五十一条", "Law on Deputies (2025) art. 51")
_BEFORE = date.fromordinal(_REVISED.toordinal() - 1)

# None was compared with its text here: the articles are named by the domain reference, and their texts were not at
# hand. The law speaks of deputies' suggestions; other kinds of referrals are held to the same time.
REFERRAL_PARAMETERS: tuple[LawParameter, ...] = (
    _months("referral_answer", 3, _OLD, until=_BEFORE),
    _months("referral_answer", 3, _NEW, since=_REVISED),
    _months("referral_answer_hard", 6, _OLD, until=_BEFORE),
    _months("referral_answer_hard", 6, _NEW, since=_REVISED),
    _months(
        "referral_redo",
        1,
        Words("浙江省实施代表法办法第四十三条", "Zhejiang Measures on the Law on Deputies art. 43"),
        region=ZHEJIANG,
    ),
    _months(
        "congress_report",
        12,
        Words(
            "参照济南市12345市民服务热线条例第九条（未定周期，按年报告）",
            "After the Jinan Hotline Regulation art. 9, which names no period: yearly",
        ),
    ),
)
