"""What one place does differently: a patch of the province-wide document makes the document of that place."""

from collections.abc import Mapping
from typing import Any

Document = Mapping[str, Any]

# Lists whose entries have a key are patched entry by entry: the order of the basic item stays.
KEYED_LISTS = ("questions", "fields", "requirements", "presences", "steps")


def patched(document: Document, patch: Document) -> dict[str, Any]:
    """Return the document with a merge patch applied (RFC 7386, with keyed lists patched as maps by key).

    >>> basic = {"promised": "5W", "steps": [{"key": "accept", "days": 1}, {"key": "review", "days": 4}]}
    >>> patched(basic, {"promised": "3W", "steps": {"review": {"days": 2}, "accept": None}})
    {'promised': '3W', 'steps': [{'key': 'review', 'days': 2}]}
    """
    result = dict(document)
    for key, change in patch.items():
        if key in KEYED_LISTS and isinstance(change, Mapping):
            result[key] = _patched_list(document.get(key) or [], change)
        else:
            result[key] = _merged(document.get(key), change)
    return {key: value for key, value in result.items() if value is not None}


def _patched_list(listed: list[Any], changes: Document) -> list[Any]:
    kept = [
        _patched_entry(entry, changes[entry_key(entry)]) if entry_key(entry) in changes else entry for entry in listed
    ]
    known = {entry_key(entry) for entry in listed}
    added = [{"key": key, **change} for key, change in changes.items() if key not in known and change is not None]
    return [entry for entry in kept if entry is not None] + added


def entry_key(entry: Any) -> str:
    """Return the key of an entry of a keyed list; a shared data element may stand there as its key alone."""
    return entry if isinstance(entry, str) else str(entry.get("key", ""))


def _patched_entry(entry: Any, change: Document | None) -> Any:
    if change is None:
        return None
    return _merged({} if isinstance(entry, str) else entry, change)


def _merged(value: Any, change: Any) -> Any:
    if not isinstance(change, Mapping):
        return change
    result = dict(value) if isinstance(value, Mapping) else {}
    for key, inner in change.items():
        result[key] = _merged(result.get(key), inner)
    return {key: inner for key, inner in result.items() if inner is not None}
