"""Queues of a hall against the database: who sees what, who is called, what is kept, what two windows get at once."""

from collections.abc import Callable
from datetime import date, time
from functools import partial
from threading import Barrier, Thread
from uuid import uuid4

import pytest
from django.core.exceptions import ObjectDoesNotExist
from django.db import connections
from django.utils import timezone

from tests.apps.hall_examples import (
    NINE,
    at_window,
    book,
    clerk_of,
    last_kind,
    minute,
    open_hall,
    person,
    queue_of,
    take,
)
from yici.apps.halls import actions, queries
from yici.apps.halls.models import Appointment, QueueTicket, WindowDuty
from yici.apps.journal.models import Entry
from yici.apps.people.viewers import ANONYMOUS, Viewer
from yici.apps.places.models import Hall
from yici.rules.appointments import AppointmentState, Span
from yici.rules.queues import CannotQueue, Priority, TicketState, WaitRange
from yici.rules.words import Words


@pytest.fixture
def hall(db: None) -> Hall:
    return open_hall()


class TestTakingATicket:
    def test_numbers_run_a_queue_and_day(self, hall: Hall) -> None:
        labels = [take(hall).label, take(hall, 1).label, take(hall, 2, letter="B").label, take(hall, 24 * 60).label]

        assert labels == ["A001", "A002", "B001", "A001"]
        assert last_kind() == "queue.taken"

    def test_names_nobody(self, hall: Hall) -> None:
        ticket = take(hall)

        assert Entry.objects.order_by("-pk")[0].subject == f"ticket:{ticket.public_id}"
        assert not {field.name for field in QueueTicket._meta.fields} & {"party", "name", "phone"}

    @pytest.mark.parametrize("at", [-61, 8 * 60], ids=["before eight", "at five"])
    def test_is_refused_while_the_hall_is_closed(self, hall: Hall, at: float) -> None:
        with pytest.raises(CannotQueue, match="The hall is closed"):
            take(hall, at)

    def test_begins_half_an_hour_before_the_hall_opens(self, hall: Hall) -> None:
        assert take(hall, -60).label == "A001"

    def test_article_12_no_number_of_the_day_is_the_last(self, hall: Hall) -> None:
        """规定 art. 12: no daily limit and no refusal within the published hours."""
        assert [take(hall, at).label for at in (0, 7 * 60 + 59)] == ["A001", "A002"]

    def test_a_hall_that_works_longer_gives_numbers_too(self, hall: Hall) -> None:
        at_window(hall)

        assert take(hall, 12 * 60).label == "A001"

    def test_a_day_on_which_the_hall_is_closed(self, hall: Hall) -> None:
        clerk = clerk_of(hall)
        closed = Words("停电检修", "Power works")
        actions.set_exception(day=date(2018, 3, 5), span=None, reason=closed, by=clerk, now=NINE)

        with pytest.raises(CannotQueue):
            take(hall)

        span = Span(time(8), time(20))
        actions.set_exception(day=date(2018, 3, 5), span=span, reason=closed, by=clerk, now=NINE)
        assert take(hall, 10 * 60).label == "A001"

    def test_in_a_hall_without_queues(self, hall: Hall) -> None:
        with pytest.raises(ObjectDoesNotExist):
            actions.take_ticket(queue_id=uuid4(), priority=Priority.ORDINARY, channel="machine", by=ANONYMOUS, now=NINE)


