"""Finds what was merely said in other words: no machine tells whether they ask for more, so people should see it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass

from yici.rules.items import Catalogue, LegalBasis
from yici.rules.words import Words


@dataclass(frozen=True, slots=True)
class Rewording:
    """One name or sentence with another text. ``need``: key of the item or event; ``where``: path in its document."""

    need: str
    where: str
    old: Words
    new: Words

    @property
    def what(self) -> Words:
        """Return what was reworded, as people say it."""
        named = [_NAMES[part] for part in self.where.split(".") if part in _NAMES]
        return Words(" · ".join(one.zh for one in named), " · ".join(one.en for one in named))


def rewordings(old: Catalogue, new: Catalogue) -> list[Rewording]:
    """Return the texts that differ between what both catalogues hold, matched by their keys.

    Texts that came or went with the part they belong to are no rewording: the comparison of burdens tells them.
    """
    both: list[tuple[str, object, object]] = [
        (key, item, new.items.get(key)) for key, item in sorted(old.items.items())
    ]
    both += [(key, event, new.events.get(key)) for key, event in sorted(old.events.items())]
    return [
        Rewording(key, where, *texts)
        for key, before, after in both
        if after is not None and before != after
        for where, *texts in _differing("", before, after)
    ]


def _differing(where: str, old: object, new: object) -> Iterator[tuple[str, Words, Words]]:
    if old == new:
        return
    if isinstance(old, Words) or isinstance(new, Words):
        pair = [one if isinstance(one, Words) else Words("", "") for one in (old, new)]
        yield where, pair[0], pair[1]
    elif isinstance(old, tuple) and isinstance(new, tuple):
        before, after = _by_key(old), _by_key(new)
        for key in before.keys() & after.keys():
            yield from _differing(f"{where}.{key}", before[key], after[key])
    elif is_dataclass(old) and type(old) is type(new) and not isinstance(old, LegalBasis):
        for one in fields(old):
            path = f"{where}.{one.name}" if where else one.name
            yield from _differing(path, getattr(old, one.name), getattr(new, one.name))


def _by_key(parts: tuple[object, ...]) -> Mapping[object, object]:
    """Return the parts of a list by what names them; question and answer, and other pairs, by the first."""
    named: dict[object, object] = {}
    for place, part in enumerate(parts):
        if isinstance(part, tuple) and not isinstance(part, Words):
            named[part[0] if isinstance(part[0], str) else place] = part[1] if isinstance(part[0], str) else part
        elif isinstance(part, Words):
            named[place] = part
        elif is_dataclass(part):
            named[getattr(part, "key", None) or getattr(part, "kind", place)] = part
    return named


_NAMES = {
    "name": Words("名称", "name"),
    "ask": Words("提问", "question"),
    "hint": Words("提示", "hint"),
    "values": Words("选项", "choices"),
    "summary": Words("说明", "summary"),
    "accept_conditions": Words("受理条件", "conditions of acceptance"),
    "presence_reason": Words("到场原因", "reason to come"),
    "result_name": Words("结果名称", "name of the result"),
    "notes": Words("备注", "notes"),
    "faq": Words("常见问题", "frequent questions"),
    "questions": Words("情形问题", "questions"),
    "fields": Words("表单字段", "fields"),
    "requirements": Words("材料", "requirements"),
    "presences": Words("到场环节", "acts in person"),
    "steps": Words("步骤", "steps"),
    "special": Words("特殊程序", "special procedures"),
    "fee": Words("收费", "fee"),
}
