"""Loads what the province publishes about places: regions, organisations, halls, the calendar, the law's numbers."""

import csv
import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from importlib.resources import files
from itertools import groupby

from django.db import transaction

from yici.apps.journal import actions as journal
from yici.apps.places.calendar_file import official_rows
from yici.apps.places.models import Hall, HolidayRow, LawParameterRow, Organisation, Region, Window
from yici.rules.codes import make_credit_code
from yici.rules.law_parameters import LAW_PARAMETERS
from yici.rules.referral_limits import REFERRAL_PARAMETERS
from yici.rules.review_limits import REVIEW_PARAMETERS
from yici.rules.ticket_limits import TICKET_PARAMETERS
from yici.rules.words import Words
from yici.rules.working_days import CalendarRow

_LEVELS = {"province": Region.PROVINCE, "city": Region.CITY, "county": Region.COUNTY, "township": Region.TOWN}
# GB 32100 leaves out I, O, S, V and Z.
_CREDIT_LETTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_AREA_CODES = {
    "3301": "0571", "3302": "0574", "3303": "0577", "3304": "0573", "3305": "0572", "3306": "0575",
    "3307": "0579", "3308": "0570", "3309": "0580", "3310": "0576", "3311": "0578",
}  # fmt: skip
_HOURS = Words(
    "法定工作日 8:30–12:00，13:30–17:00；周六 9:00–12:00",
    "Working days 8:30–12:00 and 13:30–17:00; Saturdays 9:00–12:00",
)
_TOWN_HOURS = Words("法定工作日 8:30–12:00，13:30–17:00", "Working days 8:30–12:00 and 13:30–17:00")
_ONE_WINDOW = Words("综合受理窗口", "Integrated window")
_ACCESSIBLE = Words("无障碍综合受理窗口", "Integrated window, accessible")
_OUTCOME = Words("统一出件窗口", "Outcome desk")


@dataclass(frozen=True, slots=True)
class OrganisationKind:
    """A kind of organisation from the catalogue: "public_security" exists at county, city and province level."""

    key: str
    name: Words
    uscc_kind: str  # the first two characters of its USCC
    levels: tuple[str, ...]


