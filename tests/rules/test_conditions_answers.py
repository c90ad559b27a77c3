"""Which facts can be declared, and which answers their questions allow."""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.rules.conditions_examples import FACTS
from tests.rules.conditions_strategies import answer_to
from yici.rules.conditions import CannotAnswer, CannotDeclare, Fact, check_answer, check_answers


def refusal_of(fact: Fact, value: object) -> CannotAnswer | None:
    try:
        check_answer(fact, value)
    except CannotAnswer as refusal:
        return refusal
    return None


class TestFact:
    @pytest.mark.parametrize(
        ("fault", "sentence"),
        [
            ({"key": "孩子", "kind": "bool"}, "unusable name"),
            ({"key": "a.in", "kind": "bool"}, "unusable name"),
            ({"key": "a..b", "kind": "bool"}, "unusable name"),
            ({"key": "a", "kind": "enum"}, "unusable values"),
            ({"key": "a", "kind": "enum", "values": ("x", "x")}, "unusable values"),
            ({"key": "a", "kind": "enum", "values": ('x"',)}, "unusable values"),
            ({"key": "a", "kind": "bool", "values": ("x",)}, "unusable values"),
            ({"key": "a", "kind": "int", "minimum": 3, "maximum": 2}, "unusable range"),
            ({"key": "a", "kind": "date", "minimum": 3}, "unusable range"),
        ],
    )
    def test_refuses_what_no_condition_could_use(self, fault: dict[str, object], sentence: str) -> None:
        with pytest.raises(CannotDeclare, match=sentence):
            Fact(**fault)  # type: ignore[arg-type]


class TestCheckAnswers:
    def test_reads_what_json_and_forms_deliver(self) -> None:
        given_answers = {
            "married": "true",
            "insured": False,
            "age": " 34 ",
            "residence": "local",
            "born_on": "2018-01-31",
        }

        assert check_answers(given_answers, FACTS) == {
            "married": True,
            "insured": False,
            "age": 34,
            "residence": "local",
            "born_on": date(2018, 1, 31),
        }

    def test_leaves_out_what_is_not_answered(self) -> None:
        assert check_answers({"married": None}, FACTS) == {}

    @pytest.mark.parametrize(
        ("key", "value", "sentence"),
        [
            ("marrid", True, "There is no question “marrid”. Did you mean “married”?"),
            ("zzz", True, "There is no question “zzz”. Leave it out."),
            ("married", 1, "“1” cannot answer “married”: answer yes (true) or no (false)."),
            ("married", "yes", "“yes” cannot answer “married”: answer yes (true) or no (false)."),
            ("age", True, "“True” cannot answer “age”: give a whole number."),
            ("age", 3.5, "“3.5” cannot answer “age”: give a whole number."),
            ("age", "three", "“three” cannot answer “age”: give a whole number."),
            ("age", [1], "“{…}” cannot answer “age”: give a whole number."),
            ("income", "1.50", "“1.50” cannot answer “income”: give a whole number of fen."),
            ("income", -1, "“-1” cannot answer “income”: it must lie between 0 and 9007199254740991."),
            ("child.order", 13, "“13” cannot answer “child.order”: it must lie between 1 and 12."),
            ("residence", "abrod", "“abrod” cannot answer “residence”: no such choice. Did you mean “abroad”?"),
            ("residence", 3, "“3” cannot answer “residence”: choose one of local, other_province, abroad."),
            ("born_on", "2018-02-30", "“2018-02-30” cannot answer “born_on”: the calendar has no such day."),
            ("born_on", "31.1.2018", "“31.1.2018” cannot answer “born_on”: give a day such as 2018-01-31."),
            ("born_on", datetime(2018, 1, 1), "give a day such as 2018-01-31."),
            ("born_on", "1800-01-01", "it must lie between 1900-01-01 and 2199-12-31."),
        ],
    )
    def test_refuses_what_the_question_does_not_allow(self, key: str, value: object, sentence: str) -> None:
        with pytest.raises(CannotAnswer) as refusal:
            check_answers({key: value}, FACTS)

        assert sentence in str(refusal.value)
        assert refusal.value.fact == key
        assert key in refusal.value.text("zh")

    @pytest.mark.parametrize("key", ["age", "married", "residence", "born_on"])
    def test_refuses_numbers_too_long_to_print(self, key: str) -> None:
        with pytest.raises(CannotAnswer, match=f"“…” cannot answer “{key}”"):
            check_answers({key: 10**5_000}, FACTS)

    @given(st.data())
    def test_accepts_every_allowed_answer_and_its_json(self, data: st.DataObject) -> None:
        fact = data.draw(st.sampled_from(list(FACTS.values())))
        answer = data.draw(answer_to(fact))
        written = str(answer).lower() if isinstance(answer, bool) else str(answer)

        assert check_answer(fact, answer) == answer
        assert check_answer(fact, written) == answer

    @given(
        st.sampled_from(list(FACTS.values())), st.one_of(st.text(), st.integers(), st.floats(), st.binary(), st.dates())
    )
    def test_answers_nonsense_with_a_refusal(self, fact: Fact, value: object) -> None:
        refusal = refusal_of(fact, value)

        assert refusal is None or str(refusal).encode()
