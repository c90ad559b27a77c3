"""From need to licence: the steps that a need passes, each with the share of the step before."""

from collections.abc import Sequence
from dataclasses import dataclass

from yici.rules.words import Words


@dataclass(frozen=True, slots=True)
class FunnelStep:
    """One step; a need stands at it only when it stood at the step before."""

    key: str
    words: Words
    meaning: Words


FUNNEL: tuple[FunnelStep, ...] = (
    FunnelStep("begun", Words("开始填报", "Begun"), Words("当月新建的草稿。", "Drafts begun in the month.")),
    FunnelStep(
        "planned",
        Words("答完问题、得到方案", "Answered to a plan"),
        Words("决定情形的问题都已回答。", "Every question that decides the situation has its answer."),
    ),
    FunnelStep(
        "submitted", Words("提交", "Submitted"), Words("草稿已提交为申请。", "The draft became an application.")
    ),
    FunnelStep(
        "accepted", Words("受理", "Accepted"), Words("申请的每一件都已受理。", "Every case of it was accepted.")
    ),
    FunnelStep("decided", Words("作出决定", "Decided"), Words("每一件都已作出决定。", "Every case of it was decided.")),
    FunnelStep("granted", Words("准予", "Granted"), Words("每一件都准予。", "Every case of it was granted.")),
    FunnelStep(
        "issued",
        Words("出证", "Licence issued"),
        Words(
            "准予后至少发出一份证照；没有证照的事项到准予为止。",
            "At least one licence was issued; what has none ends granted.",
        ),
    ),
    FunnelStep(
        "delivered",
        Words("送达", "Handed out"),
        Words("发出的证照都已送达。", "Every licence that was issued reached the person."),
    ),
)


@dataclass(frozen=True, slots=True)
class FunnelRow:
    """How many needs stand at a step; ``share`` of the step before, ``of_all`` of the first, None of nothing.

    ``days``: half of those at the step came to it within so many days of the step before; None where no moment is kept.
    """

    step: FunnelStep
    count: int
    share: float | None
    of_all: float | None
    days: float | None


def funnel(counts: Sequence[int], days: Sequence[float | None]) -> tuple[FunnelRow, ...]:
    """Return the rows of a funnel from the counts and median days of its steps, in the order of ``FUNNEL``.

    >>> rows = funnel([10, 8, 4, 4, 2, 1, 0, 0], [None] * 8)
    >>> [row.share for row in rows]
    [None, 0.8, 0.5, 1.0, 0.5, 0.5, 0.0, None]
    """
    before = [0, *counts[:-1]]
    return tuple(
        FunnelRow(step, count, _share(count, last), _share(count, counts[0]), passed)
        for step, count, last, passed in zip(FUNNEL, counts, before, days, strict=True)
    )


def _share(count: int, of: int) -> float | None:
    return round(count / of, 4) if of else None
