"""Writes a comparison as a JSON document; others script against its keys."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from yici.rules.burden.comparing import Change, Comparison
from yici.rules.burden.vector import Value


def comparison_document(comparison: Comparison) -> dict[str, Any]:
    """Return who loses and who gains; sentences are pairs of both languages."""
    return {
        "nobody_loses": comparison.nobody_loses,
        "losses": _changes(comparison.losses),
        "gains": _changes(comparison.gains),
        "undecided": [one.value for one in comparison.undecided],
    }


def _changes(changes: Iterable[Change]) -> list[dict[str, Any]]:
    return [
        {
            "need": one.need,
            "component": one.component.value,
            "old": _plain(one.old),
            "new": _plain(one.new),
            "answers": {
                key: value.isoformat() if isinstance(value, date) else value for key, value in one.answers.items()
            },
            "holdings": dict(one.holdings),
            "deciding": list(one.deciding),
            "sentence": {"zh": one.sentence.zh, "en": one.sentence.en},
        }
        for one in changes
    ]


def _plain(value: Value) -> int | list[str] | None:
    return list(value) if isinstance(value, tuple) else value
