"""Refuses a life event that contradicts itself, and says where."""

from collections.abc import Callable, Collection, Iterable, Sequence
from difflib import get_close_matches

from yici.rules.items import (
    REMOTE_PLACES,
    VISITED_PLACES,
    Catalogue,
    Item,
    LifeEvent,
    Member,
    Necessity,
    Presence,
    Requirement,
    Stage,
    Step,
    WayKind,
)
from yici.rules.planner.refusals import CannotCompile
from yici.rules.planner.timing import topological

# 非必要材料 may not make anybody wait or come: these ways are not used for them.
BURDENS = frozenset({WayKind.RESULT_OF, WayKind.ORIGINAL})


def members_in_order(event: LifeEvent, catalogue: Catalogue) -> tuple[Member, ...]:
    """Return the members so that none comes before one it may wait for. Raises CannotCompile.

    The order does not depend on the order in the document.
    """
    where = f"{event.key}.members"
    if not event.members:
        raise CannotCompile(where, zh="没有任何事项。请至少加入一个事项。", en="there is no item. Add at least one.")
    _check_different(where, [member.item for member in event.members])
    members = {member.item: member for member in event.members}
    for key, member in members.items():
        check_known(f"{where}.{key}", key, catalogue.items, "事项", "item")
        for other in member.after:
            check_known(f"{where}.{key}.after", other, members, "本件事中的事项", "item of this event")
    waits = {key: _may_wait_for(member, catalogue.items[key], members) for key, member in members.items()}
    ordered = topological(members, waits)
    if ordered is None:
        raise _circle(where, waits)
    return tuple(members[key] for key in ordered)


def _may_wait_for(member: Member, item: Item, members: Collection[str]) -> set[str]:
    asking = [requirement for requirement in item.requirements if requirement.necessity is not Necessity.OPTIONAL]
    results = {way.target for requirement in asking for way in requirement.ways if way.kind is WayKind.RESULT_OF} & set(
        members
    )
    return results | set(member.after)


def check_item(item: Item, catalogue: Catalogue, known_facts: Collection[str]) -> None:
    """Raise CannotCompile when a part of the item names something that does not exist, or steps run in a circle."""
    _check_different(f"{item.key}.requirements", [part.key for part in item.requirements])
    _check_different(f"{item.key}.presences", [part.key for part in item.presences])
    _check_different(f"{item.key}.steps", [part.key for part in item.steps])
    answered = {element.key for element in (*item.fields, *item.questions)} | set(known_facts)
    for requirement in item.requirements:
        _check_ways(f"{item.key}.requirements.{requirement.key}.ways", requirement, catalogue, answered)
    for presence in item.presences:
        _check_presence(f"{item.key}.presences.{presence.key}", presence, item.steps)
    _check_steps(f"{item.key}.steps", item.steps)


def _check_ways(where: str, requirement: Requirement, catalogue: Catalogue, answered: Collection[str]) -> None:
    if not requirement.ways:
        raise CannotCompile(
            where, zh="没有任何办法满足这项材料。请至少写一种。", en="there is no way. Give at least one."
        )
    for way in requirement.ways:
        check = _TARGETS.get(way.kind)
        if check:
            check(where, way.target, catalogue, answered)


def _check_datum(where: str, target: str, catalogue: Catalogue, answered: Collection[str]) -> None:
    if not catalogue.datasets:  # a catalogue that lists none takes every name
        return
    key, _, name = target.partition(".")
    check_known(where, key, catalogue.datasets, "数据资源", "dataset")
    check_known(where, name, catalogue.datasets[key].fields, f"“{key}”的数据项", f"field of {key}")


def _check_original(where: str, target: str, catalogue: Catalogue, answered: Collection[str]) -> None:
    if target:
        _check_datum(where, target, catalogue, answered)


