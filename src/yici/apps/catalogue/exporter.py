"""Writes a catalogue as YAML files that import to the same catalogue."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from yici.apps.catalogue.bundles import LISTS, Bundle


class _Dumper(yaml.SafeDumper):
    """Writes no aliases: a reader should see every value where it stands."""

    def ignore_aliases(self, data: object) -> bool:
        return True


def written(document: Mapping[str, Any]) -> str:
    """Return a document as YAML text, keys in the order in which people read them.

    >>> print(written({"item": "birth", "code": "0123"}), end="")
    item: birth
    code: '0123'
    """
    # A file that reads the same under YAML 1.1, 1.2 and our own stricter rules: the dumper quotes by 1.1, which is
    # the widest but for numbers with a leading zero that are no octals; those are text for us and for 1.1 alike.
    return yaml.dump(
        _in_reading_order(document),
        Dumper=_Dumper,
        allow_unicode=True,
        sort_keys=False,
        width=110,
        default_flow_style=False,
    )


# The order in which people read; the database forgets the order of keys.
_READING_ORDER = """
item event region source code key zh en q a name summary ask title title_en article level verified type
organisation owner authority lead audience topic immediate channels scope power_source bases statutory promised
amount_fen fee standardised questions members fields kind values minimum maximum
proves issued_by necessity stage places post promised_days statutory_days days after when basis ways
requirements presences steps outcome licence data delivery accept_conditions aliases faq presence_reason depth
consult_phone complaint_phone result_name result_type sample acceptance notes
"""
_ORDER = {key: place for place, key in enumerate(_READING_ORDER.split())}


def _in_reading_order(value: Any, parent: str = "") -> Any:
    if isinstance(value, list):
        return [_in_reading_order(part) for part in value]
    if not isinstance(value, Mapping):
        return value
    pairs = value.items() if parent in _FREE_KEYS else sorted(value.items(), key=lambda pair: _place(pair[0]))
    return {key: _in_reading_order(part, key) for key, part in pairs}


_FREE_KEYS = ("values", "elements", "datasets", "organisations", "licence_types")  # maps whose keys people choose


def _place(key: str) -> int:
    return _ORDER.get(key, len(_ORDER))


def export_files(bundle: Bundle) -> Iterator[tuple[str, str]]:
    """Yield the path and text of every file of a catalogue, in the layout that import reads."""
    for kind in LISTS:
        if listed := {key: entry.document for key, entry in sorted(bundle.of(kind).items())}:
            yield f"{kind}.yaml", written({kind: listed})
    for key, entry in sorted(bundle.items.items()):
        yield f"items/{entry.document['organisation']}/{key}.yaml", written(entry.document)
    for key, entry in sorted(bundle.events.items()):
        yield f"events/{key}.yaml", written(entry.document)
    for region, entry in sorted(bundle.local.items()):
        yield (
            f"local/{region[:6]}.yaml" if region.endswith("000000") else f"local/{region}.yaml",
            written(entry.document),
        )


def as_one_file(bundle: Bundle) -> Iterator[str]:
    """Yield a whole catalogue as one YAML file of many documents, piece by piece."""
    for name, text in export_files(bundle):
        yield f"---\n# {name}\n{text}"


def write_files(bundle: Bundle, folder: Path) -> int:
    """Write every file below the folder and return how many; files of the same names are replaced."""
    count = 0
    for name, text in export_files(bundle):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
        count += 1
    return count
