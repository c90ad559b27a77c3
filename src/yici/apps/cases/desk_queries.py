"""What a member of staff may see: the steps of his organisation and post, and the needs at his hall."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet

from yici.apps.cases import moves
from yici.apps.cases.facts import facts_from_text
from yici.apps.cases.hall_acts import own_hall_requests
from yici.apps.cases.models import Attachment, Case, HallRequest, Step
from yici.apps.cases.queries import ClockView, clock_view, request_words, whole_cases
from yici.apps.cases.views import CaseView, Chip, case_view, chip_of
from yici.apps.catalogue import queries as catalogue
from yici.apps.people import queries as people
from yici.apps.people.viewers import Viewer
from yici.rules.cases import CaseAct, CaseState, possible_acts
from yici.rules.clock_courses import local_day
from yici.rules.items import Element
from yici.rules.words import Words

NoSuchStep = (Step.DoesNotExist, Case.DoesNotExist, Attachment.DoesNotExist, HallRequest.DoesNotExist)
PAGE = 30
MOST_COUNTED = 1000
TABS = ("take", "mine", "paused", "due", "done")


@dataclass(frozen=True, slots=True)
class InboxLine:
    """One step in the work list."""

    public_id: UUID
    event_name: Words
    item_name: Words
    step_name: Words
    reference: str
    applicant: str
    shared: int
    waiting: int
    chip: Chip
    visits: int
    taken_by: str


@dataclass(frozen=True, slots=True)
class InboxPage:
    """A page of the work list; ``after`` is the mark of the next page, "" at the end."""

    rows: tuple[InboxLine, ...]
    after: str
    counts: dict[str, int]


@dataclass(frozen=True, slots=True)
class DeskCase:
    """Everything a desk needs to work on one step."""

    step_id: UUID
    step_name: Words
    step_key: str
    decides: bool
    is_mine: bool
    may_take: bool
    accepted: bool
    acts: frozenset[CaseAct]
    case: CaseView
    reference: str
    event_name: Words
    applicant: str
    represented: str
    submitted_at: datetime
    promised_visits: int
    facts: tuple[tuple[Element, object], ...]
    others: tuple[tuple[Words, Words, Words], ...]
    messages: tuple[tuple[str, str, datetime], ...]


def own_steps(viewer: Viewer) -> QuerySet[Step]:
    """Return the steps of the viewer's organisation at his posts: the one place that says who sees what at a desk."""
    return Step.objects.filter(organisation_id=viewer.organisation_id or 0, post__in=viewer.posts)


def _tab(viewer: Viewer, tab: str, today: date) -> QuerySet[Step]:
    steps = own_steps(viewer)
    if tab == "mine":
        return steps.filter(bucket="mine", taken_by_id=viewer.staff_id)
    if tab == "due":
        return steps.filter(bucket__in=["take", "mine"], amber_on__lte=today)
    return steps.filter(bucket=tab if tab in TABS else "take")


def inbox(viewer: Viewer, tab: str, *, after: str, text: str, now: datetime) -> InboxPage:
    """Return a page of the work list, soonest due first, with the counts of every tab.

    ``after`` is the mark of the last row seen; ``text`` narrows to a reference or the name of an item.
    """
    rows = _tab(viewer, tab, local_day(now))
    if text:
        rows = rows.filter(_named(text))
    day, number = _mark(after)
    if number:
        rows = rows.filter(Q(due_on__gt=day) | Q(due_on=day, id__gt=number)) if day else rows.filter(id__gt=number)
    wanted = rows.order_by("due_on", "id").values_list("pk", flat=True)[: PAGE + 1]
    keys = list(wanted)
    found = _lines(keys[:PAGE])
    last = found[-1] if len(keys) > PAGE else None
    return InboxPage(
        rows=tuple(_line(step, now) for step in found),
        after=f"{last.due_on or ''}_{last.pk}" if last else "",
        counts=counts(viewer, local_day(now)),
    )


