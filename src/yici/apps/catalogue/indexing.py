"""Fills the search index from the catalogue and the exchange tables."""

from collections.abc import Collection, Iterable, Mapping
from hashlib import sha256
from typing import Any

from yici.apps.catalogue.models import ExchangeItem, SearchEntry
from yici.apps.catalogue.search_words import cleaned, grams_of, in_usual_words, pinyin_of

Document = Mapping[str, Any]


def index_catalogue(items: Mapping[str, Document], events: Mapping[str, Document]) -> int:
    """Make the entries of all items and life events anew and return how many there are."""
    other_names = _exchange_names()
    entries = [_entry("event", key, document, document["aliases"]) for key, document in _with_aliases(events)]
    for key, document in _with_aliases(items):
        entries.append(_entry("item", key, document, [*document["aliases"], *other_names.get(key, ())]))
    SearchEntry.objects.exclude(kind="exchange").delete()
    SearchEntry.objects.bulk_create(entries, batch_size=500)
    return len(entries)


def index_exchange(rows: Collection[ExchangeItem]) -> None:
    """Make the entries of exchange rows that stand for no item of ours; linked ones are names of that item."""
    entries = [_exchange_entry(row) for row in rows if row.basic_id is None]
    SearchEntry.objects.filter(kind="exchange", key__in=[exchange_key(row) for row in rows]).delete()
    SearchEntry.objects.bulk_create(entries, batch_size=500)


def exchange_key(row: ExchangeItem) -> str:
    """Return a short key for a row, fit for an address; identities hold names and codes of any sort."""
    return f"exchange-{sha256(row.identity.encode()).hexdigest()[:16]}"


def _with_aliases(documents: Mapping[str, Document]) -> Iterable[tuple[str, Document]]:
    return ((key, {**document, "aliases": document.get("aliases") or ()}) for key, document in documents.items())


def _exchange_names() -> dict[str, list[str]]:
    names: dict[str, list[str]] = {}
    for key, name in ExchangeItem.objects.exclude(basic=None).values_list("basic__key", "name"):
        names.setdefault(key, []).append(name)
    return names


def _entry(kind: str, key: str, document: Document, aliases: Iterable[str]) -> SearchEntry:
    summary = document.get("summary") or document.get("accept_conditions") or {"zh": "", "en": ""}
    phrases = _phrases([document["name"]["zh"], *aliases])
    english = document["name"]["en"]
    return SearchEntry(
        kind=kind,
        key=key,
        name=document["name"]["zh"],
        name_en=english,
        summary=summary["zh"],
        summary_en=summary["en"],
        phrases=phrases,
        grams=grams_of(phrases, english),
        words=_words(phrases, english),
    )


def _exchange_entry(row: ExchangeItem) -> SearchEntry:
    phrases = _phrases([row.name])
    return SearchEntry(
        kind="exchange",
        key=exchange_key(row),
        name=row.name,
        name_en=row.name,
        summary=row.department,
        summary_en=row.department,
        area_code=row.area_code,
        phrases=phrases,
        grams=grams_of(phrases),
        words=_words(phrases),
    )


def _phrases(names: Iterable[str]) -> list[str]:
    """Return names and everyday words cleaned, as written and in usual words, each once."""
    written = [cleaned(name) for name in names]
    both = (phrase for name in written for phrase in (name, in_usual_words(name)))
    return list(dict.fromkeys(phrase for phrase in both if phrase)) or ["?"]


def _words(phrases: Iterable[str], english: str = "") -> str:
    spelt = [full for phrase in phrases for full in [pinyin_of(phrase)[0]] if full != phrase]
    return " ".join([*phrases, *spelt, english.casefold()]).strip()
