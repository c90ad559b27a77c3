"""The questions of an item at which people leave, in the words in which they are asked."""

from dataclasses import dataclass
from datetime import date

from django.db.models import F, Sum

from yici.apps.catalogue import queries as catalogue
from yici.apps.planning.models import QuestionTally
from yici.rules.items import Item
from yici.rules.words import Words


@dataclass(frozen=True, slots=True)
class LeftQuestion:
    """How often a question was asked in the month, and how often the person left there: here, and elsewhere."""

    words: Words
    asked: int
    left: int
    asked_elsewhere: int
    left_elsewhere: int

    @property
    def share(self) -> float | None:
        """Return the share that left where the proposal stands out; None where it was not asked."""
        return self.left / self.asked if self.asked else None

    @property
    def share_elsewhere(self) -> float | None:
        """Return the share that left in all other counties."""
        return self.left_elsewhere / self.asked_elsewhere if self.asked_elsewhere else None


def left_questions(item_key: str, month: date, regions: list[str]) -> tuple[LeftQuestion, ...]:
    """Return the questions of an item that were asked in a month, the one at which most left first."""
    rows = QuestionTally.objects.filter(item_key=item_key, month=month)
    counted: dict[str, list[int]] = {}
    for key, county, asked, left in rows.values_list("question_key", "region_code").annotate(
        times=Sum("asked"), gone=Sum(F("asked") - F("passed"))
    ):
        place = 0 if county in regions else 2
        counts = counted.setdefault(key, [0, 0, 0, 0])
        counts[place] += asked
        counts[place + 1] += left
    words = _words(catalogue.catalogue_for("").items.get(item_key))
    found = [LeftQuestion(words.get(key) or _gone(key), *counts) for key, counts in counted.items()]
    return tuple(sorted(found, key=lambda one: (-one.left, -one.left_elsewhere, one.words)))


def _gone(key: str) -> Words:
    return Words(f"现已不提的问题（{key}）", f"A question that is asked no longer ({key})")


def _words(item: Item | None) -> dict[str, Words]:
    return {one.key: one.ask for one in item.questions} if item else {}
