"""Pages of the hall: booking, the ticket machine, the screens, the clerk's queue; wrong hall and wrong person 404."""

from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from tests.apps.factories import AccountFactory, HallFactory, PartyFactory
from tests.apps.hall_examples import account_of_clerk, open_hall, queue_of
from yici.apps.halls import actions, queries
from yici.apps.halls.models import Appointment, QueueTicket, WindowDuty
from yici.apps.people.models import Account
from yici.apps.people.viewers import viewer_of
from yici.apps.places.models import Hall
from yici.apps.reviews.models import Review
from yici.rules.queues import TicketState
from yici.rules.words import Words

BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture
def hall(db: None) -> Hall:
    """The hall of Tonglu; a clerk at window 2, so that it gives numbers at whatever hour the tests run."""
    found = open_hall()
    actions.open_window(number=2, by=viewer_of(account_of_clerk(found)), now=timezone.now())
    return found


def signed_in(account: Account) -> Client:
    client = Client()
    client.cookies["yici_language"] = "en"
    client.force_login(account, backend=BACKEND)
    return client


@pytest.fixture
def window(hall: Hall) -> Client:
    return signed_in(account_of_clerk(hall))


@pytest.fixture
def person(hall: Hall) -> Client:
    return signed_in(AccountFactory())


@pytest.fixture
def stranger(hall: Hall) -> Client:
    return signed_in(account_of_clerk(open_hall("330502")))


def act(clerk: Client, name: str, /, **sent: object) -> int:
    return int(clerk.post(f"/window/queue/{name}", sent).status_code)


def take(hall: Hall, **sent: str) -> QueueTicket:
    """Take a number as a new visitor with a phone."""
    given = {"queue": str(queue_of(hall)), "priority": "ordinary", **sent}
    assert Client().post(f"/hall/{hall.public_id}/ticket", given).status_code == 302
    return QueueTicket.objects.latest("pk")


def free_time(hall: Hall, later: int = 0) -> str:
    days = queries.days_to_book(queue_of(hall), now=timezone.now())
    return [slot.starts_at for day in days for slot in day.slots if slot.free][later].isoformat()


def book(person: Client, hall: Hall, **sent: object) -> Appointment:
    given = {"queue": str(queue_of(hall)), "starts_at": free_time(hall), **sent}
    assert person.post("/appointments/new", given).status_code == 302
    return Appointment.objects.latest("pk")


class TestTicketMachine:
    def test_gives_a_number_with_who_is_before(self, english: Client, hall: Hall) -> None:
        take(hall)
        shown = english.post(
            f"/hall/{hall.public_id}/ticket", {"queue": str(queue_of(hall)), "priority": "priority"}, follow=True
        ).content.decode()

        assert "A002" in shown
        assert "You are next" in shown
        assert "<svg" in shown

    def test_a_phone_holds_one_number_at_a_time(self, client: Client, hall: Hall) -> None:
        sent = {"queue": str(queue_of(hall)), "priority": "ordinary"}
        first = client.post(f"/hall/{hall.public_id}/ticket", sent)
        second = client.post(f"/hall/{hall.public_id}/ticket", sent)

        assert first.headers["Location"] == second.headers["Location"]
        assert QueueTicket.objects.get().channel == "phone"

    def test_a_clerk_makes_a_screen_the_machine(self, window: Client, hall: Hall) -> None:
        sent = {"queue": str(queue_of(hall)), "priority": "ordinary"}
        assert window.post("/window/hall/machine").headers["Location"] == f"/hall/{hall.public_id}/ticket"

        window.post(f"/hall/{hall.public_id}/ticket", sent)
        window.post(f"/hall/{hall.public_id}/ticket", sent)

        assert set(QueueTicket.objects.values_list("channel", flat=True)) == {"machine"}
        assert QueueTicket.objects.count() == 2
        assert window.get("/window/queue").headers["Location"].startswith("/sign-in")

    def test_a_machine_of_another_hall_is_a_phone_here(self, window: Client, hall: Hall) -> None:
        window.post("/window/hall/machine")
        other = open_hall("330502")
        actions.open_window(number=1, by=viewer_of(account_of_clerk(other)), now=timezone.now())

        window.post(f"/hall/{other.public_id}/ticket", {"queue": str(queue_of(other)), "priority": "ordinary"})

        assert QueueTicket.objects.get().channel == "phone"

    def test_says_why_there_is_no_number_while_the_hall_is_closed(self, english: Client, hall: Hall) -> None:
        WindowDuty.objects.update(ended_at=timezone.now())
        actions.set_exception(
            day=timezone.localdate(),
            span=None,
            reason=Words("停电", "Power cut"),
            by=viewer_of(account_of_clerk(hall)),
            now=timezone.now(),
        )

        answer = english.post(f"/hall/{hall.public_id}/ticket", {"queue": str(queue_of(hall)), "priority": "ordinary"})

        assert answer.status_code == 409
        assert "The hall is closed" in answer.content.decode()

    @pytest.mark.parametrize("sent", [{"queue": "x"}, {"priority": "vip"}, {"queue": str(uuid4())}])
    def test_knows_no_other_queue_or_priority(self, client: Client, hall: Hall, sent: dict[str, str]) -> None:
        given = {"queue": str(queue_of(hall)), "priority": "ordinary", **sent}

        assert client.post(f"/hall/{hall.public_id}/ticket", given).status_code == 404

    def test_a_hall_that_is_not_there(self, client: Client, hall: Hall) -> None:
        for page in ("ticket", "screen", "screen/now"):
            assert client.get(f"/hall/{uuid4()}/{page}").status_code == 404

    def test_a_ticket_of_another_hall_is_not_shown_here(self, client: Client, hall: Hall) -> None:
        code, other = take(hall).code, open_hall("330502")

        assert client.get(f"/hall/{other.public_id}/ticket/{code}").status_code == 404
        assert client.get(f"/hall/{hall.public_id}/ticket/{code}").status_code == 200

    def test_refuses_a_code_that_is_no_appointment(self, english: Client, hall: Hall) -> None:
        answer = english.post(f"/hall/{hall.public_id}/ticket", {"code": "<script>"})

        assert answer.status_code == 409
        assert "no appointment with this code" in answer.content.decode()


