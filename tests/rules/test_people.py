"""People: when a relative may act, and what strangers see of names and numbers."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yici.rules.people import (
    IdKind,
    RelationKind,
    Role,
    age_on,
    masked_name,
    masked_number,
    may_act_as_relative,
)

DAYS = st.dates(date(1990, 1, 1), date(2050, 12, 31))


class TestAge:
    @given(born=DAYS, days=st.integers(0, 20_000))
    def test_grows_by_one_on_each_birthday_and_never_shrinks(self, born: date, days: int) -> None:
        day = born + timedelta(days=days)

        step = age_on(born, day + timedelta(days=1)) - age_on(born, day)
        assert step in {0, 1}
        assert age_on(born, day) >= 0

    def test_of_somebody_born_on_29_february_grows_on_1_march(self) -> None:
        assert age_on(date(2000, 2, 29), date(2018, 2, 28)) == 17
        assert age_on(date(2000, 2, 29), date(2018, 3, 1)) == 18


class TestRelatives:
    @pytest.mark.parametrize(
        ("kind", "on", "may"),
        [
            (RelationKind.PARENT, date(2018, 2, 28), True),
            (RelationKind.PARENT, date(2018, 3, 1), False),
            (RelationKind.GUARDIAN, date(2030, 1, 1), True),
            (RelationKind.SPOUSE, date(2010, 1, 1), False),
        ],
    )
    def test_act_without_a_mandate_as_the_civil_code_allows(self, kind: RelationKind, on: date, may: bool) -> None:
        assert may_act_as_relative(kind, date(2000, 3, 1), on) is may

    def test_act_for_a_newborn_whose_birthday_is_not_recorded(self) -> None:
        assert may_act_as_relative(RelationKind.PARENT, None, date(2018, 3, 1))


class TestMasks:
    @given(st.text(alphabet="0123456789X", max_size=40))
    def test_hide_at_least_half_of_a_number_and_keep_its_length(self, number: str) -> None:
        masked = masked_number(number)

        assert len(masked) == len(number)
        assert masked.count("*") >= len(number) / 2

    @given(st.text(min_size=2, max_size=20))
    def test_show_one_character_of_a_name(self, name: str) -> None:
        assert masked_name(name) == name[0] + "*" * (len(name) - 1)


class TestWords:
    def test_name_every_kind_in_both_languages(self) -> None:
        for kind in (*IdKind, *Role, *RelationKind):
            assert kind.words.zh
            assert kind.words.en
