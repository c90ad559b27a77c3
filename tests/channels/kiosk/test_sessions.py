"""The kiosk's pages: only a paired device, only its own person, and nothing left of him."""

from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from pyhanko.pdf_utils.reader import PdfFileReader

from tests.apps.factories import AccountFactory, MandateFactory, OrganisationFactory, PartyFactory, StaffFactory
from tests.apps.test_printing import licence_of
from yici.apps.cases.models import Application
from yici.apps.halls import kiosks, printing
from yici.apps.halls.models import Kiosk, PhoneSignIn, PrintJob
from yici.apps.people.models import Account, Party
from yici.apps.planning.models import Draft, NudgeRefusal
from yici.channels.kiosk.urls import urlpatterns
from yici.rules.kiosks import PrintState

pytestmark = pytest.mark.django_db
WUXING, TONGLU = "330502", "330122"
SOME_ID = "0190a000-0000-7000-8000-000000000000"
OPEN_TO_ALL = {"attract", "pair", "demo", "phone"}


def address(route: str) -> str:
    """Return an address of the kiosk from its pattern."""
    words = {"<uuid:public_id>": SOME_ID, "<slug:key>": "newborn", "<slug:what>": "licence", "<str:code>": "x"}
    for pattern, word in words.items():
        route = route.replace(pattern, word)
    return f"/kiosk/{route}"


def pair(client: Client, folder: Path, name: str = "1号终端") -> None:
    """Make this client a paired kiosk of Wuxing that prints into a folder."""
    _, secret = kiosks.register(
        hall=WUXING, name=name, name_en="Kiosk", printer=f"folder:{folder}", by="system:test", now=timezone.now()
    )
    assert client.post(f"/kiosk/pair/{secret}").status_code == 302


@pytest.fixture
def kiosk(province: None, db: None, client: Client, tmp_path: Path) -> Client:
    pair(client, tmp_path / "tray")
    return client


@pytest.fixture
def person() -> Party:
    return PartyFactory(code=WUXING)


@pytest.fixture
def session(kiosk: Client, person: Party) -> Client:
    """A kiosk at which somebody has laid his card on the reader."""
    lay_card(kiosk, person)
    return kiosk


def lay_card(kiosk: Client, person: Party) -> None:
    assert kiosk.post("/kiosk/card", {"card": person.id_number}).headers["Location"] == "/kiosk/mine"


def page(client: Client, path: str, **sent: Any) -> str:
    answer = client.get(path, sent)
    assert answer.status_code == 200, answer
    return answer.content.decode()


class TestUnpaired:
    def test_is_told_how_to_become_one(self, client: Client) -> None:
        assert "yici kiosk register" in page(client, "/kiosk/")

    @pytest.mark.parametrize("route", [str(one.pattern) for one in urlpatterns if one.name not in OPEN_TO_ALL])
    def test_finds_nothing_else(self, client: Client, route: str) -> None:
        assert client.get(address(route)).status_code in {404, 405}
        assert client.post(address(route)).status_code in {404, 405}

    def test_is_what_a_retired_device_becomes(self, kiosk: Client) -> None:
        assert "data-reader" in page(kiosk, "/kiosk/")
        kiosks.retire(kiosk_id=Kiosk.objects.get().public_id, by="system:test", now=timezone.now())

        assert "yici kiosk register" in page(kiosk, "/kiosk/")
        assert kiosk.get("/kiosk/sign-in").status_code == 404


class TestPairing:
    def test_takes_a_press_and_works_once(self, province: None, client: Client, tmp_path: Path) -> None:
        _, secret = kiosks.register(
            hall=WUXING, name="1", name_en="", printer=f"folder:{tmp_path}", by="x", now=timezone.now()
        )
        path = f"/kiosk/pair/{secret}"

        assert client.get(path).status_code == 200
        assert "yici_kiosk" not in client.cookies  # looking at the address does nothing

        cookie = client.post(path).cookies["yici_kiosk"]
        assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == ("/kiosk/", True, "Strict")
        assert Client().post(path).status_code == 404

    def test_of_the_demonstration_is_not_there_without_it(self, client: Client, settings: Any) -> None:
        settings.DEMO = False

        assert client.post("/kiosk/demo").status_code == 404


