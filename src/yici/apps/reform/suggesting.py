"""Makes the changes that rules suggest for an item, and keeps those that are proved, harm nobody and help somebody."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.db import transaction

from yici.apps.cases import replays, situations
from yici.apps.catalogue import queries as catalogue
from yici.apps.catalogue.documents import item_document
from yici.apps.catalogue.held import held
from yici.apps.reform.models import Proposal, SuggestedChange
from yici.apps.reform.months import bounds, earlier
from yici.apps.reform.weighing import Weighing, weigh
from yici.rules.burden.documents import comparison_document
from yici.rules.items import Item
from yici.rules.refusals import Refusal
from yici.rules.suggestions import Suggestion, suggestions

REPLAYED_MONTHS = 12
_PARTS = ("requirements", "presences", "steps", "outcome")
_FIGURES = ("visits", "papers", "days")


@transaction.atomic
def suggest(item_key: str, *, now: datetime) -> list[SuggestedChange]:
    """Work out the suggestions of an item anew, unless the item is what they were made for; return them.

    Kept is only what proves as well as before, by which nobody loses and somebody gains, on all people and on the past
    cases of a year, if there were any.
    """
    base = catalogue.text_of(item_key)
    known = list(SuggestedChange.objects.filter(item_key=item_key))
    if known and all(one.base_text == base for one in known):
        return known
    SuggestedChange.objects.filter(item_key=item_key).delete()
    return SuggestedChange.objects.bulk_create(_made(item_key, base, now))


def suggest_for_open_proposals(*, now: datetime) -> int:
    """Work out what is suggested for every item with an open proposal; return how many changes there are."""
    keys = Proposal.objects.filter(closed_at=None).order_by("item_key").values_list("item_key", flat=True).distinct()
    there = catalogue.catalogue_for("").items
    return sum(len(suggest(key, now=now)) for key in list(keys) if key in there)


def _made(item_key: str, base: str, now: datetime) -> Iterator[SuggestedChange]:
    whole = catalogue.catalogue_for("")
    for suggestion in suggestions(whole.items[item_key], whole):
        text = _text(base, suggestion.item)
        try:
            weighing = weigh(item_key=item_key, region_code="", text=text)
        except Refusal:  # what an import would refuse (a promise longer than the steps, say) is no suggestion
            continue
        replayed = _replay(suggestion.item, now) if _holds(weighing) else None
        if _holds(weighing) and not (replayed and replayed["worse"]):
            row = _row(suggestion, base, text, weighing)
            row.replay, row.made_at = replayed, now
            yield row


def _holds(weighing: Weighing) -> bool:
    return weighing.comparison.nobody_loses and bool(weighing.comparison.gains) and not weighing.is_breach


def _text(base: str, item: Item) -> str:
    """Return the stored document with the changed parts in it; its shared questions stay references."""
    changed, document = item_document(item), catalogue.document_in(base)
    for part in _PARTS:
        document.pop(part, None)
        if part in changed:
            document[part] = changed[part]
    return catalogue.written(document)


def _replay(item: Item, now: datetime) -> dict[str, Any] | None:
    """Return before and after on the applications of a year with this item; None when there was none."""
    stored = held(None)
    proposed = replace(stored, items={**stored.items, item.key: item}, made={})
    since, _ = bounds(earlier(now.date().replace(day=1), REPLAYED_MONTHS))
    with TemporaryDirectory() as folder:
        path = Path(folder) / "situations.parquet"
        deciding = replays.deciding_facts(proposed)
        if not situations.export(path, deciding=deciding, since=since, item_key=item.key):
            return None
        found: dict[str, Any] = replays.replay(path, proposed)
    if not found["cases"]:
        return None
    return {key: found[key] for key in ("cases", "better", "worse")} | {
        side: {name: found[side][name] for name in _FIGURES} for side in ("before", "after")
    }


def _row(suggestion: Suggestion, base: str, text: str, weighing: Weighing) -> SuggestedChange:
    gains = comparison_document(weighing.comparison)["gains"]
    return SuggestedChange(
        item_key=suggestion.item.key,
        kind=suggestion.kind,
        part=suggestion.part,
        words=suggestion.words.zh,
        words_en=suggestion.words.en,
        base_text=base,
        text=text,
        verdict=weighing.verdict.verdict,
        gains=[{"component": one["component"], "sentence": one["sentence"]} for one in gains],
    )
