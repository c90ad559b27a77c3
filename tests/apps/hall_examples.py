"""A hall at work for tests: queues, hours, windows, clerks, on a Monday morning of 2018."""

from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from tests.apps.factories import AccountFactory, HallFactory, OrganisationFactory, StaffFactory, region
from yici.apps.halls import actions
from yici.apps.halls.actions import Wishes
from yici.apps.halls.models import Appointment, Queue, QueueTicket
from yici.apps.journal.models import Entry
from yici.apps.people.models import Account
from yici.apps.people.viewers import ANONYMOUS, Viewer, viewer_of
from yici.apps.places import actions as places
from yici.apps.places.models import Hall, HolidayRow, Window
from yici.rules.appointments import OpenOn, Span
from yici.rules.queues import Priority

NINE = datetime(2018, 3, 5, 1, 0, tzinfo=UTC)  # Monday, nine in the morning in Hangzhou
TOMORROW_AT_NINE = NINE + timedelta(days=1)
POLICY = {
    "valid_from": date(2018, 1, 1),
    "source": "示例大厅管理办法",
    "most_overtakes": 3,
    "early_minutes": 5,
    "late_minutes": 15,
    "calls_before_no_show": 3,
    "minutes_before_no_show": 1,
    "usual_service_minutes": 10,
    "booking_days": 14,
    "booking_notice_minutes": 60,
    "tickets_before_minutes": 30,
}
HOURS = [
    (OpenOn.WORKING_DAY, Span(time(8, 30), time(12))),
    (OpenOn.WORKING_DAY, Span(time(13, 30), time(17))),
]
QUEUES = [
    {
        "letter": "A",
        "name": "综合受理",
        "name_en": "All services",
        "serves": "所有事项",
        "serves_en": "Every service",
        "window_kinds": ["one_window"],
        "places_per_slot": 2,
    },
    {
        "letter": "B",
        "name": "取件",
        "name_en": "Results",
        "serves": "领取结果",
        "serves_en": "Collect a result",
        "window_kinds": ["outcome"],
    },
]


def minute(count: float) -> datetime:
    return NINE + timedelta(minutes=count)


def open_hall(code: str = "330122") -> Hall:
    """Return the hall of a county with two integrated windows, a low counter, an outcome desk and its queues."""
    if not HolidayRow.objects.exists():
        places.load_calendar(by="system:test", now=NINE)
    hall = Hall.objects.filter(region=region(code)).first() or HallFactory(code=code)
    kinds = [["one_window"], ["one_window"], ["one_window", "accessible"], ["outcome"]]
    for number, served in enumerate(kinds, start=1):
        Window.objects.get_or_create(
            hall=hall, number=number, defaults={"name": "窗口", "name_en": "Window", "kinds": served}
        )
    actions.open_queues(hall_id=hall.pk, queues=QUEUES, hours=HOURS, policy=POLICY, by="system:test", now=NINE)
    return hall


def clerk_of(hall: Hall) -> Viewer:
    """Return a new clerk of the hall."""
    return viewer_of(account_of_clerk(hall))


def account_of_clerk(hall: Hall) -> Account:
    organisation = OrganisationFactory(code=hall.region.code, kind="government_service_hall")
    return AccountFactory(of_staff=True, staff=StaffFactory(at_the_window=True, organisation=organisation, hall=hall))


def at_window(hall: Hall, number: int = 1) -> Viewer:
    """Return a clerk who sits at a window."""
    clerk = clerk_of(hall)
    actions.open_window(number=number, by=clerk, now=NINE)
    return clerk


def queue_of(hall: Hall, letter: str = "A") -> UUID:
    return Queue.objects.get(hall=hall, letter=letter).public_id


def take(hall: Hall, at: float = 0, letter: str = "A", priority: Priority = Priority.ORDINARY) -> QueueTicket:
    """Take a ticket at the machine some minutes after nine."""
    code = actions.take_ticket(
        queue_id=queue_of(hall, letter), priority=priority, channel="machine", by=ANONYMOUS, now=minute(at)
    )
    return QueueTicket.objects.get(code=code)


def person() -> Viewer:
    return viewer_of(AccountFactory())


def book(hall: Hall, by: Viewer, starts_at: datetime = TOMORROW_AT_NINE, **wishes: object) -> Appointment:
    public_id = actions.book(
        queue_id=queue_of(hall),
        starts_at=starts_at,
        wishes=Wishes(**wishes),  # type: ignore[arg-type] # a test names what it wishes
        by=by,
        now=NINE,
    )
    return Appointment.objects.get(public_id=public_id)


def last_kind() -> str:
    return str(Entry.objects.order_by("-pk").values_list("kind", flat=True)[0])
