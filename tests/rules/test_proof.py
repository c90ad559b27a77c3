from dataclasses import replace
from random import Random
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.rules.planner_strategies import (
    ALL_ANSWERS,
    BASIS,
    QUESTIONS,
    Case,
    completions,
    more_holdings,
    random_case,
    random_item,
)
from yici.rules.datasets import Dataset, Sharing
from yici.rules.items import (
    Assurance,
    Catalogue,
    Element,
    ElementKind,
    Item,
    LifeEvent,
    Member,
    Outcome,
    Period,
    Presence,
    Requirement,
    Special,
    Stage,
    Step,
    Way,
    WayKind,
    as_event,
)
from yici.rules.planner import compile_event
from yici.rules.plans import Mode
from yici.rules.proof import Verdict, VerdictKind, prove, prove_all, verdict_document, verdicts_document
from yici.rules.proof.counterexamples import WORST
from yici.rules.words import Words

ZERO, ONCE, BREACH = VerdictKind.ALWAYS_ZERO, VerdictKind.AT_MOST_ONCE, VerdictKind.BREACH
NOTHING = Words("", "")


def item(key: str = "permit", **parts: object) -> Item:
    """An item that needs nobody and takes five working days, with some parts of its own."""
    plain = replace(
        random_item(Random(0), key, ()),
        requirements=(),
        presences=(),
        steps=(step("handle", 5),),
        outcome=Outcome(),
        standardised=True,
        questions=(),
        promised=Period(5),
        statutory=Period(20),
    )
    return replace(plain, **parts)  # type: ignore[arg-type]


def step(key: str, days: int, **parts: object) -> Step:
    return replace(Step(key, Words(key, key), "", "reviewer", days, 20), **parts)  # type: ignore[arg-type]


def presence(key: str, stage: Stage, *places: str, **parts: object) -> Presence:
    made = Presence(key, Words(f"{key}到场", key), stage, places or ("window",), BASIS)
    return replace(made, **parts)  # type: ignore[arg-type]


def paper(key: str, *ways: str, **parts: object) -> Requirement:
    parsed = tuple(Way(WayKind(way.partition(" ")[0]), way.partition(" ")[2]) for way in ways)
    return replace(Requirement(key, Words(f"{key}证明", key), key, BASIS, parsed), **parts)  # type: ignore[arg-type]


def catalogue(*items: Item, **parts: object) -> Catalogue:
    made = Catalogue({one.key: one for one in items}, {})
    return replace(made, **parts)  # type: ignore[arg-type]


def verdict_of(one: Item, **parts: object) -> Verdict:
    return prove(as_event(one), catalogue(one, **parts))


def need(*members: Member, questions: tuple[Element, ...] = QUESTIONS) -> LifeEvent:
    return LifeEvent("need", Words("一件事", "A need"), NOTHING, "health", ("natural",), members, questions)


def rules_of(verdict: Verdict, *wanted: str) -> list[tuple[str, str]]:
    return [(one.rule, one.where) for one in verdict.findings if one.rule in wanted]


def by_trying(case: Case) -> VerdictKind:
    """Plan for every combination of answers, with nothing at hand."""
    compiled = compile_event(case.event, case.catalogue)
    decisions = [compiled.decide(answers, WORST) for answers in completions({})]
    modes = {decision.mode for decision in decisions}
    if Mode.BREACH in modes:
        return BREACH
    if Mode.ONE_WINDOW in modes:
        return VerdictKind.NOT_PROVABLE
    return ONCE if Mode.ONCE in modes else ZERO


