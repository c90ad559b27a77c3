"""Sign-in with a provider written by others, in another process, over real HTTP."""

import logging
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from django.conf import settings as site_settings
from django.test import Client

from tests.apps.factories import AccountFactory, PartyFactory
from tests.provider.running import FACE, LEVELS, LOW, SIGN, RunningProvider, at_the_provider, running_provider
from yici.apps.journal import queries as journal
from yici.apps.people.models import Account, Party, ProviderIdentity, Session
from yici.apps.people.provider import forget_published
from yici.apps.people.signing import LEVEL
from yici.config import checking
from yici.rules.items import Assurance

SITE = "http://testserver"
NOW = datetime(2018, 3, 5, 2, 0, tzinfo=UTC)
PEOPLE = ["wang", "li"]


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningProvider]:
    with running_provider(tmp_path_factory.mktemp("provider"), PEOPLE, [SITE]) as running:
        yield running


@pytest.fixture
def provider(elsewhere: RunningProvider, settings: Any) -> RunningProvider:
    settings.SITE_ADDRESS = SITE
    settings.OIDC_ISSUER, settings.OIDC_CLIENT_ID = elsewhere.issuer, "yici"
    settings.OIDC_CLIENT_SECRET, settings.OIDC_LEVELS = "a secret of the tests", LEVELS
    forget_published()
    return elsewhere


@pytest.fixture
def wang(db: None) -> Party:
    return PartyFactory(name="王示例")


def says(provider: RunningProvider, party: Party, levels: list[str], **more: Any) -> None:
    provider.says("wang", levels=levels, id_number=party.id_number, name=party.name, **more)


def there(client: Client, query: str = "") -> str:
    """Begin at our site; return the provider's address the browser is sent to."""
    sent = client.get(f"/sign-in/provider{query}")
    assert sent.status_code == 302, sent.content.decode()
    return str(sent.headers["Location"])


def path_of(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.path}?{parts.query}"


def sign_in(client: Client, name: str = "wang", query: str = "") -> Any:
    return client.get(path_of(at_the_provider(there(client, query), name)))


def level_in(client: Client) -> str:
    return str(client.session[LEVEL])


class TestTheWayThere:
    def test_carries_state_nonce_and_a_proof_key(self, client: Client, provider: RunningProvider, db: None) -> None:
        first, second = (parse_qs(urlsplit(there(client)).query) for _ in range(2))

        assert first["code_challenge_method"] == ["S256"]
        assert first["acr_values"] == [f"{FACE} {SIGN}"]
        assert all(first[key] != second[key] for key in ("state", "nonce", "code_challenge"))

    def test_does_not_exist_without_a_provider(self, client: Client, db: None) -> None:
        assert client.get("/sign-in/provider").status_code == 404
        assert client.get("/sign-in/provider/back?code=1&state=2").status_code == 404
        assert "/sign-in/provider" not in client.get("/sign-in").content.decode()

    def test_says_so_when_the_provider_does_not_answer(
        self, english: Client, provider: RunningProvider, settings: Any, db: None
    ) -> None:
        settings.OIDC_ISSUER = "http://127.0.0.1:1/o"

        answer = english.get("/sign-in/provider")

        assert answer.status_code == 422
        assert "does not answer" in answer.content.decode()

    def test_refuses_a_provider_that_names_itself_otherwise(
        self, english: Client, provider: RunningProvider, settings: Any, db: None
    ) -> None:
        settings.OIDC_ISSUER = provider.issuer.replace("127.0.0.1", "localhost")

        assert "cannot be trusted" in english.get("/sign-in/provider").content.decode()


