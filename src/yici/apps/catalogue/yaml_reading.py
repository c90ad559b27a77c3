"""Reads one YAML file of the catalogue and remembers where everything stands in it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

from yici.apps.catalogue.faults import Fault
from yici.rules.words import Words

Path = tuple[str | int, ...]

# The largest file written by hand is below 100 kB, a whole exported catalogue about 1 MB; these limits only stop
# files made to exhaust the machine.
MOST_BYTES = 8_000_000
MOST_VALUES = 400_000
DEEPEST = 24

_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff\ud800-\udfff]")
# Only what JSON would read as a number: "07", "0571-12345" and "1_000" stay text, unlike in YAML 1.1.
_INTEGER = re.compile(r"-?(0|[1-9][0-9]{0,17})", re.ASCII)
_DECIMAL = re.compile(r"-?(0|[1-9][0-9]{0,17})\.[0-9]{1,17}", re.ASCII)
_WORDS_WITH_A_VALUE: dict[str, object] = {
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
}


@dataclass(frozen=True, slots=True)
class Source:
    """The content of one file and the position of every value and key; positions count from 1."""

    file: str
    value: object
    values_at: dict[Path, tuple[int, int]] = field(default_factory=dict)
    keys_at: dict[Path, tuple[int, int]] = field(default_factory=dict)
    quoted: frozenset[Path] = frozenset()

    def where(self, path: Path, *, key: bool = False) -> tuple[int, int]:
        """Return line and column of a value (or of its key); of the nearest thing around it when it is absent."""
        if key and path in self.keys_at:
            return self.keys_at[path]
        for length in range(len(path), -1, -1):
            if path[:length] in self.values_at:
                return self.values_at[path[:length]]
        return (1, 1)

    def fault(self, path: Path, words: Words, *, key: bool = False) -> Fault:
        """Return a fault at the place of a path."""
        return Fault(self.file, *self.where(path, key=key), words, path)


class _Stop(Exception):
    """Reading cannot go on after this fault."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(str(fault))
        self.fault = fault


def read_yaml(content: bytes, file: str) -> tuple[list[Source], list[Fault]]:
    """Return the documents of a YAML file with their places, and every fault found on the way.

    Only plain values are read: no tags, no objects. A fault that stops reading leaves no documents.
    """
    try:
        text = _decoded(content, file)
        reader = _Reader(text, file)
        return reader.read(), reader.faults
    except _Stop as stop:
        return [], [stop.fault]
    except yaml.YAMLError as error:
        return [], [_malformed(error, file)]


def _decoded(content: bytes, file: str) -> str:
    if len(content) > MOST_BYTES:
        raise _Stop(Fault(file, 0, 0, _too_large(len(content))))
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = content[: error.start].decode("utf-8", "replace")
        raise _Stop(Fault(file, *_end_of(before), _WRONG_ENCODING)) from None
    if strange := _FORBIDDEN.search(text):
        code = f"U+{ord(strange.group()):04X}"
        words = Words(f"这里有不可见的控制字符 {code}。请删去。", f"Here is an invisible character {code}. Delete it.")
        raise _Stop(Fault(file, *_end_of(text[: strange.start()]), words))
    return text


def _end_of(text: str) -> tuple[int, int]:
    return text.count("\n") + 1, len(text) - (text.rfind("\n") + 1) + 1


_WRONG_ENCODING = Words(
    "文件不是 UTF-8 编码（可能是 GBK）。请另存为 UTF-8。",
    "The file is not UTF-8 text (perhaps GBK). Save it as UTF-8.",
)


def _too_large(size: int) -> Words:
    return Words(
        f"文件有 {size:,} 字节，超过上限 {MOST_BYTES:,}。请拆成几个文件。",
        f"The file has {size:,} bytes; the limit is {MOST_BYTES:,}. Split it into several files.",
    )


# libyaml's problems, in words; the key is a part of its English message.
_PROBLEMS = {
    "cannot start any token": Words(
        "这里的字符不能出现在行首或值首：多半是用了制表符缩进，或值以 @、` 开头。请用空格缩进，或给值加引号。",
        "This character cannot stand here: probably a tab used to indent, or a value that begins with @ or `. "
        "Indent with spaces, or put the value in quotes.",
    ),
    "mapping values are not allowed": Words(
        "这里不能再出现“键: 值”：可能是值里含有半角冒号加空格而没有加引号，或缩进不对。",
        "A 'key: value' cannot stand here: a value with a colon and a space wants quotes, or the indentation is off.",
    ),
    "could not find expected ':'": Words("这一行缺少半角冒号。", "This line lacks its colon."),
    "did not find expected key": Words(
        "这里应是下一个键：缩进与上文不一致，或上一行的引号没有配对。",
        "The next key is expected here: the indentation differs from the lines above, or a quote is not closed.",
    ),
    "did not find expected '-' indicator": Words(
        "这里应是列表的下一项（以“- ”开头）：缩进与上文不一致。",
        "The next entry of the list ('- ') is expected here: the indentation differs from the lines above.",
    ),
    "found unexpected end of stream": Words(
        "文件在这里突然结束：引号或括号没有配对。",
        "The file ends too early: a quote or bracket is not closed.",
    ),
    "did not find expected ',' or": Words(
        "方括号或花括号里缺少逗号，或没有配对。",
        "A comma is missing between brackets, or the bracket is not closed.",
    ),
}


