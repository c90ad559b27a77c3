"""What follows a decision: licences are made and delivered, waiting items begin, the case closes."""

from datetime import datetime

from yici.apps.cases import moves
from yici.apps.cases.facts import facts_from_text, licence_rows
from yici.apps.cases.models import Case, Step
from yici.apps.licences import actions as licences
from yici.apps.licences import queries as licence_queries
from yici.apps.people import queries as people
from yici.apps.people.viewers import Viewer
from yici.rules.applications import noticed_by
from yici.rules.cases import CaseAct, CaseState, StepState
from yici.rules.items import Item
from yici.rules.steps import move_step

PREVIOUS_FAILED = "前一事项未获准予，本事项无法继续办理；您可以在补齐条件后重新申请。"
ARTICLE_5 = "浙江省保障“最多跑一次”改革规定 第五条"
ELECTRONIC = "electronic"


def finish(step: Step, by: Viewer, opinion: str, now: datetime) -> None:
    """Mark a step done and let the next begin."""
    step.state = move_step(StepState(step.state), StepState.DONE)
    step.finished_at, step.finished_by, step.opinion = now, by.label, opinion.strip()
    step.save(update_fields=["state", "finished_at", "finished_by", "opinion"])
    hand = moves.by_staff(by, now)
    moves.note(step.case, "step_finished", hand, reason=step.name)
    if step.case.decided_at and not step.decides:
        close_if_done(step.case, hand)
    moves.settle(step.case, now)


def follow(case: Case, hand: moves.Hand) -> None:
    """Do what a decision brings about at once."""
    item = moves.item_of(case)
    if case.outcome == "granted":
        _issue(case, item, hand)
        if ELECTRONIC in item.outcome.delivery:
            _deliver(case, hand)
            _finish_rest(case, hand)
        close_if_done(case, hand)
        notice_dependents(case, hand)
        return
    _deliver(case, hand)
    _finish_rest(case, hand)
    moves.move(case, CaseAct.CLOSE, hand)
    return_dependents(case, hand.now)


def _deliver(case: Case, hand: moves.Hand) -> None:
    moves.move(case, CaseAct.DELIVER, hand)


def _issue(case: Case, item: Item, hand: moves.Hand) -> None:
    if item.outcome.licence is None:
        return
    application = case.application
    subject = application.represented_id or application.applicant_id
    licences.issue(
        type_key=item.outcome.licence,
        holder_id=subject,
        holder_name=people.name_of_party(subject),
        rows=licence_rows(item, facts_from_text(application.facts_text)),
        organisation_id=case.organisation_id,
        case_reference=case.code,
        by=hand.label,
        now=hand.now,
    )
    moves.move(case, CaseAct.ISSUE, hand)


def _finish_rest(case: Case, hand: moves.Hand) -> None:
    """Steps after the decision that only make and hand over an electronic result are done with it."""
    left = case.steps.exclude(state__in=[StepState.DONE, StepState.SKIPPED])
    left.update(state=StepState.DONE, finished_at=hand.now, finished_by="system:delivery")


def deliver_by_hand(case: Case, hand: moves.Hand) -> None:
    """Deliver what was handed out or posted; the steps that only make and hand over are done with it."""
    _finish_rest(case, hand)
    close_if_done(case, hand)


def close_if_done(case: Case, hand: moves.Hand) -> None:
    """Deliver when the last step is done by hand, and close what is delivered."""
    open_steps = case.steps.exclude(state__in=[StepState.DONE, StepState.SKIPPED]).exists()
    if not open_steps and case.state in {CaseState.GRANTED, CaseState.ISSUED}:
        _deliver(case, hand)
    if not open_steps and case.state == CaseState.DELIVERED:
        moves.move(case, CaseAct.CLOSE, hand)


def notice_dependents(case: Case, hand: moves.Hand) -> None:
    """Tell the items that waited for this result: the notice counts as acceptance (规定 art.5)."""
    others = {one.item_key: one for one in case.application.cases.all()}
    states = {key: CaseState(one.state) for key, one in others.items()}
    clock = moves.by_clock(hand.now)
    for key in sorted(noticed_by({key: one.waits_for for key, one in others.items()}, states)):
        waiting = moves.locked(others[key].pk)
        _take_results(waiting)
        waiting.received_at = hand.now
        complete = not waiting.evidence.filter(status__in=moves.NOT_THERE).exclude(necessity="optional").exists()
        moves.move(waiting, CaseAct.ACCEPT_ON_NOTICE if complete else CaseAct.RECEIVE_ON_NOTICE, clock)
        if complete:
            moves.finish_acceptance_step(waiting, clock)


def _take_results(waiting: Case) -> None:
    """Fill evidence that another item of the application produced."""
    for row in waiting.evidence.filter(status="awaited"):
        source = waiting.application.cases.filter(item_key=row.target).first()
        given = licence_queries.licences_of_case(source.code) if source else []
        row.value_text = str(given[0][0]) if given else (source.code if source else "")
        row.status = "present"
        row.save(update_fields=["value_text", "status"])


def return_dependents(case: Case, now: datetime) -> None:
    """Return the items that can no longer get the result they waited for, and those waiting for them."""
    clock = moves.by_clock(now)
    waiting = case.application.cases.filter(state=CaseState.WAITING, waits_for__contains=[case.item_key])
    for one in list(waiting):
        held = moves.locked(one.pk)
        moves.move(held, CaseAct.RETURN, clock, reason=PREVIOUS_FAILED, basis=ARTICLE_5)
        return_dependents(held, now)


def revoke_licences(case: Case, hand: moves.Hand, reason: str) -> None:
    """Revoke what a case issued."""
    for identifier in licence_queries.identifiers_of_case(case.code):
        licences.revoke(identifier=identifier, reason=reason, by=hand.label, now=hand.now)
