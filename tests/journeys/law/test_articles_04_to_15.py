"""Articles 4 to 15 of the Zhejiang regulation on the reform, as they bind this software.

Belongs to later issues: art. 4 consultation on the list and the catalogue of exceptions; art. 5 handing the receipt of
papers to other authorities by agreement (counter); art. 6 applying on paper (counter); art. 9 proving who one is by
face recognition; art. 10 seals of the province's own seal system; art. 11 the stamped paper form of notices (counter);
art. 12 office hours and appointments; art. 14 the record of credit after a revocation; art. 15 paper licences and
archives.
"""

from datetime import datetime, timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from tests.journeys.law import steps
from tests.journeys.law.steps import HOSPITAL, TONGLU, case_of, decide, taken, viewer
from yici.apps.cases import actions as cases
from yici.apps.cases import queries as case_queries
from yici.apps.cases.facts import facts_from_text
from yici.apps.cases.models import Case, Deadline
from yici.apps.catalogue.queries import catalogue_for
from yici.apps.licences import actions as licence_acts
from yici.apps.licences import queries as licences
from yici.apps.licences.keys import seal_folder, the_seal
from yici.apps.licences.signing import is_intact
from yici.apps.planning import actions as planning
from yici.apps.registry.models import CorrectionSignal
from yici.rules.cases import CannotAct, CaseState
from yici.rules.items import Necessity


class TestArticle04Guides:
    """The guide of every item names it, its materials, flow, basis and time, and what may come later."""

    def test_every_guide_says_what_the_law_wants(self) -> None:
        items = catalogue_for(TONGLU).items.values()
        assert len(items) >= 90
        for item in items:
            assert all((item.name.zh, item.bases, item.steps)), item.key
            assert all(basis.title and basis.article for basis in item.bases), item.key
            assert all(one.name.zh and one.ways for one in item.requirements), item.key
            assert min(item.promised.value, item.statutory.value) >= 0, item.key
            deferrable = {one.key for one in item.requirements if one.necessity is Necessity.DEFERRABLE}
            assert set(item.scope_of_deficiency) == deferrable, item.key


class TestArticle05UnifiedAcceptance:
    """One acceptance counts for all who can work at once; who comes later begins on notice of the one before."""

    def test_items_side_by_side_are_accepted_at_once(self, now: datetime) -> None:
        application = steps.apply(viewer("shenyu"), "newborn", now, answers=HOSPITAL)
        together = application.cases.exclude(state=CaseState.WAITING)
        assert together.count() > 1
        assert set(together.values_list("accepted_at", flat=True)) == {now}

    def test_the_next_department_begins_on_notice_of_the_previous(self, now: datetime) -> None:
        application = steps.apply(viewer("shenyu"), "newborn", now, answers=HOSPITAL)
        registration = case_of(application, "birth_registration")
        assert (registration.state, registration.received_at) == (CaseState.WAITING, None)
        later = now + timedelta(hours=3)
        decide(case_of(application, "birth_certificate"), later)
        registration.refresh_from_db()
        assert registration.received_at == later


class TestArticle06ElectronicEqualsPaper:
    """What came electronically counts; the paper is not asked for again."""

    def test_an_uploaded_paper_is_there_and_no_original_is_due(self, now: datetime) -> None:
        case = steps.apply_for_small_restaurant(viewer("shenyu"), now)
        plan = case.evidence.get(requirement="floor_plan")
        assert (plan.status, plan.attachment is not None) == ("present", True)

    def test_a_paper_outside_the_guide_cannot_be_asked_for(self, now: datetime) -> None:
        case = steps.apply_for_small_restaurant(viewer("shenyu"), now)
        key, by = taken(case, now)
        with pytest.raises(CannotAct, match="outside the guide"):
            cases.send_correction(step_id=key, asks=[cases.Ask("paper_copy", "原件")], by=by, now=now)