def _malformed(error: yaml.YAMLError, file: str) -> Fault:
    problem = str(getattr(error, "problem", None) or error)
    mark = getattr(error, "problem_mark", None)
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    for part, words in _PROBLEMS.items():
        if part in problem:
            return Fault(file, line, column, words)
    return Fault(file, line, column, Words(f"YAML 语法有误（{problem}）。", f"This is not YAML: {problem}."))


class _Reader:
    """Builds plain values from the parser's events; depth and number of values are bounded, aliases included."""

    def __init__(self, text: str, file: str) -> None:
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        self.events: Iterator[yaml.Event] = iter(yaml.parse(text, Loader=loader))
        self.file = file
        self.faults: list[Fault] = []
        self.count = 0
        self._begin()

    def _begin(self) -> None:
        self.values_at: dict[Path, tuple[int, int]] = {}
        self.keys_at: dict[Path, tuple[int, int]] = {}
        self.quoted: set[Path] = set()
        self.anchors: dict[str, tuple[object, int, int]] = {}

    def read(self) -> list[Source]:
        """Return every document of the file; an exported catalogue may be one file of many."""
        sources = []
        for event in self.events:
            if isinstance(event, yaml.DocumentStartEvent):
                self._begin()
                value = self._value(next(self.events), ())
                sources.append(Source(self.file, value, self.values_at, self.keys_at, frozenset(self.quoted)))
        return sources or [Source(self.file, None)]

    def _value(self, event: Any, path: Path) -> object:
        self.values_at[path] = _position(event)
        self._count(event, 1, len(path))
        if isinstance(event, yaml.AliasEvent):
            return self._alias(event, path)
        if getattr(event, "tag", None):
            raise self._stop(
                event, Words(f"不支持标签 {event.tag}。请删去。", f"Tags such as {event.tag} are not read.")
            )
        before, value = self.count, self._plain(event, path)
        if getattr(event, "anchor", None):
            self.anchors[event.anchor] = (value, self.count - before + 1, _depth(value))
        return value

    def _plain(self, event: Any, path: Path) -> object:
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(path)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(path)
        if event.style in ("'", '"'):
            self.quoted.add(path)
        return _scalar(event)

    def _mapping(self, path: Path) -> dict[str, object]:
        mapping: dict[str, object] = {}
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            key = self._key(event)
            seen = key in mapping
            if not seen:
                self.keys_at[(*path, key)] = _position(event)
            else:
                first = self.keys_at[(*path, key)][0]
                words = Words(
                    f"键“{key}”重复，第 {first} 行已有。请删去一处。", f"'{key}' stands in line {first} already."
                )
                self.faults.append(Fault(self.file, *_position(event), words))
            # A repeated key keeps its first value and place; the second is only read past.
            value = self._value(next(self.events), (*path, key, 1) if seen else (*path, key))
            mapping.setdefault(key, value)
        return mapping

    def _key(self, event: yaml.Event) -> str:
        if not isinstance(event, yaml.ScalarEvent):
            raise self._stop(event, Words("键必须是文字。", "A key must be a plain word."))
        self._count(event, 1, 0)
        return str(event.value)

    def _sequence(self, path: Path) -> list[object]:
        values: list[object] = []
        while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
            values.append(self._value(event, (*path, len(values))))
        return values

    def _alias(self, event: yaml.AliasEvent, path: Path) -> object:
        if event.anchor not in self.anchors:
            words = Words(
                f"引用 *{event.anchor} 之前没有定义，或引用了自身。", f"*{event.anchor} is not defined before this."
            )
            raise self._stop(event, words)
        value, size, depth = self.anchors[event.anchor]
        self._count(event, size, len(path) + depth)
        return value

    def _count(self, event: yaml.Event, size: int, depth: int) -> None:
        self.count += size
        if self.count > MOST_VALUES:
            raise self._stop(event, _TOO_MANY)
        if depth > DEEPEST:
            raise self._stop(event, _TOO_DEEP)

    def _stop(self, event: yaml.Event, words: Words) -> _Stop:
        return _Stop(Fault(self.file, *_position(event), words))


_TOO_MANY = Words(
    f"展开引用后超过 {MOST_VALUES:,} 个值。请拆分文件，不要层层引用。",
    f"More than {MOST_VALUES:,} values once aliases are expanded. Split the file and do not nest aliases.",
)
_TOO_DEEP = Words(
    f"嵌套超过 {DEEPEST} 层。事项文件不需要这么深的结构。",
    f"Nested more than {DEEPEST} levels deep. No catalogue file needs that.",
)


def _position(event: yaml.Event) -> tuple[int, int]:
    mark = event.start_mark
    return (mark.line + 1, mark.column + 1) if mark else (1, 1)


def _scalar(event: yaml.ScalarEvent) -> object:
    text = str(event.value)
    if not event.implicit[0]:  # quoted and block texts are texts
        return text
    if text in _WORDS_WITH_A_VALUE:
        return _WORDS_WITH_A_VALUE[text]
    if _INTEGER.fullmatch(text):
        return int(text)
    return float(text) if _DECIMAL.fullmatch(text) else text


def _depth(value: object) -> int:
    children = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return 1 + max((_depth(child) for child in children), default=0)
