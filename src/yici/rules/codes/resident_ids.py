"""Resident identity numbers: where and when a person was first registered, and a check character."""

from dataclasses import dataclass
from datetime import date
from typing import Literal, NoReturn

from yici.rules.codes.check_characters import DIGITS, mod_11_2
from yici.rules.codes.refusals import CannotReadResidentId, check_alphabet, check_length, typed

Sex = Literal["male", "female"]

_NAME = ("居民身份号码", "a resident identity number")

# GB/T 2260 first two digits. 83 has been used for residence permits of Taiwan residents since 2018-09-01.
# Only the province is checked: counties are renamed and merged, but a number stays with its person for life.
_PROVINCES = frozenset(
    str(province)
    for province in (*range(11, 16), 21, 22, 23, *range(31, 38), *range(41, 47), *range(50, 55), *range(61, 66), 71)
) | {"81", "82", "83"}
_EARLIEST_BIRTH_YEAR = 1880


@dataclass(frozen=True, slots=True, repr=False)
class ResidentId:
    """A valid resident identity number (GB 11643-1999).

    The whole number appears only where it is asked for; a log line that prints the value shows the mask.

    >>> number = parse_resident_id("11010519491231002x")
    >>> number.born, number.sex, number.region
    (datetime.date(1949, 12, 31), 'female', '110105')
    >>> number
    ResidentId('110105********002X')
    """

    text: str

    @property
    def region(self) -> str:
        """Six digits of the county of first registration; the county may have been abolished since."""
        return self.text[:6]

    @property
    def born(self) -> date:
        """Return the day of birth."""
        return date.fromisoformat(f"{self.text[6:10]}-{self.text[10:12]}-{self.text[12:14]}")

    @property
    def sex(self) -> Sex:
        """Odd serials belong to men, even ones to women (GB 11643-1999, 4.2.3)."""
        return "male" if int(self.text[16]) % 2 else "female"

    @property
    def masked(self) -> str:
        """Return the number as it may be shown to a clerk who need not read it: the birthday is hidden."""
        return f"{self.text[:6]}********{self.text[14:]}"

    def age_on(self, day: date) -> int:
        """Return completed years of life; a person born on 29 February completes a year on 1 March."""
        return day.year - self.born.year - ((day.month, day.day) < (self.born.month, self.born.day))

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        return f"ResidentId({self.masked!r})"


def parse_resident_id(text: str, *, today: date | None = None) -> ResidentId:
    """Read an 18-character resident identity number.

    With ``today`` a birthday in the future is refused as well. Raises CannotReadResidentId. The sentence never tells
    the right check character: that would help somebody who is trying out numbers.
    """
    number = typed(text)
    if len(number) == 15 and number.isdigit():
        _refuse(
            "一代身份证的15位号码已于2013年1月1日停止使用。请填写18位号码。",
            "15-digit numbers of the first generation ended on 1 January 2013. Enter the 18-character number.",
        )
    check_length(number, 18, _NAME, CannotReadResidentId)
    check_alphabet(number.removesuffix("X"), DIGITS, _NAME, CannotReadResidentId)
    _check_parts(number, today)
    if number[17] != mod_11_2(number[:17]):
        _refuse(
            "身份号码的校验位（第18位）与前17位不符，可能有一位输错或相邻两位颠倒。请对照证件重新填写。",
            "The check character (18) does not fit the first 17: a digit may be wrong or two may have changed places. "
            "Type the number again from the card.",
        )
    return ResidentId(number)


def make_resident_id(region: str, born: date, serial: int) -> ResidentId:
    """Build a valid number from its parts; odd serials are men. Raises CannotReadResidentId on impossible parts.

    >>> str(make_resident_id("110105", date(1949, 12, 31), 2))
    '11010519491231002X'
    """
    body = f"{region}{born:%Y%m%d}{serial:03d}"
    check_length(body, 17, ("居民身份号码的前段", "the front part of a resident number"), CannotReadResidentId)
    check_alphabet(body, DIGITS, _NAME, CannotReadResidentId)
    return parse_resident_id(body + mod_11_2(body))


def _check_parts(number: str, today: date | None) -> None:
    if number[:2] not in _PROVINCES:
        _refuse(
            f"身份号码前两位“{number[:2]}”不是省级行政区划代码。请核对第1、2位。",
            f"'{number[:2]}' is no province: check characters 1 and 2 of the resident number.",
        )
    try:
        born = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        born = None
    if born is None or born.year < _EARLIEST_BIRTH_YEAR:
        _refuse(
            "身份号码第7至14位不是一个真实的出生日期。请核对这8位。",
            "Characters 7 to 14 of the resident number are not a real date of birth. Check these eight digits.",
        )
    if today is not None and born > today:
        _refuse(
            "身份号码中的出生日期在今天之后。请核对第7至14位。",
            "The date of birth in the resident number lies in the future. Check characters 7 to 14.",
        )


def _refuse(zh: str, en: str) -> NoReturn:
    raise CannotReadResidentId(zh=zh, en=en)
