"""Draws the typical day of a hall: who comes by the quarter hour, windows open and planned, waits and the promise."""

from collections.abc import Sequence
from dataclasses import dataclass

from yici.apps.halls.demand import PastHour
from yici.apps.halls.supply import QuarterRow
from yici.rules.supply import HourSupply

WIDTH, LEFT, FLOOR, TOP = 720.0, 40.0, 176.0, 18.0
QUARTER = 15


@dataclass(frozen=True, slots=True)
class DayCurve:
    """The picture in its own units: bars (x, y, height), lines as points, hours at the foot (x, hour).

    ``most``: people a quarter hour that the top line stands for; ``most_windows``: windows; ``most_minutes``: minutes.
    """

    bars: tuple[tuple[float, float, float], ...]
    bar_width: float
    opened: str
    planned: str
    waits: tuple[tuple[float, float], ...]
    wait_line: str
    promise_y: float
    hours: tuple[tuple[float, int], ...]
    most: float
    most_windows: int
    most_minutes: int


def day_curve(
    quarters: Sequence[QuarterRow], past: Sequence[PastHour], planned: Sequence[HourSupply], minutes: float
) -> DayCurve:
    """Return the picture of a typical day; ``minutes`` is the promise."""
    first = min(row.demand.hour for row in past)
    last = max(row.demand.hour for row in past) + 1
    scale = (WIDTH - LEFT) / ((last - first) * 60)

    def x(minute: float) -> float:
        return round(LEFT + (minute - first * 60) * scale, 1)

    most = max(row.arrivals for row in quarters)
    most_windows = max(*(hour.windows for hour in planned), *(round(row.windows + 0.5) for row in past))
    waits = [(row.starts, row.wait_p90) for row in quarters if row.wait_p90 is not None]
    most_minutes = max(round(minutes), *(round(wait) for _, wait in waits), 1) if waits else max(round(minutes), 1)
    bars = ((x(row.starts), row.arrivals) for row in quarters)
    return DayCurve(
        bars=tuple((at, y, round(FLOOR - y, 1)) for at, count in bars for y in [_y(count, most)]),
        bar_width=round(13 * scale, 1),
        opened=_steps([(x(row.demand.hour * 60), _y(row.windows, most_windows)) for row in past], 60 * scale),
        planned=_steps([(x(one.hour * 60), _y(one.windows, most_windows)) for one in planned], 60 * scale),
        waits=tuple((round(x(starts) + 6.5 * scale, 1), _y(wait, most_minutes)) for starts, wait in waits),
        wait_line=_wait_line([(at, round(x(at) + 6.5 * scale, 1), _y(wait, most_minutes)) for at, wait in waits]),
        promise_y=_y(minutes, most_minutes),
        hours=tuple((x(hour * 60), hour) for hour in range(first, last)),
        most=most,
        most_windows=most_windows,
        most_minutes=most_minutes,
    )


def _y(value: float, most: float) -> float:
    return round(FLOOR - (FLOOR - TOP) * min(value / most, 1), 1)


def _steps(places: Sequence[tuple[float, float]], width: float) -> str:
    """Return a path of flat pieces, one an hour; hours in which nobody comes leave a gap."""
    path, ends = list[str](), -1.0
    for x, y in places:
        path.append(f"{'L' if abs(x - ends) < 1 else 'M'}{x} {y}H{x + width:.1f}")
        ends = x + width
    return " ".join(path)


def _wait_line(waits: Sequence[tuple[int, float, float]]) -> str:
    """Return a path through the dots (quarter, x, y) that breaks where a quarter of an hour has none."""
    path, before = list[str](), -1
    for starts, x, y in waits:
        path.append(f"{'L' if starts - before == QUARTER else 'M'}{x} {y}")
        before = starts
    return " ".join(path)
