"""Cases: what may be done when, what it leads to, and what the law forbids; then steps and whole applications."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yici.rules.applications import (
    ApplicationState,
    accepted_together,
    application_state,
    noticed_by,
    starting_states,
)
from yici.rules.case_transitions import CLOCKS_FROM_SUBMISSION, TABLE, TRANSITIONS
from yici.rules.cases import (
    Actor,
    CannotAct,
    CaseAct,
    CaseFacts,
    CaseState,
    ClockEffect,
    ClockMode,
    Decision,
    Ground,
    Missing,
    Move,
    decide,
    possible_acts,
)
from yici.rules.law_parameters import LAW_PARAMETERS
from yici.rules.steps import CannotMoveStep, StepState, move_step, ready_steps
from yici.rules.words import Words

QUICK = settings(max_examples=40)

PHOTO = Missing(Words("照片", "Photograph"), deferrable=True)
LEASE = Missing(Words("租赁合同", "Lease"), deferrable=False)
FIRST_STATES = {CaseState.WAITING, CaseState.SUBMITTED}
OPEN_STATES = [state for state in CaseState if not state.is_final]


def attempt(
    state: CaseState, act: CaseAct, by: Actor = Actor.REVIEWER, facts: CaseFacts | None = None, **more
) -> Decision:
    move = Move(act=act, by=by, **({"reason": "because", "legal_basis": "art. 1"} | more))
    return decide(state, move, facts or CaseFacts())


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


class TestWhoAndWhy:
    def test_a_citizen_does_not_accept(self):
        with pytest.raises(CannotAct, match="not yours to do"):
            attempt(CaseState.RECEIVED, CaseAct.ACCEPT, Actor.APPLICANT)

    def test_staff_do_not_deem(self):
        with pytest.raises(CannotAct, match="not yours to do"):
            attempt(CaseState.CORRECTING, CaseAct.DEEM_WITHDRAWN, facts=CaseFacts(time_is_up=True))

    def test_says_what_is_possible_instead(self):
        with pytest.raises(CannotAct, match="Possible now: Send the one correction notice") as refusal:
            attempt(CaseState.RECEIVED, CaseAct.GRANT, Actor.REVIEWER)

        assert "现在可以：一次性告知补正" in refusal.value.text("zh")

    def test_tells_somebody_who_can_do_nothing_to_wait(self):
        with pytest.raises(CannotAct, match="Possible now: wait"):
            attempt(CaseState.GRANTED, CaseAct.WITHDRAW, Actor.APPLICANT)

    @pytest.mark.parametrize(
        ("state", "act"),
        [
            (CaseState.IN_REVIEW, CaseAct.REFUSE),
            (CaseState.RECEIVED, CaseAct.REFUSE_TO_ACCEPT),
            (CaseState.IN_REVIEW, CaseAct.SUSPEND),
            (CaseState.IN_REVIEW, CaseAct.START_SPECIAL_PROCEDURE),
            (CaseState.SUBMITTED, CaseAct.RETURN),
            (CaseState.RECTIFYING, CaseAct.REVOKE_LICENCE),
        ],
    )
    def test_licence_law_38_what_hurts_the_applicant_needs_reason_and_basis(self, state, act):
        for empty in ({"reason": " "}, {"legal_basis": ""}):
            with pytest.raises(CannotAct, match="needs"):
                attempt(state, act, **empty)

    def test_lists_what_the_applicant_may_do_while_a_correction_is_open(self):
        assert set(possible_acts(CaseState.CORRECTING, Actor.APPLICANT)) == {
            CaseAct.ANSWER_CORRECTION,
            CaseAct.WITHDRAW,
        }


class TestCorrection:
    MISSING = CaseFacts(missing=(LEASE,))

    def test_one_complete_notice_is_sent(self):
        decision = attempt(CaseState.RECEIVED, CaseAct.CORRECT, facts=self.MISSING)

        assert (decision.state, decision.starts) == (CaseState.CORRECTING, ("correction_answer",))
        assert "correction_notice" in decision.ends

    def test_licence_law_32_a_second_notice_is_refused(self):
        facts = CaseFacts(missing=(LEASE,), corrections_sent=1, correction_answered=True)

        with pytest.raises(CannotAct, match="once and completely"):
            attempt(CaseState.RECEIVED, CaseAct.CORRECT, facts=facts)

    def test_licence_law_32_a_late_notice_is_refused_because_the_case_is_accepted(self):
        with pytest.raises(CannotAct, match="counts as accepted"):
            attempt(CaseState.RECEIVED, CaseAct.CORRECT, facts=CaseFacts(missing=(LEASE,), time_is_up=True))

    def test_nothing_is_asked_for_when_nothing_is_missing(self):
        with pytest.raises(CannotAct, match="Nothing is missing"):
            attempt(CaseState.RECEIVED, CaseAct.CORRECT)

    @pytest.mark.parametrize("state", [CaseState.ACCEPTED, CaseState.IN_REVIEW, CaseState.SUSPENDED])
    def test_an_accepted_case_is_complete_and_not_corrected_any_more(self, state):
        with pytest.raises(CannotAct):
            attempt(state, CaseAct.CORRECT, facts=self.MISSING)

    def test_the_answer_brings_the_case_back(self):
        decision = attempt(CaseState.CORRECTING, CaseAct.ANSWER_CORRECTION, Actor.APPLICANT)

        assert (decision.state, decision.ends) == (CaseState.RECEIVED, ("correction_answer",))

    def test_regulation_11_a_late_answer_is_refused_and_the_case_deemed_withdrawn(self):
        late = CaseFacts(time_is_up=True)

        with pytest.raises(CannotAct, match="counts as withdrawn"):
            attempt(CaseState.CORRECTING, CaseAct.ANSWER_CORRECTION, Actor.APPLICANT, late)
        deemed = attempt(CaseState.CORRECTING, CaseAct.DEEM_WITHDRAWN, Actor.CLOCK, late)
        assert deemed.state is CaseState.DEEMED_WITHDRAWN

    def test_the_clock_does_not_act_before_its_time(self):
        with pytest.raises(CannotAct, match="not up yet"):
            attempt(CaseState.CORRECTING, CaseAct.DEEM_WITHDRAWN, Actor.CLOCK)


class TestAcceptance:
    def test_a_complete_case_is_accepted_and_its_clock_starts(self):
        decision = attempt(CaseState.RECEIVED, CaseAct.ACCEPT, Actor.CLERK)

        assert (decision.state, decision.clock, decision.from_receipt) == (CaseState.ACCEPTED, ClockEffect.START, False)

    def test_an_incomplete_case_is_not_accepted(self):
        with pytest.raises(CannotAct, match="Still missing: Lease, Photograph"):
            attempt(CaseState.RECEIVED, CaseAct.ACCEPT, facts=CaseFacts(missing=(LEASE, PHOTO)))

    def test_licence_law_32_silence_accepts_from_the_day_of_receipt(self):
        facts = CaseFacts(missing=(LEASE,), time_is_up=True)

        for act, by in ((CaseAct.DEEM_ACCEPTED, Actor.CLOCK), (CaseAct.ACCEPT, Actor.CLERK)):
            decision = attempt(CaseState.SUBMITTED, act, by, facts)
            assert (decision.state, decision.from_receipt) == (CaseState.ACCEPTED, True)

    def test_regulation_11_only_deferrable_materials_missing_is_accepted_deficient(self):
        decision = attempt(CaseState.RECEIVED, CaseAct.ACCEPT_DEFICIENT, facts=CaseFacts(missing=(PHOTO,)))

        assert (decision.state, decision.starts) == (CaseState.ACCEPTED, ("deficiency_cure",))

    def test_regulation_11_a_main_material_missing_is_not_accepted_deficient(self):
        with pytest.raises(CannotAct, match="Main materials are missing") as refusal:
            attempt(CaseState.RECEIVED, CaseAct.ACCEPT_DEFICIENT, facts=CaseFacts(missing=(PHOTO, LEASE)))

        assert "Lease" in refusal.value.text("en")
        assert "Photograph" not in refusal.value.text("en")

    def test_a_complete_case_is_not_accepted_deficient(self):
        with pytest.raises(CannotAct, match="Accept the case"):
            attempt(CaseState.RECEIVED, CaseAct.ACCEPT_DEFICIENT)

    def test_regulation_11_a_failed_cure_revokes_the_acceptance(self):
        facts = CaseFacts(deficient=True, cure_failed=True)

        assert (
            attempt(CaseState.IN_REVIEW, CaseAct.REVOKE_ACCEPTANCE, facts=facts).state is CaseState.ACCEPTANCE_REVOKED
        )

    @pytest.mark.parametrize(
        ("facts", "sentence"),
        [(CaseFacts(), "the acceptance stands"), (CaseFacts(deficient=True), "neither late nor found unfit")],
        ids=["ordinary acceptance", "still time"],
    )
    def test_an_acceptance_is_not_revoked_otherwise(self, facts, sentence):
        with pytest.raises(CannotAct, match=sentence):
            attempt(CaseState.IN_REVIEW, CaseAct.REVOKE_ACCEPTANCE, facts=facts)

    def test_supplying_the_deferred_materials_leaves_the_case_where_it_is(self):
        decision = attempt(CaseState.IN_REVIEW, CaseAct.CURE_DEFICIENCY, Actor.APPLICANT, CaseFacts(deficient=True))

        assert (decision.state, decision.ends) == (CaseState.IN_REVIEW, ("deficiency_cure",))


class TestRefusalToAccept:
    def test_needs_a_legal_ground(self):
        with pytest.raises(CannotAct, match="Choose the legal ground"):
            attempt(CaseState.RECEIVED, CaseAct.REFUSE_TO_ACCEPT)

    def test_regulation_11_materials_are_no_ground_before_a_correction_was_answered(self):
        with pytest.raises(CannotAct, match="Send the one correction notice first"):
            attempt(CaseState.RECEIVED, CaseAct.REFUSE_TO_ACCEPT, ground=Ground.CORRECTION_FAILED)

    def test_regulation_11_a_failed_correction_is_refused_in_writing(self):
        facts = CaseFacts(corrections_sent=1, correction_answered=True, missing=(LEASE,))

        decision = attempt(CaseState.RECEIVED, CaseAct.REFUSE_TO_ACCEPT, facts=facts, ground=Ground.CORRECTION_FAILED)

        assert decision.state is CaseState.NOT_ACCEPTED

    def test_licence_law_32_silence_forfeits_the_objection_to_the_materials(self):
        facts = CaseFacts(corrections_sent=1, correction_answered=True, time_is_up=True)

        with pytest.raises(CannotAct, match="counts as accepted"):
            attempt(CaseState.RECEIVED, CaseAct.REFUSE_TO_ACCEPT, facts=facts, ground=Ground.CORRECTION_FAILED)

    @pytest.mark.parametrize("ground", [Ground.OUT_OF_SCOPE, Ground.NO_LICENCE_NEEDED, Ground.FALSE_MATERIALS])
    def test_licence_law_32_and_78_other_grounds_hold_at_once(self, ground):
        assert attempt(CaseState.SUBMITTED, CaseAct.REFUSE_TO_ACCEPT, ground=ground).state is CaseState.NOT_ACCEPTED


class TestReview:
    def test_licence_law_45_a_special_procedure_pauses_and_its_end_resumes(self):
        started = attempt(CaseState.IN_REVIEW, CaseAct.START_SPECIAL_PROCEDURE)
        ended = attempt(started.state, CaseAct.END_SPECIAL_PROCEDURE, facts=CaseFacts(open_pauses=1))

        assert (started.state, started.clock) == (CaseState.SUSPENDED, ClockEffect.PAUSE)
        assert (ended.state, ended.clock) == (CaseState.IN_REVIEW, ClockEffect.RESUME)

    def test_stays_suspended_until_the_last_procedure_has_ended(self):
        decision = attempt(CaseState.SUSPENDED, CaseAct.RESUME, facts=CaseFacts(open_pauses=2))

        assert decision.state is CaseState.SUSPENDED

    def test_licence_law_42_extends_once_with_approval(self):
        decision = attempt(CaseState.IN_REVIEW, CaseAct.EXTEND, approved_by="head of the bureau")

        assert (decision.state, decision.clock) == (CaseState.IN_REVIEW, ClockEffect.NONE)

    @pytest.mark.parametrize(
        ("facts", "approved_by", "sentence"),
        [
            (CaseFacts(extensions=1), "head", "extended once"),
            (CaseFacts(), " ", "approval of the head"),
            (CaseFacts(time_is_up=True), "head", "already up"),
        ],
        ids=["second time", "nobody approved", "too late"],
    )
    def test_licence_law_42_refuses_other_extensions(self, facts, approved_by, sentence):
        with pytest.raises(CannotAct, match=sentence):
            attempt(CaseState.IN_REVIEW, CaseAct.EXTEND, facts=facts, approved_by=approved_by)

    def test_a_transfer_moves_neither_state_nor_clock(self):
        decision = attempt(CaseState.IN_REVIEW, CaseAct.TRANSFER)

        assert (decision.state, decision.clock, decision.starts) == (CaseState.IN_REVIEW, ClockEffect.NONE, ())


class TestDecision:
    def test_licence_law_34_a_case_may_be_granted_on_the_spot(self):
        decision = attempt(CaseState.ACCEPTED, CaseAct.GRANT)

        assert (decision.state, decision.clock, decision.starts) == (
            CaseState.GRANTED,
            ClockEffect.STOP,
            ("delivery",),
        )

    @pytest.mark.parametrize(
        ("facts", "sentence"),
        [(CaseFacts(deficient=True), "Deferred materials"), (CaseFacts(open_steps=2), "2 step")],
        ids=["deficient", "open steps"],
    )
    def test_is_not_granted_too_early(self, facts, sentence):
        with pytest.raises(CannotAct, match=sentence):
            attempt(CaseState.IN_REVIEW, CaseAct.GRANT, facts=facts)

    def test_is_not_granted_while_suspended(self):
        with pytest.raises(CannotAct, match="Suspended"):
            attempt(CaseState.SUSPENDED, CaseAct.GRANT)

    @pytest.mark.parametrize("state", [state for state in CaseState if not state.is_decided and not state.is_final])
    def test_the_applicant_may_withdraw_any_time_before_the_decision(self, state):
        assert attempt(state, CaseAct.WITHDRAW, Actor.APPLICANT).state is CaseState.WITHDRAWN

    @pytest.mark.parametrize("state", [state for state in CaseState if state.is_decided])
    def test_nobody_withdraws_after_the_decision(self, state):
        with pytest.raises(CannotAct):
            attempt(state, CaseAct.WITHDRAW, Actor.APPLICANT)

    @pytest.mark.parametrize(
        "state", [CaseState.RECEIVED, CaseState.ACCEPTED, CaseState.IN_REVIEW, CaseState.SUSPENDED]
    )
    def test_licence_law_50_an_undecided_renewal_is_granted_by_silence(self, state):
        decision = attempt(state, CaseAct.DEEM_RENEWED, Actor.CLOCK, CaseFacts(renewal_overdue=True))

        assert decision.state is CaseState.GRANTED

    def test_licence_law_50_nothing_else_is_deemed_renewed(self):
        with pytest.raises(CannotAct, match="no renewal applied for in time"):
            attempt(CaseState.IN_REVIEW, CaseAct.DEEM_RENEWED, Actor.CLOCK)


class TestCommitment:
    SIGNED = CaseFacts(commitment_allowed=True, commitment_signed=True)

    def test_regulation_14_grants_first_and_checks_later(self):
        decision = attempt(CaseState.RECEIVED, CaseAct.GRANT_ON_COMMITMENT, facts=self.SIGNED)

        assert (decision.state, decision.clock) == (CaseState.UNDER_CHECK, ClockEffect.STOP)
        assert "commitment_check" in decision.starts

    @pytest.mark.parametrize(
        ("facts", "sentence"),
        [
            (CaseFacts(commitment_signed=True), "not on the list"),
            (CaseFacts(commitment_allowed=True), "not signed"),
            (
                CaseFacts(commitment_allowed=True, commitment_signed=True, commitment_barred=True),
                "broke an earlier commitment",
            ),
        ],
        ids=["not on the list", "not signed", "barred"],
    )
    def test_regulation_14_refuses_commitments_that_do_not_hold(self, facts, sentence):
        with pytest.raises(CannotAct, match=sentence):
            attempt(CaseState.RECEIVED, CaseAct.GRANT_ON_COMMITMENT, facts=facts)

    def test_regulation_14_fail_rectify_revoke(self):
        rectifying = attempt(CaseState.UNDER_CHECK, CaseAct.ORDER_RECTIFICATION)
        revoked = attempt(rectifying.state, CaseAct.REVOKE_LICENCE)

        assert (rectifying.state, rectifying.starts) == (CaseState.RECTIFYING, ("rectification",))
        assert revoked.state is CaseState.LICENCE_REVOKED

    def test_regulation_14_no_revocation_without_a_chance_to_rectify(self):
        with pytest.raises(CannotAct):
            attempt(CaseState.UNDER_CHECK, CaseAct.REVOKE_LICENCE)

    def test_the_licence_is_issued_and_delivered_while_the_check_is_open(self):
        for act in (CaseAct.ISSUE, CaseAct.DELIVER):
            assert attempt(CaseState.UNDER_CHECK, act).state is CaseState.UNDER_CHECK

    @pytest.mark.parametrize(
        ("facts", "state"),
        [
            (CaseFacts(issued=True, delivered=True), CaseState.DELIVERED),
            (CaseFacts(issued=True), CaseState.ISSUED),
            (CaseFacts(), CaseState.GRANTED),
        ],
        ids=["delivered", "issued", "neither"],
    )
    def test_a_passed_check_puts_the_case_where_delivery_stands(self, facts, state):
        assert attempt(CaseState.RECTIFYING, CaseAct.PASS_CHECK, facts=facts).state is state


class TestEnd:
    def test_issue_deliver_close(self):
        state = CaseState.GRANTED
        for act, facts in (
            (CaseAct.ISSUE, CaseFacts()),
            (CaseAct.DELIVER, CaseFacts(issued=True)),
            (CaseAct.CLOSE, CaseFacts(issued=True, delivered=True)),
        ):
            state = attempt(state, act, facts=facts).state

        assert (state, state.result_code) == (CaseState.COMPLETED, "0")

    def test_a_result_without_licence_is_delivered_directly(self):
        nothing = CaseFacts(nothing_to_issue=True)

        assert attempt(CaseState.GRANTED, CaseAct.DELIVER, facts=nothing).state is CaseState.DELIVERED
        with pytest.raises(CannotAct, match="no licence left"):
            attempt(CaseState.GRANTED, CaseAct.ISSUE, facts=nothing)

    def test_licence_law_44_a_case_is_not_closed_before_delivery(self):
        with pytest.raises(CannotAct, match="does not have the result yet"):
            attempt(CaseState.REFUSED, CaseAct.CLOSE)

    def test_a_refusal_is_delivered_once_and_closed(self):
        assert attempt(CaseState.REFUSED, CaseAct.DELIVER).state is CaseState.REFUSED
        with pytest.raises(CannotAct, match="delivered already"):
            attempt(CaseState.REFUSED, CaseAct.DELIVER, facts=CaseFacts(delivered=True))
        closed = attempt(CaseState.REFUSED, CaseAct.CLOSE, facts=CaseFacts(delivered=True))
        assert closed.state is CaseState.CLOSED_REFUSED


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
