"""The tallies of funnel and flow equal the slow count of every place and month, also when more came and is counted."""

import json
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.apps.factories import OrganisationFactory, PartyFactory, region
from tests.apps.slow_ways import slow_flow, slow_funnel
from tests.apps.test_cockpit import TONGLU, reform
from tests.apps.test_scorecards import MARCH, _implementation, hotline
from tests.apps.ticket_examples import Hotline
from yici.apps.accountability import jobs
from yici.apps.accountability.flows import flow_of
from yici.apps.accountability.funnels import busiest_event, events_of, funnel_of, months_with_needs
from yici.apps.accountability.models import FlowTally, FunnelTally
from yici.apps.accountability.span_columns import minutes_of
from yici.apps.accountability.way_counting import count_missing, count_since, count_ways, moving_months
from yici.apps.cases.models import Act, Application, Case, Step
from yici.apps.planning.models import Draft
from yici.rules.spans import kept_minutes

__all__ = ["hotline"]  # the fixture
FEBRUARY, APRIL = date(2018, 2, 1), date(2018, 4, 1)
MONTHS = (FEBRUARY, MARCH)
NOW = datetime(2018, 4, 20, tzinfo=UTC)
# A county with a town of it, two counties more, and a city with an office of its own.
OFFICES = ("330122", "330122001", "330106", "330502", "330500")
PLACES = ("330000000000", "330100000000", "330500000000", TONGLU)
EVENTS = ("newborn", "registration")
FULL: dict[str, object] = {"order": 1, "place": "at_home", "married": True}


def some(chance: Random, most: timedelta) -> timedelta:
    """Return a span from nothing to the most, to the second, small ones as likely as large ones."""
    return timedelta(seconds=round(most.total_seconds() * chance.random() ** 3))


def begin_needs(number: int, chance: Random) -> None:
    """Let people begin needs in any office and month; each comes as far as chance has it."""
    for _ in range(number):
        code, event = chance.choice(OFFICES), chance.choice(EVENTS)
        begun = datetime(2018, 2, 1, tzinfo=UTC) + timedelta(seconds=chance.randrange(58 * 86_400))
        answers = dict(list(FULL.items())[: chance.randint(0, 3)])
        application = (
            apply(code, event, begun + some(chance, timedelta(days=3)), chance) if chance.random() < 0.6 else None
        )
        if application is None or chance.random() < 0.8:
            Draft.objects.create(
                browser="b", event_key=event, region=region(code), answers_text=json.dumps(answers), created_at=begun,
                saved_at=begun, submitted_at=application and application.submitted_at,
                application_id=application and application.public_id,
            )  # fmt: skip


def apply(code: str, event: str, at: datetime, chance: Random) -> Application:
    office = OrganisationFactory(kind=chance.choice(("ecology", "health")), code=code)
    revision = _implementation(office)
    application = Application.objects.create(
        reference=f"W{Application.objects.count()}", event_key=event, event_name="事", event_name_en="Event",
        event_sha256="0" * 64, region=office.region, applicant=PartyFactory(), channel="web", submitted_at=at,
        submitted_by="x", mode="zero", promised_visits=0, promised_days=1, plan={}, facts_text="{}",
    )  # fmt: skip
    for place in range(1, chance.choice((2, 3))):
        accepted = at + some(chance, timedelta(days=2)) if chance.random() < 0.9 else None
        decided = accepted + some(chance, timedelta(days=9)) if accepted and chance.random() < 0.8 else None
        case = Case.objects.create(
            application=application, applied_at=application.submitted_at, concluded_at=application.closed_at,
            code=f"{application.reference}-{place}", position=place, item_key=f"item{place}",
            name=chance.choice(("事项甲", "事项乙")), name_en="Item", implementation=revision,
            revision=revision.revision, organisation=office, state="accepted",
            waits_for=["item1"] if place == 2 else [],
            accepted_at=accepted, decided_at=decided, decided_by="x" if decided else "",
            outcome=chance.choice(("granted", "granted", "refused")) if decided else "",
        )  # fmt: skip
        if decided and case.outcome == "granted":
            for kind in ("issue", "deliver")[: chance.randint(0, 2)]:
                moment = decided + some(chance, timedelta(days=4))
                Act.objects.create(case=case, kind=kind, state=kind, by="x", by_name="x", acted_at=moment)
        go_through(case, at, chance)
    return application


