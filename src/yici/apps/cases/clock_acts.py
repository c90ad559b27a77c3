"""What happens by itself when time is up; the sweep examines every broken clock whatever the backlog."""

from datetime import datetime

from django.db import transaction

from yici.apps.cases import moves, results
from yici.apps.cases.models import Case, Deadline
from yici.rules.cases import CannotAct, CaseAct, CaseState

BATCH = 200
# What silence means (许可法 art.32(4), 规定 art.11); the other clocks only raise the alarm.
ACTS = {"correction_notice": CaseAct.DEEM_ACCEPTED, "correction_answer": CaseAct.DEEM_WITHDRAWN}


def sweep(*, now: datetime) -> int:
    """Act on every deadline that is broken and not yet swept, oldest first; return how many."""
    done = 0
    while True:
        due = Deadline.objects.filter(ended_at=None, swept_at=None, due_at__lte=now).order_by("due_at", "id")
        batch = list(due.values_list("pk", "case_id")[:BATCH])
        if not batch:
            return done
        for deadline_id, case_id in batch:
            _swept(deadline_id, case_id, now)
            done += 1


@transaction.atomic
def _swept(deadline_id: int, case_id: int, now: datetime) -> None:
    case = moves.locked(case_id)
    deadline = Deadline.objects.select_for_update().get(pk=deadline_id)
    if deadline.ended_at or deadline.swept_at:
        return
    deadline.swept_at = now
    deadline.save(update_fields=["swept_at"])
    act = ACTS.get(deadline.parameter)
    if act is None or not _acted(case, act, now):
        moves.note(case, "deadline_broken", moves.by_clock(now), reason=deadline.parameter)
        moves.settle(case, now)


def _acted(case: Case, act: CaseAct, now: datetime) -> bool:
    try:
        moves.move(case, act, moves.by_clock(now))
    except CannotAct:
        return False
    if act is CaseAct.DEEM_ACCEPTED:
        moves.finish_acceptance_step(case, moves.by_clock(now))
    if CaseState(case.state).is_final:
        results.return_dependents(case, now)
    return True
