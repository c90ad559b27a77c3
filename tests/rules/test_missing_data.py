"""What a plan lacks, confirmed by the planner: open the links, and nobody has to come."""

from itertools import product
from random import Random

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from tests.rules.planner_strategies import Case, random_case
from yici.rules.links import Lack
from yici.rules.missing_data import missing_in
from yici.rules.planner import compile_event, plan_document

CHANCE = st.randoms(use_true_random=False)
PHASES = (Phase.explicit, Phase.reuse, Phase.generate)


def visits_with(case: Case, opened: set[str]) -> int:
    return case.plan(case.answers, {**case.holdings, **dict.fromkeys(opened, "available")}).visits


def wanted(case: Case) -> set[str]:
    return set(compile_event(case.event, case.catalogue).wanted)


class TestMissingIn:
    @settings(max_examples=150, deadline=None, phases=PHASES)
    @given(chance=CHANCE)
    def test_a_choice_from_every_part_spares_every_visit(self, chance: Random) -> None:
        case = random_case(chance)

        lack = missing_in(plan_document(case.plan()), by_field=True)

        if lack is None:
            assert case.plan().visits == 0 or visits_with(case, wanted(case)) > 0
        else:
            for opened in list(product(*lack))[:20]:
                assert visits_with(case, set(opened)) == 0

    @settings(max_examples=100, deadline=None, phases=PHASES)
    @given(chance=CHANCE)
    def test_a_part_left_out_leaves_a_visit(self, chance: Random) -> None:
        case = random_case(chance)

        lack: Lack = missing_in(plan_document(case.plan()), by_field=True) or frozenset()

        for part in lack:
            assert visits_with(case, wanted(case) - part) > 0

    def test_a_dataset_is_one_link_whatever_its_fields(self) -> None:
        tried = [
            {"way": "data", "target": "marriages.certificate"},
            {"way": "data", "target": "marriages.spouse"},
            {"way": "licence", "target": "marriage"},
        ]
        row = {"item": "a", "requirement": "r", "status": "original", "tried": tried}
        document = {"evidence": [row], "visits_detail": [{"causes": [{"item": "a", "key": "r"}]}]}

        assert missing_in(document) == {frozenset({"marriages", "licence:marriage"})}
        assert missing_in(document, by_field=True) == {
            frozenset({"marriages.certificate", "marriages.spouse", "licence:marriage"})
        }

    def test_an_act_that_needs_the_person_is_there_whatever_is_shared(self) -> None:
        row = {
            "item": "a",
            "requirement": "r",
            "status": "original",
            "tried": [{"way": "data", "target": "x.y", "status": "missing"}],
        }
        causes = [{"item": "a", "key": "r"}, {"item": "a", "key": "interview"}]

        assert missing_in({"evidence": [row], "visits_detail": [{"causes": causes}]}) is None
