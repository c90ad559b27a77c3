"""Keeps the open figures of places and items when a month is counted, so that a page reads a few of them."""

from collections.abc import Iterator
from datetime import date, datetime

from yici.apps.accountability.models import OpenTally
from yici.apps.accountability.open_figures import MonthFigures, OpenFigure, figures_of, work_out
from yici.rules.scores import NOTHING, Tally

_ROWS = 1000  # inserted at a time


def count_open(month: date, *, now: datetime, measure: str = "") -> None:
    """Work out what everybody may know of a month, of all measures or of one, in place of what stood there."""
    rows = OpenTally.objects.filter(month=month)
    (rows.filter(measure=measure) if measure else rows).delete()
    OpenTally.objects.bulk_create(_rows(work_out(month, now, measure=measure), now), batch_size=_ROWS)


def _rows(found: MonthFigures, now: datetime) -> Iterator[OpenTally]:
    for (measure, place), one in found.places.items():
        yield _row(OpenTally(month=found.month, measure=measure, place=place, counted_at=now), one)
    for (measure, item), one in found.items.items():
        yield _row(OpenTally(month=found.month, measure=measure, item_key=item, counted_at=now), one)


def _row(made: OpenTally, one: OpenFigure) -> OpenTally:
    tally = one.tally or NOTHING
    made.good, made.of, made.hidden, made.left_out = tally.good, tally.of, one.tally is None, one.left_out
    return made


def kept_figures(
    month: date, *, place: str = "", below: str = "", item_key: str = "", measure: str = ""
) -> MonthFigures:
    """Return the open figures of one place, of one item, or of a measure at all places ``below`` a path.

    Of a month that was counted before they were kept, all figures, worked out.
    """
    newest = OpenTally.objects.filter(month=month).order_by().values_list("counted_at", flat=True).first()
    if newest is None:
        return figures_of(month)
    rows = OpenTally.objects.filter(month=month)
    if below:
        rows = rows.filter(place__startswith=below, measure=measure)
    else:
        rows = rows.filter(place=place, item_key=item_key)
    places: dict[tuple[str, str], OpenFigure] = {}
    items: dict[tuple[str, str], OpenFigure] = {}
    for row in rows:
        figure = OpenFigure(None if row.hidden else Tally(row.good, row.of), row.left_out)
        if row.place:
            places[row.measure, row.place] = figure
        else:
            items[row.measure, row.item_key] = figure
    return MonthFigures(month, newest, places=places, items=items)
