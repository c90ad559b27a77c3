"""The flywheel, once round: a paper is brought to one window once, and nobody asks this person for it again."""

from datetime import datetime

import pytest

from tests.apps import window_steps as window
from tests.journeys.law import steps
from tests.journeys.law.conftest import emptied_although_append_only, in_the_province, now, province
from yici.apps.cases.models import Application
from yici.apps.halls import visit_counts, visits, writing_back
from yici.apps.people.models import Account
from yici.apps.people.viewers import Viewer, viewer_of
from yici.apps.planning import queries as plans
from yici.apps.registry import write_backs
from yici.apps.registry.models import Gap, HeldLicence, Record, WriteBack
from yici.rules.plans import Mode, Plan
from yici.rules.visit_promises import Standing

__all__ = ["emptied_although_append_only", "in_the_province", "now", "province"]

NEED, ELSEWHERE = "household_marital_change", "household_move_spouse"
CERTIFICATE = "marriages.certificate"
TONGLU, XIHU = "330122000000", "330106000000"


@pytest.fixture
def resident(now: datetime) -> Viewer:
    """Somebody of Tonglu whose marriage was registered where the register does not reach."""
    viewer = steps.viewer("shenyu")
    Record.objects.filter(party_id=viewer.party_id, dataset_id="marriages").delete()
    HeldLicence.objects.filter(party_id=viewer.party_id, type_key="marriage_certificate").delete()
    return viewer


def planned(by: Viewer, need: str, region: str) -> Plan:
    return plans.plan_for(by, need, region, answers={})


def brought_once(resident: Viewer, now: datetime) -> Application:
    """Let the resident come to the window once, and the department decide."""
    clerk = window.clerk()
    window.serve("shenyu", clerk, now)
    draft, plan = window.plan_together(NEED, clerk, now)
    assert plan.visits == 1
    window.scan_everything(draft, plan, clerk, now)
    done = window.take_in(draft, plan, clerk, now)
    application = Application.objects.get(public_id=done.application_id)
    visits.end(by=clerk, now=now)
    for case in application.cases.all():
        if case.outcome == "":
            steps.decide(case, now)
    return application


def written_back(value: str, now: datetime) -> WriteBack:
    """Let the clerk copy the certificate's number into the queue of the register's owner."""
    clerk = window.clerk()
    waiting = next(one for one in writing_back.to_write_back(clerk) if one.dataset == "marriages")
    writing_back.confirm(
        paper_id=waiting.paper_id, dataset="marriages", field=waiting.field, value=value, by=clerk, now=now
    )
    return WriteBack.objects.get()


def steward_of(row: WriteBack) -> Viewer:
    accounts = Account.objects.filter(staff__organisation_id=row.owner_id).order_by("login")
    return next(one for one in map(viewer_of, accounts) if "steward" in one.roles)


def test_a_missing_datum_costs_one_visit_once_and_for_everybody_after(resident: Viewer, now: datetime) -> None:
    before = planned(resident, NEED, TONGLU)
    assert (before.mode, before.visits) == (Mode.ONCE, 1)
    assert "结婚" in before.visits_detail[0].causes[0].what.zh
    assert planned(resident, ELSEWHERE, XIHU).visits == 1

    application = brought_once(resident, now)
    assert Gap.objects.filter(dataset_id="marriages", closed_at=None).exists()
    row = written_back("J3301-2019-000123", now)

    # Usable at once, while the owner still has to confirm: nobody is asked twice meanwhile.
    assert planned(resident, NEED, TONGLU).visits == 0
    assert (row.state, row.value, row.item, row.case_reference) == (
        "pending",
        "J3301-2019-000123",
        NEED,
        application.cases.get().code,
    )
    assert row.evidence_id is not None

    write_backs.confirm(write_back_id=row.public_id, by=steward_of(row), now=now)

    after, elsewhere = planned(resident, NEED, TONGLU), planned(resident, ELSEWHERE, XIHU)
    assert (after.mode, after.visits) == (Mode.ZERO, 0)
    assert elsewhere.visits == 0
    assert not Gap.objects.filter(dataset_id="marriages", closed_at=None).exists()
    # The owner's own register is untouched: what the window wrote stands beside it.
    assert not Record.objects.filter(party_id=resident.party_id, dataset_id="marriages").exists()


def test_the_promise_of_one_visit_is_counted_as_kept(resident: Viewer, now: datetime) -> None:
    application = brought_once(resident, now)

    promise = visit_counts.promise_of(application.public_id)

    assert (promise.promised, promise.actual) == (1, 1)
    assert promise.standing is Standing.KEPT


def test_a_rejected_write_back_asks_again_and_says_why(resident: Viewer, now: datetime) -> None:
    brought_once(resident, now)
    row = written_back("J3301-2019-999999", now)

    write_backs.reject(write_back_id=row.public_id, reason="证号与登记簿不符", by=steward_of(row), now=now)

    assert planned(resident, NEED, TONGLU).visits == 1
    row.refresh_from_db()
    assert row.reason == "证号与登记簿不符"