class TestCheck:
    def test_finds_nothing_wrong_with_a_provider_that_fits(self, provider: RunningProvider) -> None:
        assert checking.sign_in_problems() == []

    @pytest.mark.parametrize(
        ("changes", "sentence"),
        [
            ({"OIDC_LEVELS": ""}, "neither real_name nor signed"),
            ({"OIDC_LEVELS": "face=best"}, "is not 'acr=level'"),
            ({"OIDC_CLAIMS": "name=name"}, "where id_number and name stand"),
            ({"OIDC_CLIENT_SECRET": ""}, "half configured"),
            ({"OIDC_ISSUER": "http://127.0.0.1:1/o"}, "does not answer"),
            ({"STAFF_SECOND_FACTOR": "sometimes"}, "either required or offered"),
            ({"DEMO": False, "STAFF_SECOND_FACTOR": "offered"}, "no second factor on a real site"),
        ],
    )
    def test_names_what_does_not_fit(
        self, provider: RunningProvider, settings: Any, changes: dict[str, Any], sentence: str
    ) -> None:
        for name, value in changes.items():
            setattr(settings, name, value)

        assert any(sentence in one.en for one in checking.sign_in_problems())


class TestSignIn:
    def test_opens_the_account_of_the_person_it_names(
        self, client: Client, provider: RunningProvider, wang: Party
    ) -> None:
        says(provider, wang, [FACE])

        answer = sign_in(client, query="?next=/licences")

        assert (answer.status_code, answer.headers["Location"]) == (302, "/licences")
        account = Account.objects.get(party=wang)
        assert (account.assurance, account.has_usable_password()) == (Assurance.REAL_NAME, False)
        assert client.get("/licences").status_code == 200
        kinds = {line.kind for line in journal.entries_for(str(account))}
        assert {"people.account_opened", "people.identity_joined", "people.signed_in"} <= kinds

    def test_finds_the_same_account_again(self, client: Client, provider: RunningProvider, wang: Party) -> None:
        says(provider, wang, [FACE])
        sign_in(client)
        sign_in(Client())

        assert Account.objects.filter(party=wang).count() == 1
        assert ProviderIdentity.objects.count() == 1

    def test_records_a_person_nobody_knew(self, client: Client, provider: RunningProvider, db: None) -> None:
        new = PartyFactory.build(name="李新", region=None)
        says(provider, new, [FACE])
        sign_in(client)

        party = Account.objects.get(party__isnull=False).party
        assert party is not None
        assert (party.verified, party.name, party.id_number) == (True, "李新", new.id_number)

    def test_at_a_level_that_proves_nothing_shows_no_records(
        self, client: Client, provider: RunningProvider, wang: Party
    ) -> None:
        says(provider, wang, [LOW])
        sign_in(client)

        assert level_in(client) == "registered"
        assert not Account.objects.filter(party=wang).exists()
        assert client.get("/licences").headers["Location"].startswith("/account/level")

    def test_at_a_lower_level_later_keeps_nothing_of_the_higher_one(
        self, client: Client, provider: RunningProvider, wang: Party
    ) -> None:
        says(provider, wang, [SIGN])
        sign_in(client)
        assert level_in(client) == "signed"
        says(provider, wang, [LOW])

        sign_in(client)

        assert level_in(client) == "registered"
        assert client.get("/licences").headers["Location"].startswith("/account/level")
        assert client.get("/account").status_code == 200

    def test_with_an_unknown_word_for_the_level_proves_nothing(
        self, client: Client, provider: RunningProvider, wang: Party
    ) -> None:
        says(provider, wang, ["urn:example:brand-new"])
        sign_in(client)

        assert level_in(client) == "registered"

    def test_refuses_a_number_under_another_name(self, english: Client, provider: RunningProvider, wang: Party) -> None:
        provider.says("wang", levels=[FACE], id_number=wang.id_number, name="王别名")

        answer = sign_in(english)

        assert answer.status_code == 422
        assert "under another name" in answer.content.decode()
        assert not Account.objects.exists()

    def test_refuses_a_subject_that_is_somebody_else_now(
        self, english: Client, provider: RunningProvider, wang: Party
    ) -> None:
        says(provider, wang, [FACE])
        sign_in(english)
        says(provider, PartyFactory(name="别人"), [FACE])

        assert "not the one of this account" in sign_in(in_english()).content.decode()

    def test_gives_the_session_a_new_key(self, client: Client, provider: RunningProvider, wang: Party) -> None:
        says(provider, wang, [FACE])
        back = at_the_provider(there(client), "wang")
        planted = client.cookies["sessionid"].value

        client.get(path_of(back))

        assert client.cookies["sessionid"].value != planted
        thief = Client()
        thief.cookies["sessionid"] = planted
        assert thief.get("/licences").headers["Location"].startswith("/sign-in")

    def test_does_not_lead_to_another_site(self, client: Client, provider: RunningProvider, wang: Party) -> None:
        says(provider, wang, [FACE])

        assert sign_in(client, query="?next=https://evil.example/").headers["Location"] == "/"
        assert sign_in(Client(), query="?next=//evil.example/").headers["Location"] == "/"


