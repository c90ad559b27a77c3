"""The figures of a month as everybody may have them: by county, organisation and item, small numbers protected.

Whoever publishes a figure of these places takes it from here, so that no two publications give away by subtraction
what each of them hides: figures of organisations of ``fewest`` things and more are public (their scorecards show
them); the smaller ones enter the totals only where they are a safe group; items are counted over the same things.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models import Max, Sum

from yici.apps.accountability.models import MonthTally
from yici.apps.places.models import Region
from yici.rules.disclosure import FEWEST, hidden_in, kept_of, may_show_sum
from yici.rules.measures import MEASURES
from yici.rules.scores import NOTHING, Tally

_PLACE = 3 * 13  # characters of a path down to the county: three codes of 12 digits, each followed by a slash
# What was kept, by item; the offices whose things are in no total come as two lists of equal length.
_ITEMS = """
SELECT t.measure, t.item_key, sum(t.good), sum(t."of") FROM accountability_monthtally t
WHERE t.month = %(month)s AND (%(measure)s::text = '' OR t.measure = %(measure)s) AND NOT EXISTS (
  SELECT 1 FROM unnest(%(measures)s::text[], %(offices)s::bigint[]) AS x (measure, office)
  WHERE x.measure = t.measure AND x.office = t.organisation_id)
GROUP BY t.measure, t.item_key
"""


@dataclass(frozen=True, slots=True)
class OpenFigure:
    """A tally that may be published; None where there are things but too few. ``left_out``: offices in no total."""

    tally: Tally | None
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class MonthFigures:
    """All open figures of a month. Keys: measure with the path of a place, an organisation's row, or an item's key."""

    month: date
    as_of: datetime | None
    places: Mapping[tuple[str, str], OpenFigure] = field(default_factory=dict)
    organisations: Mapping[tuple[str, int], OpenFigure] = field(default_factory=dict)
    items: Mapping[tuple[str, str], OpenFigure] = field(default_factory=dict)

    def of_place(self, measure: str, path: str) -> OpenFigure:
        """Return the figure of a county with its towns, of a city or of the province with all below."""
        return self.places.get((measure, path), OpenFigure(NOTHING))

    def of_item(self, measure: str, item: str) -> OpenFigure:
        """Return the figure of an item in the whole province."""
        return self.items.get((measure, item), OpenFigure(NOTHING))


def figures_of(month: date) -> MonthFigures:
    """Return the open figures of a month; the same value until the month is counted again."""
    found = MonthTally.objects.filter(month=month).aggregate(newest=Max("counted_at"), last=Max("pk"))
    return _figures(month, found["newest"], found["last"])


@lru_cache(maxsize=4)
def _figures(month: date, as_of: datetime | None, last: int | None) -> MonthFigures:
    """Work the figures out; ``last`` is the newest row, which is another one whenever the month was counted again."""
    return MonthFigures(month, None) if as_of is None else work_out(month, as_of)


def work_out(month: date, as_of: datetime, *, measure: str = "") -> MonthFigures:
    """Work the open figures of a counted month out of its tallies, of all measures or of one."""
    offices = _offices(month, measure)
    groups: dict[tuple[str, str], dict[int, Tally]] = {}
    for (name, office, path), tally in offices.items():
        groups.setdefault((name, path[:_PLACE]), {})[office] = tally
    kept = {key: kept_of({office: one.of for office, one in group.items()}) for key, group in groups.items()}
    dropped = [(key[0], office) for key, group in groups.items() for office in group if office not in kept[key]]
    return MonthFigures(
        month,
        as_of,
        places=_places(groups, kept),
        organisations={(name, office): _shown(tally) for (name, office, _), tally in offices.items()},
        items=_items(month, measure, dropped),
    )


def _offices(month: date, measure: str) -> dict[tuple[str, int, str], Tally]:
    rows = MonthTally.objects.filter(month=month).order_by()
    if measure:
        rows = rows.filter(measure=measure)
    grouped = rows.values_list("measure", "organisation_id", "organisation__region__path")
    return {
        (name, office, path): Tally(good, of)
        for name, office, path, good, of in grouped.annotate(Sum("good"), Sum("of"))
    }


def _shown(tally: Tally) -> OpenFigure:
    return OpenFigure(tally if tally.of >= FEWEST else None)


def _places(
    groups: Mapping[tuple[str, str], Mapping[int, Tally]], kept: Mapping[tuple[str, str], frozenset[int]]
) -> dict[tuple[str, str], OpenFigure]:
    """Return each place's total of what was kept there and below, with the number of offices left out of it."""
    sums: dict[tuple[str, str], Tally] = {}
    missing: dict[tuple[str, str], int] = {}
    for (measure, path), group in groups.items():
        mine = sum((group[office] for office in kept[measure, path]), NOTHING)
        for above in _and_above(path):
            sums[measure, above] = sums.get((measure, above), NOTHING) + mine
            missing[measure, above] = missing.get((measure, above), 0) + len(group) - len(kept[measure, path])
    return {key: OpenFigure(tally if tally.of >= FEWEST else None, missing[key]) for key, tally in sums.items()}


def _and_above(path: str) -> Iterator[str]:
    """Yield the path of a place and those of the places above.

    >>> [len(one) for one in _and_above("330000000000/330100000000/330122000000/")]
    [39, 26, 13]
    """
    while path:
        yield path
        path = path[:-13]


def _items(month: date, measure: str, dropped: list[tuple[str, int]]) -> dict[tuple[str, str], OpenFigure]:
    names, offices = [name for name, _ in dropped], [office for _, office in dropped]
    terms: dict[str, Any] = {"month": month, "measure": measure, "measures": names, "offices": offices}
    by_measure: dict[str, dict[str, Tally]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_ITEMS, terms)
        for name, item, good, of in cursor:
            by_measure.setdefault(name, {})[item] = Tally(good, of)
    return {(name, item): figure for name, tallies in by_measure.items() for item, figure in _protected(tallies)}


def _protected(tallies: Mapping[str, Tally]) -> Iterator[tuple[str, OpenFigure]]:
    """Yield the items' figures; of a measure whose sum gives its few small items away nothing, not even their keys."""
    counts = {item: tally.of for item, tally in tallies.items()}
    if not may_show_sum(counts):
        return
    hidden = hidden_in(counts)
    for item, tally in tallies.items():
        if tally.of:
            yield item, OpenFigure(None if item in hidden else tally)


def measures_in(figures: MonthFigures) -> list[str]:
    """Return the measures that were counted in a month, in the order in which they are defined."""
    counted = {measure for measure, _ in figures.organisations}
    return [key for key in MEASURES if key in counted]


def counties() -> list[tuple[str, str, str, str]]:
    """Return code, path and both names of every county, in the order of the codes."""
    rows = Region.objects.filter(level=Region.COUNTY, abolished=False).order_by("code")
    return [(row.code, row.path, row.name, row.name_en) for row in rows]
