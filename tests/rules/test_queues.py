"""Queues of a hall: the order of calling, the states of a ticket, no-shows, waits, times to book."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yici.rules import holidays
from yici.rules.appointments import OpenOn, Span, day_rule, open_spans, slots
from yici.rules.queues import (
    IN_LINE,
    CannotQueue,
    HallRules,
    Place,
    Priority,
    QueueAct,
    TicketState,
    Waiting,
    calling_order,
    check_no_show,
    expected_wait,
    is_due,
    is_late,
    overtakes,
    state_after,
    state_at_end_of_day,
    ticket_label,
)
from yici.rules.working_days import Calendar, CalendarRow, DayKind

NINE = datetime(2018, 3, 5, 1, 0, tzinfo=UTC)
SHANGHAI = ZoneInfo("Asia/Shanghai")
RULES = HallRules(
    most_overtakes=3,
    early_minutes=5,
    late_minutes=15,
    calls_before_no_show=3,
    minutes_before_no_show=2,
    usual_service_minutes=10,
)


def minute(count: float) -> datetime:
    return NINE + timedelta(minutes=count)


def ticket(number: int, at: float | None = None, **more: object) -> Waiting:
    """A001 came in the first minute, A002 in the second, and so on."""
    joined = minute(number if at is None else at)
    return Waiting(Place(joined, ticket_label("A", number)), **more)  # type: ignore[arg-type]


def numbers(order: tuple[Waiting, ...]) -> list[int]:
    return [int(one.place.label[1:]) for one in order]


@st.composite
def lines(draw: st.DrawFn) -> list[Waiting]:
    """A line in any mixture; ``overtaken`` as arbitrary as a day can make it."""
    ages = draw(st.lists(st.integers(0, 30), max_size=12))
    return [
        ticket(
            number,
            at=age,
            priority=draw(st.sampled_from(Priority)),
            appointment_at=draw(st.none() | st.integers(0, 90).map(minute)),
            is_late=draw(st.booleans()),
            overtaken=draw(st.integers(0, 4)),
        )
        for number, age in enumerate(ages, start=1)
    ]


def slow_order(line: list[Waiting], now: datetime, low_counter: bool) -> list[str]:
    """The same by its words: at each call, count from the calls made so far who was overtaken how often."""
    called: list[Waiting] = []
    while len(called) < len(line):
        waiting = [one for one in line if one not in called]
        oldest = next(a for a in waiting if all(a.place <= b.place for b in waiting))
        if oldest.overtaken + sum(1 for one in called if one.place > oldest.place) >= RULES.most_overtakes:
            called.append(oldest)
            continue
        low = [one for one in waiting if low_counter and one.priority == "accessible"]
        due = [one for one in waiting if is_due(one, RULES, now)]
        first = [one for one in waiting if one.priority != "ordinary"]
        if low or not due:
            called.append(min(low or first or waiting, key=lambda one: one.place))
        else:
            called.append(min(due, key=lambda one: (one.appointment_at or NINE, one.place)))
    return [one.place.label for one in called]


class TestOrderOfCalling:
    def test_walk_ins_are_called_as_they_came(self) -> None:
        assert numbers(calling_order([ticket(3), ticket(1), ticket(2)], RULES, minute(10))) == [1, 2, 3]

    def test_a_due_appointment_comes_before_walk_ins(self) -> None:
        line = [ticket(1), ticket(2, appointment_at=minute(12))]

        assert numbers(calling_order(line, RULES, minute(8))) == [2, 1]
        assert numbers(calling_order(line, RULES, minute(6))) == [1, 2]

    def test_an_appointment_before_its_time_waits_like_any_other(self) -> None:
        assert numbers(calling_order([ticket(1, appointment_at=minute(60)), ticket(2)], RULES, minute(5))) == [1, 2]

    def test_who_comes_late_to_his_time_is_a_walk_in(self) -> None:
        line = [ticket(1), ticket(2, appointment_at=minute(1), is_late=True)]

        assert numbers(calling_order(line, RULES, minute(30))) == [1, 2]
        assert not is_late(minute(0), minute(15), RULES)
        assert is_late(minute(0), minute(15.1), RULES)

    @pytest.mark.parametrize("priority", [Priority.PRIORITY, Priority.ACCESSIBLE])
    def test_priority_comes_before_walk_ins(self, priority: Priority) -> None:
        assert numbers(calling_order([ticket(1), ticket(2, priority=priority)], RULES, minute(5))) == [2, 1]

    def test_the_low_counter_takes_who_needs_it_before_a_due_appointment(self) -> None:
        line = [ticket(1, appointment_at=minute(0)), ticket(2, priority=Priority.ACCESSIBLE)]

        assert numbers(calling_order(line, RULES, minute(5))) == [1, 2]
        assert numbers(calling_order(line, RULES, minute(5), low_counter=True)) == [2, 1]

    def test_nobody_is_overtaken_more_often_than_the_hall_allows(self) -> None:
        line = [ticket(1), *(ticket(number, priority=Priority.PRIORITY) for number in range(2, 8))]

        assert numbers(calling_order(line, RULES, minute(9))) == [2, 3, 4, 1, 5, 6, 7]

    @given(lines(), st.booleans())
    def test_agrees_with_the_slow_reading(self, line: list[Waiting], low_counter: bool) -> None:
        order = calling_order(line, RULES, minute(45), low_counter=low_counter)

        assert [one.place.label for one in order] == slow_order(line, minute(45), low_counter)

    @given(lines())
    def test_loses_nobody_and_calls_nobody_twice(self, line: list[Waiting]) -> None:
        order = calling_order(line, RULES, minute(45))

        assert sorted(one.place for one in order) == sorted(one.place for one in line)

    @given(lines(), st.randoms())
    def test_does_not_depend_on_how_the_rows_arrive(self, line: list[Waiting], random: object) -> None:
        shuffled = [*line]
        random.shuffle(shuffled)  # type: ignore[attr-defined]

        assert calling_order(shuffled, RULES, minute(45)) == calling_order(line, RULES, minute(45))


class TestNobodyStarves:
    @given(st.lists(st.sampled_from(["walk-in", "priority", "due", "call"]), min_size=20, max_size=120))
    def test_even_if_others_with_priority_keep_coming(self, day: list[str]) -> None:
        """Each ticket is called after at most (k + 1) (bound + 1) calls, k being those before it when it was taken."""
        waiting: list[Waiting] = []
        called: list[Place] = []
        allowed: dict[Place, int] = {}
        for step, event in enumerate([*day, *["call"] * len(day)], start=1):
            now = minute(step)
            if event == "call" and waiting:
                line = [
                    Waiting(one.place, one.priority, one.appointment_at, False, overtakes(one.place, sorted(called)))
                    for one in waiting
                ]
                first = calling_order(line, RULES, now)[0].place
                waiting = [one for one in waiting if one.place != first]
                called.append(first)
                assert len(called) <= allowed[first]
            elif event != "call":
                kind = {"priority": Priority.PRIORITY}.get(event, Priority.ORDINARY)
                new = ticket(step, priority=kind, appointment_at=now if event == "due" else None)
                allowed[new.place] = len(called) + (len(waiting) + 1) * (RULES.most_overtakes + 1)
                waiting.append(new)
        assert not waiting
        assert len(called) == len(set(called)) == len(allowed)

    @given(st.lists(st.integers(0, 40), max_size=20), st.integers(0, 40))
    def test_overtakes_are_counted_by_place(self, joined: list[int], mine: int) -> None:
        called = sorted(Place(minute(at), "A001") for at in joined)

        assert overtakes(Place(minute(mine), "A001"), called) == sum(1 for at in joined if at > mine)


class TestStates:
    @pytest.mark.parametrize(
        ("act", "state", "then"),
        [
            (QueueAct.CALL, TicketState.TRANSFERRED, TicketState.CALLED),
            (QueueAct.CALL_AGAIN, TicketState.CALLED, TicketState.CALLED),
            (QueueAct.SKIP, TicketState.CALLED, TicketState.SKIPPED),
            (QueueAct.RECALL, TicketState.NO_SHOW, TicketState.CALLED),
            (QueueAct.TRANSFER, TicketState.SERVING, TicketState.TRANSFERRED),
            (QueueAct.FINISH, TicketState.SERVING, TicketState.DONE),
        ],
    )
    def test_an_act_leads_on(self, act: QueueAct, state: TicketState, then: TicketState) -> None:
        assert state_after(act, state) is then

    @pytest.mark.parametrize("act", QueueAct)
    @pytest.mark.parametrize("state", [TicketState.DONE, TicketState.CLOSED])
    def test_nothing_is_done_to_a_ticket_that_is_over(self, act: QueueAct, state: TicketState) -> None:
        with pytest.raises(CannotQueue, match="Load the page again"):
            state_after(act, state)

    @pytest.mark.parametrize("state", TicketState)
    def test_the_end_of_the_day_ends_everything_once(self, state: TicketState) -> None:
        over = state_at_end_of_day(state)

        assert over in {TicketState.DONE, TicketState.NO_SHOW, TicketState.CLOSED}
        assert state_at_end_of_day(over) is over

    def test_who_still_waits_when_the_hall_closes_did_come(self) -> None:
        assert {state_at_end_of_day(state) for state in IN_LINE} == {TicketState.CLOSED}


class TestNoShow:
    def test_takes_as_many_calls_as_the_hall_says(self) -> None:
        with pytest.raises(CannotQueue, match="Call 1 more"):
            check_no_show(2, minute(0), RULES, minute(60))

    def test_takes_as_many_minutes_as_the_hall_says(self) -> None:
        with pytest.raises(CannotQueue, match=r"Wait 30 more second"):
            check_no_show(3, minute(0), RULES, minute(1.5))

    def test_is_said_then(self) -> None:
        check_no_show(3, minute(0), RULES, minute(2))


class TestExpectedWait:
    def test_is_unknown_without_a_window(self) -> None:
        assert expected_wait(3, [10, 10], 0, 10) is None

    def test_begins_with_the_usual_time(self) -> None:
        assert expected_wait(2, [], 1, 10) == (20, 30)

    @given(
        st.integers(0, 60),
        st.lists(st.floats(0.1, 120), max_size=20),
        st.integers(1, 9),
    )
    def test_is_a_range_that_grows_with_people_and_shrinks_with_windows(
        self, before: int, minutes: list[float], windows: int
    ) -> None:
        low, high = expected_wait(before, minutes, windows, 10) or (-1, -1)

        assert 0 <= low <= high
        assert (expected_wait(before + 1, minutes, windows, 10) or (0, 0)) >= (low, high)
        assert (expected_wait(before, minutes, windows + 1, 10) or (999, 999))[1] <= high


class TestTimesToBook:
    MORNING, AFTERNOON, SATURDAY = Span(time(8, 30), time(12)), Span(time(13, 30), time(17)), Span(time(9), time(12))
    HOURS = ((OpenOn.WORKING_DAY, AFTERNOON), (OpenOn.WORKING_DAY, MORNING), (OpenOn.SATURDAY, SATURDAY))
    CALENDAR = Calendar.from_rows(
        [
            CalendarRow(date(2018, 4, 7), DayKind.HOLIDAY, holidays.MID_AUTUMN, "x"),
            CalendarRow(date(2018, 4, 8), DayKind.MAKE_UP, holidays.MID_AUTUMN, "x"),
        ]
    )

    @pytest.mark.parametrize(
        ("day", "spans"),
        [
            (date(2018, 3, 5), (MORNING, AFTERNOON)),
            (date(2018, 3, 10), (SATURDAY,)),
            (date(2018, 3, 11), ()),
            (date(2018, 4, 7), ()),
            (date(2018, 4, 8), (MORNING, AFTERNOON)),
        ],
        ids=["Monday", "Saturday", "Sunday", "Saturday of a holiday", "Sunday made up"],
    )
    def test_follow_the_official_calendar(self, day: date, spans: tuple[Span, ...]) -> None:
        assert open_spans(day, self.CALENDAR, self.HOURS, {}) == spans

    def test_follow_what_is_said_of_one_day(self) -> None:
        monday, span = date(2018, 3, 5), Span(time(10), time(11))

        assert open_spans(monday, self.CALENDAR, self.HOURS, {monday: ()}) == ()
        assert open_spans(date(2018, 3, 11), self.CALENDAR, self.HOURS, {date(2018, 3, 11): (span,)}) == (span,)
        assert day_rule(date(2018, 3, 11), self.CALENDAR) is OpenOn.SUNDAY

    def test_lie_within_the_hours_and_after_the_notice(self) -> None:
        day = date(2018, 3, 5)
        eleven = datetime(2018, 3, 5, 11, 0, tzinfo=SHANGHAI)

        found = slots(
            day,
            [self.MORNING],
            minutes=45,
            places=2,
            taken={eleven - timedelta(minutes=15): 3},
            after=datetime(2018, 3, 5, 9, 15, tzinfo=SHANGHAI),
            zone=SHANGHAI,
        )

        assert [(f"{slot.starts_at:%H:%M}", slot.free) for slot in found] == [("10:00", 2), ("10:45", 0)]

    @given(st.integers(5, 90), st.integers(0, 4), st.integers(0, 23))
    def test_never_overlap_and_never_offer_more_than_there_is(self, minutes: int, places: int, hour: int) -> None:
        day = date(2018, 3, 5)
        after = datetime(2018, 3, 5, hour, 0, tzinfo=SHANGHAI)

        found = slots(
            day, [self.MORNING, self.AFTERNOON], minutes=minutes, places=places, taken={}, after=after, zone=SHANGHAI
        )

        starts = [slot.starts_at for slot in found]
        assert all(later - earlier >= timedelta(minutes=minutes) for earlier, later in pairwise(starts))
        assert all(one > after for one in starts)
        assert {slot.free for slot in found} <= {places}
