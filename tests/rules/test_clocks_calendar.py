"""Working days: the official table, the years to come, and periods that end where the Civil Code says."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yici.apps.places.calendar_file import official_calendar, official_rows
from yici.rules.holidays import statutory_holidays
from yici.rules.periods import Period, Unit, advance, last_day
from yici.rules.words import Words
from yici.rules.working_days import Calendar, CalendarRow, CannotCountDays, DayKind

CALENDAR = official_calendar()
ROWS = {row.day: row for row in official_rows()}
ONE_DAY = timedelta(days=1)
FIRST, LAST = date(2016, 1, 1), date(2026, 12, 31)
ALL_DAYS = [FIRST + step * ONE_DAY for step in range((LAST - FIRST).days + 1)]
DAYS = st.dates(FIRST, date(2026, 6, 30))


def is_worked_by_hand(day: date) -> bool:
    """The slow and obvious rule that the calendar is compared with."""
    return ROWS[day].kind is DayKind.MAKE_UP if day in ROWS else day.weekday() < 5


class TestOfficialTable:
    def test_every_day_of_eleven_years_agrees_with_the_table(self):
        assert len(ALL_DAYS) == 4018
        assert [day for day in ALL_DAYS if CALENDAR.is_workday(day) != is_worked_by_hand(day)] == []

    @pytest.mark.parametrize(
        ("year", "working_days"),
        [(2016, 250), (2017, 249), (2018, 250), (2019, 250), (2020, 249), (2021, 250), (2022, 249), (2023, 249),
         (2024, 251), (2025, 248), (2026, 248)],
    )  # fmt: skip
    def test_counts_the_working_days_of_a_year(self, year, working_days):
        end_before = max(date(year - 1, 12, 31), FIRST)

        counted = CALENDAR.working_days_between(end_before, date(year, 12, 31))

        assert counted == working_days

    def test_every_exceptional_day_names_its_notice(self):
        assert all(
            row.notice.startswith("国办发明电〔20") and row.holiday.zh and row.holiday.en for row in ROWS.values()
        )

    def test_knows_days_moved_by_a_second_notice(self):
        """2019 Labour Day was lengthened in March, the Spring Festival of 2020 in January because of the epidemic."""
        assert CALENDAR.day(date(2019, 5, 2)).notice == "国办发明电〔2019〕3号"
        assert CALENDAR.day(date(2020, 1, 31)).notice == "国办发明电〔2020〕1号"
        assert not CALENDAR.is_workday(date(2020, 2, 1))

    @pytest.mark.parametrize(
        ("day", "kind"),
        [
            (date(2017, 9, 30), DayKind.MAKE_UP),
            (date(2017, 10, 4), DayKind.HOLIDAY),
            (date(2017, 10, 6), DayKind.MOVED_REST),
            (date(2017, 10, 9), DayKind.WORKING),
            (date(2017, 10, 14), DayKind.WEEKEND),
        ],
        ids=str,
    )
    def test_tells_what_kind_of_day_it_is(self, day, kind):
        assert CALENDAR.day_kind(day) is kind
        assert kind.words.zh

    def test_mid_autumn_2017_fell_into_national_week(self):
        assert CALENDAR.day(date(2017, 10, 4)).holiday.zh == "中秋节"

    def test_its_version_changes_with_its_rows(self):
        fewer = Calendar.from_rows(official_rows()[:-1])

        assert CALENDAR.version == Calendar.from_rows(reversed(official_rows())).version
        assert fewer.version != CALENDAR.version


class TestYearsNotAnnounced:
    def test_are_marked_provisional(self):
        assert CALENDAR.is_provisional(date(2027, 1, 4))
        assert CALENDAR.day(date(2027, 10, 1)).provisional
        assert not CALENDAR.is_provisional(date(2026, 12, 31))

    def test_fall_back_to_weekends_and_statutory_holidays(self):
        for day in (date(2027, 1, 1) + step * ONE_DAY for step in range(365)):
            rests = day.weekday() >= 5 or day in statutory_holidays(2027)

            assert CALENDAR.is_workday(day) is not rests

    @pytest.mark.parametrize("year", range(2027, 2051))
    def test_have_thirteen_days_off(self, year):
        """全国年节及纪念日放假办法 art. 2 as amended from 2025: 1 + 4 + 1 + 2 + 1 + 1 + 3 days."""
        days = statutory_holidays(year)

        # In these three years the Mid-Autumn Festival falls on one of the days of National Day.
        assert len(days) == (12 if year in {2028, 2031, 2039} else 13)
        assert all(day.year == year for day in days)

    def test_spring_festival_begins_on_new_years_eve(self):
        assert not CALENDAR.is_workday(date(2027, 2, 5))
        assert CALENDAR.is_workday(date(2027, 2, 4))

    def test_a_notice_read_later_makes_the_year_official(self):
        notice = CalendarRow(date(2027, 10, 9), DayKind.MAKE_UP, Words("国庆节", "National Day"), "notice of 2026")

        calendar = Calendar.from_rows([*official_rows(), notice])

        assert calendar.is_workday(date(2027, 10, 9))
        assert not calendar.is_provisional(date(2027, 3, 1))
        assert calendar.is_provisional(date(2028, 3, 1))


class TestCountWorkingDays:
    @given(DAYS, st.integers(1, 90))
    def test_agrees_with_counting_on_the_fingers(self, start, count):
        day, counted = start, 0
        while counted < count:
            day += ONE_DAY
            counted += is_worked_by_hand(day)

        assert CALENDAR.add_working_days(start, count) == day
        assert CALENDAR.working_days_between(start, day) == count

    def test_agrees_for_every_start_of_eleven_years(self):
        worked = [day for day in ALL_DAYS if is_worked_by_hand(day)]
        for before, after in pairwise(worked):
            day = before
            while day < after:
                assert CALENDAR.add_working_days(day, 1) == after
                day += ONE_DAY

    @given(DAYS, st.integers(1, 60))
    def test_going_back_undoes_going_forward(self, start, count):
        first = CALENDAR.next_workday(start)

        assert CALENDAR.add_working_days(CALENDAR.add_working_days(first, count), -count) == first

    @given(DAYS)
    def test_zero_days_end_today_or_on_the_next_working_day(self, day):
        assert CALENDAR.add_working_days(day, 0) == next(
            later for later in (day + step * ONE_DAY for step in range(15)) if is_worked_by_hand(later)
        )

    @given(DAYS, DAYS, DAYS)
    def test_stretches_add_up(self, first, second, third):
        between = CALENDAR.working_days_between

        assert between(first, second) + between(second, third) == between(first, third)

    @pytest.mark.parametrize("day", [date(2015, 12, 31), date(2051, 1, 1)])
    def test_refuses_days_outside_the_calendar(self, day):
        with pytest.raises(CannotCountDays, match="covers 2016-01-01 to 2050-12-31"):
            CALENDAR.is_workday(day)

    def test_refuses_to_count_beyond_its_end(self):
        with pytest.raises(CannotCountDays):
            CALENDAR.add_working_days(date(2050, 12, 30), 5)


class TestRows:
    ROW = CalendarRow(date(2026, 10, 10), DayKind.MAKE_UP, Words("国庆节", "National Day"), "n")

    def test_refuses_an_empty_table(self):
        with pytest.raises(CannotCountDays, match="no rows"):
            Calendar.from_rows([])

    def test_refuses_a_day_named_twice(self):
        with pytest.raises(CannotCountDays, match="2026-10-10 twice"):
            Calendar.from_rows([self.ROW, self.ROW._replace(kind=DayKind.HOLIDAY)])

    @pytest.mark.parametrize(
        "row",
        [ROW._replace(day=date(2026, 10, 9)), ROW._replace(kind=DayKind.WEEKEND)],
        ids=["make-up on a Friday", "weekend as exception"],
    )
    def test_refuses_a_row_that_does_not_fit_its_weekday(self, row):
        with pytest.raises(CannotCountDays, match="weekday"):
            Calendar.from_rows([row])


class TestPeriods:
    def test_civil_code_201_the_day_of_the_event_does_not_count(self):
        assert last_day(Period(1), date(2018, 6, 4), CALENDAR) == date(2018, 6, 5)

    def test_civil_code_203_a_period_ending_on_a_rest_day_rolls_forward(self):
        # 7 days from Saturday 23 September 2017 end on Make-up Saturday 30 September; 8 days in National week.
        assert last_day(Period(7, Unit.DAY), date(2017, 9, 23), CALENDAR) == date(2017, 9, 30)
        assert last_day(Period(8, Unit.DAY), date(2017, 9, 23), CALENDAR) == date(2017, 10, 9)

    @pytest.mark.parametrize(
        ("start", "period", "end"),
        [
            (date(2018, 1, 31), Period(1, Unit.MONTH), date(2018, 2, 28)),
            (date(2016, 1, 31), Period(1, Unit.MONTH), date(2016, 2, 29)),
            (date(2018, 12, 31), Period(2, Unit.MONTH), date(2019, 2, 28)),
            (date(2016, 2, 29), Period(1, Unit.YEAR), date(2017, 2, 28)),
            (date(2016, 2, 29), Period(4, Unit.YEAR), date(2020, 2, 29)),
            (date(2018, 11, 15), Period(3, Unit.MONTH), date(2019, 2, 15)),
            (date(2018, 10, 31), Period(26, Unit.MONTH), date(2020, 12, 31)),
        ],
        ids=["month end", "leap February", "over the year", "leap day + 1 year", "leap day + 4", "plain", "26 months"],
    )
    def test_civil_code_202_months_and_years_end_on_the_corresponding_day(self, start, period, end):
        assert advance(start, period, CALENDAR) == end

    def test_hours_are_no_days(self):
        with pytest.raises(CannotCountDays, match="hours"):
            advance(date(2018, 1, 2), Period(24, Unit.HOUR), CALENDAR)

    def test_refuses_a_negative_period(self):
        with pytest.raises(CannotCountDays, match="negative"):
            Period(-1)

    def test_units_carry_the_codes_of_the_exchange(self):
        assert {unit.name: unit.code for unit in Unit} == {
            "WORKING_DAY": "1",
            "DAY": "2",
            "MONTH": "3",
            "YEAR": "4",
            "HOUR": "5",
        }

    def test_says_one_day_and_two_days(self):
        assert [Period(value).words.en for value in (1, 2)] == ["1 working day", "2 working days"]
