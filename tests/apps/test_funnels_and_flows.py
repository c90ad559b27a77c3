"""The funnel and the flow equal slow recomputations, and end with the jurisdiction."""

import json
from datetime import date, datetime, timedelta
from statistics import median, quantiles
from typing import Any

import pytest

from tests.apps.factories import OrganisationFactory, PartyFactory, region
from tests.apps.test_cockpit import TONGLU, WUXING, reform
from tests.apps.test_scorecards import MARCH, _implementation, hotline
from tests.apps.ticket_examples import MONDAY, Hotline, days, hours
from yici.apps.accountability.cockpit import NoSuchCounty
from yici.apps.accountability.flows import flow_of
from yici.apps.accountability.funnels import events_of, funnel_of
from yici.apps.accountability.way_counting import count_ways
from yici.apps.cases.models import Act, Application, Case, Step
from yici.apps.places.models import Organisation
from yici.apps.planning.models import Draft
from yici.rules.funnels import FUNNEL

__all__ = ["hotline"]  # the fixture
NOW = days(30)
FEBRUARY = date(2018, 2, 1)
ANSWERS = ({}, {"order": 1}, {"order": 1, "place": "at_home"}, {"order": 1, "place": "at_home", "married": True})


def draft(place: str, answers: dict[str, object], at: datetime, application: Any = None) -> Draft:
    return Draft.objects.create(
        browser="b", event_key="newborn", region=region(place), answers_text=json.dumps(answers), created_at=at,
        saved_at=at, submitted_at=application and at, application_id=application and application.public_id,
    )  # fmt: skip


def applied(office: Organisation, number: int, stage: int) -> Application:
    """Let somebody apply for two items; ``stage`` says how far the second came (0 submitted to 5 handed out)."""
    implementation = _implementation(office)
    application = Application.objects.create(
        reference=f"F{office.pk}-{number}", event_key="newborn", event_name="出生", event_name_en="Birth",
        event_sha256="0" * 64, region=office.region, applicant=PartyFactory(), channel="web",
        submitted_at=hours(1 + number), submitted_by="x", mode="zero", promised_visits=0, promised_days=1, plan={},
        facts_text="{}",
    )  # fmt: skip
    for place, reached in enumerate((5, stage), start=1):
        case = Case.objects.create(
            application=application, applied_at=application.submitted_at, concluded_at=application.closed_at,
            code=f"{application.reference}-{place}", position=place, item_key=f"item{place}",
            name="事项", name_en="Item", implementation=implementation, revision=implementation.revision,
            organisation=office, state="accepted", waits_for=["item1"] if place == 2 else [],
            accepted_at=hours(5 + place + number) if reached >= 1 else None,
            decided_at=days(2 + number) if reached >= 2 else None, decided_by="x" if reached >= 2 else "",
            outcome="" if reached < 2 else "refused" if reached == 2 else "granted",
        )  # fmt: skip
        for kind, least in (("issue", 4), ("deliver", 5)):
            if reached >= least:
                moment = days(3 + number) + timedelta(hours=least * place)
                Act.objects.create(case=case, kind=kind, state=kind, by="x", by_name="x", acted_at=moment)
        steps(case, office, number)
    return application


def steps(case: Case, office: Organisation, number: int) -> None:
    for place, (key, after) in enumerate((("accept", []), ("look", ["accept"]), ("grant", ["look"]))):
        taken = None if key == "accept" else hours(10 * place + number)
        Step.objects.create(
            case=case, key=key, position=place, name=key, name_en=key, organisation=office, post="reviewer",
            after=after, promised_days=1, statutory_days=2, state="done", ready_at=hours(9 * place), taken_at=taken,
            finished_at=hours(10 * place + 3 * number + 1) if number < 5 else None, due_on=date(2018, 3, 12),
        )  # fmt: skip


@pytest.fixture
def begun(hotline: Hotline) -> Hotline:
    """Tonglu has open drafts of each length and applications of each stage; Wuxing one draft; April one of its own."""
    for number, answers in enumerate(ANSWERS):
        for more in range(number + 1):
            draft("330122", dict(answers), hours(more))
    for stage in range(6):
        application = applied(hotline.ecology, stage, stage)
        draft("330122", dict(ANSWERS[3]), hours(0), application)
    applied(hotline.ecology, 9, 1)  # taken without a draft
    draft("330502", {}, MONDAY)
    draft("330122", {}, datetime(2018, 4, 1, tzinfo=MONDAY.tzinfo))
    for month in (FEBRUARY, MARCH):
        count_ways(month, now=NOW)
    return hotline


def slow_counts() -> list[int]:
    """Look at every draft of Tonglu in March, one after the other."""
    counts = [0] * len(FUNNEL)
    for one in Draft.objects.filter(region__code=TONGLU):
        if one.created_at.month != 3:
            continue
        passed = [True, json.loads(one.answers_text) == ANSWERS[3], one.application_id is not None]
        cases = list(Case.objects.filter(application__public_id=one.application_id)) if one.application_id else []
        kinds = [set(case.acts.values_list("kind", flat=True)) for case in cases]
        passed += [
            all(case.accepted_at for case in cases),
            all(case.decided_at for case in cases),
            all(case.outcome == "granted" for case in cases),
            any("issue" in mine for mine in kinds),
            all("deliver" in mine for mine in kinds if "issue" in mine),
        ]
        for place in range(len(FUNNEL)):
            counts[place] += all(passed[: place + 1])
    return counts


