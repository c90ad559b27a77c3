"""People: when a relative may act, and what strangers see of names and numbers."""

from contextlib import nullcontext
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yici.rules.people import (
    EVERYTHING,
    CannotAgreeMandate,
    IdKind,
    MandateStage,
    MandateTerms,
    RelationKind,
    Role,
    age_on,
    check_mandate,
    masked_name,
    masked_number,
    may_act_as_relative,
    of_age_on,
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
            (RelationKind.GUARDIAN, date(2018, 2, 28), True),
            (RelationKind.GUARDIAN, date(2018, 3, 1), False),
            (RelationKind.SPOUSE, date(2010, 1, 1), False),
        ],
    )
    def test_act_without_a_mandate_as_the_civil_code_allows(self, kind: RelationKind, on: date, may: bool) -> None:
        assert may_act_as_relative(kind, date(2000, 3, 1), on) is may

    def test_act_for_an_adult_as_guardians_whom_a_court_appointed(self) -> None:
        assert may_act_as_relative(RelationKind.GUARDIAN, date(2000, 3, 1), date(2030, 1, 1), by_court=True)
        assert not may_act_as_relative(RelationKind.PARENT, date(2000, 3, 1), date(2030, 1, 1), by_court=True)
        assert not may_act_as_relative(RelationKind.SPOUSE, date(2000, 3, 1), date(2010, 1, 1), by_court=True)

    @given(born=DAYS, on=DAYS, kind=st.sampled_from([RelationKind.PARENT, RelationKind.GUARDIAN]))
    def test_stop_on_the_very_day_of_full_age(self, born: date, on: date, kind: RelationKind) -> None:
        assert may_act_as_relative(kind, born, on) is (on < of_age_on(born))

    def test_act_for_a_newborn_whose_birthday_is_not_recorded(self) -> None:
        assert may_act_as_relative(RelationKind.PARENT, None, date(2018, 3, 1))


@st.composite
def terms(draw: st.DrawFn) -> MandateTerms:
    first = draw(DAYS)
    return MandateTerms(
        scope=draw(st.sampled_from([EVERYTHING, "restaurant", "newborn"])),
        valid_from=first,
        valid_to=draw(st.none() | st.dates(first, date(2060, 1, 1))),
        is_accepted=draw(st.booleans()),
        is_ended=draw(st.booleans()),
    )


class TestMandate:
    @given(one=terms(), key=st.sampled_from(["restaurant", "newborn", "marriage"]), on=DAYS)
    def test_allows_only_what_it_says_while_it_holds(self, one: MandateTerms, key: str, on: date) -> None:
        days = [one.valid_from + timedelta(days=n) for n in range((on - one.valid_from).days + 1)]
        last = one.valid_to or date.max
        slow = bool(days) and days[-1] <= last and one.is_accepted and not one.is_ended and one.scope in (key, "all")

        assert one.allows(key, on) is slow

    @given(one=terms(), on=DAYS)
    def test_never_comes_back_once_it_is_over(self, one: MandateTerms, on: date) -> None:
        over = {MandateStage.RUN_OUT, MandateStage.ENDED}

        if one.stage(on) in over:
            assert one.stage(on + timedelta(days=1)) in over
            assert replace(one, is_accepted=True).stage(on) in over

    @given(one=terms(), on=DAYS)
    def test_that_was_ended_allows_nothing(self, one: MandateTerms, on: date) -> None:
        assert not replace(one, is_ended=True).allows(one.scope, on)

    @given(one=terms(), today=DAYS)
    def test_is_refused_only_for_its_days(self, one: MandateTerms, today: date) -> None:
        far = date(today.year + 6, 1, 1)
        last = one.valid_to
        wrong = (last is not None and (last < today or last >= far)) or one.valid_from >= far

        with pytest.raises(CannotAgreeMandate) if wrong else nullcontext():
            check_mandate(one, today=today)

    def test_cannot_end_before_it_begins(self) -> None:
        with pytest.raises(CannotAgreeMandate, match="before the first"):
            check_mandate(MandateTerms("all", date(2018, 5, 2), date(2018, 5, 1)), today=date(2018, 5, 1))


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
        for kind in (*IdKind, *Role, *RelationKind, *MandateStage):
            assert kind.words.zh
            assert kind.words.en
