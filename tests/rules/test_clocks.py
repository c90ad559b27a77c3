"""Clocks: due days, pauses, extensions and the account of each day, against a slow and obvious oracle."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from yici.apps.places.calendar_file import official_calendar
from yici.rules.clock_accounts import DayStatus, account
from yici.rules.clock_courses import SHANGHAI, CannotMoveClock, Pause, local_day
from yici.rules.clocks import Clock, Colour, Extension
from yici.rules.periods import Period, Unit
from yici.rules.words import Words

QUICK = settings(max_examples=40)

CALENDAR = official_calendar()
ONE_DAY = timedelta(days=1)
HEARING = Words("听证", "Hearing")
ARTICLE_45 = Words("行政许可法第四十五条", "Administrative Licence Law art. 45")


def at(year: int, month: int, day: int, hour: int = 10) -> datetime:
    return datetime(year, month, day, hour, tzinfo=SHANGHAI).astimezone(UTC)


def on(day: date, hour: int = 10) -> datetime:
    return at(day.year, day.month, day.day, hour)


def paused(begun: datetime, ended: datetime | None = None) -> Pause:
    return Pause(begun=begun, ended=ended, reason=HEARING, basis=ARTICLE_45)


def extension(days: int = 10) -> Extension:
    basis = Words("行政许可法第四十二条", "Administrative Licence Law art. 42")
    return Extension(period=Period(days), approved_by="head", reason="measuring took longer", basis=basis)


def working_days(value: int, started: datetime, **more) -> Clock:
    return Clock(started=started, promised=Period(value), **more)


def due_day_by_day(start: date, period: Period, pauses: list[tuple[date, date]]) -> date:
    """Walk day by day, as a clerk with a wall calendar would."""
    excluded = {begun + step * ONE_DAY for begun, ended in pauses for step in range(1, (ended - begun).days + 1)}
    day, counted = start, 0
    while counted < period.value:
        day += ONE_DAY
        counted += day not in excluded and (period.unit is Unit.DAY or CALENDAR.is_workday(day))
    while day in excluded or not CALENDAR.is_workday(day):
        day += ONE_DAY
    return day


STARTS = st.dates(date(2016, 1, 1), date(2025, 12, 31))
PERIODS = st.builds(Period, st.integers(1, 30), st.sampled_from([Unit.WORKING_DAY, Unit.DAY]))
OFFSETS = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 30)), max_size=4)


class TestDueDay:
    def test_national_day_2017_by_hand(self):
        # Received Thursday 28 September. Counted: Fri 29, make-up Sat 30, then Mon 9, Tue 10, Wed 11 October.
        assert working_days(5, at(2017, 9, 28)).due_on(CALENDAR) == date(2017, 10, 11)

    def test_spring_festival_2018_by_hand(self):
        # Received Friday 9 February. Counted: make-up Sun 11, 12, 13, 14; 22, 23, make-up Sat 24; 26, 27, 28.
        assert working_days(10, at(2018, 2, 9)).due_on(CALENDAR) == date(2018, 2, 28)

    def test_year_end_2018_with_a_make_up_saturday(self):
        # Thursday 27 December. Fri 28, make-up Sat 29, off 30 to 1 January, Wed 2.
        assert working_days(3, at(2018, 12, 27)).due_on(CALENDAR) == date(2019, 1, 2)

    def test_licence_law_82_counts_working_days_without_holidays(self):
        clock = Clock(started=at(2018, 9, 28), statutory=Period(20))

        assert clock.due_on(CALENDAR) == date(2018, 10, 31)

    def test_regulation_12_the_shorter_promise_binds(self):
        clock = Clock(started=at(2018, 6, 4), statutory=Period(20), promised=Period(5))

        assert clock.due_on(CALENDAR) == clock.promised_due_on(CALENDAR) == date(2018, 6, 11)
        assert clock.statutory_due_on(CALENDAR) == date(2018, 7, 3)

    def test_regulation_12_a_longer_promise_does_not_outlive_the_law(self):
        clock = Clock(started=at(2018, 6, 4), statutory=Period(5), promised=Period(20))

        assert clock.due_on(CALENDAR) == date(2018, 6, 11)

    def test_regulation_12_a_service_without_statutory_time_has_its_promise(self):
        clock = working_days(5, at(2018, 6, 4))

        assert clock.statutory_due_on(CALENDAR) is None
        assert clock.due_on(CALENDAR) == date(2018, 6, 11)

    def test_days_are_local_days_of_shanghai(self):
        # 16:30 UTC on 3 June is already 4 June in Shanghai.
        late_evening = datetime(2018, 6, 3, 16, 30, tzinfo=UTC)

        assert working_days(1, late_evening).due_on(CALENDAR) == date(2018, 6, 5)

    def test_the_due_day_lasts_until_midnight(self):
        clock = working_days(1, at(2018, 6, 4))

        assert not clock.is_overdue(CALENDAR, datetime(2018, 6, 5, 23, 59, 59, tzinfo=SHANGHAI))
        assert clock.is_overdue(CALENDAR, datetime(2018, 6, 6, 0, 0, tzinfo=SHANGHAI))

    def test_an_immediate_item_is_due_the_same_day(self):
        assert working_days(0, at(2018, 6, 4)).due_on(CALENDAR) == date(2018, 6, 4)
        assert working_days(0, at(2018, 6, 2)).due_on(CALENDAR) == date(2018, 6, 4)

    @given(STARTS, PERIODS, OFFSETS)
    @example(date(2017, 9, 28), Period(5), [(1, 3), (2, 9), (20, 0)])
    @example(date(2018, 2, 9), Period(1, Unit.DAY), [(1, 5)])
    @example(date(2018, 6, 1), Period(1, Unit.DAY), [(1, 0), (1, 4), (6, 3)])
    def test_agrees_with_the_oracle_over_ten_years(self, start, period, offsets):
        spans = [(start + begin * ONE_DAY, start + (begin + length) * ONE_DAY) for begin, length in offsets]
        clock = Clock(started=on(start), promised=period, pauses=tuple(paused(on(b), on(e, 16)) for b, e in spans))

        assert clock.due_on(CALENDAR) == due_day_by_day(start, period, spans)

    def test_agrees_with_the_oracle_on_every_day_of_ten_years(self):
        day = date(2016, 1, 1)
        while day < date(2026, 1, 1):
            spans = [(day + 2 * ONE_DAY, day + 6 * ONE_DAY)]
            clock = working_days(5, on(day), pauses=(paused(on(spans[0][0]), on(spans[0][1])),))

            assert clock.due_on(CALENDAR) == due_day_by_day(day, Period(5), spans)
            day += ONE_DAY

    def test_refuses_a_clock_without_any_period(self):
        with pytest.raises(CannotMoveClock, match="neither a statutory nor a promised"):
            Clock(started=at(2018, 6, 4))

    def test_refuses_a_start_without_time_zone(self):
        with pytest.raises(CannotMoveClock, match="time zone"):
            working_days(5, datetime(2018, 6, 4, 10))


class TestHours:
    def test_hours_run_from_the_moment_through_rest_days(self):
        clock = Clock(started=at(2018, 6, 1, 17), promised=Period(24, Unit.HOUR))

        assert clock.due_at(CALENDAR) == at(2018, 6, 2, 17)
        assert clock.remaining(CALENDAR, at(2018, 6, 2, 15)) == 2
        assert clock.used(CALENDAR, at(2018, 6, 2, 15)) == 22
        assert clock.colour(CALENDAR, at(2018, 6, 1, 18)) is Colour.NEUTRAL
        assert clock.colour(CALENDAR, at(2018, 6, 2, 15)) is Colour.AMBER

    def test_pauses_in_hours_are_excluded_to_the_second_and_once(self):
        pauses = (paused(at(2018, 6, 1, 18), at(2018, 6, 1, 20)), paused(at(2018, 6, 1, 19), at(2018, 6, 1, 21)))
        clock = Clock(started=at(2018, 6, 1, 17), promised=Period(24, Unit.HOUR), pauses=pauses)

        assert clock.due_at(CALENDAR) == at(2018, 6, 2, 20)
        assert clock.used(CALENDAR, at(2018, 6, 1, 22)) == 2

    def test_an_open_pause_holds_the_hours(self):
        clock = Clock(started=at(2018, 6, 1, 17), promised=Period(24, Unit.HOUR), pauses=(paused(at(2018, 6, 1, 18)),))

        assert clock.due_at(CALENDAR) is None
        assert clock.remaining(CALENDAR, at(2018, 6, 3, 18)) == 23

    @pytest.mark.parametrize("hour", [19, 20], ids=["at the moment", "later"])
    def test_a_pause_when_the_hours_are_up_changes_nothing(self, hour):
        late = paused(at(2018, 6, 1, hour))
        clock = Clock(started=at(2018, 6, 1, 17), promised=Period(2, Unit.HOUR), pauses=(late,))

        assert clock.due_at(CALENDAR) == at(2018, 6, 1, 19)


class TestPause:
    CLOCK = working_days(5, at(2018, 6, 4))  # Monday; due Monday 11 June

    def test_licence_law_45_the_time_of_a_hearing_is_not_counted(self):
        clock = self.CLOCK.pause(at=at(2018, 6, 6), reason=HEARING, basis=ARTICLE_45).resume(at=at(2018, 6, 13))

        # 5 and 6 June count; 7 to 13 June do not; 14, 15 and 19 June count (18 is the Dragon Boat Festival).
        assert clock.due_on(CALENDAR) == date(2018, 6, 19)

    def test_an_open_pause_has_no_due_day(self):
        clock = self.CLOCK.pause(at=at(2018, 6, 6), reason=HEARING, basis=ARTICLE_45)

        assert clock.due_on(CALENDAR) is None
        assert not clock.is_overdue(CALENDAR, at(2019, 6, 6))
        assert clock.colour(CALENDAR, at(2019, 6, 6)) is Colour.PAUSED
        assert clock.due_if_resumed_on(CALENDAR, at(2018, 6, 13)) == date(2018, 6, 19)

    def test_the_number_left_stands_still_while_paused(self):
        clock = self.CLOCK.pause(at=at(2018, 6, 6), reason=HEARING, basis=ARTICLE_45)

        assert {clock.remaining(CALENDAR, at(2018, 6, day)) for day in range(6, 30)} == {3}

    def test_beginning_and_ending_on_one_day_excludes_nothing(self):
        clock = self.CLOCK.pause(at=at(2018, 6, 6, 9), reason=HEARING, basis=ARTICLE_45).resume(at=at(2018, 6, 6, 17))

        assert clock.due_on(CALENDAR) == self.CLOCK.due_on(CALENDAR)

    def test_overlapping_pauses_count_once(self):
        overlapping = (paused(at(2018, 6, 5), at(2018, 6, 8)), paused(at(2018, 6, 6), at(2018, 6, 12)))
        single = (paused(at(2018, 6, 5), at(2018, 6, 12)),)

        assert working_days(5, at(2018, 6, 4), pauses=overlapping).due_on(CALENDAR) == working_days(
            5, at(2018, 6, 4), pauses=single
        ).due_on(CALENDAR)

    def test_a_pause_after_the_due_day_does_not_rescue(self):
        late = self.CLOCK.pause(at=at(2018, 6, 12), reason=HEARING, basis=ARTICLE_45)

        assert late.due_on(CALENDAR) == date(2018, 6, 11)
        assert late.colour(CALENDAR, at(2018, 6, 12)) is Colour.RED

    def test_holds_law_and_promise_together(self):
        """Peers' mistake 7: on hold stops all clocks, not only one."""
        clock = Clock(started=at(2018, 6, 4), statutory=Period(20), promised=Period(5))

        held = clock.pause(at=at(2018, 6, 6), reason=HEARING, basis=ARTICLE_45)

        assert held.promised_due_on(CALENDAR) is None
        assert held.statutory_due_on(CALENDAR) is None

    def test_refuses_a_pause_without_legal_basis(self):
        with pytest.raises(CannotMoveClock, match="legal basis"):
            self.CLOCK.pause(at=at(2018, 6, 6), reason=HEARING, basis=Words(" ", " "))

    def test_refuses_to_resume_what_runs(self):
        with pytest.raises(CannotMoveClock, match="not paused"):
            self.CLOCK.resume(at=at(2018, 6, 6))

    def test_refuses_to_resume_before_the_pause(self):
        with pytest.raises(CannotMoveClock, match="before it was paused"):
            self.CLOCK.pause(at=at(2018, 6, 6), reason=HEARING, basis=ARTICLE_45).resume(at=at(2018, 6, 5))

    def test_refuses_to_move_a_clock_that_has_not_started(self):
        with pytest.raises(CannotMoveClock, match="not started"):
            self.CLOCK.pause(at=at(2018, 6, 3), reason=HEARING, basis=ARTICLE_45)

    @QUICK
    @given(STARTS, st.integers(1, 30), OFFSETS, st.tuples(st.integers(0, 60), st.integers(0, 30)))
    def test_another_pause_never_brings_the_due_day_forward(self, start, value, offsets, extra):
        def with_pauses(spans):
            days = [(start + begin * ONE_DAY, start + (begin + length) * ONE_DAY) for begin, length in spans]
            return working_days(value, on(start), pauses=tuple(paused(on(b), on(e)) for b, e in days))

        assert with_pauses([*offsets, extra]).due_on(CALENDAR) >= with_pauses(offsets).due_on(CALENDAR)


