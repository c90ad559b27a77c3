"""The map to take along: as a table and as a drawing."""

import csv
from collections.abc import Iterator
from io import StringIO

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from yici.apps.accountability.cockpit import CountyMap, map_of
from yici.channels.cockpit.choosing import chosen
from yici.channels.cockpit.drawing import drawn
from yici.channels.cockpit.guards import cockpit_only
from yici.channels.look.middleware import ViewerRequest

COLUMNS = (
    "code", "name", "name_en", "measure", "month", "good", "of", "value", "low", "high", "peers", "expected",
    "verdict", "as_of",
)  # fmt: skip


def _found(request: ViewerRequest) -> CountyMap:
    choice = chosen(request)
    if choice.month is None:
        raise Http404
    return map_of(request.viewer, choice.measure, choice.month)


@require_GET
@cockpit_only
def table(request: ViewerRequest) -> HttpResponse:
    """Give the table of the map as CSV; what is hidden on the page is empty here."""
    found, text = _found(request), StringIO()
    csv.writer(text).writerows([COLUMNS, *_rows(found)])
    # The mark at its beginning makes spreadsheets read the file as UTF-8.
    answer = HttpResponse("\ufeff" + text.getvalue(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{found.measure.key}-{found.month:%Y-%m}.csv"'
    return answer


def _rows(found: CountyMap) -> Iterator[tuple[object, ...]]:
    for line in found.rows:
        one = line.figure
        counts = ("", "") if one.value is None else (one.tally.good, one.tally.of)
        yield (
            line.code, line.name.zh, line.name.en, found.measure.key, f"{found.month:%Y-%m}", *counts, one.value,
            one.low, one.high, one.peers, one.expected, one.verdict and one.verdict.value,
            found.as_of and found.as_of.isoformat(),
        )  # fmt: skip


@require_GET
@cockpit_only
def drawing(request: ViewerRequest) -> HttpResponse:
    """Give the map as SVG, with its colours and its legend inside."""
    found = _found(request)
    answer = render(
        request, "cockpit/map.svg.html", {"found": found, "drawing": drawn(found)}, content_type="image/svg+xml"
    )
    answer["Content-Disposition"] = f'attachment; filename="{found.measure.key}-{found.month:%Y-%m}.svg"'
    return answer