class TestAtTheWindow:
    def test_calls_serves_and_finishes(self, hall: Hall) -> None:
        clerk, ticket = at_window(hall), take(hall)

        label = actions.call_next(by=clerk, now=minute(3))
        actions.start_serving(ticket_id=ticket.public_id, by=clerk, now=minute(4))
        actions.finish(ticket_id=ticket.public_id, by=clerk, now=minute(9))

        ticket.refresh_from_db()
        assert (label, ticket.state, ticket.calls) == ("A001", TicketState.DONE, 1)
        kinds = Entry.objects.filter(subject=str(ticket)).order_by("pk").values_list("kind", flat=True)
        assert list(kinds) == ["queue.taken", "queue.call", "queue.start", "queue.finish"]

    def test_has_one_person_at_a_time(self, hall: Hall) -> None:
        clerk = at_window(hall)
        take(hall), take(hall, 1)
        actions.call_next(by=clerk, now=minute(2))

        with pytest.raises(CannotQueue, match="A001 is still at your window"):
            actions.call_next(by=clerk, now=minute(3))
        with pytest.raises(CannotQueue, match="still at your window"):
            actions.close_window(by=clerk, now=minute(3))

    def test_calls_nobody_without_a_window_in_a_pause_or_with_nobody_there(self, hall: Hall) -> None:
        clerk = clerk_of(hall)
        with pytest.raises(CannotQueue, match="Choose your window"):
            actions.call_next(by=clerk, now=NINE)
        actions.open_window(number=1, by=clerk, now=NINE)
        with pytest.raises(CannotQueue, match="Nobody is waiting"):
            actions.call_next(by=clerk, now=NINE)
        actions.pause_window(by=clerk, now=NINE)
        take(hall)
        with pytest.raises(CannotQueue, match="pauses"):
            actions.call_next(by=clerk, now=NINE)
        actions.resume_window(by=clerk, now=NINE)
        assert actions.call_next(by=clerk, now=minute(1)) == "A001"

    def test_one_clerk_a_window_and_one_window_a_clerk(self, hall: Hall) -> None:
        clerk = at_window(hall)

        with pytest.raises(CannotQueue, match="Somebody sits"):
            at_window(hall)
        with pytest.raises(CannotQueue, match="Somebody sits"):
            actions.open_window(number=2, by=clerk, now=NINE)

        actions.close_window(by=clerk, now=NINE)
        assert queries.duty_of(clerk) is None
        assert at_window(hall)

    def test_passes_over_and_calls_back(self, hall: Hall) -> None:
        clerk, ticket = at_window(hall), take(hall)
        take(hall, 1)
        actions.call_next(by=clerk, now=minute(2))
        actions.skip(ticket_id=ticket.public_id, by=clerk, now=minute(3))
        assert actions.call_next(by=clerk, now=minute(3)) == "A002"
        with pytest.raises(CannotQueue, match="A002 is still"):
            actions.recall(ticket_id=ticket.public_id, by=clerk, now=minute(4))

        held = queries.ticket_at_window(clerk, now=minute(4))
        assert held is not None
        actions.start_serving(ticket_id=held.public_id, by=clerk, now=minute(4))
        actions.finish(ticket_id=held.public_id, by=clerk, now=minute(5))
        assert [one.label for one in queries.set_aside_today(clerk, now=minute(5))] == ["A001"]
        assert actions.recall(ticket_id=ticket.public_id, by=clerk, now=minute(5)) == "A001"

    def test_a_no_show_takes_three_calls_and_a_minute(self, hall: Hall) -> None:
        clerk, ticket = at_window(hall), take(hall)
        actions.call_next(by=clerk, now=minute(2))

        with pytest.raises(CannotQueue, match="Call 2 more"):
            actions.no_show(ticket_id=ticket.public_id, by=clerk, now=minute(9))
        for at in (3, 4):
            actions.call_again(ticket_id=ticket.public_id, by=clerk, now=minute(at))
        with pytest.raises(CannotQueue, match="Wait"):
            actions.no_show(ticket_id=ticket.public_id, by=clerk, now=minute(4.5))
        actions.no_show(ticket_id=ticket.public_id, by=clerk, now=minute(5))

        ticket.refresh_from_db()
        assert ticket.state == TicketState.NO_SHOW

    def test_what_is_refused_changes_nothing(self, hall: Hall) -> None:
        clerk, ticket = at_window(hall), take(hall)
        before = Entry.objects.count()

        with pytest.raises(CannotQueue):
            actions.finish(ticket_id=ticket.public_id, by=clerk, now=minute(1))

        ticket.refresh_from_db()
        assert (ticket.state, Entry.objects.count()) == (TicketState.WAITING, before)

    def test_a_colleague_does_not_take_what_is_at_my_window(self, hall: Hall) -> None:
        clerk, colleague, ticket = at_window(hall), at_window(hall, 2), take(hall)
        actions.call_next(by=clerk, now=minute(1))

        with pytest.raises(CannotQueue, match="at another window"):
            actions.start_serving(ticket_id=ticket.public_id, by=colleague, now=minute(2))


