"""Appointments of a hall against the database: booking, moving, cancelling, checking in."""

from datetime import datetime, timedelta

import pytest
from django.core.exceptions import ObjectDoesNotExist
from django.db import connection

from tests.apps.factories import AccountFactory, MandateFactory
from tests.apps.hall_examples import (
    NINE,
    TOMORROW_AT_NINE,
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
from yici.apps.halls.models import QueueTicket
from yici.apps.people.viewers import ANONYMOUS, viewer_of
from yici.apps.places.models import Hall
from yici.rules.appointments import AppointmentState
from yici.rules.queues import CannotQueue, Priority


@pytest.fixture
def hall(db: None) -> Hall:
    return open_hall()


class TestAppointments:
    def test_books_a_free_time_and_sees_it(self, hall: Hall) -> None:
        viewer = person()

        row = book(hall, viewer, need="出生登记", wish="需要手语", is_accessible=True)

        view = queries.appointments_of(viewer)[0]
        assert (view.public_id, view.need, view.wish, view.state) == (row.public_id, "出生登记", "需要手语", "booked")
        assert last_kind() == "appointment.booked"

    def test_keeps_what_is_personal_unreadable(self, hall: Hall) -> None:
        book(hall, clerk_of(hall), name="沈小满", phone="13857112345", need="出生登记", wish="需要手语")

        with connection.cursor() as cursor:
            cursor.execute("SELECT halls_appointment::text FROM halls_appointment")
            stored = cursor.fetchone()[0]
        assert not any(word in stored for word in ("沈小满", "13857112345", "出生登记", "手语"))

    def test_a_full_time_is_refused(self, hall: Hall) -> None:
        book(hall, person()), book(hall, person())

        with pytest.raises(CannotQueue, match="full"):
            book(hall, person())

    @pytest.mark.parametrize(
        "starts_at",
        [minute(30), minute(24 * 60 + 10), NINE + timedelta(days=20), NINE + timedelta(days=6), minute(24 * 60 + 180)],
        ids=["too soon", "not a time", "too far", "Sunday", "lunch"],
    )
    def test_a_time_not_offered_is_refused(self, hall: Hall, starts_at: datetime) -> None:
        with pytest.raises(CannotQueue, match="not offered"):
            book(hall, person(), starts_at)

    def test_a_queue_without_appointments_offers_none(self, hall: Hall) -> None:
        days = queries.days_to_book(queue_of(hall, "B"), now=NINE)

        assert sum(day.free for day in days) == 0
        assert sum(day.free for day in queries.days_to_book(queue_of(hall), now=NINE)) > 200

    def test_nobody_is_at_two_places_at_once(self, hall: Hall) -> None:
        viewer = person()
        book(hall, viewer)

        with pytest.raises(CannotQueue, match="already have an appointment"):
            book(hall, viewer)

    def test_is_moved_and_cancelled_and_its_place_is_free_again(self, hall: Hall) -> None:
        viewer, later = person(), TOMORROW_AT_NINE + timedelta(minutes=30)
        row = book(hall, viewer)
        book(hall, person())

        actions.move(appointment_id=row.public_id, starts_at=later, by=viewer, now=NINE)
        book(hall, person())
        actions.cancel(appointment_id=row.public_id, by=viewer, now=NINE)

        row.refresh_from_db()
        assert (row.state, row.starts_at, row.moves) == (AppointmentState.CANCELLED, later, 1)
        with pytest.raises(CannotQueue, match="cannot be changed"):
            actions.move(appointment_id=row.public_id, starts_at=TOMORROW_AT_NINE, by=viewer, now=NINE)

    def test_another_person_finds_nothing(self, hall: Hall) -> None:
        row, stranger = book(hall, person()), person()

        assert queries.appointments_of(stranger) == []
        with pytest.raises(ObjectDoesNotExist):
            queries.appointment(stranger, row.public_id)
        with pytest.raises(ObjectDoesNotExist):
            actions.cancel(appointment_id=row.public_id, by=stranger, now=NINE)
        with pytest.raises(ObjectDoesNotExist):
            queries.appointment(at_window(open_hall("330502")), row.public_id)

    def test_what_is_booked_for_a_company_is_not_among_ones_own(self, hall: Hall) -> None:
        mandate = MandateFactory()
        account = AccountFactory(party=mandate.agent)
        agent = viewer_of(account, acting_for=mandate.holder.public_id, on=NINE.date())
        row = book(hall, agent)

        assert [one.public_id for one in queries.appointments_of(agent)] == [row.public_id]
        assert queries.appointments_of(viewer_of(account)) == []

    def test_without_an_account_somebody_calls(self, hall: Hall) -> None:
        with pytest.raises(CannotQueue, match="call 12345"):
            book(hall, ANONYMOUS)
        with pytest.raises(CannotQueue, match="name and phone"):
            book(hall, clerk_of(hall))
        with pytest.raises(ObjectDoesNotExist):
            book(hall, at_window(open_hall("330502")), name="沈小满", phone="1385711")

        row = book(hall, clerk_of(hall), name="沈小满", phone="13857112345")
        assert (row.party, row.name) == (None, "沈小满")

    def test_a_person_cannot_write_somebody_elses_name_on_it(self, hall: Hall) -> None:
        assert book(hall, person(), name="别人", phone="1").name == ""


class TestCheckingIn:
    def check_in(self, hall: Hall, code: str, at: float) -> QueueTicket:
        code = actions.check_in(hall_id=hall.public_id, code=code, by=ANONYMOUS, now=minute(at))
        return QueueTicket.objects.get(code=code)

    def test_gives_a_ticket_that_is_called_at_its_time(self, hall: Hall) -> None:
        row, clerk = book(hall, person(), is_accessible=True), at_window(hall)
        day = 24 * 60
        take(hall, day - 5)

        ticket = self.check_in(hall, f"http://localhost/hall/x/ticket?code={row.reference.lower()}", day - 4)

        assert (ticket.label, ticket.priority, ticket.is_late) == ("A002", Priority.ACCESSIBLE, False)
        assert actions.call_next(by=clerk, now=minute(day)) == "A002"
        held = queries.ticket_at_window(clerk, now=minute(day))
        assert held is not None
        assert row.party is not None
        assert held.party_public_id == row.party.public_id
        actions.start_serving(ticket_id=held.public_id, by=clerk, now=minute(day))
        actions.finish(ticket_id=held.public_id, by=clerk, now=minute(day + 9))
        row.refresh_from_db()
        assert row.state == AppointmentState.SERVED

    def test_twice_gives_the_same_ticket(self, hall: Hall) -> None:
        row = book(hall, person())

        assert self.check_in(hall, row.reference, 24 * 60).pk == self.check_in(hall, row.reference, 24 * 60 + 1).pk

    def test_late_is_served_as_a_walk_in(self, hall: Hall) -> None:
        row, clerk = book(hall, person()), at_window(hall)
        take(hall, 24 * 60)

        assert self.check_in(hall, row.reference, 24 * 60 + 16).is_late
        assert actions.call_next(by=clerk, now=minute(24 * 60 + 17)) == "A001"

    @pytest.mark.parametrize(
        ("code", "at", "sentence"),
        [("22222 22222", 24 * 60, "no appointment with this code"), ("", 0, "on 6 March 2018, not today")],
    )
    def test_is_refused_with_a_reason(self, hall: Hall, code: str, at: float, sentence: str) -> None:
        row = book(hall, person())

        with pytest.raises(CannotQueue, match=sentence):
            self.check_in(hall, code or row.reference, at)

    def test_of_a_cancelled_one_or_at_another_hall_is_refused(self, hall: Hall) -> None:
        viewer = person()
        row, other = book(hall, viewer), open_hall("330502")

        with pytest.raises(CannotQueue, match="no appointment with this code"):
            self.check_in(other, row.reference, 24 * 60)
        actions.cancel(appointment_id=row.public_id, by=viewer, now=NINE)
        with pytest.raises(CannotQueue, match="Cancelled"):
            self.check_in(hall, row.reference, 24 * 60)
