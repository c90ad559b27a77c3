"""The chain that really took longest, against every chain of steps there is."""

from collections.abc import Iterator
from dataclasses import replace
from random import Random

import pytest

from tests.rules.planner_oracle import Node, Oracle
from tests.rules.planner_strategies import Case, random_case
from yici.rules.critical_paths import StepKey, longest_by_days
from yici.rules.items import Item
from yici.rules.planner import steps_of


def with_its_step(item: Item) -> Item:
    """Return the item with the one step that stands for it when it describes none, as it is planned."""
    return replace(item, steps=steps_of(item))


def case_with_items(chance: Random) -> tuple[Case, Oracle]:
    while True:
        case = random_case(chance).with_items(with_its_step)
        oracle = Oracle(case, most_acts=99)
        if oracle.items:
            return case, oracle


def every_chain(oracle: Oracle, days: dict[StepKey, int], here: Node) -> Iterator[tuple[int, tuple[StepKey, ...]]]:
    """Yield the days of every chain that begins here, and its steps that took some."""
    yield 0, ()
    for tail, head, _, _ in oracle.edges:
        if tail == here:
            own = days.get((head[1], head[2]), 0) if head[0] == "done" else 0
            for rest, steps in every_chain(oracle, days, head):
                yield own + rest, (((head[1], head[2]), *steps) if own else steps)


@pytest.mark.parametrize("seed", range(120))
def test_no_chain_of_the_plan_took_longer(seed: int) -> None:
    chance = Random(seed)
    case, oracle = case_with_items(chance)
    plan = case.plan()
    days = {(one.item, one.step): chance.choice((0, 1, 2, 5, 9)) for one in plan.steps if chance.random() < 0.8}
    waits = [(other, one.item) for one in plan.items for other in one.waits_for]

    found = longest_by_days(plan.steps, waits, case.catalogue.items, days)

    chain = tuple((one.item, one.step) for one in found)
    every = dict.fromkeys(one for key in oracle.items for one in every_chain(oracle, days, ("start", key)))
    assert sum(days[key] for key in chain) == max(taken for taken, _ in every)
    assert (sum(days[key] for key in chain), chain) in every


def test_a_chain_through_several_items_is_tried_too() -> None:
    """Otherwise only single items would have been compared."""
    several = 0
    for seed in range(120):
        chance = Random(seed)
        case, _ = case_with_items(chance)
        plan = case.plan()
        waits = [(other, one.item) for one in plan.items for other in one.waits_for]
        found = longest_by_days(
            plan.steps, waits, case.catalogue.items, {(one.item, one.step): 1.0 for one in plan.steps}
        )
        several += len({one.item for one in found}) > 1

    assert several > 10
