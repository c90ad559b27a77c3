"""What a department does with a case at its desk: take, pause, extend, decide, check; see also ``acceptance_acts``."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from yici.apps.cases import moves, results
from yici.apps.cases.desk_steps import held_step, step_of_desk
from yici.apps.cases.models import Case, Extension, Message, Pause, Step
from yici.apps.people.viewers import Viewer
from yici.apps.places import queries as places
from yici.rules.cases import CannotAct, CaseAct, CaseState, StepState
from yici.rules.clock_courses import local_day
from yici.rules.codes import parse_region_code
from yici.rules.items import WayKind
from yici.rules.law_parameters import parameter
from yici.rules.pause_reasons import legal_pause
from yici.rules.steps import move_step


@transaction.atomic
def take_step(*, step_id: UUID, by: Viewer, now: datetime) -> None:
    """Take a step on one's own desk. Raises CannotMoveStep when a colleague was faster."""
    step = step_of_desk(by, step_id)
    step.state = move_step(StepState(step.state), StepState.TAKEN)
    step.taken_by_id, step.taken_at = by.staff_id, now
    step.save(update_fields=["state", "taken_by", "taken_at"])
    hand = moves.by_staff(by, now)
    if step.case.state == CaseState.SUBMITTED:
        moves.move(step.case, CaseAct.RECEIVE, hand)
    elif step.case.state == CaseState.ACCEPTED and step.post != "window":
        moves.move(step.case, CaseAct.BEGIN_REVIEW, hand)
    else:
        moves.settle(step.case, now)


@transaction.atomic
def put_back_step(*, step_id: UUID, by: Viewer, now: datetime) -> None:
    """Put a step back for a colleague."""
    step = held_step(by, step_id)
    step.state = move_step(StepState(step.state), StepState.READY)
    step.taken_by, step.taken_at = None, None
    step.save(update_fields=["state", "taken_by", "taken_at"])
    moves.note(step.case, "put_back", moves.by_staff(by, now))
    moves.settle(step.case, now)


@transaction.atomic
def pause(
    *,
    step_id: UUID,
    kind: str,
    reason: str,
    announced_days: int,
    required_by_law: bool,
    by: Viewer,
    now: datetime,
) -> None:
    """Stop the clock for a procedure the law names, telling the applicant how long (许可法 art.45, 规定 art.28)."""
    step = held_step(by, step_id)
    ground = legal_pause(kind, required_by_law=required_by_law)
    if announced_days < 1:
        raise CannotAct(
            zh="须书面告知申请人所需时间（行政许可法第四十五条），请填写工作日数。",
            en="The applicant must be told in writing how long it takes (art. 45); give the number of working days.",
        )
    words = f"{ground.words.zh}：{reason.strip()}" if reason.strip() else ground.words.zh
    moves.move(
        step.case,
        CaseAct.START_SPECIAL_PROCEDURE,
        moves.by_staff(by, now),
        reason=f"{words}（预计 {announced_days} 个工作日）",
        basis=ground.basis.zh,
    )
    Pause.objects.create(
        case=step.case,
        kind=kind,
        begun_at=now,
        announced_days=announced_days,
        reason=words,
        basis=ground.basis.zh,
        by=by.label,
    )
    Step.objects.filter(pk=step.pk).update(state=StepState.PAUSED)
    moves.settle(step.case, now)


@transaction.atomic
def resume(*, step_id: UUID, by: Viewer, now: datetime) -> None:
    """End the special procedure: the clock goes on."""
    step = held_step(by, step_id)
    moves.move(step.case, CaseAct.END_SPECIAL_PROCEDURE, moves.by_staff(by, now))
    step.case.pauses.filter(ended_at=None).update(ended_at=now)
    step.case.steps.filter(state=StepState.PAUSED).update(state=StepState.TAKEN)
    moves.settle(step.case, now)


