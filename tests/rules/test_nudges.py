"""Suggestions of an easier way: only where it is one, in this person's numbers, and not to everybody."""

from datetime import date

import pytest

from tests.rules.planner_examples import NOT_SHARED, RESTAURANT, SIGNED_IN, WUXING
from yici.rules.items import Outcome
from yici.rules.nudges import Listener, Moment, age_on, by_post, from_home, may_hear, next_time
from yici.rules.words import Words

SMALL = {"cooks": False, "area": 20}


class TestMayHear:
    @pytest.mark.parametrize("moment", Moment)
    def test_not_who_refused_and_not_the_elder_version(self, moment: Moment) -> None:
        assert may_hear(moment, Listener())
        assert not may_hear(moment, Listener(refused=True))
        assert not may_hear(moment, Listener(elder=True))

    @pytest.mark.parametrize(("age", "hears"), [(None, True), (59, True), (60, False), (99, False)])
    def test_at_a_window_not_who_is_of_age(self, age: int | None, hears: bool) -> None:
        assert may_hear(Moment.WINDOW, Listener(age=age)) is hears
        assert may_hear(Moment.BOOKING, Listener(age=age))

    def test_nobody_is_a_year_older_before_his_day(self) -> None:
        assert age_on(date(1956, 2, 29), date(2018, 2, 28)) == 61
        assert age_on(date(1956, 2, 29), date(2018, 3, 1)) == 62
        assert age_on(None, date(2018, 3, 1)) is None


class TestFromHome:
    def test_says_the_saving_of_a_plan_without_a_visit(self) -> None:
        found = from_home(RESTAURANT.plan(SMALL, SIGNED_IN, "330502", place=WUXING))

        assert found is not None
        assert "0 visits" in found.en
        assert "跑 0 次" in found.zh

    def test_counts_each_fetched_fact_once(self) -> None:
        plan = RESTAURANT.plan({"cooks": True, "area": 120}, SIGNED_IN, "330502", place=WUXING)

        found = from_home(plan)

        # The lease, which both items ask for, and what the one item gives to the other.
        assert found is not None
        assert found.en.endswith("0 visits, 2 facts are fetched for you.")

    def test_is_silent_where_a_visit_is_needed(self) -> None:
        assert from_home(RESTAURANT.plan(SMALL, NOT_SHARED, "330502", place=WUXING)) is None

    def test_is_silent_while_an_answer_may_lead_to_a_visit(self) -> None:
        plan = RESTAURANT.plan({}, NOT_SHARED, "330502", place=WUXING)

        assert from_home(plan) is None


class TestNextTime:
    @pytest.mark.parametrize(
        ("visits", "mode", "facts", "said"),
        [
            (0, "zero", 3, "The next time this can be done from home: 0 visits, 3 facts are fetched for you."),
            (0, "zero", 1, "The next time this can be done from home: 0 visits, 1 fact is fetched for you."),
            (0, "zero", 0, "The next time this can be done from home: 0 visits."),
            (1, "once", 3, None),
            (0, "one_window", 3, None),
        ],
    )
    def test_is_said_after_what_took_no_visit(self, visits: int, mode: str, facts: int, said: str | None) -> None:
        found = next_time(visits, mode, facts)

        assert (found and found.en) == said


class TestByPost:
    @pytest.mark.parametrize(
        ("outcomes", "is_said"),
        [
            ((Outcome("licence", delivery=("electronic", "post")),), True),
            ((Outcome("licence", delivery=("window", "post")), Outcome()), True),
            ((Outcome("licence", delivery=("window", "post")), Outcome("card", delivery=("window",))), False),
            ((Outcome(),), False),  # nothing on paper: nothing to post
            ((), False),
        ],
    )
    def test_is_said_where_all_on_paper_can_come_by_post(self, outcomes: tuple[Outcome, ...], is_said: bool) -> None:
        assert (by_post(outcomes) is not None) is is_said

    def test_is_a_sentence_in_both_languages(self) -> None:
        assert by_post((Outcome("licence"),)) == Words(
            "纸质结果可以寄到家，少来一次大厅。", "Results on paper can be posted: one way to the hall less."
        )
