"""The clocks of a case, built from its rows by the rules and written back as due days that lists can sort by."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from yici.apps.cases.models import Case, Deadline, Extension
from yici.apps.cases.models import Pause as PauseRow
from yici.apps.places import queries as places
from yici.rules.cases import CaseState
from yici.rules.clock_courses import SHANGHAI, local_day
from yici.rules.clocks import Clock, Colour, Pause, Period, Unit
from yici.rules.clocks import Extension as MoreTime
from yici.rules.codes import parse_region_code
from yici.rules.items import Item
from yici.rules.items import Period as ItemPeriod
from yici.rules.law_parameters import parameter
from yici.rules.words import Words
from yici.rules.working_days import Calendar

UNITS = {"W": Unit.WORKING_DAY, "D": Unit.DAY, "M": Unit.MONTH, "Y": Unit.YEAR, "H": Unit.HOUR}
# An item done on the spot is promised for the day of acceptance; the law counts from the next day, so none is left.
ON_THE_SPOT = Period(1, Unit.WORKING_DAY)


def period_of(period: ItemPeriod) -> Period:
    """Return an item's period as the clocks count it; nothing promised counts as the next working day."""
    return Period(period.value, UNITS[period.unit]) if period.value else ON_THE_SPOT


def clock_of(case: Case, item: Item) -> Clock | None:
    """Return the decision clock of a case; None before acceptance."""
    if case.accepted_at is None:
        return None
    pauses = tuple(_pause(one) for one in case.pauses.order_by("begun_at", "id"))
    return Clock(
        started=case.accepted_at,
        statutory=period_of(item.statutory),
        promised=period_of(item.promised),
        pauses=pauses,
        extensions=tuple(_more_time(one) for one in Extension.objects.filter(case=case)),
        stopped=case.decided_at or case.closed_at,
    )


def _pause(row: PauseRow) -> Pause:
    reason, basis = Words(row.reason, row.reason), Words(row.basis, row.basis)
    return Pause(begun=row.begun_at, ended=row.ended_at, reason=reason, basis=basis)


def _more_time(row: Extension) -> MoreTime:
    return MoreTime(
        period=Period(row.working_days, Unit.WORKING_DAY),
        approved_by=row.approved_by,
        reason=row.reason,
        basis=Words(row.basis, row.basis),
    )


def set_due_days(case: Case, item: Item, calendar: Calendar) -> None:
    """Write the due days of a case from its clock (not saved here)."""
    clock = clock_of(case, item)
    if clock is None:
        return
    case.statutory_due_on = clock.statutory_due_on(calendar)
    case.promised_due_on = clock.promised_due_on(calendar)
    case.due_on = clock.due_on(calendar)
    case.is_paused = case.state == CaseState.SUSPENDED


def amber_day(clock: Clock, calendar: Calendar) -> date | None:
    """Return the first day on which the work list shows the case as nearly due."""
    due = clock.due_on(calendar)
    if due is None:
        return None
    day = local_day(clock.started)
    while day < due and clock.colour(calendar, _noon(day)) is Colour.NEUTRAL:
        day += timedelta(days=1)
    return day


def _noon(day: date) -> datetime:
    return datetime.combine(day, datetime.min.time(), tzinfo=SHANGHAI) + timedelta(hours=12)


def start_deadlines(case: Case, keys: Iterable[str], now: datetime) -> None:
    """Start some of the other clocks; the length of each is the law parameter of the case's region on this day."""
    Deadline.objects.bulk_create(_deadline(case, key, now) for key in keys)


def _deadline(case: Case, key: str, now: datetime) -> Deadline:
    region = parse_region_code(case.organisation.region.code)
    row = parameter(key, region, local_day(now), places.law_parameters())
    due_at = Clock(started=now, statutory=row.period).due_at(places.calendar()) or now
    return Deadline(case=case, parameter=key, started_at=now, due_at=due_at)


def end_deadlines(case: Case, keys: tuple[str, ...], now: datetime) -> None:
    """End some of the other clocks."""
    case.deadlines.filter(parameter__in=keys, ended_at=None).update(ended_at=now)


def is_up(case: Case, keys: tuple[str, ...], now: datetime) -> bool:
    """Whether one of these clocks is open and broken."""
    return bool(keys) and case.deadlines.filter(parameter__in=keys, ended_at=None, due_at__lte=now).exists()


def last_day(due: datetime) -> date:
    """Return the last local day before the moment at which a clock is broken."""
    return local_day(due - timedelta(microseconds=1))
