"""Draws what a pilot did: the effect with its interval, and the way both groups of counties went."""

from collections.abc import Sequence
from dataclasses import dataclass

from yici.rules.measures import MEASURES, Measure
from yici.rules.page_measures import OF_A_PAGE, PageMeasure, Told
from yici.rules.pilots import Effect

WIDTH, EDGE = 600.0, 20.0
LEFT, FLOOR, TOP = 44.0, 180.0, 20.0


# Every measure a pilot may be judged by, whichever kind it is.
ALL_MEASURES: dict[str, Measure | PageMeasure] = {**MEASURES, **OF_A_PAGE}


@dataclass(frozen=True, slots=True)
class Amounts:
    """An effect as it is written: what it is in (``told``), the estimate, both ends, and those of its picture."""

    told: Told
    value: str
    low: str
    high: str
    left: str
    right: str


def amounts_of(measure: str, effect: Effect, reach: float) -> Amounts:
    """Return an effect in the words of its measure; ``reach``: what the end of its picture stands for."""
    told = OF_A_PAGE[measure].told if measure in OF_A_PAGE else Told.POINTS
    return Amounts(told, *(told.amount(one) for one in (effect.estimate, effect.lower, effect.upper, -reach, reach)))


@dataclass(frozen=True, slots=True)
class Interval:
    """An effect on a line: where zero, the estimate and both ends stand; ``reach``: what the line's ends stand for."""

    zero: float
    estimate: float
    lower: float
    upper: float
    reach: float


@dataclass(frozen=True, slots=True)
class Course:
    """Both groups, period by period, as points; ``begins``: where the pilot begins; ``low``, ``high``: of the scale."""

    inside: tuple[tuple[float, float], ...]
    outside: tuple[tuple[float, float], ...]
    labels: tuple[tuple[float, str], ...]
    begins: float
    low: float
    high: float
    rows: tuple[tuple[str, float, float], ...]


def interval_of(effect: Effect) -> Interval:
    """Return the picture of an effect; zero stands in the middle."""
    reach = max(abs(effect.lower), abs(effect.upper), 0.01)
    middle, scale = WIDTH / 2, (WIDTH / 2 - EDGE) / reach

    def at(value: float) -> float:
        return round(middle + value * scale, 1)

    return Interval(at(0.0), at(effect.estimate), at(effect.lower), at(effect.upper), reach)


def course_of(course: Sequence[Sequence[float]], labels: Sequence[str]) -> Course:
    """Return the picture of both groups; the last period is the pilot."""
    values = [value for pair in course for value in pair]
    low, high = min(values), max(values)
    spread = (high - low) or 1.0
    step = (WIDTH - LEFT - EDGE) / max(len(course) - 1, 1)

    def point(place: int, value: float) -> tuple[float, float]:
        return round(LEFT + place * step, 1), round(FLOOR - (FLOOR - TOP) * (value - low) / spread, 1)

    return Course(
        inside=tuple(point(place, pair[0]) for place, pair in enumerate(course)),
        outside=tuple(point(place, pair[1]) for place, pair in enumerate(course)),
        labels=tuple((round(LEFT + place * step, 1), label) for place, label in enumerate(labels)),
        begins=round(LEFT + (len(course) - 1.5) * step, 1),
        low=low,
        high=high,
        rows=tuple((label, pair[0], pair[1]) for label, pair in zip(labels, course, strict=True)),
    )
