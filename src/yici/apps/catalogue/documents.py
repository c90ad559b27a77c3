"""Turns the document of an item or life event into its value and back; both ways say the same."""

import json
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any

from yici.rules.items import (
    NO_WORDS,
    Assurance,
    Dataset,
    Element,
    ElementKind,
    Fee,
    Item,
    LegalBasis,
    LifeEvent,
    Member,
    Necessity,
    Outcome,
    Period,
    Presence,
    Requirement,
    Sharing,
    Special,
    Stage,
    Step,
    Way,
    WayKind,
)
from yici.rules.levels import Level
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


def item_from_document(document: Document, elements: Mapping[str, Document] | None = None) -> Item:
    """Return the item; ``elements`` resolve the keys of shared data elements where they are not written out.

    Raises KeyError for an element that is not there: check the document first.
    """
    known = elements or {}
    requirements = tuple(_requirement(part) for part in document.get("requirements") or ())
    return Item(
        key=document["item"],
        code=document["code"],
        name=_words(document["name"]),
        type=document["type"],
        level=document["level"],
        organisation=document["organisation"],
        audience=tuple(document["audience"]),
        immediate=document["immediate"],
        channels=tuple(document["channels"]),
        scope=document["scope"],
        power_source=document["power_source"],
        bases=tuple(_basis(part) for part in document["bases"]),
        statutory=_period(document["statutory"]),
        promised=_period(document["promised"]),
        fee=_fee(document.get("fee") or {"amount_fen": 0}),
        standardised=document["standardised"],
        questions=_elements(document.get("questions") or (), known),
        requirements=requirements,
        presences=tuple(_presence(part) for part in document.get("presences") or ()),
        steps=tuple(_step(part) for part in document["steps"]),
        outcome=_outcome(document["outcome"]),
        fields=_elements(document.get("fields") or (), known),
        accept_conditions=_maybe_words(document.get("accept_conditions")) or NO_WORDS,
        aliases=tuple(document.get("aliases") or ()),
        faq=tuple((_words(part["q"]), _words(part["a"])) for part in document.get("faq") or ()),
        presence_reason=_maybe_words(document.get("presence_reason")),
        depth=document.get("depth") or "IV",
        consult_phone=document.get("consult_phone") or "",
        complaint_phone=document.get("complaint_phone") or "",
        result_name=_maybe_words(document.get("result_name")),
        result_type=document.get("result_type") or "",
        sample=document.get("sample") or "",
        scope_of_deficiency=tuple(part.key for part in requirements if part.necessity is Necessity.DEFERRABLE),
        notes=_maybe_words(document.get("notes")),
        acceptance=document.get("acceptance") or "",
    )


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


