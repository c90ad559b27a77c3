"""Finds life events and items by what people call them, in Chinese, pinyin, initials or English, slips allowed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import connection, transaction

from yici.apps.catalogue.search_words import (
    LONGEST_QUERY,
    cleaned,
    closeness,
    english_words,
    in_chinese,
    in_usual_words,
    is_latin,
    likeness,
    pairs,
    pinyin_of,
    without_chatter,
)
from yici.rules.words import Words

EVENT, ITEM, EXCHANGE = "event", "item", "exchange"
# A need comes before a department's item of the same fit, and that before a mere name from a table.
_BONUS = {EVENT: 0.08, ITEM: 0.0, EXCHANGE: -0.08}
_OWN_AREA = 0.02
_GOOD = 0.6  # with a hit of this fit, slips need not be considered
_LEAST = 0.3
_IN_CHINESE = 0.2  # less for a match with what an English word is called in Chinese

Wordings = dict[str, float]  # each way to say what was asked, and how much less a match with it is worth

_COLUMNS = "kind, key, name, name_en, summary, summary_en, area_code, phrases"
_ORDER = "array_position(ARRAY['event', 'item'], kind::text), length(name), key"
# @> and <% are both served by the GIN indexes; nothing here begins with a wildcard.
WITH_ALL = f"SELECT {_COLUMNS} FROM catalogue_searchentry WHERE grams @> %s::varchar[] ORDER BY {_ORDER} LIMIT 200"
WITH_ANY = (
    f"SELECT {_COLUMNS} FROM catalogue_searchentry WHERE grams && %s::varchar[] AND kind <> 'exchange' "
    f"ORDER BY {_ORDER} LIMIT 300"
)
ALIKE = (
    f"SELECT {_COLUMNS} FROM catalogue_searchentry WHERE %s <%% words "
    "ORDER BY word_similarity(%s, words) DESC, key LIMIT 60"
)
_THRESHOLD = "SELECT set_config('pg_trgm.word_similarity_threshold', %s, true)"


@dataclass(frozen=True, slots=True)
class SearchHit:
    """One thing found. ``kind``: event, item, or exchange (a name from a national table with no item of ours yet)."""

    kind: str
    key: str
    name: Words
    summary: Words
    matched: str  # the phrase that fitted best
    score: float


@dataclass(frozen=True, slots=True)
class _Row:
    kind: str
    key: str
    name: str
    name_en: str
    summary: str
    summary_en: str
    area_code: str
    phrases: list[str]


def find(text: str, region_code: str, limit: int) -> list[SearchHit]:
    """Return the best hits for a query, the best first. At most four queries, each served by an index."""
    asked = _wordings(text)
    if not asked:
        return []
    hits = _scored(_with_all(asked, text), asked, text, region_code)
    if len(hits) < limit and not any(hit.score >= _GOOD for hit in hits):
        hits = _best_of([*hits, *_with_slips(asked, region_code)])
    return hits[:limit]


def suggest(text: str, region_code: str, limit: int) -> list[SearchHit]:
    """Return hits while somebody types: one query, only what begins or contains what is typed."""
    asked = _wordings(text)
    return _scored(_with_all(asked, text), asked, text, region_code)[:limit] if asked else []


def _wordings(text: str) -> Wordings:
    """Return the query as it stands, in usual words, without chatter, and in Chinese: our reading weighs a little less.

    What stands in a name word for word comes before what English words are called in Chinese.
    """
    asked = cleaned(text[:LONGEST_QUERY])
    usual = in_usual_words(asked)
    read = dict.fromkeys((asked, usual, without_chatter(asked), without_chatter(usual)))
    less = {wording: 0.02 * place for place, wording in enumerate(filter(None, read))}
    return {**dict.fromkeys(in_chinese(text[:LONGEST_QUERY])[:2], _IN_CHINESE), **less}


def _with_all(asked: Wordings, text: str) -> list[_Row]:
    rows: dict[tuple[str, str], _Row] = {}
    for wording in asked:
        wanted = [wording[:24]] if is_latin(wording) else sorted(pairs(wording))
        rows |= _rows(WITH_ALL, [wanted])
        if rows and not is_latin(wording):
            break
    if words := english_words(text):
        rows |= _rows(WITH_ALL, [words])
    return list(rows.values())


def _with_slips(asked: Wordings, region_code: str) -> list[SearchHit]:
    rows = _alike(_core(asked))
    wanted = sorted({pair for wording in asked for pair in pairs(wording)})
    rows |= _rows(WITH_ANY, [wanted]) if wanted else {}
    hits = (_hit(row, asked, region_code, slips=True) for row in rows.values())
    return [hit for hit in hits if hit.score >= _LEAST]


def _alike(core: str) -> dict[tuple[str, str], _Row]:
    spelt = pinyin_of(core)[0]
    with transaction.atomic():  # the threshold holds for one transaction
        with connection.cursor() as cursor:
            cursor.execute(_THRESHOLD, ["0.3"])
        return _rows(ALIKE, [core, core]) | _rows(ALIKE, [spelt, spelt])


def _rows(sql: str, parameters: Sequence[str | list[str]]) -> dict[tuple[str, str], _Row]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return {(row[0], row[1]): _Row(*row) for row in cursor.fetchall()}


def _scored(rows: Iterable[_Row], asked: Wordings, text: str, region_code: str) -> list[SearchHit]:
    hits = _best_of(_hit(row, asked, region_code, slips=False, english=text) for row in rows)
    return [hit for hit in hits if hit.score >= _LEAST]


def _best_of(hits: Iterable[SearchHit]) -> list[SearchHit]:
    # One line a key: where a life event and an item share one, its address is that of the event.
    best: dict[str, SearchHit] = {}
    for hit in hits:
        known = best.get(hit.key)
        if known is None or (hit.kind == EVENT, hit.score) > (known.kind == EVENT, known.score):
            best[hit.key] = hit
    return sorted(best.values(), key=lambda hit: (-hit.score, hit.kind != EVENT, len(hit.name.zh), hit.key))


def _hit(row: _Row, asked: Wordings, region_code: str, *, slips: bool, english: str = "") -> SearchHit:
    score, matched = max((_fit(asked, phrase, slips), phrase) for phrase in row.phrases)
    if english and (words := english_words(english)):
        score = max(score, _english_fit(words, row.name_en))
    own = _OWN_AREA if row.area_code and region_code.startswith(row.area_code[:6]) else 0.0
    return SearchHit(
        kind=row.kind,
        key=row.key,
        name=Words(row.name, row.name_en),
        summary=Words(row.summary, row.summary_en),
        matched=matched,
        score=round(score + _BONUS[row.kind] + own, 4) if score else 0.0,
    )


def _fit(asked: Wordings, phrase: str, slips: bool) -> float:
    best = max(closeness(wording, phrase) - less for wording, less in asked.items())
    return max(best, likeness(_core(asked), phrase)) if slips and best < _GOOD else best


def _core(asked: Wordings) -> str:
    return list(asked)[-1]


def _english_fit(words: list[str], name: str) -> float:
    named = english_words(name)
    found = sum(any(part.startswith(word) for part in named) for word in words)
    if found < len(words):
        return 0.5 * found / len(words)
    return 0.6 + 0.3 * min(1.0, found / len(named))
