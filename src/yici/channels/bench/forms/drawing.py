"""Lays a document out as the form a page shows, each fault at its field."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from yici.channels.bench.forms.reading import OPEN
from yici.channels.bench.forms.shapes import NOTHING, Kind, Shape
from yici.rules.words import Words

Path = tuple[str | int, ...]
Faults = Mapping[Path, list[Words]]


@dataclass(frozen=True, slots=True)
class Node:
    """One field, group or list as a page shows it. ``name``: what the browser sends; ``id``: where links lead."""

    shape: Shape
    path: Path
    value: Any
    faults: tuple[Words, ...] = ()
    parts: tuple["Node", ...] = ()
    rows: tuple["Row", ...] = ()

    @property
    def name(self) -> str:
        """Return the name the browser sends it under."""
        return ".".join(str(part) for part in self.path)

    @property
    def id(self) -> str:
        """Return where links lead."""
        return id_of(self.path)


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a list. ``shared``: the key of a shared data element that stands there instead of its own."""

    path: Path
    title: Words
    is_open: bool
    parts: tuple[Node, ...] = ()
    shared: str | None = None
    faults: tuple[Words, ...] = field(default=())

    @property
    def name(self) -> str:
        """Return the name the browser sends it under."""
        return ".".join(str(part) for part in self.path)

    @property
    def id(self) -> str:
        """Return where links lead."""
        return id_of(self.path)

    @property
    def at(self) -> str:
        """Return its place in the list."""
        return str(self.path[-1])


_TONGUES = {"zh": Words("中文", "in Chinese"), "en": Words("英文", "in English")}


def id_of(path: Path) -> str:
    """Return the id of what stands at a path.

    >>> id_of(("requirements", 0, "when"))
    'f-requirements-0-when'
    """
    return "-".join(["f", *(str(part) for part in path)])


def drawn(sections: Iterable[Shape], document: Mapping[str, Any], faults: Faults) -> tuple[Node, ...]:
    """Return the sections of the page."""
    return tuple(_drawn(section, document, (), faults) for section in sections)


def labelled(sections: Iterable[Shape], path: Path) -> tuple[Words, Path]:
    """Return the names of what leads to a path, and the path of the field that holds it.

    A fault may lie deeper than any field (one language of a name) or at something no field shows (a missing part).
    """
    parts = [part for section in sections for part in (section.parts if section.key == "" else (section,))]
    said: list[Words] = []
    held: list[str | int] = []
    for step in path:
        if isinstance(step, int):
            said.append(Words(f"第 {step + 1} 项", f"no. {step + 1}"))
        else:
            shape = next((one for one in parts if one.key == step), None)
            if shape is None:
                said += [_TONGUES[step]] if step in _TONGUES else []
                break
            said.append(shape.label)
            parts = list(shape.parts)
        held.append(step)
    return Words(" › ".join(one.zh for one in said), " › ".join(one.en for one in said)), tuple(held)


def _drawn(shape: Shape, inside: Any, path: Path, faults: Faults) -> Node:
    if shape.key == "":
        return Node(shape, path, None, parts=tuple(_drawn(one, inside, path, faults) for one in shape.parts))
    value = inside.get(shape.key) if isinstance(inside, Mapping) else None
    path = (*path, shape.key)
    if shape.kind is Kind.GROUP:
        parts = tuple(_drawn(one, value or {}, path, faults) for one in shape.parts)
        return Node(shape, path, value, tuple(faults.get(path, ())), parts)
    if shape.kind in (Kind.ROWS, Kind.TABLE):
        rows = tuple(_row(shape, row, (*path, at), faults) for at, row in enumerate(_rows_of(value)))
        # Choices are a mapping: a fault in one lies under its key, which is no place in the list.
        own = _within(path, faults) if isinstance(value, Mapping) else faults.get(path, ())
        return Node(shape, path, value, tuple(own), rows=rows)
    return Node(shape, path, _shown(shape, value), tuple(_within(path, faults)))


def _row(shape: Shape, value: Any, path: Path, faults: Faults) -> Row:
    own = tuple(faults.get(path, ()))
    if shape.parts[0].kind is Kind.WAY:
        part = shape.parts[0]
        return Row(path, NOTHING, is_open=True, parts=(Node(part, path, _shown(part, value), own),))
    if isinstance(value, str):
        return Row(path, NOTHING, is_open=True, shared=value, faults=own)
    value = value if isinstance(value, Mapping) else {}
    parts = tuple(_drawn(one, value, path, faults) for one in shape.parts)
    wrong = any(known[: len(path)] == path for known in faults)
    return Row(path, _title(value), bool(value.get(OPEN)) or wrong, parts, faults=own)


def _rows_of(value: Any) -> list[Any]:
    if isinstance(value, Mapping):
        return [{"key": key, "name": name} for key, name in value.items()]
    return value if isinstance(value, list) else []


def _within(path: Path, faults: Faults) -> Iterator[Words]:
    for known, said in faults.items():
        if known[: len(path)] == path:
            yield from said


def _title(value: Mapping[str, Any]) -> Words:
    named = value.get("name") or value.get("q")
    if isinstance(named, Mapping):
        return Words(str(named.get("zh") or ""), str(named.get("en") or ""))
    plain = str(value.get("title") or value.get("item") or value.get("key") or "")
    return Words(plain, str(value.get("title_en") or plain))


def _shown(shape: Shape, value: Any) -> Any:
    show = _SHOWN.get(shape.kind)
    if show is not None:
        return show(value)
    return "" if value is None else str(value)


def _pair(value: Any) -> dict[str, str]:
    known = value if isinstance(value, Mapping) else {}
    return {key: str(known.get(key) or "") for key in ("zh", "en")}


def _listed(value: Any) -> list[str]:
    return [str(one) for one in value] if isinstance(value, list) else []


def _yuan(value: Any) -> str:
    if not isinstance(value, int):
        return str(value or "")
    return f"{value // 100}.{value % 100:02d}" if value % 100 else str(value // 100)


def _period(value: Any) -> tuple[str, str]:
    if isinstance(value, Mapping):
        return str(value.get("value", "")), str(value.get("unit", "W"))
    text = str(value or "0W")
    return text[:-1], text[-1:]


def _way(value: Any) -> tuple[str, str]:
    kind, _, target = str(value or "").partition(" ")
    return kind, target


_SHOWN: dict[Kind, Callable[[Any], Any]] = {
    Kind.WORDS: _pair,
    Kind.LONG_WORDS: _pair,
    Kind.SEVERAL: _listed,
    Kind.NAMES: lambda value: ", ".join(_listed(value)),
    Kind.FLAG: bool,
    Kind.YUAN: _yuan,
    Kind.PERIOD: _period,
    Kind.WAY: _way,
}
