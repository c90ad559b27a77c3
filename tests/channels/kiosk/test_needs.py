"""Needs at the kiosk: only what takes no visit, from its tile to the confirmation."""

from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone
from pyhanko.pdf_utils.reader import PdfFileReader

from tests.apps.factories import MandateFactory, OrganisationFactory, PartyFactory
from tests.channels.kiosk.steps import WUXING, lay_card, page, submitted
from yici.apps.cases.models import Application
from yici.apps.halls import printing
from yici.apps.halls.models import PrintJob
from yici.apps.people.models import Party
from yici.apps.planning.models import Draft, NudgeRefusal

pytestmark = pytest.mark.django_db


class TestNeeds:
    def test_are_those_that_take_no_visit_here(self, session: Client) -> None:
        shown = page(session, "/kiosk/needs")

        assert "/kiosk/needs/real_estate_search/start" in shown
        assert "restaurant" not in shown  # several departments, one visit
        assert "id_card_renewal" not in shown  # the photograph is taken at a window

    @pytest.mark.parametrize("key", ["restaurant", "id_card_renewal", "newborn", "nothing_like_this"])
    def test_others_cannot_be_begun(self, session: Client, key: str) -> None:
        assert session.post(f"/kiosk/needs/{key}/start").status_code == 404
        assert not Draft.objects.exists()

    def test_are_found_by_the_first_letters_of_their_pinyin(self, session: Client) -> None:
        assert "/kiosk/needs/real_estate_search/start" in page(session, "/kiosk/needs", q="wfzm")  # 无房证明

    def test_that_are_settled_elsewhere_are_named(self, session: Client) -> None:
        shown = page(session, "/kiosk/needs", q="饭店")

        assert "餐饮" in shown
        assert "/start" not in shown

    @pytest.mark.parametrize(
        ("text", "pressed", "then"), [("wf", "z", "wfz"), ("wf", "back", "w"), ("wf", "clear", ""), ("", "back", "")]
    )
    def test_are_typed_with_buttons_where_there_is_no_script(
        self, session: Client, text: str, pressed: str, then: str
    ) -> None:
        answer = session.get("/kiosk/needs", {"q": text, "letter": pressed})

        assert answer.headers["Location"] == f"/kiosk/needs?q={then}"

    def test_of_a_company_are_for_companies(self, session: Client, person: Party) -> None:
        mandate = MandateFactory(agent=person)
        session.post("/kiosk/act-for", {"party": str(mandate.holder.public_id)})

        assert "real_estate_search" not in page(session, "/kiosk/needs")

    def test_are_for_nobody_who_gave_no_mandate(self, session: Client) -> None:
        stranger = PartyFactory(a_company=True)

        assert session.post("/kiosk/act-for", {"party": str(stranger.public_id)}).status_code == 404


class TestApplying:
    @pytest.fixture(autouse=True)
    def offices(self, province: None) -> None:
        for code, kind in ((WUXING, "natural_resources"), (WUXING, "government_service_hall")):
            OrganisationFactory(code=code, kind=kind)

    def test_ends_in_an_application_of_the_channel_kiosk_with_no_visit(self, session: Client, person: Party) -> None:
        application = Application.objects.get(public_id=submitted(session, person))

        assert (application.channel, application.promised_visits) == ("kiosk", 0)
        assert application.applicant_id == person.pk
        assert application.reference in page(session, f"/kiosk/applications/{application.public_id}")

    def test_with_a_wrong_field_keeps_what_was_typed_and_says_which(self, session: Client) -> None:
        draft = session.post("/kiosk/needs/real_estate_search/start").headers["Location"].removesuffix("/ask")

        answer = session.post(f"{draft}/form", {"applicant_phone": "12", "version": str(Draft.objects.get().version)})

        assert answer.status_code == 422
        assert "#applicant_phone" in answer.content.decode()
        assert not Application.objects.exists()

    def test_prints_a_receipt_made_from_the_application(self, session: Client, person: Party, tmp_path: Path) -> None:
        application = submitted(session, person)

        job = session.post(f"/kiosk/print/receipt/{application}").headers["Location"]
        assert "http-equiv" in page(session, job)
        printing.run_print(job_id=PrintJob.objects.get().pk, now=timezone.now())

        assert "data-poll" not in page(session, job)
        with next((tmp_path / "tray").iterdir()).open("rb") as file:
            reader = PdfFileReader(file)
            title = str(reader.trailer["/Info"]["/Title"])
            assert reader.root["/Pages"]["/Count"] == 1
            assert len(reader.embedded_signatures) == 1  # 行政许可法第三十二条: sealed
        assert Application.objects.get().reference in title

    def test_belongs_to_its_person_only(self, session: Client, person: Party) -> None:
        application = submitted(session, person)
        draft = Draft.objects.get().public_id
        session.post(f"/kiosk/print/receipt/{application}")
        job = PrintJob.objects.get().public_id
        session.post("/kiosk/end")
        lay_card(session, PartyFactory(code=WUXING))

        own = [f"/kiosk/applications/{application}", f"/kiosk/prints/{job}", f"/kiosk/prints/{job}/state"]
        own += [f"/kiosk/drafts/{draft}/{part}" for part in ("ask", "plan", "form", "check")]
        assert {path: session.get(path).status_code for path in own} == dict.fromkeys(own, 404)
        acts = [f"/kiosk/print/receipt/{application}", f"/kiosk/prints/{job}/again", f"/kiosk/drafts/{draft}/check"]
        assert {path: session.post(path).status_code for path in acts} == dict.fromkeys(acts, 404)


class TestNextTime:
    def test_is_said_once_and_one_press_ends_it_at_every_channel(self, session: Client, person: Party) -> None:
        application = submitted(session, person)
        here = f"/kiosk/applications/{application}"

        assert "下次在家就能办" in page(session, here)
        assert session.post("/kiosk/no-suggestions").headers["Location"] == "/kiosk/mine"

        assert "下次在家就能办" not in page(session, here)
        assert NudgeRefusal.objects.get().party == person

    def test_not_in_the_elder_version(self, session: Client, person: Party) -> None:
        application = submitted(session, person)
        session.cookies["yici_elder"] = "1"

        assert "下次在家就能办" not in page(session, f"/kiosk/applications/{application}")
