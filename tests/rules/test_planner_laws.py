"""What always holds of plans, whatever the event and the person."""

import json
from collections.abc import Mapping
from dataclasses import replace
from random import Random

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from tests.rules.planner_strategies import (
    ALL_ANSWERS,
    QUESTIONS,
    Case,
    completions,
    fewer_answers,
    more_holdings,
    random_case,
    random_holdings,
    random_presence,
    shuffled,
)
from yici.rules.conditions import Answer
from yici.rules.items import Assurance, Item, Requirement, Stage
from yici.rules.planner import PlanCache, compile_event, plan_document
from yici.rules.plans import EvidenceStatus, Mode, Option, Plan

CHANCE = st.randoms(use_true_random=False)
# Cases are made from one stream of chance, which shrinks for minutes and hardly gets smaller.
PHASES = (Phase.explicit, Phase.reuse, Phase.generate)
few = settings(max_examples=50, deadline=None, phases=PHASES)


def told(plan: Plan, *left_out: str) -> str:
    """Return the plan's document as text, byte for byte."""
    return json.dumps({key: value for key, value in plan_document(plan).items() if key not in left_out})


def decided(plan: Plan) -> set[tuple[object, ...]]:
    """Return what a plan has settled: its items, and how each requirement is met."""
    ways = {(row.item, row.requirement, row.way, row.status) for row in plan.evidence}
    return ways | {(item.item,) for item in plan.items}


class TestHoldings:
    @few
    @given(chance=CHANCE)
    def test_more_of_them_never_add_a_visit(self, chance: Random) -> None:
        case = random_case(chance)
        answers = fewer_answers(chance, case.answers)

        less = case.plan(answers)
        more = case.plan(answers, more_holdings(chance, case.holdings))

        assert more.visits <= less.visits
        assert more.visits_at_most <= less.visits_at_most
        assert more.after.papers <= less.after.papers


class TestAnswers:
    @few
    @given(chance=CHANCE)
    def test_more_of_them_never_change_what_is_decided(self, chance: Random) -> None:
        case = random_case(chance)
        some = fewer_answers(chance, case.answers)

        early = case.plan(fewer_answers(chance, some))
        late = case.plan(some)

        assert early.visits <= late.visits <= late.visits_at_most <= early.visits_at_most
        assert decided(early) <= decided(late)
        assert early.days <= late.days

    @few
    @given(chance=CHANCE)
    def test_all_of_them_leave_nothing_open(self, chance: Random) -> None:
        plan = random_case(chance).plan()

        assert plan.questions == ()
        assert plan.visits == plan.visits_at_most


class TestQuestions:
    @settings(max_examples=25, deadline=None, phases=PHASES)
    @given(chance=CHANCE)
    def test_are_those_whose_answers_can_change_the_plan_and_no_others(self, chance: Random) -> None:
        """What only changes the figure of former times, a presence the account waives, need not be asked."""
        case = random_case(chance, most_items=2)
        answers = {key: value for key, value in case.answers.items() if chance.random() < 0.7}
        compiled = compile_event(case.event, case.catalogue)
        plans = [(full, compiled.plan(full, case.holdings)) for full in completions(answers)]
        whole = [(full, told(plan)) for full, plan in plans]
        ahead = [(full, told(plan, "before", "saving")) for full, plan in plans]

        asked = set(compiled.plan(answers, case.holdings).questions)

        left = {key for key in ALL_ANSWERS if key not in answers}
        assert asked >= {key for key in left if self.matters(key, ahead)}
        assert asked <= {key for key in left if self.matters(key, whole)}

    def matters(self, key: str, plans: list[tuple[dict[str, Answer], str]]) -> bool:
        seen: dict[tuple[tuple[str, Answer], ...], str] = {}
        for answers, plan in plans:
            others = tuple(sorted((name, value) for name, value in answers.items() if name != key))
            if seen.setdefault(others, plan) != plan:
                return True
        return False


class TestSameness:
    @few
    @given(chance=CHANCE)
    def test_order_in_the_document_never_matters(self, chance: Random) -> None:
        case = random_case(chance)
        answers = fewer_answers(chance, case.answers)

        assert told(shuffled(chance, case).plan(answers)) == told(case.plan(answers))

    @few
    @given(chance=CHANCE)
    def test_equal_keys_mean_equal_plans(self, chance: Random) -> None:
        case = random_case(chance, most_items=2)
        compiled = compile_event(case.event, case.catalogue)
        answers, holdings = fewer_answers(chance, case.answers), case.holdings
        key, plan = compiled.situation_key(answers, holdings), told(compiled.plan(answers, holdings))
        changed = chance.choice(sorted(ALL_ANSWERS))
        others = [
            ({**answers, changed: chance.choice(ALL_ANSWERS[changed])}, holdings),
            (answers, {**holdings, chance.choice(compiled.wanted or ("*",)): "source_down"}),
            (answers, {**holdings, "assurance": chance.choice(list(Assurance))}),
            (fewer_answers(chance, answers), random_holdings(chance)),
        ]

        for other in others:
            assert compiled.situation_key(*other) != key or told(compiled.plan(*other)) == plan

    @few
    @given(chance=CHANCE)
    def test_the_cache_gives_the_same_plan(self, chance: Random) -> None:
        case = random_case(chance)
        compiled, cache = compile_event(case.event, case.catalogue), PlanCache()

        first = cache.plan(compiled, case.answers, case.holdings, "330502")

        assert cache.plan(compiled, case.answers, {**case.holdings, "nobody.asks": "stale"}, "330502") is first
        assert told(first) == told(case.plan())
        assert (cache.hits, cache.misses) == (1, 1)


