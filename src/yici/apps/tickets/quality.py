"""Quality sampling of calls and the figures of operators: drawn at random each week, graded by a supervisor."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import SystemRandom
from uuid import UUID

from django.db import transaction
from django.db.models import Avg, Count, Exists, F, OuterRef, Q, QuerySet

from yici.apps.journal import actions as journal
from yici.apps.people.models import Staff
from yici.apps.people.viewers import Viewer
from yici.apps.tickets.jurisdiction import at_centre
from yici.apps.tickets.limits import limits_for
from yici.apps.tickets.models import Act, Call, CallSample
from yici.rules.call_quality import CannotGrade, sample_size, score
from yici.rules.clock_courses import local_day, midnight_of
from yici.rules.people import Role
from yici.rules.tickets import TicketState

MOST_LISTED = 200
WEEK = timedelta(days=7)
NoSuchSample = CallSample.DoesNotExist


@dataclass(frozen=True, slots=True)
class OperatorFigures:
    """One operator's work since a day: counted from his calls and acts, nothing entered by hand."""

    name: str
    himself: bool
    calls: int
    answered_at_once: int
    to_file: timedelta | None  # from opening the page to filing, on average
    graded: int
    quality: int | None  # percent, of the graded samples


def monday_of(day: date) -> date:
    """Return the Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def draw_last_week(*, now: datetime) -> int:
    """Draw the samples of the week before; what is drawn stays drawn. Returns how many calls were drawn now."""
    week = monday_of(local_day(now)) - WEEK
    groups: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for operator, key, desk in _closed_in(week):
        groups[operator].append((key, desk))
    return sum(_draw(operator, calls, week, now) for operator, calls in sorted(groups.items()))


def _closed_in(week: date) -> list[tuple[str, int, str]]:
    done = CallSample.objects.filter(operator=OuterRef("operator"), week=week)
    rows = Call.objects.filter(
        ~Exists(done),
        ticket__state=TicketState.CLOSED,
        ticket__closed_at__gte=midnight_of(week),
        ticket__closed_at__lt=midnight_of(week + WEEK),
        ticket__call_sample=None,
    )
    return list(rows.values_list("operator", "ticket_id", "ticket__desk_code"))


@transaction.atomic
def _draw(operator: str, calls: list[tuple[int, str]], week: date, now: datetime) -> int:
    percent = limits_for(calls[0][1], now).row("call_sample_share").value
    # Nobody can foresee which of his calls are looked at.
    chosen = SystemRandom().sample([key for key, _ in calls], sample_size(len(calls), percent))
    rows = [CallSample(ticket_id=key, operator=operator, week=week, drawn_at=now) for key in chosen]
    CallSample.objects.bulk_create(rows)
    facts = {"drawn": len(rows), "of": len(calls), "week": week.isoformat()}
    journal.record("ticket.calls_sampled", subject=operator, by="system:clock", now=now, facts=facts)
    return len(rows)


def to_grade(viewer: Viewer) -> list[CallSample]:
    """Return the samples that wait for the viewer, oldest week first; never his own calls.

    Who supervises: who decides at the hotline, or the hotline of a region above.
    """
    rows = _gradable(viewer).filter(graded_at=None).select_related("ticket")
    return list(rows.order_by("week", "pk")[:MOST_LISTED])


def _gradable(viewer: Viewer) -> QuerySet[CallSample]:
    rows = CallSample.objects.filter(ticket__in=at_centre(viewer).values("pk")).exclude(operator=viewer.label)
    if viewer.has_role(Role.DECIDER):
        return rows
    return rows.exclude(ticket__desk_code=viewer.region_code)


def sample(viewer: Viewer, sample_id: UUID) -> CallSample:
    """Return a sample to grade. Raises NoSuchSample for the operator himself and whoever is no supervisor."""
    return _gradable(viewer).select_related("ticket").get(public_id=sample_id, graded_at=None)


def own_graded(viewer: Viewer) -> list[CallSample]:
    """Return the graded samples of the viewer's own calls, newest first."""
    rows = CallSample.objects.filter(operator=viewer.label, graded_at__isnull=False).select_related("ticket")
    return list(rows.order_by("-graded_at")[:MOST_LISTED])


@transaction.atomic
def grade(*, sample_id: UUID, grades: dict[str, int], note: str, by: Viewer, now: datetime) -> int:
    """Grade a sample; returns its score in percent. Raises CannotGrade, and NoSuchSample as ``sample``."""
    row = CallSample.objects.select_for_update().get(pk=sample(by, sample_id).pk)
    if row.graded_at is not None:
        raise CannotGrade(zh="这通电话已经评过分。", en="This call has been graded.")
    row.score, row.grades, row.note = score(grades), grades, note.strip()
    row.graded_at, row.graded_by = now, by.label
    row.save(update_fields=["score", "grades", "note", "graded_at", "graded_by"])
    facts = {"score": row.score, "operator": row.operator}
    journal.record("ticket.call_graded", subject=f"sample:{row.public_id}", by=by.label, now=now, facts=facts)
    return row.score


def figures(viewer: Viewer, *, since: datetime) -> list[OperatorFigures]:
    """Return the viewer's own figures, and to a supervisor those of the operators he may grade, most calls first."""
    calls = Call.objects.filter(filed_at__gte=since, ticket__in=at_centre(viewer).values("pk"))
    if not viewer.has_role(Role.DECIDER):
        calls = calls.filter(Q(operator=viewer.label) | ~Q(ticket__desk_code=viewer.region_code))
    at_once = Act.objects.filter(ticket_id=OuterRef("ticket_id"), kind="answer_at_once", by=OuterRef("operator"))
    rows = calls.values("operator").annotate(
        calls=Count("pk"),
        at_once=Count("pk", filter=Exists(at_once)),
        to_file=Avg(F("filed_at") - F("began_at")),
    )
    found = list(rows.order_by("-calls", "operator")[:MOST_LISTED])
    names, graded = _names([row["operator"] for row in found]), _graded(viewer, since)
    return [
        OperatorFigures(
            name=names.get(row["operator"], ""),
            himself=row["operator"] == viewer.label,
            calls=row["calls"],
            answered_at_once=row["at_once"],
            to_file=row["to_file"],
            graded=graded.get(row["operator"], (0, None))[0],
            quality=graded.get(row["operator"], (0, None))[1],
        )
        for row in found
    ]


def _names(labels: list[str]) -> dict[str, str]:
    keys = [UUID(label.removeprefix("staff:")) for label in labels if label.startswith("staff:")]
    return {str(row): row.name for row in Staff.objects.filter(public_id__in=keys)}


def _graded(viewer: Viewer, since: datetime) -> dict[str, tuple[int, int | None]]:
    rows = CallSample.objects.filter(graded_at__gte=since).values("operator").annotate(n=Count("pk"), mean=Avg("score"))
    return {row["operator"]: (row["n"], round(row["mean"])) for row in rows}