class TestExtension:
    CLOCK = Clock(started=at(2018, 6, 4), statutory=Period(20))

    def test_licence_law_42_twenty_days_and_ten_more(self):
        assert self.CLOCK.due_on(CALENDAR) == date(2018, 7, 3)
        assert self.CLOCK.extend(extension(), at=at(2018, 7, 3), calendar=CALENDAR).due_on(CALENDAR) == date(
            2018, 7, 17
        )

    def test_licence_law_42_joint_handling_forty_five_and_fifteen_more(self):
        clock = Clock(started=at(2018, 6, 4), statutory=Period(45))

        longer = clock.extend(extension(15), at=at(2018, 7, 3), calendar=CALENDAR)

        assert CALENDAR.working_days_between(date(2018, 6, 4), longer.due_on(CALENDAR)) == 60

    def test_a_promise_is_lengthened_too_but_the_original_one_was_not_kept(self):
        clock = Clock(started=at(2018, 6, 4), statutory=Period(20), promised=Period(5))

        longer = clock.extend(extension(), at=at(2018, 6, 5), calendar=CALENDAR).stop(at=at(2018, 6, 20))

        assert longer.due_on(CALENDAR) == date(2018, 6, 26)
        assert longer.colour(CALENDAR, at(2018, 7, 30)) is Colour.NEUTRAL
        assert not longer.kept_promise(CALENDAR)

    def test_refuses_a_second_extension(self):
        once = self.CLOCK.extend(extension(), at=at(2018, 7, 3), calendar=CALENDAR)

        with pytest.raises(CannotMoveClock, match="extended once"):
            once.extend(extension(), at=at(2018, 7, 4), calendar=CALENDAR)

    def test_refuses_an_extension_when_the_time_is_up(self):
        with pytest.raises(CannotMoveClock, match="already up"):
            self.CLOCK.extend(extension(), at=at(2018, 7, 4), calendar=CALENDAR)

    @pytest.mark.parametrize(("approved_by", "reason"), [("", "x"), ("head", " ")], ids=["nobody", "no reason"])
    def test_refuses_an_extension_that_nobody_approved_or_explained(self, approved_by, reason):
        wrong = Extension(period=Period(10), approved_by=approved_by, reason=reason, basis=ARTICLE_45)

        with pytest.raises(CannotMoveClock, match="approval"):
            self.CLOCK.extend(wrong, at=at(2018, 6, 5), calendar=CALENDAR)


