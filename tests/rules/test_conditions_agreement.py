"""The slow evaluator, the compiled one, the solver and the shortened condition say the same."""

from typing import Any

import z3 as untyped_z3
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.rules.conditions_strategies import answer_to, answers, conditions, facts
from yici.rules.conditions import (
    Answer,
    Condition,
    Fact,
    check,
    check_answers,
    compile_all,
    compile_one,
    condition,
    evaluate,
    parse,
    partial,
    reason_for,
    text_of,
    undecided_facts,
)
from yici.rules.conditions.checked import condition_of
from yici.rules.conditions.solver import Unknowns, declare, read_model, to_z3

z3: Any = untyped_z3  # it ships without types

FEW = settings(deadline=None, max_examples=40)

Case = tuple[dict[str, Fact], list[Condition], dict[str, Answer]]


@st.composite
def cases(draw: st.DrawFn, complete: bool = False, most: int = 1) -> Case:
    known = draw(facts())
    several = draw(st.lists(conditions(known), min_size=1, max_size=most))
    return known, several, draw(answers(known, complete))


def substituted(formula: Any, unknowns: Unknowns, given_answers: dict[str, Answer]) -> Any:
    solver = z3.Solver(ctx=unknowns.context)
    solver.add(*unknowns.domain)
    for key, answer in given_answers.items():
        fact = unknowns.facts[key]
        solver.add(to_z3(condition(_equals(fact, answer), {key: fact}), unknowns))
    assert solver.check() == z3.sat
    return solver.model().eval(formula, model_completion=True)


def _equals(fact: Fact, answer: Answer) -> str:
    written = {"bool": str(answer).lower(), "enum": f'"{answer}"', "date": f'date("{answer}")'}
    return f"{fact.key} == {written.get(fact.kind, str(answer))}"


class TestCompiled:
    @FEW
    @given(cases(most=4))
    def test_agrees_with_the_slow_evaluator_whatever_is_unknown(self, case: Case) -> None:
        _, several, given_answers = case

        decided = compile_all(several)(given_answers)

        assert decided == tuple(evaluate(each, given_answers) for each in several)
        assert all(value is None or isinstance(value, bool) for value in decided)

    @FEW
    @given(cases(complete=True, most=4))
    def test_agrees_with_the_slow_evaluator_when_all_is_known(self, case: Case) -> None:
        _, several, given_answers = case

        assert compile_all(several)(given_answers) == tuple(evaluate(each, given_answers) for each in several)

    @FEW
    @given(cases())
    def test_decides_one_condition_alone(self, case: Case) -> None:
        _, (only,), given_answers = case

        assert compile_one(only)(given_answers) is evaluate(only, given_answers)

    def test_decides_no_conditions(self) -> None:
        assert compile_all([])({}) == ()

    def test_bears_the_deepest_nesting_allowed(self) -> None:
        known = {"a": Fact("a", "bool"), "n": Fact("n", "int")}
        deep = "n"
        for level in range(18):
            deep = f"(a ? {level} : {deep} + 1)"
        deepest = condition(f"{deep} > 3 || !a", known)

        assert compile_one(deepest)({"n": 0}) is evaluate(deepest, {"n": 0})
        assert compile_one(deepest)({"n": 0, "a": False}) is evaluate(deepest, {"n": 0, "a": False})


