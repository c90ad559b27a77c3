"""The second factor of staff: enrolled, asked for, never taken twice, slow to guess, and reset by two people."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from django_otp.oath import TOTP

from tests.apps.factories import OrganisationFactory, StaffFactory
from yici.apps.journal import queries as journal
from yici.apps.people import factor_resets, second_factor
from yici.apps.people.actions import open_account
from yici.apps.people.factor_resets import CannotReset
from yici.apps.people.models import Account, Authenticator, FactorReset, RecoveryCode, Session
from yici.apps.people.second_factor import CannotGiveCode
from yici.apps.people.viewers import viewer_of
from yici.rules.people import Role

PASSWORD = "a long pass phrase"
NOW = datetime(2026, 3, 5, 2, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def quick_passwords(settings: Any) -> None:
    """Hashing is slow on purpose; what is tested here is not the hash."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def staff(roles: list[Role], region: str = "330122", login: str = "") -> Account:
    member = StaffFactory(roles=roles, post="decider", organisation=OrganisationFactory(code=region))
    made = open_account(login=login or f"staff-{member.pk}", password=PASSWORD, staff_id=member.pk, by="t", now=NOW)
    return Account.objects.get(pk=made.pk)


def code_of(account: Account, at: datetime) -> str:
    device = Authenticator.objects.filter(user=account).order_by("-pk")[0]
    totp = TOTP(bytes.fromhex(device.key))
    totp.time = at.timestamp()
    return f"{totp.token():06d}"


def enrolled(account: Account, at: datetime = NOW) -> list[str]:
    second_factor.begin_enrolment(account_id=account.pk, now=at)
    return second_factor.confirm_enrolment(account_id=account.pk, code=code_of(account, at), by="t", now=at)


def sign_in(client: Client, account: Account, **more: str) -> Any:
    return client.post("/sign-in", {"login": account.login, "password": PASSWORD, **more})


@pytest.fixture
def required(settings: Any) -> None:
    settings.STAFF_SECOND_FACTOR = "required"


class TestCodes:
    def test_leave_nothing_readable_in_the_database(self) -> None:
        account = staff([Role.DECIDER])
        codes = enrolled(account)
        key = Authenticator.objects.get().key

        with connection.cursor() as cursor:
            cursor.execute("SELECT a::text FROM people_authenticator a UNION SELECT r::text FROM people_recoverycode r")
            stored = " ".join(row[0] for row in cursor.fetchall())
        for value in (key, *codes, *(one.replace("-", "") for one in codes)):
            assert value not in stored

    def test_are_taken_once(self) -> None:
        account = staff([Role.DECIDER])
        enrolled(account)
        later = NOW + timedelta(seconds=60)
        code = code_of(account, later)

        second_factor.give_code(account_id=account.pk, code=code, by="t", now=later)

        with pytest.raises(CannotGiveCode, match="used already"):
            second_factor.give_code(account_id=account.pk, code=code, by="t", now=later)

    def test_older_than_the_last_one_are_not_taken(self) -> None:
        account = staff([Role.DECIDER])
        enrolled(account)
        later = NOW + timedelta(seconds=90)
        old = code_of(account, later - timedelta(seconds=30))
        second_factor.give_code(account_id=account.pk, code=code_of(account, later), by="t", now=later)

        with pytest.raises(CannotGiveCode):
            second_factor.give_code(account_id=account.pk, code=old, by="t", now=later)

    @pytest.mark.parametrize("code", ["", "12345", "abcdef", "１２３４５６", "-12345", "1234567", "000000\x00"])
    def test_that_are_none_are_refused_with_a_sentence(self, code: str) -> None:
        account = staff([Role.DECIDER])
        enrolled(account)

        with pytest.raises(CannotGiveCode) as refused:
            second_factor.give_code(account_id=account.pk, code=code, by="t", now=NOW)
        assert refused.value.text("zh")

    def test_are_slow_to_guess(self) -> None:
        account, now = staff([Role.DECIDER]), timezone.now()
        enrolled(account, now)
        later = now + timedelta(seconds=60)
        right = code_of(account, later)
        wrong = f"{(int(right) + 1) % 1_000_000:06d}"
        with pytest.raises(CannotGiveCode, match="wrong"):
            second_factor.give_code(account_id=account.pk, code=wrong, by="t", now=now)

        with pytest.raises(CannotGiveCode, match="try again in"):
            second_factor.give_code(account_id=account.pk, code=right, by="t", now=later)
        assert Authenticator.objects.get().throttling_failure_count == 1

    def test_on_paper_work_once_each(self) -> None:
        account = staff([Role.DECIDER])
        first, *others = enrolled(account)

        second_factor.give_code(account_id=account.pk, code=first.lower(), by="t", now=NOW)

        assert (len(others), second_factor.codes_left(account.pk)) == (9, 9)
        with pytest.raises(CannotGiveCode, match="used already"):
            second_factor.give_code(account_id=account.pk, code=first, by="t", now=NOW)

    def test_of_another_account_are_not_taken(self) -> None:
        account, other = staff([Role.DECIDER]), staff([Role.AUDITOR])
        codes = enrolled(account)
        enrolled(other)

        with pytest.raises(CannotGiveCode):
            second_factor.give_code(account_id=other.pk, code=codes[0], by="t", now=NOW)


