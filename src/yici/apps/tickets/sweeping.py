"""The sweep: every open ticket and case whose time is nearly up or over is examined, oldest harm first, none left out.

It walks in the order of harm by key and keeps one batch in memory, whatever the backlog. Reminders are sent once, so a
second run in the same hour does nothing twice.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q

from yici.apps.cases.models import Case, Step
from yici.apps.journal import actions as journal
from yici.apps.tickets import moves, supervising
from yici.apps.tickets.climbing import climb
from yici.apps.tickets.limits import limits_for
from yici.apps.tickets.models import Reminder, Supervision, Ticket
from yici.apps.tickets.part_reminders import remind_parts
from yici.rules.clock_courses import local_day, midnight_after, midnight_of
from yici.rules.supervision import Dial, Finding, Ladder, examine
from yici.rules.tickets import Level, TicketState
from yici.rules.working_days import Calendar

BATCH = 500
# A ticket turns amber before it is due: those due within the longest amber stretch of any limit are looked at too.
LOOK_AHEAD = timedelta(days=60)

Desks = dict[str, tuple[Ladder, Calendar]]


@dataclass(slots=True)
class Swept:
    """What one sweep did: examined, of these overdue, reminders sent, levels raised."""

    examined: int = 0
    overdue: int = 0
    reminders: int = 0
    raised: int = 0


def sweep(*, now: datetime) -> Swept:
    """Examine every ticket, every case and every co-handler's part that is nearly due or overdue."""
    done = Swept()
    desks: Desks = {}
    for tickets in _tickets_by_harm(now):
        _sweep_tickets(tickets, done, desks, now)
    for steps in _cases_by_harm(now):
        _sweep_cases(steps, done, desks, now)
    examined, sent = remind_parts(now)
    done.examined += examined
    done.reminders += sent
    _close_done()
    return done


def _desk(code: str, desks: Desks, now: datetime) -> tuple[Ladder, Calendar]:
    """Return ladder and calendar of a desk, looked up once a sweep."""
    if code not in desks:
        limits = limits_for(code, now)
        ladder = Ladder(limits.row("supervision_listed").value, limits.row("supervision_interview").value)
        desks[code] = ladder, limits.calendar
    return desks[code]