class TestArticle07OneSet:
    """One set of materials: nothing twice, nothing the registers hold, and the person's word against the register."""

    def test_an_equal_fact_is_asked_once_for_all_departments(self, now: datetime) -> None:
        by = viewer("shenyu")
        key = steps.draft(by, "newborn", now, answers=HOSPITAL)
        asked = [one.key for one in steps.form_of(by, key)]
        items = catalogue_for(TONGLU).items
        wanted = [one.key for row in steps.plan_of(by, key).items for one in items[row.item].fields]
        assert len(asked) == len(set(asked)) < len(wanted)

    def test_what_the_register_holds_is_fetched(self, now: datetime) -> None:
        application = steps.apply(viewer("shenyu"), "newborn", now, answers=HOSPITAL)
        fetched = case_of(application, "birth_certificate").evidence.get(requirement="delivery_record")
        assert (fetched.way, fetched.status, fetched.attachment) == ("data", "present", None)
        assert fetched.value_text

    def test_a_changed_known_fact_from_the_browser_is_not_believed(self, now: datetime) -> None:
        by = viewer("shenyu")
        key = steps.draft(by, "newborn", now, answers=HOSPITAL)
        steps.fill(by, key, now, sent={"applicant_name": "冒名者"})
        facts = facts_from_text(steps.submit(by, key, now).facts_text)
        assert facts["applicant_name"] == "沈雨"

    def test_a_disputed_fact_counts_as_the_person_says_and_its_owner_is_told(self, now: datetime) -> None:
        by = viewer("shenyu")
        key = steps.draft(by, "newborn", now, answers=HOSPITAL)
        steps.fill(by, key, now, disputes={"spouse_name": "林潇"})
        application = steps.submit(by, key, now)
        assert facts_from_text(application.facts_text)["spouse_name"] == "林潇"
        signal = CorrectionSignal.objects.get(case_reference=application.reference)
        assert (signal.claimed, signal.settled_at) == ("林潇", None)


class TestArticle08FetchedEvidence:
    """Fetched evidence is as good as paper: no original is asked for to check it."""

    def test_a_case_that_rests_on_registers_is_accepted_without_anybody(self, now: datetime) -> None:
        case = case_of(steps.apply(viewer("shenyu"), "newborn", now, answers=HOSPITAL), "birth_certificate")
        assert (case.state, case.accepted_at) == (CaseState.ACCEPTED, now)
        assert set(case.evidence.values_list("status", flat=True)) == {"present"}


class TestArticle09OtherProof:
    """A paper may be done without when other proof shows the fact, and that is recorded."""

    def test_waives_with_a_record_only(self, now: datetime) -> None:
        case = steps.apply_for_small_restaurant(viewer("shenyu"), now)
        key, by = taken(case, now)
        with pytest.raises(CannotAct, match="other proof"):
            cases.waive_paper(step_id=key, requirement="business_licence", reason=" ", by=by, now=now)
        cases.waive_paper(step_id=key, requirement="business_licence", reason="登记系统截屏", by=by, now=now)
        row = case.evidence.get(requirement="business_licence")
        assert (row.status, row.note, row.checked_by, row.checked_at) == ("waived", "登记系统截屏", by.label, now)
        (act,) = case.acts.filter(kind="paper_waived", by=by.label)
        assert "登记系统截屏" in act.reason


class TestArticle10Signature:
    """An electronic signature of who is known for certain counts as his own hand at the window."""

    def test_a_declaration_needs_no_visit(self, now: datetime) -> None:
        case = steps.apply_for_small_restaurant(viewer("shenyu"), now)
        promise = case.evidence.get(requirement="safety_promise")
        assert (promise.way, promise.status) == ("declaration", "present")
        assert case.application.submitted_by == viewer("shenyu").label


