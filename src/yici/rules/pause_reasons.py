"""Reasons for which the law lets the time stand still, each with its article."""

from dataclasses import dataclass

from yici.rules.clock_courses import CannotMoveClock
from yici.rules.words import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class PauseReason:
    """One legal reason. The applicant is told in writing how long it takes (行政许可法 art. 45)."""

    key: str
    words: Words
    basis: Words
    # 规定 art. 28: an intermediary's time is left out only if a law or regulation requires the report.
    only_if_law_requires: bool = False


_ARTICLE_45 = Words("行政许可法第四十五条", "Administrative Licence Law art. 45")
_ARTICLE_28 = Words(
    "浙江省保障“最多跑一次”改革规定第二十八条", "Zhejiang Regulation on the At-Most-Once Reform art. 28"
)

PAUSE_REASONS = {
    reason.key: reason
    for reason in (
        PauseReason(key="hearing", words=Words("听证", "Hearing"), basis=_ARTICLE_45),
        PauseReason(key="tender", words=Words("招标", "Call for tenders"), basis=_ARTICLE_45),
        PauseReason(key="auction", words=Words("拍卖", "Auction"), basis=_ARTICLE_45),
        PauseReason(key="inspection", words=Words("检验", "Inspection"), basis=_ARTICLE_45),
        PauseReason(key="testing", words=Words("检测", "Testing"), basis=_ARTICLE_45),
        PauseReason(key="quarantine", words=Words("检疫", "Quarantine"), basis=_ARTICLE_45),
        PauseReason(key="appraisal", words=Words("鉴定", "Expert appraisal"), basis=_ARTICLE_45),
        PauseReason(key="expert_review", words=Words("专家评审", "Expert review"), basis=_ARTICLE_45),
        PauseReason(
            key="intermediary_report",
            words=Words("中介机构出具报告", "Report of an intermediary"),
            basis=_ARTICLE_28,
            only_if_law_requires=True,
        ),
        # The decision runs from acceptance, and only complete materials are accepted: waiting for the applicant's
        # answer is time before acceptance, not time taken from the department.
        PauseReason(
            key="correction",
            words=Words("等待申请人补正", "Waiting for the applicant's correction"),
            basis=Words("行政许可法第三十二条第一款第四项", "Administrative Licence Law art. 32(1)(4)"),
        ),
    )
}


def legal_pause(key: str, *, required_by_law: bool) -> PauseReason:
    """Return the reason for which a clock may be paused.

    ``required_by_law`` tells whether a law or regulation demands the procedure. Raises CannotMoveClock for a reason
    that no law names, and for an intermediary's report that the law does not demand (规定 art. 28: its time counts).

    >>> legal_pause("hearing", required_by_law=True).basis.en
    'Administrative Licence Law art. 45'
    """
    reason = PAUSE_REASONS.get(key)
    if reason is None:
        raise CannotMoveClock(
            zh=f"“{key}”不是法律规定的暂停计时理由。请从听证、检验、专家评审等法定理由中选择。",
            en=f"'{key}' is no reason for which the law stops the time. Choose a legal one, such as a hearing.",
        )
    if reason.only_if_law_requires and not required_by_law:
        raise CannotMoveClock(
            zh="法律、法规没有要求中介机构出具这份报告，所需时间计入办理期限（规定第二十八条），不能暂停计时。",
            en="No law or regulation demands this report, so its time counts (Reform Regulation art. 28) and the clock "
            "goes on. Name the provision that demands it, or decide without it.",
        )
    return reason
