"""Counts a figure again the slow way, from the plain rows one by one: what tallies are held against.

It shares no statement with ``sources``: a mistake there would otherwise be made twice.
"""

from collections.abc import Callable
from datetime import date

from django.utils import timezone

from yici.apps.cases.models import Case
from yici.apps.places.months import bounds
from yici.rules.scores import Tally

# What is left out, None; else whether it went well.
_Judged = Callable[[Case], bool | None]


def _zero_visit(case: Case) -> bool:
    return case.application.promised_visits == 0


def _online_kept(case: Case) -> bool | None:
    return case.application.channel != "window" if case.application.promised_visits == 0 else None


def _no_correction(case: Case) -> bool:
    return case.corrections == 0


def _decided_by(case: Case, due_on: date | None) -> bool | None:
    if due_on is None or case.decided_at is None:
        return None
    return timezone.localtime(case.decided_at).date() <= due_on


SLOW: dict[str, tuple[str, _Judged]] = {
    "zero_visit": ("application__submitted_at", _zero_visit),
    "online_kept": ("application__submitted_at", _online_kept),
    "no_correction": ("decided_at", _no_correction),
    "promised_time": ("decided_at", lambda case: _decided_by(case, case.promised_due_on)),
    "statutory_time": ("decided_at", lambda case: _decided_by(case, case.statutory_due_on)),
}


def recounted(organisation_id: int, month: date, measure: str) -> Tally:
    """Return the tally of an organisation's month from each of its cases; ``measure`` is one of ``SLOW``.

    Contested and exempted things are counted here: for organisations that have none.
    """
    moment, judged = SLOW[measure]
    since, until = bounds(month)
    within = {f"{moment}__gte": since, f"{moment}__lt": until}
    rows = Case.objects.filter(organisation_id=organisation_id, **within).select_related("application")
    verdicts = [verdict for case in rows.iterator(5_000) if (verdict := judged(case)) is not None]
    return Tally(sum(verdicts), len(verdicts))