def _named(text: str) -> Q:
    """Return the condition that a step is of this reference, or of an item with this in a name it has or had.

    Both are looked up first: among the steps of a large office they would be sought in all its history.
    """
    cases = list(Case.objects.filter(application__reference=text.upper()).values_list("pk", flat=True))
    return Q(case_id__in=cases) if cases else Q(case__item_key__in=catalogue.items_named(text))


def _mark(after: str) -> tuple[date | None, int]:
    day, _, number = after.partition("_")
    try:
        return (date.fromisoformat(day) if day else None), int(number or 0)
    except ValueError:
        return None, 0


def _lines(keys: list[int]) -> list[Step]:
    rows = (
        Step.objects.filter(pk__in=keys)
        .select_related(
            "case__application__applicant", "case__application__represented", "case__organisation", "taken_by"
        )
        .prefetch_related("case__evidence", "case__pauses")
    )
    return sorted(rows, key=lambda step: keys.index(step.pk))


def _line(step: Step, now: datetime) -> InboxLine:
    case = step.case
    evidence = list(case.evidence.all())
    subject = case.application.represented or case.application.applicant
    return InboxLine(
        public_id=step.public_id,
        event_name=Words(case.application.event_name, case.application.event_name_en),
        item_name=Words(case.name, case.name_en),
        step_name=Words(step.name, step.name_en),
        reference=case.application.reference,
        applicant=subject.name,
        shared=sum(1 for row in evidence if row.way in {"data", "licence", "result_of"} and row.status == "present"),
        waiting=sum(1 for row in evidence if row.status in moves.NOT_THERE),
        chip=chip_of(case, now),
        visits=case.application.promised_visits,
        taken_by=step.taken_by.name if step.taken_by else "",
    )


def counts(viewer: Viewer, today: date) -> dict[str, int]:
    """Return how many steps stand in each tab, counted up to a thousand: a longer list is as good as endless."""
    parts, values = [], []
    for tab in TABS:
        sql, params = _tab(viewer, tab, today).values("pk")[:MOST_COUNTED].query.sql_with_params()
        parts.append(f"(SELECT %s::text, count(*) FROM ({sql}) AS {tab})")
        values.extend([tab, *params])
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), values)
        return dict(cursor.fetchall())


def desk_case(viewer: Viewer, step_id: UUID, *, now: datetime) -> DeskCase:
    """Return a step with its whole case. Raises Step.DoesNotExist for anybody but its organisation and post."""
    step = own_steps(viewer).get(public_id=step_id)
    case = whole_cases().get(pk=step.case_id)
    application = case.application
    hand = moves.by_staff(viewer, now)
    return DeskCase(
        step_id=step.public_id,
        step_name=Words(step.name, step.name_en),
        step_key=step.key,
        decides=step.decides,
        is_mine=step.taken_by_id == viewer.staff_id and step.state in {"taken", "paused"},
        may_take=step.state == "ready",
        accepted=case.accepted_at is not None,
        acts=frozenset(possible_acts(CaseState(case.state), hand.part)),
        case=case_view(case, now, with_values=True),
        reference=application.reference,
        event_name=Words(application.event_name, application.event_name_en),
        applicant=application.applicant.name,
        represented=application.represented.name if application.represented else "",
        submitted_at=application.submitted_at,
        promised_visits=application.promised_visits,
        facts=_facts(case),
        others=_others(case),
        messages=tuple(
            (one.author_name, one.text, one.written_at) for one in application.messages.order_by("written_at", "id")
        ),
    )


def _facts(case: Case) -> tuple[tuple[Element, object], ...]:
    """Return the facts this item asks for, no others: a department sees what its guide lists."""
    item = moves.item_of(case)
    facts = facts_from_text(case.application.facts_text)
    asked = {one.key: one for one in (*item.questions, *item.fields)}
    return tuple((one, facts[key]) for key, one in asked.items() if key in facts)