class TestScreen:
    def test_shows_the_called_number_in_both_languages_and_no_name(self, hall: Hall, window: Client) -> None:
        person = signed_in(AccountFactory(party=PartyFactory(name="沈小满")))
        book(person, hall)
        take(hall)
        act(window, "open", window="1")
        act(window, "next")

        page = Client().get(f"/hall/{hall.public_id}/screen").content.decode()

        assert "请 A001 号到 1 号窗口" in page
        assert "Number A001, please go to window 1" in page
        assert "沈小满" not in page
        assert 'aria-live="assertive"' in page

    def test_sends_nothing_while_nothing_changes(self, client: Client, hall: Hall) -> None:
        page = client.get(f"/hall/{hall.public_id}/screen/now").content.decode()
        seen = page.split("?seen=")[1][:12]

        assert client.get(f"/hall/{hall.public_id}/screen/now?seen={seen}").status_code == 204
        take(hall)
        assert client.get(f"/hall/{hall.public_id}/screen/now?seen={seen}").status_code == 200


class TestFollowingANumber:
    def test_follows_it_to_the_faces(self, english: Client, hall: Hall, window: Client) -> None:
        ticket = take(hall)
        address = f"/tickets/{ticket.code}"
        assert "You are next" in english.get(address).content.decode()

        act(window, "open", window="1")
        act(window, "next")
        assert "please go to window 1" in english.get(address).content.decode()
        act(window, "start", ticket=ticket.public_id)
        act(window, "finish", ticket=ticket.public_id)
        assert "how was it at the window" in english.get(address).content.decode()

        assert english.post(f"{address}/press", {"face": "3", "reason": ["kind"]}).status_code == 302
        assert english.post(f"{address}/press", {"face": "1"}).status_code == 409
        assert Review.objects.get().grade == 4
        assert "Thank you for coming" in english.get(address).content.decode()

    @pytest.mark.parametrize("page", ["", "/now"])
    def test_of_nobody_is_not_there(self, client: Client, hall: Hall, page: str) -> None:
        assert client.get(f"/tickets/ABCDE23456{page}").status_code == 404
        assert client.post("/tickets/ABCDE23456/press", {"face": "3"}).status_code == 404

    def test_a_face_that_is_none_is_refused(self, client: Client, hall: Hall) -> None:
        assert client.post(f"/tickets/{take(hall).code}/press", {"face": "9"}).status_code == 409


