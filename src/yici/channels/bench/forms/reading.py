"""Reads a form back into a document, and does what the buttons of its rows say."""

from collections.abc import Mapping
from typing import Any

from django.http import QueryDict

from yici.channels.bench.forms.shapes import Kind, Shape

Document = dict[str, Any]
OPEN = "_open"  # which rows the person has unfolded; never part of the text
_ABSENT = object()
_FEN = 100


def document_from(sections: tuple[Shape, ...], sent: QueryDict) -> Document:
    """Return the document a form says. What cannot be read as its kind stays as typed: the check names it."""
    document: Document = {}
    for section in sections:
        parts = section.parts if section.key == "" else (section,)
        document |= _parts(parts, sent, "")
    return document


def finished(value: Any) -> Any:
    """Return a document as it is written: without the marks of unfolded rows, choices as a mapping."""
    if isinstance(value, Mapping):
        return {
            key: _choices(part) if key == "values" else finished(part) for key, part in value.items() if key != OPEN
        }
    return [finished(part) for part in value] if isinstance(value, list) else value


def _choices(value: Any) -> Any:
    return {row.get("key", ""): row.get("name") for row in value} if isinstance(value, list) else value


def done(document: Document, act: str) -> str | None:
    """Do what a button of a row says (``add:PATH``, ``remove:``, ``up:``, ``down:``); return the path to look at next.

    None for anything else, also for paths that lead nowhere: the page may be older than the document.
    """
    verb, _, path = act.partition(":")
    if verb not in ("add", "share", "remove", "up", "down") or not path:
        return None
    keys = path.split(".")
    if verb in ("add", "share"):
        return _added(document, keys, shared=verb == "share")
    rows = _list_at(document, keys[:-1])
    at = int(keys[-1]) if keys[-1].isdecimal() else -1
    if rows is None or not 0 <= at < len(rows):
        return None
    to = at
    row = rows.pop(at)
    if verb != "remove":
        to = min(max(at + (1 if verb == "down" else -1), 0), len(rows))
        rows.insert(to, row)
    return ".".join([*keys[:-1], str(to)])


def _added(document: Document, keys: list[str], *, shared: bool) -> str | None:
    rows = _list_at(document, keys, make=True)
    if rows is None:
        return None
    rows.append("" if shared else {OPEN: True})
    return ".".join([*keys, str(len(rows) - 1)])


def _list_at(document: Any, keys: list[str], *, make: bool = False) -> list[Any] | None:
    here = document
    for place, key in enumerate(keys):
        if isinstance(here, list):
            here = here[int(key)] if key.isdecimal() and int(key) < len(here) else None
        elif isinstance(here, dict):
            if make and place == len(keys) - 1:
                here.setdefault(key, [])
            here = here.get(key)
        else:
            return None
    return here if isinstance(here, list) else None


def _parts(parts: tuple[Shape, ...], sent: QueryDict, prefix: str) -> Document:
    values = {shape.key: _READERS[shape.kind](shape, sent, f"{prefix}{shape.key}") for shape in parts}
    return {key: value for key, value in values.items() if value is not _ABSENT}


def _text(shape: Shape, sent: QueryDict, name: str) -> Any:
    text = sent.get(name, "").replace("\r\n", "\n").strip()
    return text if text or shape.needed else _ABSENT


def _words(shape: Shape, sent: QueryDict, name: str) -> Any:
    pair = {key: sent.get(f"{name}.{key}", "").replace("\r\n", "\n").strip() for key in ("zh", "en")}
    return pair if any(pair.values()) or shape.needed else _ABSENT


def _several(shape: Shape, sent: QueryDict, name: str) -> Any:
    chosen = [value for value, _ in shape.choices if value in sent.getlist(name)]
    return chosen if chosen or shape.needed else _ABSENT


def _flag(shape: Shape, sent: QueryDict, name: str) -> Any:
    chosen = sent.get(name) == "1"
    return chosen if chosen or shape.needed else _ABSENT


def _number(shape: Shape, sent: QueryDict, name: str) -> Any:
    text = sent.get(name, "").strip()
    if text.removeprefix("-").isdecimal() and text.isascii() and len(text) <= 15:
        return int(text)
    return text if text or shape.needed else _ABSENT


def _yuan(shape: Shape, sent: QueryDict, name: str) -> Any:
    text = sent.get(name, "").replace(",", "").strip()
    whole, point, rest = text.partition(".")
    if not (
        whole.isdecimal() and text.isascii() and len(whole) <= 12 and (rest.isdecimal() or not point) and len(rest) <= 2
    ):
        return text
    return int(whole) * _FEN + int(rest.ljust(2, "0"))


def _period(shape: Shape, sent: QueryDict, name: str) -> Any:
    return sent.get(name, "").strip() + sent.get(f"{name}.unit", "W")


def _names(shape: Shape, sent: QueryDict, name: str) -> Any:
    text = sent.get(name, "").replace("，", ",").replace("、", ",").replace("\n", ",")
    listed = [one.strip() for one in text.split(",") if one.strip()]
    return listed if listed or shape.needed else _ABSENT


def _way(shape: Shape, sent: QueryDict, name: str) -> Any:
    return f"{sent.get(name, '')} {sent.get(f'{name}.target', '').strip()}".strip()


def _group(shape: Shape, sent: QueryDict, name: str) -> Any:
    parts = _parts(shape.parts, sent, f"{name}.")
    empty = not any(value for key, value in parts.items() if key != "level")
    return _ABSENT if empty and not shape.needed else parts


def _rows(shape: Shape, sent: QueryDict, name: str) -> Any:
    rows = [_row(shape, sent, f"{name}.{at}") for at in sent.getlist(f"{name}.rows") if at.isdecimal()]
    return rows if rows or shape.needed else _ABSENT


def _row(shape: Shape, sent: QueryDict, name: str) -> Any:
    if shape.shared and f"{name}.shared" in sent:
        return sent.get(f"{name}.shared", "").strip()
    if shape.parts[0].kind is Kind.WAY:
        return _way(shape.parts[0], sent, name)
    row = _parts(shape.parts, sent, f"{name}.")
    return row | {OPEN: True} if sent.get(f"{name}.{OPEN}") else row


_READERS = {
    Kind.TEXT: _text,
    Kind.WORDS: _words,
    Kind.LONG_WORDS: _words,
    Kind.CHOICE: _text,
    Kind.SEVERAL: _several,
    Kind.FLAG: _flag,
    Kind.NUMBER: _number,
    Kind.YUAN: _yuan,
    Kind.PERIOD: _period,
    Kind.CONDITION: _text,
    Kind.NAMES: _names,
    Kind.WAY: _way,
    Kind.GROUP: _group,
    Kind.ROWS: _rows,
    Kind.TABLE: _rows,
}
