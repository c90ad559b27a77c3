"""Makes the changes that rules suggest for an item, and keeps those that are proved, harm nobody and help somebody."""

from collections.abc import Iterator
from datetime import datetime
from itertools import chain

from django.db import transaction
from django.utils.timezone import localtime

from yici.apps.catalogue import queries as catalogue
from yici.apps.catalogue.documents import item_document
from yici.apps.reform.handled_steps import handled_steps
from yici.apps.reform.models import Proposal, SuggestedChange
from yici.apps.reform.replaying import a_year_before, replayed
from yici.apps.reform.weighing import Weighing, weigh
from yici.rules.burden.documents import comparison_document
from yici.rules.items import Item
from yici.rules.refusals import Refusal
from yici.rules.situation_splits import split_suggestions
from yici.rules.suggestions import Suggestion, suggestions

_PARTS = ("requirements", "presences", "steps", "outcome")


@transaction.atomic
def suggest(item_key: str, *, now: datetime) -> list[SuggestedChange]:
    """Work out the suggestions of an item anew, unless they were made this month for what the item is; return them.

    Kept is only what proves as well as before, by which nobody loses and somebody gains, on all people and on the past
    cases of a year, if there were any.
    """
    base = catalogue.text_of(item_key)
    known = list(SuggestedChange.objects.filter(item_key=item_key))
    month = localtime(now).date().replace(day=1)
    if known and all(one.base_text == base and localtime(one.made_at).date() >= month for one in known):
        return known  # what the past says of them changes with the month
    SuggestedChange.objects.filter(item_key=item_key).delete()
    return SuggestedChange.objects.bulk_create(_made(item_key, base, now))


def suggest_for_open_proposals(*, now: datetime) -> int:
    """Work out what is suggested for every item with an open proposal; return how many changes there are."""
    keys = Proposal.objects.filter(closed_at=None).order_by("item_key").values_list("item_key", flat=True).distinct()
    there = catalogue.catalogue_for("").items
    return sum(len(suggest(key, now=now)) for key in list(keys) if key in there)


def _made(item_key: str, base: str, now: datetime) -> Iterator[SuggestedChange]:
    whole = catalogue.catalogue_for("")
    item = whole.items[item_key]
    handled = handled_steps(item, since=a_year_before(now))
    for suggestion in chain(suggestions(item, whole), split_suggestions(item, handled)):
        text = _text(base, suggestion.item)
        try:
            weighing = weigh(item_key=item_key, region_code="", text=text)
        except Refusal:  # what an import would refuse (a promise longer than the steps, say) is no suggestion
            continue
        past = replayed(suggestion.item, now=now) if _holds(weighing) else None
        if _holds(weighing) and not (past and past["worse"]):
            row = _row(suggestion, base, text, weighing)
            row.replay, row.made_at = past, now
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
