"""Events that contradict themselves are refused, with the place and what to do."""

from dataclasses import replace
from typing import Any

import pytest

from tests.rules.planner_examples import (
    AREA,
    COMPANY,
    COOKS,
    KITCHEN,
    ORIGINAL,
    RESTAURANT,
    catalogue,
    event,
    lease,
    presence,
    step,
)
from yici.rules.conditions import CannotAnswer
from yici.rules.items import ElementKind, Item, Member, Stage, Way, WayKind
from yici.rules.planner import CannotCompile, CannotPlan, PlanCache, compile_event


def refusal(*items: Item, members: tuple[Member, ...] = ()) -> CannotCompile:
    with pytest.raises(CannotCompile) as caught:
        compile_event(event(*(members or tuple(Member(one.key) for one in items))), catalogue(COMPANY, KITCHEN, *items))
    assert caught.value.text("zh").startswith(caught.value.where)
    assert str(caught.value).startswith(caught.value.where)
    return caught.value


class TestItems:
    @pytest.mark.parametrize(
        ("changed", "where", "sentence"),
        [
            ({"requirements": (lease(when="area >"),)}, "kitchen.requirements.lease.when", "Line 1, column 7"),
            ({"requirements": (lease(when="area"),)}, "kitchen.requirements.lease.when", "Line 1"),
            ({"requirements": (lease(when="are > 1"),)}, "kitchen.requirements.lease.when", "area"),
            ({"presences": (presence("p", Stage.APPLY, when="cook"),)}, "kitchen.presences.p.when", "cooks"),
            ({"steps": (step("s", 1, when="!are"),)}, "kitchen.steps.s.when", "Line 1"),
            ({"requirements": (lease(), lease())}, "kitchen.requirements.lease", "twice"),
            ({"requirements": (lease(ways=()),)}, "kitchen.requirements.lease.ways", "no way"),
            (
                {"requirements": (lease(ways=(Way(WayKind.DATA, "lease.filing"),)),)},
                "kitchen.requirements.lease.ways",
                "no dataset “lease”. Did you mean “leases”?",
            ),
            (
                {"requirements": (lease(ways=(Way(WayKind.DATA, "leases.fling"),)),)},
                "kitchen.requirements.lease.ways",
                "Did you mean “filing”?",
            ),
            (
                {"requirements": (lease(ways=(Way(WayKind.ORIGINAL, "homes.deed"),)),)},
                "kitchen.requirements.lease.ways",
                "no dataset “homes”",
            ),
            (
                {"requirements": (lease(ways=(Way(WayKind.LICENCE, "business_license"),)),)},
                "kitchen.requirements.lease.ways",
                "Did you mean “business_licence”?",
            ),
            (
                {"requirements": (lease(ways=(Way(WayKind.RESULT_OF, "compny"),)),)},
                "kitchen.requirements.lease.ways",
                "Did you mean “company”?",
            ),
            (
                {"requirements": (lease(ways=(Way(WayKind.FORM, "aera"),)),)},
                "kitchen.requirements.lease.ways",
                "Did you mean “area”?",
            ),
            (
                {"presences": (presence("p", Stage.APPLY, "windo"),)},
                "kitchen.presences.p.places",
                "Did you mean “window”?",
            ),
            ({"presences": (replace(presence("p", Stage.APPLY), places=()),)}, "kitchen.presences.p", "no place"),
            (
                {"presences": (presence("p", Stage.REVIEW, after=("chek",)),)},
                "kitchen.presences.p.after",
                "Did you mean “check”?",
            ),
            (
                {"presences": (presence("p", Stage.APPLY, after=("check",)),)},
                "kitchen.presences.p.after",
                "only a presence of the review stage",
            ),
            ({"steps": (step("a", 1, ("b",)),)}, "kitchen.steps.a.after", "no step of this item “b”"),
            ({"steps": (step("a", -1),)}, "kitchen.steps.a", "negative"),
            (
                {"steps": (step("a", 1, ("b",)), step("b", 1, ("a",)), step("c", 1, ("b",)))},
                "kitchen.steps",
                "a → b → a",
            ),
        ],
        ids=lambda value: value if isinstance(value, str) else "",
    )
    def test_says_where_and_what(self, changed: dict[str, Any], where: str, sentence: str) -> None:
        plain = replace(KITCHEN, requirements=(), presences=())

        found = refusal(replace(plain, **changed))

        assert found.where == where
        assert sentence in str(found)

    def test_refuses_a_question_of_two_kinds(self) -> None:
        other = replace(COMPANY, questions=(replace(COOKS, kind=ElementKind.INT),))

        assert refusal(other, KITCHEN).where == "kitchen.questions.cooks"

    def test_refuses_a_question_with_an_impossible_range(self) -> None:
        found = refusal(replace(KITCHEN, questions=(COOKS, replace(AREA, minimum=9, maximum=1))))

        assert found.where == "kitchen.questions.area"


