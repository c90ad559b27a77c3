"""The planner against its slow and plain twin, on thousands of random events."""

from itertools import product
from random import Random

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from tests.rules.planner_oracle import CannotTry, Oracle
from tests.rules.planner_strategies import Case, completions, fewer_answers, random_case
from yici.rules.planner import compile_event
from yici.rules.planner.visits import Waiting, least_visits
from yici.rules.plans import SKIPPED, UNMET

CHANCE = st.randoms(use_true_random=False)
PHASES = (Phase.explicit, Phase.reuse, Phase.generate)


def compare_with_oracle(case: Case) -> None:
    """Fail unless the planner and the oracle agree on this case."""
    expected = Oracle(case).plan()
    compiled = compile_event(case.event, case.catalogue)

    decision = compiled.decide(case.answers, case.holdings)

    assert decision.visits == decision.visits_at_most == expected.visits
    assert decision.days == decision.days_at_most
    assert (decision.visits == 0) is (expected.acts == 0)
    assert decision.days == expected.days
    names = {UNMET: "unmet", SKIPPED: "skipped"}
    requirements = {
        (item.key, requirement.key): requirement
        for item in case.catalogue.items.values()
        for requirement in item.requirements
    }
    ways = {
        key: names.get(way) or requirements[key].ways[way]
        for key, way in zip(compiled.requirements, decision.ways, strict=True)
        if way in names or way >= 0
    }
    assert ways == expected.ways


def compare_many(count: int, seed: int) -> tuple[int, dict[int, int]]:
    """Compare the planner with the oracle on random cases; return how many were compared, by number of visits."""
    chance = Random(seed)
    seen: dict[int, int] = {}
    compared = 0
    while compared < count:
        case = random_case(chance)
        try:
            compare_with_oracle(case)
        except CannotTry:
            continue
        compared += 1
        visits = case.plan().visits
        seen[visits] = seen.get(visits, 0) + 1
    return compared, seen


class TestAgainstTheOracle:
    @settings(max_examples=100, deadline=None, phases=PHASES)
    @given(chance=CHANCE)
    def test_agrees_on_an_event(self, chance: Random) -> None:
        try:
            compare_with_oracle(random_case(chance))
        except CannotTry:
            return

    @pytest.mark.slow
    def test_agrees_on_two_thousand_events_of_every_kind(self) -> None:
        compared, seen = compare_many(2_000, seed=20180101)

        assert compared == 2_000
        assert min(seen.get(visits, 0) for visits in range(4)) > 20  # zero, one, two and three visits all occur

    @settings(max_examples=50, deadline=None, phases=PHASES)
    @given(chance=CHANCE)
    def test_bounds_hold_for_every_way_to_answer_what_is_left(self, chance: Random) -> None:
        case = random_case(chance, most_items=3)
        compiled = compile_event(case.event, case.catalogue)
        answers = fewer_answers(chance, case.answers)

        plan = compiled.plan(answers, case.holdings)

        early = compiled.decide(answers, case.holdings)
        outcomes = [compiled.decide(full, case.holdings) for full in completions(answers)]
        assert plan.visits <= min(one.visits for one in outcomes)
        assert plan.visits_at_most >= max(one.visits for one in outcomes)
        assert early.days <= min(one.days for one in outcomes)
        assert early.days_at_most >= max(one.days for one in outcomes)


class TestLeastVisits:
    @given(data=st.data())
    def test_is_the_least_of_all_rows(self, data: st.DataObject) -> None:
        count = data.draw(st.integers(0, 5))
        served = data.draw(st.lists(st.integers(0, 2**count - 1), min_size=1, max_size=3))
        served.append(2**count - 1 & ~(served[0] | served[-1]) or 2**count - 1)
        waits = data.draw(
            st.dictionaries(
                st.tuples(st.integers(0, 4), st.integers(0, 4)).filter(lambda p: p[0] < p[1]), st.booleans()
            )
        )
        waits = {(a, b): time for (a, b), time in waits.items() if b < count}
        order = [
            Waiting(
                1 << act,
                sum(1 << a for (a, b), time in waits.items() if b == act and time),
                sum(1 << a for (a, b) in waits if b == act),
            )
            for act in range(count)
        ]
        reachable = 0
        for acts in served:
            reachable |= acts
        acts = reachable & 2**count - 1
        everything = [act for act in range(count) if acts >> act & 1]

        visits = least_visits(acts, [(str(place), mask) for place, mask in enumerate(served)], order)

        assert len(visits) == self.fewest(everything, served, waits)
        assert sum(done for _, done in visits) == acts

    def fewest(self, acts: list[int], served: list[int], waits: dict[tuple[int, int], bool]) -> int:
        for count in range(len(acts) + 1):
            for row in product(range(count), repeat=len(acts)):
                at = dict(zip(acts, row, strict=True))
                in_order = all(
                    at[a] < at[b] if time else at[a] <= at[b] for (a, b), time in waits.items() if a in at and b in at
                )
                groups = [sum(1 << act for act in acts if at[act] == visit) for visit in range(count)]
                if in_order and all(any(group & ~place == 0 for place in served) for group in groups):
                    return count
        raise AssertionError("every act has a place and the order has no circle")
