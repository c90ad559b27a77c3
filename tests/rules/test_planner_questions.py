"""Which questions are worth asking, and in which order."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.rules import conditions_strategies as situations
from tests.rules.planner_examples import AREA, COOKS, KITCHEN, catalogue, event, lease
from yici.rules.conditions import Fact, condition, evaluate
from yici.rules.items import Assurance, Element, ElementKind, Member
from yici.rules.planner import compile_event
from yici.rules.planner.questions import telling_facts

FACTS = {
    fact.key: fact
    for fact in (
        Fact("local", "bool"),
        Fact("married", "bool"),
        Fact("order", "int", minimum=1, maximum=3),
        Fact("rooms", "int", minimum=0),
        Fact("origin", "enum", ("abroad", "city", "province")),
        Fact("born_on", "date"),
    )
}


class TestTellingFacts:
    @pytest.mark.parametrize(
        ("text", "telling"),
        [
            ("local && married", {"local", "married"}),
            ("local || !local", set()),
            ("local && !local", set()),
            ("local ? married : married", {"married"}),
            ("(local || married) && (local || !married)", {"local"}),
            ("order > 3", set()),
            ("order >= 1", set()),
            ("order > 2", {"order"}),
            ("order > 3 || local", {"local"}),
            ("rooms == 17 && local", {"local", "rooms"}),
            ("rooms > 5 || rooms <= 5", set()),
            ('origin in ["city", "province", "abroad"]', set()),
            ('origin != "city"', {"origin"}),
            ('born_on < date("2018-01-02") && born_on > date("2018-01-01")', set()),
            ('born_on < date("2018-01-03") && born_on > date("2018-01-01")', {"born_on"}),
            ('born_on >= date("1900-01-01")', set()),
        ],
    )
    def test_leave_out_what_cannot_matter(self, text: str, telling: set[str]) -> None:
        assert telling_facts(condition(text, FACTS), FACTS) == telling

    @given(data=st.data())
    def test_never_leave_out_what_matters(self, data: st.DataObject) -> None:
        facts = data.draw(situations.facts())
        when = data.draw(situations.conditions(facts))
        answers = data.draw(situations.answers(facts, complete=True))
        key = data.draw(st.sampled_from(sorted(facts)))
        changed = {**answers, key: data.draw(situations.answer_to(facts[key]))}

        if evaluate(when, answers) is not evaluate(when, changed):
            assert key in telling_facts(when, facts)

    def test_keep_all_of_what_is_too_large_to_try(self) -> None:
        many = {f"q{number}": Fact(f"q{number}", "bool") for number in range(12)}

        assert telling_facts(condition(" && ".join(many), many), many) == set(many)


class TestOrder:
    def test_begins_with_the_question_that_decides_most(self) -> None:
        three = tuple(
            lease(key=key, when=when) for key, when in (("a", "area > 9"), ("b", "cooks"), ("c", "area > 99"))
        )
        asked = compile_event(event(Member("kitchen")), catalogue(replace(KITCHEN, requirements=three, presences=())))

        assert asked.plan({}, {}).questions == ("area", "cooks")

    def test_follows_the_event_among_equals(self) -> None:
        two = (lease(key="a", when="area > 9"), lease(key="b", when="cooks"))
        bare = replace(KITCHEN, requirements=two, presences=(), steps=())
        first = replace(event(Member("kitchen")), questions=(COOKS, AREA))
        second = replace(event(Member("kitchen")), questions=(AREA, COOKS))

        asked = [compile_event(one, catalogue(bare)).plan({}, {}).questions for one in (first, second)]

        assert asked == [("cooks", "area"), ("area", "cooks")]

    def test_leaves_out_what_an_account_makes_unnecessary(self) -> None:
        born = Element("born_on", AREA.name, AREA.ask, ElementKind.DATE)
        presence = replace(
            KITCHEN.presences[0], places=("window",), when='born_on > date("2000-01-01")', waived_by=Assurance.SIGNED
        )
        kitchen = replace(KITCHEN, questions=(born,), requirements=(), steps=(), presences=(presence,))
        asked = compile_event(event(Member("kitchen")), catalogue(kitchen))

        assert asked.plan({}, {"assurance": "signed"}).questions == ()
        assert asked.plan({}, {"assurance": "real_name"}).questions == ("born_on",)
        assert asked.plan({"born_on": date(1990, 1, 1)}, {}).questions == ()

    def test_differs_where_the_key_of_the_situation_differs(self) -> None:
        chosen = replace(KITCHEN, requirements=(lease(when="cooks ? area > 9 : rents"),), presences=(), steps=())
        rents = replace(COOKS, key="rents")
        asked = compile_event(event(Member("kitchen")), catalogue(replace(chosen, questions=(COOKS, AREA, rents))))

        plans = {cooks: asked.plan({"cooks": cooks}, {}).questions for cooks in (True, False)}

        assert plans == {True: ("area",), False: ("rents",)}
        assert asked.situation_key({"cooks": True}, {}) != asked.situation_key({"cooks": False}, {})
