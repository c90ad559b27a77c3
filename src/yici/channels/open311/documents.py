"""Answers of GeoReport v2: the same document as XML without a schema, or as JSON by the Spark convention."""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from xml.etree import ElementTree

from django.http import HttpResponse

Value = str | float | bool | None | datetime
Row = Mapping[str, object]
# What XML 1.0 cannot carry at all, not even escaped; people paste such characters.
_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def answer(form: str, root: str, rows: Sequence[Row], *, of: str, status: int = 200) -> HttpResponse:
    """Return rows as ``<root><of>…</of></root>``, or as a JSON list."""
    if form == "json":
        return _json([_plain(row) for row in rows], status)
    tree = ElementTree.Element(root)
    for row in rows:
        _fill(ElementTree.SubElement(tree, of), row)
    return _xml(tree, status)


def single(form: str, root: str, row: Row) -> HttpResponse:
    """Return one document that stands alone, as ``<root>…</root>`` or a JSON object."""
    if form == "json":
        return _json(_plain(row), 200)
    tree = ElementTree.Element(root)
    _fill(tree, row)
    return _xml(tree, 200)


def error(form: str, status: int, sentence: str) -> HttpResponse:
    """Return an error in the form of the standard; its code is the status."""
    return answer(form, "errors", [{"code": status, "description": sentence}], of="error", status=status)


def _json(document: object, status: int) -> HttpResponse:
    text = json.dumps(document, ensure_ascii=False)
    return HttpResponse(text, status=status, content_type="application/json; charset=utf-8")


def _xml(tree: ElementTree.Element, status: int) -> HttpResponse:
    body = ElementTree.tostring(tree, encoding="unicode")
    return HttpResponse(
        f'<?xml version="1.0" encoding="utf-8"?>\n{body}', status=status, content_type="text/xml; charset=utf-8"
    )


def _plain(value: object) -> object:
    if isinstance(value, Mapping):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return _moment(value) if isinstance(value, datetime) else value


def _moment(value: datetime) -> str:
    return value.isoformat(timespec="seconds")


def _fill(parent: ElementTree.Element, row: Row) -> None:
    """Write a row's fields as elements; a list of rows is an element with one element for each, named in singular."""
    for key, value in row.items():
        element = ElementTree.SubElement(parent, key)
        if isinstance(value, list | tuple):
            for one in value:
                child = ElementTree.SubElement(element, key.removesuffix("s"))
                _fill(child, one) if isinstance(one, Mapping) else _write(child, one)
        else:
            _write(element, value)


def _write(element: ElementTree.Element, value: object) -> None:
    if isinstance(value, bool):
        element.text = "true" if value else "false"
    elif isinstance(value, datetime):
        element.text = _moment(value)
    elif value is not None:
        element.text = _NO_XML.sub("\ufffd", str(value))
