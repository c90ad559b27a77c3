"""The portal: each page through its address, for the person it belongs to, for a stranger, and with bad input."""

import json
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from tests.apps.factories import AccountFactory, OrganisationFactory
from tests.channels.pages import TONGLU, answer_all, asked, filled, sign_in, submitted, the_draft
from yici.apps.cases.models import Application, Case, HallRequest
from yici.apps.people.models import Account
from yici.apps.planning.models import Draft
from yici.apps.tickets.models import Ticket

PLACE = "yici_place"


@pytest.fixture
def person(province: None, db: None) -> Account:
    """Somebody of Tonglu with a real-name account and no records at all."""
    for kind in ("health", "public_security", "medical_insurance", "human_resources", "market_regulation"):
        OrganisationFactory(kind=kind)
    return AccountFactory()


@pytest.fixture
def portal(english: Client, person: Account) -> Client:
    sign_in(english, person)
    english.cookies[PLACE] = TONGLU
    return english


@pytest.fixture
def stranger(province: None, db: None) -> Client:
    """Somebody else, signed in as well."""
    other = Client()
    sign_in(other, AccountFactory())
    other.cookies[PLACE] = TONGLU
    return other


class TestFirstPages:
    @pytest.mark.parametrize(
        "path",
        [
            "/",
            "/search?q=开饭店",
            "/search?q=",
            "/place",
            "/needs/newborn",
            "/needs/newborn/poster",
            "/at/330122000000/newborn",
            "/sign-in",
            "/register",
            "/manifest.webmanifest",
            "/sw.js",
        ],
    )
    def test_open_to_everybody(self, client: Client, province: None, db: None, path: str) -> None:
        client.cookies[PLACE] = TONGLU

        assert client.get(path).status_code == 200

    @pytest.mark.parametrize("path", ["/applications", "/licences", "/account", "/window/ask"])
    def test_ask_for_a_sign_in_and_come_back(self, client: Client, db: None, path: str) -> None:
        answer = client.get(path)

        assert answer.status_code == 302
        assert answer.headers["Location"] == f"/sign-in?next={path}"

    @pytest.mark.parametrize("path", ["/needs/no_such_need", "/needs/no_such_need/poster", "/at/999999/newborn"])
    def test_know_nothing_of_what_is_not_there(self, client: Client, province: None, db: None, path: str) -> None:
        client.cookies[PLACE] = TONGLU

        assert client.get(path).status_code == 404

    def test_show_the_visits_of_every_event_in_the_order_of_life(
        self, english: Client, province: None, db: None
    ) -> None:
        english.cookies[PLACE] = TONGLU

        page = english.get("/").content.decode()

        assert page.index("/needs/newborn") < page.index("/needs/death") < page.index("/needs/company_setup")
        assert page.count('class="mark ') == 18
        assert page.count("Breach") == 2

    def test_suggest_with_the_number_of_visits(self, english: Client, province: None, db: None) -> None:
        english.cookies[PLACE] = TONGLU

        page = english.get("/search?q=xse", headers={"HX-Request": "true"}).content.decode()

        assert "/needs/newborn" in page
        assert 'class="mark zero"' in page

    def test_refuse_a_place_that_does_not_exist(self, client: Client, province: None, db: None) -> None:
        assert client.post("/place", {"region": "990000"}).status_code == 400

    def test_come_back_to_our_own_pages_only(self, client: Client, province: None, db: None) -> None:
        answer = client.post("/place", {"region": TONGLU, "next": "https://elsewhere.example/"})

        assert answer.headers["Location"] == "/"


