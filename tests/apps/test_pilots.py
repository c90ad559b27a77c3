"""A pilot from its declaration to its adoption: who is drawn is planned by the revision tried, and nobody else is."""

import json
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction

from tests.apps.catalogue_files import write_catalogue
from tests.apps.factories import AccountFactory, OrganisationFactory, StaffFactory, region
from tests.apps.signal_examples import COUNTIES, World
from tests.apps.test_reform import LIGHTER, TIGHTER, office
from yici.apps.cases import actions as cases
from yici.apps.cases.models import Application, Case
from yici.apps.catalogue import actions as catalogue_acts
from yici.apps.catalogue import queries as catalogue
from yici.apps.catalogue.models import ItemRevision, Trial
from yici.apps.catalogue.trials import CannotTry
from yici.apps.journal.models import Entry
from yici.apps.people.models import Account
from yici.apps.people.viewers import Viewer, viewer_of
from yici.apps.places.actions import load_calendar
from yici.apps.planning import actions as planning
from yici.apps.planning import queries as plans
from yici.apps.reform import actions, pilots
from yici.apps.reform.models import Amendment, Pilot
from yici.apps.reform.pilot_results import counted, effect_in
from yici.rules.amendments import CannotAmend, Stage
from yici.rules.people import Role
from yici.rules.pilot_plans import PilotPlan, PilotState
from yici.rules.pilots import CannotPilot

NOW = datetime(2018, 3, 5, 2, 0, tzinfo=UTC)
SOON = NOW + timedelta(hours=1)
LATER = NOW + timedelta(days=40)
TONGLU = "330122000000"
PEOPLE = PilotPlan("zero_visit", 0.5, None, 0, 24, (0.5, 1.0), date(2018, 6, 1))
COUNTY = PilotPlan("no_correction", None, 3, 3, 30, (1.0,), date(2018, 6, 1))


@pytest.fixture
def officer(db: None, tmp_path: Path) -> Viewer:
    region("330500")
    load_calendar(by="system:test", now=NOW)
    OrganisationFactory(code="330122", kind="health")
    catalogue_acts.import_catalogue(path=write_catalogue(tmp_path), by="system:test", now=NOW)
    return office("330000", "reform.one")


@pytest.fixture
def amendment(officer: Viewer) -> Amendment:
    return opened(LIGHTER)


def opened(text: str) -> Amendment:
    staff = StaffFactory(roles=[Role.DECIDER], organisation=OrganisationFactory(code="330122", kind="health"))
    head = viewer_of(AccountFactory(of_staff=True, staff=staff))
    made = actions.propose(item_key="certificate", text=text, reason="少跑一次", by=head, now=NOW)
    actions.open_for_comments(amendment_id=made.public_id, by=head, now=NOW)
    return made


def declared(by: Viewer, amendment: Amendment, plan: PilotPlan = PEOPLE) -> Pilot:
    return pilots.declare(amendment_id=amendment.public_id, plan=plan, by=by, now=NOW)


def started(by: Viewer, amendment: Amendment, plan: PilotPlan = PEOPLE) -> Pilot:
    return pilots.start(pilot_id=declared(by, amendment, plan).public_id, by=by, now=NOW)


def applied(who: Viewer, now: datetime = NOW) -> Case:
    """Hand in an application as a person does: a draft, a plan, the form, the submission."""
    draft_id = planning.start_draft(
        by=who, browser="b", event_key="certificate", region_code=TONGLU, now=now, answers={"place": "hospital"}
    )
    version = plans.draft(who, draft_id, browser="b").version
    typed = {"child_name": "小满"}
    planning.save_fields(by=who, browser="b", public_id=draft_id, version=version, fields=typed, disputes={}, now=now)
    view = plans.draft(who, draft_id, browser="b")
    visits = plans.plan_of(who, view).visits
    made = cases.submit(
        by=who, browser="b", draft_id=draft_id, seen_visits=visits, idempotency_key=str(uuid4()), channel="web", now=now
    )
    return Application.objects.get(public_id=made).cases.get()


def facts_of(kind: str) -> dict[str, str]:
    found: dict[str, str] = json.loads(Entry.objects.get(kind=kind).facts_text)
    return found


