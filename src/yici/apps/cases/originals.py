"""Papers shown in person: at a department's desk or at the one window, with the same effect."""

from django.db.models import Q

from yici.apps.cases import clocks, moves
from yici.apps.cases.models import Attachment, Case
from yici.rules.cases import CaseState


def shown(case: Case, which: Q, hand: moves.Hand, scan: Attachment | None = None) -> bool:
    """Record that papers of a locked case were shown, with the scan if one was made; False when none was waiting.

    Once every paper is in, the period for a correction notice begins (许可法 art.32).
    """
    rows = list(case.evidence.filter(which, status__in=moves.NOT_THERE))
    for row in rows:
        row.status, row.checked_at, row.checked_by = "present", hand.now, hand.label
        row.attachment = scan or row.attachment
        row.save(update_fields=["status", "checked_at", "checked_by", "attachment"])
        moves.note(case, "original_shown", hand, reason=row.requirement)
    if rows:
        papers_are_in(case, hand)
    return bool(rows)


def papers_are_in(case: Case, hand: moves.Hand) -> None:
    """Begin the notice period when nothing is due any more, and keep the case in step."""
    waiting = case.evidence.filter(status="due").exists()
    if not waiting and case.state in {CaseState.SUBMITTED, CaseState.RECEIVED}:
        case.received_at = hand.now
        case.save(update_fields=["received_at"])
        if not case.deadlines.filter(parameter="correction_notice").exists():
            clocks.start_deadlines(case, ("correction_notice",), hand.now)
    moves.settle(case, hand.now)
