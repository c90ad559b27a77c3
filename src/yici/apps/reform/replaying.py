"""Replays what is proposed on past cases: an amendment, a suggested change, or the proposal that either is made for."""

from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

from yici.apps.cases import replays, situations
from yici.apps.catalogue import queries as catalogue
from yici.apps.catalogue.held import Held, held
from yici.apps.places.months import bounds, earlier
from yici.apps.reform.models import Amendment, Proposal, SuggestedChange
from yici.apps.reform.naming import Names
from yici.rules.amendments import CannotAmend
from yici.rules.burden import Component
from yici.rules.items import Item
from yici.rules.words import Words

REPLAYED_MONTHS = 12
MOST_SHOWN = 12  # counties and groups on a page, those with most winners first
_FIGURES = ("visits", "papers", "days", "visits_at_least", "visits_at_most", "days_at_most")
_COMPONENTS = {"visits": Component.VISITS, "papers": Component.PAPERS, "days": Component.PROMISED_DAYS}
_YES, _NO = Words("是", "yes"), Words("否", "no")


def catalogue_with(named: str) -> Held:
    """Return the catalogue with what is named in force: a YAML file, a revision's sha256, or something proposed.

    Raises Refusal for what is none of these, and for a proposal of which several changes are suggested.
    """
    text = _text_of(named)
    if text is None:
        return replays.catalogue_with(named)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "proposed.yaml"
        path.write_text(text, encoding="utf-8")
        return catalogue.with_files(path)


def _text_of(named: str) -> str | None:
    try:
        public_id = UUID(named)
    except ValueError:
        return None
    for model in (Amendment, SuggestedChange):
        found = model.objects.filter(public_id=public_id).values_list("text", flat=True).first()
        if found is not None:
            return str(found)
    row = Proposal.objects.select_related("amendment").filter(public_id=public_id).first()
    return _of_proposal(row) if row else None


def _of_proposal(row: Proposal) -> str:
    if row.amendment is not None:
        return row.amendment.text
    found = list(SuggestedChange.objects.filter(item_key=row.item_key, base_text=catalogue.text_of(row.item_key)))
    if len(found) == 1:
        return found[0].text
    ids = "\n".join(f"  {one.public_id} {one.words}" for one in found)
    ids_en = "\n".join(f"  {one.public_id} {one.words_en}" for one in found)
    raise CannotAmend(
        zh=f"该提案没有修订稿，建议的修改有 {len(found)} 项。请给出其中一项的编号：\n{ids}".rstrip("：\n"),
        en=f"The proposal has no amendment, and {len(found)} suggested changes. Name one:\n{ids_en}".rstrip(":\n"),
    )


def replayed(item: Item, *, now: datetime) -> dict[str, Any] | None:
    """Return before and after on the applications of a year with this item; None when there was none."""
    stored = held(None)
    proposed = replace(stored, items={**stored.items, item.key: item}, made={})
    with TemporaryDirectory() as folder:
        path = Path(folder) / "situations.parquet"
        deciding = replays.deciding_facts(proposed)
        if not situations.export(path, deciding=deciding, since=a_year_before(now), item_key=item.key):
            return None
        found: dict[str, Any] = replays.replay(path, proposed)
    return _kept(found) if found["cases"] else None


def a_year_before(now: datetime) -> datetime:
    """Return the moment from which past cases are looked at: twelve whole months and the present one."""
    return bounds(earlier(now.date().replace(day=1), REPLAYED_MONTHS))[0]


def _kept(found: dict[str, Any]) -> dict[str, Any]:
    kept = {key: found[key] for key in ("cases", "better", "worse")}
    sides = {side: {name: found[side][name] for name in _FIGURES} for side in ("before", "after")}
    regions = [_counts(one, "region") for one in found["by_region"]]
    groups = [_counts(one, "question", "answer") for one in found["by_group"]]
    return {**kept, **sides, "regions": _first(regions), "groups": _first(groups)}


def _counts(one: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: one[name] for name in (*names, "cases", "better", "worse")}


def _first(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    changed = [one for one in rows if one["better"] or one["worse"]]
    return sorted(changed, key=lambda one: (-one["worse"], -one["better"]))[:MOST_SHOWN]


@dataclass(frozen=True, slots=True)
class Counted:
    """So many cases of a county, or of those who gave an answer, and how many of them would have been better off."""

    name: Words
    cases: int
    better: int
    worse: int


@dataclass(frozen=True, slots=True)
class ReplayView:
    """A replay in words. ``figures``: totals before and after; ``at_least``, ``at_most``: visits, whatever is unknown.

    ``days_at_most``: promised days after, whatever is unknown; equal to the figure where every answer is known.
    """

    cases: int
    better: int
    worse: int
    figures: tuple[tuple[Words, int, int], ...]
    at_least: int
    at_most: int
    days: int
    days_at_most: int
    regions: tuple[Counted, ...]
    groups: tuple[Counted, ...]

    @property
    def is_certain(self) -> bool:
        """Whether facts that were not kept cannot change the sums."""
        return self.at_least == self.at_most and self.days == self.days_at_most


def replay_view(row: SuggestedChange, item: Item, names: Names) -> ReplayView | None:
    """Return the replay of a suggested change as pages show it; None when there was no past case."""
    found = row.replay
    if not found:
        return None
    before, after = found["before"], found["after"]
    return ReplayView(
        cases=found["cases"],
        better=found["better"],
        worse=found["worse"],
        figures=tuple((component.words, before[name], after[name]) for name, component in _COMPONENTS.items()),
        at_least=after["visits_at_least"],
        at_most=after["visits_at_most"],
        days=after["days"],
        days_at_most=after["days_at_most"],
        regions=tuple(_counted(names.region(one["region"]), one) for one in found["regions"]),
        groups=tuple(_counted(_group(item, one["question"], one["answer"]), one) for one in found["groups"]),
    )


def _counted(name: Words, one: dict[str, Any]) -> Counted:
    return Counted(name, one["cases"], one["better"], one["worse"])


def _group(item: Item, question: str, answer: str) -> Words:
    asked = next((one for one in item.questions if one.key == question), None)
    what = asked.name if asked else Words(question, question)
    said = {"true": _YES, "false": _NO, **(dict(asked.values) if asked else {})}.get(answer, Words(answer, answer))
    return Words(f"{what.zh}：{said.zh}", f"{what.en}: {said.en}")