def _others(case: Case) -> tuple[tuple[Words, Words, Words], ...]:
    rows = case.application.cases.exclude(pk=case.pk).select_related("organisation").order_by("position")
    return tuple(
        (
            Words(one.name, one.name_en),
            Words(one.organisation.name, one.organisation.name_en),
            CaseState(one.state).words,
        )
        for one in rows
    )


def neighbours(viewer: Viewer, tab: str, step_id: UUID, *, now: datetime) -> tuple[UUID | None, UUID | None]:
    """Return the steps before and after this one in the same tab, for previous and next."""
    rows = _tab(viewer, tab, local_day(now)).order_by("due_on", "id")
    here = own_steps(viewer).get(public_id=step_id)
    if here.due_on is None:
        return None, None
    before = rows.filter(Q(due_on__lt=here.due_on) | Q(due_on=here.due_on, id__lt=here.pk)).reverse().first()
    after = rows.filter(Q(due_on__gt=here.due_on) | Q(due_on=here.due_on, id__gt=here.pk)).first()
    return before.public_id if before else None, after.public_id if after else None


def attachment(viewer: Viewer, step_id: UUID, attachment_id: UUID) -> tuple[str, str, bytes]:
    """Return name, type and content of a paper of a case on this desk. Raises for anybody else."""
    step = own_steps(viewer).get(public_id=step_id)
    row = step.case.evidence.select_related("attachment").get(attachment__public_id=attachment_id).attachment
    if row is None:
        raise Attachment.DoesNotExist
    return row.filename, row.kind, bytes(row.content)


def desk_clock(viewer: Viewer, step_id: UUID, *, now: datetime) -> ClockView:
    """Return the clock of a case on this desk, day by day."""
    return clock_view(whole_cases().get(pk=own_steps(viewer).get(public_id=step_id).case_id), now)


@dataclass(frozen=True, slots=True)
class HallLine:
    """A need at the one window, as the clerk sees it."""

    public_id: UUID
    reference: str
    need: str
    contact_phone: str
    party_name: str
    region_code: str
    region_name: Words
    made_at: datetime
    taken_by: str
    is_mine: bool
    is_open: bool
    answer: str
    state_words: Words
    event_items: tuple[tuple[str, Words], ...]


def hall_inbox(viewer: Viewer, *, answered: bool) -> list[HallLine]:
    """Return the needs at the clerk's place, oldest first while open."""
    rows = own_hall_requests(viewer).filter(answered_at__isnull=not answered)
    ordered = rows.select_related("region", "taken_by", "party").order_by("-answered_at" if answered else "made_at")
    return [_hall_line(viewer, row) for row in ordered[:100]]


def hall_request(viewer: Viewer, public_id: UUID) -> HallLine:
    """Return one need at the clerk's place. Raises HallRequest.DoesNotExist for anybody else."""
    return _hall_line(viewer, own_hall_requests(viewer).select_related("region", "taken_by").get(public_id=public_id))


def _hall_line(viewer: Viewer, row: HallRequest) -> HallLine:
    here = catalogue.catalogue_for(row.region.code)
    event = catalogue.find_event(row.event_key, row.region.code) if row.event_key else None
    members = event.members if event else ()
    return HallLine(
        public_id=row.public_id,
        reference=row.reference,
        need=row.need,
        contact_phone=row.contact_phone,
        party_name=people.name_of_party(row.represented_id or row.party_id),
        region_code=row.region.code,
        region_name=Words(row.region.name, row.region.name_en),
        made_at=row.made_at,
        taken_by=row.taken_by.name if row.taken_by else "",
        is_mine=row.taken_by_id == viewer.staff_id,
        is_open=row.answered_at is None,
        answer=row.answer,
        state_words=request_words(row),
        event_items=tuple((one.item, here.items[one.item].name) for one in members if one.item in here.items),
    )