class TestOrderInTheHall:
    def test_each_window_calls_its_own_queues(self, hall: Hall) -> None:
        outcome = at_window(hall, 4)
        take(hall), take(hall, 1, letter="B")

        assert actions.call_next(by=outcome, now=minute(2)) == "B001"

    def test_the_low_counter_first_takes_who_needs_it_and_others_leave_them(self, hall: Hall) -> None:
        first, low = at_window(hall), at_window(hall, 3)
        take(hall, 0, priority=Priority.ACCESSIBLE), take(hall, 1), take(hall, 2, priority=Priority.ACCESSIBLE)

        assert actions.call_next(by=first, now=minute(3)) == "A002"
        assert actions.call_next(by=low, now=minute(3)) == "A001"

    def test_without_a_clerk_there_any_window_takes_them(self, hall: Hall) -> None:
        first = at_window(hall)
        take(hall), take(hall, 1, priority=Priority.ACCESSIBLE)

        assert actions.call_next(by=first, now=minute(3)) == "A002"

    def test_a_moved_ticket_keeps_its_number_and_place(self, hall: Hall) -> None:
        clerk, outcome = at_window(hall), at_window(hall, 4)
        ticket = take(hall)
        take(hall, 1, letter="B")
        actions.call_next(by=clerk, now=minute(2))

        actions.transfer(ticket_id=ticket.public_id, queue_id=queue_of(hall, "B"), by=clerk, now=minute(3))

        assert actions.call_next(by=outcome, now=minute(4)) == "A001"

    def test_a_ticket_moved_to_a_window_waits_for_it_while_somebody_is_there(self, hall: Hall) -> None:
        clerk, colleague = at_window(hall), at_window(hall, 2)
        ticket = take(hall)
        actions.call_next(by=clerk, now=minute(2))
        actions.transfer(ticket_id=ticket.public_id, window_number=2, by=clerk, now=minute(3))

        with pytest.raises(CannotQueue, match="Nobody is waiting"):
            actions.call_next(by=clerk, now=minute(4))
        actions.close_window(by=colleague, now=minute(5))
        assert actions.call_next(by=clerk, now=minute(6)) == "A001"

    def test_moving_to_where_it_is_is_refused(self, hall: Hall) -> None:
        clerk, ticket = at_window(hall), take(hall)
        actions.call_next(by=clerk, now=minute(2))

        with pytest.raises(CannotQueue, match="It is in that queue"):
            actions.transfer(ticket_id=ticket.public_id, queue_id=queue_of(hall), by=clerk, now=minute(3))
        with pytest.raises(CannotQueue, match="It is at your window"):
            actions.transfer(ticket_id=ticket.public_id, window_number=1, by=clerk, now=minute(3))

    def test_tells_the_holder_who_is_before_him_and_how_long(self, hall: Hall) -> None:
        at_window(hall)
        mine = [take(hall, at) for at in range(3)][-1]
        take(hall, 3, priority=Priority.PRIORITY)

        view = queries.ticket_by_code(mine.code, now=minute(4))

        assert (view.before, view.wait) == (3, WaitRange(30, 40))


class TestWhoSeesWhat:
    @pytest.fixture
    def stranger(self, hall: Hall) -> Viewer:
        return at_window(open_hall("330502"))

    @pytest.mark.parametrize("act", [actions.skip, actions.finish, actions.recall, actions.no_show, actions.transfer])
    def test_a_clerk_of_another_hall_finds_no_ticket(
        self, hall: Hall, stranger: Viewer, act: Callable[..., object]
    ) -> None:
        ticket = take(hall)
        actions.call_next(by=at_window(hall), now=minute(1))

        with pytest.raises(ObjectDoesNotExist):
            act(ticket_id=ticket.public_id, by=stranger, now=minute(2))

    def test_and_no_line_board_or_figures(self, hall: Hall, stranger: Viewer) -> None:
        take(hall)

        assert queries.line_at_window(stranger, now=minute(1)) == []
        assert queries.supply_rows(stranger, first=NINE.date(), last=NINE.date()) == []
        assert len(queries.line_at_window(at_window(hall), now=minute(1))) == 1

    @pytest.mark.parametrize("viewer", [person, lambda: ANONYMOUS], ids=["person", "nobody"])
    def test_others_have_no_hall(self, hall: Hall, viewer: Callable[[], Viewer]) -> None:
        with pytest.raises(ObjectDoesNotExist):
            queries.hall_of(viewer())
        assert queries.ticket_at_window(viewer(), now=NINE) is None

    def test_the_screen_shows_numbers_and_windows(self, hall: Hall) -> None:
        take(hall)
        actions.call_next(by=at_window(hall), now=minute(1))

        board = queries.hall_board(hall.public_id, now=minute(1.2))

        assert [(one.label, one.window, one.is_new) for one in board.called] == [("A001", 1, True)]
        assert not queries.hall_board(hall.public_id, now=minute(5)).called[0].is_new