def in_english() -> Client:
    """Another browser."""
    made = Client()
    made.cookies[site_settings.LANGUAGE_COOKIE_NAME] = "en"
    return made


class TestAnswersThatAreNotTaken:
    def test_denied(self, english: Client, provider: RunningProvider, wang: Party) -> None:
        says(provider, wang, [FACE])
        back = at_the_provider(there(english), "wang", allow=False)

        answer = english.get(path_of(back))

        assert "You declined" in answer.content.decode()
        assert not Account.objects.exists()

    def test_a_code_sent_twice(self, english: Client, provider: RunningProvider, wang: Party) -> None:
        says(provider, wang, [FACE])
        back = at_the_provider(there(english), "wang")
        english.get(path_of(back))

        assert "not begun in this browser" in english.get(path_of(back)).content.decode()

    def test_a_code_in_another_browser(self, english: Client, provider: RunningProvider, wang: Party) -> None:
        says(provider, wang, [FACE])
        back = at_the_provider(there(english), "wang")

        stranger = in_english()

        assert "not begun in this browser" in stranger.get(path_of(back)).content.decode()
        assert not Account.objects.exists()

    def test_a_code_stolen_into_a_sign_in_of_ones_own(
        self, english: Client, provider: RunningProvider, wang: Party
    ) -> None:
        says(provider, wang, [FACE])
        code = parse_qs(urlsplit(at_the_provider(there(english), "wang")).query)["code"][0]
        thief = in_english()
        state = parse_qs(urlsplit(there(thief)).query)["state"][0]

        answer = thief.get(f"/sign-in/provider/back?code={code}&state={state}")

        assert "used already or is no longer valid" in answer.content.decode()

    def test_a_state_that_waited_too_long(self, english: Client, provider: RunningProvider, wang: Party) -> None:
        says(provider, wang, [FACE])
        back = at_the_provider(there(english), "wang")
        session = english.session
        for waiting in session["oidc_states"].values():
            waiting["added_on"] -= 601
        session.save()

        assert "too long ago" in english.get(path_of(back)).content.decode()

    @pytest.mark.parametrize(
        ("faults", "sentence"),
        [
            ({"exp": 1_500_000_000}, "out of date"),
            ({"iat": 4_000_000_000}, "clocks disagree"),
            ({"iss": "https://other.example"}, "cannot be trusted"),
            ({"aud": "another-site"}, "cannot be trusted"),
            ({"nonce": "another"}, "cannot be trusted"),
            ({"aud": ["yici", "another-site"], "azp": "another-site"}, "cannot be trusted"),
        ],
        ids=["expired", "clock ahead", "wrong issuer", "wrong audience", "wrong nonce", "meant for another party"],
    )
    def test_of_a_broken_or_false_provider(
        self, english: Client, provider: RunningProvider, wang: Party, faults: dict[str, Any], sentence: str
    ) -> None:
        says(provider, wang, [FACE], faults=faults)

        answer = sign_in(english)

        assert answer.status_code == 422
        assert sentence in answer.content.decode()
        assert not Account.objects.exists()


class TestStepUp:
    def test_leads_to_the_provider_and_back_to_the_same_place(
        self, client: Client, provider: RunningProvider, wang: Party
    ) -> None:
        says(provider, wang, [FACE, SIGN])
        sign_in(client)
        assert level_in(client) == "real_name"
        before = client.cookies["sessionid"].value

        sent = client.get("/mandates/offer").headers["Location"]
        assert sent == "/account/level?wanted=signed&next=%2Fmandates%2Foffer"
        assert "/sign-in/provider?level=signed&amp;next=/mandates/offer" in client.get(sent).content.decode()
        answer = sign_in(client, query="?level=signed&next=/mandates/offer")

        assert answer.headers["Location"] == "/mandates/offer"
        assert level_in(client) == "signed"
        assert client.cookies["sessionid"].value != before

    def test_says_so_when_the_provider_confirms_less(
        self, client: Client, provider: RunningProvider, wang: Party
    ) -> None:
        says(provider, wang, [FACE])

        answer = sign_in(client, query="?level=signed&next=/mandates/offer")

        assert answer.headers["Location"].startswith("/account/level?wanted=signed")


