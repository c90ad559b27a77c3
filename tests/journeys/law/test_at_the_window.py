"""Articles 5, 6, 9, 11 and 15 of the Zhejiang regulation at the one window."""

from datetime import datetime

import pytest

from tests.apps import window_steps as window
from tests.journeys.law import steps
from yici.apps.cases.models import Application, Evidence
from yici.apps.catalogue.queries import catalogue_for
from yici.apps.halls import handing_out, papers, visits
from yici.apps.halls.identifying import Shown
from yici.apps.halls.models import Handout, Receipt, ServedVisit
from yici.apps.people.viewers import Viewer
from yici.rules.delegation import is_delegated
from yici.rules.identification import CannotIdentify
from yici.rules.refusals import Refusal

NEED = "water_transfer"


@pytest.fixture
def clerk(now: datetime) -> Viewer:
    by = window.clerk()
    window.serve("shendamin", by, now)
    return by


def taken(clerk: Viewer, now: datetime, need: str = NEED, *, results: str = "") -> Application:
    draft, plan = window.plan_together(need, clerk, now)
    window.scan_everything(draft, plan, clerk, now)
    done = window.take_in(draft, plan, clerk, now, results=results)
    return Application.objects.get(public_id=done.application_id)


class TestArticle05EntrustedAcceptance:
    """The window accepts for the departments that entrusted it, all at once; the others accept themselves."""

    def test_accepts_at_once_for_the_department(self, clerk: Viewer, now: datetime) -> None:
        case = taken(clerk, now).cases.get()
        assert case.accepted_at == now
        assert case.acts.get(kind="accept").by.startswith(clerk.label)
        assert case.organisation_id != clerk.organisation_id

    def test_what_the_catalogue_keeps_with_its_department_is_only_received(self, now: datetime) -> None:
        items = catalogue_for(steps.TONGLU).items
        assert not is_delegated(items["marriage_registration"], said_by_organisation=True)
        assert is_delegated(items[NEED])
        assert not is_delegated(items[NEED], said_by_organisation=False)


class TestArticle06AnyWay:
    """Coming to the window is always possible, and then nothing is asked on paper that came electronically."""

    def test_a_need_without_a_visit_may_still_be_taken_at_the_window(self, now: datetime) -> None:
        by = window.clerk()
        window.serve("shenyu", by, now)
        draft, plan = window.plan_together("birth_certificate", by, now, **steps.HOSPITAL)
        assert plan.visits == 0
        assert papers.wanted_of_plan(plan) == []
        assert window.take_in(draft, plan, by, now).application_id == Application.objects.get().public_id


class TestArticle07NothingTwice:
    """What was fetched is not asked; what the guide does not name may not be taken."""

    def test_a_paper_the_plan_does_not_name_is_refused(self, clerk: Viewer, now: datetime) -> None:
        draft, _plan = window.plan_together(NEED, clerk, now)
        look = papers.Look("fits", original_seen=True)
        with pytest.raises(Refusal, match="may not be taken"):
            papers.check_for_draft(draft_id=draft, proves="marriage", look=look, by=clerk, now=now)


class TestArticle09OtherProof:
    """Other proof of a fact counts and is recorded; other documents prove who somebody is."""

    def test_a_paper_is_waived_on_other_proof_with_a_record(self, clerk: Viewer, now: datetime) -> None:
        draft, plan = window.plan_together(NEED, clerk, now)
        for row in papers.wanted_of_plan(plan):
            with pytest.raises(Refusal, match="other proof"):
                papers.check_for_draft(
                    draft_id=draft, proves=row.proves, look=papers.Look("other_proof"), by=clerk, now=now
                )
            look = papers.Look("other_proof", reason="购房合同与缴税凭证一致")
            papers.check_for_draft(draft_id=draft, proves=row.proves, look=look, by=clerk, now=now)
        assert window.take_in(draft, plan, clerk, now).accepted
        row = Evidence.objects.get(proves="title_of_buyer")
        assert (row.status, row.note) == ("waived", "购房合同与缴税凭证一致")

    def test_identity_by_two_other_documents_is_recorded(self, now: datetime) -> None:
        who = {"name": "申大民", "number": window.card_of("shendamin")}
        with pytest.raises(CannotIdentify):
            visits.begin(shown=Shown(**who, documents=("senior_card",)), by=window.clerk(), now=now)
        visits.begin(shown=Shown(**who, documents=("senior_card", "citizen_card")), by=window.clerk(), now=now)
        assert ServedVisit.objects.get().documents_seen == ["citizen_card", "senior_card"]


class TestArticle11Receipt:
    """Whoever applied with everything gets a receipt that names every item, on the spot."""

    def test_one_receipt_names_every_case_and_its_department(self, clerk: Viewer, now: datetime) -> None:
        application = taken(clerk, now)
        content = Receipt.objects.get(application=application).content
        assert [one["code"] for one in content["items"]] == list(application.cases.values_list("code", flat=True))
        assert all(one["organisation"][0] and one["accepted"] for one in content["items"])


class TestArticle15PaperAndElectronic:
    """The person may ask for the paper beside the electronic licence."""

    def test_a_paper_licence_is_noted_beside_the_electronic_one(self, now: datetime) -> None:
        by = window.clerk()
        window.serve("linxiao", by, now)
        application = taken(by, now, "social_security_card_employee", results="post")
        assert Handout.objects.get().case.application == application
        with pytest.raises(Refusal, match="address"):
            handing_out.want(application, way="post", address="", by=by, now=now)
