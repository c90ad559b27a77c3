"""The facts a condition may ask about, and the answers people give to them."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from difflib import get_close_matches

from yici.rules.conditions.spans import shown
from yici.rules.conditions.tree import Kind
from yici.rules.refusals import Refusal
from yici.rules.words import Words

# Whole numbers beyond 2**53 - 1 are changed silently by programs that read JSON numbers as floating point.
GREATEST = 2**53 - 1
# Nobody who applies was born before 1900; the end keeps proofs from finding "persons" of the year 9999.
EARLIEST, LATEST = date(1900, 1, 1), date(2199, 12, 31)

Answer = bool | int | str | date

_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)*", re.ASCII)
_WHOLE = re.compile(r"[+-]?[0-9]{1,17}", re.ASCII)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_KEPT_WORDS = frozenset({"true", "false", "null", "in"})
_UNWRITABLE = re.compile(r"[\"'\\\x00-\x1f\x7f\ud800-\udfff]")


class CannotDeclare(Refusal):
    """A fact that no condition could use."""


class CannotAnswer(Refusal):
    """An answer that its question does not allow; ``fact`` names the question."""

    def __init__(self, fact: str, words: Words) -> None:
        super().__init__(zh=words.zh, en=words.en)
        self.fact = fact


@dataclass(frozen=True, slots=True)
class Fact:
    """A typed question: yes or no, one of several, a whole number, an amount in fen, a day.

    ``values`` belong to one-of facts; ``minimum`` and ``maximum`` (both allowed values) to numbers and amounts.

    >>> Fact("child_order", "int", minimum=1, maximum=12).kind
    'int'
    """

    key: str
    kind: Kind
    values: tuple[str, ...] = ()
    minimum: int | None = None
    maximum: int | None = None

    def __post_init__(self) -> None:
        """Refuse a declaration that could not be written, answered or proved."""
        for wrong, words in _FAULTS:
            if wrong(self):
                key = shown(self.key)
                raise CannotDeclare(zh=f"情形要素“{key}”{words.zh}", en=f"The fact “{key}” {words.en}")

    def range(self) -> tuple[int, int]:
        """Return the least and the greatest whole number or fen allowed.

        >>> Fact("rooms", "int", minimum=0).range()
        (0, 9007199254740991)
        """
        least = -GREATEST if self.minimum is None else self.minimum
        return least, GREATEST if self.maximum is None else self.maximum


def _key_is_wrong(fact: Fact) -> bool:
    return not _KEY.fullmatch(fact.key) or not _KEPT_WORDS.isdisjoint(fact.key.split("."))


def _values_are_wrong(fact: Fact) -> bool:
    if fact.kind != "enum":
        return bool(fact.values)
    empty = not fact.values or not all(fact.values)
    return empty or len(set(fact.values)) < len(fact.values) or any(map(_UNWRITABLE.search, fact.values))


def _range_is_wrong(fact: Fact) -> bool:
    if fact.kind not in {"int", "fen"}:
        return (fact.minimum, fact.maximum) != (None, None)
    least, greatest = fact.range()
    return not -GREATEST <= least <= greatest <= GREATEST


_FAULTS: tuple[tuple[Callable[[Fact], bool], Words], ...] = (
    (
        _key_is_wrong,
        Words(
            "的名称不可用：请用英文字母、数字、下划线和点，且不用 true、false、null、in。",
            "has an unusable name: write letters, digits, underscores and dots, and not true, false, null or in.",
        ),
    ),
    (
        _values_are_wrong,
        Words(
            "的选项不可用：单选要素须列出互不相同、不含引号和反斜杠的选项，其他要素不列选项。",
            "has unusable values: a one-of fact lists different ones without quotes or backslashes, others list none.",
        ),
    ),
    (
        _range_is_wrong,
        Words(
            "的范围不可用：只有整数和金额有范围，且最小值不大于最大值。",
            "has an unusable range: only numbers and amounts have one, and the minimum is at most the maximum.",
        ),
    ),
)


def closest(word: str, known: Mapping[str, object] | tuple[str, ...]) -> str | None:
    """Return the known word that looks most like this one, if any looks alike."""
    matches = get_close_matches(word, list(known), n=1, cutoff=0.6)
    return matches[0] if matches else None


def check_answers(answers: Mapping[str, object], facts: Mapping[str, Fact]) -> dict[str, Answer]:
    """Return the answers in the types that conditions work with; unanswered ones (``None``) are left out.

    Takes what JSON and forms deliver: ``"true"``, ``"3"`` and ``"2018-01-01"`` are read as what they mean.
    Raises CannotAnswer for the first one that its question does not allow.

    >>> check_answers({"born_on": "2018-01-31"}, {"born_on": Fact("born_on", "date")})
    {'born_on': datetime.date(2018, 1, 31)}
    """
    checked = {}
    for key, value in answers.items():
        if key not in facts:
            raise _no_such_fact(key, facts)
        if value is not None:
            checked[key] = check_answer(facts[key], value)
    return checked


def check_answer(fact: Fact, value: object) -> Answer:
    """Return one answer in the type of its question, or raise CannotAnswer.

    >>> check_answer(Fact("married", "bool"), "true")
    True
    """
    return _CHECKS[fact.kind](fact, value)


def _no_such_fact(key: object, facts: Mapping[str, Fact]) -> CannotAnswer:
    near = closest(str(key), facts)
    hint = Words(f"是不是“{near}”？", f" Did you mean “{near}”?") if near else Words("请删去这一项。", " Leave it out.")
    zh, en = f"没有名为“{shown(str(key))}”的问题。", f"There is no question “{shown(str(key))}”."
    return CannotAnswer(str(key), Words(zh + hint.zh, en + hint.en))


def _refuse(fact: Fact, value: object, wanted: Words) -> CannotAnswer:
    given = _given(value)
    zh = f"“{fact.key}”的回答“{given}”不可用：{wanted.zh}"
    return CannotAnswer(fact.key, Words(zh, f"“{given}” cannot answer “{fact.key}”: {wanted.en}"))


def _given(value: object) -> str:
    if isinstance(value, int) and abs(value) > GREATEST**2:  # Python refuses to print very long numbers
        return "…"
    return shown(str(value)) if isinstance(value, str | int | float | date) else "{…}"


def _check_bool(fact: Fact, value: object) -> bool:
    if isinstance(value, bool):
        return value
    if value in ("true", "false"):
        return value == "true"
    raise _refuse(fact, value, Words("请回答是（true）或否（false）。", "answer yes (true) or no (false)."))


def _check_whole(fact: Fact, value: object) -> int:
    number = int(value) if isinstance(value, str) and _WHOLE.fullmatch(value.strip()) else value
    if isinstance(number, bool) or not isinstance(number, int):
        unit = Words("（以分为单位）", " of fen") if fact.kind == "fen" else Words("", "")
        raise _refuse(fact, value, Words(f"请填写整数{unit.zh}。", f"give a whole number{unit.en}."))
    least, greatest = fact.range()
    if not least <= number <= greatest:
        words = Words(f"应在 {least} 到 {greatest} 之间。", f"it must lie between {least} and {greatest}.")
        raise _refuse(fact, number, words)
    return number


def _check_enum(fact: Fact, value: object) -> str:
    if isinstance(value, str) and value in fact.values:
        return value
    near = closest(value, fact.values) if isinstance(value, str) else None
    if near:
        raise _refuse(fact, value, Words(f"没有这个选项。是不是“{near}”？", f"no such choice. Did you mean “{near}”?"))
    zh, en = "、".join(fact.values[:8]), ", ".join(fact.values[:8])
    more = "…" if len(fact.values) > 8 else ""
    raise _refuse(fact, value, Words(f"请从这些选项中选择：{zh}{more}。", f"choose one of {en}{more}."))


def _check_date(fact: Fact, value: object) -> date:
    day = _read_day(fact, value) if isinstance(value, str) else value
    if isinstance(day, datetime) or not isinstance(day, date):
        raise _refuse(fact, value, Words("请填写日期，如 2018-01-31。", "give a day such as 2018-01-31."))
    if not EARLIEST <= day <= LATEST:
        words = Words(f"应在 {EARLIEST} 到 {LATEST} 之间。", f"it must lie between {EARLIEST} and {LATEST}.")
        raise _refuse(fact, value, words)
    return day


def _read_day(fact: Fact, value: str) -> date | None:
    if not _DAY.fullmatch(value.strip()):
        return None
    try:
        return date.fromisoformat(value.strip())
    except ValueError as error:
        raise _refuse(fact, value, Words("日历上没有这一天。", "the calendar has no such day.")) from error


_CHECKS: dict[Kind, Callable[[Fact, object], Answer]] = {
    "bool": _check_bool,
    "int": _check_whole,
    "fen": _check_whole,
    "enum": _check_enum,
    "date": _check_date,
}
