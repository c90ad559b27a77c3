"""Reads the document of an item, life event, dataset or element into its value; ``documents`` writes it back."""

from collections.abc import Mapping, Sequence
from typing import Any

from yici.apps.catalogue.documents import Document
from yici.rules.datasets import Dataset, Sharing
from yici.rules.items import (
    NO_WORDS,
    Assurance,
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
    Special,
    Stage,
    Step,
    Way,
    WayKind,
)
from yici.rules.levels import Level
from yici.rules.words import Words


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


def _period(given: str | Document) -> Period:
    if isinstance(given, str):
        return Period(int(given[:-1]), given[-1])
    return Period(given["value"], given["unit"])


def _basis(document: Document) -> LegalBasis:
    return LegalBasis(
        title=document["title"],
        article=document.get("article") or "",
        level=Level(document["level"]),
        verified=document.get("verified") or False,
        title_en=document.get("title_en") or "",
    )


def _fee(document: Document) -> Fee:
    basis = document.get("basis")
    return Fee(
        amount_fen=document["amount_fen"],
        basis=None if basis is None else _basis(basis),
        online_payment=document.get("online_payment") or False,
        name=_maybe_words(document.get("name")),
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


def _special(document: Document) -> Special:
    return Special(
        kind=document["kind"],
        name=_words(document["name"]),
        days=document["days"],
        basis=_basis(document["basis"]),
        when=document.get("when") or "true",
    )


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


def _outcome(document: Document) -> Outcome:
    return Outcome(
        licence=document.get("licence"),
        data=tuple(document.get("data") or ()),
        delivery=tuple(document.get("delivery") or ("electronic",)),
    )
