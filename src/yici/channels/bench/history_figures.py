"""Draws what process logs say: how long cases took, and how work passed from one to another."""

from collections.abc import Sequence
from dataclasses import dataclass

from yici.rules.process_logs import BANDS, HandOver, ProcessReport

WIDTH, FLOOR, TOP, LEFT = 640.0, 190.0, 24.0, 40.0
MOST_FLOWS = 10
ROW, WIDEST = 40.0, 26.0
LONGEST_NAME = 22


@dataclass(frozen=True, slots=True)
class Band:
    """One band of days: two bars side by side, each as the share of its own cases (0–1) and the height of its top."""

    label: str
    x: float
    width: float
    theirs: float
    theirs_y: float
    ours: float
    ours_y: float


@dataclass(frozen=True, slots=True)
class Spread:
    """How long cases took; ``most`` is the share that the top line stands for."""

    bands: tuple[Band, ...]
    most: float
    has_ours: bool


@dataclass(frozen=True, slots=True)
class Link:
    """One hand-over as a ribbon from its giver's place to its own row."""

    hand_over: HandOver
    taker: str
    path: str
    thickness: float
    y: float


@dataclass(frozen=True, slots=True)
class Flow:
    """The main hand-overs: who gives stands left, each hand-over has its row at the right."""

    givers: tuple[tuple[str, float], ...]
    links: tuple[Link, ...]
    height: float


def spread_of(theirs: ProcessReport, ours: ProcessReport | None) -> Spread:
    """Return the bars of both, in shares, so that a thousand cases and ten can be compared."""
    one = [count / theirs.cases for count in theirs.spread]
    other = [count / ours.cases for count in ours.spread] if ours else [0.0] * len(one)
    most = max(*one, *other)
    step = (WIDTH - LEFT) / len(one)
    labels = [*(f"≤{band}" for band in BANDS), f">{BANDS[-1]}"]
    bands = tuple(
        Band(
            label,
            round(LEFT + place * step + step * 0.1, 1),
            round(step * 0.36, 1),
            one[place],
            _y(one[place], most),
            other[place],
            _y(other[place], most),
        )
        for place, label in enumerate(labels)
    )
    return Spread(bands, most, ours is not None)


def _y(share: float, most: float) -> float:
    return round(FLOOR - (FLOOR - TOP) * share / most, 1)


def flow_of(hand_overs: Sequence[HandOver]) -> Flow | None:
    """Return the first hand-overs of a report as a drawing, None when nobody hands anything to anybody.

    Rows are ordered by giver, so that ribbons cross as little as two columns allow.
    """
    chosen = sorted(hand_overs[:MOST_FLOWS], key=lambda one: (one.giver, -one.count, one.taker))
    if not chosen:
        return None
    most = max(one.count for one in chosen)
    rows = {id(one): 24 + place * ROW for place, one in enumerate(chosen)}
    places: dict[str, list[float]] = {}
    for one in chosen:
        places.setdefault(one.giver, []).append(rows[id(one)])
    middle = {giver: sum(ys) / len(ys) for giver, ys in places.items()}
    links = tuple(_link(one, middle[one.giver], rows[id(one)], most) for one in chosen)
    givers = tuple((_short(giver), round(y, 1)) for giver, y in middle.items())
    return Flow(givers, links, 24 + len(chosen) * ROW)


def _link(one: HandOver, begins: float, ends: float, most: int) -> Link:
    path = f"M170 {begins:.1f}C250 {begins:.1f} 260 {ends:.1f} 340 {ends:.1f}"
    return Link(one, _short(one.taker), path, round(max(WIDEST * one.count / most, 1.5), 1), ends)


def _short(name: str) -> str:
    """Return a name that fits beside the drawing; the table below has it whole."""
    shown = name or "—"
    wide = sum(2 if ord(char) > 0x2E80 else 1 for char in shown)
    most = LONGEST_NAME // 2 if wide > len(shown) else LONGEST_NAME - 1
    return shown if wide <= LONGEST_NAME else f"{shown[:most]}…"
