"""Cases from review to their end: pauses and time, the decision, commitments, delivery."""

import pytest

from tests.rules.case_examples import attempt
from yici.rules.cases import Actor, CannotAct, CaseAct, CaseFacts, CaseState, ClockEffect


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