class TestBooking:
    def test_everybody_sees_the_times_and_signs_in_to_book(self, english: Client, hall: Hall) -> None:
        page = english.get("/appointments/new").content.decode()

        assert "places free" in page
        assert "Sign in and book" in page
        answer = english.post("/appointments/new", {"queue": str(queue_of(hall)), "starts_at": free_time(hall)})
        assert answer.headers["Location"].startswith("/sign-in?next=/appointments/new")

    def test_books_moves_and_cancels(self, person: Client, hall: Hall) -> None:
        row = book(person, hall, need="出生登记", wish="手语", is_accessible="1")
        address = f"/appointments/{row.public_id}"
        page = person.get(address).content.decode()
        assert row.reference in page
        assert "出生登记" in page

        assert person.post(f"{address}/move", {"starts_at": free_time(hall, 40)}).status_code == 302
        row.refresh_from_db()
        assert row.moves == 1
        assert person.post(f"{address}/cancel").status_code == 302
        assert person.post(f"{address}/cancel").status_code == 409
        assert "Cancelled" in person.get("/appointments").content.decode()

    @pytest.mark.parametrize("starts_at", ["", "tomorrow", "2018-03-05T09:00", "2018-03-05T09:00+08:00"])
    def test_a_time_that_is_none_is_refused_and_the_words_stay(
        self, person: Client, hall: Hall, starts_at: str
    ) -> None:
        sent = {"queue": str(queue_of(hall)), "starts_at": starts_at, "need": "盖章"}

        answer = person.post("/appointments/new", sent)

        assert answer.status_code == 409
        assert "盖章" in answer.content.decode()
        assert not Appointment.objects.exists()

    def test_a_calendar_file(self, person: Client, hall: Hall) -> None:
        row = book(person, hall)

        answer = person.get(f"/appointments/{row.public_id}.ics")

        text = answer.content.decode()
        assert answer.headers["Content-Type"].startswith("text/calendar")
        assert f"UID:{row.public_id}@yici\r\n" in text
        assert f"DTSTART:{row.starts_at:%Y%m%dT%H%M%SZ}\r\n" in text
        assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
        assert text.endswith("END:VCALENDAR\r\n")

    @pytest.mark.parametrize("page", ["", ".ics", "/move"])
    def test_another_person_finds_nothing(self, person: Client, hall: Hall, page: str) -> None:
        row, other = book(person, hall), signed_in(AccountFactory())

        assert other.get(f"/appointments/{row.public_id}{page}").status_code == 404
        assert other.post(f"/appointments/{row.public_id}/cancel").status_code == 404
        assert other.post(f"/appointments/{row.public_id}/move", {}).status_code == 404
        row.refresh_from_db()
        assert row.state == "booked"

    def test_checks_in_at_the_machine_with_the_code(self, person: Client, hall: Hall) -> None:
        row = book(person, hall)
        now = timezone.now()
        Appointment.objects.filter(pk=row.pk).update(starts_at=now)

        answer = Client().post(f"/hall/{hall.public_id}/ticket", {"code": row.reference})

        assert answer.status_code == 302
        assert QueueTicket.objects.get().appointment_id == row.pk
        assert "Follow my number" in person.get(f"/appointments/{row.public_id}").content.decode()


