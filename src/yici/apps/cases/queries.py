"""What may be seen of applications by the people they belong to."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Prefetch, QuerySet
from django.utils.dateparse import parse_datetime

from yici.apps.cases import clocks, moves
from yici.apps.cases.applicant_acts import own_applications
from yici.apps.cases.models import Act, Application, Attachment, Case, Evidence, HallRequest, Step
from yici.apps.cases.views import CaseView, Chip, case_view, chip_of
from yici.apps.people.viewers import Viewer
from yici.apps.places import queries as places
from yici.rules.applications import application_state
from yici.rules.cases import CaseState
from yici.rules.clock_accounts import DayAccount, account
from yici.rules.clock_courses import local_day
from yici.rules.words import Words

NoSuchApplication = (Application.DoesNotExist, Case.DoesNotExist, Attachment.DoesNotExist)
PAGE = 20


@dataclass(frozen=True, slots=True)
class ApplicationLine:
    """One application in the list."""

    public_id: UUID
    reference: str
    event_name: Words
    region_name: Words
    submitted_at: datetime
    mode: str
    promised_visits: int
    state_words: Words


@dataclass(frozen=True, slots=True)
class ApplicationPage:
    """A page of applications; ``older`` is the mark for the next page, "" at the end."""

    rows: tuple[ApplicationLine, ...]
    older: str


@dataclass(frozen=True, slots=True)
class MessageView:
    """One message inside an application."""

    text: str
    author_name: str
    from_staff: bool
    written_at: datetime


@dataclass(frozen=True, slots=True)
class ApplicationView:
    """One application with every department's part."""

    public_id: UUID
    reference: str
    event_key: str
    event_name: Words
    region_code: str
    region_name: Words
    submitted_at: datetime
    mode: str
    promised_visits: int
    promised_days: int
    state_words: Words
    may_withdraw: bool
    cases: tuple[CaseView, ...]
    messages: tuple[MessageView, ...]


@dataclass(frozen=True, slots=True)
class ClockView:
    """The clock of a case, accounted for day by day."""

    application_id: UUID
    name: Words
    chip: Chip
    accepted_at: datetime
    promised_due_on: date | None
    statutory_due_on: date | None
    days: tuple[DayAccount, ...]


@dataclass(frozen=True, slots=True)
class HallRequestLine:
    """A need given to the one window, as its owner sees it."""

    reference: str
    need: str
    made_at: datetime
    answer: str
    state_words: Words
    application_id: UUID | None


def whole_cases() -> QuerySet[Case]:
    """Return cases with everything a page shows of them, in a fixed number of queries."""
    return Case.objects.select_related("organisation__region", "application").prefetch_related(
        Prefetch("steps", Step.objects.select_related("organisation").order_by("position")),
        Prefetch("acts", Act.objects.order_by("acted_at", "id")),
        Prefetch("evidence", Evidence.objects.select_related("attachment").defer("attachment__content").order_by("id")),
        "pauses",
        "correction_notices",
        "application__cases",
    )


def applications_of(viewer: Viewer, *, before: str = "") -> ApplicationPage:
    """Return the applications of the person, or of whom he acts for, newest first, twenty a page."""
    rows = own_applications(viewer).select_related("region").prefetch_related("cases").order_by("-submitted_at", "-id")
    moment = _moment(before)
    if moment is not None:
        rows = rows.filter(submitted_at__lt=moment)
    found = list(rows[: PAGE + 1])
    older = found[PAGE - 1].submitted_at.isoformat() if len(found) > PAGE else ""
    return ApplicationPage(tuple(_line(row) for row in found[:PAGE]), older)


def _moment(text: str) -> datetime | None:
    """Return the mark of a page; one that no page gave is as good as none."""
    try:
        moment = parse_datetime(text)
    except ValueError:
        return None
    return moment if moment and moment.tzinfo else None


