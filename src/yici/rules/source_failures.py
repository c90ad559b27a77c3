"""Why a source of shared data gave no answer that can be used, in sentences without any personal value."""

from enum import StrEnum

from yici.rules.refusals import Refusal
from yici.rules.words import Words


class Failure(StrEnum):
    """What went wrong with one question to a source."""

    TIMEOUT = "timeout"
    UNREACHABLE = "unreachable"
    NOT_LET_IN = "not_let_in"
    RUBBISH = "rubbish"
    SCHEMA = "schema"
    TOO_MUCH = "too_much"
    WRONG_FILE = "wrong_file"
    RESTING = "resting"
    BUSY = "busy"
    MISCONFIGURED = "misconfigured"
    BROKEN = "broken"

    @property
    def words(self) -> Words:
        """Return what happened, as it stands in a list of failures."""
        return _WORDS[self]


_WORDS = {
    Failure.TIMEOUT: Words("没有在约定时间内答复", "did not answer within the agreed time"),
    Failure.UNREACHABLE: Words("连不上", "cannot be reached"),
    Failure.NOT_LET_IN: Words("拒绝了我们的登录", "did not let us in"),
    Failure.RUBBISH: Words("答复无法辨认", "answered something that cannot be understood"),
    Failure.SCHEMA: Words("数据结构已改变", "has changed its structure"),
    Failure.TOO_MUCH: Words("返回的数据超过约定数量", "sent more than was agreed"),
    Failure.WRONG_FILE: Words("送来的文件不完整或不对", "delivered a file that is incomplete or wrong"),
    Failure.RESTING: Words("连续失败，暂停查询", "failed repeatedly and is not asked for now"),
    Failure.BUSY: Words("暂时忙，没有轮到这次查询", "is busy, and this question had no turn in time"),
    Failure.MISCONFIGURED: Words("接入设置不完整", "is not set up completely here"),
    Failure.BROKEN: Words("连接程序出错", "met a fault in our connector"),
}

# Asking again at once helps only where the question perhaps never arrived. All our questions only read, so asking
# twice does no harm; but who was too slow, too generous or wrong will be so again.
WORTH_ANOTHER_TRY = frozenset({Failure.UNREACHABLE})

# Not the source's doing: these neither count against it nor open its breaker.
NOT_ITS_FAULT = frozenset({Failure.RESTING, Failure.BUSY, Failure.MISCONFIGURED})


class CannotAsk(Refusal):
    """A source gave no usable answer; ``failure`` says which way. ``detail`` never holds what the source sent."""

    def __init__(self, failure: Failure, detail: Words | None = None) -> None:
        what, more = failure.words, detail or Words("", "")
        super().__init__(
            zh=f"数据来源{what.zh}{_joined('：', more.zh)}。", en=f"The source {what.en}{_joined(': ', more.en)}."
        )
        self.failure = failure


def _joined(mark: str, text: str) -> str:
    return f"{mark}{text}" if text else ""


def not_answering(name: Words, why: Words) -> Words:
    """Return the sentence for a page: which source, what happened, and that nothing is lost.

    >>> not_answering(Words("湖州市消防", "Huzhou fire service"), Failure.TIMEOUT.words).en
    'Huzhou fire service did not answer within the agreed time. Use another way, or try again later; nothing is lost.'
    """
    return Words(
        f"{name.zh}{why.zh}。可以改用其他方式，或稍后再试；已填内容不会丢失。",
        f"{name.en} {why.en}. Use another way, or try again later; nothing is lost.",
    )
