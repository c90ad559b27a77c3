"""From a draft to an application: one submission, a case for each item, everything in one transaction."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from secrets import choice
from uuid import UUID

from django.db import transaction
from django.db.models import F

from yici.apps.cases import clocks, moves
from yici.apps.cases.facts import facts_text
from yici.apps.cases.models import Act, Application, Attachment, Case, CaseCounter, Evidence, Step
from yici.apps.catalogue import queries as catalogue
from yici.apps.catalogue.documents import canonical, event_document, fingerprint
from yici.apps.catalogue.models import Implementation
from yici.apps.journal import actions as journal
from yici.apps.people import queries as people
from yici.apps.people.viewers import Viewer
from yici.apps.places import queries as places
from yici.apps.planning import actions as planning
from yici.apps.planning import nudging, sheets
from yici.apps.planning import queries as plans
from yici.apps.planning.models import Draft
from yici.apps.registry import actions as registry
from yici.apps.registry import disputes, gaps
from yici.rules.applications import starting_states
from yici.rules.cases import CaseAct, CaseState, StepState
from yici.rules.clock_courses import local_day
from yici.rules.codes import make_case_number, parse_implementation_code
from yici.rules.gaps import gaps_of
from yici.rules.grants import ASK_ONCE_BASIS, Purpose
from yici.rules.items import Item, LifeEvent
from yici.rules.items import Step as ItemStep
from yici.rules.planner import plan_document
from yici.rules.plans import Evidence as PlannedEvidence
from yici.rules.plans import EvidenceStatus, Mode, Plan, PlannedItem
from yici.rules.refusals import Refusal

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # no 0 O 1 I L: read aloud at the hotline

STATUS = {
    EvidenceStatus.FETCHED: "present",
    EvidenceStatus.FROM_RESULT: "awaited",
    EvidenceStatus.FORM: "present",
    EvidenceStatus.DECLARE: "present",
    EvidenceStatus.COMMIT: "present",
    EvidenceStatus.UPLOAD: "missing",  # until the upload is found
    EvidenceStatus.ORIGINAL: "due",
    EvidenceStatus.UNMET: "due",  # the window must find a way with the person
    EvidenceStatus.SKIPPED: "skipped",
}


class CannotSubmit(Refusal):
    """The application cannot be submitted like that; nothing was kept."""


@dataclass(frozen=True, slots=True)
class Submission:
    """Everything an application is made of."""

    event: LifeEvent
    region_code: str
    applicant_id: int
    represented_id: int | None
    plan: Plan
    facts: Mapping[str, object]
    channel: str
    submitted_by: str
    submitted_by_name: str
    idempotency_key: str | None
    draft_id: UUID | None
    now: datetime
    disputed: Mapping[str, str] = field(default_factory=dict)  # "dataset.field" → the person's own value
    unit: str = ""  # whom a trial's draw takes it for; the plan was made for the same

    @property
    def subject_id(self) -> int:
        """Return whose records count: the company acted for, else the person."""
        return self.represented_id or self.applicant_id


def submit(
    *,
    by: Viewer,
    browser: str,
    draft_id: UUID,
    seen_visits: int | None,
    idempotency_key: str,
    channel: str,
    now: datetime,
) -> UUID:
    """Submit a draft and return the application's public id; the same key again returns the same application.

    Raises CannotSubmit when the plan has become worse than what the person saw, when papers are missing, or when the
    need is for the one window; CannotReadForm when a field cannot be read.
    """
    if by.party_id is None:
        raise CannotSubmit(
            zh="请先登录再提交。填写的内容都还在。", en="Sign in before submitting. What you typed is kept."
        )
    with registry.keeping_refusals(), transaction.atomic():
        draft = Draft.objects.select_for_update().get(pk=plans.own_drafts(by, browser).get(public_id=draft_id).pk)
        if draft.application_id:
            return draft.application_id
        made = Application.objects.filter(idempotency_key=idempotency_key, applicant_id=by.party_id).first()
        if made is not None:
            return made.public_id
        planning.check_scope(by, draft.event_key)
        view = plans.draft_view(draft)
        plan = plans.plan_of(by, view)
        _check_plan(plan, seen_visits)
        known = planning.known_facts(by=by, view=view, plan=plan, now=now)
        facts = planning.final_facts(view, plans.form_elements(view, plan), known)
        application = create_application(
            Submission(
                event=view.event,
                region_code=view.region_code,
                applicant_id=by.party_id,
                represented_id=by.acting_for_id,
                plan=plan,
                facts=facts,
                channel=channel,
                submitted_by=by.label,
                submitted_by_name=by.name,
                idempotency_key=idempotency_key,
                draft_id=draft.public_id,
                now=now,
                disputed=_disputed(view, known),
                unit=view.unit,
            )
        )
        _report_disputes(by, view, known, application, now)
        sheets.worked(draft, now=now, submits=True)
        nudging.applied(party_id=by.party_id, channel=channel, promised_visits=plan.visits, now=now)
        draft.submitted_at, draft.application_id = now, application.public_id
        draft.save(update_fields=["submitted_at", "application_id"])
        return application.public_id


def facts_of_draft(*, by: Viewer, view: plans.DraftView, now: datetime) -> dict[str, object]:
    """Return every fact of a draft as it will count. Raises CannotReadForm."""
    plan = plans.plan_of(by, view)
    known = planning.known_facts(by=by, view=view, plan=plan, now=now)
    return planning.final_facts(view, plans.form_elements(view, plan), known)


def _check_plan(plan: Plan, seen_visits: int | None) -> None:
    if plan.questions:
        raise CannotSubmit(
            zh="还有问题没有回答，无法确定要跑几次。请先回答完。",
            en="Some questions are still open, so the number of visits is not certain. Answer them first.",
        )
    if plan.mode is Mode.ONE_WINDOW:
        raise CannotSubmit(
            zh="这件事还没有标准化，请交给“一窗受理”窗口办理。",
            en="This need is not standardised yet; give it to the one window.",
        )
    if seen_visits is not None and plan.visits > seen_visits:
        raise CannotSubmit(
            zh=f"方案有变化：现在需要跑 {plan.visits} 次，原来是 {seen_visits} 次。请看一下原因，再决定是否提交。",
            en=f"The plan has changed: it takes {plan.visits} visits now, {seen_visits} before. Look at the reason, "
            "then decide.",
        )


def create_application(submission: Submission) -> Application:
    """Write an application with its cases, steps and evidence, and begin its clocks (inside a transaction)."""
    application = _application(submission)
    catalogue_here = catalogue.catalogue_for(submission.region_code, unit=submission.unit)
    papers = _papers(submission)
    cases = []
    for position, planned in enumerate(submission.plan.items):
        item = catalogue_here.items[planned.item]
        case = _case(application, item, planned, position=position, submission=submission)
        _steps(case, item, submission)
        _evidence(case, item, submission, papers)
        cases.append(case)
    journal.record(
        "application.submitted",
        subject=application.reference,
        by=submission.submitted_by,
        now=submission.now,
        facts={"event": submission.event.key, "cases": [case.code for case in cases], "visits": submission.plan.visits},
    )
    _charge_gaps(application, cases, submission)
    for case in cases:
        _begin(case, submission)
    return application


def _charge_gaps(application: Application, cases: list[Case], submission: Submission) -> None:
    """Write down what data could not satisfy; it is the owner's debt and not the person's (design: the flywheel)."""
    gaps.record(
        gaps=gaps_of(submission.plan.evidence),
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


def new_reference(now: datetime) -> str:
    """Return a number to read aloud: the day and eight characters nobody mistakes for one another."""
    return f"YC{local_day(now):%Y%m%d}" + "".join(choice(ALPHABET) for _ in range(8))


def _papers(submission: Submission) -> dict[str, Attachment]:
    rows = Attachment.objects.filter(draft_id=submission.draft_id, party_id=submission.applicant_id)
    return {row.proves: row for row in rows.order_by("uploaded_at")} if submission.draft_id else {}


def _case(application: Application, item: Item, planned: PlannedItem, *, position: int, submission: Submission) -> Case:
    """Write one case; it waits when another item of the application comes first (规定 art.5)."""
    state = starting_states({one.item: one.waits_for for one in submission.plan.items})[item.key]
    implementation = _implementation(item.key, submission)
    tried = catalogue.trial_revision(item.key, submission.region_code, submission.unit)
    return Case.objects.create(
        application=application,
        code=_case_number(implementation, submission.now),
        position=position,
        item_key=item.key,
        name=item.name.zh,
        name_en=item.name.en,
        implementation=implementation,
        revision_id=tried or implementation.revision_id,
        organisation_id=implementation.organisation_id,
        waits_for=list(planned.waits_for),
        state=state,
        applied_at=submission.now,
        received_at=None if state is CaseState.WAITING else submission.now,
        committed=any(row.item == item.key and row.status is EvidenceStatus.COMMIT for row in submission.plan.evidence),
    )


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
    CaseCounter.objects.get_or_create(implementation=implementation, day=day)
    CaseCounter.objects.filter(implementation=implementation, day=day).update(last=F("last") + 1)
    serial = CaseCounter.objects.get(implementation=implementation, day=day).last
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


def _evidence(case: Case, item: Item, submission: Submission, papers: Mapping[str, Attachment]) -> None:
    planned = [row for row in submission.plan.evidence if row.item == item.key]
    values, claims = _fetch(planned, case, submission), _claims(planned, submission)
    necessity = {one.key: str(one.necessity) for one in item.requirements}
    rows = [_evidence_row(case, row, necessity[row.requirement], values, papers) for row in planned]
    for evidence in rows:
        evidence.own_value_text = claims.get(evidence.target, "") if evidence.way == "data" else ""
    missing = [row for row in rows if row.way == "upload" and row.status == "missing" and row.necessity == "necessary"]
    if missing and submission.draft_id:
        names = "、".join(row.name for row in missing), ", ".join(row.name_en for row in missing)
        raise CannotSubmit(
            zh=f"还没有上传：{names[0]}。请上传后再提交。", en=f"Still to upload: {names[1]}. Upload before submitting."
        )
    Evidence.objects.bulk_create(rows)


def _fetch(planned: list[PlannedEvidence], case: Case, submission: Submission) -> Mapping[str, object]:
    """Read the records that satisfy requirements of one item: content is read now, for this application, for a purpose.

    Raises CannotSubmit when a grant that the plan counted on is gone: the person must see the new plan first.
    """
    wanted = sorted({row.way.target for row in planned if row.way and row.way.kind == "data"})
    if not wanted:
        return {}
    answer = registry.fetch(
        party_id=submission.subject_id,
        region_code=submission.region_code,
        wanted=wanted,
        items=[case.item_key],
        purpose=Purpose.EVIDENCE,
        basis=ASK_ONCE_BASIS,
        case_reference=case.application.reference,
        case_is_open=case.closed_at is None,
        by=submission.submitted_by,
        now=submission.now,
    )
    if answer.left_out:
        raise CannotSubmit(
            zh="有一项数据刚刚停止共享，办理方案有变化，申请没有提交。请刷新方案，看看需要补什么。",
            en="A datum has just stopped being shared, so the plan has changed and nothing was submitted. Look at the "
            "plan again to see what is needed.",
        )
    return answer.content


def _claims(planned: list[PlannedEvidence], submission: Submission) -> Mapping[str, str]:
    """Return the person's own values for data that he disputes: they are what the desk must go by (规定 art.7)."""
    wanted = [row.way.target for row in planned if row.way and row.way.kind == "data"]
    found = disputes.open_claims(submission.subject_id, wanted) if wanted else {}
    return {**{key: claim.value for key, claim in found.items()}, **submission.disputed}


