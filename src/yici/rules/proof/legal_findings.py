"""Finds demands the law does not allow: facts that are shared already, demands without a basis, late promises."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from yici.rules.items import Catalogue, Dataset, Item, Requirement, Sharing, WayKind
from yici.rules.levels import Level
from yici.rules.planner import steps_of
from yici.rules.planner.timing import working_days_at_most
from yici.rules.proof.verdicts import Finding
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
        for target in self._targets(requirement):
            key, _, field = target.partition(".")
            dataset = self.catalogue.datasets.get(key)
            if dataset and field in dataset.fields and dataset.sharing is Sharing.UNCONDITIONAL:
                return dataset, field
        return None

    def _targets(self, requirement: Requirement) -> Iterator[str]:
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


def findings_of_law(item: Item, shared: SharedFacts) -> Iterator[Finding]:
    """Yield what the item demands against the law."""
    for requirement in item.requirements:
        yield from _once_only(item, requirement, shared)
    yield from _without_basis(item)
    yield from _late_promises(item)


def _once_only(item: Item, requirement: Requirement, shared: SharedFacts) -> Iterator[Finding]:
    # 规定 art. 7 and 优化营商环境条例 art. 44 spirit: what the government can see, the person is not asked for.
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
    yield Finding("once_only", f"{item.key}.requirements.{requirement.key}.ways", Words(zh, en))


def _without_basis(item: Item) -> Iterator[Finding]:
    demands = [(f"requirements.{one.key}", one.name, one.basis) for one in item.requirements]
    demands += [(f"presences.{one.key}", one.name, one.basis) for one in item.presences]
    demands += [
        (f"steps.{step.key}.special.{one.kind}", one.name, one.basis) for step in item.steps for one in step.special
    ]
    for where, name, basis in demands:
        if basis.level is Level.NONE:
            zh = f"“{name.zh}”没有法律依据。请写明依据，或今天就取消这项要求。"
            en = f"“{name.en}” rests on no law. Name its legal basis, or drop the demand today."
            yield Finding("no_legal_basis", f"{item.key}.{where}.basis", Words(zh, en))


def _late_promises(item: Item) -> Iterator[Finding]:
    # A promise may be shorter than the law's period, never longer (规定 art. 12).
    promises = [
        (f"steps.{one.key}.promised_days", one.name, one.promised_days, one.statutory_days) for one in steps_of(item)
    ]
    same_unit = item.promised.unit == item.statutory.unit
    promised, statutory = (
        (item.promised.value, item.statutory.value)
        if same_unit
        else (working_days_at_most(item.promised), working_days_at_most(item.statutory))
    )
    for where, name, days, most in [("promised", item.name, promised, statutory), *promises]:
        if days > most:
            zh = f"“{name.zh}”承诺 {days} 日，超过法定的 {most} 日。请把承诺期限改为不超过法定期限。"
            en = f"“{name.en}” promises {days} days, but the law allows {most} at most. Shorten the promise."
            yield Finding("promise_above_statutory", f"{item.key}.{where}", Words(zh, en))
