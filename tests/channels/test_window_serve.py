"""A visit to the window through its pages: keys of the house in order, and closed doors for everybody else."""

from datetime import datetime
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from tests.apps import window_steps as steps
from tests.journeys.law.conftest import in_the_province, province
from yici.apps.cases.models import Application
from yici.apps.halls import visits
from yici.apps.halls.models import Handout, Receipt, ServedVisit
from yici.apps.people.models import Account

__all__ = ["in_the_province", "province"]
BACKEND = "django.contrib.auth.backends.ModelBackend"
NEED = "water_transfer"


@pytest.fixture
def now() -> datetime:
    return timezone.now()


def signed_in(login: str) -> Client:
    client = Client()
    client.cookies["yici_language"] = "en"
    client.force_login(Account.objects.get(login=login), backend=BACKEND)
    return client


@pytest.fixture
def window(db: None) -> Client:
    return signed_in(steps.TONGLU_CLERK)


def served(window: Client, login: str = "shendamin") -> None:
    assert window.post("/window/serve", {"read": steps.card_of(login)}).headers["Location"] == "/window/visit"


def planned(now: datetime) -> str:
    draft, _plan = steps.plan_together(NEED, steps.clerk(), now)
    return f"/window/visit/drafts/{draft}"


class TestWhoMayOpenIt:
    @pytest.mark.parametrize("path", ["serve", "visit", "outcomes", "write-backs", "second-screen"])
    def test_strangers_sign_in_first(self, db: None, path: str) -> None:
        assert Client().get(f"/window/{path}").headers["Location"] == f"/sign-in?next=/window/{path}"

    @pytest.mark.parametrize("path", ["serve", "visit", "outcomes", "write-backs", "second-screen"])
    @pytest.mark.parametrize("login", ["shendamin", "health.330122.reviewer"])
    def test_for_others_it_is_not_there(self, db: None, path: str, login: str) -> None:
        assert signed_in(login).get(f"/window/{path}").status_code == 404

    def test_another_clerk_sees_nothing_of_the_visit(self, window: Client, now: datetime) -> None:
        served(window)
        base = planned(now)
        other = signed_in(steps.WUXING_CLERK)

        assert other.get("/window/visit").headers["Location"] == "/window/serve"
        for page in ("plan", "form", "papers", "check"):
            assert other.get(f"{base}/{page}").status_code == 404
        served(other, "guchen")
        assert other.get(f"{base}/plan").status_code == 404

    def test_a_closed_visit_gives_no_access_any_more(self, window: Client, now: datetime) -> None:
        served(window)
        base = planned(now)
        assert window.get(f"{base}/plan").status_code == 200

        window.post("/window/visit/end")

        assert window.get(f"{base}/plan").status_code == 404
        assert ServedVisit.objects.get().ended_at is not None
        assert "Being served" not in window.get("/window/serve").content.decode()

    def test_the_next_person_does_not_open_the_last_ones_papers(self, window: Client, now: datetime) -> None:
        served(window)
        base = planned(now)
        window.post("/window/visit/end")
        served(window, "yulihua")

        assert window.get(f"{base}/plan").status_code == 404
        assert window.get(f"/window/visit/applications/{uuid4()}").status_code == 404


class TestIdentifying:
    @pytest.mark.parametrize("sent", [{"name": "申大民"}, {"read": "33012219900101"}, {}, {"read": "YC1.no:code"}])
    def test_a_name_alone_a_wrong_number_and_a_foreign_code_find_nobody(
        self, window: Client, sent: dict[str, str]
    ) -> None:
        answer = window.post("/window/serve", sent)

        assert answer.status_code == 422
        assert not ServedVisit.objects.exists()

    def test_by_the_code_of_the_phone_once(self, window: Client) -> None:
        phone = signed_in("shendamin")
        page = phone.post("/account/code").content.decode()
        number = page.split('id="number"><b>')[1][:6]
        sent = {"name": "申大民", "code": number}

        assert window.post("/window/serve", sent).status_code == 302
        window.post("/window/visit/end")
        assert window.post("/window/serve", sent).status_code == 422


