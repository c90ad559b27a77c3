"""From a draft to an application: the plan is computed again and refused when it got worse; one transaction."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction

from yici.apps.cases.models import Application
from yici.apps.cases.opening import create_application
from yici.apps.cases.submission import CannotSubmit, Submission
from yici.apps.people.viewers import Viewer
from yici.apps.places.reading import reading_once
from yici.apps.planning import actions as planning
from yici.apps.planning import nudging, sheets
from yici.apps.planning import queries as plans
from yici.apps.registry import actions as registry
from yici.rules.plans import Mode, Plan


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
    with registry.keeping_refusals(), transaction.atomic(), reading_once():
        draft = plans.locked_draft(by, browser, draft_id)
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
