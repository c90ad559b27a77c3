"""What counts against an item: each kind of signal is so many events out of so many chances for one."""

from enum import StrEnum

from yici.rules.words import Words


class SignalKind(StrEnum):
    """A kind of signal; the values are the words used in tables, addresses and answers of the command."""

    CORRECTIONS = "corrections"
    RETURNS = "returns"
    OVERDUE = "overdue"
    VISITS = "visits"
    FORCED = "forced"
    DEMANDS = "demands"
    DISPUTES = "disputes"
    GAPS = "gaps"
    COMPLAINTS = "complaints"
    SUGGESTIONS = "suggestions"
    COMMENTS = "comments"
    REVIEWS = "reviews"
    ABANDONED = "abandoned"

    @property
    def words(self) -> Words:
        """Return what happened, as people say it."""
        return _WORDS[self][0]

    @property
    def of(self) -> Words:
        """Return out of what it is counted."""
        return _WORDS[self][1]

    @property
    def is_taking_back(self) -> bool:
        """Whether it shows that an easing which stands in the catalogue is taken back at the window."""
        return self in {SignalKind.RETURNS, SignalKind.VISITS, SignalKind.FORCED, SignalKind.DEMANDS}


_DECIDED = Words("办结的办件", "cases decided")
_RECEIVED = Words("收到的办件", "cases received")
_WORDS = {
    SignalKind.CORRECTIONS: (Words("要求补正", "Corrections asked for"), _DECIDED),
    SignalKind.RETURNS: (
        Words("退件和不予受理、不予许可", "Returned or refused"),
        Words("有结论的办件", "cases that ended"),
    ),
    SignalKind.OVERDUE: (Words("环节超期", "Steps overdue"), Words("到期的环节", "steps due")),
    SignalKind.VISITS: (Words("跑动多于承诺", "More visits than promised"), Words("办完的申请", "applications closed")),
    SignalKind.FORCED: (
        Words("本可不跑却到了窗口", "Sent to the window though no visit was planned"),
        Words("承诺零次的网上申请", "online applications promised no visit"),
    ),
    SignalKind.DEMANDS: (
        Words("索要清单外的材料", "Papers asked beyond the plan"),
        Words("到窗口的次数", "visits to a window"),
    ),
    SignalKind.DISPUTES: (Words("数据异议", "Shared facts disputed"), _RECEIVED),
    SignalKind.GAPS: (Words("本该共享却要提供", "Brought though it should have been fetched"), _RECEIVED),
    SignalKind.COMPLAINTS: (Words("投诉举报", "Complaints and reports"), _RECEIVED),
    SignalKind.SUGGESTIONS: (Words("群众建议", "Suggestions"), _RECEIVED),
    SignalKind.COMMENTS: (
        Words("对修订稿的意见", "Comments on its amendments"),
        Words("征求意见期间收到的办件", "cases received while an amendment was open for comments"),
    ),
    SignalKind.REVIEWS: (Words("差评", "Bad reviews"), Words("评价", "reviews")),
    SignalKind.ABANDONED: (Words("答到一半离开", "Left at a question"), Words("提出的问题", "questions asked")),
}
