"""A situation gets a promise of its own only where the past shows it, and nobody else waits longer for it."""

from dataclasses import replace
from itertools import product
from math import comb
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.rules.test_suggestions import catalogue, item, paper, presence, said, step
from yici.rules.burden import Component
from yici.rules.burden.needs import compare_catalogues
from yici.rules.items import Element, ElementKind, Item, Period, Stage, Step, as_event
from yici.rules.planner import compile_event
from yici.rules.situation_splits import (
    FEWEST,
    Group,
    HandledStep,
    measured,
    split_item,
    split_suggestions,
    splits,
)
from yici.rules.suggestions import SuggestionKind

COMPANY = Element("company", said("公司"), said("是公司吗？"), ElementKind.BOOL)
SIZES = (("small", said("小")), ("middle", said("中")), ("large", said("大")))
SIZE = Element("size", said("规模"), said("多大？"), ElementKind.ENUM, SIZES)
AGE = Element("age", said("年龄"), said("几岁？"), ElementKind.INT)
PROMISED = 10


def reviewed(*, when: str = "true", questions: tuple[Element, ...] = (COMPANY, SIZE, AGE)) -> Item:
    review = replace(step("review", "reviewer", "accept"), promised_days=PROMISED, statutory_days=20, when=when)
    steps = (step("accept", "window"), review, step("issue", "decider", "review"))
    return item(
        questions=questions,
        steps=steps,
        statutory=Period(30),
        promised=Period(PROMISED + 4),
        presences=(presence("talk", Stage.REVIEW, after=("review",)),),
    )


def past(chance: Random, cases: int, *, quick: str = "") -> dict[str, list[HandledStep]]:
    """Return cases that take anything up to the promise, but two days at most in the ``quick`` size."""
    rows = []
    for _ in range(cases):
        answers = {"company": chance.random() < 0.5, "size": chance.choice(["small", "middle", "large"]), "age": 3}
        days = chance.randint(0, 2) if answers["size"] == quick else chance.randint(0, PROMISED)
        rows.append(HandledStep(answers, days))
    return {"review": rows}


class TestFinding:
    def test_a_planted_situation_is_found_with_its_days_and_counts(self) -> None:
        for seed in range(5):
            handled = past(Random(seed), 600, quick="small")

            (split,) = splits(reviewed(), handled)
            (found,) = split.steps

            assert (found.step.key, found.group.question.key, found.group.value) == ("review", "size", "small")
            assert (found.days, found.group.others) == (2, False)
            quick = [row for row in handled["review"] if row.answers["size"] == "small"]
            assert (found.cases, found.kept, found.others) == (len(quick), len(quick), 600 - len(quick))
            assert found.others_kept == sum(row.days <= 2 and row not in quick for row in handled["review"])

    def test_answers_that_tell_nothing_split_at_most_one_item_in_twenty(self) -> None:
        assert sum(bool(splits(reviewed(), past(Random(seed), 600))) for seed in range(20)) <= 1

    def test_chance_alone_never_makes_more_than_its_share_of_splits_where_most_are_quick(self) -> None:
        """So quick that any group keeps the shorter promise, so slow that all together do not."""
        found = 0
        for seed in range(200):
            chance = Random(seed)
            rows = [
                HandledStep({"company": chance.random() < 0.5}, 2 if chance.random() < 0.95 else 9) for _ in range(400)
            ]
            found += bool(splits(reviewed(questions=(COMPANY,)), {"review": rows}))
        assert found <= 10

    def test_what_everybody_can_be_promised_is_no_situation(self) -> None:
        rows = [HandledStep({"company": n % 2 == 0}, 2 if n % 50 else 3 * (n % 2)) for n in range(1000)]

        assert splits(reviewed(), {"review": rows}) == []

    def test_too_few_cases_tell_nothing(self) -> None:
        def rows(ours: int, theirs: int) -> dict[str, list[HandledStep]]:
            return {"review": [HandledStep({"company": n < ours}, 1 if n < ours else 9) for n in range(ours + theirs)]}

        assert len(splits(reviewed(), rows(FEWEST, 20))) == 1
        assert splits(reviewed(), rows(FEWEST - 1, 20)) == splits(reviewed(), rows(FEWEST, 19)) == []

    def test_a_question_that_was_not_asked_of_nearly_everybody_is_not_asked_now(self) -> None:
        def rows(unasked: int) -> dict[str, list[HandledStep]]:
            known = [HandledStep({"company": n % 2 == 0}, 1 if n % 2 == 0 else 9) for n in range(400)]
            return {"review": [*known, *[HandledStep({"company": None}, 9)] * unasked]}

        assert len(splits(reviewed(), rows(20))) == 1
        assert splits(reviewed(), rows(40)) == []

    @given(st.integers(0, 9), st.integers(1, 9), st.integers(0, 9), st.integers(1, 9))
    def test_the_chance_is_that_of_all_ways_to_deal_the_answers_out(
        self, kept: int, late: int, others_kept: int, others_late: int
    ) -> None:
        ours, theirs = [1] * kept + [9] * late, [1] * others_kept + [9] * others_late
        found = measured(reviewed().steps[1], Group(COMPANY, True), 1, ours, theirs)

        every, quick, group = len(ours) + len(theirs), kept + others_kept, len(ours)
        as_many = sum(
            comb(quick, n) * comb(every - quick, group - n) for n in range(kept, min(quick, group) + 1)
        ) / comb(every, group)
        assert found.chance == pytest.approx(as_many)


