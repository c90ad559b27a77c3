"""Writes an item, life event or element out as its document; ``document_reading`` reads it, and both say the same."""

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from yici.rules.items import (
    NO_WORDS,
    Element,
    Fee,
    Item,
    LegalBasis,
    LifeEvent,
    Outcome,
    Period,
    Presence,
    Requirement,
    Special,
    Step,
)
from yici.rules.words import Words

Document = Mapping[str, Any]


def canonical(document: object) -> str:
    """Return the one text of a document: sorted keys, no spaces. Its hash names the revision.

    >>> canonical({"b": 1, "a": "事"})
    '{"a":"事","b":1}'
    """
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def fingerprint(text: str) -> bytes:
    """Return the SHA-256 of a canonical text."""
    return sha256(text.encode("utf-8")).digest()


def item_document(item: Item) -> dict[str, Any]:
    """Return the document of an item with its elements written out; what is empty or usual is left out."""
    return _without_empty(
        {
            "item": item.key,
            "code": item.code,
            "name": _pair(item.name),
            "type": item.type,
            "level": item.level,
            "organisation": item.organisation,
            "audience": list(item.audience),
            "immediate": item.immediate,
            "channels": list(item.channels),
            "scope": item.scope,
            "power_source": item.power_source,
            "bases": [_basis_document(basis) for basis in item.bases],
            "statutory": _period_text(item.statutory),
            "promised": _period_text(item.promised),
            "fee": _fee_document(item.fee),
            "standardised": item.standardised,
            "questions": [element_document(element) for element in item.questions],
            "fields": [element_document(element) for element in item.fields],
            "requirements": [_requirement_document(part) for part in item.requirements],
            "presences": [_presence_document(part) for part in item.presences],
            "steps": [_step_document(part) for part in item.steps],
            "outcome": _outcome_document(item.outcome),
            "accept_conditions": _maybe_pair(item.accept_conditions),
            "aliases": list(item.aliases),
            "faq": [{"q": _pair(question), "a": _pair(answer)} for question, answer in item.faq],
            "presence_reason": _maybe_pair(item.presence_reason),
            "depth": item.depth,
            "consult_phone": item.consult_phone,
            "complaint_phone": item.complaint_phone,
            "result_name": _maybe_pair(item.result_name),
            "result_type": item.result_type,
            "sample": item.sample,
            "acceptance": item.acceptance,
            "notes": _maybe_pair(item.notes),
        },
        keep=("bases", "steps", "outcome"),
    )


def event_document(event: LifeEvent) -> dict[str, Any]:
    """Return the document of a life event with its elements written out."""
    return _without_empty(
        {
            "event": event.key,
            "name": _pair(event.name),
            "summary": _pair(event.summary),
            "lead": event.lead,
            "audience": list(event.audience),
            "topic": event.topic,
            "aliases": list(event.aliases),
            "questions": [element_document(element) for element in event.questions],
            "members": [
                _without_empty({"item": part.item, "when": _unless_always(part.when), "after": list(part.after)})
                for part in event.members
            ],
            "notes": _maybe_pair(event.notes),
        }
    )


def element_document(element: Element) -> dict[str, Any]:
    """Return a data element written out."""
    return {
        "key": element.key,
        "name": _pair(element.name),
        "ask": _pair(element.ask),
        "kind": element.kind.value,
    } | _without_empty(
        {
            # A list of pairs: the order of choices would be lost in a canonical text.
            "values": [[value, _pair(name)] for value, name in element.values],
            "minimum": element.minimum,
            "maximum": element.maximum,
            "source": element.source,
            "hint": _maybe_pair(element.hint),
            "optional": element.optional or None,
        }
    )


def _pair(words: Words) -> dict[str, str]:
    return {"zh": words.zh, "en": words.en}


def _maybe_pair(words: Words | None) -> dict[str, str] | None:
    return None if words is None or words == NO_WORDS else _pair(words)


def _without_empty(document: dict[str, Any], keep: tuple[str, ...] = ()) -> dict[str, Any]:
    return {key: value for key, value in document.items() if key in keep or value not in (None, "", [], {})}


def _unless_always(when: str) -> str:
    return "" if when == "true" else when


def _period_text(period: Period) -> str:
    return f"{period.value}{period.unit}"


def _basis_document(basis: LegalBasis) -> dict[str, Any]:
    return {
        "title": basis.title,
        "article": basis.article,
        "level": basis.level.value,
        "verified": basis.verified,
    } | _without_empty({"title_en": basis.title_en})


def _fee_document(fee: Fee) -> dict[str, Any]:
    return {"amount_fen": fee.amount_fen, "online_payment": fee.online_payment} | _without_empty(
        {"basis": None if fee.basis is None else _basis_document(fee.basis), "name": _maybe_pair(fee.name)}
    )


def _requirement_document(part: Requirement) -> dict[str, Any]:
    return _without_empty(
        {
            "key": part.key,
            "name": _pair(part.name),
            "proves": part.proves,
            "issued_by": part.issued_by,
            "when": _unless_always(part.when),
            "necessity": part.necessity.value,
            "basis": _basis_document(part.basis),
            "ways": [f"{way.kind.value} {way.target}".strip() for way in part.ways],
        }
    )


def _presence_document(part: Presence) -> dict[str, Any]:
    return _without_empty(
        {
            "key": part.key,
            "name": _pair(part.name),
            "stage": part.stage.value,
            "places": list(part.places),
            "basis": _basis_document(part.basis),
            "when": _unless_always(part.when),
            "after": list(part.after),
            "waived_by": None if part.waived_by is None else part.waived_by.value,
        }
    )


def _special_document(part: Special) -> dict[str, Any]:
    return {
        "kind": part.kind,
        "name": _pair(part.name),
        "days": part.days,
        "basis": _basis_document(part.basis),
    } | _without_empty({"when": _unless_always(part.when)})


def _step_document(part: Step) -> dict[str, Any]:
    return {
        "key": part.key,
        "name": _pair(part.name),
        "post": part.post,
        "promised_days": part.promised_days,
        "statutory_days": part.statutory_days,
    } | _without_empty(
        {
            "organisation": part.organisation,
            "after": list(part.after),
            "when": _unless_always(part.when),
            "special": [_special_document(special) for special in part.special],
        }
    )


def _outcome_document(outcome: Outcome) -> dict[str, Any]:
    return {"delivery": list(outcome.delivery)} | _without_empty(
        {"licence": outcome.licence, "data": list(outcome.data)}
    )
