"""Changes of an item that follow from a rule: a fact the government holds, a paper no law demands, a needless wait.

A suggestion is a changed item and a sentence. Whether it holds (nobody loses, nobody comes twice) is not said here:
``rules.proof`` and ``rules.burden`` decide that before anybody sees it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from yici.rules.datasets import Sharing
from yici.rules.items import Catalogue, Item, Presence, Requirement, Stage, Step, Way, WayKind
from yici.rules.levels import Level
from yici.rules.planner import steps_of
from yici.rules.proof.once_only import SharedFacts, shared_facts
from yici.rules.words import Words

_FETCHED = frozenset({WayKind.DATA, WayKind.LICENCE, WayKind.RESULT_OF})
_PAPER = frozenset({WayKind.ORIGINAL, WayKind.UPLOAD})
_DECIDER = "decider"  # who decides waits for what the others found, whatever comes after the decision
_STATED = frozenset({WayKind.DECLARATION, WayKind.COMMITMENT})


class SuggestionKind(StrEnum):
    """What is suggested."""

    OPEN_LINK = "open_link"
    DROP = "drop"
    DECLARE = "declare"
    POST = "post"
    MERGE = "merge"
    PARALLEL = "parallel"
    SPLIT = "split"

    @property
    def words(self) -> Words:
        """Return its name."""
        return _KINDS[self]


_KINDS = {
    SuggestionKind.OPEN_LINK: Words("开通数据共享", "Open a data link"),
    SuggestionKind.DROP: Words("取消材料", "Drop a requirement"),
    SuggestionKind.DECLARE: Words("以声明代替原件", "Replace an original by a declaration"),
    SuggestionKind.POST: Words("邮寄送达", "Deliver by post"),
    SuggestionKind.MERGE: Words("合并到场环节", "Merge presences"),
    SuggestionKind.PARALLEL: Words("并联办理", "Run steps in parallel"),
    SuggestionKind.SPLIT: Words("情形细分", "Give a situation its own promise"),
}


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A changed item. ``part``: the key of what is changed in it; ``words``: what is suggested and why it may be."""

    kind: SuggestionKind
    part: str
    words: Words
    item: Item


def suggestions(item: Item, catalogue: Catalogue) -> Iterator[Suggestion]:
    """Yield the changes of an item that a rule suggests, each on its own."""
    shared = shared_facts(catalogue)
    for requirement in item.requirements:
        yield from _of_requirement(item, requirement, shared)
    yield from _delivery(item)
    yield from _presences(item)
    yield from _steps(item)


def _is_below_law(level: Level) -> bool:
    """Whether laws and regulations (法律、法规) say nothing, so that the executive may change it (规定 art. 43)."""
    return level.height < Level.LOCAL_REGULATION.height


def _of_requirement(item: Item, requirement: Requirement, shared: SharedFacts) -> Iterator[Suggestion]:
    kinds = {way.kind for way in requirement.ways}
    name = requirement.name
    if not kinds & _PAPER:
        return
    if not kinds & _FETCHED and (target := _held_as(requirement, shared)):
        source = _named(target, shared.catalogue)
        words = Words(
            f"“{name.zh}”改为共享取得：{source.zh}。没有数据的人仍可按原办法提供。",
            f"Fetch “{name.en}” as shared data: {source.en}. Who has no data there may still bring it.",
        )
        changed = replace(requirement, ways=(Way(WayKind.DATA, target), *requirement.ways))
        yield Suggestion(SuggestionKind.OPEN_LINK, requirement.key, words, _with(item, requirement, changed))
    if not _is_below_law(requirement.basis.level):
        return
    level = requirement.basis.level.words
    if shared.source_of(requirement) is not None or _fetches_unconditionally(requirement, shared.catalogue):
        words = Words(
            f"取消“{name.zh}”：数据已无条件共享，依据只是{level.zh}，办件人员可自行核验。",
            f"Drop “{name.en}”: the datum is shared with everybody and the demand rests on: {level.en}.",
        )
        yield Suggestion(SuggestionKind.DROP, requirement.key, words, _without(item, requirement))
    if not kinds & _STATED:
        words = Words(
            f"“{name.zh}”可由本人书面声明代替：依据是{level.zh}，法律法规没有要求原件。",
            f"Let a declaration do for “{name.en}”: it rests on: {level.en}; no law or regulation asks for the paper.",
        )
        ways = (*requirement.ways, Way(WayKind.DECLARATION))
        order = {kind: place for place, kind in enumerate(WayKind)}
        changed = replace(requirement, ways=tuple(sorted(ways, key=lambda way: order[way.kind])))
        yield Suggestion(SuggestionKind.DECLARE, requirement.key, words, _with(item, requirement, changed))