def people(count: int) -> list[Viewer]:
    return [viewer_of(AccountFactory()) for _ in range(count)]


def months_passed(world: World, months: dict[date, int]) -> None:
    for month, bad in months.items():
        for code in COUNTIES:
            happened(world, code, datetime(month.year, month.month, 10, 3, tzinfo=UTC), 8, bad)


def happened(world: World, code: str, at: datetime, count: int, bad: int) -> None:
    made = world.happened(code, count, corrections=bad)
    ids = [one.application_id for one in made]
    Application.objects.filter(pk__in=ids).update(submitted_at=at)
    Case.objects.filter(application_id__in=ids).update(decided_at=at)


class TestTheStory:
    def test_from_the_declaration_to_the_adoption(self, officer: Viewer, amendment: Amendment) -> None:
        before = applied(people(1)[0], NOW - timedelta(hours=1))
        pilot = started(officer, amendment)
        assert facts_of("reform.pilot_started")["seed_sha256"] == pilot.seed_sha256
        everybody = people(26)
        made = [applied(one, NOW + timedelta(days=1)) for one in everybody]

        tried = [one for one in made if one.revision.variant == "trial"]
        assert 3 < len(tried) < 23
        assert {one.application.promised_visits for one in tried} == {0}
        assert {one.application.promised_visits for one in made if one not in tried} == {1}
        before.refresh_from_db()
        assert before.revision.variant == ""
        assert counted(pilot, LATER).results == 26

        pilots.end(pilot_id=pilot.public_id, by=officer, now=NOW + timedelta(days=2))
        pilot.refresh_from_db()
        assert effect_in(pilot.result["effect"]).estimate == 1
        seed = facts_of("reform.pilot_ended")["seed"]
        assert sha256(seed.encode()).hexdigest() == pilot.seed_sha256

        with pytest.raises(CannotAmend):  # the notice runs, and nobody has approved: the gate holds for pilots too
            pilots.adopt(pilot_id=pilot.public_id, in_force_on=date(2018, 5, 1), by=officer, now=NOW)
        actions.send_to_gate(amendment_id=amendment.public_id, by=officer, now=LATER)
        actions.approve(amendment_id=amendment.public_id, by=officer, now=LATER)
        pilots.adopt(pilot_id=pilot.public_id, in_force_on=date(2018, 5, 1), by=officer, now=LATER)
        assert Trial.objects.get().ended_at is None  # who is in it keeps it until all have it
        in_force = datetime(2018, 5, 2, 0, 0, tzinfo=UTC)
        actions.bring_into_force(now=in_force, by="system:test")
        assert pilots.end_adopted_trials(now=in_force) == 1
        assert applied(everybody[0], in_force).application.promised_visits == 0
        assert {one.revision_id for one in Case.objects.filter(pk__in=[one.pk for one in tried])} == {
            one.revision_id for one in tried
        }

    def test_the_same_person_gets_the_same_plan_each_time(self, officer: Viewer, amendment: Amendment) -> None:
        started(officer, amendment)

        for one in people(6):
            asked = {plans.plan_for(one, "certificate", TONGLU, answers={"place": "hospital"}).visits for _ in range(3)}
            assert len(asked) == 1
            assert applied(one).application.promised_visits in asked

    def test_a_stranger_sees_what_is_in_force(self, officer: Viewer, amendment: Amendment) -> None:
        item = catalogue.item("certificate", TONGLU)
        started(officer, amendment)

        assert catalogue.item("certificate", TONGLU) == item

    def test_rolled_back_the_old_holds_for_everybody_and_open_cases_keep_theirs(
        self, officer: Viewer, amendment: Amendment
    ) -> None:
        pilot = started(officer, amendment)
        made = [applied(one) for one in people(24)]
        pilots.end(pilot_id=pilot.public_id, by=officer, now=SOON)
        pilots.roll_back(pilot_id=pilot.public_id, by=officer, now=NOW)

        assert {applied(one).application.promised_visits for one in people(8)} == {1}
        assert any(one.revision.variant == "trial" for one in Case.objects.filter(pk__in=[one.pk for one in made]))

    def test_extended_who_was_in_stays_in(self, officer: Viewer, amendment: Amendment) -> None:
        pilot = started(officer, amendment)
        everybody = people(24)
        drawn = [one for one in everybody if applied(one).revision.variant == "trial"]
        pilots.end(pilot_id=pilot.public_id, by=officer, now=SOON)
        plan = PilotPlan("zero_visit", 0.8, None, 0, 40, (1.0,), date(2018, 9, 1))

        made = pilots.extend(pilot_id=pilot.public_id, plan=plan, by=officer, now=NOW)

        assert made.state == PilotState.RUNNING
        assert all(applied(one).revision.variant == "trial" for one in drawn)
        pilot.refresh_from_db()
        assert pilot.state == PilotState.EXTENDED


