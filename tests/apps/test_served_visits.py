"""Served visits: identification, one at a time, papers once, acceptance by delegation, visits counted, values back."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from tests.apps import window_steps as steps
from tests.journeys.law.conftest import in_the_province, now, province
from tests.journeys.law.steps import decide
from yici.apps.cases.models import Application, Evidence
from yici.apps.halls import handing_out, intake, papers, visit_counts, visits, writing_back
from yici.apps.halls import personal_codes as codes
from yici.apps.halls.identifying import Shown
from yici.apps.halls.models import Delegation, Handout, Receipt, ServedVisit
from yici.apps.halls.receipts import receipt_file
from yici.apps.halls.serving_queries import demand_counts
from yici.apps.journal.models import Entry
from yici.apps.licences.keys import seal_folder, the_seal
from yici.apps.licences.signing import is_intact
from yici.apps.people.models import Account, Party
from yici.apps.places.queries import organisation_for
from yici.apps.planning import queries as plans
from yici.apps.registry.models import WriteBack
from yici.rules.codes import make_resident_id
from yici.rules.identification import CannotIdentify, IdentificationWay
from yici.rules.refusals import Refusal
from yici.rules.visit_promises import Standing

__all__ = ["in_the_province", "now", "province"]
NEED, PERSON = "water_transfer", "shendamin"


def taken_in(now: datetime, *, need: str = NEED, results: str = "") -> Application:
    by = steps.clerk()
    draft, plan = steps.plan_together(need, by, now)
    steps.scan_everything(draft, plan, by, now)
    return Application.objects.get(public_id=steps.take_in(draft, plan, by, now, results=results).application_id)


class TestIdentify:
    def test_by_card_names_clerk_and_person_in_the_journal(self, now: datetime) -> None:
        by = steps.clerk()
        steps.serve(PERSON, by, now)
        draft, _plan = steps.plan_together(NEED, by, now)

        party = ServedVisit.objects.get().party
        line = Entry.objects.get(kind="draft.started", subject=str(draft))
        assert (by.label in line.by, party.public_id.hex in line.by) == (True, True)
        assert party.name not in line.facts_text

    def test_serves_somebody_nobody_knew_from_the_card(self, now: datetime) -> None:
        number = make_resident_id("330122", date(1980, 4, 4), 7).text
        visits.begin(shown=Shown(read=f"{number} 章示例"), by=steps.clerk(), now=now)

        party = ServedVisit.objects.get().party
        assert (party.name, party.verified) == ("章示例", True)
        assert not Account.objects.filter(party=party).exists()

    def test_the_name_on_the_card_must_fit(self, now: datetime) -> None:
        with pytest.raises(Refusal, match="another name"):
            visits.begin(shown=Shown(name="别人", number=steps.card_of(PERSON)), by=steps.clerk(), now=now)

    def test_by_two_documents_and_records_which(self, now: datetime) -> None:
        shown = {"name": "申大民", "number": steps.card_of(PERSON)}
        with pytest.raises(CannotIdentify, match="two other documents"):
            visits.begin(shown=Shown(**shown, documents=("passport",)), by=steps.clerk(), now=now)
        visits.begin(shown=Shown(**shown, documents=("passport", "driving_licence")), by=steps.clerk(), now=now)

        visit = ServedVisit.objects.get()
        assert (visit.way, visit.documents_seen) == (IdentificationWay.DOCUMENTS, ["driving_licence", "passport"])

    @pytest.mark.parametrize("late", [timedelta(minutes=2), timedelta(days=1)])
    def test_a_code_is_good_for_two_minutes(self, now: datetime, late: timedelta) -> None:
        code = codes.show_code(by=steps.viewer(PERSON), now=now)

        with pytest.raises(CannotIdentify):
            visits.begin(shown=Shown(read=code.text), by=steps.clerk(), now=now + late)
        visits.begin(shown=Shown(read=code.text), by=steps.clerk(), now=now + timedelta(seconds=119))

    def test_a_code_works_once_and_not_after_a_newer_one(self, now: datetime) -> None:
        old = codes.show_code(by=steps.viewer(PERSON), now=now)
        new = codes.show_code(by=steps.viewer(PERSON), now=now)

        for text in (old.text, new.text[:-1] + ("A" if new.text[-1] != "A" else "B")):
            with pytest.raises(CannotIdentify):
                codes.party_of_code(text, now=now)
        assert codes.party_of_code(new.text, now=now).name == "申大民"
        with pytest.raises(CannotIdentify):
            codes.party_of_code(new.text, now=now)

    def test_guessing_numbers_ends(self, now: datetime) -> None:
        by = steps.clerk()
        for _ in range(5):
            with pytest.raises(CannotIdentify, match="not valid"):
                visits.begin(shown=Shown(name="申大民", code="000000"), by=by, now=now)
        code = codes.show_code(by=steps.viewer(PERSON), now=now)
        with pytest.raises(CannotIdentify, match="Too many"):
            visits.begin(shown=Shown(name="申大民", code=code.number), by=by, now=now)


class TestOneAtATime:
    def test_the_second_is_refused_by_the_action_and_by_the_table(self, now: datetime) -> None:
        steps.serve(PERSON, steps.clerk(), now)
        row = ServedVisit.objects.get()

        with pytest.raises(visits.CannotServe):
            steps.serve("yulihua", steps.clerk(), now)
        row.pk, row.public_id = None, Party.objects.get(pk=row.party_id).public_id
        with pytest.raises(IntegrityError), transaction.atomic():
            row.save()

    def test_acts_for_nobody_without_an_open_visit(self, now: datetime) -> None:
        by = steps.clerk()
        steps.serve(PERSON, by, now)
        visits.end(by=by, now=now)

        with pytest.raises(visits.NoSuchVisit):
            visits.serving(by, now=now)
        for other in (steps.clerk(steps.WUXING_CLERK), steps.viewer(PERSON)):
            with pytest.raises(visits.NoSuchVisit):
                visits.serving(other, now=now)

    def test_a_mandate_that_covers_something_else_is_no_mandate(self, now: datetime) -> None:
        by = steps.clerk(steps.WUXING_CLERK)
        steps.serve("luyao", by, now)
        company = next(one for one in visits.authorities(by, now=now) if "restaurant" in one.scopes)
        visits.represent(acting_for=company.public_id, by=by, now=now)

        assert visits.serving(by, now=now).subject_id == company.party_id
        with pytest.raises(visits.CannotServe, match="does not cover"):
            intake.start(event_key="company_change", by=by, now=now)


class TestIntake:
    def test_takes_papers_once_accepts_and_makes_one_receipt(self, now: datetime, settings: Any) -> None:
        steps.serve(PERSON, steps.clerk(), now)
        application = taken_in(now)

        case = application.cases.get()
        row = Evidence.objects.get(case=case, proves="title_of_buyer")
        assert (case.accepted_at, row.status) == (now, "present")
        assert row.attachment is not None
        receipt = Receipt.objects.get(application=application)
        assert receipt.content["items"][0]["code"] == case.code
        assert receipt.content["papers"][0]["kept"] is False
        document = receipt_file(steps.viewer(PERSON), receipt.public_id)
        assert is_intact(document, the_seal(seal_folder(settings.DATA_DIR)))

    def test_what_an_organisation_keeps_for_itself_waits_for_it(self, now: datetime) -> None:
        steps.serve(PERSON, steps.clerk(), now)
        by = steps.clerk()
        draft, plan = steps.plan_together(NEED, by, now)
        steps.scan_everything(draft, plan, by, now)
        body = organisation_for("water_utility", "330122000000")
        Delegation.objects.create(organisation=body, entrusted=False, basis="示例", valid_from=now.date())

        taken = steps.take_in(draft, plan, by, now)

        assert taken.accepted == ()
        assert Application.objects.get().cases.get().accepted_at is None

    def test_a_paper_that_does_not_fit_stays_due_and_says_why(self, now: datetime) -> None:
        by = steps.clerk()
        steps.serve(PERSON, by, now)
        draft, plan = steps.plan_together(NEED, by, now)
        with pytest.raises(Refusal, match="Not looked at yet"):
            steps.take_in(draft, plan, by, now)
        with pytest.raises(Refusal, match="does not fit"):
            papers.check_for_draft(draft_id=draft, proves="title_of_buyer", look=papers.Look("unfit"), by=by, now=now)
        look = papers.Look("unfit", reason="姓名与身份证不一致")
        papers.check_for_draft(draft_id=draft, proves="title_of_buyer", look=look, by=by, now=now)

        taken = steps.take_in(draft, plan, by, now)

        assert taken.accepted == ()
        assert Evidence.objects.get(proves="title_of_buyer").status == "due"
        assert Receipt.objects.get().content["papers"][0]["reason"] == "姓名与身份证不一致"

    def test_sent_twice_is_taken_once(self, now: datetime) -> None:
        by = steps.clerk()
        steps.serve(PERSON, by, now)
        draft, plan = steps.plan_together(NEED, by, now)
        steps.scan_everything(draft, plan, by, now)

        assert steps.take_in(draft, plan, by, now).receipt_id == Receipt.objects.get().public_id

    def test_what_was_asked_beyond_the_plan_counts_against_the_item(self, now: datetime) -> None:
        by = steps.clerk()
        steps.serve(PERSON, by, now)
        draft, plan = steps.plan_together(NEED, by, now)
        asked = {"item_key": NEED, "what": "公证书", "why": "部门要求", "asked_by": "department"}
        intake.ask_beyond_plan(draft_id=draft, **asked, by=by, now=now)
        steps.scan_everything(draft, plan, by, now)
        steps.take_in(draft, plan, by, now)

        assert Receipt.objects.get().content["demands"] == [
            {"what": "公证书", "why": "部门要求", "asked_by": "department"}
        ]
        (count,) = demand_counts(region_code="330122")
        assert (count.item_key, count.by_department, count.by_clerk) == (NEED, 1, 0)
        assert demand_counts(region_code="330502") == []


class TestAfterTheDecision:
    def test_visits_writing_back_and_asking_never_again(self, now: datetime) -> None:
        by = steps.clerk()
        steps.serve(PERSON, by, now)
        application = taken_in(now, need="birth_certificate")
        assert writing_back.to_write_back(by) == []
        visits.end(by=by, now=now)
        decide(application.cases.get(), now + timedelta(hours=1))
        promise = visit_counts.promise_of(application.public_id)
        assert (promise.promised, promise.actual) == (1, 1)

        assert application.cases.get().closed_at is not None
        (line,) = writing_back.to_write_back(by)
        assert writing_back.to_write_back(steps.clerk(steps.WUXING_CLERK)) == []
        which = {"paper_id": line.paper_id, "dataset": line.dataset, "field": line.field}
        with pytest.raises(writing_back.CannotWriteBack):
            writing_back.confirm(**which, value=" ", by=by, now=now)
        writing_back.confirm(**which, value="示例接生记录第1号", by=by, now=now)

        assert writing_back.to_write_back(by) == []
        assert WriteBack.objects.filter(dataset_id=line.dataset, party=application.applicant).exists()
        steps.serve(PERSON, by, now)
        _draft, plan = steps.plan_together("birth_certificate", by, now)
        assert (plan.visits, papers.wanted_of_plan(plan)) == (0, [])

    def test_a_second_visit_breaks_the_promise(self, now: datetime) -> None:
        by = steps.clerk()
        steps.serve(PERSON, by, now)
        application = taken_in(now)
        visits.end(by=by, now=now)
        steps.serve(PERSON, by, now)
        intake.record_presence(application_id=application.public_id, what="补签", by=by, now=now)

        promise = visit_counts.promise_of(application.public_id)
        assert (promise.actual, promise.standing) == (2, Standing.BROKEN)
        found = visit_counts.document(visit_counts.account(region_code="330122"))
        assert (found["broken"], found["kept_share"]) == (1, 0.0)

    def test_the_plan_of_the_served_person_is_the_one_he_sees_himself(self, now: datetime) -> None:
        by = steps.clerk()
        steps.serve(PERSON, by, now)
        draft, plan = steps.plan_together(NEED, by, now)
        own = steps.viewer(PERSON)

        assert plans.plan_of(own, plans.draft(own, draft, browser="")).visits == plan.visits


class TestHandingOut:
    @pytest.fixture
    def handout(self, now: datetime) -> Handout:
        by = steps.clerk()
        steps.serve("linxiao", by, now)
        draft, plan = steps.plan_together("social_security_card_employee", by, now)
        steps.scan_everything(draft, plan, by, now)
        steps.take_in(draft, plan, by, now, results="post")
        return Handout.objects.get()

    def test_posts_with_a_number_and_takes_back(self, now: datetime, handout: Handout) -> None:
        by = steps.clerk()
        with pytest.raises(handing_out.CannotHandOut):
            handing_out.post(handout_id=handout.public_id, carrier="EMS", tracking_number="EM12345678", by=by, now=now)
        decide(handout.case, now)
        with pytest.raises(handing_out.CannotHandOut, match="tracking number"):
            handing_out.post(handout_id=handout.public_id, carrier="EMS", tracking_number="?", by=by, now=now)
        handing_out.post(handout_id=handout.public_id, carrier="EMS", tracking_number="em12345678", by=by, now=now)
        handing_out.take_back(handout_id=handout.public_id, by=by, now=now)

        handout.refresh_from_db()
        assert (handout.state, handout.tracking_number) == ("returned", "EM12345678")

    def test_hands_out_to_the_person_only_against_his_signature(self, now: datetime, handout: Handout) -> None:
        by = steps.clerk()
        decide(handout.case, now)
        for signed in ("", " "):
            with pytest.raises(handing_out.CannotHandOut, match="sign"):
                handing_out.hand_out(handout_id=handout.public_id, signed_by=signed, by=by, now=now)
        visits.end(by=by, now=now)
        steps.serve(PERSON, by, now)
        with pytest.raises(handing_out.CannotHandOut, match="not for the person"):
            handing_out.hand_out(handout_id=handout.public_id, signed_by="申大民", by=by, now=now)
        visits.end(by=by, now=now)
        steps.serve("linxiao", by, now)
        handing_out.hand_out(handout_id=handout.public_id, signed_by="林晓", by=by, now=now)

        handout.refresh_from_db()
        assert (handout.state, handout.signed_by) == ("handed", "林晓")
        assert handing_out.for_person(visits.serving(by, now=now)) == []