def _check_licence(where: str, target: str, catalogue: Catalogue, answered: Collection[str]) -> None:
    if catalogue.licence_types:
        check_known(where, target, catalogue.licence_types, "证照类型", "licence type")


def _check_result(where: str, target: str, catalogue: Catalogue, answered: Collection[str]) -> None:
    check_known(where, target, catalogue.items, "事项", "item")


def _check_form(where: str, target: str, catalogue: Catalogue, answered: Collection[str]) -> None:
    check_known(where, target, answered, "表单字段或问题", "field or question of the item")


_TARGETS: dict[WayKind, Callable[[str, str, Catalogue, Collection[str]], None]] = {
    WayKind.DATA: _check_datum,
    WayKind.LICENCE: _check_licence,
    WayKind.RESULT_OF: _check_result,
    WayKind.FORM: _check_form,
    WayKind.ORIGINAL: _check_original,
}


def _check_presence(where: str, presence: Presence, steps: Sequence[Step]) -> None:
    if not presence.places:
        raise CannotCompile(where, zh="没有写明到哪里办。请写明地点。", en="no place serves it. Name one.")
    for place in presence.places:
        check_known(f"{where}.places", place, (*VISITED_PLACES, *REMOTE_PLACES), "地点", "place")
    for key in presence.after:
        check_known(f"{where}.after", key, [step.key for step in steps], "本事项的环节", "step of this item")
    if presence.after and presence.stage is not Stage.REVIEW:
        raise CannotCompile(
            f"{where}.after",
            zh="只有审核阶段的到场可以写在某环节之后。请把阶段改为 review，或删去 after。",
            en="only a presence of the review stage waits for steps. Make the stage review, or drop after.",
        )


def _check_steps(where: str, steps: Sequence[Step]) -> None:
    keys = [step.key for step in steps]
    for step in steps:
        for other in step.after:
            check_known(f"{where}.{step.key}.after", other, keys, "本事项的环节", "step of this item")
        days = [step.promised_days, step.statutory_days, *(special.days for special in step.special)]
        if min(days) < 0:
            raise CannotCompile(
                f"{where}.{step.key}", zh="天数不能是负数。请改正。", en="days cannot be negative. Correct them."
            )
    waits = {step.key: set(step.after) for step in steps}
    if topological(keys, waits) is None:
        raise _circle(where, waits)


def check_known(where: str, name: str, known: Collection[str], zh: str, en: str) -> None:
    """Raise CannotCompile, with the likeliest meaning, when a name is not among the known ones."""
    if name in known:
        return
    near = get_close_matches(name, list(known), n=1)
    meant_zh, meant_en = (f"是不是“{near[0]}”？", f"Did you mean “{near[0]}”?") if near else ("请改正。", "Correct it.")
    raise CannotCompile(where, zh=f"没有名为“{name}”的{zh}。{meant_zh}", en=f"there is no {en} “{name}”. {meant_en}")


def _check_different(where: str, keys: Iterable[str]) -> None:
    seen: set[str] = set()
    for key in keys:
        if key in seen:
            raise CannotCompile(
                f"{where}.{key}", zh="出现了两次。请删去一个或改名。", en="stands there twice. Drop or rename one."
            )
        seen.add(key)


def _circle(where: str, waits: dict[str, set[str]]) -> CannotCompile:
    """Say one shortest circle, so that the editor sees which wait to drop."""
    left = {key: others & waits.keys() for key, others in waits.items()}
    while ended := {key for key, others in left.items() if not others}:
        left = {key: others - ended for key, others in left.items() if key not in ended}
    path = [min(left)]
    while (following := min(left[path[-1]])) not in path:
        path.append(following)
    circle = [*path[path.index(following) :], following]
    return CannotCompile(
        where,
        zh=f"互相等待，谁也不能开始：{' → '.join(circle)}。请删去其中一个先后关系。",
        en=f"they wait for each other and none can begin: {' → '.join(circle)}. Drop one of these waits.",
    )
