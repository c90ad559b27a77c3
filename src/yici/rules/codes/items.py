"""Codes of government service items: 12 digits for the basic item, 31 and 33 characters for its implementation."""

from dataclasses import dataclass

from yici.rules.codes.check_characters import DIGITS
from yici.rules.codes.credit_codes import CreditCode, parse_credit_code
from yici.rules.codes.refusals import CannotReadItemCode, check_alphabet, check_length, typed
from yici.rules.codes.regions import RegionLevel
from yici.rules.words import Words

# GB/T 39046-2020 A.1. Further kinds stand between 11 and 19 and from 21 on ("extend"), so the set is open.
ITEM_KINDS = {
    "00": Words("行政权力事项", "Administrative power"),
    "01": Words("行政许可", "Administrative licence"),
    "02": Words("行政处罚", "Administrative penalty"),
    "03": Words("行政强制", "Administrative coercion"),
    "04": Words("行政征收", "Administrative levy"),
    "05": Words("行政给付", "Administrative payment"),
    "06": Words("行政检查", "Administrative inspection"),
    "07": Words("行政确认", "Administrative confirmation"),
    "08": Words("行政奖励", "Administrative reward"),
    "09": Words("行政裁决", "Administrative ruling"),
    "10": Words("其他行政权力", "Other administrative power"),
    "20": Words("公共服务", "Public service"),
}
# What a person can apply for (依申请): six kinds of power, the other powers, and public service.
APPLIED_FOR = frozenset({"01", "05", "07", "08", "09", "10", "20"})
_HIGHEST_USE_LEVEL = 7  # A.2: 7 is 分级管理, several levels together.


@dataclass(frozen=True, slots=True, order=True)
class BasicCode:
    """The 12 digits of a basic item: origin 2, kind 2, department 2, main item 3, sub-item 3 (000 when there is none).

    The split is customary, not in a text at hand; it agrees with live codes of Shandong and Guangdong.

    >>> code = parse_basic_code("370117002011")
    >>> code.origin, code.kind, code.department, code.main_item, code.sub_item
    ('37', '01', '17', '002', '011')
    """

    text: str

    @property
    def origin(self) -> str:
        """Return 00 for an item of the nation, else the province that added it."""
        return self.text[:2]

    @property
    def kind(self) -> str:
        """Return the item kind of GB/T 39046-2020 A.1."""
        return self.text[2:4]

    @property
    def kind_words(self) -> Words:
        """Return the name of the kind; extended kinds are named 'Other'."""
        return ITEM_KINDS.get(self.kind, Words("其他", "Other"))

    @property
    def department(self) -> str:
        """Return the two digits of the line of business."""
        return self.text[4:6]

    @property
    def main_item(self) -> str:
        """Return the three digits of the main item."""
        return self.text[6:9]

    @property
    def sub_item(self) -> str:
        """Return the three digits of the sub-item, 000 when the main item has none."""
        return self.text[9:]

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class ImplementationCode:
    """The 31 characters of one organisation's implementation: USCC 18, level of exercise 1, basic code 12."""

    organisation: CreditCode
    use_level: int
    basic: BasicCode

    @property
    def level_words(self) -> Words:
        """Return the level that exercises the power (行使层级)."""
        if self.use_level == _HIGHEST_USE_LEVEL:
            return Words("分级管理", "Several levels")
        return RegionLevel(self.use_level).words

    def __str__(self) -> str:
        return f"{self.organisation}{self.use_level}{self.basic}"


@dataclass(frozen=True, slots=True)
class HandleItemCode:
    """The 33 characters of one way of handling an implementation: 31 and a running number from 01 to 99."""

    implementation: ImplementationCode
    number: int

    def __str__(self) -> str:
        return f"{self.implementation}{self.number:02d}"


def parse_basic_code(text: str) -> BasicCode:
    """Read a 12-digit basic code. Raises CannotReadItemCode."""
    code = typed(text)
    name = ("事项基本编码", "a basic item code")
    check_length(code, 12, name, CannotReadItemCode)
    check_alphabet(code, DIGITS, name, CannotReadItemCode)
    return BasicCode(code)


def parse_implementation_code(text: str) -> ImplementationCode:
    """Read a 31-character implementation code and the USCC inside it. Raises CannotReadCode.

    >>> str(parse_implementation_code("12441500196720244T3442199806003").basic)
    '442199806003'
    """
    code = typed(text)
    check_length(code, 31, ("事项实施编码", "an implementation code"), CannotReadItemCode)
    return make_implementation_code(parse_credit_code(code[:18]), _use_level(code[18]), parse_basic_code(code[19:]))


def parse_handle_item_code(text: str) -> HandleItemCode:
    """Read a 33-character code. Raises CannotReadCode."""
    code = typed(text)
    name = ("业务办理项编码", "a handle-item code")
    check_length(code, 33, name, CannotReadItemCode)
    check_alphabet(code[31:], DIGITS, ("业务办理项编码末两位", "the last two characters"), CannotReadItemCode)
    return make_handle_item_code(parse_implementation_code(code[:31]), int(code[31:]))


def make_basic_code(origin: str, kind: str, department: str, main_item: int, sub_item: int = 0) -> BasicCode:
    """Build a basic code from its parts.

    >>> str(make_basic_code("33", "01", "17", 2, 11))
    '330117002011'
    """
    return parse_basic_code(f"{origin}{kind}{department}{main_item:03d}{sub_item:03d}")


def make_implementation_code(organisation: CreditCode, use_level: int, basic: BasicCode) -> ImplementationCode:
    """Build an implementation code; the level of exercise is 1 (country) to 7 (several levels)."""
    return ImplementationCode(organisation, _use_level(str(use_level)), basic)


def make_handle_item_code(implementation: ImplementationCode, number: int) -> HandleItemCode:
    """Build a handle-item code; the number is 1 to 99."""
    if not 1 <= number <= 99:
        raise CannotReadItemCode(
            zh=f"业务办理项序号应为01至99，现在是{number}。请改用范围内的序号。",
            en=f"The number of a handle item runs from 01 to 99; this one is {number}. Choose a number in the range.",
        )
    return HandleItemCode(implementation, number)


def _use_level(text: str) -> int:
    if text not in "1234567":
        raise CannotReadItemCode(
            zh=f"实施编码第19位“{text}”不是行使层级（1至7）。请核对第19位。",
            en=f"'{text}' is no level of exercise (1 to 7): check character 19 of the implementation code.",
        )
    return int(text)