def _held_as(requirement: Requirement, shared: SharedFacts) -> str:
    """Return the dataset.field that may be opened for a paper; "" when nobody holds it or may share it."""
    for target in shared.targets(requirement):
        key, _, field = target.partition(".")
        dataset = shared.catalogue.datasets.get(key)
        if dataset and field in dataset.fields and dataset.sharing is not Sharing.NOT_SHARED:
            return target
    return ""


def _fetches_unconditionally(requirement: Requirement, catalogue: Catalogue) -> bool:
    keys = (way.target.partition(".")[0] for way in requirement.ways if way.kind is WayKind.DATA)
    found = (catalogue.datasets.get(key) for key in keys)
    return any(one is not None and one.sharing is Sharing.UNCONDITIONAL for one in found)


def _named(target: str, catalogue: Catalogue) -> Words:
    key, _, field = target.partition(".")
    dataset = catalogue.datasets[key]
    one = dataset.fields[field]
    return Words(f"{dataset.name.zh}·{one.zh}", f"{dataset.name.en}, {one.en}")


def _with(item: Item, old: Requirement, new: Requirement) -> Item:
    return replace(item, requirements=tuple(new if one is old else one for one in item.requirements))


def _without(item: Item, old: Requirement) -> Item:
    kept = tuple(one for one in item.requirements if one is not old)
    late = tuple(key for key in item.scope_of_deficiency if key != old.key)
    return replace(item, requirements=kept, scope_of_deficiency=late)


def _delivery(item: Item) -> Iterator[Suggestion]:
    delivery = item.outcome.delivery
    collected = [one for one in item.presences if one.stage is Stage.COLLECT]
    fixed = [one for one in collected if not _is_below_law(one.basis.level)]
    sent = {"electronic", "post"} & set(delivery)
    if fixed or (sent and not collected) or (item.outcome.licence is None and not collected):
        return
    kept = tuple(one for one in item.presences if one.stage is not Stage.COLLECT)
    post = delivery if "post" in delivery else (*delivery, "post")
    changed = replace(item, presences=kept, outcome=replace(item.outcome, delivery=post))
    words = Words(
        "结果可以邮寄：没有法律法规要求本人到场领取。",
        "Send the result by post: no law or regulation asks the person to come for it.",
    )
    yield Suggestion(SuggestionKind.POST, "delivery", words, changed)


def _presences(item: Item) -> Iterator[Suggestion]:
    first = [one for one in item.presences if one.stage is Stage.APPLY]
    for later in (one for one in item.presences if one.stage is Stage.REVIEW):
        with_it = next((one for one in first if set(one.places) & set(later.places)), None)
        if with_it is None or not _is_below_law(later.basis.level):
            continue
        moved = replace(later, stage=Stage.APPLY, after=())
        words = Words(
            f"“{later.name.zh}”与“{with_it.name.zh}”在同一次到场完成。",
            f"Do “{later.name.en}” at the same visit as “{with_it.name.en}”.",
        )
        yield Suggestion(SuggestionKind.MERGE, later.key, words, _with_presence(item, later, moved))


def _with_presence(item: Item, old: Presence, new: Presence) -> Item:
    return replace(item, presences=tuple(new if one is old else one for one in item.presences))


def _steps(item: Item) -> Iterator[Suggestion]:
    """Yield steps that wait for another organisation or post's step although neither accepts nor decides.

    What waited for the later one waits for both, so that the decision still rests on everything.
    """
    steps = {step.key: step for step in steps_of(item)}
    awaited = {key for step in steps.values() for key in step.after}
    for later in steps.values():
        before = [steps[key] for key in later.after if key in steps]
        if len(before) != 1 or later.key not in awaited or not before[0].after or later.post == _DECIDER:
            continue
        (earlier,) = before
        if (earlier.organisation, earlier.post) == (later.organisation, later.post) or _is_waited_at(item, earlier):
            continue
        words = Words(
            f"“{later.name.zh}”与“{earlier.name.zh}”并联办理：两者由不同岗位办理，决定仍等两者都完成。",
            f"Run “{later.name.en}” beside “{earlier.name.en}”: different posts do them; the decision waits for both.",
        )
        changed = tuple(_beside(step, earlier, later) for step in item.steps)
        yield Suggestion(SuggestionKind.PARALLEL, later.key, words, replace(item, steps=changed))


def _is_waited_at(item: Item, step: Step) -> bool:
    return any(step.key in presence.after for presence in item.presences)


def _beside(step: Step, earlier: Step, later: Step) -> Step:
    if step.key == later.key:
        return replace(step, after=earlier.after)
    if later.key in step.after and earlier.key not in step.after:
        return replace(step, after=(*step.after, earlier.key))
    return step