class TestAVisit:
    def test_from_the_card_to_the_receipt(self, window: Client, now: datetime) -> None:
        served(window)
        assert f"/window/visit/start/{NEED}" in window.get("/window/visit", {"q": "用水过户"}).content.decode()
        base = planned(now)
        assert '<div class="n" aria-hidden="true">1</div>' in window.get(f"{base}/plan").content.decode()
        assert '<div class="n" aria-hidden="true">1</div>' in window.get("/window/second-screen").content.decode()
        assert window.get(f"{base}/form").status_code == 200
        assert window.post(f"{base}/check", {"signed": "1", "seen_visits": "1"}).status_code == 409

        scan = SimpleUploadedFile("scan.png", steps.a_scan(), "image/png")
        look = {"proves": "title_of_buyer", "finding": "fits", "original_seen": "1", "scan": scan}
        assert window.post(f"{base}/papers", look).status_code == 302
        assert window.post(f"{base}/check", {"seen_visits": "1"}).status_code == 409  # not signed
        answer = window.post(f"{base}/check", {"signed": "1", "seen_visits": "1"})

        assert answer.status_code == 302
        receipt = Receipt.objects.get()
        page = window.get(answer.headers["Location"]).content.decode()
        assert receipt.content["items"][0]["code"] in page
        assert window.get(f"/window/visit/receipts/{receipt.public_id}.pdf").content.startswith(b"%PDF-")
        assert Application.objects.get().channel == "window"

    def test_the_person_finds_receipt_and_visits_in_his_own_account(self, window: Client, now: datetime) -> None:
        served(window)
        draft, plan = steps.plan_together(NEED, steps.clerk(), now)
        steps.scan_everything(draft, plan, steps.clerk(), now)
        taken = steps.take_in(draft, plan, steps.clerk(), now)
        own = signed_in("shendamin")

        page = own.get(f"/applications/{taken.application_id}").content.decode()
        assert "visits: 1 promised, 1 made" in page
        assert own.get(f"/receipts/{taken.receipt_id}").status_code == 200
        assert signed_in("yulihua").get(f"/receipts/{taken.receipt_id}").status_code == 404
        assert signed_in("yulihua").get(f"/receipts/{taken.receipt_id}.pdf").status_code == 404
        for path in (f"applications/{taken.application_id}", f"receipts/{taken.receipt_id}"):
            assert window.get(f"/window/visit/{path}").status_code == 200

    def test_the_second_screen_names_nobody(self, window: Client, now: datetime) -> None:
        served(window)
        planned(now)

        assert "申大民" not in window.get("/window/second-screen").content.decode()

    def test_a_paper_beyond_the_plan_is_refused_and_recorded(self, window: Client, now: datetime) -> None:
        served(window)
        base = planned(now)

        assert window.post(f"{base}/papers", {"proves": "marriage", "finding": "fits"}).status_code == 422
        sent = {"item": NEED, "what": "公证书", "why": "部门口头要求", "asked_by": "department"}
        assert window.post(f"{base}/beyond", {**sent, "why": ""}).status_code == 422
        assert window.post(f"{base}/beyond", sent).status_code == 302
        assert "公证书" in window.get(f"{base}/papers").content.decode()

    def test_acts_for_a_company_only_with_its_mandate(self, window: Client) -> None:
        served(window, "yulihua")
        company = visits.authorities(steps.clerk(), now=timezone.now())[0]

        assert window.post("/window/visit/for", {"acting_for": str(uuid4())}).status_code == 409
        assert window.post("/window/visit/for", {"acting_for": "nonsense"}).status_code == 422
        assert window.post("/window/visit/for", {"acting_for": str(company.public_id)}).status_code == 302
        assert company.name in window.get("/window/visit").content.decode()


class TestOutcomes:
    def test_knows_no_result_of_another_hall(self, window: Client) -> None:
        assert window.post(f"/window/outcomes/{uuid4()}/post", {"carrier": "EMS"}).status_code == 404
        assert not Handout.objects.exists()
        assert window.get(f"/window/write-backs/{uuid4()}/scan").status_code == 404
