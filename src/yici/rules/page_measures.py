"""What a page does to those who read it: do they finish, how long does it take, is it sent back, do they ask for help.

Each person counts once, by what happened in the days after the first beginning, and only when these days are over: who
finishes is known sooner than who does not, so a count in between would flatter.

Time is the time worked, gaps of an absence left out: a draft left open overnight is no slow form. It is compared by its
logarithm, since a few slow people would otherwise outweigh all others, and told as a ratio: of the typical (geometric
mean) time, so many percent less. Only those who finished have one; read it beside the completion.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from math import exp, log
from statistics import fmean, median

from yici.rules.words import Words

# One person whose browser sends the same form again and again must not outweigh all others.
MOST_SENT_BACK = 20
LEAST_MINUTES = 1.0  # below it a difference says nothing about the words
_MINUTE = 60


class Told(StrEnum):
    """How an effect is told: in percentage points, in percent of the time, or in times for each person."""

    POINTS = "points"
    RATIO = "ratio"
    TIMES = "times"

    def amount(self, value: float) -> str:
        """Return a difference as it is written.

        >>> Told.POINTS.amount(-0.05), Told.RATIO.amount(-0.2231), Told.TIMES.amount(0.5)
        ('-5.0', '-20.0', '+0.50')
        """
        if self is Told.TIMES:
            return f"{value:+.2f}"
        return f"{100 * (exp(value) - 1 if self is Told.RATIO else value):+.1f}"


@dataclass(frozen=True, slots=True)
class PageMeasure:
    """A measure of a page; ``meaning`` says of what, ``told`` how its effect is written."""

    key: str
    words: Words
    meaning: Words
    told: Told
    higher_is_better: bool = False


OF_A_PAGE: dict[str, PageMeasure] = {
    one.key: one
    for one in (
        PageMeasure(
            "completed",
            Words("完成申请", "Completed"),
            Words(
                "开始填写的人中，在计数的天数内提交申请的占比。",
                "Of the people who began the need: those who submitted it within the days counted.",
            ),
            Told.POINTS,
            higher_is_better=True,
        ),
        PageMeasure(
            "worked_minutes",
            Words("填写用时", "Time to fill in"),
            Words(
                "在计数的天数内提交的人，从开始到提交实际填写的时间，离开的时间不计；按对数比较，以百分比表示。",
                "Of those who submitted within the days counted: the time worked from the beginning to the "
                "submission, absences left out. Compared by logarithms, told in percent.",
            ),
            Told.RATIO,
        ),
        PageMeasure(
            "sent_back",
            Words("退回更正", "Sent back with an error"),
            Words(
                f"每人在计数的天数内因填写有误被页面退回的次数，最多计 {MOST_SENT_BACK} 次。",
                "How often within the days counted a page came back with an error, for each person; "
                f"{MOST_SENT_BACK} times at most.",
            ),
            Told.TIMES,
        ),
        PageMeasure(
            "help_asked",
            Words("求助", "Help asked"),
            Words(
                "开始填写的人中，在计数的天数内从页面求助过的占比。",
                "Of the people who began the need: those who asked for help from one of its pages in these days.",
            ),
            Told.POINTS,
        ),
    )
}


@dataclass(frozen=True, slots=True)
class Sheet:
    """What is counted of one draft until ``until``. ``who``: an opaque name of its person; ``worked`` in seconds."""

    who: str
    inside: bool
    begun_at: datetime
    until: datetime
    submitted_at: datetime | None = None
    worked: int = 0
    sent_back: int = 0
    helped: bool = False


@dataclass(frozen=True, slots=True)
class Reader:
    """One person's days before the pages of a need, all drafts of these days together."""

    inside: bool
    completed: bool
    minutes: float
    sent_back: int
    helped: bool

    def value(self, measure: str) -> float | None:
        """Return the person's value of a measure; None where there is none."""
        if measure == "worked_minutes":
            return log(max(self.minutes, LEAST_MINUTES)) if self.completed else None
        return float({"completed": self.completed, "sent_back": self.sent_back, "help_asked": self.helped}[measure])


@dataclass(frozen=True, slots=True)
class Arm:
    """What one side did, to be read beside the effect: no bound is kept for these. ``minutes``: the median."""

    people: int
    completed: int
    minutes: float | None
    sent_back: float
    helped: int


def readers(sheets: Iterable[Sheet], now: datetime) -> list[Reader]:
    """Return each person whose days are over, once: by the first draft and those begun in its days."""
    of_each: dict[str, list[Sheet]] = defaultdict(list)
    for sheet in sorted(sheets, key=lambda one: (one.begun_at, one.who)):
        of_each[sheet.who].append(sheet)
    return [_reader(own) for _, own in sorted(of_each.items()) if own[0].until <= now]


def _reader(own: Sequence[Sheet]) -> Reader:
    first = own[0]
    counted = [one for one in own if one.begun_at < first.until]
    return Reader(
        inside=first.inside,
        completed=any(one.submitted_at is not None and one.submitted_at < first.until for one in counted),
        minutes=sum(one.worked for one in counted) / _MINUTE,
        sent_back=min(sum(one.sent_back for one in counted), MOST_SENT_BACK),
        helped=any(one.helped for one in counted),
    )


def values(measure: str, people: Iterable[Reader]) -> tuple[list[float], list[float]]:
    """Return the values of a measure: of those in the pilot, and of those outside."""
    groups: tuple[list[float], list[float]] = ([], [])
    for one in people:
        value = one.value(measure)
        if value is not None:
            groups[not one.inside].append(value)
    return groups


def arm(people: Sequence[Reader], *, inside: bool) -> Arm:
    """Return what one side did.

    >>> arm([Reader(True, True, 9.0, 2, False), Reader(True, False, 1.0, 0, True)], inside=True)
    Arm(people=2, completed=1, minutes=9.0, sent_back=1.0, helped=1)
    """
    own = [one for one in people if one.inside is inside]
    minutes = [one.minutes for one in own if one.completed]
    return Arm(
        people=len(own),
        completed=sum(one.completed for one in own),
        minutes=median(minutes) if minutes else None,
        sent_back=fmean(one.sent_back for one in own) if own else 0.0,
        helped=sum(one.helped for one in own),
    )


def worked_since(last: datetime, now: datetime, away: timedelta) -> int:
    """Return the seconds worked since the draft was last touched: none after an absence.

    >>> at = datetime(2018, 3, 5, 9, 0)
    >>> worked_since(at, at + timedelta(minutes=4), timedelta(minutes=30))
    240
    >>> worked_since(at, at + timedelta(hours=14), timedelta(minutes=30))
    0
    """
    gap = now - last
    return int(gap.total_seconds()) if timedelta() < gap <= away else 0