class TestRemainingAndColour:
    CLOCK = working_days(10, at(2018, 6, 4))  # due Tuesday 19 June: the 18th is a holiday

    @pytest.mark.parametrize(
        ("day", "left", "colour"),
        [
            (4, 10, Colour.NEUTRAL),
            (9, 6, Colour.NEUTRAL),
            (13, 3, Colour.NEUTRAL),
            (14, 2, Colour.AMBER),
            (19, 0, Colour.AMBER),
            (20, -1, Colour.RED),
            (23, -3, Colour.RED),
        ],
        ids=["start", "Saturday", "70 %", "80 %", "last day", "overdue", "overdue on a Saturday"],
    )
    def test_goes_from_neutral_to_amber_to_red(self, day, left, colour):
        now = at(2018, 6, day)

        assert (self.CLOCK.remaining(CALENDAR, now), self.CLOCK.colour(CALENDAR, now)) == (left, colour)

    def test_is_amber_with_one_working_day_left(self):
        assert working_days(3, at(2018, 6, 4)).colour(CALENDAR, at(2018, 6, 6)) is Colour.AMBER

    def test_used_and_left_make_the_whole(self):
        for day in range(4, 20):
            now = at(2018, 6, day)
            assert self.CLOCK.used(CALENDAR, now) + self.CLOCK.remaining(CALENDAR, now) == 10

    def test_a_stopped_clock_keeps_its_colour_for_ever(self):
        in_time, late = self.CLOCK.stop(at=at(2018, 6, 19)), self.CLOCK.stop(at=at(2018, 6, 20))

        assert (in_time.colour(CALENDAR, at(2019, 1, 2)), in_time.kept_promise(CALENDAR)) == (Colour.NEUTRAL, True)
        assert (late.colour(CALENDAR, at(2019, 1, 2)), late.kept_promise(CALENDAR)) == (Colour.RED, False)
        assert late.remaining(CALENDAR, at(2019, 1, 2)) == -1

    def test_a_stopped_clock_cannot_be_moved(self):
        stopped = self.CLOCK.stop(at=at(2018, 6, 19))

        with pytest.raises(CannotMoveClock, match="stopped"):
            stopped.pause(at=at(2018, 6, 19, 11), reason=HEARING, basis=ARTICLE_45)

    def test_stopping_closes_an_open_pause(self):
        clock = self.CLOCK.pause(at=at(2018, 6, 6), reason=HEARING, basis=ARTICLE_45).stop(at=at(2018, 6, 13))

        assert not clock.is_paused
        assert clock.kept_promise(CALENDAR)

    def test_clocks_of_one_case_are_independent(self):
        """Peers' mistake 6: the first-response clock and the decision clock do not touch each other."""
        notice, decision = working_days(5, at(2018, 6, 4)), working_days(20, at(2018, 6, 4))

        notice.stop(at=at(2018, 6, 5))

        assert decision.due_on(CALENDAR) == date(2018, 7, 3)

    def test_nothing_but_pause_extension_and_stop_can_move_a_deadline(self):
        """Peers' mistake 2: a citizen's comment postponed the deadline, because any edit did."""
        acts = {name for name in vars(Clock) if not name.startswith("_") and callable(getattr(Clock, name))}
        questions = {name for name in acts if name.endswith(("_on", "_at"))}

        assert acts - questions - {"binding_course", "is_overdue", "kept_promise", "remaining", "used", "colour"} == {
            "pause",
            "resume",
            "extend",
            "stop",
        }


