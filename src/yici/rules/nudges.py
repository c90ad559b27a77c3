"""Says once, at the right moment, that there is an easier way; never to whoever does not want to hear it.

A nudge tells what is spared in numbers of this person's own plan, and leaves the way that was chosen open. Of the need
it is said once in half a year. Whoever uses the elder version, or is of age at a window, has chosen a person over a
page: there it is not said at all (老年人不会使用智能设备的，应保留传统服务方式, State Council Office 2020 no. 45).
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from yici.rules.items import Outcome
from yici.rules.plans import EvidenceStatus, Mode, Plan
from yici.rules.refusals import Refusal
from yici.rules.words import Words

# 老年人权益保障法 art. 2. At a window nobody knows which version of the pages a person uses; the age is on the card.
OLD_FROM = 60
_FETCHED = {EvidenceStatus.FETCHED, EvidenceStatus.FROM_RESULT}


class CannotAnswerNudge(Refusal):
    """This suggestion cannot be answered like this."""


class NudgeKind(StrEnum):
    """What is suggested."""

    FROM_HOME = "from_home"  # apply now, rather than take a time at a hall
    NEXT_TIME = "next_time"  # what was just done here is done from home the next time
    BY_POST = "by_post"  # the result comes to the house

    @property
    def words(self) -> Words:
        """Return it as people say it."""
        return _KIND_WORDS[self]


_KIND_WORDS = {
    NudgeKind.FROM_HOME: Words("在家办，不必预约", "From home, rather than an appointment"),
    NudgeKind.NEXT_TIME: Words("下次在家办", "From home the next time"),
    NudgeKind.BY_POST: Words("结果寄到家", "The result by post"),
}


class Moment(StrEnum):
    """Where it is said."""

    BOOKING = "booking"
    WINDOW = "window"
    KIOSK = "kiosk"

    @property
    def words(self) -> Words:
        """Return it as people say it."""
        return _MOMENT_WORDS[self]


_MOMENT_WORDS = {
    Moment.BOOKING: Words("预约时", "When booking"),
    Moment.WINDOW: Words("窗口", "At the window"),
    Moment.KIOSK: Words("自助终端", "At the kiosk"),
}


class NudgeAnswer(StrEnum):
    """What the person made of it. ``NEVER``: declined, and no suggestion any more, wherever he goes."""

    FOLLOWED = "followed"
    DECLINED = "declined"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class Listener:
    """Who would hear it: whether he refused to, uses the elder version, and how old he is (None: not known)."""

    refused: bool = False
    elder: bool = False
    age: int | None = None


def may_hear(moment: Moment, listener: Listener) -> bool:
    """Whether a suggestion may be made to somebody at all.

    >>> may_hear(Moment.WINDOW, Listener(age=71)), may_hear(Moment.BOOKING, Listener(age=71))
    (False, True)
    """
    of_age = moment is Moment.WINDOW and listener.age is not None and listener.age >= OLD_FROM
    return not (listener.refused or listener.elder or of_age)


def age_on(born: date | None, today: date) -> int | None:
    """Return the age in full years; None where the day of birth is not known.

    >>> age_on(date(1958, 3, 6), date(2018, 3, 5)), age_on(date(1958, 3, 5), date(2018, 3, 5))
    (59, 60)
    """
    if born is None:
        return None
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def from_home(plan: Plan) -> Words | None:
    """Return what is said to somebody who books a time for a need that takes no visit; None where it takes one.

    While questions are open it is said only where no answer can lead to a visit.
    """
    if plan.mode is not Mode.ZERO or plan.visits_at_most:
        return None
    return _spared("这件事在家就能办，不用预约", "This can be done from home, without an appointment", fetched(plan))


def next_time(promised_visits: int, mode: str, facts: int) -> Words | None:
    """Return what is said to somebody who came for what took no visit; ``facts`` were fetched for him."""
    if mode != Mode.ZERO or promised_visits:
        return None
    return _spared("这件事下次在家就能办", "The next time this can be done from home", facts)


def by_post(outcomes: tuple[Outcome, ...]) -> Words | None:
    """Return what is said to somebody whose paper results would be collected although they can be posted."""
    handed = [one for one in outcomes if one.licence or "electronic" not in one.delivery]
    if not handed or not all("electronic" in one.delivery or "post" in one.delivery for one in handed):
        return None
    return Words("纸质结果可以寄到家，少来一次大厅。", "Results on paper can be posted: one way to the hall less.")


def fetched(plan: Plan) -> int:
    """Return how many facts of a plan the government fetches, each once."""
    return sum(row.status in _FETCHED and row.same_as is None for row in plan.evidence)


def _spared(zh: str, en: str, facts: int) -> Words:
    if not facts:
        return Words(f"{zh}：跑 0 次。", f"{en}: 0 visits.")
    counted = "1 fact is fetched for you" if facts == 1 else f"{facts} facts are fetched for you"
    return Words(f"{zh}：跑 0 次，{facts} 项信息由政府替您取得。", f"{en}: 0 visits, {counted}.")
