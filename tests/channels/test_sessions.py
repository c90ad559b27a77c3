"""Sealed sessions: what the database holds, how they end, and that a stolen cookie opens nothing."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings as site_settings
from django.db import connection
from django.test import Client
from django.utils import timezone

from tests.apps.factories import AccountFactory, PartyFactory
from yici.apps.people.actions import open_account
from yici.apps.people.encryption import keyring
from yici.apps.people.models import Account, Party, Session
from yici.apps.people.session_store import SessionStore, key_hash
from yici.apps.people.signing import sweep_sessions
from yici.rules.items import Assurance

PASSWORD = "a long pass phrase"
CHROME = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 Safari/537.36"
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def quick_passwords(settings: Any) -> None:
    """Hashing is slow on purpose; what is tested here is not the hash."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def account() -> Account:
    party = PartyFactory(name="沈示例")
    return open_account(
        login="shen-sessions",
        password=PASSWORD,
        party_id=party.pk,
        assurance=Assurance.REAL_NAME,
        by="system:test",
        now=timezone.now(),
    )


def sign_in(client: Client, login: str = "shen-sessions", **more: str) -> Any:
    return client.post("/sign-in", {"login": login, "password": PASSWORD, **more}, headers={"User-Agent": CHROME})


def cookie(client: Client) -> str:
    return str(client.cookies[site_settings.SESSION_COOKIE_NAME].value)


def holding(key: str) -> Client:
    thief = Client()
    thief.cookies[site_settings.SESSION_COOKIE_NAME] = key
    return thief


def is_in(client: Client) -> bool:
    return not client.get("/account").headers.get("Location", "").startswith("/sign-in")


def row_of(client: Client) -> Session:
    return Session.objects.get(key_hash=key_hash(cookie(client)))


class TestWhatTheDatabaseHolds:
    def test_is_neither_the_key_nor_anything_readable(self, client: Client, account: Account) -> None:
        sign_in(client)
        store = SessionStore(cookie(client))
        store["note"] = "沈示例 330122199005129960"
        store.save()

        with connection.cursor() as cursor:
            cursor.execute("SELECT s::text FROM people_session s")
            stored = " ".join(row[0] for row in cursor.fetchall())
        for value in (cookie(client), "沈示例", "330122199005129960", "password", "real_name", "Chrome"):
            assert value not in stored

    def test_opens_nothing_once_it_was_changed(self, client: Client, account: Account) -> None:
        sign_in(client)
        with connection.cursor() as cursor:
            cursor.execute("UPDATE people_session SET sealed = overlay(sealed placing 'AAAA' from 30)")

        assert not is_in(client)

    def test_opens_nothing_when_moved_into_another_row(self, client: Client, account: Account) -> None:
        other = Client()
        other.get("/")
        open_account(login="other-one", password=PASSWORD, by="system:test", now=timezone.now())
        sign_in(other, "other-one")
        sign_in(client)
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE people_session SET sealed = (SELECT sealed FROM people_session WHERE key_hash = %s),"
                " account_id = %s WHERE key_hash = %s",
                [key_hash(cookie(client)), account.pk, key_hash(cookie(other))],
            )

        assert is_in(client)
        assert not is_in(other)

    def test_opens_nothing_when_given_to_another_account(self, client: Client, account: Account) -> None:
        sign_in(client)
        Session.objects.update(account=AccountFactory())

        assert not is_in(client)

    def test_can_be_read_after_a_change_of_keys(self, client: Client, account: Account) -> None:
        sign_in(client)
        with connection.cursor() as cursor:
            cursor.execute("SELECT sealed FROM people_session")
            sealed = cursor.fetchone()[0]

        assert sealed.startswith(f"{keyring().current}:")


class TestSigningIn:
    def test_changes_the_key(self, client: Client, account: Account) -> None:
        client.get("/")
        session = client.session
        session["browser"] = "a token of this browser"
        session.save()
        client.cookies[site_settings.SESSION_COOKIE_NAME] = session.session_key
        planted = cookie(client)

        sign_in(client)

        assert cookie(client) != planted
        assert client.session["browser"] == "a token of this browser"
        assert not is_in(holding(planted))

    def test_again_changes_the_key_again(self, client: Client, account: Account) -> None:
        sign_in(client)
        first = cookie(client)

        sign_in(client)

        assert cookie(client) != first
        assert not is_in(holding(first))

    def test_as_somebody_else_leaves_nothing_of_the_first(self, client: Client, account: Account) -> None:
        sign_in(client)
        session = client.session
        session["acting_for"] = "11111111-1111-7111-8111-111111111111"
        session.save()
        open_account(login="other-one", password=PASSWORD, by="system:test", now=timezone.now())

        sign_in(client, "other-one")

        assert client.session.get("acting_for") is None

    @pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:1"])
    def test_leads_to_pages_of_this_site_only(self, client: Client, account: Account, target: str) -> None:
        assert sign_in(client, next=target).headers["Location"] == "/"

    def test_leads_back_to_where_the_person_was(self, client: Client, account: Account) -> None:
        assert sign_in(client, next="/licences?a=1").headers["Location"] == "/licences?a=1"

    def test_rests_after_eight_wrong_passwords(self, english: Client, account: Account) -> None:
        client = english
        for _ in range(8):
            client.post("/sign-in", {"login": account.login, "password": "wrong"})

        answer = sign_in(client)
        assert (answer.status_code, "rests 15 minutes" in answer.content.decode()) == (429, True)
        assert not is_in(client)
        assert sign_in(client, login="other-one").status_code == 422

    def test_needs_the_token_of_the_form(self, account: Account) -> None:
        strict = Client(enforce_csrf_checks=True)

        assert sign_in(strict).status_code == 403
        page = strict.get("/sign-in").content.decode()
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        assert token is not None
        assert sign_in(strict, csrfmiddlewaretoken=token[1]).status_code == 302

    def test_as_demonstration_goes_the_same_way(self, client: Client) -> None:
        shown = AccountFactory(demo=True, demo_note="示例", login="demo-person")

        client.post("/demo", {"login": shown.login})

        assert client.session["way"] == "demo"
        assert row_of(client).account_id == shown.pk


