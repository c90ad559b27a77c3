"""From need to licence, and a life event through departments: two pages that choose place, month and event."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from yici.apps.accountability.curves import months_up_to
from yici.apps.accountability.flows import Flow, FlowStep, flow_of
from yici.apps.accountability.funnels import Funnel, busiest_event, events_of, funnel_of, months_with_needs
from yici.apps.places.months import month_of
from yici.channels.cockpit.choosing import MOST_MONTHS
from yici.channels.cockpit.durations import span_words
from yici.channels.cockpit.guards import cockpit_only
from yici.channels.cockpit.places import There, as_drawing, csv_file, there_in
from yici.channels.look.middleware import ViewerRequest
from yici.rules.words import Words

FUNNEL_COLUMNS = ("step", "name", "name_en", "count", "share_of_step_before", "share_of_begun", "median_days", "as_of")
FLOW_COLUMNS = (
    "organisation_kind", "step", "item_en", "name_en", "count", "finished", "waited_p50_days", "waited_p90_days",
    "worked_p50_days", "worked_p90_days", "late", "on_critical_path", "as_of",
)  # fmt: skip
WIDE, HIGH, ACROSS, DOWN = 196, 78, 250, 96  # of a box of the flow, and from one to the next
EMPTY = ("", "")


@dataclass(frozen=True, slots=True)
class Way:
    """What a page is about: place, month and event, with the events to choose from."""

    choice: There
    event: str
    events: dict[str, Words]
    month: date

    def address(self) -> str:
        """Return the words of an address for this choice."""
        return self.choice.address(event=self.event)


@dataclass(frozen=True, slots=True)
class Box:
    """A step as drawn."""

    step: FlowStep
    x: int
    y: int
    critical: bool


@dataclass(frozen=True, slots=True)
class FlowDrawing:
    """Boxes and arrows of a flow; an arrow is a path and whether it lies on the critical path."""

    width: int
    height: int
    boxes: tuple[Box, ...]
    arrows: tuple[tuple[str, bool], ...]


def _way(request: ViewerRequest, *, all_events: bool) -> Way:
    """Read the choice; without one the newest month with needs, where one event must be chosen that of the most."""
    lately = months_up_to(month_of(timezone.now()))
    known = months_with_needs(request.viewer, request.GET.get("place", ""))
    choice = there_in(request, sorted({*lately, *known[:MOST_MONTHS]}, reverse=True), first=(*known, lately[-1])[0])
    month = choice.month or lately[-1]
    events = events_of(request.viewer, choice.code, month)
    event = request.GET.get("event", "")
    if event and event not in events:
        raise Http404
    if not event and not all_events:
        busiest = busiest_event(request.viewer, choice.code, month)
        event = busiest if busiest in events else next(iter(events), "")
    return Way(choice, event, events, month)


def _funnel(request: ViewerRequest) -> tuple[Way, Funnel]:
    way = _way(request, all_events=True)
    found = funnel_of(request.viewer, way.choice.code, way.month, event=way.event)
    return way, found


@require_GET
@cockpit_only
def funnel(request: ViewerRequest) -> HttpResponse:
    """Show how far the needs begun in a month came, and where the others stopped."""
    way, found = _funnel(request)
    most = max(1, found.rows[0].count)
    bars = [(row, round(340 * row.count / most, 1)) for row in found.rows]
    context = {"way": way, "choice": way.choice, "found": found, "bars": bars, "span_words": span_words}
    return render(request, "cockpit/funnel.html", context)


@require_GET
@cockpit_only
def funnel_table(request: ViewerRequest) -> HttpResponse:
    """Give the funnel as CSV."""
    way, found = _funnel(request)
    rows = [
        (row.step.key, row.step.words.zh, row.step.words.en, row.count, row.share, row.of_all, row.days,
         found.as_of and found.as_of.isoformat())
        for row in found.rows
    ]  # fmt: skip
    return csv_file(f"funnel-{way.choice.code}-{way.month:%Y-%m}", [FUNNEL_COLUMNS, *rows])


def _flow(request: ViewerRequest) -> tuple[Way, Flow]:
    way = _way(request, all_events=False)
    return way, flow_of(request.viewer, way.choice.code, way.month, event=way.event)


@require_GET
@cockpit_only
def flow(request: ViewerRequest) -> HttpResponse:
    """Show how an event's applications of a month went through departments."""
    way, found = _flow(request)
    context = {"way": way, "choice": way.choice, "found": found, "drawing": _drawn(found), "span_words": span_words}
    return render(request, "cockpit/flow.html", context)


@require_GET
@cockpit_only
def flow_table(request: ViewerRequest) -> HttpResponse:
    """Give the steps of a flow as CSV."""
    way, found = _flow(request)
    return csv_file(f"flow-{way.event}-{way.choice.code}-{way.month:%Y-%m}", [FLOW_COLUMNS, *_lines(found)])


def _lines(found: Flow) -> Iterator[tuple[object, ...]]:
    for step in found.steps:
        yield (
            step.kind, step.key, step.item.en, step.name.en, step.count, step.finished, *(step.waited or EMPTY),
            *(step.worked or EMPTY), step.late, int(step in found.critical), found.as_of and found.as_of.isoformat(),
        )  # fmt: skip


@require_GET
@cockpit_only
def flow_drawing(request: ViewerRequest) -> HttpResponse:
    """Give the flow as SVG."""
    way, found = _flow(request)
    context = {"way": way, "found": found, "drawing": _drawn(found), "span_words": span_words}
    answer = render(request, "cockpit/flow.svg.html", context, content_type="image/svg+xml")
    return as_drawing(answer, f"flow-{way.event}-{way.choice.code}-{way.month:%Y-%m}")


def _drawn(found: Flow) -> FlowDrawing:
    boxes = {
        step.key: Box(step, column * ACROSS + 4, row * DOWN + 4, step in found.critical)
        for column, layer in enumerate(found.layers)
        for row, step in enumerate(layer)
    }
    chain = [one.key for one in found.critical]
    critical = set(pairwise(chain))
    arrows = tuple((_curve(boxes[start], boxes[end]), (start, end) in critical) for start, end in found.arrows)
    rows = max((len(layer) for layer in found.layers), default=0)
    width = max(1, len(found.layers)) * ACROSS - (ACROSS - WIDE) + 8
    return FlowDrawing(width, max(1, rows) * DOWN, tuple(boxes.values()), arrows)


def _curve(start: Box, end: Box) -> str:
    """Return an arrow from the right of a box to the left of another, ending before its point."""
    x, y, to_x, to_y = start.x + WIDE, start.y + HIGH // 2, end.x - 7, end.y + HIGH // 2
    half = max(18, (to_x - x) // 2)
    return f"M{x} {y}C{x + half} {y} {to_x - half} {to_y} {to_x} {to_y}"
