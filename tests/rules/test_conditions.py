"""What can be written in a condition, and what is refused, where and with which advice."""

from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.rules.conditions_examples import FACTS
from yici.rules.conditions import (
    ALWAYS,
    CannotParse,
    CannotTypeCheck,
    CannotUnderstand,
    Fact,
    Span,
    condition,
    evaluate,
    parse,
    partial,
    text_of,
    undecided_facts,
)
from yici.rules.conditions.spans import shown
from yici.rules.words import Words

SCRAPS = (
    *("age", "married", "residence", "'local'", "1", "date", "in", ".", ",", "?", ":"),
    *("(", ")", "[", "]", "{", "!", "-", "+", "*", "/", "<", "<=", "==", "&&", "||"),
)


def holds(text: str, **given_answers: object) -> bool | None:
    return evaluate(condition(text, FACTS), {key.replace("__", "."): value for key, value in given_answers.items()})


def refusal_of(text: str) -> CannotUnderstand | None:
    try:
        condition(text, FACTS)
    except CannotUnderstand as refusal:
        return refusal
    return None


class TestCondition:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("child.order > 1", True),
            ("child . order >= 2 // since the second child", True),
            ("age-1 == 33", True),
            ("age - -1 == 35 && -age < -33", True),
            ("age in [18, -1, 34]", True),
            ("!(age in [34])", False),
            ("residence == 'local'", True),
            ("residence != birthplace", True),
            ("'local' == residence", True),
            ("income * 2 + 100 == 1100", True),
            ("moved_on - born_on == 31", True),
            ("born_on + 31 == moved_on", True),
            ("31 + born_on > moved_on", False),
            ('moved_on - 31 in [date("2018-01-01")]', True),
            ("married ? age < 30 : age > 30", False),
            ("age == (married ? 34 : 20)", True),
            ("residence == (married ? birthplace : 'local')", False),
            ("married == (age > 40)", False),
            ("married || insured && !married", True),
            ("residence == ('rented' in ['own'] ? 'abroad' : 'local')", True),
            ("false || true", True),
        ],
    )
    def test_decides(self, text: str, expected: bool) -> None:
        days = {"born_on": date(2018, 1, 1), "moved_on": date(2018, 2, 1)}

        decided = holds(
            text, child__order=2, age=34, residence="local", birthplace="abroad", married=True, income=500, **days
        )

        assert decided is expected

    def test_knows_its_facts(self) -> None:
        assert condition("age > 1 && residence == 'local'", FACTS).facts == {"age", "residence"}
        assert ALWAYS.facts == frozenset()

    def test_is_a_key(self) -> None:
        assert {condition("age > 1", FACTS): "x"}[condition("age > 1", FACTS)] == "x"
        assert condition("age > 1", FACTS) != condition("age > 1", {"age": Fact("age", "fen")})

    def test_leaves_the_calendar_without_falling(self) -> None:
        assert holds("born_on + 9007199254740991 * 9007199254740991 > born_on", born_on=date(2018, 1, 1)) is True

    def test_keeps_yes_apart_from_one(self) -> None:
        assert holds("(insured ? 1 : 0) == 1 && (insured ? true : false)", insured=True) is True


class TestUnknown:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("married", None),
            ("!married", None),
            ("married && insured", False),
            ("insured && married", False),
            ("insured || married", None),
            ("married || !insured", True),
            ("age == age", None),
            ("0 * age == 0", None),
            ("age in [1]", None),
            ("married ? insured : insured", False),
            ("married ? insured : !insured", None),
            ("married == insured", None),
        ],
    )
    def test_is_only_decided_by_what_is_known(self, text: str, expected: bool | None) -> None:
        assert holds(text, insured=False) is expected
        assert holds(text, insured=False, married=None) is expected