@transaction.atomic
def extend(*, step_id: UUID, working_days: int, approved_by: str, reason: str, by: Viewer, now: datetime) -> None:
    """Extend the time once, approved by the head, with the reason told (许可法 art.42)."""
    step = held_step(by, step_id)
    region = parse_region_code(step.case.organisation.region.code)
    most = parameter("decision_extension", region, local_day(now), places.law_parameters())
    if not 1 <= working_days <= most.value:
        raise CannotAct(
            zh=f"最多可延长 {most.value} 个工作日（{most.source.zh}）。",
            en=f"At most {most.value} working days more ({most.source.en}).",
        )
    moves.move(
        step.case,
        CaseAct.EXTEND,
        moves.by_staff(by, now),
        reason=reason,
        basis=most.source.zh,
        approved_by=approved_by,
    )
    Extension.objects.create(
        case=step.case,
        working_days=working_days,
        approved_by=approved_by.strip(),
        reason=reason.strip(),
        basis=most.source.zh,
        extended_at=now,
    )
    moves.settle(Case.objects.get(pk=step.case.pk), now)


@transaction.atomic
def finish_step(*, step_id: UUID, opinion: str, by: Viewer, now: datetime) -> None:
    """Finish a step that does not decide; the steps after it begin."""
    step = held_step(by, step_id)
    if step.decides:
        raise CannotAct(zh="这个环节要作出决定：请准予或不予。", en="This step decides: grant or refuse.")
    if step.case.accepted_at is None:
        raise CannotAct(
            zh="这件还没有受理。请先受理，或一次性告知补正。", en="This case is not accepted yet. Accept it first."
        )
    results.finish(step, by, opinion, now)


@transaction.atomic
def decide(*, step_id: UUID, grant: bool, reason: str, basis: str, by: Viewer, now: datetime) -> None:
    """Decide a case; when it is granted, make and deliver the licence and tell the items that wait for it."""
    step = held_step(by, step_id)
    if not step.decides:
        raise CannotAct(zh="这个环节不作决定，请办结本环节。", en="This step does not decide; finish it instead.")
    hand = moves.by_staff(by, now)
    commitment = step.case.committed and _commitment_only(step.case)
    act = CaseAct.REFUSE if not grant else CaseAct.GRANT_ON_COMMITMENT if commitment else CaseAct.GRANT
    step.case.decision_reason = reason.strip()
    moves.move(step.case, act, hand, reason=reason, basis=basis, step=step)
    results.finish(step, by, reason, now)
    results.follow(step.case, hand)


def _commitment_only(case: Case) -> bool:
    return case.evidence.filter(way=WayKind.COMMITMENT).exists()


@transaction.atomic
def close_check(*, step_id: UUID, passed: bool, reason: str, basis: str, by: Viewer, now: datetime) -> None:
    """Check what was granted on a commitment: it holds, is to be put right, or is revoked (规定 art.14)."""
    case = step_of_desk(by, step_id).case
    hand = moves.by_staff(by, now)
    if passed:
        moves.move(case, CaseAct.PASS_CHECK, hand, reason=reason)
        results.close_if_done(case, hand)
    elif case.state == CaseState.UNDER_CHECK:
        moves.move(case, CaseAct.ORDER_RECTIFICATION, hand, reason=reason, basis=basis)
    else:
        moves.move(case, CaseAct.REVOKE_LICENCE, hand, reason=reason, basis=basis)
        results.revoke_licences(case, hand, reason)


@transaction.atomic
def write_to_applicant(*, step_id: UUID, text: str, by: Viewer, now: datetime) -> None:
    """Write inside the application; a message is no correction notice and moves no deadline."""
    step = step_of_desk(by, step_id)
    if not text.strip():
        raise CannotAct(zh="请填写留言内容。", en="Write the message first.")
    Message.objects.create(
        application=step.case.application,
        case=step.case,
        author=by.label,
        author_name=by.name,
        from_staff=True,
        text=text.strip()[:2000],
        written_at=now,
    )
    moves.note(step.case, "message", moves.by_staff(by, now))
