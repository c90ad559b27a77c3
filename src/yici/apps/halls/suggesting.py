"""Suggests to somebody who came for what takes no visit that he need not come the next time."""

from datetime import datetime
from uuid import UUID

from yici.apps.cases.applicant_acts import own_applications
from yici.apps.people.viewers import Viewer
from yici.apps.planning import nudging
from yici.apps.planning.nudging import NudgeView, Occasion
from yici.rules import nudges
from yici.rules.nudges import Moment, NudgeKind
from yici.rules.plans import EvidenceStatus

_FETCHED = {EvidenceStatus.FETCHED.value, EvidenceStatus.FROM_RESULT.value}


def next_time(application_id: UUID, moment: Moment, *, elder: bool, person: Viewer, now: datetime) -> NudgeView | None:
    """Return what to suggest once an application is submitted here; None where it took a visit.

    Raises Application.DoesNotExist for anybody else's.
    """
    row = own_applications(person).select_related("region").get(public_id=application_id)
    facts = sum(one["status"] in _FETCHED and not one.get("same_as") for one in row.plan.get("evidence", ()))
    sentence = nudges.next_time(row.promised_visits, row.mode, facts)
    occasion = Occasion(moment, row.event_key, row.region.code, elder)
    return nudging.offer(occasion, NudgeKind.NEXT_TIME, sentence, person=person, now=now)
