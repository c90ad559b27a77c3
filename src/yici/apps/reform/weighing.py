"""Weighs a text against what is in force: is it proved, who loses, who gains, which facts are held already."""

from collections.abc import Iterator
from dataclasses import dataclass

from yici.apps.catalogue import queries as catalogue
from yici.apps.catalogue.queries import Reading
from yici.apps.reform.models import FixedField
from yici.rules.amendments import CannotAmend
from yici.rules.burden.comparing import Comparison
from yici.rules.burden.needs import compare_catalogues
from yici.rules.burden.wordings import Rewording, rewordings
from yici.rules.items import Catalogue, LifeEvent, as_event
from yici.rules.lint import Finding
from yici.rules.planner import CannotCompile
from yici.rules.proof import Verdict, VerdictKind, prove
from yici.rules.words import Words


@dataclass(frozen=True, slots=True)
class Weighing:
    """What is known of a proposed text.

    ``once_only``: papers asked for although a dataset holds the fact; ``wordings``: what is merely said otherwise.
    """

    verdict: Verdict
    comparison: Comparison
    once_only: tuple[Finding, ...]
    wordings: tuple[Rewording, ...]
    is_breach: bool
    needs_province: bool


def weigh(*, item_key: str, region_code: str, text: str) -> Weighing:
    """Return what a text would change. Raises CannotImport with every fault, and CannotAmend for another document.

    A province-wide document is the province's to change; a local one may leave alone what the province fixed (art. 4).
    """
    reading = catalogue.read_text(text, region_code)
    _check_own(reading, item_key, region_code)
    before = catalogue.catalogue_for(region_code)
    try:
        comparison = compare_catalogues(before, reading.catalogue)
    except CannotCompile as refusal:
        raise CannotAmend(zh=refusal.text("zh"), en=refusal.text("en")) from refusal
    verdict = prove(_need(reading.catalogue, item_key), reading.catalogue)
    return Weighing(
        verdict=verdict,
        comparison=comparison,
        once_only=tuple(_new_demands(verdict, item_key, before)),
        wordings=tuple(rewordings(before, reading.catalogue)),
        is_breach=verdict.verdict is VerdictKind.BREACH,
        needs_province=not region_code or _touches_what_is_fixed(before, reading.catalogue),
    )


def _touches_what_is_fixed(before: Catalogue, after: Catalogue) -> bool:
    return any(
        getattr(before.items.get(key), field, None) != getattr(after.items.get(key), field, None)
        for key, field in FixedField.objects.values_list("item_key", "field")
    )


def _new_demands(verdict: Verdict, key: str, before: Catalogue) -> Iterator[Finding]:
    known = set(prove(_need(before, key), before).findings)
    yield from (one for one in verdict.findings if one.rule == "once-only" and one not in known)


def _need(within: Catalogue, key: str) -> LifeEvent:
    return within.events.get(key) or as_event(within.items[key])


def _check_own(reading: Reading, key: str, region_code: str) -> None:
    own = (reading.items + reading.events, reading.regions) == (((), (region_code,)) if region_code else ((key,), ()))
    if not own or reading.has_others:
        raise CannotAmend(
            zh=f"这份文本只能写“{key}”自己的内容，不能夹带其他文件。",
            en=f"This text may hold the document of '{key}' and no other.",
        )


def name_of(item_key: str, region_code: str) -> Words:
    """Return the name of the item or life event now in force. Raises CannotFindInCatalogue."""
    return catalogue.event(item_key, region_code).name
