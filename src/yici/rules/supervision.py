"""Supervision (督办): what a sweep finds at a ticket or a case, how hard it presses, and the cards a unit may get.

The ladder is 日常督办 → 挂牌督办 → 约谈; it climbs with the working days overdue. A card is answered by the unit and
may be contested; a contested card is settled by somebody else than the one who gave it.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from yici.rules.clock_courses import local_day
from yici.rules.clocks import Colour
from yici.rules.refusals import Refusal
from yici.rules.tickets import Level
from yici.rules.words import Words
from yici.rules.working_days import Calendar


class CannotSupervise(Refusal):
    """A supervision, a card, an explanation or a contest that cannot be like that."""


class Reason(StrEnum):
    """Why something is supervised (济南 art. 28)."""

    STEP_OVERDUE = "step_overdue"
    OVERDUE = "overdue"
    DISSATISFIED = "dissatisfied"
    REPEATED = "repeated"
    REFUSED = "refused"
    OTHER = "other"

    @property
    def words(self) -> Words:
        """Return the reason as the unit reads it."""
        return _REASON_WORDS[self]


_REASON_WORDS = {
    Reason.STEP_OVERDUE: Words("环节超期", "A step is overdue"),
    Reason.OVERDUE: Words("总时限超期", "The whole time is over"),
    Reason.DISSATISFIED: Words("重办后仍不满意", "Dissatisfied again after handling once more"),
    Reason.REPEATED: Words("多次、集中反映未解决", "Raised many times and not solved"),
    Reason.REFUSED: Words("对职责内事项拒不接收", "Refused although it is the unit's duty"),
    Reason.OTHER: Words("其他需要督办的事项", "Other matters to supervise"),
}


@dataclass(frozen=True, slots=True)
class Dial:
    """One clock as a sweep sees it: when it turns amber and when it is broken."""

    amber_at: datetime
    due_at: datetime

    def colour(self, now: datetime) -> Colour:
        """Return neutral, amber from its moment on, red once it is broken."""
        if now >= self.due_at:
            return Colour.RED
        return Colour.AMBER if now >= self.amber_at else Colour.NEUTRAL


@dataclass(frozen=True, slots=True)
class Ladder:
    """After how many working days overdue the next levels begin."""

    listed_after: int
    interview_after: int

    def level(self, due_at: datetime, now: datetime, calendar: Calendar) -> Level:
        """Return the level that a broken clock asks for; NONE while it is not broken.

        Only working days that are over count: a limit that ended on Monday is three days overdue on Friday.
        """
        if now < due_at:
            return Level.NONE
        late = calendar.working_days_between(local_day(due_at), local_day(now))
        if late >= self.interview_after:
            return Level.INTERVIEW
        return Level.LISTED if late >= self.listed_after else Level.DAILY


@dataclass(frozen=True, slots=True)
class Finding:
    """What a sweep has to do about one ticket or case: reminders by clock and colour, and the level it now needs."""

    reminders: tuple[tuple[str, Colour], ...]
    level: Level
    reason: Reason | None


def examine(dials: dict[str, Dial], ladder: Ladder, now: datetime, calendar: Calendar) -> Finding:
    """Return what is to be done; ``dials`` holds "step" and "total" where they run.

    The level follows the clock that has been broken longest; the whole time weighs more than a step when both are.
    """
    colours = {name: dial.colour(now) for name, dial in dials.items()}
    reminders = tuple((name, colour) for name, colour in colours.items() if colour is not Colour.NEUTRAL)
    levels = {name: ladder.level(dial.due_at, now, calendar) for name, dial in dials.items()}
    level = max(levels.values(), default=Level.NONE)
    if level is Level.NONE:
        return Finding(reminders, level, None)
    return Finding(reminders, level, Reason.OVERDUE if levels.get("total") == level else Reason.STEP_OVERDUE)


class CardColour(StrEnum):
    """How serious a card is: yellow warns, red counts in the assessment."""

    YELLOW = "yellow"
    RED = "red"

    @property
    def words(self) -> Words:
        """Return the card as the unit reads it."""
        return Words("黄牌", "Yellow card") if self is CardColour.YELLOW else Words("红牌", "Red card")


class CardState(StrEnum):
    """Where a card stands."""

    ISSUED = "issued"
    EXPLAINED = "explained"
    CONTESTED = "contested"
    STANDS = "stands"
    LIFTED = "lifted"

    @property
    def words(self) -> Words:
        """Return the state as lists show it."""
        return _CARD_WORDS[self]

    @property
    def counts(self) -> bool:
        """Whether the card counts against the unit: a lifted one stays visible and counts no more."""
        return self is not CardState.LIFTED


_CARD_WORDS = {
    CardState.ISSUED: Words("待说明", "To be explained"),
    CardState.EXPLAINED: Words("已说明", "Explained"),
    CardState.CONTESTED: Words("申诉中", "Contested"),
    CardState.STANDS: Words("申诉未成立", "Contest dismissed"),
    CardState.LIFTED: Words("申诉成立，已撤销", "Contest upheld, lifted"),
}


def card_for(level: Level) -> CardColour | None:
    """Return the card that comes with a level: listing is a yellow one, an interview a red one.

    >>> card_for(Level.LISTED).value
    'yellow'
    """
    return {Level.LISTED: CardColour.YELLOW, Level.INTERVIEW: CardColour.RED}.get(level)


def explain_card(state: CardState, text: str) -> CardState:
    """Return the state after the unit has explained. Raises CannotSupervise for a second or an empty explanation."""
    _check_text(text)
    if state is not CardState.ISSUED:
        raise CannotSupervise(zh="这张牌已经说明过。", en="This card has been explained already.")
    return CardState.EXPLAINED


def contest_card(state: CardState, text: str, *, in_time: bool) -> CardState:
    """Return the state after the unit has contested a card: once, in time, with grounds. Raises CannotSupervise."""
    _check_text(text)
    if state not in {CardState.ISSUED, CardState.EXPLAINED} or not in_time:
        raise CannotSupervise(
            zh="每张牌只能在期限内申诉一次。申诉已有结果或期限已过。",
            en="A card is contested once, and in time. It has been, or the time is over.",
        )
    return CardState.CONTESTED


def settle_contest(state: CardState, *, uphold: bool, reason: str, same_hand: bool) -> CardState:
    """Return the state after somebody else has settled the contest. Raises CannotSupervise."""
    _check_text(reason)
    if state is not CardState.CONTESTED:
        raise CannotSupervise(zh="这张牌没有申诉。", en="Nobody has contested this card.")
    if same_hand:
        raise CannotSupervise(
            zh="发牌人不能审理对这张牌的申诉。请由另一位工作人员审理。",
            en="Whoever gave the card does not settle the contest against it. Let a colleague do it.",
        )
    return CardState.LIFTED if uphold else CardState.STANDS


def _check_text(text: str) -> None:
    if not text.strip():
        raise CannotSupervise(zh="请写明情况和理由。", en="Write what happened and why.")