class TestSession:
    def test_begins_with_the_card_and_shows_no_whole_number(self, session: Client, person: Party) -> None:
        shown = page(session, "/kiosk/mine")

        assert person.name in shown
        assert person.id_number not in shown

    def test_is_kept_by_no_browser(self, session: Client) -> None:
        for path in ("/kiosk/mine", "/kiosk/needs", "/kiosk/", "/kiosk/sign-in"):
            assert "no-store" in session.get(path).headers["Cache-Control"]

    def test_begins_with_no_unknown_card(self, kiosk: Client) -> None:
        answer = kiosk.post("/kiosk/card", {"card": "11010519491231002X"})

        assert answer.status_code == 422
        assert "11010519491231002X" not in answer.content.decode()
        assert kiosk.get("/kiosk/mine").headers["Location"] == "/kiosk/goodbye"

    def test_opens_nothing_of_the_portal(self, session: Client) -> None:
        for path in ("/applications", "/licences", "/account"):
            assert session.get(path).headers["Location"].startswith("/sign-in")

    def test_ends_at_once_and_leaves_nothing(self, session: Client) -> None:
        session.post("/language", {"language": "en", "next": "/kiosk/mine"})
        session.post("/elder", {"elder": "1", "next": "/kiosk/mine"})

        assert session.post("/kiosk/end").headers["Location"] == "/kiosk/goodbye"
        session.get("/kiosk/goodbye")

        assert not dict(session.session)
        assert not session.cookies["yici_elder"].value
        assert not session.cookies[settings.LANGUAGE_COOKIE_NAME].value
        assert session.get("/kiosk/mine").headers["Location"] == "/kiosk/goodbye"

    def seen_ago(self, session: Client, seconds: int) -> None:
        held = session.session
        held["kiosk"] = {**held["kiosk"], "seen": (timezone.now() - timedelta(seconds=seconds)).isoformat()}
        held.save()

    def test_ends_when_nobody_was_there_for_a_minute(self, session: Client) -> None:
        self.seen_ago(session, 65)
        assert session.get("/kiosk/mine").status_code == 200

        self.seen_ago(session, 75)
        assert session.get("/kiosk/mine").headers["Location"] == "/kiosk/goodbye"
        assert not dict(session.session)

    def test_is_longer_in_the_elder_version(self, session: Client) -> None:
        session.post("/elder", {"elder": "1", "next": "/kiosk/mine"})
        self.seen_ago(session, 200)

        assert session.get("/kiosk/mine").status_code == 200

    def test_is_renewed_by_a_sign_of_life_but_not_by_a_page_that_waits(self, session: Client) -> None:
        self.seen_ago(session, 50)
        before = session.session["kiosk"]["seen"]
        session.get("/kiosk/mine", {"wait": "1"})
        assert session.session["kiosk"]["seen"] == before

        assert session.post("/kiosk/stay", headers={"X-Requested-With": "fetch"}).status_code == 204
        assert session.session["kiosk"]["seen"] > before

    def test_asks_before_it_ends_with_and_without_a_script(self, session: Client) -> None:
        shown = page(session, "/kiosk/mine")

        assert 'data-warn="40" data-idle="60"' in shown
        assert 'http-equiv="refresh" content="40;url=/kiosk/still-there?next=/kiosk/mine"' in shown
        asked = page(session, "/kiosk/still-there", next="/kiosk/needs")
        assert 'content="20;url=/kiosk/goodbye"' in asked
        assert session.post("/kiosk/stay", {"next": "/kiosk/needs"}).headers["Location"] == "/kiosk/needs"

    def test_leads_to_no_other_site(self, session: Client) -> None:
        for wanted in ("https://example.org/", "//example.org/kiosk/", "/sign-out", "/kiosk/../sign-out"):
            answer = session.post("/kiosk/stay", {"next": wanted})
            assert answer.headers["Location"] == "/kiosk/mine"

    def test_ends_when_the_first_page_is_shown(self, session: Client) -> None:
        page(session, "/kiosk/")

        assert session.get("/kiosk/mine").headers["Location"] == "/kiosk/goodbye"

    def test_is_bound_to_its_device(self, session: Client, tmp_path: Path) -> None:
        other = Client()
        pair(other, tmp_path, "2号终端")
        session.cookies["yici_kiosk"] = other.cookies["yici_kiosk"].value

        assert session.get("/kiosk/mine").headers["Location"] == "/kiosk/goodbye"

    def test_of_the_next_person_knows_nothing_of_the_last(self, session: Client, person: Party) -> None:
        page(session, "/kiosk/mine")
        following = PartyFactory(code=WUXING)

        lay_card(session, following)

        assert person.name not in page(session, "/kiosk/mine")

    def test_shows_what_the_voice_says_when_asked_to(self, session: Client) -> None:
        assert 'class="spoken hidden" role="status" aria-live="polite"' in page(session, "/kiosk/mine")

        session.post("/kiosk/spoken", {"spoken": "1", "next": "/kiosk/mine"})

        assert 'class="spoken" role="status" aria-live="polite" data-aloud' in page(session, "/kiosk/mine")