def _line(row: Application) -> ApplicationLine:
    return ApplicationLine(
        public_id=row.public_id,
        reference=row.reference,
        event_name=Words(row.event_name, row.event_name_en),
        region_name=Words(row.region.name, row.region.name_en),
        submitted_at=row.submitted_at,
        mode=row.mode,
        promised_visits=row.promised_visits,
        state_words=application_state(CaseState(case.state) for case in row.cases.all()).words,
    )


def application(viewer: Viewer, public_id: UUID, *, now: datetime) -> ApplicationView:
    """Return one application of the viewer. Raises Application.DoesNotExist for anybody else."""
    row = own_applications(viewer).select_related("region").get(public_id=public_id)
    cases = list(whole_cases().filter(application=row).order_by("position"))
    states = [CaseState(case.state) for case in cases]
    return ApplicationView(
        public_id=row.public_id,
        reference=row.reference,
        event_key=row.event_key,
        event_name=Words(row.event_name, row.event_name_en),
        region_code=row.region.code,
        region_name=Words(row.region.name, row.region.name_en),
        submitted_at=row.submitted_at,
        mode=row.mode,
        promised_visits=row.promised_visits,
        promised_days=row.promised_days,
        state_words=application_state(states).words,
        may_withdraw=any(not state.is_final and not state.is_decided for state in states),
        cases=tuple(case_view(case, now) for case in cases),
        messages=tuple(
            MessageView(one.text, one.author_name, one.from_staff, one.written_at)
            for one in row.messages.order_by("written_at", "id")
        ),
    )


def application_of_case(viewer: Viewer, case_id: UUID) -> UUID:
    """Return the application a case of the viewer belongs to. Raises Case.DoesNotExist for anybody else."""
    case = Case.objects.select_related("application").get(public_id=case_id, application__in=own_applications(viewer))
    return case.application.public_id


def application_by_reference(viewer: Viewer, reference: str) -> UUID:
    """Return the application of the viewer with this number. Raises Application.DoesNotExist for anybody else."""
    return own_applications(viewer).get(reference=reference).public_id


def case_clock(viewer: Viewer, case_id: UUID, *, now: datetime) -> ClockView:
    """Account for each day of a case of the viewer. Raises Case.DoesNotExist for anybody else."""
    case = whole_cases().get(public_id=case_id, application__in=own_applications(viewer), accepted_at__isnull=False)
    return clock_view(case, now)


def clock_view(case: Case, now: datetime) -> ClockView:
    """Return the clock of a case day by day, up to today or its due day, whichever is later."""
    calendar = places.calendar()
    clock = clocks.clock_of(case, moves.item_of(case))
    if clock is None or case.accepted_at is None:
        raise Case.DoesNotExist
    until = max(local_day(now), case.due_on or local_day(now))
    if case.decided_at:
        until = local_day(case.decided_at)
    return ClockView(
        application_id=case.application.public_id,
        name=Words(case.name, case.name_en),
        chip=chip_of(case, now),
        accepted_at=case.accepted_at,
        promised_due_on=case.promised_due_on,
        statutory_due_on=case.statutory_due_on,
        days=tuple(account(clock, calendar, until)),
    )


def hall_requests_of(viewer: Viewer) -> list[HallRequestLine]:
    """Return the needs the person gave to the one window."""
    rows = HallRequest.objects.filter(party_id=viewer.party_id or 0, represented_id=viewer.acting_for_id)
    return [_request_line(row) for row in rows.select_related("application").order_by("-made_at")[:50]]


def request_words(row: HallRequest) -> Words:
    """Return where a need at the one window stands."""
    if row.application_id:
        return Words("已转为办件", "Turned into cases")
    if row.answered_at:
        return Words("已答复", "Answered")
    return Words("办理中", "Being looked at") if row.taken_by_id else Words("等待窗口受理", "Waiting for the window")


def _request_line(row: HallRequest) -> HallRequestLine:
    return HallRequestLine(
        reference=row.reference,
        need=row.need,
        made_at=row.made_at,
        answer=row.answer,
        state_words=request_words(row),
        application_id=row.application.public_id if row.application else None,
    )
