"""The table of acts: every state is reached, every way ends, and clocks run where the states say so."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.rules.case_examples import attempt
from yici.rules.case_transitions import CLOCKS_FROM_SUBMISSION, TABLE, TRANSITIONS
from yici.rules.cases import Actor, CannotAct, CaseAct, CaseFacts, CaseState, ClockEffect, ClockMode
from yici.rules.law_parameters import LAW_PARAMETERS
from yici.rules.steps import StepState

QUICK = settings(max_examples=40)
FIRST_STATES = {CaseState.WAITING, CaseState.SUBMITTED}
OPEN_STATES = [state for state in CaseState if not state.is_final]


def reached_from(start: CaseState) -> set[CaseState]:
    seen, front = {start}, [start]
    while front:
        state = front.pop()
        for transition in TRANSITIONS:
            target = transition.target or state
            if state in transition.sources and target not in seen:
                seen.add(target)
                front.append(target)
    return seen


class TestTable:
    def test_every_state_is_reached_from_submission_or_waiting(self):
        assert set().union(*(reached_from(state) for state in FIRST_STATES)) == set(CaseState)

    @pytest.mark.parametrize("state", OPEN_STATES)
    def test_every_open_state_leads_to_an_end(self, state):
        assert any(end.is_final for end in reached_from(state))

    @pytest.mark.parametrize("state", [state for state in CaseState if state.is_final])
    def test_nothing_leads_out_of_an_end(self, state):
        assert all(source is not state for source, _ in TABLE)
        for act in CaseAct:
            with pytest.raises(CannotAct, match="has ended"):
                attempt(state, act)

    def test_no_act_stands_twice_for_one_state(self):
        assert len(TABLE) == sum(len(transition.sources) for transition in TRANSITIONS)

    def test_every_act_is_used_and_has_its_words(self):
        assert {act for _, act in TABLE} == set(CaseAct)
        assert all(all(act.words) for act in CaseAct)

    @pytest.mark.parametrize("transition", TRANSITIONS, ids=lambda line: f"{line.act.value}")
    def test_the_clock_runs_if_and_only_if_the_state_says_so(self, transition):
        expected = {
            ClockEffect.START: ClockMode.RUNNING,
            ClockEffect.PAUSE: ClockMode.PAUSED,
            ClockEffect.RESUME: ClockMode.RUNNING,
            ClockEffect.STOP: ClockMode.STOPPED,
        }

        for source in transition.sources:
            target = transition.target or source
            assert target.clock is expected.get(transition.clock, source.clock)
            if transition.clock is ClockEffect.START:
                assert source.clock is ClockMode.NOT_STARTED
            if transition.clock is ClockEffect.RESUME:
                assert source.clock is ClockMode.PAUSED

    def test_other_clocks_are_law_parameters(self):
        named = {key for line in TRANSITIONS for key in (*line.starts, *line.ends)} | set(CLOCKS_FROM_SUBMISSION)

        assert named <= {row.key for row in LAW_PARAMETERS}

    def test_every_clock_that_starts_also_ends(self):
        started = {key for line in TRANSITIONS for key in line.starts} | set(CLOCKS_FROM_SUBMISSION)

        assert started == {key for line in TRANSITIONS for key in line.ends}

    def test_states_carry_the_codes_of_the_exchange(self):
        assert {state.code for state in CaseState} == {"01", "02", "05", "06", "07", "10", "11", "12", "13"}
        assert {state.result_code for state in CaseState if state.is_final} == {"0", "1", "2", "3", "4"}
        assert all(all(state.words) for state in CaseState)

    def test_words_fit_the_columns_that_keep_them(self):
        assert max(len(state.value) for state in CaseState) <= 24
        assert max(len(state.value) for state in StepState) <= 10
        assert max(len(act.value) for act in CaseAct) <= 30

    @QUICK
    @given(st.lists(st.tuples(st.sampled_from(CaseAct), st.sampled_from(Actor), st.booleans()), max_size=12))
    def test_no_walk_runs_into_a_dead_end(self, moves):
        state, refusals = CaseState.SUBMITTED, []
        for act, by, time_is_up in moves:
            facts = CaseFacts(time_is_up=time_is_up, commitment_allowed=True, commitment_signed=True)
            try:
                state = attempt(state, act, by, facts).state
            except CannotAct as refusal:
                refusals.append(refusal)

        assert all(refusal.text("zh") != refusal.text("en") for refusal in refusals)
        assert state.is_final or any(reached.is_final for reached in reached_from(state))
