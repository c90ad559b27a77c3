"""Opens what an application consists of: a case for each item with its steps and evidence, and its first clocks."""

from datetime import datetime

from django.db import connection

from yici.apps.cases import clocks, moves
from yici.apps.cases.evidence import uploaded_papers, write_evidence
from yici.apps.cases.facts import facts_text
from yici.apps.cases.models import Act, Application, Case, CaseCounter, Evidence, Step
from yici.apps.cases.reference_numbers import new_reference
from yici.apps.cases.submission import Submission
from yici.apps.catalogue import queries as catalogue
from yici.apps.catalogue.documents import canonical, event_document, fingerprint
from yici.apps.catalogue.models import Implementation
from yici.apps.journal import actions as journal
from yici.apps.people import queries as people
from yici.apps.places import queries as places
from yici.apps.registry import gaps
from yici.rules.applications import starting_states
from yici.rules.cases import CaseAct, CaseState, StepState
from yici.rules.clock_courses import local_day
from yici.rules.codes import make_case_number, parse_implementation_code
from yici.rules.gaps import gaps_of
from yici.rules.items import Item
from yici.rules.items import Step as ItemStep
from yici.rules.planner import plan_document
from yici.rules.plans import EvidenceStatus, PlannedItem

# The row is locked until the transaction ends: two applications of a second get two numbers, and none is left out.
_NEXT_SERIAL = f"""
INSERT INTO {CaseCounter._meta.db_table} AS known (implementation_id, day, last) VALUES (%s, %s, 1)
ON CONFLICT (implementation_id, day) DO UPDATE SET last = known.last + 1 RETURNING last
"""


def create_application(submission: Submission) -> Application:
    """Write an application with its cases, steps and evidence, and begin its clocks (inside a transaction)."""
    application = _application(submission)
    catalogue_here = catalogue.catalogue_for(submission.region_code, unit=submission.unit)
    papers = uploaded_papers(submission)
    cases: list[tuple[Case, list[Evidence]]] = []
    for position, planned in enumerate(submission.plan.items):
        item = catalogue_here.items[planned.item]
        case = _case(application, item, planned, position=position, submission=submission)
        _steps(case, item, submission)
        cases.append((case, write_evidence(case, item, submission, papers)))
    journal.record(
        "application.submitted",
        subject=application.reference,
        by=submission.submitted_by,
        now=submission.now,
        facts={
            "event": submission.event.key,
            "cases": [case.code for case, _ in cases],
            "visits": submission.plan.visits,
        },
    )
    _charge_gaps(application, [case for case, _ in cases], submission)
    for case, evidence in cases:
        _begin(case, evidence, submission)
    return application


def _charge_gaps(application: Application, cases: list[Case], submission: Submission) -> None:
    """Write down what data could not satisfy; it is the owner's debt and not the person's (design: the flywheel)."""
    found = gaps_of(submission.plan.evidence)
    if not found:
        return
    gaps.record(
        gaps=found,
        party_id=submission.subject_id,
        region_code=submission.region_code,
        cases={case.item_key: case.code for case in cases},
        subject=application.reference,
        by=submission.submitted_by,
        now=submission.now,
    )


def _application(submission: Submission) -> Application:
    event, plan = submission.event, submission.plan
    return Application.objects.create(
        reference=new_reference(submission.now),
        event_key=event.key,
        event_name=event.name.zh,
        event_name_en=event.name.en,
        event_sha256=fingerprint(canonical(event_document(event))).hex(),
        region=places.region_row(submission.region_code),
        applicant_id=submission.applicant_id,
        represented_id=submission.represented_id,
        channel=submission.channel,
        submitted_at=submission.now,
        submitted_by=submission.submitted_by,
        idempotency_key=submission.idempotency_key,
        mode=plan.mode,
        promised_visits=plan.visits,
        promised_days=plan.days,
        plan=plan_document(plan),
        facts_text=facts_text(submission.facts),
    )


