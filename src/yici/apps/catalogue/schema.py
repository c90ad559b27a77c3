"""Compares a document with its published JSON Schema and says in words what does not fit."""

import json
from collections.abc import Callable, Iterator, Mapping
from difflib import get_close_matches
from functools import lru_cache
from importlib.resources import files
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from yici.apps.catalogue.faults import Fault
from yici.apps.catalogue.yaml_reading import Path, Source
from yici.rules.words import Words

# The key at the top of a file tells its kind.
KINDS = {
    "item": "item",
    "event": "event",
    "elements": "elements",
    "datasets": "datasets",
    "organisations": "organisations",
    "licence_types": "licence_types",
    "region": "local",
}
_FOLDER = files("yici.apps.catalogue") / "schema"


@lru_cache(maxsize=16)
def published(name: str) -> dict[str, Any]:
    """Return one of the published schemas.

    >>> published("event")["required"][0]
    'event'
    """
    schema: dict[str, Any] = json.loads((_FOLDER / f"{name}.schema.json").read_text(encoding="utf-8"))
    return schema


@lru_cache(maxsize=16)
def validator(name: str) -> Draft202012Validator:
    """Return the checker of one kind of document."""
    return Draft202012Validator(_written_out(published(name), f"{name}.schema.json"))


def _written_out(schema: Any, file: str) -> Any:
    """Return a schema with every reference replaced by what it refers to: following them takes most of the time."""
    if isinstance(schema, list):
        return [_written_out(part, file) for part in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        where, _, name = schema["$ref"].partition("#/$defs/")
        target = where or file
        return _written_out(published(target.removesuffix(".schema.json"))["$defs"][name], target)
    return {key: _written_out(part, file) for key, part in schema.items() if key not in ("$defs", "$id")}


def kind_of(source: Source) -> str | None:
    """Return the kind of document a file holds, told by its keys."""
    if not isinstance(source.value, dict):
        return None
    return next((kind for key, kind in KINDS.items() if key in source.value), None)


def check_schema(source: Source) -> Iterator[Fault]:
    """Yield a fault for everything the schema of its kind does not allow."""
    kind = kind_of(source)
    if kind is None:
        yield source.fault((), _UNKNOWN_DOCUMENT)
        return
    for error in validator(kind).iter_errors(source.value):
        yield from explained(error, source)


_UNKNOWN_DOCUMENT = Words(
    "看不出这是哪种文件：首层应有 item、event、elements、datasets、organisations、licence_types 或 region。",
    "What is this file? At its top stands item, event, elements, datasets, organisations, licence_types or region.",
)


def explained(error: ValidationError, source: Source, place: Callable[[Path], Path] = tuple) -> Iterator[Fault]:
    """Yield the faults behind one schema error; ``place`` tells where a path of the document stands in the file."""
    path = place(tuple(error.absolute_path))
    if error.context:  # if/then, anyOf: the errors inside know more
        for inner in error.context:
            yield from explained(inner, source, place)
    elif error.validator == "additionalProperties" and isinstance(error.instance, dict):
        yield from _unknown_keys(error, source, path)
    else:
        sentence = _SENTENCES.get(str(error.validator), _not_allowed)
        yield source.fault(path, sentence(error, _name(path) or kind_of(source) or "", path in source.quoted))


def _unknown_keys(error: ValidationError, source: Source, path: Path) -> Iterator[Fault]:
    known = error.schema.get("properties", {}) if isinstance(error.schema, Mapping) else {}
    instance: Any = error.instance
    for key in instance:
        if key not in known:
            hint = closest(str(key), known)
            zh, en = f"不认识的键“{key}”。{hint.zh or '请删去。'}", f"Unknown key '{key}'. {hint.en or 'Delete it.'}"
            yield source.fault((*path, key), Words(zh, en), key=True)


def closest(word: str, known: Mapping[str, Any]) -> Words:
    """Return a suggestion, empty when nothing looks alike.

    >>> closest("promissed", {"promised": 1, "steps": 2}).en
    "Did you mean 'promised'?"
    """
    near = get_close_matches(word, list(known), n=1, cutoff=0.6)
    return Words(f"是不是“{near[0]}”？", f"Did you mean '{near[0]}'?") if near else Words("", "")


def _limit(error: ValidationError) -> Any:
    """Return what the schema demands: a list of keys, a type, a number."""
    return error.validator_value


def _name(path: Path) -> str:
    named = [str(part) for part in path if isinstance(part, str)]
    return named[-1] if named else ""


def _shown(value: object) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 40 else f"{text[:40]}…"


def _missing(error: ValidationError, name: str, quoted: bool) -> Words:
    instance: Any = error.instance
    missing = next((key for key in _limit(error) if key not in instance), "?")
    return Words(f"“{name}”缺少必填的“{missing}”。请补上。", f"'{name}' lacks '{missing}'. Add it.")


_TYPES = {
    "string": Words("文字", "text"),
    "integer": Words("整数", "a whole number"),
    "boolean": Words("true 或 false", "true or false"),
    "array": Words("列表", "a list"),
    "object": Words("键值表", "a mapping"),
    "null": Words("空", "nothing"),
}


def _wrong_type(error: ValidationError, name: str, quoted: bool) -> Words:
    limit = _limit(error)
    wanted: list[str] = limit if isinstance(limit, list) else [limit]
    zh = "或".join(_TYPES[kind].zh for kind in wanted)
    en = " or ".join(_TYPES[kind].en for kind in wanted)
    hint = Words("", "")
    if "string" in wanted and isinstance(error.instance, int | float):
        hint = Words("请加引号。", " Put it in quotes.")
    elif quoted:
        hint = Words("请去掉引号。", " Take the quotes away.")
    shown = _shown(error.instance)
    return Words(f"“{name}”应是{zh}，却是 {shown}。{hint.zh}", f"'{name}' must be {en}, not {shown}.{hint.en}")


def _not_among(error: ValidationError, name: str, quoted: bool) -> Words:
    values = [str(value) for value in _limit(error) if value is not None]
    zh, en = "、".join(values), ", ".join(values)
    shown, hint = _shown(error.instance), closest(str(error.instance), dict.fromkeys(values))
    return Words(
        f"“{name}”不能是“{shown}”，应为其中之一：{zh}。{hint.zh}",
        f"'{name}' cannot be '{shown}'; it is one of {en}. {hint.en}".rstrip(),
    )


_SHAPES = {
    "[0-9]{12}": Words("12 位数字", "12 digits"),
    "[WDMYH]": Words(
        "数字加单位（W 工作日、D 日、M 月、Y 年、H 小时），如 5W", "a number and a unit (W D M Y H), such as 5W"
    ),
    "licence|result_of": Words(
        "“data 数据集.字段”“licence 证照”“result_of 事项”“form 要素”“original 数据集.字段”，"
        "或 declaration、commitment、upload、original",
        "'data dataset.field', 'licence type', 'result_of item', 'form element', 'original dataset.field', "
        "or declaration, commitment, upload, original",
    ),
    "[a-z0-9_]*\\.": Words("“数据集.字段”", "'dataset.field'"),
    "[0-9]{6}": Words("6 位或 12 位区划代码", "a region code of 6 or 12 digits"),
    "[a-z][a-z0-9_]": Words(
        "小写字母、数字和下划线，以字母开头", "small letters, digits and underscores, beginning with a letter"
    ),
}


def _empty(error: ValidationError, name: str, quoted: bool) -> Words:
    return Words(f"“{name}”不能为空。请填写。", f"'{name}' is empty. Fill it in.")


def _wrong_shape(error: ValidationError, name: str, quoted: bool) -> Words:
    if error.instance == "":
        return _empty(error, name, quoted)
    pattern = str(error.validator_value)
    shape = next((words for part, words in _SHAPES.items() if part in pattern), Words(pattern, pattern))
    shown = _shown(error.instance)
    return Words(f"“{name}”的写法不对：“{shown}”应为{shape.zh}。", f"'{shown}' is no '{name}': write {shape.en}.")


def _too_long(error: ValidationError, name: str, quoted: bool) -> Words:
    limit = error.validator_value
    return Words(f"“{name}”超过上限 {limit}。请缩短。", f"'{name}' is over its limit of {limit}. Shorten it.")


def _too_little(error: ValidationError, name: str, quoted: bool) -> Words:
    least = error.validator_value
    if error.validator == "minimum":
        return Words(f"“{name}”不能小于 {least}。", f"'{name}' cannot be less than {least}.")
    return Words(f"“{name}”不能为空，至少 {least} 项。", f"'{name}' is empty; give at least {least}.")


def _repeated(error: ValidationError, name: str, quoted: bool) -> Words:
    return Words(f"“{name}”里有重复的项。请删去。", f"'{name}' names something twice. Delete one.")


def _not_allowed(error: ValidationError, name: str, quoted: bool) -> Words:
    return Words(
        f"“{name}”的内容不符合规定（{error.validator}）。", f"'{name}' is not allowed here ({error.validator})."
    )


_SENTENCES: dict[str, Callable[[ValidationError, str, bool], Words]] = {
    "required": _missing,
    "type": _wrong_type,
    "enum": _not_among,
    "pattern": _wrong_shape,
    "maxLength": _too_long,
    "maxItems": _too_long,
    "maxProperties": _too_long,
    "maximum": _too_long,
    "minLength": _empty,
    "minItems": _too_little,
    "minProperties": _too_little,
    "minimum": _too_little,
    "uniqueItems": _repeated,
}