class TestFunnel:
    def test_equals_a_slow_recomputation(self, begun: Hotline) -> None:
        found = funnel_of(reform("330122"), "", MARCH, event="newborn")
        assert [row.count for row in found.rows] == slow_counts() == [16, 10, 6, 5, 4, 3, 3, 2]
        assert found.rows[1].share == 10 / 16
        assert (found.open, found.looked_into, found.without_draft) == (10, 10, 1)

    def test_says_how_long_half_of_them_took(self, begun: Hotline) -> None:
        found = funnel_of(reform("330122"), "", MARCH, event="")
        submitted = [(hours(1 + number) - hours(0)) / timedelta(days=1) for number in range(6)]
        accepted = [(hours(7 + number) - hours(1 + number)) / timedelta(days=1) for number in range(1, 6)]
        by_key = {row.step.key: row.days for row in found.rows}
        assert by_key["submitted"] == pytest.approx(median(submitted))
        assert by_key["accepted"] == pytest.approx(median(accepted))
        assert by_key["planned"] is by_key["granted"] is None

    def test_says_after_which_question_drafts_were_left(self, begun: Hotline) -> None:
        found = funnel_of(reform("330122"), "", MARCH, event="")
        assert [(one.key, one.count) for one in found.stops] == [("married", 4), ("place", 3), ("order", 2), ("", 1)]
        assert found.stops[0].words is not None
        assert found.stops[0].words.en == "Married?"
        count_ways(MARCH, now=days(3))
        assert funnel_of(reform("330122"), "", MARCH, event="").stops == ()

    def test_ends_with_the_jurisdiction_and_the_event(self, begun: Hotline) -> None:
        assert funnel_of(reform("330502"), "", MARCH, event="").rows[0].count == 1
        assert funnel_of(reform("330000"), "", MARCH, event="").rows[0].count == 17
        assert funnel_of(reform("330000"), "", MARCH, event="other").rows[0].count == 0
        with pytest.raises(NoSuchCounty):
            funnel_of(reform("330122"), WUXING, MARCH, event="")

    def test_an_answer_that_no_longer_reads_has_no_plan(self, begun: Hotline) -> None:
        draft("330122", {"order": "many", "place": "moon"}, MONDAY)
        draft("330122", {}, MONDAY)
        Draft.objects.filter(pk=Draft.objects.latest("pk").pk).update(event_key="gone")
        count_ways(MARCH, now=NOW)
        assert funnel_of(reform("330122"), "", MARCH, event="").rows[1].count == 10

    def test_names_the_events(self, begun: Hotline) -> None:
        assert events_of(reform("330122"), "", MARCH)["newborn"].en == "A child is born"


class TestFlow:
    def test_equals_a_slow_recomputation(self, begun: Hotline) -> None:
        found = flow_of(reform("330122"), "", MARCH, event="newborn")
        for one in found.steps:
            item, _, key = one.key.partition("/")
            rows = list(Step.objects.filter(case__item_key=item, key=key))
            ended = [row for row in rows if row.finished_at]
            waited = [
                span(row.ready_at, row.taken_at or row.finished_at) for row in rows if row.taken_at or row in ended
            ]
            assert one.count == len(rows)
            assert one.finished == len(ended)
            assert one.waited == pytest.approx(half_and_most(waited))
            worked = [span(max(row.taken_at, row.ready_at), row.finished_at) for row in ended if row.taken_at]
            assert one.worked == (pytest.approx(half_and_most(worked)) if worked else None)
            late = [local(row.finished_at) > row.due_on for row in ended if row.due_on]
            assert one.late == pytest.approx(sum(late) / len(late), abs=1e-4)

    def test_goes_through_the_items_one_after_the_other(self, begun: Hotline) -> None:
        found = flow_of(reform("330122"), "", MARCH, event="newborn")
        assert [[one.key for one in layer] for layer in found.layers] == [
            [f"item{item}/{key}"] for item in (1, 2) for key in ("accept", "look", "grant")
        ]
        assert ("item1/grant", "item2/accept") in found.arrows
        assert len(found.critical) == 6
        assert [office.zh for office, _ in found.by_office]

    def test_ends_with_the_jurisdiction(self, begun: Hotline) -> None:
        other = OrganisationFactory(kind="ecology", code="330502")
        assert flow_of(reform("330502"), "", MARCH, event="newborn").layers == ()
        applied(other, 0, 5)
        count_ways(MARCH, now=NOW)
        assert {one.count for one in flow_of(reform("330502"), "", MARCH, event="newborn").steps} == {1}


def span(begin: Any, end: Any) -> float:
    return max(0.0, (end - begin) / timedelta(days=1))


def local(moment: Any) -> date:
    return (moment + timedelta(hours=8)).date()  # type: ignore[no-any-return]


def half_and_most(values: list[float]) -> tuple[float, float]:
    most = quantiles(values, n=10, method="inclusive")[8] if len(values) > 1 else values[0]
    return median(values), most
