"""Turns a row of somebody else's register into fields of ours: which column, which type, which code means what."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from yici.rules.source_failures import CannotAsk, Failure
from yici.rules.words import Words

LONGEST_TEXT = 2_000  # characters; no field of a form is longer


class ColumnType(StrEnum):
    """What a column must hold; a value of another kind means that the source has changed."""

    TEXT = "text"
    INTEGER = "integer"
    DECIMAL = "decimal"
    BOOLEAN = "boolean"
    DATE = "date"
    CODE = "code"


@dataclass(frozen=True, slots=True)
class FieldMapping:
    """Where one field of a dataset stands in a source; ``codes`` translates the source's codes into our values."""

    column: str
    type: ColumnType = ColumnType.TEXT
    codes: Mapping[str, str] = field(default_factory=dict)


Mappings = Mapping[str, FieldMapping]
# Yes and no as registers write them; ours are "true" and "false", the words the form reads.
_YES = frozenset({"true", "t", "1", "y", "yes", "是"})
_NO = frozenset({"false", "f", "0", "n", "no", "否"})


def columns_of(mappings: Mappings, fields: Iterable[str]) -> list[str]:
    """Return the columns to ask for, each once; fields the source does not have are left out: never ask for more.

    >>> columns_of({"licence": FieldMapping("reg_no")}, ["licence", "address"])
    ['reg_no']
    """
    return sorted({mappings[name].column for name in fields if name in mappings})


def mapped(row: Mapping[str, object], mappings: Mappings, fields: Iterable[str]) -> dict[str, str]:
    """Return our fields of a source's row as text; empty values are left out. Raises CannotAsk.

    >>> rules = {"status": FieldMapping("zt", ColumnType.CODE, {"1": "存续"}), "since": FieldMapping("rq")}
    >>> mapped({"zt": 1, "rq": None}, rules, ["status", "since"])
    {'status': '存续'}
    """
    found = {}
    for name in sorted(set(fields)):
        if name not in mappings:
            continue
        text = _text(row, mappings[name])
        if text:
            found[name] = text
    return found


def held(present: Iterable[str], mappings: Mappings, fields: Iterable[str]) -> frozenset[str]:
    """Return which of our fields have a value, from the names of the columns that have one."""
    columns = frozenset(present)
    return frozenset(name for name in fields if name in mappings and mappings[name].column in columns)


def _text(row: Mapping[str, object], rule: FieldMapping) -> str:
    if rule.column not in row:
        raise CannotAsk(Failure.SCHEMA, Words(f"缺少列“{rule.column}”", f"the column '{rule.column}' is missing"))
    value = row[rule.column]
    if value is None or value == "":
        return ""
    text = _READERS[rule.type](value, rule)
    if text is None or len(text) > LONGEST_TEXT or "\x00" in text:
        raise CannotAsk(
            Failure.SCHEMA,
            Words(
                f"列“{rule.column}”的内容不是约定的类型（{rule.type}）",
                f"the column '{rule.column}' does not hold what was agreed ({rule.type})",
            ),
        )
    return text


def _plain(value: object, rule: FieldMapping) -> str | None:
    if isinstance(value, bool | int | Decimal):
        return str(value).lower() if isinstance(value, bool) else str(value)
    if isinstance(value, date):
        return _day(value, rule)
    return value.strip() if isinstance(value, str) else None


def _integer(value: object, rule: FieldMapping) -> str | None:
    text = _plain(value, rule) or ""
    digits = text[1:] if text[:1] in {"+", "-"} else text
    return str(int(text)) if digits.isascii() and digits.isdigit() and len(digits) < 19 else None


def _decimal(value: object, rule: FieldMapping) -> str | None:
    text = repr(value) if isinstance(value, float) else (_plain(value, rule) or "")
    whole, _, part = text.lstrip("+-").partition(".")
    return text if (whole + part).isascii() and (whole + part).isdigit() and len(text) < 40 else None


def _boolean(value: object, rule: FieldMapping) -> str | None:
    text = (_plain(value, rule) or "").lower()
    return "true" if text in _YES else "false" if text in _NO else None


def _day(value: object, rule: FieldMapping) -> str | None:
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    try:
        return date.fromisoformat(value.strip()[:10]).isoformat() if isinstance(value, str) else None
    except ValueError:
        return None


def _code(value: object, rule: FieldMapping) -> str | None:
    # A code nobody agreed on is no value: guessing what it means would decide about a person.
    return rule.codes.get(_plain(value, rule) or "")


_READERS = {
    ColumnType.TEXT: _plain,
    ColumnType.INTEGER: _integer,
    ColumnType.DECIMAL: _decimal,
    ColumnType.BOOLEAN: _boolean,
    ColumnType.DATE: _day,
    ColumnType.CODE: _code,
}