class TestEvents:
    def test_refuses_an_empty_one(self) -> None:
        with pytest.raises(CannotCompile, match="there is no item"):
            compile_event(event(), catalogue(COMPANY))

    def test_refuses_an_unknown_item_and_suggests_one(self) -> None:
        assert "Did you mean “company”?" in str(refusal(members=(Member("compony"),)))

    def test_refuses_to_wait_for_what_is_not_there(self) -> None:
        assert refusal(members=(Member("kitchen", after=("company",)),)).where == "restaurant.members.kitchen.after"

    def test_refuses_an_item_twice(self) -> None:
        assert refusal(members=(Member("company"), Member("company"))).where == "restaurant.members.company"

    def test_refuses_a_fault_in_a_member_condition(self) -> None:
        found = refusal(members=(Member("kitchen", when="cooks ="),))

        assert found.where == "restaurant.members.kitchen.when"

    def test_refuses_items_that_wait_for_each_other(self) -> None:
        # The kitchen needs the company's result; the company would wait for the kitchen.
        found = refusal(members=(Member("company", after=("kitchen",)), Member("kitchen")))

        assert "company → kitchen → company" in str(found)

    def test_refuses_an_item_that_needs_its_own_result(self) -> None:
        own = replace(COMPANY, requirements=(lease(ways=(Way(WayKind.RESULT_OF, "company"), ORIGINAL)),))

        assert "company → company" in str(refusal(own))


class TestAsking:
    def test_refuses_an_unknown_answer_and_suggests_the_question(self) -> None:
        with pytest.raises(CannotAnswer, match="Did you mean “cooks”"):
            RESTAURANT.plan({"cook": True}, {})

    @pytest.mark.parametrize(
        ("holdings", "sentence"),
        [
            ({"leases.filing": "shared"}, "“shared” cannot be the availability of “leases.filing”"),
            ({"*": "everything"}, "“everything”"),
            ({"assurance": "bank"}, "none, registered, real_name, signed"),
            ({"leases.filing": ["available"]}, "availability of “leases.filing”"),
        ],
        ids=str,
    )
    def test_refuses_unknown_states_of_data(self, holdings: dict[str, str], sentence: str) -> None:
        with pytest.raises(CannotPlan) as caught:
            RESTAURANT.plan({}, holdings)

        assert sentence in str(caught.value)
        assert caught.value.text("zh")


class TestCache:
    def test_forgets_the_plan_not_asked_for_longest(self) -> None:
        cache = PlanCache(size=2)
        held = [{"assurance": "none", "leases.filing": state} for state in ("available", "missing", "stale")]

        for holdings in (held[0], held[1], held[0], held[2], held[0]):
            cache.plan(RESTAURANT, {"cooks": True, "area": 99}, holdings)

        assert (len(cache), cache.hits, cache.misses) == (2, 2, 3)

    def test_tells_places_and_events_apart(self) -> None:
        cache, again = PlanCache(), compile_event(RESTAURANT.event, catalogue(COMPANY, KITCHEN))

        for compiled, region in ((RESTAURANT, "330502"), (RESTAURANT, "330503"), (again, "330502")):
            assert cache.plan(compiled, {}, {}, region).region == region

        assert (cache.hits, cache.misses) == (0, 3)
