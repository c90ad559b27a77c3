"""What is known of places. All of it is public, so nobody needs to say who asks."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db.models import Count, Max

from yici.apps.places.models import CannotFindPlace, Hall, HolidayRow, LawParameterRow, Organisation, Region
from yici.apps.places.reading import once_an_act
from yici.rules.codes import parse_region_code
from yici.rules.law_parameters import LawParameter
from yici.rules.periods import Unit
from yici.rules.words import Words
from yici.rules.working_days import Calendar, CalendarRow, DayKind


@dataclass(frozen=True, slots=True)
class Place:
    """A region as pages show it; ``path`` holds the codes from the province down, each ended with a slash."""

    code: str
    name: str
    name_en: str
    level: int
    path: str
    abolished: bool = False


@dataclass(frozen=True, slots=True)
class HallView:
    """A hall as pages show it."""

    public_id: UUID
    name: str
    name_en: str
    address: str
    phone: str
    hours: Words
    region_code: str


def is_loaded() -> bool:
    """Whether this platform knows its regions: an empty one gets the demo on its first start."""
    return Region.objects.exists()


@once_an_act
def region(code: str) -> Place:
    """Return one region by its code of 2 to 12 digits. Raises CannotFindPlace."""
    found = region_row(code)
    return Place(found.code, found.name, found.name_en, found.level, found.path, found.abolished)


def is_service_place(code: str) -> bool:
    """Whether one can apply here: a county, city district or county-level city of the list."""
    return code in _county_codes()


def cities_with_counties() -> tuple[tuple[Place, tuple[Place, ...]], ...]:
    """Return every city with its counties, in the order of the official list."""
    return _cities_with_counties(_regions_stamp())


def _county_codes() -> frozenset[str]:
    return frozenset(county.code for _, counties in cities_with_counties() for county in counties)


def _regions_stamp() -> int:
    """Return a number that changes when regions are added: the list itself is kept per process."""
    return Region.objects.aggregate(newest=Max("pk"))["newest"] or 0


@lru_cache(maxsize=1)
def _cities_with_counties(stamp: int) -> tuple[tuple[Place, tuple[Place, ...]], ...]:
    columns = ("code", "name", "name_en", "level", "path", "abolished")
    wanted = Region.objects.filter(level__in=[Region.CITY, Region.COUNTY], abolished=False).order_by("code")
    places = [Place(*row) for row in wanted.values_list(*columns)]
    cities = [place for place in places if place.level == Region.CITY]
    return tuple(
        (city, tuple(one for one in places if one.level == Region.COUNTY and one.path.startswith(city.path)))
        for city in cities
    )


def region_path(code: str) -> tuple[str, ...]:
    """Return the codes of a region and of all above it, in 12 digits and, down to the county, in 6 as well.

    Both lengths, because catalogue files may write either.

    >>> region_path("330122")
    ('330122000000', '330122', '330100000000', '330100', '330000000000', '330000')
    """
    chain = parse_region_code(code).chain[:-1]  # without the country
    return tuple(text for one in chain for text in _both_lengths(one.text))


def _both_lengths(text: str) -> tuple[str, ...]:
    return (text, text[:6]) if text.endswith("000000") else (text,)


def halls_for(region_code: str) -> list[HallView]:
    """Return where one can go in a place: its own hall, then the city's; towns' halls below a county are not listed."""
    path = region_path(region_code)
    found = Hall.objects.filter(region__code__in=path).select_related("region").order_by("-region__level", "name")
    return [_hall(hall) for hall in found]


def hall(public_id: UUID) -> HallView:
    """Return one hall by its opaque id. Raises Hall.DoesNotExist."""
    return _hall(Hall.objects.select_related("region").get(public_id=public_id))


def _hall(hall: Hall) -> HallView:
    hours = Words(hall.hours, hall.hours_en)
    return HallView(hall.public_id, hall.name, hall.name_en, hall.address, hall.phone, hours, hall.region.code)


@once_an_act
def organisation_for(kind: str, region_code: str) -> Organisation:
    """Return the organisation of a kind for a region: its own, else the nearest above. Raises CannotFindPlace."""
    nearest = Organisation.objects.filter(kind=kind, region__code__in=region_path(region_code))
    found = nearest.select_related("region").order_by("-region__level").first()
    if found is None:
        raise CannotFindPlace(
            zh=f"这里没有“{kind}”类机构，其上级区划也没有。请联系管理员登记。",
            en=f"Neither this region nor any above it has an organisation of the kind '{kind}'. Ask the administrator.",
        )
    return found


@once_an_act
def calendar() -> Calendar:
    """Return the official calendar of working days, made once per process and again after days were added."""
    stamp = HolidayRow.objects.aggregate(rows=Count("pk"), newest=Max("pk"))
    return _calendar(stamp["rows"], stamp["newest"] or 0)


@lru_cache(maxsize=1)
def _calendar(count: int, newest: int) -> Calendar:
    rows = HolidayRow.objects.order_by("day").values_list("day", "kind", "holiday", "holiday_en", "notice")
    return Calendar.from_rows(
        CalendarRow(day, DayKind(kind), Words(zh, en), notice) for day, kind, zh, en, notice in rows
    )


@once_an_act
def law_parameters() -> tuple[LawParameter, ...]:
    """Return every number of the law with the days and the region it holds for, for ``rules.law_parameters``."""
    columns = ("key", "value", "unit", "region_code", "valid_from", "valid_to", "source", "source_en", "verified")
    rows = LawParameterRow.objects.order_by("key", "region_code", "valid_from").values_list(*columns)
    return tuple(_law_parameter(*row) for row in rows)


@lru_cache(maxsize=1_000)
def _law_parameter(*row: Any) -> LawParameter:
    key, value, unit, region, valid_from, valid_to, zh, en, verified = row
    return LawParameter(
        key=key,
        value=value,
        unit=unit if unit in {"percent", "times", "minutes", "seconds"} else Unit(unit),
        region=parse_region_code(region),
        valid_from=valid_from,
        valid_to=valid_to,
        source=Words(zh, en),
        verified=verified,
    )


@once_an_act
def region_row(code: str) -> Region:
    """Return the row of a region, for a foreign key. Raises CannotFindPlace."""
    return Region.objects.at(code)


def local_phone(phone: str, region_code: str) -> str:
    """Return a number of the catalogue with the area code of a place: items are written with Hangzhou's."""
    hall = next(iter(halls_for(region_code)), None)
    area, _, rest = phone.partition("-")
    return f"{hall.phone.partition('-')[0]}-{rest}" if hall and rest and area.startswith("0") else phone