class TestEndOfDay:
    def test_closes_what_is_open_once(self, hall: Hall) -> None:
        clerk = at_window(hall)
        skipped, served = take(hall), take(hall, 1)
        waiting, missed = take(hall, 2), book(hall, person())
        actions.call_next(by=clerk, now=minute(3))
        actions.skip(ticket_id=skipped.public_id, by=clerk, now=minute(3))
        actions.call_next(by=clerk, now=minute(4))
        actions.start_serving(ticket_id=served.public_id, by=clerk, now=minute(5))
        assert actions.close_days(now=minute(60)) == 0
        after = minute(48 * 60)

        assert actions.close_days(now=after) == 3
        lines = Entry.objects.count()
        assert actions.close_days(now=after) == 0

        assert Entry.objects.count() == lines
        states = [QueueTicket.objects.get(pk=one.pk).state for one in (skipped, served, waiting)]
        assert states == [TicketState.NO_SHOW, TicketState.DONE, TicketState.CLOSED]
        missed.refresh_from_db()
        assert missed.state == AppointmentState.MISSED
        assert not WindowDuty.objects.filter(ended_at__isnull=True).exists()

    def test_who_checked_in_and_was_not_called_did_not_miss_it(self, hall: Hall) -> None:
        row = book(hall, person())
        actions.check_in(hall_id=hall.public_id, code=row.reference, by=ANONYMOUS, now=minute(24 * 60))

        actions.close_days(now=minute(48 * 60))

        row.refresh_from_db()
        assert row.state == AppointmentState.ARRIVED


class TestSupply:
    def test_counts_arrivals_waits_service_and_who_gave_up(self, hall: Hall) -> None:
        clerk = at_window(hall)
        for at in (0, 10):
            ticket = take(hall, at)
            actions.call_next(by=clerk, now=minute(at + 4))
            actions.start_serving(ticket_id=ticket.public_id, by=clerk, now=minute(at + 5))
            actions.finish(ticket_id=ticket.public_id, by=clerk, now=minute(at + 9))
        take(hall, 61)
        actions.close_days(now=minute(48 * 60))

        rows = queries.supply_rows(clerk, first=NINE.date(), last=NINE.date())

        assert [(row.hour, row.channel, row.arrivals, row.served, row.abandoned) for row in rows] == [
            (9, "machine", 2, 2, 0),
            (10, "machine", 1, 0, 1),
        ]
        assert (rows[0].wait_median, rows[0].service_median, rows[1].wait_median) == (4.0, 4.0, None)


@pytest.mark.django_db(transaction=True)
class TestTwoAtOnce:
    def together(self, *acts: Callable[[], object]) -> list[object]:
        """Run acts at the same moment, each on a connection of its own; a refusal is a result."""
        start, results = Barrier(len(acts)), list[object]()

        def run(act: Callable[[], object]) -> None:
            start.wait()
            try:
                results.append(act())
            except CannotQueue as refusal:
                results.append(refusal)
            finally:
                connections.close_all()

        threads = [Thread(target=run, args=(act,)) for act in acts]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        return results

    def test_windows_that_press_at_once_get_different_tickets(self) -> None:
        hall = open_hall()
        clerks = [at_window(hall, number) for number in (1, 2, 3)]
        for at in range(9):
            take(hall, at / 10)

        called = list[object]()
        for turn in range(3):
            now = minute(5 + turn)
            called += self.together(*(partial(actions.call_next, by=clerk, now=now) for clerk in clerks))
            for clerk in clerks:
                held = queries.ticket_at_window(clerk, now=now)
                assert held is not None
                actions.skip(ticket_id=held.public_id, by=clerk, now=now)

        assert sorted(map(str, called)) == [f"A{number:03d}" for number in range(1, 10)]

    def test_one_clerk_who_presses_twice_calls_once(self) -> None:
        hall = open_hall()
        clerk = at_window(hall)
        take(hall), take(hall, 1)

        results = self.together(*(lambda: actions.call_next(by=clerk, now=minute(5)) for _ in range(2)))

        assert sum(isinstance(one, CannotQueue) for one in results) == 1
        assert QueueTicket.objects.filter(state=TicketState.CALLED).count() == 1

    def test_machines_never_print_the_same_number(self) -> None:
        hall = open_hall()

        labels = self.together(*(lambda: take(hall).label for _ in range(5)))

        assert sorted(map(str, labels)) == [f"A00{number}" for number in range(1, 6)]

    def test_the_last_place_of_a_time_is_given_once(self) -> None:
        hall = open_hall()
        book(hall, person())
        rivals = [person(), person()]

        results = self.together(*(lambda v=viewer: book(hall, v) for viewer in rivals))

        assert sum(isinstance(one, CannotQueue) for one in results) == 1
        assert Appointment.objects.count() == 2


def test_local_days_are_those_of_hangzhou(hall: Hall) -> None:
    """Half past midnight in Hangzhou is the day before in UTC."""
    at_window(hall)

    ticket = take(hall, 15.5 * 60)

    assert ticket.day == timezone.localdate(minute(15.5 * 60)) == date(2018, 3, 6)
