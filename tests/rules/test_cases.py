"""Cases: what may be done when, what it leads to, and what the law forbids, until a case is accepted or refused."""

import pytest

from tests.rules.case_examples import LEASE, PHOTO, attempt
from yici.rules.cases import Actor, CannotAct, CaseAct, CaseFacts, CaseState, ClockEffect, Ground, possible_acts


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
