"""Draws the day of a hall: arrivals and people served by the hour as bars, the middle wait as a line."""

from collections.abc import Sequence
from dataclasses import dataclass

from yici.apps.halls.supply import HourRow

WIDTH, HEIGHT, LEFT, FLOOR = 560, 190, 34, 160
_TOP = 16


@dataclass(frozen=True, slots=True)
class Bar:
    """One hour: where it stands, and the tops of its two bars."""

    hour: int
    x: float
    width: float
    arrivals_y: float
    served_y: float


@dataclass(frozen=True, slots=True)
class Curve:
    """The picture in its own units; ``most`` and ``most_minutes`` are what the top line stands for."""

    bars: tuple[Bar, ...]
    dots: tuple[tuple[float, float], ...]
    most: int
    most_minutes: int


def curve_of(rows: Sequence[HourRow]) -> Curve | None:
    """Return the picture of a day, None for a day without anybody."""
    if not rows:
        return None
    first, last = rows[0].hour, rows[-1].hour
    most = max(row.arrivals for row in rows)
    waits = [row.wait_median for row in rows if row.wait_median is not None]
    most_minutes = max(1, round(max(waits, default=1)))
    step = (WIDTH - LEFT) / max(6, last - first + 1)
    bars = tuple(_bar(row, LEFT + (row.hour - first) * step, step, most) for row in rows)
    dots = tuple(
        (round(LEFT + (row.hour - first + 0.5) * step, 1), _y(row.wait_median, most_minutes))
        for row in rows
        if row.wait_median is not None
    )
    return Curve(bars, dots, most, most_minutes)


def _bar(row: HourRow, x: float, step: float, most: int) -> Bar:
    return Bar(row.hour, round(x + step * 0.1, 1), round(step * 0.38, 1), _y(row.arrivals, most), _y(row.served, most))


def _y(value: float, most: float) -> float:
    return round(FLOOR - (FLOOR - _TOP) * value / most, 1)
