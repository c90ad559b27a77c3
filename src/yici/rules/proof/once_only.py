"""Finds papers people are asked for although an organisation shares the fact with all others already."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from yici.rules.datasets import Dataset, Sharing
from yici.rules.items import Catalogue, Item, Requirement, WayKind
from yici.rules.lint import Finding
from yici.rules.words import Words

_FETCHED = frozenset({WayKind.DATA, WayKind.LICENCE, WayKind.RESULT_OF})
_PAPER = frozenset({WayKind.ORIGINAL, WayKind.UPLOAD})


@dataclass(frozen=True, slots=True)
class SharedFacts:
    """What a catalogue shares with everybody: ``dataset.field`` by the fact it proves."""

    catalogue: Catalogue
    proving: Mapping[str, str]

    def source_of(self, requirement: Requirement) -> tuple[Dataset, str] | None:
        """Return the unconditionally shared dataset and field that hold what a paper is asked for."""
        for target in self.targets(requirement):
            key, _, field = target.partition(".")
            dataset = self.catalogue.datasets.get(key)
            if dataset and field in dataset.fields and dataset.sharing is Sharing.UNCONDITIONAL:
                return dataset, field
        return None

    def targets(self, requirement: Requirement) -> Iterator[str]:
        """Yield what may name the datum that a paper shows, the surest first."""
        yield from (way.target for way in requirement.ways if way.kind is WayKind.ORIGINAL)
        yield from (requirement.proves, self.proving.get(requirement.proves, ""))
        for dataset in self.catalogue.datasets.values():
            if dataset.owner == requirement.issued_by:
                yield from (f"{dataset.key}.{key}" for key in (requirement.key, requirement.proves))


def shared_facts(catalogue: Catalogue) -> SharedFacts:
    """Return what is shared. A fact that one item fetches as data can be fetched for every item."""
    proving: dict[str, list[str]] = defaultdict(list)
    for item in catalogue.items.values():
        for part in item.requirements:
            proving[part.proves] += [way.target for way in part.ways if way.kind is WayKind.DATA]
    unconditional = {key for key, one in catalogue.datasets.items() if one.sharing is Sharing.UNCONDITIONAL}
    first = {
        proves: next((target for target in targets if target.partition(".")[0] in unconditional), "")
        for proves, targets in proving.items()
    }
    return SharedFacts(catalogue, first)


def once_only_violations(item: Item, shared: SharedFacts) -> Iterator[Finding]:
    """Yield each paper the item demands although the government shares the fact with every department."""
    for requirement in item.requirements:
        yield from _once_only(item, requirement, shared)


def _once_only(item: Item, requirement: Requirement, shared: SharedFacts) -> Iterator[Finding]:
    # 规定 art. 7: what can be had from shared data may not be demanded of the person again.
    kinds = {way.kind for way in requirement.ways}
    if kinds & _FETCHED or not kinds & _PAPER:
        return
    found = shared.source_of(requirement)
    if found is None:
        return
    dataset, field = found
    owner = shared.catalogue.organisations.get(dataset.owner, Words(dataset.owner, dataset.owner))
    name, source = requirement.name, dataset.fields[field]
    zh = f"不得要求提交“{name.zh}”：{owner.zh}已无条件共享“{source.zh}”。请加上 data {dataset.key}.{field} 这种办法。"
    en = (
        f"“{name.en}” may not be asked for: {owner.en} shares “{source.en}” without conditions. "
        f"Add the way data {dataset.key}.{field}."
    )
    yield Finding("once-only", f"{item.key}.requirements.{requirement.key}.ways", Words(zh, en))