class TestCannotParse:
    @pytest.mark.parametrize(
        ("text", "column", "sentence"),
        [
            ("", 1, "The condition is empty."),
            ("age = 3", 5, "“=” cannot stand here. Did you mean “==”?"),
            ("age => 3", 5, "“=>” cannot stand here. Did you mean “>=”?"),
            ("married and insured", 9, "“and” cannot stand here. Did you mean “&&”?"),
            ("married & insured", 9, "“&” cannot stand here. Did you mean “&&”?"),
            ("age ＞ 3", 5, "“＞” cannot stand here. Did you mean “>”?"),
            ("residence == “local”", 14, '““” cannot stand here. Did you mean “"”?'),
            ("residence == 本省", 14, "“本” cannot stand here. Values of choices stand in quotation marks."),
            ("a b", 3, "“b” cannot stand here."),
            ("(age > 3", 9, "The condition ends too early. Add the missing value or bracket."),
            ("residence == 'local", 14, "The quotation mark is never closed."),
            ("age / 2 > 1", 5, "Conditions have no division. Multiply both sides instead."),
            ("age % 2 == 1", 5, "Conditions have no division. Multiply both sides instead."),
            ("income > 1.5", 10, "“1.5” cannot be used here. Conditions use whole numbers; amounts are in fen."),
            (
                "age == null",
                8,
                "“null” cannot be used here. An unanswered question needs no test: write the condition as if it were"
                " answered.",
            ),
            (
                "has(age)",
                1,
                "Conditions have no function “has”. An unanswered question needs no test: write the condition as if it"
                " were answered.",
            ),
            ("born_on > timestamp('2018-01-01')", 11, 'no function “timestamp”. Write date("2018-01-31").'),
            ("residence.startsWith('l')", 1, "no function “startsWith”. Use == or in to test a choice."),
            ("age[0] == 1", 1, "Conditions have no indexes. Each fact has a name of its own."),
            ("age{}", 1, "Conditions have no braces."),
            ("{age: 1}", 1, "Conditions have no braces."),
            (".age == 1", 1, "A name cannot begin with a dot."),
            ("'a'.b == 1", 4, "A dot can only stand inside the name of a fact."),
            ("age in []", 8, "A list with something in it must follow in."),
            ("age in child", 8, "A list with something in it must follow in."),
            ("age in [age]", 9, "A list holds fixed values only."),
            ("[1] == age", 1, "A list can only stand after in."),
            ("[1]", 1, "A list can only stand after in."),
            ("born_on > date('2018-02-30')", 11, "The calendar has no “2018-02-30”."),
            ("born_on > date('20180201')", 11, "The calendar has no “20180201”."),
            ("born_on > date('0018-02-01')", 11, "Days lie between 1900-01-01 and 2199-12-31."),
            ("born_on > date(age)", 11, "date takes one day."),
            ("born_on > date()", 11, "date takes one day."),
            ("age > 0x1F", 7, "The number “0x1F” cannot be used."),
            ("age > 9007199254740992", 7, "The number “9007199254740992” cannot be used."),
            ("residence == 'a\"b'", 14, "Values have no quotation marks inside."),
            ("residence == '\\n'", 15, "Conditions have no backslashes."),
        ],
    )
    def test_says_where_and_what_to_do(self, text: str, column: int, sentence: str) -> None:
        with pytest.raises(CannotParse) as refusal:
            condition(text, FACTS)

        assert (refusal.value.line, refusal.value.column) == (1, column)
        assert sentence in str(refusal.value)
        assert f"第 1 行第 {column} 列" in refusal.value.text("zh")

    def test_counts_lines(self) -> None:
        with pytest.raises(CannotParse, match="Line 3, column 4: The condition ends"):
            parse("age > 1\n&& married\n &&")

    def test_refuses_long_texts(self) -> None:
        with pytest.raises(CannotParse, match="2004 characters; 2000 is the most"):
            parse("age > 1" + " " * 1_997)

    @pytest.mark.parametrize(
        "text", ["!" * 41 + "married", "1" + " + 1" * 41 + " > 0", "(true ? 1 : " * 40 + "1" + ")" * 40]
    )
    def test_refuses_deep_nesting(self, text: str) -> None:
        with pytest.raises(CannotParse, match="nested more than 40 deep"):
            parse(text)

    def test_takes_brackets_and_long_rows_for_no_nesting(self) -> None:
        assert parse("(" * 900 + "true" + ")" * 900) == parse("true")
        assert parse(" && ".join(["a"] * 300)).depth == 2

    def test_is_quick_with_unclosed_quotes(self) -> None:
        with pytest.raises(CannotParse, match="backslashes"):
            parse('"' + "\\n" * 400)

    @given(st.text(max_size=60))
    @example("\ud800")
    @example('"""a')
    @example("b'a' == 1u")
    @example("a.in")
    @example("x in [[1]]")
    @example("- -9007199254740991")
    def test_answers_nonsense_with_a_refusal(self, text: str) -> None:
        refusal = refusal_of(text)

        assert refusal is None or str(refusal).encode()
        assert refusal is None or refusal.text("zh").startswith("第 ")

    @given(st.lists(st.sampled_from(SCRAPS)))
    def test_answers_scrambled_conditions_with_a_refusal(self, pieces: list[str]) -> None:
        text = " ".join(pieces)

        refusal = refusal_of(text)

        assert refusal is None or (refusal.line == 1 and 1 <= refusal.column <= len(text) + 1)