class TestFromTheNeedToTheApplication:
    def test_asks_plans_fills_in_checks_and_submits(self, portal: Client) -> None:
        application = submitted(portal, "newborn")

        for path in (f"/applications/{application.public_id}", f"/applications/{application.public_id}/submitted"):
            page = portal.get(path)
            assert page.status_code == 200
            assert application.reference in page.content.decode()
        assert application.reference in portal.get("/applications").content.decode()

    def test_submits_once_however_often_the_button_is_pressed(self, portal: Client) -> None:
        draft = the_draft(portal, "newborn")
        filled(portal, draft)

        first = portal.post(f"/drafts/{draft.public_id}/check")
        second = portal.post(f"/drafts/{draft.public_id}/check")

        assert first.headers["Location"].startswith("/applications/")
        assert second.status_code == 302
        assert Application.objects.count() == 1

    def test_keeps_the_question_on_a_bad_answer_and_says_why(self, portal: Client) -> None:
        portal.post("/needs/newborn/start")
        draft = Draft.objects.get()
        question = asked(portal.get(f"/drafts/{draft.public_id}/ask").content.decode(), draft)

        answer = portal.post(f"/drafts/{draft.public_id}/ask", {"question": question.key, "answer": "perhaps"})

        assert answer.status_code == 422
        assert 'role="alert"' in answer.content.decode()

    def test_keeps_what_was_typed_and_names_each_fault(self, portal: Client) -> None:
        draft = the_draft(portal, "newborn")
        sent = {"version": draft.version, "mother_id": "110105194912310021", "applicant_phone": "12"}

        answer = portal.post(f"/drafts/{draft.public_id}/form", sent)

        page = answer.content.decode()
        assert answer.status_code == 422
        assert "110105194912310021" in page
        assert page.count('class="error"') >= 2
        assert not Application.objects.exists()

    def test_says_saved_and_says_failed(self, portal: Client) -> None:
        draft = the_draft(portal, "newborn")
        address = f"/drafts/{draft.public_id}/save"

        saved = portal.post(address, {"version": draft.version, "child_name": "沈小满"})
        stale = portal.post(address, {"version": draft.version, "child_name": "沈大满"})

        assert saved.json()["saved"] is True
        assert stale.status_code == 409
        assert stale.json()["saved"] is False
        assert stale.json()["sentence"]
        draft.refresh_from_db()
        assert json.loads(draft.fields_text)["child_name"] == "沈小满"

    def test_can_be_left_and_found_again_or_thrown_away(self, portal: Client) -> None:
        draft = the_draft(portal, "newborn")

        assert f"/drafts/{draft.public_id}/ask" in portal.get("/applications").content.decode()
        assert portal.post(f"/drafts/{draft.public_id}/discard").status_code == 302
        assert not Draft.objects.exists()

    def test_belongs_to_the_browser_before_sign_in_and_to_the_person_after(
        self, client: Client, person: Account
    ) -> None:
        client.cookies[PLACE] = TONGLU
        client.post("/needs/newborn/start")
        draft = Draft.objects.get()
        answer_all(client, draft)

        assert client.get(f"/drafts/{draft.public_id}/form").headers["Location"].startswith("/sign-in?next=")
        sign_in(client, person)
        assert client.get(f"/drafts/{draft.public_id}/form").status_code == 200
        draft.refresh_from_db()
        assert draft.party_id == person.party_id

    def test_a_bookmark_of_a_submitted_draft_leads_to_its_application(self, portal: Client) -> None:
        application = submitted(portal, "newborn")
        draft = Draft.objects.get()

        for page in ("ask", "plan", "form", "check"):
            answer = portal.get(f"/drafts/{draft.public_id}/{page}")
            assert answer.headers["Location"] == f"/applications/{application.public_id}"


class TestApplication:
    def test_takes_messages_and_refuses_empty_ones(self, portal: Client) -> None:
        application = submitted(portal, "newborn")
        address = f"/applications/{application.public_id}/message"

        assert portal.post(address, {"text": "  "}).status_code == 422
        assert portal.post(address, {"text": "什么时候可以办好？"}).status_code == 302
        assert "什么时候可以办好？" in portal.get(f"/applications/{application.public_id}").content.decode()

    def test_has_no_clock_before_anybody_accepted_it(self, portal: Client) -> None:
        case = submitted(portal, "newborn").cases.filter(accepted_at=None).first()
        assert case is not None

        assert portal.get(f"/cases/{case.public_id}/clock").status_code == 404

    def test_is_withdrawn_while_nothing_is_decided(self, portal: Client) -> None:
        application = submitted(portal, "newborn")

        assert portal.post(f"/applications/{application.public_id}/withdraw").status_code == 302
        assert set(Case.objects.values_list("state", flat=True)) <= {"withdrawn", "returned"}

    def test_a_need_goes_to_the_hall(self, portal: Client) -> None:
        assert portal.post("/window/ask", {"need": "", "phone": "13900000000"}).status_code == 422
        assert portal.post("/window/ask", {"need": "我要开饭店", "phone": "13900000000"}).status_code == 302
        assert HallRequest.objects.get().reference in portal.get("/applications").content.decode()

    def test_raises_a_ticket_about_one_of_its_cases(self, portal: Client) -> None:
        application = submitted(portal, "newborn")
        case = application.cases.order_by("id").first()
        assert case is not None
        link = f"/voices/new?application={application.public_id}&amp;case={case.public_id}"
        sent = {"kind": "consult", "subject": "进度", "detail": "何时办结？", "way": "open"}
        where = {"application": str(application.public_id), "case": str(case.public_id)}

        assert link in portal.get(f"/applications/{application.public_id}").content.decode()
        assert application.reference in portal.get("/voices/new", where).content.decode()
        assert portal.get("/voices/new", where | {"case": str(uuid4())}).status_code == 404
        assert portal.post("/voices/new", sent | where).status_code == 302
        ticket = Ticket.objects.get()
        assert (ticket.case, ticket.region) == (case, application.region)


