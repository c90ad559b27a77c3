"""Prints at the kiosk: only one's own, and what failed is repeated by its clerk."""

from pathlib import Path
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from tests.apps.factories import AccountFactory, MandateFactory, OrganisationFactory, PartyFactory, StaffFactory
from tests.apps.test_printing import licence_of
from tests.channels.kiosk.steps import TONGLU, WUXING, page
from yici.apps.halls import printing
from yici.apps.halls.models import PrintJob
from yici.apps.people.models import Account, Party
from yici.rules.kiosks import PrintState

pytestmark = pytest.mark.django_db


class TestPrinting:
    def test_of_ones_own_licence(self, session: Client, person: Party, tmp_path: Path) -> None:
        licence = licence_of(person)
        assert str(licence) in page(session, "/kiosk/mine")

        session.post(f"/kiosk/print/licence/{licence}")
        printing.run_print(job_id=PrintJob.objects.get().pk, now=timezone.now())

        assert len(list((tmp_path / "tray").iterdir())) == 1

    def test_of_the_company_one_acts_for(self, session: Client, person: Party) -> None:
        licence = licence_of(MandateFactory(agent=person).holder)
        assert session.post(f"/kiosk/print/licence/{licence}").status_code == 404

        session.post("/kiosk/act-for", {"party": str(Party.objects.get(licences__public_id=licence).public_id)})

        assert session.post(f"/kiosk/print/licence/{licence}").status_code == 302

    @pytest.mark.parametrize("what", ["licence", "receipt", "passport"])
    def test_of_what_is_anothers_or_nothing_is_not_there(self, session: Client, what: str) -> None:
        licence = licence_of(PartyFactory())

        assert session.post(f"/kiosk/print/{what}/{licence}").status_code == 404
        assert session.post(f"/kiosk/print/{what}/{uuid4()}").status_code == 404
        assert not PrintJob.objects.exists()

    def test_that_failed_says_that_nothing_is_lost_and_may_be_tried_again(
        self, session: Client, person: Party, tmp_path: Path
    ) -> None:
        (tmp_path / "tray").write_text("in the way")
        job = session.post(f"/kiosk/print/licence/{licence_of(person)}").headers["Location"]
        printing.run_print(job_id=PrintJob.objects.get().pk, now=timezone.now())
        shown = page(session, job)
        assert "电子证照" in shown
        assert "窗口领取" in shown

        (tmp_path / "tray").unlink()
        assert session.post(f"{job}/again").headers["Location"] == job
        printing.run_print(job_id=PrintJob.objects.get().pk, now=timezone.now())

        assert PrintJob.objects.get().state == PrintState.PRINTED


class TestFailedPrintsAtTheWindow:
    def clerk(self, code: str) -> Client:
        organisation = OrganisationFactory(code=code, kind="government_service_hall")
        return self.of(AccountFactory(of_staff=True, staff=StaffFactory(at_the_window=True, organisation=organisation)))

    def of(self, account: Account) -> Client:
        client = Client()
        client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
        return client

    @pytest.fixture
    def failed(self, session: Client, person: Party, tmp_path: Path) -> PrintJob:
        (tmp_path / "tray").write_text("in the way")
        session.post(f"/kiosk/print/licence/{licence_of(person)}")
        printing.run_print(job_id=PrintJob.objects.get().pk, now=timezone.now())
        return PrintJob.objects.get()

    def test_are_seen_and_repeated_by_its_clerk_without_any_name(self, failed: PrintJob, person: Party) -> None:
        clerk = self.clerk(WUXING)
        shown = page(clerk, "/window/printing")
        assert str(failed.public_id) in shown
        assert person.name not in shown

        clerk.post(f"/window/printing/{failed.public_id}/again")

        failed.refresh_from_db()
        assert failed.state == PrintState.QUEUED

    def test_are_not_there_for_others(self, failed: PrintJob) -> None:
        again = f"/window/printing/{failed.public_id}/again"
        assert str(failed.public_id) not in page(self.clerk(TONGLU), "/window/printing")
        assert self.clerk(TONGLU).post(again).status_code == 404
        for account in (AccountFactory(), AccountFactory(of_staff=True)):
            assert self.of(account).get("/window/printing").status_code == 404
            assert self.of(account).post(again).status_code == 404
