"""The longest a need can take, against everybody and every chain of steps there is."""

from collections.abc import Iterator
from random import Random

import pytest

from tests.rules.burden_edits import everybody_in
from tests.rules.planner_oracle import Node, Oracle
from tests.rules.planner_strategies import Case, completions, random_case
from yici.rules.burden.slowest import Slowest, slowest
from yici.rules.planner import compile_event
from yici.rules.plans import PlannedStep

Chain = tuple[tuple[str, str], ...]


def case_of(seed: int) -> Case:
    return random_case(Random(seed), most_items=3)


def chains(oracle: Oracle, here: Node) -> Iterator[tuple[int, Chain]]:
    """Yield the days and the steps that apply of every chain from an event to an end after which nothing comes."""
    onward = [(head, days) for tail, head, days, _ in oracle.edges if tail == here]
    if not onward:
        yield 0, ()
    for head, days in onward:
        own = ((head[1], head[2]),) if head[0] == "done" and oracle_holds(oracle, head) else ()
        for rest, steps in chains(oracle, head):
            yield days + rest, (*own, *steps)


def oracle_holds(oracle: Oracle, node: Node) -> bool:
    step = next(one for one in oracle.items[node[1]].steps if one.key == node[2])
    return oracle.holds(step.when)


def by_trying(case: Case) -> tuple[int, set[Chain]]:
    """Return the days of the longest of all chains of everybody, and every chain that is as long."""
    longest, found = 0, set[Chain]()
    for person in everybody_in(case, case):
        answers, holdings = dict(person.answers), {key: str(value) for key, value in person.holdings.items()}
        oracle = Oracle(Case(case.event, case.catalogue, answers, holdings), most_acts=99)
        for key in oracle.items:
            for days, steps in chains(oracle, ("start", key)):
                if days > longest:
                    longest, found = days, set()
                if days == longest:
                    found.add(steps)
    return longest, found


def written(path: tuple[PlannedStep, ...]) -> Chain:
    return tuple((one.item, one.step) for one in path)


def of(case: Case) -> Slowest:
    return slowest(compile_event(case.event, case.catalogue))


@pytest.mark.parametrize("seed", range(40))
def test_nobody_waits_longer_and_the_path_is_one_of_the_longest_chains(seed: int) -> None:
    case = case_of(seed)
    days, longest = by_trying(case)

    found = of(case)

    assert found.proved
    assert found.days == days
    if days:  # where nothing takes a day, every chain is as long
        described = {key for key, item in case.catalogue.items.items() if item.steps}
        assert tuple(one for one in written(found.path) if one[0] in described) in longest


@pytest.mark.parametrize("seed", range(12))
def test_whatever_else_is_answered_it_takes_as_long(seed: int) -> None:
    case = case_of(seed)
    found = of(case)
    compiled = compile_event(case.event, case.catalogue)

    decided = [compiled.decide(one, found.situation.holdings) for one in completions(dict(found.situation.answers))]

    assert {one.days for one in decided} == {found.days}


def test_some_of_them_wait_longer_than_most() -> None:
    """Otherwise the search above would have nothing to find."""
    longer = [seed for seed in range(40) if of(case_of(seed)).days > case_of(seed).plan().days]

    assert len(longer) > 5
