"""How long things are kept: never a day too short, and every ground names its law."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yici.rules.emergency import CannotLook, check_reason, sealings
from yici.rules.law_parameters import LawParameter
from yici.rules.periods import Unit
from yici.rules.personal_rights import CannotAnswer, CannotAsk, Outcome, Right, check_answer, check_wish
from yici.rules.retention import KEEPINGS, RETENTION, Ground, cut_off, keeping, kept_until
from yici.rules.words import Words

DAYS = st.dates(date(2008, 1, 1), date(2040, 12, 31))


def period(value: int, unit: Unit) -> LawParameter:
    return LawParameter(key="k", value=value, unit=unit, valid_from=date(2000, 1, 1), source=Words("法", "law"))


class TestCutOff:
    @given(begun=DAYS, today=DAYS, value=st.integers(0, 130), unit=st.sampled_from([Unit.DAY, Unit.MONTH, Unit.YEAR]))
    def test_never_ends_anything_before_its_last_day_is_over(self, begun, today, value, unit):
        row = period(value % 20 if unit is Unit.YEAR else value, unit)

        if begun < cut_off(row, today):
            assert today > kept_until(row, begun)

    @given(today=DAYS, value=st.integers(1, 130))
    def test_ends_it_at_most_a_few_days_late(self, today, value):
        row = period(value, Unit.MONTH)
        begun = date.fromordinal(cut_off(row, today).toordinal() - 4)

        assert begun < cut_off(row, today)
        assert kept_until(row, begun) < today

    def test_ten_years_after_a_leap_day(self):
        row = period(10, Unit.YEAR)

        assert kept_until(row, date(2016, 2, 29)) == date(2026, 2, 28)
        assert date(2016, 2, 29) < cut_off(row, date(2026, 3, 1))
        assert not date(2016, 2, 29) < cut_off(row, date(2026, 2, 28))


class TestKeepings:
    @pytest.mark.parametrize("key", KEEPINGS)
    def test_each_has_a_sentence_and_a_dated_source(self, key):
        assert RETENTION[key].zh
        assert RETENTION[key].en
        found = keeping(key, date(2018, 3, 5))
        assert found.period.value > 0
        assert found.source.zh

    @pytest.mark.parametrize("ground", list(Ground))
    def test_each_ground_names_its_law(self, ground):
        assert "法" in ground.words.zh or "规定" in ground.words.zh
        assert "art." in ground.words.en


class TestRights:
    def test_a_correction_says_what_is_wrong(self):
        with pytest.raises(CannotAsk, match="which datum"):
            check_wish(Right.CORRECTION, "  ")
        assert check_wish(Right.DELETION, "") == ""

    @pytest.mark.parametrize(("outcome", "text"), [("refused", " "), ("", "because of the law"), ("maybe", "because")])
    def test_pipl_50_a_refusal_says_why(self, outcome, text):
        with pytest.raises(CannotAnswer):
            check_answer(outcome, text)
        assert check_answer("refused", "the law says so") is Outcome.REFUSED


class TestEmergency:
    def test_a_reason_says_something(self):
        with pytest.raises(CannotLook, match="Write the reason"):
            check_reason("急   ")

    def test_children_and_health_are_sealed_since_the_law(self):
        def keys(born, needs, on):
            return [one.key for one in sealings(born=born, needs=frozenset(needs), on=on)]

        assert keys(date(2012, 6, 1), ["disability_support"], date(2026, 5, 31)) == ["under_14", "health"]
        assert keys(date(2012, 6, 1), [], date(2026, 6, 1)) == []
        assert keys(date(2012, 6, 1), ["newborn"], date(2018, 6, 1)) == []