class TestSolver:
    @FEW
    @given(cases(complete=True))
    def test_agrees_with_the_evaluator_for_every_person(self, case: Case) -> None:
        known, (only,), given_answers = case
        unknowns = declare(known.values())

        outcome = substituted(to_z3(only, unknowns), unknowns, given_answers)

        assert z3.is_true(outcome) is evaluate(only, given_answers)
        assert z3.is_false(outcome) is not evaluate(only, given_answers)

    @FEW
    @given(cases(), st.booleans())
    def test_finds_people_that_the_evaluator_confirms(self, case: Case, wanted: bool) -> None:
        known, (only,), _ = case
        unknowns = declare(known.values(), z3.Context())
        solver = z3.Solver(ctx=unknowns.context)
        solver.add(*unknowns.domain, to_z3(only, unknowns) == wanted)

        if solver.check() == z3.sat:
            person = read_model(solver.model(), unknowns)
            assert check_answers(person, known) == person
            assert evaluate(only, person) is wanted

    def test_knows_the_limits_of_answers(self) -> None:
        order = {"child_order": Fact("child_order", "int", minimum=1, maximum=9)}
        unknowns = declare(order.values())
        solver = z3.Solver(ctx=unknowns.context)
        solver.add(*unknowns.domain, to_z3(condition("child_order < 1", order), unknowns))

        assert solver.check() == z3.unsat

    def test_keeps_facts_apart_that_share_some_values(self) -> None:
        known = {"home": Fact("home", "enum", ("a", "x", "b")), "work": Fact("work", "enum", ("b", "c"))}
        unknowns = declare([known["home"], known["work"], Fact("other", "enum", ("a", "c"))])
        solver = z3.Solver(ctx=unknowns.context)
        solver.add(*unknowns.domain)
        other = unknowns.variables["other"]

        found = set()
        while solver.check() == z3.sat:
            found.add(read_model(solver.model(), unknowns)["other"])
            solver.add(other != solver.model()[other])

        assert found == {"a", "c"}


class TestPartial:
    @FEW
    @given(cases(), st.data())
    def test_gives_the_same_result_with_the_other_answers(self, case: Case, data: st.DataObject) -> None:
        known, (only,), first = case
        later = data.draw(answers({key: fact for key, fact in known.items() if key not in first}))

        rest = partial(only, first)

        assert evaluate(rest, later) is evaluate(only, first | later)
        assert compile_one(rest)(later) is evaluate(rest, later)
        assert rest.facts.isdisjoint(first)

    @FEW
    @given(cases())
    def test_can_be_read_again(self, case: Case) -> None:
        _, (only,), first = case

        rest = partial(only, first)

        assert text_of(parse(rest.text)) == rest.text

    @FEW
    @given(cases())
    def test_is_decided_exactly_when_the_evaluator_is(self, case: Case) -> None:
        _, (only,), first = case

        if evaluate(only, first) is not None:
            assert partial(only, first).text == str(evaluate(only, first)).lower()
            assert undecided_facts(only, first) == frozenset()

    @FEW
    @given(cases(), st.data())
    def test_other_facts_change_nothing(self, case: Case, data: st.DataObject) -> None:
        known, (only,), first = case
        idle = {
            key: fact for key, fact in known.items() if key not in first | dict.fromkeys(undecided_facts(only, first))
        }

        assert evaluate(only, first | data.draw(answers(idle))) is evaluate(only, first)


class TestEvaluate:
    @FEW
    @given(cases(), st.data())
    def test_more_answers_never_change_a_decided_condition(self, case: Case, data: st.DataObject) -> None:
        known, (only,), first = case
        more = {key: data.draw(answer_to(fact)) for key, fact in known.items() if key not in first}

        decided = evaluate(only, first)

        assert decided is None or evaluate(only, first | more) is decided

    @FEW
    @given(cases(complete=True))
    def test_is_decided_when_everything_is_answered(self, case: Case) -> None:
        _, (only,), everything = case

        assert evaluate(only, everything) is not None


class TestText:
    @FEW
    @given(cases())
    def test_is_read_back_as_the_same_tree(self, case: Case) -> None:
        known, (only,), _ = case

        assert check(parse(text_of(only.tree)), known) == only.tree


class TestReason:
    @FEW
    @given(cases())
    def test_holds_and_needs_no_fact_beyond_the_condition(self, case: Case) -> None:
        _, (only,), given_answers = case

        reason = reason_for(only, given_answers)

        assert (reason is None) is (evaluate(only, given_answers) is None)
        if reason is not None:
            assert evaluate(condition_of(reason), given_answers) is True
            assert condition_of(reason).facts <= only.facts
