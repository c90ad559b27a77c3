"""What the tests of grants and look-ups share: one look-up, and an owner's steward."""

from datetime import datetime
from typing import Any

from tests.apps.factories import AccountFactory, OrganisationFactory, StaffFactory
from yici.apps.people.viewers import Viewer, viewer_of
from yici.apps.registry import actions
from yici.apps.registry.actions import LookUpAnswer
from yici.apps.registry.models import Record

TONGLU = "330122"
CERTIFICATE, SPOUSE = "marriages.certificate", "marriages.spouse"


def look_up(record: Record, now: datetime, *wanted: str, **changes: Any) -> LookUpAnswer:
    terms: dict[str, Any] = {
        "items": ["newborn"],
        "purpose": "evidence",
        "basis": "改革规定第七条",
        "case_reference": "YC1",
        "case_is_open": True,
        "by": "staff:1",
        "region_code": TONGLU,
    }
    return actions.fetch(party_id=record.party_id, wanted=wanted or [CERTIFICATE], now=now, **terms | changes)


def steward(kind: str = "civil_affairs", code: str = "330000") -> Viewer:
    staff = StaffFactory(decides=True, organisation=OrganisationFactory(kind=kind, code=code))
    return viewer_of(AccountFactory(of_staff=True, staff=staff))
