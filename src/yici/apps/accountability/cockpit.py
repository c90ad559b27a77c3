"""What the cockpit shows: each county's figure of a measure, month by month, and the things behind it.

Who looks sees the counties of his jurisdiction; what all counties together reach is told to everybody, as the
scorecards are. Towns count to their county; offices of cities and of the province stand on no county of the map.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Max, QuerySet, Sum

from yici.apps.accountability.counting import CannotCount, rows_of
from yici.apps.accountability.models import MonthTally, PlaceTally
from yici.apps.cases.desk_queries import own_steps
from yici.apps.people.viewers import Viewer
from yici.apps.places.models import Organisation, Region
from yici.apps.places.months import earlier
from yici.apps.tickets.jurisdiction import at_centre, at_part, at_unit
from yici.rules.county_figures import Figure, figure
from yici.rules.measures import MEASURES, Measure
from yici.rules.people import Role
from yici.rules.scores import NOTHING, Tally
from yici.rules.words import Words

TREND = 12  # months, the shown one last
MOST_ROWS = 200
_COUNTY_PATH = 3 * 13  # three codes of twelve digits, each followed by a slash


class NoSuchCounty(LookupError):
    """There is no such county in the viewer's jurisdiction."""


@dataclass(frozen=True, slots=True)
class CountyLine:
    """One county of the map; ``trend`` holds the figures of twelve months, the oldest first."""

    code: str
    name: Words
    figure: Figure
    trend: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class CountyMap:
    """A measure of every county that the viewer may see, as of a moment; ``whole`` is all counties together."""

    measure: Measure
    month: date
    months: tuple[date, ...]
    rows: tuple[CountyLine, ...]
    whole: Figure
    as_of: datetime | None


@dataclass(frozen=True, slots=True)
class OfficeLine:
    """One organisation of a county with its figure."""

    public_id: UUID
    name: Words
    figure: Figure


@dataclass(frozen=True, slots=True)
class Behind:
    """One thing behind a figure, by its code; ``ticket`` and ``step`` where the viewer may open it."""

    ref: str
    at: datetime
    good: int
    of: int
    item: str
    office: Words
    ticket: UUID | None
    step: UUID | None


def may_see_cockpit(viewer: Viewer) -> bool:
    """Whether somebody watches over a county or more: hotline, reform office, administration."""
    watches = viewer.has_role(Role.HOTLINE, Role.REFORM, Role.ADMIN)
    return watches and viewer.region_path is not None and len(viewer.region_path) <= _COUNTY_PATH


def map_of(viewer: Viewer, measure: str, month: date) -> CountyMap:
    """Return the map of a measure in a month: three queries, however many cases. Raises CannotCount."""
    found = _measure(measure)
    months = _months_before(month)
    tallies = _tallies(viewer, measure, months)
    peers, as_of = _together(measure, month)
    rows = tuple(
        CountyLine(code, name, *_figures(found, tallies.get(code, {}), months, peers))
        for code, name in _counties(viewer)
    )
    return CountyMap(found, month, months[1:], rows, figure(found, peers), as_of)


def _measure(key: str) -> Measure:
    if key not in MEASURES:
        raise CannotCount(zh="没有这个指标。", en="There is no such measure.")
    return MEASURES[key]


def _months_before(month: date) -> tuple[date, ...]:
    """Return the month and twelve before it, the oldest first: the trend, and what is expected of its first."""
    return tuple(earlier(month, back) for back in range(TREND, -1, -1))


def _figures(
    measure: Measure, mine: Mapping[date, Tally], months: Sequence[date], peers: Tally
) -> tuple[Figure, tuple[Figure, ...]]:
    past = [mine.get(one, NOTHING) for one in months[:-1]]
    return (
        figure(measure, mine.get(months[-1], NOTHING), peers, past),
        tuple(figure(measure, mine.get(one, NOTHING)) for one in months[1:]),
    )


def _in_counties(measure: str) -> QuerySet[PlaceTally]:
    return PlaceTally.objects.filter(measure=measure, region__level=Region.COUNTY).order_by()


