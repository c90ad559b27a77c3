"""Writes the sentences under the large number of visits."""

from collections.abc import Sequence
from functools import lru_cache

from yici.rules.planner.deciding import Reckoning
from yici.rules.planner.sentences import visits_en, visits_zh
from yici.rules.planner.visits import Visits
from yici.rules.plans import Cause, Decision, Mode, PlannedItem, Visit
from yici.rules.words import Words

_NOTHING = Words("按您的回答，没有需要办的事项。", "By your answers there is nothing to apply for.")
_ZERO = Words(
    "不用跑，要的材料政府看得到或可以在线提供。",
    "No visit: the government holds what is needed, or you give it online.",
)


def reasons_of(
    decision: Decision, items: Sequence[PlannedItem], detail: Sequence[Visit], conflicts: Sequence[Words]
) -> tuple[Words, ...]:
    """Return the headline and then, one line each, the other causes, the reasons for more visits, and the outlook."""
    causes = [cause for visit in detail for cause in visit.causes]
    lines = [_headline(decision, items, causes), *[_also(cause.why) for cause in causes[1:]], *conflicts]
    if decision.mode is Mode.ONE_WINDOW and causes:
        lines.insert(1, _because(decision.visits, causes[0].why))
    if decision.visits_at_most > decision.visits:
        most = decision.visits_at_most
        zh, en = (
            f"剩下的问题无论怎么回答，最多{visits_zh(most)}。",
            f"However you answer what is left, at most {visits_en(most)}.",
        )
        lines.append(Words(zh, en))
    return tuple(dict.fromkeys(lines))


def _headline(decision: Decision, items: Sequence[PlannedItem], causes: Sequence[Cause]) -> Words:
    if not items:
        return _NOTHING
    if decision.mode is Mode.ONE_WINDOW:
        special = next(item.name for item in items if not item.standardised)
        return Words(
            f"由综合窗口统一受理，因为“{special.zh}”还没有标准化。",
            f"The integrated window takes it, because “{special.en}” is not standardised yet.",
        )
    return _because(decision.visits, causes[0].why) if causes else _ZERO


# The same few causes return in plan after plan.
@lru_cache(maxsize=4_096)
def _because(visits: int, why: Words) -> Words:
    number = visits_en(visits)
    return Words(f"{visits_zh(visits)}，因为{why.zh}。", f"{number[:1].upper()}{number[1:]}, because {why.en}.")


@lru_cache(maxsize=4_096)
def _also(why: Words) -> Words:
    return Words(f"还因为{why.zh}。", f"Also because {why.en}.")


def conflicts_of(reckoning: Reckoning, visits: Visits, names: dict[int, Words]) -> list[Words]:
    """Return, for each visit after the first, why it cannot be one with those before."""
    return [_conflict(reckoning, _union_of(visits[:place]), visits[place][1], names) for place in range(1, len(visits))]


def _union_of(visits: Visits) -> int:
    acts = 0
    for _, done in visits:
        acts |= done
    return acts


def _conflict(reckoning: Reckoning, done: int, doing: int, names: dict[int, Words]) -> Words:
    for act, earlier, _ in reckoning.order:
        if act & doing and earlier & done:
            late, early = names[act], names[earlier & done & -(earlier & done)]
            return Words(
                f"“{late.zh}”要等“{early.zh}”之后的环节办完，只能另跑一次。",
                f"“{late.en}” has to wait for steps that follow “{early.en}”: that takes another visit.",
            )
    late, early = names[doing & -doing], names[done & -done]
    return Words(
        f"没有一个地点能一次办完“{early.zh}”和“{late.zh}”等事项，只能另跑一次。",
        f"No one place can settle “{early.en}”, “{late.en}” and the rest at once: that takes another visit.",
    )