class TestStranger:
    def test_finds_no_page_of_anothers_draft(self, portal: Client, stranger: Client) -> None:
        draft = the_draft(portal, "newborn")
        address = f"/drafts/{draft.public_id}"

        for page in ("ask", "plan", "form", "check"):
            assert stranger.get(f"{address}/{page}").status_code == 404
        for act in ("ask", "choose", "form", "save", "upload", "check", "discard"):
            assert stranger.post(f"{address}/{act}", {"version": draft.version}).status_code == 404
        draft.refresh_from_db()
        assert draft.submitted_at is None

    def test_finds_no_page_of_anothers_application(self, portal: Client, stranger: Client) -> None:
        application = submitted(portal, "newborn")
        case = application.cases.first()
        assert case is not None

        for path in (
            f"/applications/{application.public_id}",
            f"/applications/{application.public_id}/submitted",
            f"/cases/{case.public_id}/clock",
        ):
            assert stranger.get(path).status_code == 404
        for path in (
            f"/applications/{application.public_id}/message",
            f"/applications/{application.public_id}/withdraw",
            f"/cases/{case.public_id}/correct",
        ):
            assert stranger.post(path, {"text": "x"}).status_code == 404

    @pytest.mark.parametrize("path", ["/licences/{}", "/licences/{}.pdf", "/applications/{}", "/cases/{}/clock"])
    def test_finds_nothing_under_an_id_he_made_up(self, stranger: Client, path: str) -> None:
        assert stranger.get(path.format(uuid4())).status_code == 404


NUL = "a\x00b"


class TestBadInput:
    @pytest.mark.parametrize(
        "path", [f"/search?q={NUL}", f"/applications?before={NUL}", "/applications?before=2018-02-31", "/?x=%FF"]
    )
    def test_in_the_address_breaks_no_page(self, portal: Client, path: str) -> None:
        assert portal.get(path).status_code in {200, 400}

    @pytest.mark.parametrize(
        ("path", "sent"),
        [
            ("/window/ask", {"need": NUL, "phone": NUL}),
            ("/register", {"login": NUL, "password": NUL, "name": NUL, "id_number": NUL}),
            ("/sign-in", {"login": NUL, "password": NUL}),
            ("/place", {"region": NUL}),
            ("/needs/newborn/start", {"birth_place": NUL}),
        ],
    )
    def test_in_a_form_gets_a_sentence(self, portal: Client, path: str, sent: dict[str, Any]) -> None:
        answer = portal.post(path, sent)

        assert 400 <= answer.status_code < 500

    def test_in_a_message_or_a_field_gets_a_sentence(self, portal: Client) -> None:
        draft = the_draft(portal, "newborn")
        saved = portal.post(f"/drafts/{draft.public_id}/save", {"version": draft.version, "child_name": NUL})
        application = submitted(portal, "newborn", draft=Draft.objects.get())

        written = portal.post(f"/applications/{application.public_id}/message", {"text": NUL})

        assert {saved.status_code, written.status_code} == {400}

    def test_of_a_wrong_host_gets_a_sentence(self, client: Client, db: None) -> None:
        answer = client.get("/", headers={"Host": "elsewhere.example"})

        assert answer.status_code == 400
        assert "无法" in answer.content.decode()

    def test_a_form_that_is_too_old_says_so_and_does_nothing(self, person: Account) -> None:
        strict = Client(enforce_csrf_checks=True)
        sign_in(strict, person)

        answer = strict.post("/needs/newborn/start")

        assert answer.status_code == 403
        assert "页面已过期" in answer.content.decode()
        assert not Draft.objects.exists()
