"""Finds situations that deserve a promise of their own: a step promises everybody what only some of the cases need.

情形细分: one question that everybody answers already divides the people. In one part of them steps were done, surely
and not by chance, in fewer days than they promise to all; that part gets the shorter promise, the others keep theirs.
What papers a situation may be spared follows from no figure, so none is taken away here.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from scipy.stats import beta, hypergeom

from yici.rules.conditions import condition_of, explain, text_of
from yici.rules.conditions.tree import Compare, Constant, FactRef, Not, Tree
from yici.rules.items import Element, ElementKind, Item, Step
from yici.rules.signals.discovery import discoveries
from yici.rules.suggestions import Suggestion, SuggestionKind
from yici.rules.words import Words

KEPT_SHARE = 0.95  # a promise that fewer cases keep is none
CERTAINTY = 0.95
ASKED_SHARE = 0.95  # a question that fewer are asked today would be one question more for the others
FALSE_SHARE = 0.05
FEWEST = 59  # if all keep it, the fewest cases from which a share of 95 % follows with 95 % certainty
FEWEST_OTHERS = 20


class HandledStep(NamedTuple):
    """One finished step of the past: what the person had answered, and the working days it took, pauses apart."""

    answers: Mapping[str, object]
    days: int


@dataclass(frozen=True, slots=True)
class Group:
    """Those who gave one answer to a question; ``others``: those who gave any other."""

    question: Element
    value: bool | str
    others: bool = False

    def has(self, answers: Mapping[str, object]) -> bool:
        """Whether the person who answered so belongs to it; the question is answered."""
        return (answers[self.question.key] == self.value) is not self.others

    @property
    def opposite(self) -> "Group":
        """Return the group of everybody else."""
        if isinstance(self.value, bool):
            return Group(self.question, not self.value)
        return Group(self.question, self.value, not self.others)

    @property
    def condition(self) -> Tree:
        """Return the condition that holds for the group."""
        if isinstance(self.value, bool):
            fact = FactRef(self.question.key, "bool")
            return fact if self.value else Not(fact)
        fact = FactRef(self.question.key, "enum")
        return Compare("!=" if self.others else "==", fact, Constant(self.value, "enum"))

    @property
    def words(self) -> Words:
        """Return the condition as a clause."""
        names = {self.question.key: self.question.name}
        return explain(
            condition_of(self.condition), names, {(self.question.key, key): name for key, name in self.question.values}
        )


@dataclass(frozen=True, slots=True)
class Quicker:
    """A group for which a step was done within ``days``: ``kept`` of its ``cases``, and of the others fewer.

    ``chance``: of such a difference when the answer has nothing to do with it.
    """

    step: Step
    group: Group
    days: int
    kept: int
    cases: int
    others_kept: int
    others: int
    chance: float

    @property
    def holds(self) -> bool:
        """Whether the group can be promised it, and the others cannot: else it could be promised to all."""
        return least_share(self.kept, self.cases) >= KEPT_SHARE > self.others_kept / self.others

    @property
    def saved(self) -> int:
        """Return the promised days that the cases of the group would have been spared together."""
        return (self.step.promised_days - self.days) * self.cases


@dataclass(frozen=True, slots=True)
class Split:
    """A situation with its own promise: the steps that are quicker in it, each with the days it is promised there."""

    group: Group
    steps: tuple[Quicker, ...]

    @property
    def saved(self) -> int:
        """Return the promised days that its cases would have been spared, step by step."""
        return sum(one.saved for one in self.steps)


def least_share(kept: int, cases: int) -> float:
    """Return what share is at least kept, with 95 % certainty (C. Clopper and E. Pearson 1934).

    >>> least_share(FEWEST, FEWEST) >= KEPT_SHARE > least_share(FEWEST - 1, FEWEST - 1)
    True
    """
    return float(beta.ppf(1 - CERTAINTY, kept, cases - kept + 1)) if kept else 0.0


def splits(item: Item, handled: Mapping[str, Sequence[HandledStep]]) -> list[Split]:
    """Return for each question the situation that spares most days, if any is more than chance.

    ``handled``: the finished steps of a past, by step key. All steps, groups and numbers of days are weighed together,
    so that of items whose answers tell nothing at most one in twenty is split.
    """
    tried = [one for step in item.steps for one in _tried(item, step, handled.get(step.key, ()))]
    best: dict[Group, dict[str, Quicker]] = {}
    for place in discoveries([one.chance for one in tried], FALSE_SHARE):
        one = tried[place]
        steps = best.setdefault(one.group, {})
        if one.holds and (one.step.key not in steps or one.saved > steps[one.step.key].saved):
            steps[one.step.key] = one
    found = [Split(group, tuple(steps.values())) for group, steps in best.items() if steps]
    chosen: dict[str, Split] = {}
    for split in sorted(found, key=lambda one: -one.saved):
        chosen.setdefault(split.group.question.key, split)
    return list(chosen.values())


def _tried(item: Item, step: Step, rows: Sequence[HandledStep]) -> Iterator[Quicker]:
    for question in item.questions:
        known = [row for row in rows if row.answers.get(question.key) is not None]
        if len(known) < ASKED_SHARE * len(rows):
            continue
        for group in _groups(question):
            ours = [row.days for row in known if group.has(row.answers)]
            if len(ours) >= FEWEST and len(known) - len(ours) >= FEWEST_OTHERS:
                theirs = [row.days for row in known if not group.has(row.answers)]
                yield from (measured(step, group, days, ours, theirs) for days in range(1, step.promised_days))


def _groups(question: Element) -> Iterator[Group]:
    if question.kind is ElementKind.BOOL:
        yield from (Group(question, value) for value in (True, False))
    if question.kind is ElementKind.ENUM:
        for value, _ in question.values:
            yield Group(question, value)
            if len(question.values) > 2:
                yield Group(question, value, others=True)


def measured(step: Step, group: Group, days: int, ours: Sequence[int], theirs: Sequence[int]) -> Quicker:
    """Return what the days that a group's steps took, and the others', say of a shorter promise."""
    kept, others_kept = (sum(taken <= days for taken in part) for part in (ours, theirs))
    # One-sided exact test (R. Fisher 1935): so many of the group or more, when the answer says nothing.
    chance = float(hypergeom.sf(kept - 1, len(ours) + len(theirs), kept + others_kept, len(ours)))
    return Quicker(step, group, days, kept, len(ours), others_kept, len(theirs), chance)


def split_suggestions(item: Item, handled: Mapping[str, Sequence[HandledStep]]) -> Iterator[Suggestion]:
    """Yield the splits as changed items, each on its own."""
    for split in splits(item, handled):
        clause, told = split.group.words, [_told(one) for one in split.steps]
        words = Words(
            f"按情形细分：{clause.zh}的，{'；'.join(one.zh for one in told)}。其他人不变。",
            f"A situation of its own ({clause.en}): {'; '.join(one.en for one in told)}. Nothing changes for others.",
        )
        yield Suggestion(SuggestionKind.SPLIT, split.group.question.key, words, split_item(item, split))


def _told(one: Quicker) -> Words:
    name, now = one.step.name, one.step.promised_days
    days = "1 working day" if one.days == 1 else f"{one.days} working days"
    return Words(
        f"“{name.zh}”承诺 {one.days} 个工作日（现为 {now} 个；过去一年这样的 {one.cases} 件中有 {one.kept} 件不超过，"
        f"其他 {one.others} 件中有 {one.others_kept} 件）",
        f"“{name.en}” in {days} instead of {now} (in the past year {one.kept} of {one.cases} such cases took no "
        f"longer, and {one.others_kept} of {one.others} others)",
    )


def split_item(item: Item, split: Split) -> Item:
    """Return the item with each step of the split twice: as it is for the others, and shorter for the group."""
    for one in split.steps:
        item = _with_step_twice(item, one)
    return item


def _with_step_twice(item: Item, quicker: Quicker) -> Item:
    """What waited for the step waits for both; one of them is there for everybody for whom the step was there."""
    step = next(one for one in item.steps if one.key == quicker.step.key)
    clause = quicker.group.words
    own = replace(
        step,
        key=_free_key(item, step.key),
        name=Words(f"{step.name.zh}（{clause.zh}）", f"{step.name.en} ({clause.en})"),
        promised_days=quicker.days,
        when=_within(step.when, quicker.group),
    )
    rest = replace(step, when=_within(step.when, quicker.group.opposite))
    steps = [two for one in item.steps for two in ((rest, own) if one is step else (one,))]
    waiting = [replace(one, after=_both(one.after, step.key, own.key)) for one in steps]
    presences = [replace(one, after=_both(one.after, step.key, own.key)) for one in item.presences]
    return replace(item, steps=tuple(waiting), presences=tuple(presences))


def _within(when: str, group: Group) -> str:
    text = text_of(group.condition)  # a fact, its negation or a comparison: they bind closer than "and"
    return text if when == "true" else f"({when}) && {text}"


def _both(after: tuple[str, ...], key: str, other: str) -> tuple[str, ...]:
    return tuple(two for one in after for two in ((one, other) if one == key else (one,)))


def _free_key(item: Item, key: str) -> str:
    taken = {step.key for step in item.steps}
    return next(name for number in range(2, 1000) if (name := f"{key[:50]}_{number}") not in taken)
