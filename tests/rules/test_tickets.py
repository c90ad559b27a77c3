"""The rules of tickets: any interleaving of acts keeps one responsible unit, one running clock and every voice."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from yici.rules import matters
from yici.rules.clocks import Colour
from yici.rules.codes import ZHEJIANG, parse_region_code
from yici.rules.law_parameters import LAW_PARAMETERS, parameter
from yici.rules.matters import Secrecy
from yici.rules.periods import Period, Unit
from yici.rules.supervision import CannotSupervise, CardState, Dial, Ladder, contest_card, examine, settle_contest
from yici.rules.ticket_acts import Circumstances, Side, TicketAct
from yici.rules.ticket_categories import CATEGORIES, LEAVES
from yici.rules.ticket_endings import ENDINGS, check_ending
from yici.rules.ticket_limits import JINAN, TICKET_PARAMETERS, moments
from yici.rules.ticket_moves import MOVES, act, possible_acts
from yici.rules.ticket_routing import Candidate, Ground, forbidden_for, proposed
from yici.rules.tickets import (
    CannotHandleTicket,
    Ending,
    ExtensionGround,
    Level,
    Standing,
    TicketKind,
    TicketState,
    holder,
    step_clock,
)
from yici.rules.words import Words
from yici.rules.working_days import Calendar, CalendarRow, DayKind

NEW_YEAR = CalendarRow(date(2018, 1, 1), DayKind.HOLIDAY, Words("元旦", "New Year"), "国办发明电〔2017〕12号")
CALENDAR = Calendar.from_rows([NEW_YEAR])
ACCUSED, BELOW = 9, 8
UNITS = (1, 2, 3, BELOW, ACCUSED)
SUPERIORS = {1: None, 2: None, 3: None, BELOW: ACCUSED, ACCUSED: None}


class Hotline(RuleBasedStateMachine):
    """Five tickets, the first accusing unit 9; whatever is tried, in any order, what the rules promise holds."""

    @initialize()
    def open(self) -> None:
        self.tickets = {number: Standing() for number in range(5)}
        self.journal: list[tuple[int, str, TicketState]] = []
        self.answers = dict.fromkeys(self.tickets, 0)

    def forbidden(self, number: int) -> frozenset[int]:
        concerned = {number, *(one for one, standing in self.tickets.items() if standing.leader == number)}
        return forbidden_for(ACCUSED, SUPERIORS, UNITS) if 0 in concerned else frozenset()

    def followers(self, number: int) -> int:
        return sum(1 for standing in self.tickets.values() if standing.leader == number)

    @rule(
        number=st.integers(0, 4),
        what=st.sampled_from(TicketAct),
        side=st.sampled_from(Side),
        to=st.sampled_from(UNITS),
        ending=st.sampled_from(Ending),
        ground=st.sampled_from(ExtensionGround),
        in_time=st.booleans(),
        across=st.booleans(),
    )
    def try_act(
        self,
        *,
        number: int,
        what: TicketAct,
        side: Side,
        to: int,
        ending: Ending,
        ground: ExtensionGround,
        in_time: bool,
        across: bool,
    ) -> None:
        around = Circumstances(
            reason="理由",
            to=to,
            forbidden=self.forbidden(number),
            in_time=in_time,
            across=across,
            contacted=True,
            followers=self.followers(number),
            attempts=3,
            ground=ground,
            ending=ending,
        )
        before = self.tickets[number]
        try:
            after = act(before, what, side, around)
        except CannotHandleTicket:
            return
        self._write(number, what.value, after)
        if what is TicketAct.APPROVE:
            self._answer(number, after)

    def _answer(self, number: int, leader: Standing) -> None:
        self.answers[number] += 1
        for one, standing in self.tickets.items():
            if standing.leader == number:
                self._write(one, "approve", matters.answered_with(leader, standing))
                self.answers[one] += 1

    def _write(self, number: int, what: str, after: Standing) -> None:
        self.tickets = {**self.tickets, number: after}
        self.journal.append((number, what, after.state))

    @rule(number=st.integers(0, 4))
    def go_forward(self, number: int) -> None:
        """Take the ordinary next act, so that long ways are reached as well."""
        side, what = {
            TicketState.RECEIVED: (Side.CENTRE, TicketAct.DISPATCH),
            TicketState.DISPATCHED: (Side.UNIT, TicketAct.SIGN),
            TicketState.HANDLING: (Side.UNIT, TicketAct.REPLY),
            TicketState.REPLIED: (Side.CENTRE, TicketAct.APPROVE),
            TicketState.FOLLOW_UP: (Side.PERSON, TicketAct.DISSATISFIED),
        }.get(self.tickets[number].state, (Side.CENTRE, TicketAct.TRIAGE))
        self.try_act(
            number=number,
            what=what,
            side=side,
            to=1,
            ending=Ending.EXPLAINED,
            ground=ExtensionGround.ORDINARY,
            in_time=True,
            across=False,
        )

    @rule(leader=st.integers(0, 4), follower=st.integers(0, 4))
    def merge(self, leader: int, follower: int) -> None:
        if leader == follower:
            return
        try:
            after = matters.merge(
                self.tickets[leader],
                self.tickets[follower],
                leader_id=leader,
                followers=self.followers(follower),
                of_leader=Secrecy(forbidden=self.forbidden(leader)),
                of_follower=Secrecy(forbidden=self.forbidden(follower)),
            )
        except CannotHandleTicket:
            return
        self._write(follower, "merged", after)

    @rule(number=st.integers(0, 4))
    def unmerge(self, number: int) -> None:
        merged = self.tickets[number]
        try:
            after = matters.unmerge(merged)
        except CannotHandleTicket:
            return
        assert merged.before is not None
        assert after == replace(merged.before, level=after.level)  # nothing is lost
        self._write(number, "unmerged", after)

    @invariant()
    def one_responsible_unit(self) -> None:
        for standing in self.tickets.values():
            if standing.state in {TicketState.DISPATCHED, TicketState.HANDLING}:
                assert holder(standing) is not None
            else:
                assert holder(standing) is None
            if standing.state is TicketState.MERGED:
                assert standing.leader is not None
                assert standing.unit is None

    @invariant()
    def one_running_clock(self) -> None:
        for standing in self.tickets.values():
            running = step_clock(standing)
            if standing.state is TicketState.MERGED:
                assert standing.leader is not None
                leader = self.tickets[standing.leader]
                assert running is None
                assert step_clock(leader) is not None
                assert leader.state is not TicketState.MERGED
            else:
                assert (running is not None) == standing.state.is_open

    @invariant()
    def no_lost_voice(self) -> None:
        """Each is still waiting for somebody, or ended with a ground; answered endings had an answer."""
        for number, standing in self.tickets.items():
            assert (standing.ending is None) == standing.state.is_open
            if standing.ending in {Ending.SETTLED, Ending.UNREACHED}:
                assert self.answers[number] >= 1

    @invariant()
    def never_with_the_accused(self) -> None:
        for number, standing in self.tickets.items():
            if holder(standing) is not None:
                assert holder(standing) not in self.forbidden(number)

    @invariant()
    def the_journal_says_where_each_stands(self) -> None:
        """Rebuilt from the journal alone, by the slow way of reading it all, every ticket stands where it stands."""
        told = dict.fromkeys(self.tickets, TicketState.RECEIVED)
        for number, _, state in self.journal:
            told[number] = state
        assert told == {number: standing.state for number, standing in self.tickets.items()}

    @invariant()
    def harder_every_time(self) -> None:
        for standing in self.tickets.values():
            assert standing.level >= min(max(standing.rehandlings - 1, 0), Level.INTERVIEW)


TestHotline = Hotline.TestCase
TestHotline.settings = settings(max_examples=40, stateful_step_count=40, deadline=None)


class TestActs:
    @pytest.mark.parametrize("what", TicketAct)
    def test_every_act_has_its_place_and_its_words(self, what: TicketAct) -> None:
        assert MOVES[what].states
        assert what.words.zh
        assert what.words.en

    @pytest.mark.parametrize("state", [one for one in TicketState if one.is_open])
    def test_somebody_can_always_do_something(self, state: TicketState) -> None:
        assert any(possible_acts(state, side) for side in (Side.CENTRE, Side.UNIT))

    def test_a_standing_is_not_changed_by_a_refused_act(self) -> None:
        bound = Standing(state=TicketState.HANDLING, unit=1, bound=True)

        with pytest.raises(CannotHandleTicket):
            act(bound, TicketAct.SEND_BACK, Side.UNIT, Circumstances(reason="不属职责"))

        assert bound == Standing(state=TicketState.HANDLING, unit=1, bound=True)

    def test_a_decision_for_the_accused_is_refused_as_well(self) -> None:
        disputed = Standing(state=TicketState.ARBITRATION, unit=1)

        with pytest.raises(CannotHandleTicket):
            act(disputed, TicketAct.ARBITRATE, Side.CENTRE, Circumstances(reason="定", to=9, forbidden=frozenset({9})))


class TestEndings:
    @pytest.mark.parametrize("ending", ENDINGS)
    def test_each_needs_its_words_and_its_record(self, ending: Ending) -> None:
        with pytest.raises(CannotHandleTicket):
            check_ending(ending, told=" ", record="记录")
        if ENDINGS[ending].needs:
            with pytest.raises(CannotHandleTicket):
                check_ending(ending, told="已告知", record="")
        assert check_ending(ending, told="已告知", record="记录").basis.zh

    def test_an_answer_is_no_ground_to_end(self) -> None:
        with pytest.raises(CannotHandleTicket):
            check_ending(Ending.SETTLED, told="已告知", record="记录")


def first_amber_by_the_hour(period: Period, start: datetime, percent: int) -> datetime:
    """The slow way: go hour by hour until so many percent of the counted days have begun."""
    day, counted = start.astimezone(UTC) + timedelta(hours=8), 0
    while counted * 100 < period.value * percent:
        day += timedelta(days=1)
        counted += CALENDAR.day(day.date()).kind.is_worked
    return datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(hours=8)


class TestLimits:
    @given(
        days=st.integers(1, 60),
        hour=st.integers(0, 24 * 365),
        percent=st.integers(1, 100),
    )
    @settings(max_examples=60, deadline=None)
    def test_amber_agrees_with_counting_day_by_day(self, days: int, hour: int, percent: int) -> None:
        start = datetime(2018, 1, 2, 1, 0, tzinfo=UTC) + timedelta(hours=hour)
        found = moments(Period(days), start, CALENDAR, percent)

        assert found.amber_at == first_amber_by_the_hour(Period(days), start, percent)
        assert start < found.amber_at < found.due_at

    def test_hours_run_through_the_night(self) -> None:
        start = datetime(2018, 3, 9, 15, 0, tzinfo=UTC)

        found = moments(Period(10, Unit.HOUR), start, CALENDAR, 80)

        assert (found.amber_at, found.due_at) == (start + timedelta(hours=8), start + timedelta(hours=10))

    @pytest.mark.parametrize("kind", TicketKind)
    def test_every_kind_has_a_limit_in_the_province_and_five_days_in_jinan(self, kind: TicketKind) -> None:
        key = f"ticket_answer_{kind}"

        assert parameter(key, ZHEJIANG, date(2018, 3, 1), TICKET_PARAMETERS).value >= 1
        here = parameter(key, parse_region_code("370102"), date(2018, 9, 1), TICKET_PARAMETERS)
        assert (here.period, here.region, here.verified) == (Period(5), JINAN, True)

    def test_no_key_is_given_twice(self) -> None:
        keys = [(one.key, one.region, one.valid_from) for one in (*LAW_PARAMETERS, *TICKET_PARAMETERS)]

        assert len(keys) == len(set(keys))


class TestSupervision:
    LADDER = Ladder(listed_after=3, interview_after=10)
    DUE = datetime(2018, 3, 12, 16, 0, tzinfo=UTC)  # the end of Monday the 12th

    @pytest.mark.parametrize(
        ("day", "level"),
        [(12, Level.NONE), (13, Level.DAILY), (15, Level.DAILY), (16, Level.LISTED), (26, Level.LISTED), (27, 3)],
    )
    def test_climbs_with_the_working_days(self, day: int, level: int) -> None:
        now = datetime(2018, 3, day, 2, 0, tzinfo=UTC)

        assert self.LADDER.level(self.DUE, now, CALENDAR) == level

    @given(hours=st.integers(-200, 400))
    @settings(max_examples=50, deadline=None)
    def test_red_needs_a_level_and_a_level_needs_red(self, hours: int) -> None:
        dial = Dial(self.DUE - timedelta(hours=30), self.DUE)
        found = examine({"step": dial}, self.LADDER, self.DUE + timedelta(hours=hours), CALENDAR)

        assert (("step", Colour.RED) in found.reminders) == (found.level is not Level.NONE) == (hours >= 0)

    def test_whoever_gave_a_card_does_not_settle_its_contest(self) -> None:
        contested = contest_card(CardState.EXPLAINED, "材料已补", in_time=True)

        with pytest.raises(CannotSupervise):
            settle_contest(contested, uphold=False, reason="维持", same_hand=True)
        assert not settle_contest(contested, uphold=True, reason="成立", same_hand=False).counts
        with pytest.raises(CannotSupervise):
            contest_card(CardState.STANDS, "再次", in_time=True)


class TestRouting:
    @given(
        chosen=st.lists(st.tuples(st.sampled_from(UNITS), st.sampled_from(Ground)), max_size=12), accuses=st.booleans()
    )
    def test_each_once_on_its_best_ground_and_never_the_forbidden(
        self, chosen: list[tuple[int, Ground]], accuses: bool
    ) -> None:
        forbidden = forbidden_for(ACCUSED if accuses else None, SUPERIORS, UNITS)
        found = proposed([Candidate(*one) for one in chosen], forbidden)

        assert {one.organisation for one in found} == {unit for unit, _ in chosen} - forbidden
        assert [one.ground for one in found] == sorted(one.ground for one in found)
        assert all(one.ground == min(g for unit, g in chosen if unit == one.organisation) for one in found)

    def test_below_the_accused_counts_as_the_accused(self) -> None:
        assert forbidden_for(ACCUSED, SUPERIORS, UNITS) == {ACCUSED, BELOW}

    def test_every_category_has_a_duty_and_a_branch(self) -> None:
        assert len(LEAVES) > 30
        assert all(CATEGORIES[leaf.parent].duty == "" for leaf in LEAVES)