def go_through(case: Case, at: datetime, chance: Random) -> None:
    offices = [OrganisationFactory(kind=kind, code=case.organisation.region.code) for kind in ("ecology", "health")]
    made = []
    for place, (key, after) in enumerate((("accept", []), ("look", ["accept"]), ("grant", ["accept", "look"]))):
        taken = at + some(chance, timedelta(days=2)) if chance.random() < 0.7 else None
        finished = (taken or at) + some(chance, timedelta(days=12)) if chance.random() < 0.8 else None
        step = Step(
            case=case, key=key, position=place, name=key, name_en=key, post="reviewer",
            organisation=chance.choice(offices), after=after, promised_days=1, statutory_days=2, state="done",
            taken_at=taken, finished_at=finished, ready_at=at + some(chance, timedelta(days=1)),
            due_on=(at + timedelta(days=4)).date() if chance.random() < 0.9 else None,
        )  # fmt: skip
        made.append(step)
    Step.objects.bulk_create(made)


def count_all() -> None:
    with connection.cursor() as cursor:  # else the server takes these tables for empty, and long for each question
        cursor.execute("ANALYZE planning_draft, cases_application, cases_case, cases_step, cases_act")
    for month in MONTHS:
        count_ways(month, now=NOW)


@pytest.fixture
def needs(hotline: Hotline) -> Random:
    """Sixty needs, counted; chance goes on from there."""
    chance = Random(6)
    for code in OFFICES:
        region(code)
    begin_needs(60, chance)
    count_all()
    return chance


def funnels_equal_the_slow_count() -> list[int]:
    """Compare every place, month and event; return the needs begun of the whole province by month."""
    viewer, begun = reform("330000"), []
    for month in MONTHS:
        for place in PLACES:
            for event in ("", *EVENTS):
                found = funnel_of(viewer, place, month, event=event)
                slow = slow_funnel(place, month, event, now=NOW)
                assert [row.count for row in found.rows] == slow.counts, (place, month, event)
                assert {row.step.key: row.days for row in found.rows if row.days is not None} == pytest.approx(
                    slow.days
                )
                # Kept as finely as it is shown: to half a tenth of a day at most.
                assert slow.days == pytest.approx(slow.true_days, abs=0.05)
                assert {one.key: one.count for one in found.stops} == slow.stops
                assert found.without_draft == slow.without_draft
                assert found.as_of == NOW
        begun.append(funnel_of(viewer, "", month, event="").rows[0].count)
    return begun


def flows_equal_the_slow_count() -> int:
    """Compare every place, month and event; return how many steps were compared."""
    viewer, compared = reform("330000"), 0
    for month in MONTHS:
        for place in PLACES:
            for event in EVENTS:
                found = flow_of(viewer, place, month, event=event)
                slow, after = slow_flow(place, month, event)
                assert {one.key for one in found.steps} == set(slow)
                assert after <= set(found.arrows)
                for one in found.steps:
                    same_step(one, slow[one.key])
                compared += len(slow)
    return compared


def same_step(one: Any, slow: Any) -> None:
    assert (one.kind, one.count, one.finished) == (slow.kind, slow.count, slow.finished)
    assert (one.name.zh, one.name.en, one.item.zh, one.item.en) == slow.names
    assert one.late == (slow.late if slow.late is None else pytest.approx(slow.late))
    for mine, theirs in ((one.waited, slow.waited), (one.worked, slow.worked)):
        assert mine == (None if theirs is None else pytest.approx(theirs))


class TestFunnelTallies:
    def test_equal_the_slow_count_also_after_more_came(self, needs: Random) -> None:
        first = funnels_equal_the_slow_count()
        assert all(begun > 10 for begun in first)

        begin_needs(25, needs)
        assert funnel_of(reform("330000"), "", MARCH, event="").rows[0].count == first[1]  # as of its count
        count_all()
        later = funnels_equal_the_slow_count()
        assert sum(later) > sum(first)

    def test_are_read_without_any_need_or_case(self, needs: Random, django_assert_max_num_queries: Any) -> None:
        viewer = reform("330000")
        funnel_of(viewer, "", MARCH, event="")  # the catalogue is compiled
        with CaptureQueriesContext(connection) as seen, django_assert_max_num_queries(4):
            funnel_of(viewer, "", MARCH, event="")
        assert not [one["sql"] for one in seen if "planning_draft" in one["sql"] or "cases_" in one["sql"]]

    def test_counting_twice_is_harmless(self, needs: Random) -> None:
        before = FunnelTally.objects.count(), FlowTally.objects.count()
        count_all()
        assert (FunnelTally.objects.count(), FlowTally.objects.count()) == before

    def test_keep_to_the_newest_open_drafts_of_each_county(self, needs: Random, monkeypatch: Any) -> None:
        monkeypatch.setattr("yici.apps.accountability.open_drafts.MOST_OPEN", 1)
        count_ways(MARCH, now=NOW)
        whole = funnel_of(reform("330000"), "", MARCH, event="")
        assert whole.open > whole.looked_into == 4  # three counties, and the city's own office

    def test_offer_what_was_asked_for(self, needs: Random) -> None:
        viewer = reform("330000")
        assert months_with_needs(viewer, "") == [MARCH, FEBRUARY]
        assert {"newborn", "registration"} <= set(events_of(viewer, "", MARCH))
        assert "registration" not in events_of(viewer, "", date(2018, 1, 1))
        for model in (Application, Draft):
            assert model.objects.filter(event_key="registration").update(event_key="newborn")
        count_all()
        assert busiest_event(viewer, "", MARCH) == "newborn"


