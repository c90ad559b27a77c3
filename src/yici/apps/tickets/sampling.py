"""An invented hotline to measure on: units, staff and any number of tickets, in a county that no list shows.

Lives are real acts in transactions of their own, so their rows stay, closed: measure in a data folder of its own.
"""

import itertools
import resource
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from yici.apps.people.encryption import keyring
from yici.apps.people.models import Staff
from yici.apps.people.viewers import Viewer
from yici.apps.places.actions import illustrative_credit_code, load_calendar
from yici.apps.places.models import LawParameterRow, Organisation, Region
from yici.apps.tickets import actions, queries
from yici.apps.tickets.models import Ticket
from yici.apps.tickets.sweeping import Swept, sweep
from yici.rules.codes import ZHEJIANG
from yici.rules.people import Role
from yici.rules.tickets import TicketChannel, TicketKind, TicketState
from yici.rules.voices import Voice

# A county that exists in no list: lists of real desks never show what is invented here.
PATH = (("339900000000", 2), ("339999000000", 3))
CODE, KINDS = "339999", ("sample_ecology", "sample_management")
Timed = Callable[[Callable[[], object]], object]


@dataclass(frozen=True, slots=True)
class SampleHotline:
    """The people of an invented hotline, and what they can be asked to do."""

    operator: Viewer
    reviewer: Viewer
    handlers: tuple[Viewer, ...]
    units: tuple[Organisation, ...]
    region: Region
    serial: Iterator[int]

    def live(self, timed: Timed) -> None:
        """Live one ticket: filed, found, classified, dispatched, signed, contacted, answered, approved, closed."""
        number = next(self.serial)
        unit, handler, now = self.units[number % 2], self.handlers[number % 2], timezone.now()
        made = timed(lambda: actions.file(voice=_voice(number), by=self.operator, now=now))
        assert isinstance(made, actions.Filed)
        key: dict[str, Any] = {"ticket_id": made.public_id, "now": now}
        centre, at_unit = {**key, "by": self.operator}, {**key, "by": handler}
        timed(lambda: actions.triage(category_key="environment.noise", **centre))
        timed(lambda: actions.dispatch(organisation_id=unit.public_id, **centre))
        timed(lambda: queries.unit_inbox(handler, TicketState.DISPATCHED, now=now))
        timed(lambda: actions.sign(**at_unit))
        timed(lambda: actions.record_contact(note="已联系", **at_unit))
        timed(lambda: actions.reply(text="已责令整改。", **at_unit))
        approve = {**key, "by": self.reviewer, "approve": True, "note": ""}
        timed(lambda: actions.review_reply(**approve))
        said = actions.Outcome(satisfied=True, solved=True)
        timed(lambda: actions.record_follow_up(outcome=said, **centre))
        found = timed(lambda: queries.find(self.operator, made.reference, now=now))
        assert isinstance(found, list)
        assert len(found) == 1

    def of_process(self, place: int) -> "SampleHotline":
        """Return the same hotline with numbers of its own."""
        return replace(self, serial=itertools.count((place + 1) * 10_000_000))

    def fill(self, count: int) -> None:
        """Fill the table up to a count of tickets, nine in ten closed, as a year leaves it."""
        there = Ticket.objects.filter(desk_code=self.region.code).count()
        if count > there:
            _fill(self, count - there, overdue=False)

    def fill_overdue(self, count: int) -> None:
        """Add open tickets whose time was over yesterday, some longer ago than others."""
        _fill(self, count, overdue=True)

    def overdue_without_reminder(self, now: datetime) -> int:
        """Return how many open tickets are broken and were never reminded of: what a sweep has missed."""
        open_rows = Ticket.objects.filter(desk_code=self.region.code, harm_at__lte=now)
        return open_rows.exclude(state=TicketState.CLOSED).exclude(reminders__colour="red").count()


def _voice(number: int) -> Voice:
    return Voice(
        kind=TicketKind.COMPLAINT,
        channel=TicketChannel.PHONE,
        region_code=CODE,
        subject=f"示例噪声{number}",
        detail="夜间施工，影响休息，希望处理。" * 4,
        contact_name="示例",
        contact_phone=f"139{number:08}",
    )


# Rows made by the database itself: every moment, index and constraint as a real ticket's; the locked words are one
# value, since a hundred thousand encryptions measure nothing here.
_FILL = """
INSERT INTO tickets_ticket (public_id, reference, kind, urgency, channel, external_reference, anonymous, sealed,
  keep_secret, wants_answer, contact_name, contact_phone, contact_email, phone_hash, follow_hash, language, subject,
  detail, region_id, desk_code, address, item_key, category, state, organisation_id, returned_by, bound, extensions,
  asked, rehandlings, level, ending, attempts, received_at, dispatched_at, answered_at, closed_at, due_at, amber_at,
  handle_due_at, handle_amber_at, step_due_at, step_amber_at, harm_at, filed_by)
SELECT gen_random_uuid(), %(prefix)s::text || n, 'complaint', 'ordinary', 'phone', '', false, false, false, true,
  %(name)s, %(phone)s, %(email)s, 'k1:' || md5(n::text), '', 'zh', %(subject)s, %(detail)s, %(region)s, %(desk)s,
  %(address)s, '', 'environment.noise', CASE WHEN closed THEN 'closed' ELSE 'handling' END,
  CASE WHEN n %% 2 = 0 THEN %(unit)s::bigint ELSE %(other)s::bigint END, '{}', false, '{}', '', 0, 0,
  CASE WHEN closed THEN 'settled' ELSE '' END, 0, due - interval '7 days', due - interval '7 days',
  CASE WHEN closed THEN due END, CASE WHEN closed THEN due END, due, due - interval '1 day', due,
  due - interval '1 day', CASE WHEN NOT closed THEN due END, CASE WHEN NOT closed THEN due - interval '1 day' END,
  CASE WHEN NOT closed THEN due END, 'system:sample'
FROM (SELECT n, NOT %(overdue)s::boolean AND n %% 10 <> 0 AS closed, %(now)s::timestamptz
  + CASE WHEN %(overdue)s::boolean THEN -1 ELSE 1 END * (interval '1 hour' + n %% 2000 * interval '10 minutes') AS due
  FROM generate_series(%(first)s::bigint, %(last)s::bigint) AS n) AS made
"""


