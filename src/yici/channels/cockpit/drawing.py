"""The map as the templates draw it: each county's shape with the shade and the words of its figure."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TypedDict

from django.utils.translation import gettext as _

from yici.apps.accountability.cockpit import CountyLine, CountyMap
from yici.channels.look.figures import figure_words
from yici.channels.look.languages import say
from yici.rules.county_figures import shades
from yici.rules.measures import Measure

SHAPES = Path(__file__).with_name("counties.json")
NARROWEST = 120  # units of the grid, for a county that looks at itself alone


@dataclass(frozen=True, slots=True)
class Shape:
    """One county on the map: ``shade`` 0 has too few things."""

    code: str
    d: str
    x: int
    y: int
    shade: int
    label: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """The map and its scale; ``scale`` holds each shade with the words of its values."""

    box: str
    shapes: tuple[Shape, ...]
    scale: tuple[tuple[int, str], ...]
    mark: int  # height of the digits, in units of the grid


class Known(TypedDict):
    """A county as the file has it: its outline, and where its digit stands."""

    d: str
    at: tuple[int, int]


@cache
def _shapes() -> dict[str, Known]:
    """Read the boundaries once per process; what they are and from where stands in NOTICE."""
    found: dict[str, Known] = json.loads(SHAPES.read_text(encoding="utf-8"))["counties"]
    return found


def drawn(found: CountyMap) -> Drawing:
    """Return the drawing of the counties that the viewer sees."""
    known = _shapes()
    shapes = tuple(_shape(found, line, known[line.code[:6]]) for line in found.rows if line.code[:6] in known)
    x, y, width, height = _box([known[shape.code[:6]] for shape in shapes])
    return Drawing(f"{x} {y} {width} {height}", shapes, _scale(found.measure), max(4, round(width / 50)))


def _shape(found: CountyMap, line: CountyLine, known: Known) -> Shape:
    x, y = known["at"]
    return Shape(line.code, known["d"], x, y, line.figure.shade, _label(found, line))


def _label(found: CountyMap, line: CountyLine) -> str:
    one, key = line.figure, found.measure.key
    if one.value is None:
        return _("%(name)s: too few to say") % {"name": say(line.name)}
    words = {
        "name": say(line.name),
        "value": figure_words(key, one.value),
        "low": figure_words(key, one.low),
        "high": figure_words(key, one.high),
    }
    return _("%(name)s: %(value)s (%(low)s to %(high)s)") % words


def _box(known: list[Known]) -> tuple[int, int, int, int]:
    """Return the part of the grid that holds these counties: the whole province, a city or one county."""
    boxes = [_bounds(one["d"]) for one in known] or [(0, 0, 1000, 957)]
    west, north = min(one[0] for one in boxes) - 4, min(one[1] for one in boxes) - 4
    width = max(one[2] for one in boxes) - west + 4
    return west, north, max(width, NARROWEST), max(one[3] for one in boxes) - north + 4


@cache
def _bounds(d: str) -> tuple[int, int, int, int]:
    """Return the corners of a shape: each ring begins at a place and goes on in steps."""
    xs, ys = [], []
    for ring in d.strip("z").split("z"):
        begun, _sign, steps = ring.removeprefix("M").partition("l")
        x, y = _numbers(begun)
        xs.append(x)
        ys.append(y)
        moves = _numbers(steps)
        for dx, dy in zip(moves[::2], moves[1::2], strict=True):
            x, y = x + dx, y + dy
            xs.append(x)
            ys.append(y)
    return min(xs), min(ys), max(xs), max(ys)


def _numbers(text: str) -> list[int]:
    return [int(one) for one in text.replace("-", " -").split()]


def _scale(measure: Measure) -> tuple[tuple[int, str], ...]:
    return tuple((number, _range(measure, low, high)) for number, low, high in shades(measure))


def _range(measure: Measure, low: float | None, high: float | None) -> str:
    words = {"low": figure_words(measure.key, low), "high": figure_words(measure.key, high)}
    if low is None:
        return _("under %(high)s") % words
    if high is None:
        return _("%(low)s and more") % words
    return _("%(low)s to under %(high)s") % words
