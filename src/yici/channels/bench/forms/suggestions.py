"""What a field may name: organisations, data, licences, shared facts, items, the steps of the document itself."""

from collections.abc import Mapping
from typing import Any

from yici.apps.catalogue import queries as catalogue
from yici.rules.words import Words

Suggestions = dict[str, list[tuple[str, Words]]]


def suggestions(document: Mapping[str, Any]) -> Suggestions:
    """Return for each list of names its keys, with their names."""
    whole = catalogue.catalogue_for("")
    datums = [
        (f"{key}.{one}", Words(f"{dataset.name.zh}：{name.zh}", f"{dataset.name.en}: {name.en}"))
        for key, dataset in sorted(whole.datasets.items())
        for one, name in dataset.fields.items()
    ]
    licences = sorted(whole.licence_types.items())
    items = [(key, one.name) for key, one in sorted(whole.items.items())]
    elements = [(key, one.name) for key, one in sorted(catalogue.elements().items())]
    return {
        "organisations": sorted(whole.organisations.items()),
        "datums": datums,
        "licence_types": licences,
        "elements": elements,
        "items": items,
        "steps": _steps(document),
        "targets": [*datums, *licences, *items, *elements],
    }


def _steps(document: Mapping[str, Any]) -> list[tuple[str, Words]]:
    steps = [one for one in document.get("steps") or () if isinstance(one, Mapping)]
    return [(str(one.get("key")), Words(*_name(one.get("name")))) for one in steps]


def _name(value: Any) -> tuple[str, str]:
    known = value if isinstance(value, Mapping) else {}
    return str(known.get("zh") or ""), str(known.get("en") or "")