def _tallies(viewer: Viewer, measure: str, months: Sequence[date]) -> dict[str, dict[date, Tally]]:
    rows = _in_counties(measure).filter(month__in=months, region__path__startswith=viewer.region_path or "-")
    found: dict[str, dict[date, Tally]] = {}
    for code, month, good, of in rows.values_list("region__code", "month", "good", "of"):
        found.setdefault(code, {})[month] = Tally(good, of)
    return found


def _together(measure: str, month: date) -> tuple[Tally, datetime | None]:
    rows = _in_counties(measure).filter(month=month)
    found = rows.aggregate(good=Sum("good"), all=Sum("of"), newest=Max("counted_at"))
    return Tally(found["good"] or 0, found["all"] or 0), found["newest"]


def _counties(viewer: Viewer) -> list[tuple[str, Words]]:
    rows = Region.objects.within(viewer.region_path or "-").filter(level=Region.COUNTY, abolished=False)
    return [(row.code, Words(row.name, row.name_en)) for row in rows]


def line_of(viewer: Viewer, code: str, measure: str, month: date) -> tuple[CountyMap, CountyLine]:
    """Return the map and a county's line on it. Raises NoSuchCounty, CannotCount."""
    whole = map_of(viewer, measure, month)
    line = next((one for one in whole.rows if one.code == code), None)
    if line is None:
        raise NoSuchCounty
    return whole, line


def county(viewer: Viewer, code: str, measure: str, month: date) -> tuple[CountyMap, CountyLine, list[OfficeLine]]:
    """Return a county's line and its organisations' figures, the largest first. Raises NoSuchCounty, CannotCount."""
    whole, line = line_of(viewer, code, measure, month)
    return whole, line, _offices(viewer, code, measure, month)


def _offices_of(viewer: Viewer, code: str) -> QuerySet[Organisation]:
    """Return the organisations of a county and its towns, as far as the viewer's jurisdiction goes."""
    found = Region.objects.within(viewer.region_path or "-").filter(code=code, level=Region.COUNTY).first()
    if found is None:
        raise NoSuchCounty
    return Organisation.objects.filter(region__path__startswith=found.path)


def _offices(viewer: Viewer, code: str, measure: str, month: date) -> list[OfficeLine]:
    rows = MonthTally.objects.filter(month=month, measure=measure, organisation__in=_offices_of(viewer, code))
    grouped = rows.order_by().values_list("organisation__public_id", "organisation__name", "organisation__name_en")
    found = [
        OfficeLine(key, Words(zh, en), figure(MEASURES[measure], Tally(good, of)))
        for key, zh, en, good, of in grouped.annotate(Sum("good"), Sum("of"))
    ]
    return sorted(found, key=lambda one: (-one.figure.tally.of, one.name))


def behind(viewer: Viewer, code: str, measure: str, month: date, *, only_bad: bool) -> list[Behind]:
    """Return the first things behind a county's figure, by code. Raises NoSuchCounty, CannotCount."""
    names = {
        key: Words(zh, en) for key, zh, en in _offices_of(viewer, code).values_list("pk", "name", "name_en").order_by()
    }
    rows = list(rows_of(list(names), month, measure, only_bad=only_bad, limit=MOST_ROWS))
    codes = {one.ref.partition("/")[0] for one in rows}
    tickets, steps = _tickets(viewer, codes), _steps(viewer, codes)
    return [
        Behind(one.ref, one.at, one.good, one.of, one.item, names[one.organisation], tickets.get(own), steps.get(own))
        for one in rows
        for own in [one.ref.partition("/")[0]]
    ]


def _tickets(viewer: Viewer, codes: set[str]) -> dict[str, UUID]:
    """Return where the viewer may open these tickets: the hotline its region's, others what lies with their unit."""
    rows = at_centre(viewer) if viewer.has_role(Role.HOTLINE) else at_unit(viewer) | at_part(viewer)
    return dict(rows.filter(reference__in=codes).order_by().values_list("reference", "public_id"))


def _steps(viewer: Viewer, codes: set[str]) -> dict[str, UUID]:
    """Return where the viewer may open these cases: at the steps of his own desk."""
    return dict(own_steps(viewer).filter(case__code__in=codes).order_by().values_list("case__code", "public_id"))
