"""Case numbers of the national exchange: implementation code, day and a running number of that day."""

from dataclasses import dataclass
from datetime import date

from yici.rules.codes.check_characters import DIGITS
from yici.rules.codes.items import ImplementationCode, parse_implementation_code
from yici.rules.codes.refusals import CannotReadCaseNumber, check_alphabet, check_length, typed

_NAME = ("办件编号", "a case number")
HIGHEST_SERIAL = 9999


@dataclass(frozen=True, slots=True)
class CaseNumber:
    """The 43 characters shown to people and other systems; the case itself has an opaque id.

    >>> number = parse_case_number("12441500196720244T3442199806003202206230068")
    >>> number.received_on, number.serial
    (datetime.date(2022, 6, 23), 68)
    """

    implementation: ImplementationCode
    received_on: date
    serial: int

    def __str__(self) -> str:
        return f"{self.implementation}{self.received_on:%Y%m%d}{self.serial:04d}"


def parse_case_number(text: str) -> CaseNumber:
    """Read a 43-character case number. Raises CannotReadCode."""
    code = typed(text)
    check_length(code, 43, _NAME, CannotReadCaseNumber)
    check_alphabet(
        code[31:], DIGITS, ("办件编号的日期和流水号", "the day and serial of a case number"), CannotReadCaseNumber
    )
    implementation = parse_implementation_code(code[:31])
    try:
        received_on = date(int(code[31:35]), int(code[35:37]), int(code[37:39]))
    except ValueError:
        raise CannotReadCaseNumber(
            zh="办件编号第32至39位不是一个真实的日期。请核对这8位。",
            en="Characters 32 to 39 of the case number are not a real date. Check these eight digits.",
        ) from None
    return make_case_number(implementation, received_on, int(code[39:]))


def make_case_number(implementation: ImplementationCode, received_on: date, serial: int) -> CaseNumber:
    """Build a case number; the serial counts the cases of this implementation on this local day from 1.

    Raises CannotReadCaseNumber above 9,999: four digits are all the exchange has room for.
    """
    if not 1 <= serial <= HIGHEST_SERIAL:
        raise CannotReadCaseNumber(
            zh=f"办件流水号应为0001至9999，现在是{serial}。超出的办件请使用系统内部编号。",
            en=f"The serial of a case number runs from 0001 to 9999; this one is {serial}. Use the internal id.",
        )
    return CaseNumber(implementation, received_on, serial)