class TestSigningIn:
    def test_of_a_decider_stops_until_a_device_is_set_up(self, client: Client, required: None) -> None:
        account = staff([Role.DECIDER])

        assert sign_in(client, account).headers["Location"].startswith("/second-factor")
        assert client.get("/desk/").headers["Location"] == "/second-factor?next=%2Fdesk%2F"
        assert client.get("/second-factor").headers["Location"] == "/account/second-factor"
        page = client.get("/account/second-factor").content.decode()
        assert "<svg" in page
        before = client.cookies["sessionid"].value

        answer = client.post("/account/second-factor", {"code": code_of(account, timezone.now())})

        assert len(re.findall(r"<kbd>[A-Z2-7]{4}-", answer.content.decode())) == 10
        assert client.cookies["sessionid"].value != before
        assert client.get("/desk/").status_code == 200
        assert "<kbd>" not in client.get("/account/second-factor").content.decode().split("</header>")[1]

    @pytest.mark.parametrize(
        "path", ["/desk/", "/desk/second-factors", "/window/needs", "/account", "/account/devices"]
    )
    def test_opens_nothing_before_the_code(self, client: Client, required: None, path: str) -> None:
        account = staff([Role.ADMIN, Role.WINDOW])
        enrolled(account)
        sign_in(client, account)

        assert client.get(path).headers["Location"].startswith("/second-factor")
        assert client.post(path).headers["Location"].startswith("/second-factor")
        assert not viewer_in(client, path).is_staff

    def test_goes_on_with_the_code_to_where_the_person_was(self, client: Client, required: None) -> None:
        account = staff([Role.DECIDER])
        enrolled(account, timezone.now() - timedelta(minutes=5))
        sign_in(client, account, next="/desk/?tab=mine")

        answer = client.post("/second-factor", {"code": code_of(account, timezone.now()), "next": "/desk/?tab=mine"})

        assert answer.headers["Location"] == "/desk/?tab=mine"
        assert client.get("/desk/?tab=mine").status_code == 200
        assert Session.objects.get(account=account).sealed["second_factor"]

    def test_does_not_lead_to_another_site(self, client: Client, required: None) -> None:
        account = staff([Role.DECIDER])
        enrolled(account, timezone.now() - timedelta(minutes=5))
        sign_in(client, account)

        sent = {"code": code_of(account, timezone.now()), "next": "https://evil.example/"}
        assert client.post("/second-factor", sent).headers["Location"] == "/desk/"

    def test_of_a_clerk_needs_no_code(self, client: Client, required: None) -> None:
        assert sign_in(client, staff([Role.WINDOW])).headers["Location"] == "/desk/"
        assert client.get("/desk/").status_code == 200

    def test_that_came_in_another_way_is_asked_too(self, client: Client, required: None) -> None:
        """A session that nobody marked, as a new way to sign in might forget to."""
        client.force_login(staff([Role.DECIDER]), backend="django.contrib.auth.backends.ModelBackend")

        assert client.get("/desk/").headers["Location"].startswith("/second-factor")

    def test_where_it_is_only_offered_asks_whoever_has_enrolled(self, client: Client) -> None:
        account = staff([Role.WINDOW])
        enrolled(account)

        assert sign_in(client, account).headers["Location"].startswith("/second-factor")
        assert sign_in(Client(), staff([Role.DECIDER])).headers["Location"] == "/desk/"

    def test_in_the_demonstration_says_that_it_is_off(self, english: Client) -> None:
        english.force_login(staff([Role.DECIDER]), backend="django.contrib.auth.backends.ModelBackend")

        assert "off in the demonstration" in english.get("/account").content.decode()
        assert "off in the demonstration" in english.get("/account/second-factor").content.decode()

    def test_ends_the_other_sessions_when_a_device_is_set_up(self, client: Client) -> None:
        account, phone = staff([Role.DECIDER]), Client()
        sign_in(phone, account)
        sign_in(client, account)
        client.get("/account/second-factor")

        client.post("/account/second-factor", {"code": code_of(account, timezone.now())})

        assert phone.get("/desk/").headers["Location"].startswith("/sign-in")


def viewer_in(client: Client, path: str) -> Any:
    return client.get(path).wsgi_request.viewer


