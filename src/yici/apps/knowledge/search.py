"""Finds the articles that answer what somebody is typing: pairs of characters, weighed by how rare each is."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from math import log
from typing import Any

from django.db import connection

from yici.apps.catalogue.search_words import cleaned, english_words, in_usual_words, pairs, without_chatter
from yici.apps.knowledge.models import Article, Edition
from yici.apps.places import queries as places
from yici.rules.knowledge import Fit, fit, nearest

LONGEST_ASKED = 400  # characters: the beginning of a story says what it is about
CANDIDATES = 40

_LIVE = """
FROM knowledge_article a JOIN places_region r ON r.id = a.region_id
WHERE a.current_id IS NOT NULL AND a.withdrawn_at IS NULL AND a.expires_on >= %(today)s AND r.code = ANY(%(codes)s)
"""
_RARITY = f"""
SELECT gram, count(*), (SELECT count(*) {_LIVE})
FROM (SELECT unnest(a.grams) AS gram {_LIVE} AND a.grams && %(grams)s::text[]) AS one
WHERE gram = ANY(%(grams)s::text[]) GROUP BY gram
"""
_LIKELY = f"""
SELECT found.id FROM (
    SELECT a.id, (SELECT sum(w.weight) FROM unnest(%(known)s::text[], %(weights)s::float8[]) AS w (gram, weight)
                  WHERE w.gram = ANY(a.grams)) AS met
    {_LIVE} AND a.grams && %(known)s::text[]
) found ORDER BY found.met DESC, found.id LIMIT {CANDIDATES}
"""


@dataclass(frozen=True, slots=True)
class Found:
    """An article that fits, and how well."""

    article: Article
    fit: Fit


def grams_of(text: str) -> set[str]:
    """Return the pairs of characters a text is compared by, everyday words replaced by usual ones; English by stems."""
    usual = without_chatter(in_usual_words(cleaned(text[:LONGEST_ASKED])))
    return {pair for pair in pairs(usual) if len(pair) > 1} | set(english_words(text[:LONGEST_ASKED]))


def grams_of_edition(edition: Edition) -> list[str]:
    """Return every pair by which an edition is found."""
    return sorted(set().union(*_wordings(edition)))


def _wordings(edition: Edition) -> list[set[str]]:
    return [grams_of(text) for text in (edition.title, edition.title_en, *edition.phrasings) if text]


def find(text: str, region_code: str, today: date, *, item_key: str = "", limit: int = 5) -> list[Found]:
    """Return the articles that fit a text in a place, the best first; an article of the item in hand comes before.

    Two queries served by indexes; the place's own article hides those of the places above with the same key.
    """
    asked = grams_of(text)
    terms = {"codes": list(places.region_path(region_code)), "today": today, "grams": sorted(asked)}
    weights = _weights(terms) if asked else {}
    keys = _likely(terms, weights) if weights else []
    rows = Article.objects.filter(pk__in=keys).select_related("current", "organisation", "region")
    here = spoken(list(rows))
    found = [Found(one, _fit(one, asked, weights)) for one in here]
    kept = [one for one in found if one.fit.is_enough]
    return sorted(kept, key=lambda one: (item_key not in one.article.items, -one.fit.score, one.article.pk))[:limit]


def _weights(terms: dict[str, Any]) -> dict[str, float]:
    with connection.cursor() as cursor:
        cursor.execute(_RARITY, terms)
        return {gram: log(1 + whole / times) for gram, times, whole in cursor.fetchall()}


def _likely(terms: dict[str, Any], weights: Mapping[str, float]) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(_LIKELY, {**terms, "known": list(weights), "weights": list(weights.values())})
        return [row[0] for row in cursor.fetchall()]


def spoken(rows: list[Article]) -> list[Article]:
    """Return those that speak: of each key the one of the nearest place."""
    return [rows[place] for place in nearest([(one.key, one.region.level) for one in rows])]


def _fit(article: Article, asked: set[str], weights: Mapping[str, float]) -> Fit:
    assert article.current is not None  # only such are found
    return fit(asked, _wordings(article.current), weights)


def alike(one: str, others: Iterable[str], *, least: float = 0.5) -> int | None:
    """Return the place of the text that says the same as this one, None where none shares half of all pairs."""
    own = grams_of(one)
    best, place = least, None
    for number, other in enumerate(others):
        theirs = grams_of(other)
        share = len(own & theirs) / len(own | theirs) if own | theirs else 0.0
        if share >= best:
            best, place = share, number
    return place