def event_from_document(document: Document, elements: Mapping[str, Document] | None = None) -> LifeEvent:
    """Return the life event; ``elements`` resolve the keys of shared data elements."""
    return LifeEvent(
        key=document["event"],
        name=_words(document["name"]),
        summary=_words(document["summary"]),
        lead=document["lead"],
        audience=tuple(document["audience"]),
        members=tuple(
            Member(part["item"], part.get("when") or "true", tuple(part.get("after") or ()))
            for part in document["members"]
        ),
        questions=_elements(document.get("questions") or (), elements or {}),
        aliases=tuple(document.get("aliases") or ()),
        topic=document.get("topic") or "",
        notes=_maybe_words(document.get("notes")),
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


def dataset_from_document(key: str, document: Document) -> Dataset:
    """Return a shared dataset."""
    return Dataset(
        key=key,
        name=_words(document["name"]),
        owner=document["owner"],
        level=document["level"],
        sharing=Sharing(document["sharing"]),
        fields={field: _words(name) for field, name in document["fields"].items()},
        ground=document.get("ground") or "",
        not_shared_in=tuple(document.get("not_shared_in") or ()),
        rhythm=document.get("rhythm") or "daily",
    )


def element_from_document(key: str, document: Document) -> Element:
    """Return a data element; its choices keep the order of the document."""
    return Element(
        key=key,
        name=_words(document["name"]),
        ask=_words(document["ask"]),
        kind=ElementKind(document["kind"]),
        values=_values(document.get("values") or {}),
        minimum=document.get("minimum"),
        maximum=document.get("maximum"),
        source=document.get("source"),
        hint=_maybe_words(document.get("hint")),
        optional=document.get("optional") or False,
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


def _values(values: Document | Sequence[Any]) -> tuple[tuple[str, Words], ...]:
    pairs = values.items() if isinstance(values, Mapping) else values
    return tuple((value, _words(name)) for value, name in pairs)


def _elements(listed: Sequence[Any], known: Mapping[str, Document]) -> tuple[Element, ...]:
    return tuple(
        element_from_document(part, known[part]) if isinstance(part, str) else element_from_document(part["key"], part)
        for part in listed
    )


def _words(pair: Document) -> Words:
    return Words(pair["zh"], pair["en"])


def _maybe_words(pair: Document | None) -> Words | None:
    return None if pair is None else _words(pair)


def _pair(words: Words) -> dict[str, str]:
    return {"zh": words.zh, "en": words.en}


def _maybe_pair(words: Words | None) -> dict[str, str] | None:
    return None if words is None or words == NO_WORDS else _pair(words)


def _without_empty(document: dict[str, Any], keep: tuple[str, ...] = ()) -> dict[str, Any]:
    return {key: value for key, value in document.items() if key in keep or value not in (None, "", [], {})}


def _unless_always(when: str) -> str:
    return "" if when == "true" else when


def _period(given: str | Document) -> Period:
    if isinstance(given, str):
        return Period(int(given[:-1]), given[-1])
    return Period(given["value"], given["unit"])


def _period_text(period: Period) -> str:
    return f"{period.value}{period.unit}"


def _basis(document: Document) -> LegalBasis:
    return LegalBasis(
        title=document["title"],
        article=document.get("article") or "",
        level=Level(document["level"]),
        verified=document.get("verified") or False,
        title_en=document.get("title_en") or "",
    )


def _basis_document(basis: LegalBasis) -> dict[str, Any]:
    return {
        "title": basis.title,
        "article": basis.article,
        "level": basis.level.value,
        "verified": basis.verified,
    } | _without_empty({"title_en": basis.title_en})


def _fee(document: Document) -> Fee:
    basis = document.get("basis")
    return Fee(
        amount_fen=document["amount_fen"],
        basis=None if basis is None else _basis(basis),
        online_payment=document.get("online_payment") or False,
        name=_maybe_words(document.get("name")),
    )


def _fee_document(fee: Fee) -> dict[str, Any]:
    return {"amount_fen": fee.amount_fen, "online_payment": fee.online_payment} | _without_empty(
        {"basis": None if fee.basis is None else _basis_document(fee.basis), "name": _maybe_pair(fee.name)}
    )


def _way(text: str) -> Way:
    kind, _, target = text.partition(" ")
    return Way(WayKind(kind), target)


def _requirement(document: Document) -> Requirement:
    return Requirement(
        key=document["key"],
        name=_words(document["name"]),
        proves=document["proves"],
        basis=_basis(document["basis"]),
        ways=tuple(_way(text) for text in document["ways"]),
        when=document.get("when") or "true",
        necessity=Necessity(document.get("necessity") or "necessary"),
        issued_by=document.get("issued_by") or "",
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


def _presence(document: Document) -> Presence:
    waived_by = document.get("waived_by")
    return Presence(
        key=document["key"],
        name=_words(document["name"]),
        stage=Stage(document["stage"]),
        places=tuple(document["places"]),
        basis=_basis(document["basis"]),
        when=document.get("when") or "true",
        after=tuple(document.get("after") or ()),
        waived_by=None if waived_by is None else Assurance(waived_by),
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


def _special(document: Document) -> Special:
    return Special(
        kind=document["kind"],
        name=_words(document["name"]),
        days=document["days"],
        basis=_basis(document["basis"]),
        when=document.get("when") or "true",
    )


def _special_document(part: Special) -> dict[str, Any]:
    return {
        "kind": part.kind,
        "name": _pair(part.name),
        "days": part.days,
        "basis": _basis_document(part.basis),
    } | _without_empty({"when": _unless_always(part.when)})


def _step(document: Document) -> Step:
    return Step(
        key=document["key"],
        name=_words(document["name"]),
        organisation=document.get("organisation") or "",
        post=document["post"],
        promised_days=document["promised_days"],
        statutory_days=document["statutory_days"],
        after=tuple(document.get("after") or ()),
        when=document.get("when") or "true",
        special=tuple(_special(part) for part in document.get("special") or ()),
    )


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


def _outcome(document: Document) -> Outcome:
    return Outcome(
        licence=document.get("licence"),
        data=tuple(document.get("data") or ()),
        delivery=tuple(document.get("delivery") or ("electronic",)),
    )


def _outcome_document(outcome: Outcome) -> dict[str, Any]:
    return {"delivery": list(outcome.delivery)} | _without_empty(
        {"licence": outcome.licence, "data": list(outcome.data)}
    )