_COLUMNS = (
    "pk", "harm_at", "state", "organisation_id", "desk_code", "level", "due_at", "amber_at", "step_due_at",
    "step_amber_at", "reference",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Line:
    """The few columns of a ticket that a sweep looks at."""

    pk: int
    harm_at: datetime
    state: str
    organisation_id: int | None
    desk_code: str
    level: int
    due_at: datetime
    amber_at: datetime
    step_due_at: datetime | None
    step_amber_at: datetime | None
    reference: str

    @property
    def holder_id(self) -> int | None:
        """Return the unit that has to act; None while the hotline itself has it."""
        return self.organisation_id if self.state in {TicketState.DISPATCHED, TicketState.HANDLING} else None

    @property
    def dials(self) -> dict[str, Dial]:
        """Return the clocks that run."""
        found = {}
        if self.step_due_at is not None and self.step_amber_at is not None:
            found["step"] = Dial(self.step_amber_at, self.step_due_at)
        if TicketState(self.state).waits_for_answer:
            found["total"] = Dial(self.amber_at, self.due_at)
        return found


def _tickets_by_harm(now: datetime) -> Iterator[list[_Line]]:
    """Yield batches of tickets in the order of harm; the walk goes on behind the last row, so it always ends."""
    rows = Ticket.objects.exclude(state=TicketState.CLOSED).filter(harm_at__lte=now + LOOK_AHEAD)
    nearly = rows.filter(Q(step_amber_at__lte=now) | Q(amber_at__lte=now)).order_by("harm_at", "pk")
    batch = [_Line(*row) for row in nearly.values_list(*_COLUMNS)[:BATCH]]
    while batch:
        yield batch
        last = batch[-1]
        behind = nearly.filter(Q(harm_at__gt=last.harm_at) | Q(harm_at=last.harm_at, pk__gt=last.pk))
        behind = behind.filter(harm_at__gte=last.harm_at)  # lets the index begin where the last batch ended
        batch = [_Line(*row) for row in behind.values_list(*_COLUMNS)[:BATCH]]


@transaction.atomic
def _sweep_tickets(batch: Sequence[_Line], done: Swept, desks: Desks, now: datetime) -> None:
    findings = {line.pk: _examined(line, desks, now) for line in batch}
    done.examined += len(batch)
    done.overdue += sum(1 for finding in findings.values() if finding.level is not Level.NONE)
    sent = _remind(batch, findings, now)
    done.reminders += sent
    climbing = {line.pk: findings[line.pk] for line in batch if findings[line.pk].level > line.level}
    done.raised += climb(climbing, now)
    if sent:
        # One line for the batch: which reminders stands in the rows themselves, and those are never changed.
        facts = {"sent": sent, "first": batch[0].reference, "last": batch[-1].reference}
        journal.record("supervision.swept", subject="supervision:tickets", by="system:clock", now=now, facts=facts)


def _examined(line: _Line, desks: Desks, now: datetime) -> Finding:
    ladder, calendar = _desk(line.desk_code, desks, now)
    return examine(line.dials, ladder, now, calendar)


def _remind(batch: Sequence[_Line], findings: dict[int, Finding], now: datetime) -> int:
    rows = [
        Reminder(
            ticket_id=line.pk,
            organisation_id=line.holder_id,
            clock=clock,
            colour=colour,
            due_at=line.dials[clock].due_at,
            to_head=line.state in {TicketState.RECEIVED, TicketState.DISPATCHED},
            sent_at=now,
        )
        for line in batch
        for clock, colour in findings[line.pk].reminders
    ]
    return _sent_once(rows, "ticket_id")


def _sent_once(rows: list[Reminder], subject: str) -> int:
    """Send what was not sent before for the same clock, colour and due moment; returns how many."""
    keys = {getattr(row, subject) for row in rows}
    columns = (subject, "clock", "colour", "due_at")
    known = set(Reminder.objects.filter(**{f"{subject}__in": keys}).values_list(*columns))
    fresh = [row for row in rows if tuple(getattr(row, column) for column in columns) not in known]
    Reminder.objects.bulk_create(fresh, ignore_conflicts=True)
    return len(fresh)


@dataclass(frozen=True, slots=True)
class _CaseLine:
    """A case with its open step that is due first."""

    case_id: int
    organisation_id: int
    region_code: str
    taken_by: int | None
    step_amber_on: date | None
    step_due_on: date
    case_due_on: date | None
    code: str

    @property
    def dials(self) -> dict[str, Dial]:
        """Return the step's clock, and the case's once it is accepted; days turn into moments of Shanghai."""
        amber = midnight_of(self.step_amber_on or self.step_due_on)
        found = {"step": Dial(amber, midnight_after(self.step_due_on))}
        if self.case_due_on is not None:
            found["total"] = Dial(amber, midnight_after(self.case_due_on))
        return found

    @property
    def harm_at(self) -> datetime:
        """Return the earliest broken moment."""
        return min(dial.due_at for dial in self.dials.values())


_CASE_COLUMNS = (
    "case_id", "organisation_id", "organisation__region__code", "taken_by_id", "amber_on", "due_on", "case__due_on",
    "case__code",
)  # fmt: skip


def _cases_by_harm(now: datetime) -> Iterator[list[_CaseLine]]:
    """Yield batches of open steps, soonest due first, from one cursor of the database: one sort, flat memory."""
    today = local_day(now)
    rows = Step.objects.filter(bucket__in=["take", "mine"], amber_on__lte=today, due_on__isnull=False)
    batch: list[_CaseLine] = []
    for row in rows.order_by("due_on", "pk").values_list(*_CASE_COLUMNS).iterator(chunk_size=BATCH):
        batch.append(_CaseLine(*row))
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


@transaction.atomic
def _sweep_cases(batch: Sequence[_CaseLine], done: Swept, desks: Desks, now: datetime) -> None:
    found = {line.case_id: line for line in reversed(batch)}  # the step of a case that is due first
    findings = {key: _examined_case(line, desks, now) for key, line in found.items()}
    done.examined += len(batch)
    done.overdue += sum(1 for finding in findings.values() if finding.level is not Level.NONE)
    rows = [
        Reminder(
            case_id=key,
            organisation_id=line.organisation_id,
            clock=clock,
            colour=colour,
            due_at=line.dials[clock].due_at,
            to_head=line.taken_by is None,
            sent_at=now,
        )
        for key, line in found.items()
        for clock, colour in findings[key].reminders
    ]
    sent = _sent_once(rows, "case_id")
    done.reminders += sent
    done.raised += _raise_cases(found, findings, now)
    if sent:
        facts = {"sent": sent, "first": batch[0].code, "last": batch[-1].code}
        journal.record("supervision.swept", subject="supervision:cases", by="system:clock", now=now, facts=facts)


def _examined_case(line: _CaseLine, desks: Desks, now: datetime) -> Finding:
    ladder, calendar = _desk(line.region_code, desks, now)
    return examine(line.dials, ladder, now, calendar)


def _raise_cases(found: dict[int, _CaseLine], findings: dict[int, Finding], now: datetime) -> int:
    late = [key for key, finding in findings.items() if finding.level is not Level.NONE]
    levels = dict(Supervision.objects.filter(case_id__in=late, closed_at=None).values_list("case_id", "level"))
    climbing = [key for key in late if findings[key].level > levels.get(key, 0)]
    hand = moves.by_clock(now)
    for case in Case.objects.select_related("organisation__region").filter(pk__in=climbing).order_by("pk"):
        finding = findings[case.pk]
        assert finding.reason is not None
        harm = found[case.pk].harm_at
        supervising.open_for_case(case, finding.level, finding.reason, hand, harm_at=harm)
        journal.record(
            "supervision.raised",
            subject=case.code,
            by=hand.label,
            now=now,
            facts={"level": int(finding.level), "reason": str(finding.reason)},
        )
    return len(climbing)


def _close_done() -> None:
    """End the supervision of cases that have ended meanwhile: cases know nothing of supervision."""
    ended = Supervision.objects.filter(closed_at=None, case__closed_at__isnull=False).select_related("case")
    for row in ended.iterator(chunk_size=BATCH):
        assert row.case is not None
        row.closed_at, row.closed_by = row.case.closed_at, "system:clock"
        row.save(update_fields=["closed_at", "closed_by"])
