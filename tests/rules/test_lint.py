"""The consistency rules: each is found in a file made to break it, and none in a good one."""

from dataclasses import replace
from pathlib import Path

import pytest

from yici.apps.catalogue.document_reading import event_from_document, item_from_document
from yici.apps.catalogue.yaml_reading import read_yaml
from yici.rules.items import Assurance, Catalogue, Element, ElementKind, Item, LifeEvent, Period, Way, WayKind
from yici.rules.lint import RULES, lint, lint_event, lint_item, needs_visit
from yici.rules.lint.law import no_catch_all_papers
from yici.rules.words import Words

FOLDER = Path(__file__).parent / "bad_items"
EMPTY = Catalogue(items={}, events={})


def document(name: str) -> dict:
    sources, faults = read_yaml((FOLDER / f"{name}.yaml").read_bytes(), name)
    assert not faults
    return sources[0].value


def item(name: str) -> Item:
    return item_from_document(document(name))


def event(name: str) -> LifeEvent:
    return event_from_document(document(name))


FOUND = {
    "bad_licence": {
        "3-result-type",
        "8-fee",
        "9-phones",
        "11-faq",
        "12-five-steps",
        "13-sample",
        "promise-within-law",
        "promise-is-sum",
        "guide-complete",
        "demand-has-basis",
        "licence-rests-on-law",
        "no-catch-all",
        "not-twice",
        "commitment-offered",
    },
    "bad_visit": {"1-immediate", "4-visit-reason", "7-depth"},
    "bad_no_visit": {"1-immediate", "2-reviewed", "5-no-visit-no-reason", "6-post", "8-fee", "channels-open"},
}


class TestLint:
    def test_finds_nothing_in_a_good_item(self) -> None:
        assert lint_item(item("good"), EMPTY) == []

    @pytest.mark.parametrize(("name", "rules"), FOUND.items())
    def test_finds_what_a_bad_file_breaks_and_nothing_else(self, name: str, rules: set[str]) -> None:
        assert {finding.rule for finding in lint_item(item(name), EMPTY)} == rules

    def test_finds_each_of_its_rules_somewhere(self) -> None:
        good, bad = item("good"), event("bad_event")
        whole = Catalogue(items={"reading_card": good, **{name: item(name) for name in FOUND}}, events={"bad": bad})

        assert {finding.rule for finding in lint(whole)} == {name for name, _ in RULES}

    def test_names_the_place_and_speaks_both_languages(self) -> None:
        findings = lint_item(item("bad_licence"), EMPTY)

        assert "bad_licence.requirements.others" in {finding.where for finding in findings}
        assert all(finding.sentence.zh.endswith("。") and finding.sentence.en.endswith(".") for finding in findings)

    def test_finds_an_event_for_the_wrong_people(self) -> None:
        catalogue = Catalogue(items={"reading_card": item("good")}, events={})

        places = {finding.where for finding in lint_event(event("bad_event"), catalogue)}

        assert places == {"bad_event.topic", "bad_event.members.reading_card"}

    def test_compares_working_days_with_calendar_days(self) -> None:
        ten_days = replace(item("good"), statutory=Period(10, "D"), promised=Period(8, "W"))

        assert "promise-within-law" in {finding.rule for finding in lint_item(ten_days, EMPTY)}
        seven = replace(ten_days, promised=Period(7, "W"))
        assert "promise-within-law" not in {finding.rule for finding in lint_item(seven, EMPTY)}

    def test_takes_the_longest_chain_and_not_the_sum_of_parallel_steps(self) -> None:
        good = item("good")
        beside = replace(good.steps[1], key="survey", name=Words("勘验", "Survey"))

        assert lint_item(replace(good, steps=(*good.steps, beside)), EMPTY) == []

    @pytest.mark.parametrize("name", ["其他材料", "有关证明材料", "身份证等材料", "需要的资料", "相关文件"])
    def test_refuses_catch_all_names(self, name: str) -> None:
        good = item("good")
        changed = replace(good, requirements=(replace(good.requirements[0], name=Words(name, "A paper")),))

        assert list(no_catch_all_papers(changed, EMPTY))

    @pytest.mark.parametrize("name", ["有关部门的批准文件", "等级证书", "其他权利人的身份证明", "文件等级鉴定书"])
    def test_takes_names_that_only_sound_alike(self, name: str) -> None:
        good = item("good")
        changed = replace(good, requirements=(replace(good.requirements[0], name=Words(name, "A paper")),))

        assert not list(no_catch_all_papers(changed, EMPTY))


class TestNeedsVisit:
    def test_says_no_when_only_a_missing_datum_would_bring_a_paper(self) -> None:
        assert not needs_visit(item("good"))

    def test_says_yes_when_only_the_paper_itself_will_do(self) -> None:
        good = item("good")
        paper = replace(good.requirements[0], ways=(Way(WayKind.ORIGINAL),))

        assert needs_visit(replace(good, requirements=(paper,)))

    def test_says_yes_when_the_result_is_only_handed_out(self) -> None:
        good = item("good")

        assert needs_visit(replace(good, outcome=replace(good.outcome, delivery=("window",))))

    @pytest.mark.parametrize(
        ("change", "needed"),
        [
            ({"places": ("window", "video")}, False),
            ({"waived_by": Assurance.REAL_NAME}, False),
            ({"when": "age < 18"}, True),
            ({}, True),
        ],
    )
    def test_judges_a_presence_by_where_it_can_be_served(self, change: dict, needed: bool) -> None:
        visited = item("bad_visit")
        age = Element("age", Words("年龄", "Age"), Words("几岁？", "How old?"), ElementKind.INT)
        changed = replace(visited, questions=(age,), presences=(replace(visited.presences[0], **change),))

        assert needs_visit(changed) is needed