class TestAccount:
    def test_accounts_for_each_day_of_national_week_2017(self):
        lines = account(working_days(3, at(2017, 9, 29)), CALENDAR, date(2017, 10, 10))

        assert [line.status.value for line in lines] == ["start", "make_up", *["holiday"] * 8, "counted", "counted"]
        assert [line.day for line in lines if line.is_due] == [date(2017, 10, 10)]
        assert lines[1].why.zh == "国庆节调休上班，计入（国办发明电〔2016〕17号）（第1天）"
        assert lines[5].why.en.startswith("Mid-Autumn Festival: public holiday, not counted")

    def test_says_why_a_day_was_paused(self):
        clock = working_days(5, at(2018, 6, 4), pauses=(paused(at(2018, 6, 5), at(2018, 6, 7)),))

        lines = account(clock, CALENDAR, date(2018, 6, 9))

        assert [line.status for line in lines] == [
            DayStatus.START,
            DayStatus.COUNTED,
            DayStatus.PAUSED,
            DayStatus.PAUSED,
            DayStatus.COUNTED,
            DayStatus.REST,
        ]
        assert lines[2].why.en == "Paused, not counted: Hearing (Administrative Licence Law art. 45)"

    def test_marks_days_after_the_due_day_and_provisional_ones(self):
        lines = account(working_days(1, at(2026, 12, 30)), CALENDAR, date(2027, 1, 4))

        assert [line.overdue for line in lines] == [False, False, True, True, True, True]
        assert [line.provisional for line in lines] == [False, False, True, True, True, True]

    def test_natural_days_count_through_weekends(self):
        clock = Clock(started=at(2018, 6, 1), promised=Period(3, Unit.DAY))

        assert [line.counted for line in account(clock, CALENDAR, date(2018, 6, 4))] == [0, 1, 2, 3]

    @QUICK
    @given(STARTS, st.integers(1, 25), OFFSETS)
    def test_the_days_counted_until_the_due_day_are_the_period(self, start, value, offsets):
        spans = [(start + begin * ONE_DAY, start + (begin + length) * ONE_DAY) for begin, length in offsets]
        clock = working_days(value, on(start), pauses=tuple(paused(on(b), on(e)) for b, e in spans))
        due = clock.due_on(CALENDAR)

        lines = account(clock, CALENDAR, due)

        assert sum(line.status.is_counted for line in lines) == value
        assert lines[-1].is_due
        assert lines[-1].status.is_counted
        assert len(lines) == (due - start).days + 1

    @QUICK
    @given(STARTS, st.integers(1, 25), st.integers(0, 40))
    def test_the_account_and_the_number_left_agree(self, start, value, later):
        clock = working_days(value, on(start), pauses=(paused(on(start + 2 * ONE_DAY), on(start + 5 * ONE_DAY)),))
        today = start + later * ONE_DAY
        counted = account(clock, CALENDAR, today)[-1].counted

        if today <= clock.due_on(CALENDAR):
            assert clock.remaining(CALENDAR, on(today, 20)) == value - counted
        assert local_day(on(today)) == today