class TestPhone:
    def code(self, kiosk: Client) -> str:
        page(kiosk, "/kiosk/sign-in")
        return str(kiosk.session["kiosk_code"])

    def phone_of(self, account: Account) -> Client:
        phone = Client()
        phone.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
        return phone

    def test_confirms_and_the_kiosk_goes_on(self, kiosk: Client, person: Party) -> None:
        code, phone = self.code(kiosk), self.phone_of(AccountFactory(party=person))
        assert kiosk.get("/kiosk/sign-in/state").json() == {"state": "waiting"}
        assert kiosk.get("/kiosk/sign-in/enter").headers["Location"] == "/kiosk/sign-in?wait=1"

        assert "1号终端" in page(phone, f"/kiosk/phone/{code}")
        assert kiosk.get("/kiosk/sign-in/state").json() == {"state": "waiting"}  # looking is not confirming
        assert phone.post(f"/kiosk/phone/{code}").status_code == 200

        assert kiosk.get("/kiosk/sign-in/state").json() == {"state": "confirmed"}
        assert kiosk.get("/kiosk/sign-in/enter").headers["Location"] == "/kiosk/mine"
        assert person.name in page(kiosk, "/kiosk/mine")

    def test_of_a_stranger_signs_in_first(self, kiosk: Client) -> None:
        path = f"/kiosk/phone/{self.code(kiosk)}"

        assert Client().get(path).headers["Location"] == f"/sign-in?next={path}"

    def test_is_too_late_for_anybody_after_two_minutes(self, kiosk: Client) -> None:
        code, phone = self.code(kiosk), self.phone_of(AccountFactory())
        PhoneSignIn.objects.update(expires_at=timezone.now())

        assert phone.get(f"/kiosk/phone/{code}").status_code == 409
        assert phone.post(f"/kiosk/phone/{code}").status_code == 409
        assert kiosk.get("/kiosk/sign-in/state").json() == {"state": "over"}

    def test_page_that_looks_for_it_does_not_lose_a_card_read_meanwhile(self, kiosk: Client, person: Party) -> None:
        self.code(kiosk)
        lay_card(kiosk, person)

        assert kiosk.get("/kiosk/sign-in/enter").headers["Location"] == "/kiosk/mine"

    def test_waiting_page_keeps_its_code_until_it_is_over(self, kiosk: Client) -> None:
        code = self.code(kiosk)
        page(kiosk, "/kiosk/sign-in", wait="1")
        assert kiosk.session["kiosk_code"] == code

        PhoneSignIn.objects.update(expires_at=timezone.now())
        page(kiosk, "/kiosk/sign-in", wait="1")
        assert kiosk.session["kiosk_code"] != code


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


def submitted(session: Client, person: Party) -> UUID:
    """Apply for the search of homes, from its tile to the confirmation; returns the application."""
    draft = session.post("/kiosk/needs/real_estate_search/start").headers["Location"].removesuffix("/ask")
    assert session.get(f"{draft}/ask").headers["Location"] == f"{draft}/plan"
    assert '<div class="n" aria-hidden="true">0</div>' in page(session, f"{draft}/plan")
    fields = {
        "applicant_name": person.name,
        "applicant_id": person.id_number,
        "spouse_name": "示例",
        "spouse_id": "11010519491231002X",
        "applicant_phone": "13900000000",
        "version": str(Draft.objects.get().version),
    }
    assert session.post(f"{draft}/form", fields).headers["Location"] == f"{draft}/check"
    shown = page(session, f"{draft}/check")
    assert person.id_number not in shown
    assert "11010519491231002X" not in shown
    done = session.post(f"{draft}/check", {"seen_visits": "0"}).headers["Location"]
    return UUID(done.rsplit("/", 1)[1])


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
