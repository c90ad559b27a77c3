"""The sentence each kind of tightening is told in, about a concrete person, in both languages."""

from dataclasses import replace
from random import Random

import pytest

from tests.rules.planner_strategies import BASIS, Case, random_case
from yici.rules.burden import Component
from yici.rules.burden.comparing import Change, compare
from yici.rules.burden.wordings import rewordings
from yici.rules.items import Fee, Item, Necessity, Outcome, Presence, Requirement, Stage, Way, WayKind
from yici.rules.planner import compile_event
from yici.rules.words import Words

DATA, COPY, ORIGINAL = Way(WayKind.DATA, "births.number"), Way(WayKind.UPLOAD), Way(WayKind.ORIGINAL)
PROMISE, DECLARE = Way(WayKind.COMMITMENT), Way(WayKind.DECLARATION)
OATH = Presence("oath", Words("宣誓", "Oath"), Stage.APPLY, ("window", "notary"), BASIS)


def paper(*ways: Way, necessity: Necessity = Necessity.NECESSARY) -> Requirement:
    return Requirement("birth", Words("出生证明", "Proof of birth"), "birth", BASIS, ways, necessity=necessity)


def need(*requirements: Requirement, **more: object) -> Case:
    case = random_case(Random(1), 1)

    def plain(item: Item) -> Item:
        bare = replace(item, requirements=requirements, presences=(), steps=(), standardised=True, fee=Fee(0))
        return replace(bare, outcome=Outcome(), **more)  # type: ignore[arg-type]

    members = tuple(replace(one, when="true") for one in case.event.members)
    event = replace(case.event, name=Words("出生登记", "Birth registration"), members=members)
    return replace(case, event=event).with_items(plain)


def loss(component: Component, old: Case, new: Case) -> Change:
    found = compare(*(compile_event(one.event, one.catalogue) for one in (old, new)))
    return next(one for one in found.losses if one.component is component)


@pytest.mark.parametrize(
    ("component", "old", "new", "zh", "en"),
    [
        pytest.param(
            Component.DEMANDS,
            need(),
            need(paper(DECLARE)),
            "任何人办理“出生登记”时，须由本人提供或说明的事项从 0 项变为 1 项；须提供或说明“出生证明”。",
            "For anybody, “Birth registration”: facts to show or to state from 0 to 1; “Proof of birth” is asked for.",
            id="a new declaration",
        ),
        pytest.param(
            Component.DEMANDS,
            need(paper(DATA, DECLARE)),
            need(paper(DECLARE)),
            "政府已掌握“births.number”的人办理“出生登记”时，须由本人提供或说明的事项从 0 项变为 1 项；"
            "须提供或说明“出生证明”。",
            "For somebody (the government has “births.number”), “Birth registration”: facts to show or to state from 0 "
            "to 1; “Proof of birth” is asked for.",
            id="a declaration instead of data",
        ),
        pytest.param(
            Component.DEMANDS,
            need(paper(COPY, necessity=Necessity.OPTIONAL)),
            need(paper(COPY)),
            "任何人办理“出生登记”时，须由本人提供或说明的事项从 0 项变为 1 项；须提供或说明“出生证明”。",
            "For anybody, “Birth registration”: facts to show or to state from 0 to 1; “Proof of birth” is asked for.",
            id="an optional paper made necessary",
        ),
        pytest.param(
            Component.PAPERS_WITHOUT_CHOICE,
            need(paper(ORIGINAL, PROMISE)),
            need(paper(ORIGINAL)),
            "任何人办理“出生登记”时，不能以承诺或声明代替的材料从 0 份变为 1 份；“出生证明”不得以承诺或声明代替。",
            "For anybody, “Birth registration”: papers that no declaration or commitment replaces from 0 to 1; no "
            "declaration or commitment replaces “Proof of birth”.",
            id="a commitment no longer accepted",
        ),
        pytest.param(
            Component.ORIGINALS_WITHOUT_COPY,
            need(paper(ORIGINAL, COPY)),
            need(paper(ORIGINAL)),
            "任何人办理“出生登记”时，不收复印件的原件从 0 份变为 1 份；不再收“出生证明”的复印件。",
            "For anybody, “Birth registration”: originals for which no copy will do from 0 to 1; no copy of “Proof of "
            "birth” will do.",
            id="a copy no longer accepted",
        ),
        pytest.param(
            Component.PAYMENT,
            need(fee=Fee(500, BASIS, online_payment=True)),
            need(fee=Fee(500, BASIS)),
            "任何人办理“出生登记”时，缴费方式：失去网上缴费。",
            "For anybody, “Birth registration”: ways to pay — loses payment online.",
            id="payment online withdrawn",
        ),
        pytest.param(
            Component.ACCEPTANCE,
            need(acceptance="one_window"),
            need(acceptance="department"),
            "任何人办理“出生登记”时，受理：失去综合窗口受理。",
            "For anybody, “Birth registration”: acceptance — loses acceptance at the integrated window.",
            id="the one window no longer accepts",
        ),
        pytest.param(
            Component.PLACES,
            need(presences=(OATH,)),
            need(presences=(replace(OATH, places=("notary",)),)),
            "任何人办理“出生登记”时，一次办完的地点：失去综合窗口。",
            "For anybody, “Birth registration”: places where one visit does everything — loses the integrated window.",
            id="the one window closed as a place",
        ),
    ],
)
def test_each_tightening_is_told_about_a_person(component: Component, old: Case, new: Case, zh: str, en: str) -> None:
    found = loss(component, old, new)

    assert (found.sentence.zh, found.sentence.en) == (zh, en)


class TestRewordings:
    def test_old_and_new_words_are_listed_with_what_they_are(self) -> None:
        old = need(paper(COPY))
        new = need(replace(paper(COPY), name=Words("出生医学证明", "Birth certificate")))

        found = rewordings(old.catalogue, new.catalogue)

        assert [(one.what, one.old.zh, one.new.zh) for one in found] == [
            (Words("材料 · 名称", "requirements · name"), "出生证明", "出生医学证明")
        ]

    def test_what_came_or_went_with_its_part_is_none(self) -> None:
        assert rewordings(need().catalogue, need(paper(COPY)).catalogue) == []