class TestInCounties:
    def test_the_revision_holds_there_and_the_effect_is_the_change(self, officer: Viewer, amendment: Amendment) -> None:
        world = World()
        months_passed(world, {date(2017, 12, 1): 4, date(2018, 1, 1): 4, date(2018, 2, 1): 4})
        pilot = started(officer, amendment, COUNTY)
        assert len(pilot.counties) == 3
        assert len(pilot.compared) == 5
        for code in COUNTIES:
            here = catalogue.item("certificate", f"{code}000000")
            there = f"{code}000000" in pilot.counties
            assert ("declaration" in {way.kind for one in here.requirements for way in one.ways}) == there

        for code in COUNTIES:
            drawn = f"{code}000000" in pilot.counties
            happened(world, code, NOW + timedelta(days=3), 10, 1 if drawn else 5)
        with pytest.raises(CannotPilot):
            pilots.end(pilot_id=self.declared_again(officer), by=officer, now=NOW)
        pilots.end(pilot_id=pilot.public_id, by=officer, now=LATER)

        pilot.refresh_from_db()
        effect = effect_in(pilot.result["effect"])
        assert effect.estimate == pytest.approx(0.4)
        assert effect.is_claimed
        assert pilot.result["believable"]
        assert len(pilot.result["course"]) == 4

    @staticmethod
    def declared_again(officer: Viewer) -> object:
        return declared(officer, Amendment.objects.get(), COUNTY).public_id

    def test_too_few_counties_to_compare(self, officer: Viewer, amendment: Amendment) -> None:
        pilot = declared(officer, amendment, COUNTY)

        with pytest.raises(CannotPilot, match="Only 0 counties"):
            pilots.start(pilot_id=pilot.public_id, by=officer, now=NOW)
        assert not Trial.objects.exists()