class TestFlowTallies:
    def test_equal_the_slow_count_also_after_more_came(self, needs: Random) -> None:
        assert flows_equal_the_slow_count() > 50
        begin_needs(25, needs)
        count_all()
        assert flows_equal_the_slow_count() > 50

    def test_are_read_without_any_case(self, needs: Random, django_assert_max_num_queries: Any) -> None:
        viewer = reform("330000")
        flow_of(viewer, "", MARCH, event="newborn")
        with CaptureQueriesContext(connection) as seen, django_assert_max_num_queries(4):
            assert flow_of(viewer, "", MARCH, event="newborn").steps
        assert not [one["sql"] for one in seen if "cases_" in one["sql"]]


class TestMonths:
    def test_that_nobody_counted_are_counted_once(self, needs: Random) -> None:
        viewer = reform("330000")
        FunnelTally.objects.filter(month=FEBRUARY).delete()
        FlowTally.objects.filter(month=FEBRUARY).delete()
        assert funnel_of(viewer, "", FEBRUARY, event="").as_of is None
        assert flow_of(viewer, "", FEBRUARY, event="newborn").as_of is None

        assert count_missing(NOW) == [FEBRUARY, APRIL]
        assert count_missing(NOW) == []
        assert funnel_of(viewer, "", FEBRUARY, event="").as_of == NOW
        assert funnel_of(viewer, "", APRIL, event="").as_of == NOW  # nothing began in it

    def test_written_at_once_are_counted_from_their_first_on(self, needs: Random) -> None:
        later = NOW + timedelta(hours=1)
        assert count_since(date(2018, 3, 9), now=later) == [MARCH]
        assert funnel_of(reform("330000"), "", MARCH, event="").as_of == later
        assert funnel_of(reform("330000"), "", FEBRUARY, event="").as_of == NOW

    def test_move_while_all_their_drafts_are_kept(self) -> None:
        assert moving_months(datetime(2018, 2, 3, tzinfo=UTC)) == [
            date(2017, 10, 1), date(2017, 11, 1), date(2017, 12, 1), date(2018, 1, 1), FEBRUARY,
        ]  # fmt: skip

    def test_are_counted_by_the_jobs(self, needs: Random, monkeypatch: Any) -> None:
        later = NOW + timedelta(days=1)
        monkeypatch.setattr("django.utils.timezone.now", lambda: later)
        FunnelTally.objects.filter(month=FEBRUARY).delete()
        viewer = reform("330000")
        jobs.count(timestamp=0)
        assert [funnel_of(viewer, "", month, event="").as_of for month in MONTHS] == [None, later]
        jobs.count_all_ways(timestamp=0)
        assert [funnel_of(viewer, "", month, event="").as_of for month in MONTHS] == [later, later]


@pytest.mark.django_db
def test_the_database_counts_spans_as_the_rules_do() -> None:
    chance = Random(1)
    edges = [-5, 0, 29, 30, 31, 59 * 60 + 29, 59 * 60 + 30, 3600, 63 * 60, 86_399, 86_400, 1512 * 60, 1512 * 60 - 1]
    seconds = edges + [chance.randrange(20 * 86_400) for _ in range(300)]
    with connection.cursor() as cursor:
        sql = f"SELECT {minutes_of('v.span')} FROM unnest(%s::interval[]) WITH ORDINALITY v(span, n) ORDER BY n"
        cursor.execute(sql, [[timedelta(seconds=one) for one in seconds]])
        counted = [row[0] for row in cursor.fetchall()]
    assert counted == [kept_minutes(timedelta(seconds=one)) for one in seconds]