class TestRemoving:
    def test_takes_a_code(self, english: Client) -> None:
        account = staff([Role.DECIDER])
        codes = enrolled(account)
        sign_in(english, account)
        english.post("/second-factor", {"code": codes[0]})

        assert english.post("/account/second-factor/remove", {"code": "000000"}).status_code == 422
        Authenticator.objects.update(throttling_failure_count=0, throttling_failure_timestamp=None)
        assert english.post("/account/second-factor/remove", {"code": codes[1]}).status_code == 302

        assert not Authenticator.objects.exists()
        assert not RecoveryCode.objects.exists()

    def test_is_not_there_for_posts_that_need_one(self, client: Client, required: None) -> None:
        account = staff([Role.DECIDER])
        codes = enrolled(account)
        sign_in(client, account)
        client.post("/second-factor", {"code": codes[0]})

        assert client.post("/account/second-factor/remove", {"code": codes[1]}).status_code == 404


class TestLostDevice:
    def people(self) -> tuple[Account, Any, Any]:
        lost = staff([Role.DECIDER], login="lost-phone")
        enrolled(lost)
        admin = viewer_of(staff([Role.ADMIN], "330000"))
        auditor = viewer_of(staff([Role.AUDITOR], "330000"))
        return lost, admin, auditor

    def test_is_reset_by_two_people(self, client: Client) -> None:
        lost, admin, auditor = self.people()
        client.force_login(lost, backend="django.contrib.auth.backends.ModelBackend")

        asked = factor_resets.ask_reset(login="lost-phone", reason="手机丢失，已当面核对工作证", by=admin, now=NOW)
        assert second_factor.is_enrolled(lost.pk)
        assert [one.is_own for one in factor_resets.open_resets(admin)] == [True]
        factor_resets.settle_reset(public_id=asked, agreed=True, by=auditor, now=NOW)

        assert not second_factor.is_enrolled(lost.pk)
        assert not Session.objects.filter(account=lost).exists()
        lines = journal.entries_for(str(lost))
        assert {line.by for line in lines if "factor_reset" in line.kind} == {admin.label, auditor.label}
        assert "手机丢失" not in str([line.facts for line in lines])

    def test_is_not_reset_by_the_one_who_asked(self) -> None:
        lost, admin, _ = self.people()
        asked = factor_resets.ask_reset(login="lost-phone", reason="手机丢失", by=admin, now=NOW)

        for agreed in (True, False):
            with pytest.raises(CannotReset, match="his own request"):
                factor_resets.settle_reset(public_id=asked, agreed=agreed, by=admin, now=NOW)
        assert second_factor.is_enrolled(lost.pk)

    @pytest.mark.parametrize("who", ["a decider", "an administrator elsewhere", "himself", "an auditor"])
    def test_cannot_be_asked_for_by_others(self, who: str) -> None:
        lost, _, auditor = self.people()
        viewer = {
            "a decider": lambda: viewer_of(staff([Role.DECIDER], "330000")),
            "an administrator elsewhere": lambda: viewer_of(staff([Role.ADMIN], "330500")),
            "himself": lambda: viewer_of(lost),
            "an auditor": lambda: auditor,
        }[who]()

        with pytest.raises(CannotReset, match="no such account"):
            factor_resets.ask_reset(login="lost-phone", reason="手机丢失", by=viewer, now=NOW)
        assert not FactorReset.objects.exists()

    def test_cannot_be_agreed_to_from_elsewhere(self) -> None:
        _, admin, _ = self.people()
        asked = factor_resets.ask_reset(login="lost-phone", reason="手机丢失", by=admin, now=NOW)
        elsewhere = viewer_of(staff([Role.AUDITOR], "330500"))

        assert factor_resets.open_resets(elsewhere) == []
        with pytest.raises(FactorReset.DoesNotExist):
            factor_resets.settle_reset(public_id=asked, agreed=True, by=elsewhere, now=NOW)

    def test_waits_once_and_is_settled_once(self) -> None:
        _, admin, auditor = self.people()
        asked = factor_resets.ask_reset(login="lost-phone", reason="手机丢失", by=admin, now=NOW)
        with pytest.raises(CannotReset, match="waits already"):
            factor_resets.ask_reset(login="lost-phone", reason="手机丢失", by=admin, now=NOW)
        factor_resets.settle_reset(public_id=asked, agreed=False, by=auditor, now=NOW)

        with pytest.raises(CannotReset, match="settled already"):
            factor_resets.settle_reset(public_id=asked, agreed=True, by=auditor, now=NOW)

    def test_goes_through_the_page(self, english: Client) -> None:
        lost, _, _ = self.people()
        english.force_login(staff([Role.ADMIN], "330000"), backend="django.contrib.auth.backends.ModelBackend")
        assert english.post("/desk/second-factors", {"login": "nobody", "reason": "x"}).status_code == 422
        english.post("/desk/second-factors", {"login": "lost-phone", "reason": "lost on the train"})
        second = Client()
        second.force_login(staff([Role.AUDITOR], "330000"), backend="django.contrib.auth.backends.ModelBackend")
        assert "lost on the train" in second.get("/desk/second-factors").content.decode()

        second.post(f"/desk/second-factors/{FactorReset.objects.get().public_id}", {"agreed": "1"})

        assert not second_factor.is_enrolled(lost.pk)
