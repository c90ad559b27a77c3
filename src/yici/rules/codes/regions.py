"""Region codes: twelve digits from the province down to the village."""

from dataclasses import dataclass
from enum import IntEnum

from yici.rules.codes.check_characters import DIGITS
from yici.rules.codes.refusals import CannotReadRegionCode, check_alphabet, typed
from yici.rules.words import Words


class RegionLevel(IntEnum):
    """How far down a division stands; the value is the 行使层级 code of GB/T 39046-2020 A.2."""

    COUNTRY = 1
    PROVINCE = 2
    CITY = 3
    COUNTY = 4
    TOWN = 5
    VILLAGE = 6

    @property
    def words(self) -> Words:
        """Return the name of the level."""
        return _LEVEL_WORDS[self]


_LEVEL_WORDS = {
    RegionLevel.COUNTRY: Words("国家级", "Country"),
    RegionLevel.PROVINCE: Words("省级", "Province"),
    RegionLevel.CITY: Words("市级", "City"),
    RegionLevel.COUNTY: Words("县级", "County"),
    RegionLevel.TOWN: Words("镇（乡、街道）级", "Town"),
    RegionLevel.VILLAGE: Words("村（社区）级", "Village"),
}
_SIGNIFICANT = {
    RegionLevel.COUNTRY: 0,
    RegionLevel.PROVINCE: 2,
    RegionLevel.CITY: 4,
    RegionLevel.COUNTY: 6,
    RegionLevel.TOWN: 9,
    RegionLevel.VILLAGE: 12,
}

_PART_LIMITS = ((0, 2), (2, 4), (4, 6), (6, 9), (9, 12))


@dataclass(frozen=True, slots=True, order=True)
class RegionCode:
    """A 12-digit code: province 2, city 2, county 2, town 3, village 3; zeros below its level.

    >>> tonglu = parse_region_code("330122")
    >>> tonglu.text, tonglu.level.name, tonglu.parent.short
    ('330122000000', 'COUNTY', '330100')
    >>> parse_region_code("33").covers(tonglu)
    True
    """

    text: str

    @property
    def level(self) -> RegionLevel:
        """Return the lowest level whose digits are not all zero."""
        return next(level for level in RegionLevel if not self.text[_SIGNIFICANT[level] :].strip("0"))

    @property
    def significant(self) -> str:
        """Return the digits that say something: none for the country, two for a province, six for a county."""
        return self.text[: _SIGNIFICANT[self.level]]

    @property
    def short(self) -> str:
        """Return the six digits of GB/T 2260; towns and villages show the county they belong to."""
        return self.text[:6]

    @property
    def parent(self) -> "RegionCode | None":
        """Return the region above, or None for the country.

        Read from the digits alone: a county governed by the province directly shows a city code of its kind (429000).
        """
        if self.level is RegionLevel.COUNTRY:
            return None
        kept = _SIGNIFICANT[RegionLevel(self.level - 1)]
        return RegionCode(self.text[:kept].ljust(12, "0"))

    @property
    def chain(self) -> tuple["RegionCode", ...]:
        """Return this region, the one above it, and so on up to the country."""
        above = self.parent
        return (self,) if above is None else (self, *above.chain)

    def covers(self, other: "RegionCode") -> bool:
        """Whether the other region is this one or lies in it. Whole levels are compared, never loose prefixes."""
        return other.text.startswith(self.significant)

    def __str__(self) -> str:
        return self.text


COUNTRY = RegionCode("0" * 12)
ZHEJIANG = RegionCode("330000000000")


def parse_region_code(text: str) -> RegionCode:
    """Read a region code of 2, 4, 6, 9 or 12 digits; shorter ones are filled with zeros.

    Raises CannotReadRegionCode.
    """
    code = typed(text)
    check_alphabet(code, DIGITS, ("行政区划代码", "a region code"), CannotReadRegionCode)
    if len(code) not in {2, 4, 6, 9, 12}:
        raise CannotReadRegionCode(
            zh=f"行政区划代码应为12位（或2、4、6、9位），现在是{len(code)}位。请核对。",
            en=f"A region code has 12 digits (or 2, 4, 6, 9); this one has {len(code)}. Check it.",
        )
    full = code.ljust(12, "0")
    _check_no_gap(full)
    return RegionCode(full)


def _check_no_gap(full: str) -> None:
    """A town without a county, or a county without a city, is no region."""
    province, city, county, town, village = (bool(full[a:b].strip("0")) for a, b in _PART_LIMITS)
    # Dongguan, Zhongshan, Danzhou and Jiayuguan have towns but no counties: 441900003000.
    sound = (city <= province) and (county <= city) and (town <= (county or city)) and (village <= town)
    if not sound:
        raise CannotReadRegionCode(
            zh=f"行政区划代码“{full}”有下级数字却没有上级数字，中间缺了一级。请核对。",
            en=f"The region code {full} names a lower division without the one above it: a level is missing. Check it.",
        )
