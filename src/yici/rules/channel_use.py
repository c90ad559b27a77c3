"""By which channel people come: with an application, or with a question about one; each channel's share of a month."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from yici.rules.tickets import TicketChannel
from yici.rules.words import Words


class ChannelAct(StrEnum):
    """What somebody came for."""

    APPLIED = "applied"
    ASKED = "asked"

    @property
    def words(self) -> Words:
        """Return it as people say it."""
        return _ACT_WORDS[self]

    @property
    def meaning(self) -> Words:
        """Return what is counted."""
        return _ACT_MEANINGS[self]


_ACT_WORDS = {
    ChannelAct.APPLIED: Words("提交申请", "Applications"),
    ChannelAct.ASKED: Words("咨询求助", "Questions and help"),
}
_ACT_MEANINGS = {
    ChannelAct.APPLIED: Words(
        "当月提交的申请，按提交的渠道计。一件事算一次申请；按事项看时每个事项的办件算一次。窗口包括由工作人员代为提交的。",
        "Applications handed in during the month, by the channel. A life event counts once; of one service each case "
        "of it. At the window stands also what a clerk handed in for somebody.",
    ),
    ChannelAct.ASKED: Words(
        "当月收到的咨询和求助诉求，按来件渠道计。按事项看时只算已关联该事项的。",
        "Tickets of the month that ask a question or for help, by the channel they came in. Of one service those that "
        "are linked with it.",
    ),
}
# As the cases keep it: how an application was handed in.
APPLYING: dict[str, Words] = {
    "web": Words("网上", "Online"),
    "mobile": Words("手机", "Mobile"),
    "kiosk": Words("自助终端", "Kiosk"),
    "window": Words("窗口", "Window"),
}
FROM_HOME = frozenset({"web", "mobile"})


@dataclass(frozen=True, slots=True)
class ChannelShare:
    """One channel of a month: how many came by it, and the share; None where nobody came at all."""

    key: str
    words: Words
    count: int
    share: float | None


def words_of(act: ChannelAct, channel: str) -> Words:
    """Return the name of a channel; an unknown one by its key.

    >>> words_of(ChannelAct.ASKED, "phone").en, words_of(ChannelAct.APPLIED, "window").en
    ('Phone', 'Window')
    """
    if act is ChannelAct.ASKED and channel in set(TicketChannel):
        return TicketChannel(channel).words
    return APPLYING.get(channel, Words(channel, channel))


def shares(act: ChannelAct, counts: Mapping[str, int]) -> tuple[ChannelShare, ...]:
    """Return the channels of a month, the most used first; of applications those without any, too.

    >>> [(one.key, one.count, one.share) for one in shares(ChannelAct.APPLIED, {"web": 3, "window": 1})]
    [('web', 3, 0.75), ('window', 1, 0.25), ('kiosk', 0, 0.0), ('mobile', 0, 0.0)]
    """
    known = dict.fromkeys(APPLYING, 0) if act is ChannelAct.APPLIED else {}
    whole = {**known, **counts}
    total = sum(whole.values())
    return tuple(
        ChannelShare(key, words_of(act, key), whole[key], whole[key] / total if total else None)
        for key in sorted(whole, key=lambda key: (-whole[key], key))
    )