class TestClerk:
    def test_strangers_sign_in_first(self, client: Client, hall: Hall) -> None:
        assert client.get("/window/queue").headers["Location"] == "/sign-in?next=/window/queue"

    @pytest.mark.parametrize("page", ["queue", "queue/citizen", "hall", "hall.csv"])
    def test_for_persons_and_reviewers_it_is_not_there(self, person: Client, hall: Hall, page: str) -> None:
        reviewer = signed_in(AccountFactory(of_staff=True))

        assert person.get(f"/window/{page}").status_code == 404
        assert reviewer.get(f"/window/{page}").status_code == 404
        assert act(person, "next") == act(reviewer, "next") == 404

    def test_calls_serves_and_finishes(self, window: Client, hall: Hall) -> None:
        ticket = take(hall)
        assert act(window, "next") == 409
        assert act(window, "open", window="1") == 302
        assert "Call the next number" in window.get("/window/queue").content.decode()
        assert act(window, "next") == 302
        assert "A001" in window.get("/window/queue").content.decode()
        assert act(window, "again", ticket=ticket.public_id) == 302
        assert act(window, "start", ticket=ticket.public_id) == 302
        assert act(window, "finish", ticket=ticket.public_id) == 302
        ticket.refresh_from_db()
        assert ticket.state == TicketState.DONE

    def test_passes_over_calls_back_and_says_when_it_is_too_early_for_a_no_show(
        self, window: Client, hall: Hall
    ) -> None:
        ticket = take(hall)
        act(window, "open", window="1")
        act(window, "next")
        assert act(window, "no-show", ticket=ticket.public_id) == 409
        assert act(window, "skip", ticket=ticket.public_id) == 302
        assert "Call back" in window.get("/window/queue").content.decode()
        assert act(window, "recall", ticket=ticket.public_id) == 302
        assert act(window, "transfer", ticket=ticket.public_id, to="window:2") == 302
        ticket.refresh_from_db()
        assert ticket.state == TicketState.TRANSFERRED

    @pytest.mark.parametrize("to", ["", "queue:x", "window:99", "window:-1", "hall:1"])
    def test_moves_to_no_place_that_is_not_there(self, window: Client, hall: Hall, to: str) -> None:
        ticket = take(hall)
        act(window, "open", window="1")
        act(window, "next")

        assert act(window, "transfer", ticket=ticket.public_id, to=to) in {404, 409}
        ticket.refresh_from_db()
        assert ticket.state == TicketState.CALLED

    def test_of_another_hall_finds_no_ticket(self, window: Client, stranger: Client, hall: Hall) -> None:
        ticket = take(hall)
        act(window, "open", window="1")
        act(window, "next")
        act(stranger, "open", window="1")

        assert ticket.label not in stranger.get("/window/queue").content.decode()
        for name in ("again", "start", "skip", "no-show", "recall", "finish"):
            assert act(stranger, name, ticket=ticket.public_id) == 404
        assert act(stranger, "transfer", ticket=ticket.public_id, to="window:2") == 404

    @pytest.mark.parametrize("name", ["delete", "citizen"])
    def test_knows_no_other_act(self, window: Client, hall: Hall, name: str) -> None:
        assert act(window, name) in {404, 405}

    def test_bad_numbers_and_ids(self, window: Client, hall: Hall) -> None:
        assert act(window, "open", window="x") == 404
        act(window, "open", window="1")
        assert act(window, "start", ticket="x") == 404

    def test_the_second_screen_asks_for_a_face_once(self, window: Client, hall: Hall) -> None:
        ticket = take(hall)
        act(window, "open", window="1")
        assert window.post("/window/queue/citizen/press", {"face": "3"}).status_code == 404
        for name, sent in (
            ("next", {}),
            ("start", {"ticket": ticket.public_id}),
            ("finish", {"ticket": ticket.public_id}),
        ):
            act(window, name, **sent)

        assert "how was it at the window" in window.get("/window/queue/citizen").content.decode()
        assert window.post("/window/queue/citizen/press", {"face": "2", "reason": "slow"}).status_code == 302
        assert "how was it" not in window.get("/window/queue/citizen").content.decode()
        assert Review.objects.get().tags == ["slow"]

    def test_the_halls_day_and_its_file(self, window: Client, stranger: Client, hall: Hall) -> None:
        take(hall)

        page = window.get("/window/hall").content.decode()
        file = window.get("/window/hall.csv").content.decode("utf-8-sig")

        assert "Numbers taken" in page
        assert file.splitlines()[0].startswith("day,hour,channel,arrivals,served,abandoned")
        assert f"{timezone.localdate()}," in file.splitlines()[1]
        assert len(stranger.get("/window/hall.csv").content.decode().splitlines()) == 1

    @pytest.mark.parametrize("day", ["2018-03-05", "never", "2999-01-01"])
    def test_any_day_may_be_asked_for(self, window: Client, hall: Hall, day: str) -> None:
        assert window.get(f"/window/hall?day={day}").status_code == 200
        assert window.get(f"/window/hall.csv?first={day}&last={day}").status_code == 200

    def test_books_for_a_caller_without_an_account(self, window: Client, stranger: Client, hall: Hall) -> None:
        sent = {"time": f"{queue_of(hall)}|{free_time(hall)}", "name": "沈小满", "phone": "13857112345"}

        assert window.post("/window/hall/book", {**sent, "name": ""}).status_code == 409
        assert window.post("/window/hall/book", {**sent, "time": "x"}).status_code == 404
        assert stranger.post("/window/hall/book", sent).status_code == 404
        assert window.post("/window/hall/book", sent).status_code == 302

        assert Appointment.objects.get().name == "沈小满"

    def test_a_hall_without_queues_says_so(self, db: None) -> None:
        page = signed_in(account_of_clerk(HallFactory())).get("/window/queue")

        assert "no queues set up" in page.content.decode()