class TestAgainstTryingEverybody:
    @given(chance=st.randoms(use_true_random=False))
    @settings(max_examples=70, deadline=None)
    def test_agrees_on_an_event(self, chance: Random) -> None:
        case = random_case(chance)

        assert prove(case.event, case.catalogue).verdict is by_trying(case)

    def test_agrees_on_events_of_every_kind(self) -> None:
        seen: dict[VerdictKind, int] = dict.fromkeys(VerdictKind, 0)

        for seed in range(100):
            case = random_case(Random(seed), most_items=2)
            found = prove(case.event, case.catalogue)
            assert found.verdict is by_trying(case), seed
            seen[found.verdict] += 1

        assert min(seen.values()) >= 2, seen

    @given(chance=st.randoms(use_true_random=False))
    @settings(max_examples=30, deadline=None)
    def test_more_data_never_break_the_promise(self, chance: Random) -> None:
        case = random_case(chance)
        found = prove(case.event, case.catalogue).verdict
        answers = {key: chance.choice(values) for key, values in ALL_ANSWERS.items()}

        visits = case.plan(answers, more_holdings(chance, {"*": "missing", "assurance": "none"})).visits

        if found in (ZERO, ONCE):
            assert visits <= (found is ONCE)

    @given(chance=st.randoms(use_true_random=False))
    @settings(max_examples=30, deadline=None)
    def test_the_planner_confirms_counter_examples(self, chance: Random) -> None:
        case = random_case(chance)
        found = prove(case.event, case.catalogue).counterexample

        if found:
            plan = case.plan(dict(found.answers), dict(WORST))
            assert plan.mode is Mode.BREACH
            assert plan.visits == found.visits == len({act.visit for act in found.acts})
            deciding = {key: found.answers[key] for key in found.deciding}
            assert case.plan(deciding, dict(WORST)).visits >= 2
            assert found.why.zh
            assert found.why.en


class TestVerdicts:
    def test_nobody_comes_for_an_item_without_presence(self) -> None:
        assert verdict_of(item()).verdict is ZERO

    def test_a_paper_that_may_be_shared_still_costs_a_visit_to_somebody(self) -> None:
        asked = paper("birth", "data births.number", "original births.number")

        assert verdict_of(item(requirements=(asked,))).verdict is ONCE

    def test_capture_before_and_collection_after_five_days_are_two_visits(self) -> None:
        found = verdict_of(
            item(presences=(presence("capture", Stage.APPLY), presence("fetch", Stage.COLLECT)))
        ).counterexample

        assert found
        assert found.visits == 2
        assert [(act.key, act.visit, act.earliest_day) for act in found.acts] == [("capture", 1, 0), ("fetch", 2, 5)]
        assert "“fetch”" in found.why.en
        assert "“capture”" in found.why.en

    def test_what_is_done_on_the_spot_is_one_visit(self) -> None:
        on_the_spot = item(
            presences=(presence("capture", Stage.APPLY), presence("fetch", Stage.COLLECT)), steps=(step("handle", 0),)
        )

        assert verdict_of(on_the_spot).verdict is ONCE

    def test_a_special_procedure_in_between_takes_time(self) -> None:
        hearing = Special("hearing", Words("听证", "hearing"), 10, BASIS, when="married")
        long = item(
            presences=(presence("capture", Stage.APPLY), presence("fetch", Stage.COLLECT)),
            steps=(step("handle", 0, special=(hearing,)),),
            questions=QUESTIONS[:1],
        )

        found = verdict_of(long)

        assert found.verdict is BREACH
        assert found.counterexample
        assert found.counterexample.answers == {"married": True}
        assert found.counterexample.deciding == ("married",)

    @pytest.mark.parametrize(("other", "verdict"), [("married", BREACH), ("!married", ONCE)])
    def test_two_presences_count_only_when_one_person_can_need_both(self, other: str, verdict: VerdictKind) -> None:
        both = (
            presence("capture", Stage.APPLY, when="married"),
            presence("fetch", Stage.COLLECT, when=other),
        )

        assert verdict_of(item(presences=both, questions=QUESTIONS[:1])).verdict is verdict

    def test_a_step_that_cannot_apply_to_the_same_person_keeps_nobody_waiting(self) -> None:
        both = (presence("capture", Stage.APPLY, when="married"), presence("fetch", Stage.COLLECT))
        conditional = (step("handle", 5, when="!married"),)

        assert verdict_of(item(presences=both, steps=conditional, questions=QUESTIONS[:1])).verdict is ONCE

    def test_three_acts_that_share_places_in_pairs_are_not_one_visit(self) -> None:
        acts = (
            presence("blood", Stage.APPLY, "hospital", "window"),
            presence("oath", Stage.APPLY, "window", "notary"),
            presence("photo", Stage.APPLY, "notary", "hospital"),
        )

        found = verdict_of(item(presences=acts)).counterexample

        assert found
        assert found.visits == 2
        assert "No single place" in found.why.en

    def test_signing_in_is_not_taken_for_granted(self) -> None:
        known = presence("identify", Stage.APPLY, waived_by=Assurance.REAL_NAME)

        assert verdict_of(item(presences=(known,))).verdict is ONCE

    def test_nobody_can_promise_anything_for_an_item_not_standardised(self) -> None:
        found = verdict_of(item(standardised=False))

        assert found.verdict is VerdictKind.NOT_PROVABLE
        assert found.reason
        assert "permit" in found.reason.en

    def test_waiting_for_a_result_puts_time_between(self) -> None:
        first = item("first", presences=(presence("capture", Stage.APPLY),))
        asked = paper("result", "result_of first", "upload")
        second = item("second", requirements=(asked,), presences=(presence("check", Stage.APPLY),))
        together = need(Member("first", "married"), Member("second"))
        done_already = need(Member("first", "married"), Member("second", "!married"))

        assert prove(together, catalogue(first, second)).verdict is ONCE
        late = replace(second, presences=(presence("check", Stage.REVIEW),))
        assert prove(together, catalogue(first, late)).verdict is BREACH
        assert prove(done_already, catalogue(first, late)).verdict is ONCE

    def test_says_that_the_solver_gave_up(self) -> None:
        # A knapsack of thirty-six weights keeps any solver busy for longer than it is given here.
        asked = tuple(Element(f"n{at}", NOTHING, NOTHING, ElementKind.INT, minimum=0, maximum=1) for at in range(36))
        weights = [Random(at).randrange(10**11, 10**12) for at in range(36)]
        total = " + ".join(f"{weight} * n{at}" for at, weight in enumerate(weights))
        hard = item(questions=asked, presences=(presence("come", Stage.APPLY, when=f"{total} == {sum(weights) // 2}"),))

        found = prove(as_event(hard), catalogue(hard), limit_ms=20)

        assert found.verdict is VerdictKind.NOT_PROVABLE
        assert found.reason
        assert "Simplify" in found.reason.en


