"""The data steward's room: each page through its address, and nothing of it for anybody else."""

from typing import Any

import pytest
from django.test import Client

from tests.apps.factories import AccountFactory, DatasetFactory, PartyFactory, RecordFactory, StaffFactory
from tests.channels.conftest import NOW
from yici.apps.people.viewers import viewer_of
from yici.apps.places.actions import load_calendar
from yici.apps.registry import actions, gaps, write_backs
from yici.apps.registry.models import CorrectionSignal, WriteBack
from yici.rules.gaps import Gap
from yici.rules.plans import Availability

PAGES = ["", "datasets", "datasets/marriages", "write-backs", "disputes", "gaps"]
LIST = "gaps/list?dataset=marriages&field=certificate&cause=missing"


def account(**traits: Any) -> Any:
    return AccountFactory(of_staff=True, staff=StaffFactory(**traits))


@pytest.fixture
def room(english: Client, db: None) -> Client:
    """A steward of Tonglu's civil affairs, with a write-back, a dispute and a gap."""
    load_calendar(by="system:test", now=NOW)
    steward = account(decides=True, organisation__kind="civil_affairs")
    record, party = RecordFactory(dataset=DatasetFactory()), PartyFactory()
    clerk = viewer_of(account(at_the_window=True, organisation__kind="government_service_hall"))
    gap = Gap("item", "certificate", "marriages", "certificate", Availability.MISSING)
    told: dict[str, Any] = {"by": "party:1", "now": NOW}
    gaps.record(gaps=[gap], party_id=party.pk, region_code="330122", cases={"item": "C1"}, subject="A1", **told)
    terms: dict[str, Any] = {"dataset": "marriages", "field": "certificate", "value": "J7", "evidence_id": None}
    write_backs.write_back(party_id=party.pk, case_reference="C1", by=clerk, now=NOW, **terms)
    claim: dict[str, Any] = {"wanted": "marriages.certificate", "claimed": "J9", "case_reference": "A1"}
    actions.report_wrong(party_id=record.party_id, **claim, **told)
    english.force_login(steward, backend="django.contrib.auth.backends.ModelBackend")
    return english


class TestPages:
    @pytest.mark.parametrize("page", [*PAGES, LIST, "write-backs?tab=settled", "disputes?tab=due"])
    def test_open(self, room: Client, page: str) -> None:
        assert room.get(f"/steward/{page}").status_code == 200

    def test_show_what_waits(self, room: Client) -> None:
        assert "J7" in room.get("/steward/write-backs").content.decode()
        assert "J9" in room.get("/steward/disputes").content.decode()

    @pytest.mark.parametrize("who", ["reviewer", "other place", "other office"])
    def test_show_strangers_nothing(self, room: Client, who: str) -> None:
        row, signal = WriteBack.objects.get(), CorrectionSignal.objects.get()
        stranger = {
            "reviewer": lambda: account(organisation__kind="civil_affairs"),
            "other place": lambda: account(
                decides=True, organisation__kind="civil_affairs", organisation__code="330502"
            ),
            "other office": lambda: account(decides=True, organisation__kind="education"),
        }[who]()
        room.force_login(stranger, backend="django.contrib.auth.backends.ModelBackend")

        for path in (f"write-backs/{row.public_id}", f"disputes/{signal.public_id}"):
            assert room.get(f"/steward/{path}").status_code == 404
            assert room.post(f"/steward/{path}", {"act": "confirm"}).status_code == 404
        assert room.get(f"/steward/write-backs/{row.public_id}/evidence").status_code == 404


class TestActs:
    def test_rejects_only_with_a_reason(self, room: Client) -> None:
        path = f"/steward/write-backs/{WriteBack.objects.get().public_id}"
        assert room.post(path, {"act": "reject", "reason": ""}).status_code == 409
        assert room.post(path, {"act": "reject", "reason": "编号不符"}).status_code == 302
        assert WriteBack.objects.get().state == "rejected"
        assert room.get(path + "?tab=settled").status_code == 200

    def test_confirms_several(self, room: Client) -> None:
        room.post("/steward/write-backs/batch", {"step": [str(WriteBack.objects.get().public_id), "nonsense"]})
        assert WriteBack.objects.get().state == "confirmed"

    def test_corrects_the_record(self, room: Client) -> None:
        signal = CorrectionSignal.objects.get()
        path = f"/steward/disputes/{signal.public_id}"
        assert room.post(path, {"act": "keep", "reason": ""}).status_code == 409
        assert room.post(path, {"act": "correct", "value": "J9"}).status_code == 302
        signal.refresh_from_db()
        assert signal.outcome == "confirmed"