class TestPresences:
    @few
    @given(chance=CHANCE)
    def test_one_more_is_never_fewer_visits(self, chance: Random) -> None:
        case = random_case(chance)
        chosen = chance.choice(sorted(case.catalogue.items))

        def burden(item: Item) -> Item:
            presence = random_presence(chance, "more", item.steps)
            if "electronic" not in item.outcome.delivery and presence.stage is Stage.COLLECT:
                # Declared, it would take the place of the one that delivery at a counter implies.
                presence = replace(presence, stage=Stage.APPLY)
            return replace(item, presences=(*item.presences, presence)) if item.key == chosen else item

        harder = case.with_items(burden)
        before = compile_event(case.event, case.catalogue).decide(case.answers, case.holdings)
        after = compile_event(harder.event, harder.catalogue).decide(case.answers, case.holdings)

        assert after.visits >= before.visits

    @few
    @given(chance=CHANCE)
    def test_each_cost_stands_in_one_visit_and_visits_are_ordered(self, chance: Random) -> None:
        plan = random_case(chance).plan()

        causes = [(cause.item, cause.key) for visit in plan.visits_detail for cause in visit.causes]
        assert len(plan.visits_detail) == plan.visits
        assert len(set(causes)) == len(causes) >= plan.visits
        assert {(row.item, row.requirement) for row in plan.bring} <= set(causes)
        assert all(visit.causes and all(cause.removed_by for cause in visit.causes) for visit in plan.visits_detail)


class TestMode:
    @few
    @given(chance=CHANCE)
    def test_follows_from_the_items_and_the_visits(self, chance: Random) -> None:
        plan = random_case(chance).plan()

        if not all(item.standardised for item in plan.items):
            assert plan.mode is Mode.ONE_WINDOW
        else:
            assert plan.mode is {0: Mode.ZERO, 1: Mode.ONCE}.get(plan.visits, Mode.BREACH)


class TestCalendar:
    @few
    @given(chance=CHANCE)
    def test_the_path_is_a_chain_as_long_as_the_plan(self, chance: Random) -> None:
        plan = random_case(chance).plan()

        lengths = [step.finish - step.start for step in plan.path]
        assert sum(lengths) == plan.days
        assert all(step.critical for step in plan.path)
        joins = zip(plan.path, plan.path[1:], strict=False)
        assert all(first.finish == second.start for first, second in joins)
        assert plan.special_days >= 0

    @few
    @given(chance=CHANCE)
    def test_steps_lie_inside_their_item(self, chance: Random) -> None:
        plan = random_case(chance).plan()

        items = {item.item: item for item in plan.items}
        assert all(
            items[step.item].start <= step.start <= step.finish <= items[step.item].finish for step in plan.steps
        )
        assert all(items[other].finish <= item.start for item in plan.items for other in item.waits_for)


class TestPapers:
    @few
    @given(chance=CHANCE)
    def test_are_asked_for_once(self, chance: Random) -> None:
        plan = random_case(chance).plan()

        brought = [row.proves for row in plan.bring]
        assert len(set(brought)) == len(brought)
        borrowed = [row for row in plan.evidence if row.same_as and row.status is EvidenceStatus.ORIGINAL]
        assert all((row.same_as, row.proves) in {(own.item, own.proves) for own in plan.bring} for row in borrowed)

    @few
    @given(chance=CHANCE)
    def test_saving_is_what_was_less_what_is(self, chance: Random) -> None:
        plan = random_case(chance).plan()

        assert plan.before - plan.after == plan.saving
        assert plan.before.applications == len(plan.items)
        assert plan.after.visits == plan.visits


class TestOptions:
    @settings(max_examples=120, deadline=None, phases=PHASES)
    @given(chance=CHANCE)
    def test_each_gives_the_visits_it_promises(self, chance: Random) -> None:
        case = random_case(chance)
        plan = case.plan()

        for option in plan.options:
            assert self.taken(case, option).visits == option.visits <= plan.visits

    def taken(self, case: Case, option: Option) -> Plan:
        if option.assurance:
            return case.plan(holdings={**case.holdings, "assurance": Assurance(option.assurance)})

        def preferring(requirement: Requirement) -> Requirement:
            ways = sorted(requirement.ways, key=lambda way: way.kind is not option.way.kind)
            return replace(requirement, ways=tuple(ways)) if requirement.proves == option.proves else requirement

        chosen = case.with_items(
            lambda item: replace(item, requirements=tuple(preferring(one) for one in item.requirements))
        )
        return chosen.plan()


class TestDocuments:
    @few
    @given(chance=CHANCE)
    def test_are_plain_and_speak_both_languages(self, chance: Random) -> None:
        plan = random_case(chance).plan()

        document = json.loads(told(plan))

        contract = {"mode", "visits", "visits_detail", "bring", "evidence", "items", "days", "path", "questions"}
        assert contract | {"before", "saving"} <= set(document)
        assert all(set(reason) == {"zh", "en"} and all(reason.values()) for reason in document["reasons"])
        assert plan_document(plan, "en")["reasons"] == [reason["en"] for reason in document["reasons"]]
        wanted = {"item", "what", "why", "legal_basis", "legal_level", "removed_by"}
        assert all(wanted <= set(cause) for visit in document["visits_detail"] for cause in visit["causes"])
        self.no_empty_sentence(document["visits_detail"])

    def no_empty_sentence(self, document: object) -> None:
        if isinstance(document, Mapping):
            assert set(document) != {"zh", "en"} or (document["zh"] and document["en"])
            for inner in document.values():
                self.no_empty_sentence(inner)
        elif isinstance(document, list):
            for inner in document:
                self.no_empty_sentence(inner)


def test_the_questions_cover_every_kind_that_decides() -> None:
    assert {question.key for question in QUESTIONS} == set(ALL_ANSWERS)
