"""The rows of the open datasets, each as published: values in the order of the dataset's columns, None for nothing."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any

from yici.apps.accountability.open_figures import MonthFigures, OpenFigure, counties, figures_of, measures_in
from yici.apps.accountability.statistics import halls_statistics
from yici.apps.catalogue import queries as catalogue
from yici.apps.places.models import Organisation
from yici.apps.reform import queries as reform
from yici.apps.reviews import published
from yici.apps.reviews.views import Published
from yici.rules.codes import ZHEJIANG
from yici.rules.county_figures import figure
from yici.rules.items import Period
from yici.rules.measures import MEASURES

Row = tuple[Any, ...]
NOTHING_SHOWN = ("hidden", None, None, None, None, None)


def rows_of(dataset: str, month: date, *, now: datetime) -> Iterator[Row]:
    """Yield the rows of a dataset as it may be published. ``month`` matters to monthly ones. Raises KeyError."""
    return _ROWS[dataset](month, now)


def figure_cells(measure: str, found: OpenFigure) -> Row:
    """Return measure, status, good, of, value, low and high."""
    if found.tally is None:
        return (measure, *NOTHING_SHOWN)
    shown = figure(MEASURES[measure], found.tally)
    return measure, "shown", found.tally.good, found.tally.of, shown.value, shown.low, shown.high


def _has_things(found: OpenFigure) -> bool:
    return found.tally is None or found.tally.of > 0


def _counties(month: date, now: datetime) -> Iterator[Row]:
    found = figures_of(month)
    for code, path, name, name_en in counties():
        for measure in measures_in(found):
            one = found.of_place(measure, path)
            if _has_things(one):
                cells = figure_cells(measure, one)
                yield f"{month:%Y-%m}", code, name, name_en, *cells, one.left_out, found.as_of


def _organisations(month: date, now: datetime) -> Iterator[Row]:
    found = figures_of(month)
    for row in _with_figures(found):
        for measure in measures_in(found):
            one = found.organisations.get((measure, row.pk))
            if one is not None and _has_things(one):
                begin = f"{month:%Y-%m}", str(row.public_id), row.region.code, row.name, row.name_en
                yield *begin, *figure_cells(measure, one), found.as_of


def _with_figures(found: MonthFigures) -> Iterable[Organisation]:
    keys = {organisation for _, organisation in found.organisations}
    return Organisation.objects.filter(pk__in=keys).select_related("region").order_by("region__code", "kind")


def _items(month: date, now: datetime) -> Iterator[Row]:
    found = figures_of(month)
    names = catalogue.catalogue_for(ZHEJIANG.text).items
    for measure, key in sorted(found.items, key=lambda one: (one[1], one[0])):
        name = names[key].name if key in names else None
        cells = figure_cells(measure, found.items[measure, key])
        yield f"{month:%Y-%m}", key, name and name.zh, name and name.en, *cells, found.as_of


def _halls(month: date, now: datetime) -> Iterator[Row]:
    for one in halls_statistics(month):
        waiting = one.waiting or (None, None, None)
        status = "hidden" if one.called is None else "shown"
        yield f"{month:%Y-%m}", str(one.key), one.name.zh, one.name.en, status, one.called, *waiting


def _catalogue(month: date, now: datetime) -> Iterator[Row]:
    for key, one in sorted(catalogue.catalogue_for(ZHEJIANG.text).items.items()):
        times = _period(one.statutory), _period(one.promised)
        counts = one.fee.amount_fen / 100, len(one.requirements), len(one.presences)
        audience = " ".join(one.audience)
        yield (
            key, one.code, one.name.zh, one.name.en, one.organisation, audience, *times, *counts,
            str(one.standardised).lower(),
        )  # fmt: skip


def _period(one: Period) -> str:
    return f"{one.value}{one.unit}"


def _changes(month: date, now: datetime) -> Iterator[Row]:
    for one in reform.ledger():
        row = one.amendment
        sentences = [_joined(lines, tongue) for tongue in ("zh", "en") for lines in (one.gains, one.losses)]
        yield (
            str(one.public_id), row.item_key, row.name, row.name_en, one.published_at, one.in_force_on, *sentences
        )  # fmt: skip


def _joined(lines: Sequence[dict[str, Any]], tongue: str) -> str:
    return {"zh": "；", "en": "; "}[tongue].join(line["sentence"][tongue] for line in lines)


def _reviews(month: date, now: datetime) -> Iterator[Row]:
    found = published.overview(ZHEJIANG.text, now=now)
    for scope, ones in (("hall", found.halls), ("organisation", found.organisations), ("item", found.items)):
        for one in ones:
            yield _review(scope, one)


def _review(scope: str, one: Published) -> Row:
    shown = one.figures
    given = shown.tally.given if shown.tally else None
    about = scope, one.key, one.name.zh, one.name.en
    return *about, shown.since, shown.as_of, given, shown.satisfied, shown.coverage


_ROWS: dict[str, Callable[[date, datetime], Iterator[Row]]] = {
    "measures-by-county": _counties,
    "measures-by-organisation": _organisations,
    "measures-by-item": _items,
    "hall-waiting": _halls,
    "items": _catalogue,
    "changes": _changes,
    "reviews": _reviews,
}
