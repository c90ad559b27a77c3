"""Which demand of an item its voices mean, and so which law it rests on: chosen by what texts name, and told how."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from yici.rules.items import Item, LegalBasis
from yici.rules.planner import presences_of
from yici.rules.words import Words

_SHORTEST = 2
_FILLERS = ("的", "证明材料", "原件", "复印件", "材料", "办理")


@dataclass(frozen=True, slots=True)
class Chosen:
    """A demand with its basis and why it was chosen; ``requirement_key`` is empty for a presence or none."""

    requirement_key: str
    name: Words
    basis: LegalBasis | None
    why: Words


@dataclass(frozen=True, slots=True)
class _Demand:
    key: str
    name: Words
    basis: LegalBasis


def _demands(item: Item) -> list[_Demand]:
    papers = [_Demand(one.key, one.name, one.basis) for one in item.requirements]
    return papers + [_Demand("", one.name, one.basis) for one in presences_of(item)]


def of_requirement(item: Item, key: str) -> Chosen:
    """Return the requirement that the correction notices ask for."""
    for one in item.requirements:
        if one.key == key:
            why = Words("补正通知要求的就是这份材料。", "The correction notices ask for this very paper.")
            return Chosen(key, one.name, one.basis, why)
    why = Words("补正通知要求的材料已不在现行事项中。", "The paper asked for stands in the item no longer.")
    return Chosen(key, Words("", ""), None, why)


def of_texts(item: Item, texts: Sequence[str]) -> Chosen:
    """Return the demand that most texts name; the item's own law where none is named, or all named are as frequent."""
    demands = _demands(item)
    named = Counter(place for text in texts for place in _named(demands, text))
    best = named.most_common(2)
    if best and (len(best) == 1 or best[0][1] > best[1][1]):
        one, count = demands[best[0][0]], best[0][1]
        why = Words(
            f"{len(texts)}段文字中有{count}段提到“{one.name.zh}”，以它的依据为准。",
            f"{count} of {len(texts)} texts name “{one.name.en}”: its basis is taken.",
        )
        return Chosen(one.key, one.name, one.basis, why)
    return _of_item(item, ambiguous=bool(best))


def _of_item(item: Item, *, ambiguous: bool) -> Chosen:
    zh = "文字提到的几项要求一样多" if ambiguous else "文字没有提到具体的材料或到场"
    en = "Several demands are named as often" if ambiguous else "No text names a paper or a presence"
    why = Words(f"{zh}，以事项的首要依据为准。", f"{en}: the item's first basis is taken.")
    return Chosen("", Words("", ""), item.bases[0] if item.bases else None, why)


def _named(demands: Iterable[_Demand], text: str) -> list[int]:
    return [place for place, one in enumerate(demands) if _core(one.name.zh) in text or one.name.en.lower() in text]


def _core(name: str) -> str:
    """Return what people say of a paper's name: without "the original of".

    >>> _core("居住证明原件")
    '居住证明'
    """
    found = name
    for filler in _FILLERS:
        found = found.replace(filler, "")
    return found if len(found) >= _SHORTEST else name