class TestHowItEnds:
    def test_signing_out_kills_a_stolen_cookie(self, client: Client, account: Account) -> None:
        sign_in(client)
        thief = holding(cookie(client))
        assert is_in(thief)

        client.post("/sign-out")

        assert not is_in(thief)
        assert not Session.objects.filter(account=account).exists()

    def test_by_itself_when_it_rested_too_long(self, client: Client, account: Account) -> None:
        sign_in(client)
        row = row_of(client)
        assert row.expires_at - row.seen_at == timedelta(hours=2)
        Session.objects.update(expires_at=timezone.now() - timedelta(seconds=1))

        assert not is_in(client)
        assert sweep_sessions(now=timezone.now()) >= 1
        assert not Session.objects.filter(pk=row.pk).exists()

    def test_moves_on_with_use_but_never_beyond_its_limit(self, client: Client, account: Account) -> None:
        sign_in(client)
        now = timezone.now()
        soon = now + timedelta(minutes=90)
        Session.objects.update(seen_at=now - timedelta(minutes=30), ends_at=soon, expires_at=soon)

        client.get("/account")

        row = row_of(client)
        assert now - row.seen_at < timedelta(minutes=1)
        assert row.expires_at == row.ends_at

    def test_of_staff_rests_half_an_hour_at_most(self, client: Client) -> None:
        clerk = AccountFactory(of_staff=True)
        client.force_login(clerk, backend="django.contrib.auth.backends.ModelBackend")

        row = row_of(client)

        assert (row.kind, row.expires_at - row.seen_at) == ("staff", timedelta(minutes=30))

    def test_of_the_elder_version_knows_no_rest(self, client: Client, account: Account) -> None:
        client.cookies["yici_elder"] = "1"
        sign_in(client)
        client.get("/account")

        row = row_of(client)

        assert row.expires_at == row.ends_at

    def test_after_a_change_of_password_elsewhere(self, client: Client, account: Account) -> None:
        phone = Client()
        sign_in(phone)
        sign_in(client)
        sent = {"old": PASSWORD, "new": "another long phrase", "again": "another long phrase"}

        assert client.post("/account/password", sent).status_code == 302

        assert is_in(client)
        assert not is_in(phone)

    @pytest.mark.parametrize(
        ("sent", "sentence"),
        [
            (
                {"old": "wrong", "new": "another long phrase", "again": "another long phrase"},
                "old password is not right",
            ),
            ({"old": PASSWORD, "new": "another long phrase", "again": "different"}, "differ"),
            ({"old": PASSWORD, "new": "1234567890", "again": "1234567890"}, "too common"),
        ],
    )
    def test_not_after_a_refused_change(
        self, english: Client, account: Account, sent: dict[str, str], sentence: str
    ) -> None:
        sign_in(english)

        answer = english.post("/account/password", sent)

        assert answer.status_code == 422
        assert sentence in answer.content.decode()
        account.refresh_from_db()
        assert account.check_password(PASSWORD)


class TestDevices:
    def test_are_listed_with_this_one_marked(self, english: Client, account: Account) -> None:
        sign_in(Client())
        sign_in(english)

        page = english.get("/account/devices").content.decode()

        assert page.count("Chrome · Linux</b>") == 2
        assert page.count("this device") == 1

    def test_are_ended_one_by_one(self, client: Client, account: Account) -> None:
        phone = Client()
        sign_in(phone)
        sign_in(client)

        client.post(f"/account/devices/{row_of(phone).public_id}/end")

        assert not is_in(phone)
        assert is_in(client)

    def test_of_others_are_not_there(self, client: Client, account: Account) -> None:
        sign_in(client)
        other = Client()
        other.force_login(AccountFactory(), backend="django.contrib.auth.backends.ModelBackend")

        assert client.post(f"/account/devices/{row_of(other).public_id}/end").status_code == 404
        assert is_in(other)

    def test_are_all_ended_at_once(self, client: Client, account: Account) -> None:
        phone = Client()
        sign_in(phone)
        sign_in(client)

        assert client.post("/account/devices/end").headers["Location"] == "/signed-out"

        assert not is_in(phone)
        assert not is_in(client)


def test_somebody_at_a_low_level_sees_no_records(client: Client, account: Account) -> None:
    sign_in(client)
    assert client.get("/licences").status_code == 200
    session = client.session
    session["level"] = "registered"
    session.save()

    assert client.get("/licences").headers["Location"].startswith("/account/level?wanted=real_name")
    assert Party.objects.get(pk=account.party_id).verified
