"""What a pilot goes through, what must be declared before it starts, and when it may end."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from yici.rules.measures import MEASURES
from yici.rules.page_measures import OF_A_PAGE
from yici.rules.pilots import FEWEST, CannotPilot, bounds
from yici.rules.words import Words

# Measures that a single case has, beside those of a page: only these can be told apart by who was in the pilot.
OF_A_CASE = ("no_correction", "zero_visit", "promised_time", "statutory_time")
FEWEST_PLANNED, MOST_PLANNED, MOST_LOOKS, MOST_MONTHS = 20, 1_000_000, 10, 24
FEWEST_MONTHS = 2  # two points before make a way; one would prove any two groups alike


class PilotState(StrEnum):
    """Where a pilot stands. From ``ENDED`` on the revision still holds for those in it, until one act settles it."""

    DECLARED = "declared"
    RUNNING = "running"
    ENDED = "ended"
    ADOPTED = "adopted"
    EXTENDED = "extended"
    ROLLED_BACK = "rolled_back"

    @property
    def words(self) -> Words:
        """Return it as people say it."""
        return _STATE_WORDS[self]


_STATE_WORDS = {
    PilotState.DECLARED: Words("已申报", "declared"),
    PilotState.RUNNING: Words("进行中", "running"),
    PilotState.ENDED: Words("已结束，待定", "ended, to be decided"),
    PilotState.ADOPTED: Words("已推广", "adopted"),
    PilotState.EXTENDED: Words("已扩大", "extended"),
    PilotState.ROLLED_BACK: Words("已撤回", "rolled back"),
}


@dataclass(frozen=True, slots=True)
class PilotPlan:
    """What is declared: the measure, who is in it, and when it is looked at and ends.

    ``share`` of people, or ``county_count`` counties; ``planned`` results (people, or cases in both groups of
    counties); ``looks``: shares of them, the last is 1. Counties are looked at once, at the end.
    """

    measure: str
    share: float | None
    county_count: int | None
    before_months: int
    planned: int
    looks: tuple[float, ...]
    last_day: date


def check_plan(plan: PilotPlan, today: date) -> None:
    """Raise CannotPilot for a declaration by which nothing could be told.

    >>> check_plan(PilotPlan("no_correction", 0.5, None, 0, 100, (0.5, 1.0), date(2018, 9, 1)), date(2018, 3, 1))
    """
    if plan.measure not in (*OF_A_CASE, *OF_A_PAGE):
        known = [*(MEASURES[key].words for key in OF_A_CASE), *(one.words for one in OF_A_PAGE.values())]
        raise CannotPilot(
            zh=f"试点只能用每件办件或每个填写的人都有的指标：{'、'.join(one.zh for one in known)}。",
            en="A pilot is judged by a measure that a single case has, or a single reader of a page: "
            f"{', '.join(one.en for one in known)}.",
        )
    _check_who(plan)
    if not FEWEST_PLANNED <= plan.planned <= MOST_PLANNED:
        raise CannotPilot(
            zh=f"计划结果数应在 {FEWEST_PLANNED} 到 {MOST_PLANNED} 之间。",
            en=f"Plan for {FEWEST_PLANNED} to {MOST_PLANNED} results.",
        )
    if plan.last_day <= today:
        raise CannotPilot(zh="最后一天应在今天之后。", en="The last day lies after today.")
    _check_looks(plan)


def _check_who(plan: PilotPlan) -> None:
    if plan.measure in OF_A_PAGE and plan.county_count is not None:
        raise CannotPilot(
            zh="页面指标按人的比例试：页面不需要整个单位一起改，按人比较最可靠。",
            en="A measure of a page is tried on a share of people: no office has to take part as a whole, and people "
            "are the surest comparison.",
        )
    by_people = plan.share is not None and 0 < plan.share < 1 and plan.county_count is None
    by_counties = plan.share is None and plan.county_count is not None and plan.county_count >= FEWEST
    if not by_people and not by_counties:
        raise CannotPilot(
            zh=f"请选择参加的人的比例（0 到 1 之间），或至少 {FEWEST} 个县。",
            en=f"Choose a share of people between 0 and 1, or at least {FEWEST} counties.",
        )
    if by_counties and not FEWEST_MONTHS <= plan.before_months <= MOST_MONTHS:
        raise CannotPilot(
            zh=f"按县比较需要试点前 {FEWEST_MONTHS} 到 {MOST_MONTHS} 个整月。",
            en=f"Counties are compared by {FEWEST_MONTHS} to {MOST_MONTHS} whole months before.",
        )


def _check_looks(plan: PilotPlan) -> None:
    bounds(plan.looks)
    if plan.looks[-1] != 1 or len(plan.looks) > MOST_LOOKS or (plan.share is None and len(plan.looks) > 1):
        raise CannotPilot(
            zh=f"查看时点最后一个应为 1，最多 {MOST_LOOKS} 个；按县的试点只在结束时看一次。",
            en=f"The last look is at 1, and there are {MOST_LOOKS} at most; counties are looked at once, at the end.",
        )


def place_of_look(looks: Sequence[float], results: int, planned: int, *, is_over: bool) -> int | None:
    """Return the last declared look that has been reached, None before the first; once over, it is the last.

    >>> place_of_look([0.5, 1.0], 49, 100, is_over=False), place_of_look([0.5, 1.0], 50, 100, is_over=False)
    (None, 0)
    """
    reached = [place for place, share in enumerate(looks) if results >= share * planned]
    if is_over:
        return len(looks) - 1
    return reached[-1] if reached else None