class TestArticle11Acceptance:
    """A receipt, or one complete notice; silence withdraws; refusal in writing on a ground of law."""

    def test_acceptance_is_written_down_with_its_moment(self, now: datetime) -> None:
        case = steps.apply_for_small_restaurant(viewer("shenyu"), now)
        key, by = taken(case, now)
        steps.show_originals(case, key, by, now)
        cases.accept(step_id=key, by=by, now=now)
        receipt = case.acts.get(kind="accept")
        assert (receipt.by, receipt.acted_at) == (by.label, now)

    def test_deficient_acceptance_tells_once_what_is_missing_and_until_when(self, now: datetime) -> None:
        case = steps.apply_for_small_restaurant(viewer("shenyu"), now, but=("health_certificates",))
        key, by = taken(case, now)
        steps.show_originals(case, key, by, now)
        with pytest.raises(CannotAct):
            cases.accept(step_id=key, by=by, now=now)
        cases.accept(step_id=key, by=by, now=now, deficient=True)
        case.refresh_from_db()
        notice = case.correction_notices.get()
        assert (case.state, case.deficient, notice.deficiency) == (CaseState.ACCEPTED, True, True)
        assert [line["requirement"] for line in notice.asked] == ["health_certificates"]
        assert notice.due_on > now.date()

    def test_a_main_paper_that_lacks_is_no_case_for_deficient_acceptance(self, now: datetime) -> None:
        case = steps.apply_for_small_restaurant(viewer("shenyu"), now, but=("health_certificates",))
        key, by = taken(case, now)
        with pytest.raises(CannotAct):
            cases.accept(step_id=key, by=by, now=now, deficient=True)

    def test_silence_after_the_notice_withdraws_on_the_day_and_not_before(self, now: datetime) -> None:
        case = corrected(now)
        due = Deadline.objects.get(case=case, parameter="correction_answer").due_at
        cases.sweep(now=due - timedelta(seconds=1))
        case.refresh_from_db()
        assert case.state == CaseState.CORRECTING
        cases.sweep(now=due)
        case.refresh_from_db()
        assert case.state == CaseState.DEEMED_WITHDRAWN

    def test_a_second_notice_is_refused(self, now: datetime) -> None:
        case = corrected(now)
        cases.answer_correction(case_id=case.public_id, reply="已重拍", papers={}, by=viewer("shenyu"), now=now)
        step = case.steps.get(state="taken")
        by = steps.desk_of(step)
        with pytest.raises(CannotAct):
            cases.send_correction(step_id=step.public_id, asks=[cases.Ask("floor_plan", "还是看不清")], by=by, now=now)

    @pytest.mark.parametrize(("ground", "reason"), [("", "不想受理"), ("busy", "人手不足"), ("out_of_scope", " ")])
    def test_refusal_without_legal_ground_or_reason_is_refused(self, now: datetime, ground: str, reason: str) -> None:
        case = steps.apply_for_small_restaurant(viewer("shenyu"), now)
        key, by = taken(case, now)
        with pytest.raises(CannotAct):
            cases.refuse_acceptance(
                step_id=key, ground=ground, reason=reason, basis="行政许可法 第三十二条", by=by, now=now
            )
        case.refresh_from_db()
        assert case.state == CaseState.RECEIVED

    def test_refusal_says_why(self, now: datetime) -> None:
        case = steps.apply_for_small_restaurant(viewer("shenyu"), now)
        key, by = taken(case, now)
        basis = "行政许可法 第三十二条"
        cases.refuse_acceptance(
            step_id=key, ground="out_of_scope", reason="不属本机关职权", basis=basis, by=by, now=now
        )
        case.refresh_from_db()
        assert case.state == CaseState.NOT_ACCEPTED
        assert case.acts.get(kind="refuse_to_accept").reason == "不属本机关职权"


def corrected(now: datetime) -> Case:
    """Return a case whose applicant was told once what to put right."""
    case = steps.apply_for_small_restaurant(viewer("shenyu"), now)
    key, by = taken(case, now)
    cases.send_correction(step_id=key, asks=[cases.Ask("floor_plan", "看不清")], by=by, now=now)
    case.refresh_from_db()
    return case


class TestArticle12Time:
    """The shorter promise binds; anybody may follow his case; a message moves no deadline."""

    def test_the_promise_binds_when_it_is_shorter(self, now: datetime) -> None:
        case = case_of(steps.apply(viewer("shenyu"), "newborn", now, answers=HOSPITAL), "birth_certificate")
        assert case.promised_due_on is not None
        assert case.statutory_due_on is not None
        assert case.promised_due_on < case.statutory_due_on
        assert case.due_on == case.promised_due_on

    def test_progress_shows_every_department_and_each_day(self, now: datetime) -> None:
        by = viewer("shenyu")
        application = steps.apply(by, "newborn", now, answers=HOSPITAL)
        seen = case_queries.application(by, application.public_id, now=now)
        assert len(seen.cases) == application.cases.count()
        case = case_of(application, "birth_certificate")
        assert case_queries.case_clock(by, case.public_id, now=now).days

    def test_a_message_moves_no_deadline(self, now: datetime) -> None:
        by = viewer("shenyu")
        application = steps.apply(by, "newborn", now, answers=HOSPITAL)
        before = deadlines(application.pk)
        later = now + timedelta(hours=5)
        cases.write_message(application_id=application.public_id, text="请问到哪一步了？", by=by, now=later)
        step = case_of(application, "birth_certificate").steps.get(state="ready")
        desk = steps.desk_of(step)
        cases.write_to_applicant(step_id=step.public_id, text="正在审核", by=desk, now=later)
        assert deadlines(application.pk) == before


def deadlines(application: int) -> list[tuple[object, ...]]:
    """Return every day and moment that binds the departments of an application."""
    days = Case.objects.filter(application=application).order_by("pk").values_list("state", "due_on")
    moments = Deadline.objects.filter(case__application=application).order_by("pk").values_list("due_at", "ended_at")
    return [*days, *moments]