@settings(max_examples=20, deadline=None)
@given(
    st.sampled_from(["true", "company", '!company || size == "large"', "age > 5"]),
    st.sampled_from(["small", "middle", "large"]),
    st.booleans(),
    st.integers(0, 3),
)
def test_nobody_loses_and_the_situation_gains(when: str, quick: str, with_paper: bool, seed: int) -> None:
    one = reviewed(when=when)
    one = replace(one, requirements=(paper(),)) if with_paper else one
    handled = past(Random(seed), 600, quick=quick)
    before = catalogue(one)

    (found,) = splits(one, handled)
    changed, quicker = split_item(one, found), found.steps[0]

    comparison = compare_catalogues(before, replace(before, items={one.key: changed}))
    assert comparison.nobody_loses
    assert {gain.component for gain in comparison.gains} == {Component.PROMISED_DAYS}
    days_of = [
        {
            (company, size, age): compile_event(as_event(x), catalogue(x))
            .decide({"company": company, "size": size, "age": age}, {"*": "missing"})
            .days
            for company, size, age in product((True, False), ("small", "middle", "large"), (3, 8))
        }
        for x in (one, changed)
    ]
    for person, days in days_of[0].items():
        has_step = days == PROMISED + 4
        assert days_of[1][person] == (days - PROMISED + quicker.days if person[1] == quick and has_step else days)


def test_the_suggestion_says_what_was_counted() -> None:
    rows = [HandledStep({"company": n % 2 == 0}, 1 if n % 2 == 0 else 9) for n in range(400)]

    (found,) = split_suggestions(reviewed(), {"review": rows})

    assert (found.kind, found.part) == (SuggestionKind.SPLIT, "company")
    assert "承诺 1 个工作日（现为 10 个；" in found.words.zh
    assert "200 of 200 such cases took no longer, and 0 of 200 others" in found.words.en
    assert [(one.key, one.when, one.promised_days) for one in found.item.steps[1:3]] == [
        ("review", "!company", 10),
        ("review_2", "company", 1),
    ]
    assert [one.after for one in (found.item.steps[3], found.item.presences[0])] == [("review", "review_2")] * 2


def test_a_second_split_finds_a_free_key() -> None:
    taken: tuple[Step, ...] = (*reviewed().steps, step("review_2", "reviewer", "accept"))
    rows = [HandledStep({"company": n % 2 == 0}, 1 if n % 2 == 0 else 9) for n in range(400)]

    (found,) = split_suggestions(replace(reviewed(), steps=taken), {"review": rows})

    assert [one.key for one in found.item.steps] == ["accept", "review", "review_3", "issue", "review_2"]


def test_a_situation_is_quicker_in_all_its_steps_at_once() -> None:
    """Side by side, one step made quicker spares nobody a day: the situation is what is promised less."""
    beside = replace(step("survey", "surveyor", "accept"), promised_days=PROMISED, statutory_days=20)
    one = reviewed()
    one = replace(one, steps=(*one.steps[:2], beside, replace(one.steps[2], after=("review", "survey"))))
    rows = [HandledStep({"company": n % 2 == 0}, 1 if n % 2 == 0 else 9) for n in range(400)]

    (found,) = split_suggestions(one, {"review": rows, "survey": rows})

    assert [(x.key, x.when) for x in found.item.steps[1:5]] == [
        ("review", "!company"),
        ("review_2", "company"),
        ("survey", "!company"),
        ("survey_2", "company"),
    ]
    assert found.item.steps[5].after == ("review", "review_2", "survey", "survey_2")
    days = [
        compile_event(as_event(x), catalogue(x)).decide({"company": True}, {"*": "missing"}).days
        for x in (one, found.item)
    ]
    assert days == [PROMISED + 4, 5]
