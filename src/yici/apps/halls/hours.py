"""When a hall is open, by its hours, its exceptions and the official calendar; and the rules it works by."""

from collections import defaultdict
from datetime import date, datetime, timedelta

from django.utils import timezone

from yici.apps.halls.models import HallPolicy, OpeningException, OpeningHours, WindowDuty
from yici.apps.places import queries as places
from yici.rules import appointments
from yici.rules.appointments import OpenOn, Span
from yici.rules.queues import CannotQueue, HallRules


def policy_of(hall_id: int, on: date) -> HallPolicy:
    """Return the rules of a hall that hold on a day. Raises CannotQueue for a hall that has no queues."""
    found = HallPolicy.objects.filter(hall_id=hall_id, valid_from__lte=on).order_by("-valid_from").first()
    if found is None:
        raise CannotQueue(
            zh="这个大厅没有设置排队叫号。请到大厅咨询台，或拨打12345。",
            en="This hall has no queues set up. Ask at its desk, or call 12345.",
        )
    return found


def hall_rules(policy: HallPolicy) -> HallRules:
    """Return a hall's rules as the rules of queues take them."""
    return HallRules(
        most_overtakes=policy.most_overtakes,
        early_minutes=policy.early_minutes,
        late_minutes=policy.late_minutes,
        calls_before_no_show=policy.calls_before_no_show,
        minutes_before_no_show=policy.minutes_before_no_show,
        usual_service_minutes=policy.usual_service_minutes,
    )


def open_spans(hall_id: int, first: date, last: date) -> dict[date, tuple[Span, ...]]:
    """Return for each day from first to last when the hall is open; an empty tuple where it is closed."""
    hours = [(OpenOn(row.open_on), Span(row.opens, row.closes)) for row in OpeningHours.objects.filter(hall_id=hall_id)]
    exceptions = _exceptions(hall_id, first, last)
    calendar = places.calendar()
    days = [first + timedelta(days=count) for count in range((last - first).days + 1)]
    return {day: appointments.open_spans(day, calendar, hours, exceptions) for day in days}


def _exceptions(hall_id: int, first: date, last: date) -> dict[date, tuple[Span, ...]]:
    found: dict[date, tuple[Span, ...]] = defaultdict(tuple)
    for row in OpeningException.objects.filter(hall_id=hall_id, day__range=(first, last)):
        spans = (Span(row.opens, row.closes),) if row.opens and row.closes else ()
        found[row.day] += spans
    return dict(found)


def check_gives_tickets(hall_id: int, now: datetime) -> None:
    """Raise CannotQueue while the hall is closed and nobody sits at a window.

    In the published hours nobody is turned away and no number of the day is the last (规定 art. 12).
    """
    local = timezone.localtime(now)
    policy = policy_of(hall_id, local.date())
    spans = open_spans(hall_id, local.date(), local.date())[local.date()]
    if spans and _between(local, spans, policy.tickets_before_minutes):
        return
    if WindowDuty.objects.filter(window__hall_id=hall_id, ended_at__isnull=True).exists():
        return  # a hall that works longer than it published also hands out numbers
    raise CannotQueue(
        zh="大厅现在不在办公时间，暂不取号。您可以先在网上办理，或预约时间再来。",
        en="The hall is closed now, so it gives no numbers. You may apply online, or book a time.",
    )


def _between(local: datetime, spans: tuple[Span, ...], before_minutes: int) -> bool:
    opens = datetime.combine(local.date(), spans[0].opens, local.tzinfo) - timedelta(minutes=before_minutes)
    return opens <= local < datetime.combine(local.date(), spans[-1].closes, local.tzinfo)
