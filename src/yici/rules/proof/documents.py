"""Writes verdicts as JSON documents; others script against their keys."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from yici.rules.conditions import Answer
from yici.rules.proof.verdicts import CounterExample, Verdict
from yici.rules.words import Words


def verdicts_document(verdicts: Mapping[str, Verdict], seconds: float) -> dict[str, Any]:
    """Return all verdicts by code, and how long the proof took."""
    return {
        "verdicts": {code: verdict_document(verdict) for code, verdict in verdicts.items()},
        "seconds": round(seconds, 3),
    }


def verdict_document(verdict: Verdict) -> dict[str, Any]:
    """Return one verdict; texts are pairs of both languages."""
    return {
        "verdict": verdict.verdict.value,
        "kind": "event" if verdict.is_event else "item",
        "name": _pair(verdict.name),
        "counterexample": verdict.counterexample and _counterexample(verdict.counterexample),
        "findings": [one.document() for one in verdict.findings],
        "reason": verdict.reason and _pair(verdict.reason),
    }


def _counterexample(found: CounterExample) -> dict[str, Any]:
    return {
        "answers": {key: _answer(value) for key, value in found.answers.items()},
        "deciding": list(found.deciding),
        "visits": found.visits,
        "why": _pair(found.why),
        "acts": [{**one._asdict(), "name": _pair(one.name)} for one in found.acts],
    }


def _answer(value: Answer) -> bool | int | str:
    return value.isoformat() if isinstance(value, date) else value


def _pair(words: Words) -> dict[str, str]:
    return {"zh": words.zh, "en": words.en}