class TestFindings:
    def test_what_nobody_can_ever_need(self) -> None:
        asked = paper("lease", "original", when="order > 3")

        found = verdict_of(item(requirements=(asked,), questions=QUESTIONS[3:4]))

        assert rules_of(found, "never-needed") == [("never-needed", "permit.requirements.lease.when")]
        assert found.verdict is ZERO

    def test_conditions_that_never_or_always_hold(self) -> None:
        acts = (presence("a", Stage.APPLY, when="married && !married"), presence("b", Stage.APPLY, when="order < 4"))

        found = verdict_of(item(presences=acts, questions=QUESTIONS))

        assert rules_of(found, "never-holds", "always-holds") == [
            ("never-holds", "permit.presences.a.when"),
            ("always-holds", "permit.presences.b.when"),
        ]

    def test_a_member_can_make_a_part_of_its_item_impossible(self) -> None:
        asked = paper("lease", "original", when="!married")
        one = item(requirements=(asked,), questions=QUESTIONS[:1])

        found = prove(need(Member("permit", "married")), catalogue(one))

        assert rules_of(found, "never-needed") == [("never-needed", "permit.requirements.lease.when")]
        assert not rules_of(verdict_of(one), "never-needed")

    def test_questions_and_choices_that_change_nothing(self) -> None:
        same = presence("a", Stage.APPLY, when='origin == "abroad" || (married && !married)')

        found = verdict_of(item(presences=(same,), questions=QUESTIONS))

        assert rules_of(found, "changes-nothing", "choices-alike") == [
            *[("changes-nothing", f"permit.questions.{key}") for key in ("married", "local", "renting", "order")],
            ("choices-alike", "permit.questions.origin"),
            ("changes-nothing", "permit.questions.born_on"),
        ]

    def test_a_question_whose_answer_is_itself_wanted_is_not_idle(self) -> None:
        asked = paper("married", "form married")

        assert not rules_of(verdict_of(item(requirements=(asked,), questions=QUESTIONS[:1])), "changes-nothing")

    def test_somebody_leaves_with_nothing(self) -> None:
        found = prove(need(Member("permit", "married && local")), catalogue(item()))

        assert rules_of(found, "no-outcome") == [("no-outcome", "need.members")]

    def test_circles_of_steps_and_of_members(self) -> None:
        steps = (step("a", 1, after=("b",)), step("b", 1, after=("a",)))
        members = (Member("first", after=("second",)), Member("second", after=("first",)))

        assert rules_of(verdict_of(item(steps=steps)), "circle") == [("circle", "permit.steps")]
        found = prove(need(*members), catalogue(item("first"), item("second")))
        assert rules_of(found, "circle") == [("circle", "need.members")]
        assert found.verdict is VerdictKind.NOT_PROVABLE

    def test_a_condition_about_nothing_known_is_no_proof(self) -> None:
        found = verdict_of(item(presences=(presence("a", Stage.APPLY, when="maried"),)))

        assert found.verdict is VerdictKind.NOT_PROVABLE
        assert rules_of(found, "contradiction") == [("contradiction", "permit.presences.a.when")]

    @pytest.mark.parametrize(
        ("sharing", "ways", "found"),
        [
            (Sharing.UNCONDITIONAL, ("upload", "original births.number"), 1),
            (Sharing.UNCONDITIONAL, ("data births.number", "original births.number"), 0),
            (Sharing.CONDITIONAL, ("original births.number",), 0),
            (Sharing.UNCONDITIONAL, ("upload",), 0),
            (Sharing.UNCONDITIONAL, ("declaration",), 0),
        ],
    )
    def test_papers_others_share_already(self, sharing: Sharing, ways: tuple[str, ...], found: int) -> None:
        births = Dataset("births", Words("出生", "births"), "health", "province", sharing, {"number": NOTHING})
        one = item(requirements=(paper("birth", *ways),))

        verdict = verdict_of(one, datasets={"births": births})

        assert rules_of(verdict, "once-only") == [("once-only", "permit.requirements.birth.ways")] * found

    def test_a_fact_another_item_fetches_need_not_be_shown(self) -> None:
        births = Dataset(
            "births", Words("出生", "births"), "health", "province", Sharing.UNCONDITIONAL, {"number": NOTHING}
        )
        fetching = item("fetching", requirements=(paper("birth", "data births.number", "original"),))
        showing = item("showing", requirements=(paper("birth", "upload"),))

        found = prove(as_event(showing), catalogue(fetching, showing, datasets={"births": births}))

        assert rules_of(found, "once-only") == [("once-only", "showing.requirements.birth.ways")]

    def test_promises_above_the_law_and_demands_without_it(self) -> None:
        found = {one.rule for one in verdict_of(item(statutory=Period(3))).findings}

        assert "promise-within-law" in found