class TestJoining:
    def test_never_happens_by_number_or_name_alone(
        self, client: Client, provider: RunningProvider, wang: Party
    ) -> None:
        own = AccountFactory(party=wang)
        says(provider, wang, [FACE])

        sign_in(client)

        assert not own.identities.exists()
        assert ProviderIdentity.objects.get().account_id != own.pk

    def join(self, client: Client) -> Any:
        sent = client.post("/account/join", {"next": "/account"}).headers["Location"]
        return client.get(path_of(at_the_provider(sent, "wang")))

    def test_happens_for_whoever_signs_in_with_both(
        self, client: Client, provider: RunningProvider, wang: Party
    ) -> None:
        own = AccountFactory(party=wang)
        says(provider, wang, [FACE])
        sign_in(Client())
        client.force_login(own, backend="django.contrib.auth.backends.ModelBackend")

        answer = self.join(client)

        assert answer.headers["Location"] == "/account"
        assert ProviderIdentity.objects.get().account_id == own.pk
        assert Account.objects.filter(party=wang, is_active=True).get() == own
        assert not Session.objects.exclude(account=own).filter(account__isnull=False).exists()

    def test_makes_a_registered_account_real_name(self, client: Client, provider: RunningProvider, wang: Party) -> None:
        claim = PartyFactory(verified=False, name=wang.name, id_number=wang.id_number)
        own = AccountFactory(party=claim, assurance=Assurance.REGISTERED)
        says(provider, wang, [SIGN])
        client.force_login(own, backend="django.contrib.auth.backends.ModelBackend")

        self.join(client)

        own.refresh_from_db()
        assert (own.party, own.assurance) == (wang, Assurance.REAL_NAME)

    def test_is_refused_for_two_different_people(self, english: Client, provider: RunningProvider, wang: Party) -> None:
        own = AccountFactory(party=PartyFactory(name="另一人"))
        says(provider, wang, [FACE])
        english.force_login(own, backend="django.contrib.auth.backends.ModelBackend")

        assert "nothing was joined" in self.join(english).content.decode()
        assert not ProviderIdentity.objects.exists()


class TestSignOut:
    def test_ends_the_session_at_the_provider_too(self, client: Client, provider: RunningProvider, wang: Party) -> None:
        says(provider, wang, [FACE])
        browser = httpx.Client(trust_env=False)
        back = at_the_provider(there(client), "wang", browser=_kept_open(browser))
        client.get(path_of(back))
        stolen = client.cookies["sessionid"].value

        away = client.post("/sign-out").headers["Location"]

        assert away.startswith(f"{provider.issuer}/logout/")
        assert "id_token_hint" in away
        answer = browser.get(away)
        assert answer.headers["location"].startswith(f"{SITE}/signed-out")
        again = browser.get(there(client), follow_redirects=True)
        assert 'name="password"' in again.text
        browser.close()
        thief = Client()
        thief.cookies["sessionid"] = stolen
        assert thief.get("/licences").headers["Location"].startswith("/sign-in")


def _kept_open(browser: httpx.Client) -> Any:
    class Open:
        def __enter__(self) -> httpx.Client:
            return browser

        def __exit__(self, *_ended: object) -> None:
            """Stays open: the test goes on with it."""

    return Open()


def test_leaves_no_personal_value_in_the_log(
    client: Client, provider: RunningProvider, wang: Party, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    for faults in ({}, {"exp": 1_500_000_000}, {"aud": "another"}):
        says(provider, wang, [FACE], faults=faults)
        sign_in(Client())

    assert wang.id_number not in caplog.text
    assert wang.name not in caplog.text
