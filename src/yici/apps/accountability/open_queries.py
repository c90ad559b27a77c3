"""What a program may ask of the measures: a place and the counties below it in a month, from the protected figures."""

from dataclasses import dataclass
from datetime import date, datetime

from yici.apps.accountability.counting import CannotCount
from yici.apps.accountability.open_counting import kept_figures
from yici.apps.accountability.open_figures import OpenFigure
from yici.apps.places.models import Region
from yici.rules.county_figures import Figure, figure
from yici.rules.measures import MEASURES, Measure
from yici.rules.scores import NOTHING
from yici.rules.words import Words


@dataclass(frozen=True, slots=True)
class PlaceFigure:
    """A place's figure: ``is_hidden`` of too few things; ``left_out`` counts its offices that are in no total."""

    code: str
    name: Words
    figure: Figure
    is_hidden: bool
    left_out: int


@dataclass(frozen=True, slots=True)
class PlaceFigures:
    """A measure of a place in a month, and of the counties below it."""

    measure: Measure
    month: date
    whole: PlaceFigure
    counties: tuple[PlaceFigure, ...]
    as_of: datetime | None


def place_figures(measure: str, region_code: str, month: date) -> PlaceFigures:
    """Return what may be published. Raises CannotCount for an unknown measure, CannotFindPlace for a place."""
    if measure not in MEASURES:
        raise CannotCount(zh="没有这个指标。", en="There is no such measure.")
    place = Region.objects.at(region_code)
    found = kept_figures(month, below=place.path, measure=measure)
    below = Region.objects.filter(level=Region.COUNTY, abolished=False, path__startswith=place.path)
    counties = tuple(
        _place(measure, row, found.of_place(measure, row.path)) for row in below.exclude(pk=place.pk).order_by("code")
    )
    whole = _place(measure, place, found.of_place(measure, place.path))
    return PlaceFigures(MEASURES[measure], month, whole, counties, found.as_of)


def _place(measure: str, row: Region, found: OpenFigure) -> PlaceFigure:
    shown = figure(MEASURES[measure], found.tally or NOTHING)
    return PlaceFigure(row.code, Words(row.name, row.name_en), shown, found.tally is None, found.left_out)
