"""Fills two halls of the demo: a week of invented days, a morning in full swing now, and some appointments."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import takewhile
from random import Random

from django.db import transaction
from django.utils import timezone

from yici.apps.halls import actions
from yici.apps.halls.actions import Wishes
from yici.apps.halls.appointment_queries import days_to_book
from yici.apps.halls.hours import open_spans
from yici.apps.halls.models import Appointment, Queue, QueueTicket, TicketCounter, WindowDuty
from yici.apps.people.models import Account, Staff
from yici.apps.people.viewers import viewer_of
from yici.apps.places.models import Hall, Window
from yici.rules.appointments import OpenOn, Span
from yici.rules.queues import Priority, TicketState, ticket_label

BY = "system:demo"
_HALLS = {"330122000000": "shenyu", "330502000000": "guchen"}
_HOURS = (
    (OpenOn.WORKING_DAY, Span(time(8, 30), time(12))),
    (OpenOn.WORKING_DAY, Span(time(13, 30), time(17))),
    (OpenOn.SATURDAY, Span(time(9), time(12))),
)
_POLICY = {
    "valid_from": date(2018, 1, 1),
    "source": "演示：大厅现场管理办法，参照 DB33/T 2036.4",
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
_QUEUES = (
    {
        "letter": "A",
        "name": "综合受理",
        "name_en": "All services",
        "serves": "所有部门的事项，一个窗口办",
        "serves_en": "Services of every department, at one window",
        "window_kinds": ["one_window"],
        "places_per_slot": 4,
    },
    {
        "letter": "B",
        "name": "统一出件",
        "name_en": "Collect results",
        "serves": "领取证照和批文",
        "serves_en": "Collect licences and decisions",
        "window_kinds": ["outcome"],
    },
)
_DAYS_BEFORE, _STAFFED, _OUTCOME = 5, (2, 3, 7), 8  # window 1 is left to whoever tries the demonstration


@transaction.atomic
def load(now: datetime) -> None:
    """Load the two halls; people are loaded before. A hall that has tickets already is left as it is."""
    for code, login in _HALLS.items():
        hall = Hall.objects.get(region__code=code)
        actions.open_queues(hall_id=hall.pk, queues=_QUEUES, hours=_HOURS, policy=_POLICY, by=BY, now=now)
        if not QueueTicket.objects.filter(hall=hall).exists():
            _days_gone_by(hall, now)
            _today(hall, now)
        _book(hall, login, now)


@dataclass(frozen=True, slots=True)
class _Visit:
    joined_at: datetime
    called_at: datetime
    finished_at: datetime
    window: Window


def _visits(arrivals: Iterator[datetime], windows: list[Window], chance: Random) -> Iterator[_Visit]:
    """Serve arrivals one after the other at whichever window is free first; four to eighteen minutes each."""
    free_at = {window.number: datetime.min.replace(tzinfo=timezone.get_default_timezone()) for window in windows}
    for joined_at in arrivals:
        window = min(windows, key=lambda one: free_at[one.number])
        called_at = max(joined_at + timedelta(seconds=5), free_at[window.number])
        finished_at = called_at + timedelta(minutes=chance.uniform(4, 18))
        free_at[window.number] = finished_at + timedelta(seconds=20)
        yield _Visit(joined_at, called_at, finished_at, window)


def _windows(hall: Hall) -> list[Window]:
    return list(Window.objects.filter(hall=hall, number__in=_STAFFED))


def _clerks(hall: Hall) -> list[Staff]:
    """Return clerks of the hall, but not those whom visitors of the demonstration sign in as."""
    return list(Staff.objects.filter(hall=hall, accounts__demo_note="").order_by("pk")[: len(_STAFFED) + 1])


def _days_gone_by(hall: Hall, now: datetime) -> None:
    today = timezone.localdate(now)
    spans = open_spans(hall.pk, today - timedelta(days=14), today - timedelta(days=1))
    queue, clerks = Queue.objects.get(hall=hall, letter="A"), _clerks(hall)
    for day in [day for day, open_then in spans.items() if open_then][-_DAYS_BEFORE:]:
        chance = Random(f"{hall.pk}/{day.weekday()}")
        visits = _visits(_arrivals(day, spans[day], chance), _windows(hall), chance)
        tickets = [_ticket(queue, number, visit, clerks[0], chance) for number, visit in enumerate(visits, start=1)]
        QueueTicket.objects.bulk_create(tickets)


def _arrivals(day: date, spans: tuple[Span, ...], chance: Random) -> Iterator[datetime]:
    zone = timezone.get_default_timezone()
    for span in spans:
        joined_at = datetime.combine(day, span.opens, zone)
        closes = datetime.combine(day, span.closes, zone) - timedelta(minutes=30)
        while (joined_at := joined_at + timedelta(minutes=chance.expovariate(1 / 5.5))) < closes:
            yield joined_at


def _ticket(queue: Queue, number: int, visit: _Visit, clerk: Staff, chance: Random) -> QueueTicket:
    came = chance.random() > 0.05
    return QueueTicket(
        hall_id=queue.hall_id,
        queue=queue,
        day=timezone.localdate(visit.joined_at),
        label=ticket_label(queue.letter, number),
        joined_at=visit.joined_at,
        channel=chance.choices(("machine", "phone", "kiosk"), (6, 2, 1))[0],
        priority=chance.choices((Priority.ORDINARY, Priority.PRIORITY, Priority.ACCESSIBLE), (12, 2, 1))[0],
        state=TicketState.DONE if came else TicketState.NO_SHOW,
        calls=1 if came else 3,
        first_called_at=visit.called_at,
        called_at=visit.called_at,
        serving_at=visit.called_at + timedelta(seconds=40) if came else None,
        finished_at=visit.finished_at if came else visit.called_at + timedelta(minutes=3),
        window=visit.window,
        clerk=clerk,
    )


def _today(hall: Hall, now: datetime) -> None:
    """Let people arrive until now: some served, one at each window, the others waiting, at whatever hour it is."""
    queue, clerks, windows = Queue.objects.get(hall=hall, letter="A"), _clerks(hall), _windows(hall)
    at = dict(zip([one.number for one in windows], clerks, strict=False))
    chance = Random(hall.pk)
    visits = list(_visits(_arrivals_until(now), windows, chance))
    tickets = [
        _up_to_now(_ticket(queue, number, visit, at.get(visit.window.number, clerks[0]), chance), now)
        for number, visit in enumerate(visits, start=1)
    ]
    outcome = Window.objects.get(hall=hall, number=_OUTCOME)
    _began([*windows, outcome], {**at, _OUTCOME: clerks[-1]}, now)
    QueueTicket.objects.bulk_create(tickets)
    TicketCounter.objects.create(queue=queue, day=timezone.localdate(now), last=len(tickets))


def _first_of_today(now: datetime) -> datetime:
    midnight = datetime.combine(timezone.localdate(now), time.min, timezone.get_default_timezone())
    return max(now - timedelta(minutes=150), midnight)


def _arrivals_until(now: datetime) -> Iterator[datetime]:
    """Return arrivals of the last two and a half hours, of today only: shortly after midnight they stand closer."""
    first = _first_of_today(now)
    step = min(timedelta(minutes=3.2), (now - first) / 12)
    yield from takewhile(lambda moment: moment < now, (first + step * number for number in range(60)))


def _up_to_now(ticket: QueueTicket, now: datetime) -> QueueTicket:
    """Undo what has not happened yet."""
    called_at, finished_at = ticket.first_called_at or now, ticket.finished_at or now
    if called_at > now:
        ticket.state, ticket.calls = TicketState.WAITING, 0
        ticket.first_called_at = ticket.called_at = ticket.serving_at = ticket.finished_at = None
        ticket.window = ticket.clerk = None
    elif finished_at > now:
        ticket.state, ticket.finished_at = TicketState.SERVING, None
        ticket.serving_at = min(now, called_at + timedelta(seconds=40))
    return ticket


def _began(windows: list[Window], at: dict[int, Staff], now: datetime) -> None:
    # Today, or the end of yesterday would take them away from their windows.
    began_at = _first_of_today(now)
    WindowDuty.objects.bulk_create(
        [WindowDuty(window=one, staff=at[one.number], began_at=began_at) for one in windows if one.number in at]
    )


def _book(hall: Hall, login: str, now: datetime) -> None:
    """Book a time for a person of the demonstration and one for a caller; again books nothing."""
    if Appointment.objects.filter(queue__hall=hall).exists():
        return
    queue = Queue.objects.get(hall=hall, letter="A")
    free = [slot.starts_at for day in days_to_book(queue.public_id, now=now) for slot in day.slots if slot.free]
    clerk = Account.objects.get(staff__hall=hall, login__startswith="government_service_hall.")
    own = Wishes(need="出生一件事：核对出生医学证明原件", need_key="newborn")
    caller = Wishes(
        need="咨询开办小餐馆", name="示例·骆来电", phone="13900000000", is_accessible=True, wish="需要低位柜台"
    )
    for account, starts_at, wishes in (
        (Account.objects.get(login=login), free[5], own),
        (clerk, free[6], caller),
    ):
        actions.book(queue_id=queue.public_id, starts_at=starts_at, wishes=wishes, by=viewer_of(account), now=now)
