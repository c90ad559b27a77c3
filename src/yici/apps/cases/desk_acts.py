"""What a department does with a case: take, check, accept, correct, pause, decide, deliver."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from yici.apps.cases import clocks, moves, originals, results
from yici.apps.cases.models import Case, Correction, Deadline, Extension, Message, Pause, Step
from yici.apps.people.viewers import Viewer
from yici.apps.places import queries as places
from yici.rules.applications import accepted_together
from yici.rules.cases import CannotAct, CaseAct, CaseState, Ground, StepState
from yici.rules.clock_courses import local_day
from yici.rules.codes import parse_region_code
from yici.rules.items import WayKind
from yici.rules.law_parameters import parameter
from yici.rules.pause_reasons import legal_pause
from yici.rules.steps import move_step


@dataclass(frozen=True, slots=True)
class Ask:
    """One line of the correction notice: which requirement, and what is wrong with it."""

    requirement: str
    what: str


def _step(by: Viewer, step_id: UUID) -> Step:
    """Return a step of the viewer's organisation and post with its case locked. Raises Step.DoesNotExist."""
    mine = Step.objects.filter(organisation_id=by.organisation_id or 0, post__in=by.posts)
    step = mine.get(public_id=step_id)
    step.case = moves.locked(step.case_id)
    step.refresh_from_db(fields=["state", "taken_by", "bucket"])
    return step


@transaction.atomic
def take_step(*, step_id: UUID, by: Viewer, now: datetime) -> None:
    """Take a step on one's own desk. Raises CannotMoveStep when a colleague was faster."""
    step = _step(by, step_id)
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
    step = _held(by, step_id)
    step.state = move_step(StepState(step.state), StepState.READY)
    step.taken_by, step.taken_at = None, None
    step.save(update_fields=["state", "taken_by", "taken_at"])
    moves.note(step.case, "put_back", moves.by_staff(by, now))
    moves.settle(step.case, now)


def _held(by: Viewer, step_id: UUID) -> Step:
    """Return a step that the viewer has taken. Raises CannotAct when it is on somebody else's desk."""
    step = _step(by, step_id)
    if step.state not in {StepState.TAKEN, StepState.PAUSED} or step.taken_by_id != by.staff_id:
        raise CannotAct(
            zh="这个环节不在您手上。请先领取，或联系已领取的同事。",
            en="This step is not on your desk. Take it first, or ask the colleague who did.",
        )
    return step


@transaction.atomic
def accept(*, step_id: UUID, by: Viewer, now: datetime, deficient: bool = False) -> None:
    """Accept a case, and with it every case of the application that can be handled at the same time (规定 art.5)."""
    step = _held(by, step_id)
    hand = moves.by_staff(by, now)
    act = CaseAct.ACCEPT_DEFICIENT if deficient else CaseAct.ACCEPT
    moves.move(step.case, act, hand)
    if deficient:
        _mark_deficient(step.case, hand)
    moves.finish_acceptance_step(step.case, hand)
    for other in _accepted_with(step.case):
        moves.move(moves.locked(other), CaseAct.ACCEPT, hand)
        moves.finish_acceptance_step(moves.locked(other), hand)


def _accepted_with(case: Case) -> list[int]:
    """Return the other cases that this acceptance accepts too: all complete ones that wait for nobody."""
    others = {one.item_key: one for one in case.application.cases.exclude(pk=case.pk)}
    together = accepted_together({key: CaseState(one.state) for key, one in others.items()})
    return [others[key].pk for key in sorted(together) if not _lacks(others[key])]


def _lacks(case: Case) -> bool:
    return case.evidence.filter(status__in=moves.NOT_THERE).exclude(necessity="optional").exists()


def _mark_deficient(case: Case, hand: moves.Hand) -> None:
    """Tell once, completely, what may follow and until when (规定 art.11, second paragraph)."""
    late = list(case.evidence.filter(status__in=moves.NOT_THERE, necessity="deferrable"))
    case.evidence.filter(pk__in=[row.pk for row in late]).update(status="deferred")
    case.deficient = True
    case.save(update_fields=["deficient"])
    cure = Deadline.objects.get(case=case, parameter="deficiency_cure", ended_at=None)
    _notice(case, [Ask(row.requirement, "") for row in late], hand, clocks.last_day(cure.due_at), deficiency=True)


def _notice(case: Case, asks: Sequence[Ask], hand: moves.Hand, due_on: date, *, deficiency: bool) -> None:
    names = {row.requirement: row for row in case.evidence.all()}
    asked = [
        {"requirement": ask.requirement, "name": row.name, "name_en": row.name_en, "what": ask.what.strip()}
        for ask in asks
        if (row := names.get(ask.requirement))
    ]
    Correction.objects.create(
        case=case, deficiency=deficiency, asked=asked, issued_at=hand.now, issued_by=hand.label, due_on=due_on
    )


