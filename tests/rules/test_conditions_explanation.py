"""What a condition says in both languages, and why it holds."""

import pytest
from hypothesis import given

from tests.rules.conditions_examples import FACTS, NAMES, VALUE_NAMES
from tests.rules.conditions_strategies import conditions, facts
from yici.rules.conditions import Condition, condition, explain, why
from yici.rules.words import Words


class TestExplain:
    @pytest.mark.parametrize(
        ("text", "zh", "en"),
        [
            (
                "child.order > 1 && residence == 'other_province'",
                "生育次序大于 1 且户籍地为外省",
                "birth order is more than 1 and residence is another province",
            ),
            ("!(child.order > 1)", "生育次序不大于 1", "birth order is at most 1"),
            ("1 < child.order", "生育次序大于 1", "birth order is more than 1"),
            ("married", "父母已登记结婚", "the parents are married"),
            ("married != true", "父母未登记结婚", "the parents are not married"),
            (
                "!insured || (married && child.order != 1)",
                "参加社保为“否”或（父母已登记结婚且生育次序不等于 1）",
                "social insurance is no or (the parents are married and birth order is not 1)",
            ),
            (
                "!(married && insured)",
                "父母未登记结婚或参加社保为“否”",
                "the parents are not married or social insurance is no",
            ),
            (
                "residence in ['local', 'abroad']",
                "户籍地是本省、境外之一",
                "residence is one of (this province, abroad)",
            ),
            (
                "!(residence in ['local', 'abroad'])",
                "户籍地不是本省、境外中的任何一项",
                "residence is none of (this province, abroad)",
            ),
            ("!(residence in ['local'])", "户籍地不是本省", "residence is not this province"),
            ("residence != birthplace", "户籍地与出生地不同", "residence differs from birthplace"),
            (
                "income - 2 * rent >= 100050",
                "月收入 − 2 × 月租金不小于 1,000.50 元",
                "monthly income − 2 × monthly rent is at least 1,000.50 yuan",
            ),
            (
                "born_on >= date('2018-01-01')",
                "出生日期不早于 2018 年 1 月 1 日",
                "the day of birth is not before 1 January 2018",
            ),
            (
                "moved_on - born_on < 60",
                "从出生日期到迁入日期的天数小于 60",
                "the days from the day of birth to the day of moving in is less than 60",
            ),
            (
                "moved_on <= born_on + 60",
                "迁入日期不晚于出生日期后 60 天",
                "the day of moving in is not after 60 days after the day of birth",
            ),
            (
                "(married ? child.order > 1 : insured) && insured",
                "（如果父母已登记结婚，则生育次序大于 1，否则参加社保为“是”）且参加社保为“是”",
                "(if the parents are married then birth order is more than 1, otherwise social insurance is yes)"
                " and social insurance is yes",
            ),
            (
                "child.order > (married ? 1 : 2)",
                "生育次序大于（父母已登记结婚时取 1，否则取 2）",
                "birth order is more than (1 if the parents are married, otherwise 2)",
            ),
            (
                "married == insured",
                "以下两项要么都成立，要么都不成立：父母已登记结婚；参加社保为“是”",
                "both or neither hold of: the parents are married; social insurance is yes",
            ),
            ("true", "任何情形", "in every case"),
            ("!true", "没有任何情形", "in no case"),
        ],
    )
    def test_says_it_in_both_languages(self, text: str, zh: str, en: str) -> None:
        assert explain(condition(text, FACTS), NAMES, VALUE_NAMES) == Words(zh, en)

    def test_shows_keys_where_names_are_missing(self) -> None:
        assert (
            explain(condition("age > 1 && housing == 'own'", FACTS), {}).en == "age is more than 1 and housing is own"
        )

    @given(facts().flatmap(conditions))
    def test_finds_words_for_every_condition(self, any_condition: Condition) -> None:
        said = explain(any_condition, {})

        assert said.zh
        assert said.en


class TestWhy:
    @pytest.mark.parametrize(
        ("text", "en"),
        [
            ("child.order > 1 && residence == 'other_province'", "birth order is at most 1"),
            ("residence == 'abroad' || married", "the parents are married"),
            ("(married && child.order == 1) || residence == 'local'", "residence is this province"),
            ("married ? child.order > 1 : insured", "the parents are married and birth order is at most 1"),
            ("insured && married", "still to be known: social insurance"),
            ("married && income > 100 || insured", "still to be known: monthly income, social insurance"),
        ],
    )
    def test_names_the_part_that_decided(self, text: str, en: str) -> None:
        known = {"married": True, "child.order": 1, "residence": "local"}

        assert why(condition(text, FACTS), known, NAMES, VALUE_NAMES).en == en

    def test_speaks_chinese(self) -> None:
        assert why(condition("insured && married", FACTS), {}, NAMES).zh == "还要知道：参加社保、已婚"
