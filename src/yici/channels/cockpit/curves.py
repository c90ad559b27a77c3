"""Promise and flywheel: three curves of a place over two years, its parts in a month, both as files."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from yici.apps.accountability.curves import Curve, Curves, curves
from yici.channels.cockpit.guards import cockpit_only
from yici.channels.cockpit.places import There, as_drawing, csv_file, there
from yici.channels.look.middleware import ViewerRequest

COLUMNS = ("place", "name", "name_en", "measure", "month", "good", "of", "value", "low", "high", "as_of", "meaning")
LEFT, RIGHT, TOP, FLOOR = 44, 352, 14, 144  # of a chart of 360 by 172


@dataclass(frozen=True, slots=True)
class Chart:
    """A curve as drawn: its line with gaps, the band of the intervals, the points, and three months along the axis."""

    curve: Curve
    line: str
    band: str
    points: tuple[tuple[float, float], ...]
    ticks: tuple[tuple[float, str, str], ...]


@require_GET
@cockpit_only
def page(request: ViewerRequest) -> HttpResponse:
    """Show the curves of a place, and its parts in the chosen month."""
    choice = there(request)
    found = curves(request.viewer, choice.code, choice.month) if choice.month else None
    charts = _charts(found) if found else []
    return render(request, "cockpit/curves.html", {"choice": choice, "found": found, "charts": charts})


@require_GET
@cockpit_only
def table(request: ViewerRequest) -> HttpResponse:
    """Give every month of every curve as CSV; what is hidden on the page is empty here."""
    choice, found = _found(request)
    return csv_file(f"curves-{choice.code}-{found.month:%Y-%m}", [COLUMNS, *_rows(found)])


@require_GET
@cockpit_only
def drawing(request: ViewerRequest) -> HttpResponse:
    """Give the curves as SVG, one below the other, with their words inside."""
    choice, found = _found(request)
    context = {"found": found, "charts": _charts(found)}
    answer = render(request, "cockpit/curves.svg.html", context, content_type="image/svg+xml")
    return as_drawing(answer, f"curves-{choice.code}-{found.month:%Y-%m}")


def _found(request: ViewerRequest) -> tuple[There, Curves]:
    choice = there(request)
    if choice.month is None:
        raise Http404
    return choice, curves(request.viewer, choice.code, choice.month)


def _rows(found: Curves) -> Iterator[tuple[object, ...]]:
    as_of = found.as_of and found.as_of.isoformat()
    for curve in found.curves:
        for month, one in zip(found.months, curve.figures, strict=True):
            counts = ("", "") if one.value is None else (one.tally.good, one.tally.of)
            yield (
                found.place.code, found.place.name.zh, found.place.name.en, curve.measure.key, f"{month:%Y-%m}",
                *counts, one.value, one.low, one.high, as_of, curve.measure.meaning.en,
            )  # fmt: skip


def _charts(found: Curves) -> list[Chart]:
    return [_chart(found, one) for one in found.curves]


def _chart(found: Curves, curve: Curve) -> Chart:
    across = (RIGHT - LEFT) / (len(found.months) - 1)
    places = [round(LEFT + number * across, 1) for number in range(len(found.months))]
    known = [(x, one) for x, one in zip(places, curve.figures, strict=True) if one.value is not None]
    line, before = "", -1
    for number, one in enumerate(curve.figures):
        if one.value is not None:
            line += f"{'L' if before == number - 1 and before >= 0 else 'M'}{places[number]} {_height(one.value)}"
            before = number
    band = "".join(f"M{x} {_height(one.low or 0)}V{_height(one.high or 0)}" for x, one in known)
    last = len(places) - 1
    ticks = tuple(
        (places[at], f"{found.months[at]:%Y-%m}", anchor)
        for at, anchor in ((0, "start"), (last // 2, "middle"), (last, "end"))
    )
    return Chart(curve, line, band, tuple((x, _height(one.value or 0)) for x, one in known), ticks)


def _height(share: float) -> float:
    return round(FLOOR - share * (FLOOR - TOP), 1)