class TestCannotTypeCheck:
    @pytest.mark.parametrize(
        ("text", "column", "sentence"),
        [
            ("chld.order > 1", 1, "There is no fact “chld.order”. Did you mean “child.order”?"),
            ("married && True", 12, "There is no fact “True”. Did you mean “true”?"),
            ("zzz", 1, "There is no fact “zzz”."),
            ("residence == abroad", 14, 'There is no fact “abroad”. Values stand in quotation marks: "abroad".'),
            ("residence == 'abrod'", 14, "“abrod” is not one of the values. Did you mean “abroad”?"),
            ("residence == 'zz'", 14, "“zz” is not one of the values. The values are abroad, local, other_province."),
            ("'abrod' != residence", 1, "Did you mean “abroad”?"),
            ("residence in ['local', 'abrod']", 24, "Did you mean “abroad”?"),
            ("residence == (married ? 'local' : 'abrod')", 35, "Did you mean “abroad”?"),
            ("residence < 'local'", 1, "Values of choices have no order. Use ==, != or in."),
            ("residence == housing", 14, "The two facts have different values and cannot be compared."),
            ("residence == 1", 14, "Expected one of several values, found a whole number."),
            ("residence + 1 == 2", 1, "Expected a whole number, found one of several values."),
            ("born_on > '2018-01-01'", 11, 'Expected a day, found text in quotation marks. Write date("2018-01-01").'),
            ("age > '3'", 7, "Expected a whole number, found text in quotation marks. Write 3."),
            ("married == 'true'", 12, "Expected yes or no, found text in quotation marks. Write true."),
            ("married == 1", 12, "Expected yes or no, found a whole number."),
            ("married > insured", 1, "Yes and no have no order. Use == or !=."),
            ("married in [true]", 1, "Yes or no needs no list. Write it by itself, or with ! in front."),
            ("married + 1 > 0", 1, "Expected a whole number, found yes or no."),
            (
                "1 < age < 5",
                1,
                "Two comparisons cannot be chained. Join two comparisons with &&, as in 1 < x && x < 5.",
            ),
            ("age", 1, "Expected yes or no, found a whole number. Compare it with something, as in x == 1."),
            ("married && age", 12, "Expected yes or no, found a whole number."),
            ("age ? married : insured", 1, "Expected yes or no, found a whole number."),
            ("married ? age : insured", 17, "Expected a whole number, found yes or no."),
            ("income < age", 10, "Expected an amount, found a whole number."),
            ("income < 5 + age", 10, "Expected an amount, found a whole number."),
            ("age * age > 1", 1, "Two answers cannot be multiplied. One side must be a fixed number."),
            ("born_on * 2 > born_on", 1, "Expected a whole number, found a day."),
            ("born_on + moved_on > born_on", 1, "A day takes plus or minus a number of days, or minus another day."),
            ("born_on + income > born_on", 1, "A day takes plus or minus a number of days, or minus another day."),
            ("5 - born_on > born_on", 1, "A day takes plus or minus a number of days, or minus another day."),
            ("born_on - moved_on > income", 22, "Expected a whole number, found an amount."),
        ],
    )
    def test_says_where_and_what_to_do(self, text: str, column: int, sentence: str) -> None:
        with pytest.raises(CannotTypeCheck) as refusal:
            condition(text, FACTS)

        assert (refusal.value.line, refusal.value.column) == (1, column)
        assert sentence in str(refusal.value)

    def test_speaks_chinese(self) -> None:
        with pytest.raises(CannotTypeCheck) as refusal:
            condition("age > 1 &&\n  chld.order > 1", FACTS)

        assert refusal.value.text("zh") == "第 2 行第 3 列：没有名为“chld.order”的情形要素。是不是“child.order”？"
        assert refusal.value.suggestion == Words("是不是“child.order”？", "Did you mean “child.order”?")
        assert refusal.value.span == Span(2, 3, 2, 13)


class TestPartial:
    @pytest.mark.parametrize(
        ("text", "rest"),
        [
            ("married && age > 20", "age > 20"),
            ("!married || age > 20 || age > 20", "age > 20"),
            ("married == insured", "insured"),
            ("insured != married", "!insured"),
            ("age + rooms > 20", "age + 3 > 20"),
            ("born_on + rooms < moved_on", 'date("2018-01-04") < moved_on'),
            ("insured ? age > rooms : rooms < 3", "insured ? age > 3 : false"),
            ("rooms - 3 == 0 && insured", "insured"),
        ],
    )
    def test_keeps_only_what_is_open(self, text: str, rest: str) -> None:
        known = {"married": True, "rooms": 3, "born_on": date(2018, 1, 1)}
        more_facts = FACTS | {"rooms": Fact("rooms", "int")}

        assert partial(condition(text, more_facts), known).text == rest

    def test_asks_only_what_still_matters(self) -> None:
        open_ = condition("married && (insured || age > 20) && residence == 'local'", FACTS)

        assert undecided_facts(open_, {"married": True, "insured": True}) == {"residence"}
        assert undecided_facts(open_, {"residence": "abroad"}) == frozenset()


class TestText:
    @pytest.mark.parametrize(
        "text",
        [
            "a - (b - c) == a - b - c",
            "(a + 1) * 2 > 3",
            "!(a == 1) && (b || c)",
            "(a == b) == (c in [1, -2])",
            "(a ? b : c) ? d : e ? f : g",
            "!!a",
        ],
    )
    def test_keeps_the_brackets_that_matter(self, text: str) -> None:
        assert text_of(parse(text)) == text

    def test_shortens_what_it_quotes(self) -> None:
        assert len(shown("x" * 500)) == 31
