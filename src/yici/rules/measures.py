"""What is measured of offices, regions, halls and items, defined once: cockpit, scorecards, interface and open data.

Each measure is a share of things that each went well or not (or, ``PER_TEN_THOUSAND``, a number of events to a number
of cases). That makes every figure a list: of its things, each with a yes or a no.
"""

from dataclasses import dataclass
from enum import StrEnum

from yici.rules.words import Words


class Unit(StrEnum):
    """How a measure is read."""

    SHARE = "share"
    PER_TEN_THOUSAND = "per_10000"


@dataclass(frozen=True, slots=True)
class Measure:
    """One measure. ``higher_is_better`` says which way is good; ``meaning`` says of what it is a share, and of when."""

    key: str
    words: Words
    meaning: Words
    higher_is_better: bool = True
    unit: Unit = Unit.SHARE


MEASURES: dict[str, Measure] = {
    one.key: one
    for one in (
        Measure(
            "visits_kept",
            Words("跑次承诺兑现", "Promised visits kept"),
            Words(
                "当月全部办结的申请中，实际到场次数不多于承诺次数的占比。",
                "Of the applications closed in the month: those that took no more visits than promised.",
            ),
        ),
        Measure(
            "zero_visit",
            Words("零跑动", "Without a visit"),
            Words(
                "当月提交的申请中，方案承诺一次都不用跑的占比。",
                "Of the applications of the month: those whose plan promised no visit at all.",
            ),
        ),
        Measure(
            "online_kept",
            Words("零跑动未改走窗口", "Zero visits without the window"),
            Words(
                "当月提交、方案承诺零跑动的申请中，没有改到窗口提交的占比。被推回窗口的会在这里显示。",
                "Of the applications of the month whose plan promised no visit: those not handed in at a window. "
                "Who is pushed back to the window shows here.",
            ),
        ),
        Measure(
            "requirements_fetched",
            Words("材料由政府取得", "Requirements fetched"),
            Words(
                "当月提交的申请所需材料中，由政府部门共享数据或电子证照取得的占比；本人填写、上传、声明、承诺或带原件的不算。",
                "Of the requirements of the applications of the month: those fetched as data or as a licence. What the "
                "person typed, uploaded, declared, promised or brought is not.",
            ),
        ),
        Measure(
            "statutory_time",
            Words("法定期限内办结", "Decided within the statutory time"),
            Words(
                "当月作出决定的办件中，不晚于法定期限的占比（暂停的时间按法定事由扣除）。",
                "Of the cases decided in the month: those decided by the statutory day, lawful pauses taken out.",
            ),
        ),
        Measure(
            "promised_time",
            Words("承诺期限内办结", "Decided within the promised time"),
            Words(
                "当月作出决定的办件中，不晚于承诺期限的占比。",
                "Of the cases decided in the month: those decided by the promised day.",
            ),
        ),
        Measure(
            "step_time",
            Words("环节按时", "Steps in time"),
            Words(
                "当月完成的环节中，不晚于环节期限的占比。", "Of the steps finished in the month: those by their day."
            ),
        ),
        Measure(
            "no_correction",
            Words("一次受理、无补正", "Accepted without a correction"),
            Words(
                "当月作出决定的办件中，没有要求补正的占比。",
                "Of the cases decided in the month: those for which nothing more was asked.",
            ),
        ),
        Measure(
            "write_backs_in_time",
            Words("回写数据按时确认", "Write-backs settled in time"),
            Words(
                "当月到期的回写数据中，按时确认或驳回的占比。",
                "Of the write-backs due in the month: those that the owner confirmed or rejected in time.",
            ),
        ),
        Measure(
            "tickets_answered",
            Words("诉求按时答复", "Tickets answered in time"),
            Words(
                "当月到期的诉求中，按时答复的占比；不予受理的另见“诉求未被拒收”。",
                "Of the tickets due in the month and not turned away: those whose answer was approved in time.",
            ),
        ),
        Measure(
            "tickets_solved",
            Words("诉求解决", "Tickets solved"),
            Words(
                "当月有效回访的诉求中，当事人认为已解决的占比。",
                "Of the tickets with a valid follow-up in the month: those that the person calls solved.",
            ),
        ),
        Measure(
            "tickets_satisfied",
            Words("诉求满意", "Tickets answered to satisfaction"),
            Words(
                "当月有效回访的诉求中，当事人满意的占比。",
                "Of the tickets with a valid follow-up in the month: those whose person is satisfied.",
            ),
        ),
        Measure(
            "tickets_unreturned",
            Words("诉求未退单", "Tickets not returned"),
            Words(
                "当月派给该单位的诉求中，没有退回的占比。",
                "Of the tickets dispatched to the unit in the month: those that it did not send back.",
            ),
        ),
        Measure(
            "tickets_followed_up",
            Words("回访到人", "Followed up with the person"),
            Words(
                "当月办结的诉求中，回访到本人并得到评价的占比。只回访满意的人会在这里显示。",
                "Of the tickets closed in the month: those whose person was reached and judged. Who calls only the "
                "happy shows here.",
            ),
        ),
        Measure(
            "tickets_heard",
            Words("诉求未被拒收", "Tickets not turned away"),
            Words(
                "当月办结的诉求中，没有以重复、超范围、滥用等理由终止的占比。",
                "Of the tickets closed in the month: those not ended as duplicate, out of scope or abuse.",
            ),
        ),
        Measure(
            "unsupervised",
            Words("未被督办", "Not under supervision"),
            Words(
                "当月派给该单位的诉求中，没有被督办的占比。",
                "Of the tickets dispatched to the unit in the month: those that came under no supervision.",
            ),
        ),
        Measure(
            "reviews_good",
            Words("评价满意", "Good reviews"),
            Words(
                "当月收到的评价中，基本满意及以上的占比；经核查属恶意或误评的不计。",
                "Of the reviews of the month: those of fair and better; malicious or mistaken ones are left out.",
            ),
        ),
        Measure(
            "reviews_contacted",
            Words("差评按时联系", "Bad reviews answered by a call in time"),
            Words(
                "当月应联系的实名差评中，按时联系本人的占比。",
                "Of the bad reviews with a name whose call was due in the month: those called in time.",
            ),
        ),
        Measure(
            "complaints",
            Words("每万件投诉", "Complaints per 10,000 cases"),
            Words(
                "当月涉及该单位的投诉和举报件数，按每万件办件计算。登记由群众发起，不予受理的也计算在内。",
                "Complaints and reports about the organisation in the month, for 10,000 of its cases. People register "
                "them, and those turned away count.",
            ),
            higher_is_better=False,
            unit=Unit.PER_TEN_THOUSAND,
        ),
    )
}
