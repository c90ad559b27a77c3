"""Judges a month of all items, regions and kinds of signal at once, under one declared share of false triggers."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from yici.rules.signals.discovery import discoveries
from yici.rules.signals.funnel import can_tell_dispersion, careful_dispersion
from yici.rules.signals.kinds import SignalKind
from yici.rules.signals.seasons import expected_counts, seasonal_factors
from yici.rules.signals.triggers import FALSE_SHARE, Cell, Trigger, check_judgeable, weighed

RECENT_MONTHS = 12  # the usual rate is that of a year
_YEAR = 12


class Count(NamedTuple):
    """Events out of chances of one kind of signal, item and region in the month that begins on ``month``."""

    kind: SignalKind
    item: str
    region: str
    month: date
    events: int
    of: int


@dataclass(frozen=True, slots=True)
class Found:
    """A cell that is more than chance, and of which kind of signal it is."""

    kind: SignalKind
    trigger: Trigger


def months_before(month: date, other: date) -> int:
    """Return by how many months ``other`` is earlier.

    >>> months_before(date(2018, 3, 1), date(2017, 12, 1))
    3
    """
    return (month.year - other.year) * _YEAR + month.month - other.month


def cells_of(counts: Iterable[Count], month: date) -> list[Cell]:
    """Return a month's counts of one kind beside what volume and season let expect of each.

    The usual rate is that of all items and regions in the year up to the month; the season is believed only where a
    whole year lies before it, so that a bad month is not taken for a season.
    """
    known = list(counts)
    recent = [one for one in known if 0 <= months_before(month, one.month) < RECENT_MONTHS]
    happened, offered = sum(one.events for one in recent), sum(one.of for one in recent)
    rate = happened / offered if offered else 0.0
    now = [one for one in known if one.month == month and one.of]
    expected = expected_counts([(month.month, one.of) for one in now], rate, _season(known, month))
    return [Cell(one.item, one.region, one.events, wanted, one.of) for one, wanted in zip(now, expected, strict=True)]


def _season(known: Sequence[Count], month: date) -> dict[int, float]:
    earlier = [one for one in known if months_before(month, one.month) > 0]
    if len({one.month for one in earlier}) < _YEAR:
        return {}
    return seasonal_factors([(one.month.month, one.events, one.of) for one in earlier])


def judged(counts: Iterable[Count], month: date, *, false_share: float = FALSE_SHARE) -> list[Found]:
    """Return what stands out in a month, the strongest first; of all that, at most ``false_share`` is false.

    Kinds differ in how much places vary, so each has its own dispersion, and a kind too rare to tell has that of all
    kinds together; the chances of all are then weighed together, since ten kinds judged apart would raise ten times as
    many false alarms. Fewer than five events are no evidence, and are weighed as none. Raises CannotJudge.
    """
    kinds: dict[SignalKind, list[Count]] = {}
    for one in counts:
        kinds.setdefault(one.kind, []).append(one)
    cells = {kind: cells_of(kinds[kind], month) for kind in sorted(kinds)}
    of_all = [cell for kind in cells for cell in cells[kind]]
    check_judgeable(of_all, false_share)
    every = [Found(kind, one) for kind in cells for one in weighed(cells[kind], _dispersion(cells[kind], of_all))]
    return [every[place] for place in discoveries([one.trigger.chance for one in every], false_share)]


def _dispersion(cells: Sequence[Cell], of_all: Sequence[Cell]) -> float:
    telling = cells if can_tell_dispersion([cell.expected for cell in cells]) else of_all
    return careful_dispersion([cell.count for cell in telling], [cell.expected for cell in telling])