class TestAll:
    def test_names_items_by_code_and_events_by_key(self) -> None:
        case = random_case(Random(1), most_items=1)
        whole = replace(case.catalogue, events={case.event.key: case.event})

        verdicts = prove_all(whole)

        assert list(verdicts) == ["330109001000", "need"]
        assert [one.is_event for one in verdicts.values()] == [False, True]

    def test_documents_carry_what_others_script_against(self) -> None:
        both = (presence("capture", Stage.APPLY), presence("fetch", Stage.COLLECT))
        verdict = verdict_of(item(presences=both))

        document = verdicts_document({verdict.code: verdict}, 0.12345)

        assert document["seconds"] == 0.123
        written = document["verdicts"]["330109001000"]
        assert written == verdict_document(verdict)
        assert {"verdict", "counterexample", "findings", "name", "kind"} <= set(written)
        assert {"answers", "visits", "why"} <= set(written["counterexample"])

    def test_one_item_is_proved_while_the_editor_types(self) -> None:
        one = replace(random_item(Random(3), "permit", ()), questions=QUESTIONS)
        prove(as_event(one), catalogue(one))  # the first proof of a process loads the solver's tables
        started = process_time()

        for _ in range(5):
            prove(as_event(one), catalogue(one))

        assert (process_time() - started) / 5 < 0.25  # the bound is 50 ms on a machine of our own
