"""Whole applications: items that wait for each other, one acceptance for all, and how cases add up."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.rules.case_examples import attempt
from yici.rules.applications import ApplicationState, accepted_together, application_state, noticed_by, starting_states
from yici.rules.cases import Actor, CaseAct, CaseState

QUICK = settings(max_examples=40)


class TestApplication:
    AFTER = {"birth": [], "household": ["birth"], "insurance": ["household"], "vaccination": []}

    def test_regulation_5_sequential_items_wait_and_parallel_ones_start_together(self):
        states = starting_states(self.AFTER)

        assert [item for item, state in states.items() if state is CaseState.SUBMITTED] == ["birth", "vaccination"]

    def test_regulation_5_one_acceptance_counts_for_all_parallel_authorities(self):
        assert accepted_together(starting_states(self.AFTER)) == {"birth", "vaccination"}

    def test_an_open_correction_stays_out_of_the_common_acceptance(self):
        states = {"birth": CaseState.CORRECTING, "vaccination": CaseState.RECEIVED}

        assert accepted_together(states) == {"vaccination"}

    def test_regulation_5_the_next_authority_starts_on_the_notice_of_the_previous(self):
        states = starting_states(self.AFTER)
        assert noticed_by(self.AFTER, states) == frozenset()

        assert noticed_by(self.AFTER, states | {"birth": CaseState.GRANTED}) == {"household"}
        for act, landing in (
            (CaseAct.RECEIVE_ON_NOTICE, CaseState.RECEIVED),
            (CaseAct.ACCEPT_ON_NOTICE, CaseState.ACCEPTED),
        ):
            assert attempt(CaseState.WAITING, act, Actor.CLOCK).state is landing

    def test_a_refused_item_sends_no_notice(self):
        states = {"birth": CaseState.CLOSED_REFUSED, "household": CaseState.WAITING}

        assert noticed_by({"birth": [], "household": ["birth"]}, states) == frozenset()

    @pytest.mark.parametrize(
        ("states", "whole"),
        [
            ([CaseState.SUBMITTED, CaseState.WAITING], ApplicationState.SUBMITTED),
            ([CaseState.ACCEPTED, CaseState.WAITING], ApplicationState.UNDER_WAY),
            ([CaseState.COMPLETED, CaseState.CORRECTING], ApplicationState.NEEDS_YOU),
            ([CaseState.DELIVERED, CaseState.IN_REVIEW], ApplicationState.PARTLY_DONE),
            ([CaseState.COMPLETED, CaseState.WITHDRAWN], ApplicationState.DONE),
            ([CaseState.UNDER_CHECK], ApplicationState.DONE),
            ([CaseState.WITHDRAWN, CaseState.CLOSED_REFUSED], ApplicationState.ENDED),
            ([CaseState.GRANTED], ApplicationState.UNDER_WAY),
            ([CaseState.REFUSED], ApplicationState.UNDER_WAY),
        ],
        ids=lambda value: value.value if isinstance(value, ApplicationState) else None,
    )
    def test_adds_its_cases_up(self, states, whole):
        assert application_state(states) is whole
        assert all(whole.words)

    @QUICK
    @given(st.lists(st.sampled_from(CaseState), min_size=1, max_size=6))
    def test_the_order_of_the_cases_does_not_matter(self, states):
        assert application_state(states) is application_state(reversed(states))