class TestTheRule:
    def test_nobody_ends_it_early_without_an_overwhelming_effect(self, officer: Viewer, amendment: Amendment) -> None:
        pilot = started(officer, amendment, PilotPlan("statutory_time", 0.5, None, 0, 24, (0.5, 1.0), date(2018, 6, 1)))
        for one in people(14):
            applied(one)
        # Every second one of each side is late: whoever the secret draw takes, there is no effect.
        for place, case in enumerate(Case.objects.order_by("revision__variant", "pk")):
            day = date(2018, 3, 8) if place % 2 else date(2018, 3, 1)
            Case.objects.filter(pk=case.pk).update(decided_at=NOW, decided_by="x", statutory_due_on=day)

        with pytest.raises(CannotPilot, match="it goes on"):
            pilots.end(pilot_id=pilot.public_id, by=officer, now=SOON)
        pilots.end(pilot_id=pilot.public_id, by=officer, now=datetime(2018, 6, 2, 2, 0, tzinfo=UTC))
        pilot.refresh_from_db()
        assert not effect_in(pilot.result["effect"]).is_claimed

    def test_an_overwhelming_effect_ends_it_at_a_declared_look(self, officer: Viewer, amendment: Amendment) -> None:
        pilot = started(officer, amendment)
        for one in people(11):
            applied(one)
        with pytest.raises(CannotPilot):  # before the first look nothing is looked at
            pilots.end(pilot_id=pilot.public_id, by=officer, now=SOON)
        for one in people(3):
            applied(one)

        assert pilots.end(pilot_id=pilot.public_id, by=officer, now=SOON).state == PilotState.ENDED

    def test_a_last_day_without_results_is_a_result_too(self, officer: Viewer, amendment: Amendment) -> None:
        pilot = started(officer, amendment)

        ended = pilots.end(pilot_id=pilot.public_id, by=officer, now=datetime(2018, 6, 2, 2, 0, tzinfo=UTC))

        assert "2 results" in ended.result["nothing"]["en"]
        pilots.roll_back(pilot_id=pilot.public_id, by=officer, now=LATER)

    @pytest.mark.parametrize(
        "change",
        [
            {"measure": "no_correction"},
            {"planned": 5},
            {"looks": [1.0]},
            {"share": 0.9},
            {"last_day": date(2018, 3, 6)},
            {"seed_sha256": "0"},
            {"state": "declared"},
            {"state": "adopted"},
        ],
    )
    def test_the_database_keeps_what_was_declared(
        self, officer: Viewer, amendment: Amendment, change: dict[str, object]
    ) -> None:
        pilot = started(officer, amendment)

        with pytest.raises(DatabaseError), transaction.atomic():
            Pilot.objects.filter(pk=pilot.pk).update(**change)

    @pytest.mark.parametrize(
        "plan",
        [
            PilotPlan("complaints", 0.5, None, 0, 24, (1.0,), date(2018, 6, 1)),
            PilotPlan("zero_visit", 1.5, None, 0, 24, (1.0,), date(2018, 6, 1)),
            PilotPlan("zero_visit", 0.5, 3, 3, 24, (1.0,), date(2018, 6, 1)),
            PilotPlan("zero_visit", None, 1, 3, 24, (1.0,), date(2018, 6, 1)),
            PilotPlan("zero_visit", None, 3, 1, 24, (1.0,), date(2018, 6, 1)),
            PilotPlan("zero_visit", 0.5, None, 0, 3, (1.0,), date(2018, 6, 1)),
            PilotPlan("zero_visit", 0.5, None, 0, 24, (0.5,), date(2018, 6, 1)),
            PilotPlan("zero_visit", 0.5, None, 0, 24, (1.0, 0.5), date(2018, 6, 1)),
            PilotPlan("zero_visit", None, 3, 3, 24, (0.5, 1.0), date(2018, 6, 1)),
            PilotPlan("zero_visit", 0.5, None, 0, 24, (1.0,), date(2018, 3, 5)),
        ],
    )
    def test_refuses_plans_by_which_nothing_can_be_told(
        self, officer: Viewer, amendment: Amendment, plan: PilotPlan
    ) -> None:
        with pytest.raises(CannotPilot):
            declared(officer, amendment, plan)
        assert not Pilot.objects.exists()


class TestWhoAndWhat:
    def test_nobody_is_drawn_into_what_hurts(self, officer: Viewer) -> None:
        pilot = declared(officer, opened(TIGHTER))

        with pytest.raises(CannotPilot, match="Somebody loses"):
            pilots.start(pilot_id=pilot.public_id, by=officer, now=NOW)
        assert not ItemRevision.objects.filter(variant="trial").exists()

    def test_one_pilot_of_an_item_at_a_time(self, officer: Viewer, amendment: Amendment) -> None:
        started(officer, amendment)

        with pytest.raises(CannotTry):
            started(officer, amendment)

    def test_a_county_does_not_decide_for_the_province(self, officer: Viewer, amendment: Amendment) -> None:
        with pytest.raises(CannotAmend):
            declared(office("330122", "county"), amendment)
        pilot = declared(officer, amendment)
        assert pilots.pilots(viewer_of(Account.objects.get(login="county"))) == [pilot]
        with pytest.raises(CannotAmend):
            pilots.start(pilot_id=pilot.public_id, by=viewer_of(Account.objects.get(login="county")), now=NOW)

    def test_a_draft_is_not_tried_before_the_public_reads_it(self, officer: Viewer) -> None:
        made = actions.propose(item_key="certificate", text=LIGHTER, reason="少跑", by=officer, now=NOW)
        assert made.stage == Stage.DRAFT

        with pytest.raises(CannotPilot, match="Open the amendment"):
            started(officer, made)
