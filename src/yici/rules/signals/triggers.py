"""Decides which cells of item and region open a proposal."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf

from yici.rules.refusals import Refusal
from yici.rules.signals.discovery import discoveries
from yici.rules.signals.funnel import careful_dispersion, funnel_limits, upper_chances

FALSE_SHARE = 0.05
FEWEST_EVENTS = 5  # one complaint of one person opens no proposal, whatever the odds; he gets an answer


class CannotJudge(Refusal):
    """Counts or expectations that are none."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One signal of one item in one region: what was counted, and what volume and season let expect.

    ``of``: in how many cases it could have happened; infinite where that is not known.
    """

    item: str
    region: str
    count: int
    expected: float
    of: float = inf

    @property
    def can_tell(self) -> bool:
        """Whether so much was offered that it can become evidence at all.

        What never can is not weighed, so that it does not make the others' evidence weaker (R. Tarone 1990). It is
        decided by volume alone: decided by events, it would hide how much was looked at.
        """
        return self.of >= FEWEST_EVENTS


@dataclass(frozen=True, slots=True)
class Trigger:
    """A cell that is more than chance. ``chance``: of such a count when nothing is wrong, given how places differ."""

    cell: Cell
    chance: float
    dispersion: float

    @property
    def upper(self) -> float:
        """The funnel's upper limit, as a multiple of what was expected; worked out for the few that are shown."""
        return funnel_limits(max(self.cell.expected, 1e-9), self.dispersion).upper

    @property
    def excess(self) -> float:
        """Events above what was to be expected."""
        return self.cell.count - self.cell.expected


def triggers(cells: Sequence[Cell], *, false_share: float = FALSE_SHARE) -> list[Trigger]:
    """Return the cells that stand out, the strongest first; of all triggers at most ``false_share`` are false.

    Cells are of one kind of signal, since kinds differ in how much counties vary. Raises CannotJudge.
    """
    check_judgeable(cells, false_share)
    if not cells:
        return []
    counts, expected = [cell.count for cell in cells], [cell.expected for cell in cells]
    known = weighed(cells, careful_dispersion(counts, expected))
    return [known[place] for place in discoveries([one.chance for one in known], false_share)]


def weighed(cells: Sequence[Cell], dispersion: float) -> list[Trigger]:
    """Return each cell that can tell something with the chance of its count when nothing is wrong."""
    telling = [cell for cell in cells if cell.can_tell]
    chances = evidence([cell.count for cell in telling], [cell.expected for cell in telling], dispersion)
    return [Trigger(cell, chance, dispersion) for cell, chance in zip(telling, chances, strict=True)]


def evidence(counts: Sequence[int], expected: Sequence[float], dispersion: float) -> list[float]:
    """Return for each cell the chance of its count when nothing is wrong; fewer than five events are no evidence.

    They are weighed as none before all cells are weighed together: left out afterwards, the many single events of rare
    kinds would have made room among the discoveries for what is none.

    >>> evidence([4, 9], [0.001, 3.0], 0.0)[0]
    1.0
    """
    chances = upper_chances(counts, expected, dispersion)
    return [float(chance) if count >= FEWEST_EVENTS else 1.0 for count, chance in zip(counts, chances, strict=True)]


def check_judgeable(cells: Sequence[Cell], false_share: float) -> None:
    """Raise CannotJudge for what is no count, no expectation or no share."""
    if not 0 < false_share < 1 or any(cell.count < 0 or cell.expected < 0 for cell in cells):
        raise CannotJudge(
            zh="计数和期望不能为负，误报率应在 0 到 1 之间。",
            en="Counts and expectations are not negative, and the false share lies between 0 and 1.",
        )