def _fill(hotline: SampleHotline, count: int, *, overdue: bool) -> None:
    first = next(hotline.serial) + count * 10
    words = ("name", "phone", "email", "subject", "detail", "address")
    columns = ("contact_name", "contact_phone", "contact_email", "subject", "detail", "address")
    locked = {
        word: keyring().lock("示例", f"tickets_ticket.{column}") for word, column in zip(words, columns, strict=True)
    }
    terms: dict[str, Any] = {
        **locked,
        "prefix": f"SB{time.time_ns() % 10**9}",
        "region": hotline.region.pk,
        "desk": hotline.region.code,
        "unit": hotline.units[0].pk,
        "other": hotline.units[1].pk,
        "overdue": overdue,
        "now": timezone.now(),
        "first": first,
        "last": first + count - 1,
    }
    with connection.cursor() as cursor:
        cursor.execute(_FILL, terms)
        cursor.execute("ANALYZE tickets_ticket")


def leave_connections() -> None:
    """Close this process's connections: a fork must not share them."""
    connection.close()
    if connection.settings_dict["OPTIONS"].get("pool"):
        connection.close_pool()  # type: ignore[attr-defined] # only PostgreSQL's wrapper has it, and it is the only one here


@contextmanager
def sample_hotline(*, now: datetime) -> Iterator[SampleHotline]:
    """Give an invented hotline; afterwards its open tickets are closed, so that no desk and no sweep meets them."""
    hotline = _founded(now)
    try:
        yield hotline
    finally:
        _take_away(hotline)


@transaction.atomic
def _founded(now: datetime) -> SampleHotline:
    if not LawParameterRow.objects.filter(key="ticket_dispatch").exists():
        load_calendar(by="system:sample", now=now)
    parent, _ = Region.objects.get_or_create(
        code=ZHEJIANG.text,
        defaults={"name": "浙江省", "name_en": "Zhejiang", "level": 1, "path": f"{ZHEJIANG.text}/"},
    )
    for code, level in PATH:
        defaults = {"name": "示例", "name_en": "Sample", "level": level, "parent": parent, "abolished": True}
        parent, _ = Region.objects.get_or_create(code=code, defaults={**defaults, "path": f"{parent.path}{code}/"})
    units = tuple(_unit(kind, parent) for kind in KINDS)
    desk = Viewer(
        label="system:sample",
        region_path=parent.path,
        region_code=parent.code,
        roles=frozenset({Role.HOTLINE}),
    )
    staff = [_staff(unit, parent) for unit in (units[0], units[0], *units)]
    at = [
        replace(desk, label=str(one), staff_id=one.pk, organisation_id=one.organisation_id, organisation_kind="sample")
        for one in staff
    ]
    handlers = tuple(replace(one, roles=frozenset({Role.REVIEWER})) for one in at[2:])
    return SampleHotline(at[0], at[1], handlers, units, parent, itertools.count(time.time_ns() % 10**7))


def _unit(kind: str, region: Region) -> Organisation:
    row, _ = Organisation.objects.get_or_create(
        kind=kind,
        region=region,
        defaults={"name": kind, "name_en": kind, "uscc": illustrative_credit_code("11", kind, region.code)},
    )
    return row


def _staff(unit: Organisation, region: Region) -> Staff:
    return Staff.objects.create(
        name="示例", organisation=unit, post="sample", roles=[Role.HOTLINE, Role.REVIEWER], region=region
    )


@dataclass(frozen=True, slots=True)
class MeasuredSweep:
    """One sweep with its time and how much the process grew."""

    overdue: int
    reminders: int
    seconds: float
    grown_mb: float


def measured_sweep(*, now: datetime) -> MeasuredSweep:
    """Sweep, with its time and by how much the process grew beyond what it had ever held."""
    before, begun = _most_kb(), time.perf_counter()
    done: Swept = sweep(now=now)
    seconds = time.perf_counter() - begun
    return MeasuredSweep(done.overdue, done.reminders, seconds, (_most_kb() - before) / 1024)


def _most_kb() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def _take_away(hotline: SampleHotline) -> None:
    """Close what is open, so that no desk and no sweep ever sees it again; history is never deleted."""
    rows = Ticket.objects.filter(desk_code=hotline.region.code).exclude(state=TicketState.CLOSED)
    rows.update(
        state=TicketState.CLOSED,
        ending="withdrawn",
        closed_at=timezone.now(),
        step_due_at=None,
        step_amber_at=None,
        harm_at=None,
    )
