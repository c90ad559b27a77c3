"""What a department does until a case is accepted, or is not: papers, the one correction, deferred materials."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from yici.apps.cases import clocks, moves, originals, results
from yici.apps.cases.desk_steps import held_step
from yici.apps.cases.models import Case, Correction, Deadline
from yici.apps.people.viewers import Viewer
from yici.rules.applications import accepted_together
from yici.rules.cases import CannotAct, CaseAct, CaseState, Ground


@dataclass(frozen=True, slots=True)
class Ask:
    """One line of the correction notice: which requirement, and what is wrong with it."""

    requirement: str
    what: str


@transaction.atomic
def accept(*, step_id: UUID, by: Viewer, now: datetime, deficient: bool = False) -> None:
    """Accept a case, and with it every case of the application that can be handled at the same time (规定 art.5)."""
    step = held_step(by, step_id)
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
    step = held_step(by, step_id)
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
    step = held_step(by, step_id)
    chosen = Ground(ground) if ground in set(Ground) else None
    moves.move(step.case, CaseAct.REFUSE_TO_ACCEPT, moves.by_staff(by, now), reason=reason, basis=basis, ground=chosen)
    results.return_dependents(step.case, now)


@transaction.atomic
def show_original(*, step_id: UUID, requirement: str, by: Viewer, now: datetime) -> None:
    """Record that the person showed an original; once every paper is in, the notice period begins."""
    step = held_step(by, step_id)
    if not originals.shown(step.case, Q(requirement=requirement), moves.by_staff(by, now)):
        raise CannotAct(zh="这份材料不需要核对原件。", en="No original of this paper is waiting to be shown.")


@transaction.atomic
def waive_paper(*, step_id: UUID, requirement: str, reason: str, by: Viewer, now: datetime) -> None:
    """Do without a paper whose fact other proof shows; the proof must be recorded (规定 art.9)."""
    step = held_step(by, step_id)
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
def revoke_acceptance(*, step_id: UUID, reason: str, basis: str, by: Viewer, now: datetime) -> None:
    """Revoke a deficient acceptance whose papers never came or do not fit, in writing (规定 art.11)."""
    step = held_step(by, step_id)
    moves.move(step.case, CaseAct.REVOKE_ACCEPTANCE, moves.by_staff(by, now), reason=reason, basis=basis)
    results.return_dependents(step.case, now)