class TestArticle13WrittenDecision:
    """A decision is in writing: who, when, and if it refuses, why and on what basis."""

    def test_the_decision_names_who_and_when(self, now: datetime) -> None:
        case = case_of(steps.apply(viewer("shenyu"), "newborn", now, answers=HOSPITAL), "birth_certificate")
        by = decide(case, now)
        case.refresh_from_db()
        assert (case.decided_by, case.decided_at, case.outcome) == (by.label, now, "granted")

    @pytest.mark.parametrize(("reason", "basis"), [("", "条例 第七条"), ("不符合条件", "")])
    def test_a_refusal_without_reason_or_basis_is_no_decision(self, now: datetime, reason: str, basis: str) -> None:
        case = case_of(steps.apply(viewer("shenyu"), "newborn", now, answers=HOSPITAL), "birth_certificate")
        key, by = taken(case, now)
        with pytest.raises(CannotAct):
            cases.decide(step_id=key, grant=False, reason=reason, basis=basis, by=by, now=now)
        case.refresh_from_db()
        assert case.decided_at is None


class TestArticle14Commitment:
    """Granted on the person's word, checked within 60 working days, put right once, else the licence is revoked."""

    def test_is_granted_checked_rectified_and_revoked(self, now: datetime) -> None:
        case = granted_on_commitment(now)
        assert (case.state, case.decided_at) == (CaseState.UNDER_CHECK, now)
        check = Deadline.objects.get(case=case, parameter="commitment_check")
        assert timedelta(days=80) < check.due_at - now < timedelta(days=100)
        step = case.steps.get(decides=True)
        by = steps.desk_of(step)
        issued = licences.licences_of_case(case.code)[0][0]
        for expected in (CaseState.RECTIFYING, CaseState.LICENCE_REVOKED):
            cases.close_check(
                step_id=step.public_id, passed=False, reason="无场所", basis="规定 第十四条", by=by, now=now
            )
            case.refresh_from_db()
            assert case.state == expected
        assert licences.licence(viewer("shenyu"), issued, today=now.date()).status == "revoked"

    def test_a_check_passed_leaves_the_licence_valid(self, now: datetime) -> None:
        case = granted_on_commitment(now)
        step = case.steps.get(decides=True)
        by = steps.desk_of(step)
        cases.close_check(step_id=step.public_id, passed=True, reason="", basis="", by=by, now=now)
        assert licences.identifiers_of_case(case.code)


def granted_on_commitment(now: datetime) -> Case:
    """Return a case granted on the word of the person instead of the lease."""
    by, item = viewer("shenyu"), "publication_retail_licence"
    key = steps.draft(by, item, now, answers={"premises_kind": "rented"})
    planning.choose_way(by=by, browser="", public_id=key, proves="right_to_use_premises", kind="commitment", now=now)
    steps.fill(by, key, now)
    case = case_of(steps.submit(by, key, now), item)
    assert case.committed
    decide(case, now)
    case.refresh_from_db()
    return case


class TestArticle15ElectronicLicence:
    """The electronic licence equals the paper: sealed whole, and honest about being revoked."""

    def test_the_sealed_pdf_is_intact_and_one_changed_byte_is_not(self, now: datetime) -> None:
        document = newborn_licence(now)[1]
        seal = the_seal(seal_folder(settings.DATA_DIR))
        assert is_intact(document, seal)
        place = len(document) // 2
        changed = document[:place] + bytes([document[place] ^ 1]) + document[place + 1 :]
        assert not is_intact(changed, seal)

    def test_a_revoked_licence_says_so(self, now: datetime) -> None:
        identifier, document = newborn_licence(now)
        intact, before = licences.verify_file(document, today=now.date())
        assert intact
        assert before is not None
        assert before.status == "valid"
        licence_acts.revoke(identifier=identifier, reason="提供虚假材料", by="test", now=timezone.now())
        after = licences.verify(identifier, today=now.date())
        assert after is not None
        assert after.status == "revoked"


def newborn_licence(now: datetime) -> tuple[str, bytes]:
    """Return identifier and PDF of the licence that ends the first case of a birth."""
    by = viewer("shenyu")
    case = case_of(steps.apply(by, "newborn", now, answers=HOSPITAL), "birth_certificate")
    decide(case, now)
    public_id = licences.licences_of_case(case.code)[0][0]
    return licences.licence(by, public_id, today=now.date()).identifier, licences.pdf(by, public_id)