def _division_rows() -> list[dict[str, str]]:
    text = files("yici.apps.places").joinpath("data/divisions.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


@transaction.atomic
def load_divisions(*, by: str, now: datetime) -> int:
    """Load the official list of regions shipped with the platform; again is harmless. Returns how many there are."""
    rows = sorted(_division_rows(), key=lambda row: int(row["level"]))
    paths: dict[str, str] = {}
    for _, level in groupby(rows, key=lambda row: row["level"]):
        ids = dict(Region.objects.values_list("code", "pk"))
        Region.objects.bulk_create(
            [_region(row, ids, paths) for row in level],
            update_conflicts=True,
            unique_fields=["code"],
            update_fields=["name", "name_en", "pinyin", "initials", "level", "parent", "path", "abolished"],
        )
    journal.record("places.divisions_loaded", subject="places", by=by, now=now, facts={"regions": len(rows)})
    return len(rows)


def _region(row: Mapping[str, str], ids: Mapping[str, int], paths: dict[str, str]) -> Region:
    paths[row["code"]] = f"{paths.get(row['parent'], '')}{row['code']}/"
    return Region(
        code=row["code"],
        name=row["name"],
        name_en=row["name_en"],
        pinyin=row["pinyin"],
        initials=row["initials"],
        level=int(row["level"]),
        parent_id=ids.get(row["parent"]),
        path=paths[row["code"]],
        abolished="撤销" in row["name"],
    )


@transaction.atomic
def load_calendar(*, by: str, now: datetime) -> int:
    """Load the official holidays and make-up days and the law's numbers; again is harmless. Returns the days."""
    rows = official_rows()
    HolidayRow.objects.bulk_create(
        [_holiday(row) for row in rows],
        update_conflicts=True,
        unique_fields=["day"],
        update_fields=["kind", "holiday", "holiday_en", "notice"],
    )
    # Rows that an administrator added stay: a later value of the law is a new row (design: clocks).
    LawParameterRow.objects.bulk_create(_law_parameters(), ignore_conflicts=True)
    journal.record("places.calendar_loaded", subject="places", by=by, now=now, facts={"days": len(rows)})
    return len(rows)


def _holiday(row: CalendarRow) -> HolidayRow:
    names = {"holiday": row.holiday.zh, "holiday_en": row.holiday.en}
    return HolidayRow(day=row.day, kind=row.kind.value, notice=row.notice, **names)


def _law_parameters() -> Iterator[LawParameterRow]:
    for one in (*LAW_PARAMETERS, *TICKET_PARAMETERS, *REVIEW_PARAMETERS, *REFERRAL_PARAMETERS):
        yield LawParameterRow(
            key=one.key,
            value=one.value,
            unit=str(one.unit),
            region_code=one.region.text,
            valid_from=one.valid_from,
            valid_to=one.valid_to,
            source=one.source.zh,
            source_en=one.source.en,
            verified=one.verified,
        )


@transaction.atomic
def found_organisations(*, kinds: Iterable[OrganisationKind], by: str, now: datetime) -> int:
    """Register each kind of organisation in every region of its levels, with its superior; again is harmless.

    Returns how many there are now. Credit codes are valid and illustrative: see ``illustrative_credit_code``.
    """
    for kind in kinds:
        superiors: dict[int, int] = {}
        # From the top, so that each finds its superior; kinds without a provincial body begin lower.
        for level in sorted(_LEVELS[name] for name in kind.levels):
            superiors |= _found_level(kind, level, superiors)
    total = Organisation.objects.count()
    journal.record("places.organisations_founded", subject="places", by=by, now=now, facts={"organisations": total})
    return total


def _found_level(kind: OrganisationKind, level: int, superiors: Mapping[int, int]) -> dict[int, int]:
    regions = Region.objects.filter(level=level, abolished=False).select_related("parent")
    Organisation.objects.bulk_create(
        [_organisation(kind, region, superiors) for region in regions],
        update_conflicts=True,
        unique_fields=["region", "kind"],
        update_fields=["name", "name_en", "superior"],
    )
    return dict(Organisation.objects.filter(kind=kind.key, region__level=level).values_list("region_id", "pk"))


def _organisation(kind: OrganisationKind, region: Region, superiors: Mapping[int, int]) -> Organisation:
    name = organisation_name(kind, region)
    return Organisation(
        kind=kind.key,
        region=region,
        name=name.zh,
        name_en=name.en,
        uscc=illustrative_credit_code(kind.uscc_kind, kind.key, region.code),
        superior_id=superiors.get(region.parent_id or 0),
    )


def organisation_name(kind: OrganisationKind, region: Region) -> Words:
    """Return the name on the door. A city district carries its city's name before its own (杭州市西湖区…)."""
    if region.level == Region.TOWN:
        is_street = region.name.endswith("街道")
        zh, en = ("办事处", "Sub-district Office") if is_street else ("人民政府", "Government")
        return Words(region.name + zh, f"{region.name_en.removesuffix(' Subdistrict')} {en}")
    place = _full_name(region)
    return Words(place.zh + kind.name.zh, f"{region.name_en} {_titled(kind.name.en)}{place.en}")


def _full_name(region: Region) -> Words:
    """Return a name that is clear in the whole province; ``en`` holds only what follows an English name.

    City districts carry their city's name, towns their county's.
    """
    is_district = region.level == Region.COUNTY and region.name.endswith("区")
    above = region.parent if region.level == Region.TOWN or is_district else None
    if above is None:
        return Words(region.name, "")
    return Words(above.name + region.name, f", {above.name_en.removesuffix(' City')}")


def _titled(name: str) -> str:
    """Return an English name with capitals.

    >>> _titled("Culture and tourism bureau")
    'Culture and Tourism Bureau'
    """
    return " ".join(
        word if word in {"and", "of", "or", "the"} else word[:1].upper() + word[1:] for word in name.split()
    )


def illustrative_credit_code(uscc_kind: str, kind: str, region_code: str) -> str:
    """Return a USCC with sound check characters that no register gave: the same one each time for the same body.

    >>> illustrative_credit_code("11", "public_security", "330122000000")[:8]
    '11330122'
    """
    number = int.from_bytes(hashlib.sha256(f"{kind}/{region_code}".encode()).digest()[:8])
    letters = []
    for _ in range(8):
        number, place = divmod(number, len(_CREDIT_LETTERS))
        letters.append(_CREDIT_LETTERS[place])
    return str(make_credit_code(uscc_kind, region_code[:6], "".join(letters)))


@transaction.atomic
def open_halls(*, by: str, now: datetime) -> int:
    """Open one hall with its windows in every city, county and town; again is harmless. Returns how many there are."""
    regions = Region.objects.filter(level__gte=Region.CITY, abolished=False).select_related("parent")
    Hall.objects.bulk_create(
        [_hall(region) for region in regions],
        update_conflicts=True,
        unique_fields=["name"],
        update_fields=["name_en", "address", "phone", "hours", "hours_en"],
    )
    halls = Hall.objects.select_related("region")
    Window.objects.bulk_create([window for hall in halls for window in _windows(hall)], ignore_conflicts=True)
    journal.record("places.organisations_founded", subject="places", by=by, now=now, facts={"halls": len(halls)})
    return len(halls)


def _hall(region: Region) -> Hall:
    is_town = region.level == Region.TOWN
    kind = Words("便民服务中心", "Community Service Centre") if is_town else Words("行政服务中心", "Service Hall")
    place = _full_name(region)
    hours = _TOWN_HOURS if is_town else _HOURS
    return Hall(
        region=region,
        name=place.zh + kind.zh,
        name_en=f"{region.name_en} {kind.en}{place.en}",
        address=f"{place.zh}{kind.zh}一楼大厅",
        phone=f"{_AREA_CODES[region.code[:4]]}-12345",
        hours=hours.zh,
        hours_en=hours.en,
    )


def _windows(hall: Hall) -> Iterator[Window]:
    if hall.region.level == Region.TOWN:
        yield _window(hall, 1, _ONE_WINDOW, ["one_window", "outcome"])
        return
    for number in range(1, 7):
        yield _window(hall, number, _ONE_WINDOW, ["one_window"])
    yield _window(hall, 7, _ACCESSIBLE, ["one_window", "accessible"])
    yield _window(hall, 8, _OUTCOME, ["outcome"])


def _window(hall: Hall, number: int, name: Words, kinds: list[str]) -> Window:
    return Window(hall=hall, number=number, name=name.zh, name_en=name.en, kinds=kinds)
