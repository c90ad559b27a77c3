"""Reads what a person typed into the shared form: one value, or one sentence that says what is wrong."""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date

from yici.rules.codes import parse_credit_code, parse_region_code, parse_resident_id
from yici.rules.items import Element, ElementKind
from yici.rules.refusals import Refusal
from yici.rules.words import Words

_MOBILE = re.compile(r"1[3-9]\d{9}")
_LANDLINE = re.compile(r"0\d{2,3}-?\d{7,8}(-\d{1,5})?")
_CARD = re.compile(r"\d{12,19}")
_AMOUNT = re.compile(r"(\d{1,12})(?:\.(\d{1,2}))?")
_LONGEST = 300


class CannotReadField(Refusal):
    """A value that cannot be what the field asks for."""


class CannotReadForm(Refusal):
    """One or more fields of the form cannot be read; ``faults`` says which and why."""

    def __init__(self, faults: Mapping[str, Words]) -> None:
        super().__init__(
            zh="表单有内容需要修改：" + "；".join(fault.zh for fault in faults.values()),
            en="The form needs another look: " + " ".join(fault.en for fault in faults.values()),
        )
        self.faults = dict(faults)


def _refuse(element: Element, zh: str, en: str) -> CannotReadField:
    return CannotReadField(zh=f"{element.name.zh}：{zh}", en=f"{element.name.en}: {en}")


def _date(element: Element, text: str) -> str:
    parts = re.fullmatch(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?", text)
    if not parts:
        raise _refuse(element, "请按 2018-02-09 的样子填写日期。", "write the date like 2018-02-09.")
    try:
        return date(int(parts[1]), int(parts[2]), int(parts[3])).isoformat()
    except ValueError as error:
        raise _refuse(
            element, f"没有 {text} 这一天，请核对月和日。", f"there is no day {text}; check month and day."
        ) from error


def _whole(element: Element, text: str) -> int:
    if not re.fullmatch(r"-?\d{1,15}", text):
        raise _refuse(element, "请填写整数。", "write a whole number.")
    return _within(element, int(text), "", 1)


def _within(element: Element, value: int, unit: str, divisor: int) -> int:
    low, high = element.minimum, element.maximum
    if low is not None and value < low:
        raise _refuse(element, f"不能小于 {low // divisor}{unit}。", f"at least {low // divisor}.")
    if high is not None and value > high:
        raise _refuse(element, f"不能大于 {high // divisor}{unit}。", f"at most {high // divisor}.")
    return value


def _fen(element: Element, text: str) -> int:
    parts = _AMOUNT.fullmatch(text.replace(",", ""))
    if not parts:
        raise _refuse(
            element, "请填写金额，如 1200 或 1200.50（元）。", "write an amount in yuan, like 1200 or 1200.50."
        )
    return _within(element, int(parts[1]) * 100 + int((parts[2] or "0").ljust(2, "0")), "元", 100)


def _bool(element: Element, text: str) -> bool:
    if text not in {"true", "false"}:
        raise _refuse(element, "请选择是或否。", "choose yes or no.")
    return text == "true"


def _enum(element: Element, text: str) -> str:
    if text not in {value for value, _ in element.values}:
        raise _refuse(element, "请从列出的选项中选择。", "choose one of the answers shown.")
    return text


def _phone(element: Element, text: str) -> str:
    bare = re.sub(r"[\s　]|^\+?86", "", text)
    if not (_MOBILE.fullmatch(bare) or _LANDLINE.fullmatch(bare)):
        raise _refuse(
            element,
            "请填写 11 位手机号，或带区号的座机号，如 0571-64212345。",
            "write a mobile number of 11 digits, or a landline with its area code, like 0571-64212345.",
        )
    return bare


def _card(element: Element, text: str) -> str:
    bare = re.sub(r"[\s-]", "", text)
    if not _CARD.fullmatch(bare):
        raise _refuse(element, "银行账号为 12 至 19 位数字，请核对。", "a bank account has 12 to 19 digits; check it.")
    return bare


def _text(element: Element, text: str) -> str:
    if len(text) > _LONGEST:
        raise _refuse(element, f"最多 {_LONGEST} 个字，请缩短。", f"at most {_LONGEST} characters; shorten it.")
    return text


def _name(element: Element, text: str) -> str:
    if not re.fullmatch(r"[^\d<>\"'&;{}\[\]\\/]{1,60}", text):
        raise _refuse(
            element, "姓名或名称含有不能使用的字符，请核对。", "a name cannot hold these characters; check it."
        )
    return text


READERS: dict[ElementKind, Callable[[Element, str], object]] = {
    ElementKind.BOOL: _bool,
    ElementKind.INT: _whole,
    ElementKind.ENUM: _enum,
    ElementKind.FEN: _fen,
    ElementKind.DATE: _date,
    ElementKind.TEXT: _text,
    ElementKind.ADDRESS: _text,
    ElementKind.NAME: _name,
    ElementKind.ID_NUMBER: lambda element, text: str(parse_resident_id(text)),
    ElementKind.USCC: lambda element, text: str(parse_credit_code(text)),
    ElementKind.PHONE: _phone,
    ElementKind.REGION: lambda element, text: str(parse_region_code(text)),
    ElementKind.BANK_ACCOUNT: _card,
}


def read_value(element: Element, text: str) -> object:
    """Return the value of one field (fen for money, ISO text for days). Raises Refusal with a sentence.

    >>> child = Element("child_name", Words("孩子姓名", "Child's name"), Words("", ""), ElementKind.NAME)
    >>> read_value(child, " 方小满 ")
    '方小满'
    """
    bare = " ".join(text.split())
    if not bare:
        raise _refuse(element, "请填写。", "please fill this in.")
    try:
        return READERS[element.kind](element, bare)
    except CannotReadField:
        raise
    except Refusal as refusal:
        raise _refuse(element, refusal.text("zh"), refusal.text("en")) from refusal


def read_form(elements: Iterable[Element], typed: Mapping[str, str]) -> dict[str, object]:
    """Return every field's value. Raises CannotReadForm that names each fault; optional fields may stay empty."""
    values: dict[str, object] = {}
    faults: dict[str, Words] = {}
    for element in elements:
        text = str(typed.get(element.key, "")).strip()
        if not text and element.optional:
            continue
        try:
            values[element.key] = read_value(element, text)
        except Refusal as refusal:
            faults[element.key] = refusal.words
    if faults:
        raise CannotReadForm(faults)
    return values