def _evidence_row(
    case: Case,
    row: PlannedEvidence,
    necessity: str,
    values: Mapping[str, object],
    papers: Mapping[str, Attachment],
) -> Evidence:
    way = row.way
    paper = papers.get(row.proves) if way and way.kind == "upload" else None
    return Evidence(
        case=case,
        requirement=row.requirement,
        proves=row.proves,
        name=row.name.zh,
        name_en=row.name.en,
        way=way.kind if way else "",
        target=way.target if way else "",
        source=row.source.zh,
        source_en=row.source.en,
        necessity=necessity,
        status="present" if paper else STATUS[row.status],
        value_text=str(values.get(way.target, "")) if way and way.kind == "data" else "",
        attachment=paper,
    )


def _begin(case: Case, submission: Submission) -> None:
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
        awaits_visit = case.evidence.filter(status="due").exists()
        if not awaits_visit:
            for key in ("correction_notice", "precheck"):
                clocks.start_deadline(case, key, submission.now)
        if not case.evidence.exclude(status="present", way__in=moves.MACHINE_CHECKED).exists():
            moves.move(case, CaseAct.ACCEPT, moves.by_clock(submission.now))
            moves.finish_acceptance_step(case, moves.by_clock(submission.now))
            return
    moves.settle(case, submission.now)


def _disputed(view: plans.DraftView, known: Mapping[str, planning.KnownFact]) -> dict[str, str]:
    return {
        fact.element.source: own
        for key, own in view.disputes.items()
        if (fact := known.get(key)) and fact.element.source and own.strip()
    }


def _report_disputes(
    by: Viewer,
    view: plans.DraftView,
    known: Mapping[str, planning.KnownFact],
    application: Application,
    now: datetime,
) -> None:
    """Tell the owner of each datum that the person says is wrong (规定 art.7)."""
    for source, own in _disputed(view, known).items():
        registry.report_wrong(
            party_id=by.subject_id or 0,
            wanted=source,
            claimed=own,
            case_reference=application.reference,
            by=by.label,
            now=now,
        )
