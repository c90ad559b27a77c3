"""The one way a case changes: an act allowed by the rules, written down, with its clocks and steps kept in step."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection

from yici.apps.cases import clocks
from yici.apps.cases.models import Act, Case, Evidence, Step
from yici.apps.catalogue import queries as catalogue
from yici.apps.journal import actions as journal
from yici.apps.people.viewers import Viewer
from yici.apps.places import queries as places
from yici.rules import cases as rules
from yici.rules.cases import (
    Actor,
    CaseAct,
    CaseFacts,
    CaseState,
    ClockEffect,
    Decision,
    Ground,
    Missing,
    Move,
    StepState,
)
from yici.rules.items import Item, WayKind
from yici.rules.steps import ready_steps
from yici.rules.words import Words

# Evidence that is not there yet: a paper to be shown at the window, one promised for later, one that never came.
NOT_THERE = ("due", "deferred", "missing")
WAITING_CLOCKS = {
    CaseState.SUBMITTED: ("correction_notice",),
    CaseState.RECEIVED: ("correction_notice",),
    CaseState.CORRECTING: ("correction_answer",),
}


@dataclass(frozen=True, slots=True)
class Hand:
    """Who moves a case, in which part, at which moment."""

    label: str
    name: str
    part: Actor
    now: datetime


def by_clock(now: datetime) -> Hand:
    """Return the clock itself as the one who acts."""
    return Hand("system:clock", "系统（时限）", Actor.CLOCK, now)


def by_applicant(viewer: Viewer, now: datetime) -> Hand:
    """Return the applicant as the one who acts."""
    return Hand(viewer.label, viewer.name, Actor.APPLICANT, now)


def by_staff(viewer: Viewer, now: datetime) -> Hand:
    """Return a member of staff in the highest part his roles give him."""
    part = Actor.HEAD if "decider" in viewer.roles else Actor.REVIEWER if "reviewer" in viewer.roles else Actor.CLERK
    return Hand(viewer.label, viewer.name, part, now)


def item_of(case: Case) -> Item:
    """Return the item as it was when the case was made: a later revision never alters it."""
    return catalogue.item_of(case.revision)


def locked(case_id: int) -> Case:
    """Return a case with its application locked: two departments may act in the same second."""
    case = Case.objects.select_related("application", "organisation__region").get(pk=case_id)
    type(case.application).objects.select_for_update().get(pk=case.application_id)
    case.refresh_from_db()
    return case


def facts_of(case: Case, now: datetime, step: Step | None = None) -> CaseFacts:
    """Return what the record says about a case, for the rules."""
    evidence = list(case.evidence.all())
    notices = list(case.correction_notices.filter(deficiency=False))
    item = item_of(case)
    return CaseFacts(
        missing=tuple(_missing(row) for row in evidence if row.status in NOT_THERE and row.necessity != "optional"),
        corrections_sent=len(notices),
        correction_answered=any(notice.answered_at for notice in notices),
        deficient=case.deficient,
        cure_failed=clocks.is_up(case, ("deficiency_cure",), now),
        time_is_up=_time_is_up(case, item, now),
        extensions=1 if hasattr(case, "extension") else 0,
        open_steps=_open_before(case, step),
        open_pauses=case.pauses.filter(ended_at=None).count(),
        commitment_allowed=any(row.way == WayKind.COMMITMENT for row in evidence),
        commitment_signed=case.committed,
        nothing_to_issue=item.outcome.licence is None,
        issued=case.acts.filter(kind=CaseAct.ISSUE).exists(),
        delivered=case.acts.filter(kind=CaseAct.DELIVER).exists(),
    )


def _missing(row: Evidence) -> Missing:
    return Missing(Words(row.name, row.name_en), deferrable=row.necessity == "deferrable")


def _time_is_up(case: Case, item: Item, now: datetime) -> bool:
    waiting = WAITING_CLOCKS.get(CaseState(case.state))
    if waiting is not None:
        return clocks.is_up(case, waiting, now)
    clock = clocks.clock_of(case, item)
    return clock is not None and clock.is_overdue(places.calendar(), now)


def _open_before(case: Case, deciding: Step | None) -> int:
    """Count the steps that must be done before a decision: all that the deciding step waits for."""
    if deciding is None:
        return 0
    steps = {step.key: step for step in case.steps.all()}
    before, stack = set(), list(deciding.after)
    while stack:
        key = stack.pop()
        if key in steps and key not in before:
            before.add(key)
            stack.extend(steps[key].after)
    return sum(1 for key in before if not StepState(steps[key].state).is_over)


def move(
    case: Case,
    act: CaseAct,
    hand: Hand,
    *,
    reason: str = "",
    basis: str = "",
    ground: Ground | None = None,
    approved_by: str = "",
    step: Step | None = None,
) -> Decision:
    """Do one act to a locked case: decide by the rules, keep its clocks, write it down. Raises CannotAct."""
    wish = Move(act=act, by=hand.part, reason=reason, legal_basis=basis, ground=ground, approved_by=approved_by)
    decision = rules.decide(CaseState(case.state), wish, facts_of(case, hand.now, step))
    clocks.end_deadlines(case, decision.ends, hand.now)
    clocks.start_deadlines(case, decision.starts, hand.now)
    case.state = decision.state
    _set_moments(case, decision, hand)
    _write(case, act, hand, reason, basis)
    settle(case, hand.now)
    return decision


def _set_moments(case: Case, decision: Decision, hand: Hand) -> None:
    if decision.clock is ClockEffect.START:
        # Silence counts as acceptance from the day the materials came in (许可法 art.32(4)).
        case.accepted_at = case.received_at if decision.from_receipt else hand.now
    if decision.clock is ClockEffect.STOP and decision.state.is_decided:
        case.decided_at, case.decided_by = hand.now, hand.label
        case.outcome = "refused" if decision.state is CaseState.REFUSED else "granted"
    if decision.state.is_final:
        case.closed_at = hand.now
        case.deadlines.filter(ended_at=None).update(ended_at=hand.now)


def _write(case: Case, act: CaseAct, hand: Hand, reason: str, basis: str) -> None:
    Act.objects.create(
        case=case,
        kind=act,
        state=case.state,
        by=hand.label,
        by_name=hand.name,
        acted_at=hand.now,
        reason=reason.strip(),
        basis=basis.strip(),
    )
    facts = {"act": str(act), "state": str(case.state), "application": case.application.reference}
    journal.record("case.acted", subject=case.code, by=hand.label, now=hand.now, facts=facts)


def note(case: Case, kind: str, hand: Hand, *, reason: str = "") -> None:
    """Write down something done to a case that does not change its state."""
    Act.objects.create(
        case=case,
        kind=kind,
        state=case.state,
        by=hand.label,
        by_name=hand.name,
        acted_at=hand.now,
        reason=reason.strip(),
    )
    journal.record(f"case.{kind}", subject=case.code, by=hand.label, now=hand.now)


def settle(case: Case, now: datetime) -> None:
    """Keep due days, steps and the application in step with the case, and save it."""
    item, calendar = item_of(case), places.calendar()
    clocks.set_due_days(case, item, calendar)
    case.save()
    _settle_steps(case, item, now)
    if CaseState(case.state).is_final and not case.application.cases.filter(closed_at=None).exists():
        case.application.closed_at = case.concluded_at = now
        case.application.save(update_fields=["closed_at"])
        case.application.cases.update(concluded_at=now)


def _settle_steps(case: Case, item: Item, now: datetime) -> None:
    steps = list(case.steps.order_by("position"))
    before = [_settled(step) for step in steps]
    _make_ready(case, steps, now)
    clock, calendar = clocks.clock_of(case, item), places.calendar()
    amber = clocks.amber_day(clock, calendar) if clock and case.due_on else None
    due = case.due_on or _first_deadline(case)
    for step in steps:
        step.bucket, step.due_on, step.amber_on = _bucket(case, step), due, amber or due
    _keep(step for step, was in zip(steps, before, strict=True) if _settled(step) != was)


def _settled(step: Step) -> tuple[str, datetime | None, str, date | None, date | None]:
    """Return what settling may change of a step."""
    return (step.state, step.ready_at, step.bucket, step.due_on, step.amber_on)


_KEEP = f"""
UPDATE {Step._meta.db_table} SET state = %s, ready_at = %s, bucket = %s, due_on = %s, amber_on = %s WHERE id = %s
"""


def _keep(steps: Iterable[Step]) -> None:
    rows = [(*_settled(step), step.pk) for step in steps]
    if rows:
        with connection.cursor() as cursor:
            cursor.executemany(_KEEP, rows)


def _first_deadline(case: Case) -> date | None:
    due = case.deadlines.filter(ended_at=None).order_by("due_at").values_list("due_at", flat=True).first()
    return clocks.last_day(due) if due else None


def _make_ready(case: Case, steps: list[Step], now: datetime) -> None:
    state = CaseState(case.state)
    if state.is_final or state in {CaseState.WAITING, CaseState.CORRECTING}:
        return
    over = {step.key for step in steps if StepState(step.state).is_over}
    ready = set(ready_steps({step.key: step.after for step in steps}, over))
    accepted = case.accepted_at is not None
    for step in steps:
        # Before acceptance only the first step, which accepts, can be worked on.
        if step.key in ready and step.state == StepState.WAITING and (accepted or not step.after):
            step.state, step.ready_at = StepState.READY, now


def _bucket(case: Case, step: Step) -> str:
    state, here = CaseState(case.state), StepState(step.state)
    if here.is_over or state.is_final:
        return "done" if here is StepState.DONE else "waiting"
    if here is StepState.WAITING:
        return "waiting"
    if state in {CaseState.SUSPENDED, CaseState.CORRECTING}:
        return "paused"
    return "mine" if step.taken_by_id else "take"


# Ways that leave nothing for a person to look at: the register, the form or a signature says it.
MACHINE_CHECKED = ("data", "licence", "form", "declaration", "result_of")


def finish_acceptance_step(case: Case, hand: Hand) -> None:
    """Mark the accepting step done when the case is accepted, and let the next ones begin."""
    first = case.steps.filter(after=[], decides=False).exclude(state=StepState.DONE)
    first.filter(post="window").update(state=StepState.DONE, finished_at=hand.now, finished_by=hand.label)
    settle(case, hand.now)