@transaction.atomic
def send_correction(*, step_id: UUID, asks: Sequence[Ask], by: Viewer, now: datetime) -> None:
    """Send the one complete notice of what is missing. Raises CannotAct for a second one (许可法 art.32)."""
    step = _held(by, step_id)
    known = {row.requirement for row in step.case.evidence.all()}
    if not asks or any(ask.requirement not in known or not ask.what.strip() for ask in asks):
        raise CannotAct(
            zh="请逐项写明哪份材料、哪里不符合要求。办事指南之外的材料不能要求（规定第七条）。",
            en="Say of each paper what is wrong with it. Papers outside the guide may not be asked for (article 7).",
        )
    step.case.evidence.filter(requirement__in=[ask.requirement for ask in asks]).update(status="missing")
    hand = moves.by_staff(by, now)
    moves.move(step.case, CaseAct.CORRECT, hand, reason="；".join(ask.what.strip() for ask in asks))
    answer = Deadline.objects.get(case=step.case, parameter="correction_answer", ended_at=None)
    step.case.corrections += 1
    step.case.save(update_fields=["corrections"])
    _notice(step.case, asks, hand, clocks.last_day(answer.due_at), deficiency=False)


@transaction.atomic
def refuse_acceptance(*, step_id: UUID, ground: str, reason: str, basis: str, by: Viewer, now: datetime) -> None:
    """Refuse to accept, in writing and on a ground the law knows (许可法 art.32, 规定 art.11)."""
    step = _held(by, step_id)
    chosen = Ground(ground) if ground in set(Ground) else None
    moves.move(step.case, CaseAct.REFUSE_TO_ACCEPT, moves.by_staff(by, now), reason=reason, basis=basis, ground=chosen)
    results.return_dependents(step.case, now)


@transaction.atomic
def show_original(*, step_id: UUID, requirement: str, by: Viewer, now: datetime) -> None:
    """Record that the person showed an original; once every paper is in, the notice period begins."""
    step = _held(by, step_id)
    if not originals.shown(step.case, Q(requirement=requirement), moves.by_staff(by, now)):
        raise CannotAct(zh="这份材料不需要核对原件。", en="No original of this paper is waiting to be shown.")


@transaction.atomic
def waive_paper(*, step_id: UUID, requirement: str, reason: str, by: Viewer, now: datetime) -> None:
    """Do without a paper whose fact other proof shows; the proof must be recorded (规定 art.9)."""
    step = _held(by, step_id)
    if not reason.strip():
        raise CannotAct(
            zh="免交材料须记录用什么证明了该事实（规定第九条）。",
            en="Record which other proof shows the fact (article 9).",
        )
    waived = step.case.evidence.filter(requirement=requirement)
    waived.update(status="waived", note=reason.strip(), checked_at=now, checked_by=by.label)
    moves.note(step.case, "paper_waived", moves.by_staff(by, now), reason=f"{requirement}: {reason.strip()}")
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
    step = _held(by, step_id)
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
    step = _held(by, step_id)
    moves.move(step.case, CaseAct.END_SPECIAL_PROCEDURE, moves.by_staff(by, now))
    step.case.pauses.filter(ended_at=None).update(ended_at=now)
    step.case.steps.filter(state=StepState.PAUSED).update(state=StepState.TAKEN)
    moves.settle(step.case, now)


@transaction.atomic
def extend(*, step_id: UUID, working_days: int, approved_by: str, reason: str, by: Viewer, now: datetime) -> None:
    """Extend the time once, approved by the head, with the reason told (许可法 art.42)."""
    step = _held(by, step_id)
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
    step = _held(by, step_id)
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
    step = _held(by, step_id)
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
    case = _step(by, step_id).case
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
def revoke_acceptance(*, step_id: UUID, reason: str, basis: str, by: Viewer, now: datetime) -> None:
    """Revoke a deficient acceptance whose papers never came or do not fit, in writing (规定 art.11)."""
    step = _held(by, step_id)
    moves.move(step.case, CaseAct.REVOKE_ACCEPTANCE, moves.by_staff(by, now), reason=reason, basis=basis)
    results.return_dependents(step.case, now)


@transaction.atomic
def write_to_applicant(*, step_id: UUID, text: str, by: Viewer, now: datetime) -> None:
    """Write inside the application; a message is no correction notice and moves no deadline."""
    step = _step(by, step_id)
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
