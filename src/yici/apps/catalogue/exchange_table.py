"""Reads a national exchange table (CSV): the names and codes of items as other systems know them."""

import csv
import io
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from yici.apps.catalogue.faults import CannotImport, Fault
from yici.rules.codes import CannotReadCode, parse_basic_code, parse_credit_code, parse_implementation_code
from yici.rules.words import Words

MOST_BYTES = 60_000_000
_LONGEST_NAME = 300

# Our word → the headers it may have: national tables (up_task_general_basic), county lists, and Chinese ones.
HEADERS = {
    "catalog_code": ("catalog_code", "基本编码", "事项基本编码", "目录编码"),
    "name": ("task_name", "name", "事项名称", "项目名称"),
    "main_item": ("main_item", "主项名称", "主项"),
    "task_code": ("task_code", "实施编码", "事项实施编码"),
    "local_code": ("item_code", "local_task_code", "地方实施编码", "事项编码"),
    "task_type": ("task_type", "事项类型编码", "事项类型代码"),
    "department": ("dept_name", "department", "实施主体", "实施主体名称", "部门"),
    "department_code": ("dept_code", "实施主体编码", "部门编码"),
    "area_code": ("area_code", "行政区划", "行政区划代码"),
    "effective_on": ("plan_effective_date", "计划生效日期"),
    "cancelled_on": ("plan_cancel_date", "计划取消日期"),
}
_WANTED = ("catalog_code", "name")
# Before GB/T 39554 provinces numbered by themselves: 12 to 14 digits and capital letters.
_OLDER_CODE = re.compile(r"[0-9][0-9A-Z]{11,13}", re.ASCII)
_DAY = re.compile(r"([0-9]{4})[-/]?([0-9]{2})[-/]?([0-9]{2})([ T].*)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class ExchangeRow:
    """One sound row; texts are empty where the table has no such column."""

    line: int
    values: Mapping[str, str]

    def __getitem__(self, field: str) -> str:
        return self.values.get(field, "")

    @property
    def identity(self) -> str:
        """What makes it this item of this table: its implementation code, else basic code and name."""
        return self["task_code"] or self["local_code"] or f"{self['catalog_code']} {self['name']}"


def read_table(path: Path) -> tuple[list[ExchangeRow], list[Fault]]:
    """Return the sound rows and a fault for each other one; the column of a fault counts cells from 1.

    UTF-8 with or without a mark, or GB 18030. Raises CannotImport when the file is no such table.
    """
    text = _text(path)
    rows: list[ExchangeRow] = []
    faults: list[Fault] = []
    seen: dict[str, int] = {}
    for line, values, columns in _records(path.name, text):
        wrong = _first_wrong(values)
        row = ExchangeRow(line, values)
        if not wrong and (first := seen.setdefault(row.identity, line)) != line:
            wrong = (
                "name",
                Words(f"与第 {first} 行重复。请删去一行。", f"This row repeats line {first}. Delete one of them."),
            )
        if wrong:
            faults.append(Fault(path.name, line, columns.get(wrong[0], 1), wrong[1]))
        else:
            rows.append(row)
    return rows, faults


def _text(path: Path) -> str:
    try:
        with path.open("rb") as stream:
            content = stream.read(MOST_BYTES + 1)
    except OSError as error:
        reason = error.strerror or "?"
        raise _stop(path.name, 0, 0, f"无法读取：{reason}。", f"Cannot be read: {reason}.") from error
    if len(content) > MOST_BYTES:
        limit = f"{MOST_BYTES:,}"
        raise _stop(path.name, 0, 0, f"超过 {limit} 字节。请分成几个文件。", f"Over {limit} bytes. Split the table.")
    text = _decoded(content)
    if text is None or "\x00" in text:
        raise _stop(
            path.name, 0, 0, "不是 UTF-8 或 GB18030 文本。请另存为 CSV。", "Not UTF-8 or GB 18030 text. Save it as CSV."
        )
    return text


def _decoded(content: bytes) -> str | None:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def _stop(file: str, line: int, column: int, zh: str, en: str) -> CannotImport:
    return CannotImport([Fault(file, line, column, Words(zh, en))])


def _records(file: str, text: str) -> Iterator[tuple[int, dict[str, str], dict[str, int]]]:
    """Yield the first line, the values by our words, and the cell numbers of each record."""
    delimiter = "\t" if "\t" in text.partition("\n")[0] else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        columns = _columns(file, next(reader, []))
        line = reader.line_num + 1
        for cells in reader:
            if any(cell.strip() for cell in cells):
                values = {field: cells[at - 1].strip() for field, at in columns.items() if at <= len(cells)}
                yield line, values, columns
            line = reader.line_num + 1
    except csv.Error as error:
        zh = f"CSV 格式有误：引号没有配对，或一格过长（{error}）。"
        raise _stop(file, reader.line_num, 1, zh, f"Not well-formed CSV ({error}): a quote is not closed.") from error


def _columns(file: str, header: list[str]) -> dict[str, int]:
    named = {cell.strip().casefold(): place for place, cell in reversed(list(enumerate(header, start=1)))}
    found = {
        field: next(named[name] for name in names if name in named)
        for field, names in HEADERS.items()
        if any(name in named for name in names)
    }
    missing = [HEADERS[field] for field in _WANTED if field not in found]
    if missing:
        names = "、".join("/".join(aliases) for aliases in missing)
        english = ", ".join(aliases[0] for aliases in missing)
        raise _stop(
            file, 1, 1, f"表头缺少：{names}。请核对首行。", f"The header lacks {english}. Check the first line."
        )
    return found


def _first_wrong(values: dict[str, str]) -> tuple[str, Words] | None:
    for field, check in _CHECKS.items():
        try:
            if (words := check(values.get(field, ""), values)) is not None:
                return field, words
        except CannotReadCode as refusal:
            return field, refusal.words
    return None


def _check_name(text: str, values: Mapping[str, str]) -> Words | None:
    if not text:
        return Words("没有事项名称。请填写。", "The name is missing. Fill it in.")
    if len(text) > _LONGEST_NAME:
        return Words(f"事项名称超过 {_LONGEST_NAME} 字。", f"The name has more than {_LONGEST_NAME} characters.")
    return None


def _check_catalog_code(text: str, values: Mapping[str, str]) -> Words | None:
    if _OLDER_CODE.fullmatch(text):
        return None
    parse_basic_code(text)  # says what is wrong with it
    return None


def _check_task_code(text: str, values: Mapping[str, str]) -> Words | None:
    if not text:
        return None
    code = parse_implementation_code(text[:31] if len(text) == 33 else text)
    if str(code.basic) != values.get("catalog_code"):
        return Words(
            f"实施编码末 12 位 {code.basic} 与基本编码不一致。请核对两者。",
            f"The last 12 digits of the implementation code, {code.basic}, are not the basic code. Compare the two.",
        )
    return None


def _check_local_code(text: str, values: Mapping[str, str]) -> Words | None:
    if len(text) > 80:
        return Words("地方编码超过 80 位。", "The local code has more than 80 characters.")
    return None


def _check_task_type(text: str, values: Mapping[str, str]) -> Words | None:
    if text and not (text.isascii() and text.isdigit() and len(text) <= 2):
        return Words(f"事项类型“{text[:20]}”应为两位数字。", f"The type '{text[:20]}' should be two digits.")
    return None


def _check_department_code(text: str, values: Mapping[str, str]) -> Words | None:
    if len(text) == 18:  # another length is a number of some local register, which has no check digit
        parse_credit_code(text)
    elif len(text) > 40:
        return Words("实施主体编码超过 40 位。", "The code of the organisation has more than 40 characters.")
    return None


def _check_area_code(text: str, values: Mapping[str, str]) -> Words | None:
    if text and not re.fullmatch(r"[0-9]{6}([0-9]{6})?", text, re.ASCII):
        return Words(
            f"行政区划代码“{text[:20]}”应为 6 或 12 位数字。", f"'{text[:20]}' is no region code of 6 or 12 digits."
        )
    return None


def _check_day(text: str, values: Mapping[str, str]) -> Words | None:
    if not text:
        return None
    found = _DAY.fullmatch(text)
    try:
        if found:
            date(int(found[1]), int(found[2]), int(found[3]))
            return None
    except ValueError:
        pass
    return Words(
        f"“{text[:20]}”不是真实的日期。请写成 2018-01-31。", f"'{text[:20]}' is no real day. Write 2018-01-31."
    )


_CHECKS: dict[str, Callable[[str, Mapping[str, str]], Words | None]] = {
    "catalog_code": _check_catalog_code,
    "name": _check_name,
    "task_code": _check_task_code,
    "local_code": _check_local_code,
    "task_type": _check_task_type,
    "department_code": _check_department_code,
    "area_code": _check_area_code,
    "effective_on": _check_day,
    "cancelled_on": _check_day,
}
