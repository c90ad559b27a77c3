"""Promise and flywheel: how a place kept its promises, month by month, and how much of what was needed was fetched."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Sum

from yici.apps.accountability.cockpit import NoSuchCounty
from yici.apps.accountability.models import MonthTally, PlaceTally
from yici.apps.people.viewers import Viewer
from yici.apps.places.models import Organisation, Region
from yici.rules.county_figures import Figure, figure
from yici.rules.measures import MEASURES, Measure
from yici.rules.scores import NOTHING, Tally
from yici.rules.words import Words

MONTHS = 24
CURVES = ("visits_kept", "zero_visit", "requirements_fetched")


@dataclass(frozen=True, slots=True)
class Curve:
    """One measure of a place; ``figures`` holds one for each month, the oldest first."""

    measure: Measure
    figures: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class PartLine:
    """An organisation of a county, or a city or county of a larger place, with the figures of a month."""

    key: str  # public id of an organisation, code of a region
    name: Words
    figures: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """A province, city or county that a viewer may choose."""

    code: str
    name: Words
    level: int
    is_county: bool


@dataclass(frozen=True, slots=True)
class Curves:
    """The curves of a place over two years up to a month, as of a moment, and its parts in that month."""

    place: Place
    month: date
    months: tuple[date, ...]
    curves: tuple[Curve, ...]
    parts: tuple[PartLine, ...]
    as_of: datetime | None


def places_of(viewer: Viewer) -> list[Place]:
    """Return the province, cities and counties of the viewer's jurisdiction, in the order of their codes."""
    rows = Region.objects.within(viewer.region_path or "-").filter(level__lte=Region.COUNTY, abolished=False)
    return [_place(row) for row in rows.order_by("code")]


def curves(viewer: Viewer, code: str, month: date) -> Curves:
    """Return the curves of a place of the viewer's jurisdiction, "" for the whole of it. Raises NoSuchCounty.

    Everything below the place counts, its own offices too: five queries, however many cases.
    """
    row = region_of(viewer, code)
    months = months_up_to(month)
    tallies, as_of = _tallies(row, months)
    found = tuple(
        Curve(MEASURES[key], tuple(figure(MEASURES[key], tallies.get((key, one), NOTHING)) for one in months))
        for key in CURVES
    )
    return Curves(_place(row), month, months, found, _parts(row, month), as_of)


def region_of(viewer: Viewer, code: str) -> Region:
    """Return a province, city or county of the viewer's jurisdiction, "" for the whole of it. Raises NoSuchCounty."""
    rows = Region.objects.within(viewer.region_path or "-").filter(level__lte=Region.COUNTY)
    row = (rows.filter(code=code) if code else rows.order_by("level", "code")).first()
    if row is None:
        raise NoSuchCounty
    return row


def months_up_to(month: date) -> tuple[date, ...]:
    """Return two years of months up to this one, the oldest first.

    >>> months_up_to(date(2018, 3, 1))[0]
    datetime.date(2016, 4, 1)
    """
    return tuple(
        date(number // 12, number % 12 + 1, 1)
        for number in range(month.year * 12 + month.month - MONTHS, month.year * 12 + month.month)
    )


def _place(row: Region) -> Place:
    return Place(row.code, Words(row.name, row.name_en), row.level, row.level == Region.COUNTY)


def _tallies(row: Region, months: tuple[date, ...]) -> tuple[dict[tuple[str, date], Tally], datetime | None]:
    rows = PlaceTally.objects.filter(region=row, measure__in=CURVES, month__in=months).order_by()
    found: dict[tuple[str, date], Tally] = {}
    newest: list[datetime] = []
    for key, month, good, of, counted_at in rows.values_list("measure", "month", "good", "of", "counted_at"):
        found[key, month] = Tally(good, of)
        newest.append(counted_at)
    return found, max(newest, default=None)


def _parts(row: Region, month: date) -> tuple[PartLine, ...]:
    """Return the organisations of a county, or what lies one level below a larger place; its own offices on a line."""
    found: dict[str, dict[str, Tally]] = {}
    for part, measure, good, of in _of_offices(row, month) if row.level == Region.COUNTY else _of_places(row, month):
        found.setdefault(str(part), {})[measure] = Tally(good, of)
    names = _offices(row) if row.level == Region.COUNTY else _places(row)
    lines = [PartLine(part, names[part], _figures(mine)) for part, mine in found.items() if part in names]
    return tuple(sorted(lines, key=lambda one: (-one.figures[1].tally.of, one.name.zh)))


_Row = tuple[object, str, int, int]


def _of_offices(row: Region, month: date) -> Iterator[_Row]:
    """Yield the tallies of the offices of a place and below, by the row's public id."""
    within = MonthTally.objects.filter(measure__in=CURVES, month=month, organisation__region__path__startswith=row.path)
    grouped = within.order_by().values_list("organisation__public_id", "measure")
    yield from grouped.annotate(Sum("good"), Sum("of"))


def _of_places(row: Region, month: date) -> Iterator[_Row]:
    """Yield the tallies of the places one level below by their codes, and its own offices' under its own."""
    below = PlaceTally.objects.filter(
        measure__in=CURVES, month=month, region__path__startswith=row.path, region__level=row.level + 1
    )
    yield from below.order_by().values_list("region__code", "measure", "good", "of")
    own = MonthTally.objects.filter(measure__in=CURVES, month=month, organisation__region=row)
    grouped = own.order_by().values_list("measure").annotate(Sum("good"), Sum("of"))
    yield from ((row.code, measure, good, of) for measure, good, of in grouped)


def _figures(mine: Mapping[str, Tally]) -> tuple[Figure, ...]:
    return tuple(figure(MEASURES[key], mine.get(key, NOTHING)) for key in CURVES)


def _offices(row: Region) -> dict[str, Words]:
    rows = Organisation.objects.filter(region__path__startswith=row.path).order_by()
    return {str(key): Words(zh, en) for key, zh, en in rows.values_list("public_id", "name", "name_en")}


def _places(row: Region) -> dict[str, Words]:
    rows = Region.objects.within(row.path).filter(level__lte=row.level + 1)
    return {code: Words(zh, en) for code, zh, en in rows.values_list("code", "name", "name_en")}