def _case(application: Application, item: Item, planned: PlannedItem, *, position: int, submission: Submission) -> Case:
    """Write one case; it waits when another item of the application comes first (规定 art.5)."""
    state = starting_states({one.item: one.waits_for for one in submission.plan.items})[item.key]
    implementation = _implementation(item.key, submission)
    tried = catalogue.trial_revision(item.key, submission.region_code, submission.unit)
    case = Case.objects.create(
        application=application,
        code=_case_number(implementation, submission.now),
        position=position,
        item_key=item.key,
        name=item.name.zh,
        name_en=item.name.en,
        implementation=implementation,
        revision_id=tried or implementation.revision_id,
        organisation=implementation.organisation,
        waits_for=list(planned.waits_for),
        state=state,
        applied_at=submission.now,
        received_at=None if state is CaseState.WAITING else submission.now,
        committed=any(row.item == item.key and row.status is EvidenceStatus.COMMIT for row in submission.plan.evidence),
    )
    if not tried:
        case.revision = implementation.revision  # read already
    return case


def _implementation(item_key: str, submission: Submission) -> Implementation:
    """Return who carries out an item here; for what townships do, the applicant's own, else the first of the county."""
    try:
        return catalogue.implementation(item_key, submission.region_code)
    except catalogue.CannotFindInCatalogue:
        county = places.region(submission.region_code)
        home = people.region_path_of(submission.subject_id)
        rows = catalogue.implementations_within(item_key, county.path)
        if not rows:
            raise
        return next((row for row in rows if home.startswith(row.region.path)), rows[0])


def _case_number(implementation: Implementation, now: datetime) -> str:
    day = local_day(now)
    with connection.cursor() as cursor:
        cursor.execute(_NEXT_SERIAL, [implementation.pk, day])
        (serial,) = cursor.fetchone()
    return str(make_case_number(parse_implementation_code(implementation.code31), day, serial))


def deciding_step(steps: list[ItemStep]) -> str:
    """Return which step decides: the last one of a decider, else of a reviewer, else the last."""
    for post in ("decider", "reviewer"):
        ours = [step.key for step in steps if step.post == post]
        if ours:
            return ours[-1]
    return steps[-1].key


def _steps(case: Case, item: Item, submission: Submission) -> None:
    planned = {row.step for row in submission.plan.steps if row.item == item.key}
    applying = [step for step in item.steps if step.key in planned]
    decides = deciding_step(applying)
    Step.objects.bulk_create(
        Step(
            case=case,
            key=step.key,
            position=position,
            name=step.name.zh,
            name_en=step.name.en,
            organisation_id=_organisation_of(step, case, submission),
            post=step.post,
            after=[key for key in step.after if key in planned],
            decides=step.key == decides,
            promised_days=step.promised_days,
            statutory_days=step.statutory_days,
            state=StepState.WAITING,
        )
        for position, step in enumerate(applying)
    )


def _organisation_of(step: ItemStep, case: Case, submission: Submission) -> int:
    if not step.organisation:
        return case.organisation_id
    return places.organisation_for(step.organisation, submission.region_code).pk


def _begin(case: Case, evidence: list[Evidence], submission: Submission) -> None:
    """Begin the first clocks; accept at once what leaves nothing for a person to check."""
    Act.objects.create(
        case=case,
        kind="submit",
        state=case.state,
        by=submission.submitted_by,
        by_name=submission.submitted_by_name,
        acted_at=submission.now,
    )
    if case.state == CaseState.SUBMITTED:
        if not any(row.status == "due" for row in evidence):
            clocks.start_deadlines(case, ("correction_notice", "precheck"), submission.now)
        if all(row.status == "present" and row.way in moves.MACHINE_CHECKED for row in evidence):
            moves.move(case, CaseAct.ACCEPT, moves.by_clock(submission.now))
            moves.finish_acceptance_step(case, moves.by_clock(submission.now))
            return
    moves.settle(case, submission.now)
