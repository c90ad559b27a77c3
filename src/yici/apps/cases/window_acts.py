"""What the clerk of the one window does with an application for its departments (规定 art. 5, 9, 11).

Each act takes the viewer of a visit that is open: the clerk as he acts for the person, so the application must be the
person's own, and every line names both.
"""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from yici.apps.cases import moves, originals, results
from yici.apps.cases.applicant_acts import own_applications
from yici.apps.cases.models import Application, Attachment, Case
from yici.apps.people.viewers import Viewer
from yici.rules.cases import CannotAct, CaseAct, CaseState

WAITING_FOR_ACCEPTANCE = {CaseState.SUBMITTED, CaseState.RECEIVED}
GRANTED_AND_NOT_OUT = {CaseState.GRANTED, CaseState.ISSUED}


def _locked_application(by: Viewer, application_id: UUID) -> Application:
    row: Application = own_applications(by).select_for_update(of=("self",)).get(public_id=application_id)
    return row


def _cases(application: Application) -> list[Case]:
    return [moves.locked(key) for key in application.cases.order_by("position").values_list("pk", flat=True)]


@transaction.atomic
def show_at_window(
    *, application_id: UUID, proves: str, scan_id: UUID | None, by: Viewer, now: datetime
) -> tuple[str, ...]:
    """Record a paper as shown, for every case that asks for it: one set of papers (规定 art. 7).

    Returns the codes of the cases it settled. Raises CannotAct when none waits for it.
    """
    application = _locked_application(by, application_id)
    scan = Attachment.objects.get(public_id=scan_id, party_id=by.party_id or 0) if scan_id else None
    hand = moves.by_staff(by, now)
    settled = [case.code for case in _cases(application) if originals.shown(case, Q(proves=proves), hand, scan)]
    if not settled:
        raise CannotAct(zh="这份申请不需要这份材料。", en="This application does not wait for this paper.")
    return tuple(settled)


@transaction.atomic
def waive_at_window(*, application_id: UUID, proves: str, reason: str, by: Viewer, now: datetime) -> None:
    """Do without a paper whose fact other proof shows; the proof is recorded (规定 art. 9)."""
    if not reason.strip():
        raise CannotAct(
            zh="免交材料须记录用什么证明了该事实（规定第九条）。",
            en="Record which other proof shows the fact (article 9).",
        )
    application = _locked_application(by, application_id)
    hand = moves.by_staff(by, now)
    for case in _cases(application):
        waiting = case.evidence.filter(proves=proves, status__in=moves.NOT_THERE)
        if waiting.update(status="waived", note=reason.strip(), checked_at=now, checked_by=by.label):
            moves.note(case, "paper_waived", hand, reason=f"{proves}: {reason.strip()}")
            originals.papers_are_in(case, hand)


@transaction.atomic
def accept_at_window(*, application_id: UUID, items: Collection[str], by: Viewer, now: datetime) -> tuple[str, ...]:
    """Accept the cases of these items for their departments, all at the same moment (规定 art. 5).

    A case that still lacks a paper, or waits for another one's result, is left to its course. Returns case codes.
    """
    hand = moves.by_staff(by, now)
    accepted = []
    for case in _cases(_locked_application(by, application_id)):
        ready = case.item_key in items and case.state in WAITING_FOR_ACCEPTANCE
        if ready and not case.evidence.filter(status__in=moves.NOT_THERE).exclude(necessity="optional").exists():
            moves.move(case, CaseAct.ACCEPT, hand)
            moves.finish_acceptance_step(case, hand)
            accepted.append(case.code)
    return tuple(accepted)


@transaction.atomic
def hand_over(*, case_id: UUID, by: Viewer, now: datetime) -> None:
    """Deliver a granted result that no network carries: handing it out ends the case (规定 art. 5, 送达)."""
    here = Case.objects.filter(application__region__path__startswith=by.region_path or "none")
    case = moves.locked(here.only("pk").get(public_id=case_id).pk)
    if case.state in GRANTED_AND_NOT_OUT:
        hand = moves.by_staff(by, now)
        results.deliver_by_hand(case, hand)
