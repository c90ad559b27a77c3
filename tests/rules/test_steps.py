"""Steps: which are ready, and how each moves from waiting to done."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yici.rules.steps import CannotMoveStep, StepState, move_step, ready_steps

QUICK = settings(max_examples=40)


class TestSteps:
    GRAPH = {"check": [], "visit": ["check"], "opinion": ["check"], "decide": ["visit", "opinion"]}

    @pytest.mark.parametrize(
        ("over", "ready"),
        [
            (set(), ("check",)),
            ({"check"}, ("visit", "opinion")),
            ({"check", "visit"}, ("opinion",)),
            ({"check", "visit", "opinion"}, ("decide",)),
            ({"check", "visit", "opinion", "decide"}, ()),
        ],
        ids=["start", "parallel", "one of two", "last", "end"],
    )
    def test_ready_are_those_whose_earlier_steps_are_over(self, over, ready):
        assert ready_steps(self.GRAPH, over) == ready

    def test_a_step_that_does_not_apply_holds_nobody_up(self):
        assert ready_steps({"decide": ["visit"]}, set()) == ("decide",)

    def test_refuses_a_circle_and_names_it(self):
        with pytest.raises(CannotMoveStep, match="circle: a, b"):
            ready_steps({"a": ["b"], "b": ["a"], "c": []}, set())

    @QUICK
    @given(st.dictionaries(st.integers(0, 7), st.frozensets(st.integers(0, 7), max_size=3), min_size=1, max_size=8))
    def test_working_off_what_is_ready_finishes_every_graph_without_circle(self, edges):
        graph = {str(step): [str(before) for before in after if before < step] for step, after in edges.items()}
        over: set[str] = set()
        for _ in graph:
            over |= set(ready_steps(graph, over))

        assert over == set(graph)

    def test_goes_from_waiting_to_done(self):
        state = StepState.WAITING
        for wanted in (StepState.READY, StepState.TAKEN, StepState.PAUSED, StepState.TAKEN, StepState.DONE):
            state = move_step(state, wanted)

        assert state.is_over

    @pytest.mark.parametrize(
        ("current", "wanted"),
        [
            (StepState.WAITING, StepState.TAKEN),
            (StepState.READY, StepState.DONE),
            (StepState.DONE, StepState.TAKEN),
            (StepState.PAUSED, StepState.DONE),
            (StepState.TAKEN, StepState.TAKEN),
        ],
    )
    def test_refuses_to_jump(self, current, wanted):
        with pytest.raises(CannotMoveStep, match="colleague may have acted"):
            move_step(current, wanted)
