"""The kiosk's pages: only a paired device, only its own person, by card or telephone, and nothing left of him."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from tests.apps.factories import AccountFactory, PartyFactory
from tests.channels.kiosk.steps import WUXING, lay_card, page, pair
from yici.apps.halls import kiosks
from yici.apps.halls.models import Kiosk, PhoneSignIn
from yici.apps.people.models import Account, Party
from yici.channels.kiosk.urls import urlpatterns

pytestmark = pytest.mark.django_db
SOME_ID = "0190a000-0000-7000-8000-000000000000"
OPEN_TO_ALL = {"attract", "pair", "demo", "phone"}


def address(route: str) -> str:
    """Return an address of the kiosk from its pattern."""
    words = {"<uuid:public_id>": SOME_ID, "<slug:key>": "newborn", "<slug:what>": "licence", "<str:code>": "x"}
    for pattern, word in words.items():
        route = route.replace(pattern, word)
    return f"/kiosk/{route}"


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
