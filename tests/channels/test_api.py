"""The interface for other programs: what it promises, and what it says when something is wrong."""

import json
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.test import Client
from django.urls import URLPattern
from jsonschema import Draft202012Validator

from tests.apps.factories import AccountFactory, OrganisationFactory, PartyFactory
from tests.channels.conftest import NOW
from yici.apps.licences import actions as licences
from yici.apps.licences.models import Licence
from yici.apps.licences.queries import code_of
from yici.apps.people.models import Account
from yici.apps.people.viewers import viewer_of
from yici.apps.planning import actions as planning
from yici.channels.api import openapi, urls

TONGLU = "330122000000"
DESCRIBED = json.loads(openapi.DOCUMENT)


def fits(name: str, document: object) -> bool:
    """Whether an answer has the shape that the description gives it."""
    schema = {"$ref": f"#/components/schemas/{name}", "components": DESCRIBED["components"]}
    Draft202012Validator(schema).validate(document)
    return True


def ask(client: Client, body: object, **headers: Any) -> Any:
    return client.post("/api/v1/plans", json.dumps(body), content_type="application/json", **headers)


class TestDescription:
    def test_names_every_address_and_no_other(self) -> None:
        routes = {
            "/" + str(route.pattern).replace("<slug:key>", "{key}").replace("<uuid:public_id>", "{id}")
            for route in urls.urlpatterns
            if isinstance(route, URLPattern) and route.name
        }

        assert routes == set(DESCRIBED["paths"])

    def test_every_reference_leads_somewhere(self) -> None:
        def references(part: Any) -> set[str]:
            if isinstance(part, dict):
                own = {part["$ref"]} if isinstance(part.get("$ref"), str) else set()
                return own.union(*map(references, part.values()))
            return set().union(*map(references, part)) if isinstance(part, list) else set()

        for reference in references(DESCRIBED):
            part: Any = DESCRIBED
            for step in reference.removeprefix("#/").split("/"):
                part = part[step]

    def test_is_served(self, client: Client, db: None) -> None:
        assert client.get("/api/v1/openapi.json").json()["openapi"].startswith("3.1")

    @pytest.mark.parametrize("path", sorted(DESCRIBED["paths"]))
    def test_refuses_methods_it_does_not_describe(self, client: Client, db: None, path: str) -> None:
        address = "/api/v1" + path.replace("{key}", "x").replace("{id}", str(uuid4()))

        answer = client.delete(address)

        assert answer.status_code == 405
        assert set(answer["Allow"].lower().split(", ")) == set(DESCRIBED["paths"][path])


class TestPlans:
    def test_answers_like_the_command(self, client: Client, province: None, db: None) -> None:
        answer = ask(client, {"event": "newborn", "region": "330122"})

        assert answer.status_code == 200
        assert fits("Plan", answer.json())

    def test_refuses_a_null_character(self, client: Client, province: None, db: None) -> None:
        answer = ask(client, {"event": "newborn", "region": "330122", "answers": {"birth_place": "a\x00b"}})

        assert answer.status_code == 422
        assert "null character" in answer.json()["detail"]

    def test_missing_holdings_change_the_plan(self, client: Client, province: None, db: None) -> None:
        there = ask(client, {"event": "newborn", "region": "330122", "holdings": {"*": "available"}}).json()
        missing = ask(client, {"event": "newborn", "region": "330122", "holdings": {"*": "missing"}}).json()

        assert there["bring"] == []
        assert missing["visits"] > there["visits"] or missing["bring"] != there["bring"]

    @pytest.mark.parametrize(
        ("body", "status"),
        [
            ({"event": "newborn"}, 422),
            ({"event": "newborn", "region": "990000"}, 422),
            ({"event": "no_such_need", "region": "330122"}, 404),
            ({"event": "newborn", "region": "330122", "answers": {"no_such_question": 1}}, 422),
            ({"event": "newborn", "region": "330122", "holdings": {"*": "perhaps"}}, 422),
            ({"event": "newborn", "region": "330122", "colour": "red"}, 422),
            ({"event": "newborn", "region": "\u0000"}, 422),
            ([], 422),
        ],
        ids=lambda value: json.dumps(value)[:60],
    )
    def test_says_what_is_wrong(self, client: Client, province: None, db: None, body: object, status: int) -> None:
        answer = ask(client, body)

        assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
        assert fits("Problem", answer.json())

    @pytest.mark.parametrize("raw", [b"", b"{", b"\xff\xfe", b'{"event": "\xff"}'])
    def test_survives_what_is_no_json(self, client: Client, province: None, db: None, raw: bytes) -> None:
        answer = client.post("/api/v1/plans", raw, content_type="application/json")

        assert answer.status_code == 400
        assert fits("Problem", answer.json())

    def test_refuses_a_body_without_end(self, client: Client, db: None) -> None:
        assert ask(client, {"event": "x" * 200_000, "region": "330122"}).status_code == 413


class TestLists:
    @pytest.mark.parametrize("name", ["events", "items"])
    def test_pages_give_everything_once(self, client: Client, province: None, db: None, name: str) -> None:
        whole = [row["key"] for row in pages(client, f"/api/v1/{name}?region=330122&limit=100", name)]
        in_sevens = [row["key"] for row in pages(client, f"/api/v1/{name}?region=330122&limit=7", name)]

        assert whole == in_sevens == sorted(set(whole))
        assert len(whole) > 10

    @pytest.mark.parametrize("limit", ["0", "101", "-1", "x", "１", "1e3"])
    def test_refuses_a_strange_limit(self, client: Client, province: None, db: None, limit: str) -> None:
        assert client.get("/api/v1/items", {"limit": limit}).status_code == 422

    def test_gives_one_item_whole(self, client: Client, province: None, db: None) -> None:
        assert client.get("/api/v1/items/food_sales_permit").json()["item"] == "food_sales_permit"
        assert client.get("/api/v1/items/no-such-item").status_code == 404

    def test_unknown_addresses_are_problems_too(self, client: Client, db: None) -> None:
        answer = client.get("/api/v1/nothing/here")

        assert answer.status_code == 404
        assert fits("Problem", answer.json())


def pages(client: Client, address: str | None, name: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    while address:
        page = client.get(address).json()
        rows += page[name]
        address = page["next"]
    return rows


class TestVerify:
    @pytest.fixture
    def licence(self, province: None, db: None) -> Licence:
        issued = licences.issue(
            type_key="birth_certificate",
            holder_id=PartyFactory(name="方小满").pk,
            holder_name="方小满",
            rows=[],
            organisation_id=OrganisationFactory().pk,
            case_reference="test-case",
            by="system:test",
            now=NOW,
        )
        return Licence.objects.select_related("type").get(public_id=issued)

    def test_by_identifier_and_by_the_text_of_the_code(self, client: Client, licence: Licence) -> None:
        for code in (licence.identifier, code_of(licence)):
            answer = client.get("/api/v1/licences/verify", {"code": code}).json()

            assert fits("Verification", answer)
            assert (answer["status"], answer["holder_masked"]) == ("valid", "方**")

    def test_a_changed_code_is_not_believed(self, client: Client, licence: Licence) -> None:
        code = code_of(licence)

        assert client.get("/api/v1/licences/verify", {"code": code[:-8] + "AAAAAAAA"}).status_code == 422

    @pytest.mark.parametrize(("code", "status"), [("", 422), ("1", 404), ("y1.a.b", 422), ("#", 422), ("\x00", 422)])
    def test_knows_nothing_else(self, client: Client, province: None, db: None, code: str, status: int) -> None:
        assert client.get("/api/v1/licences/verify", {"code": code}).status_code == status


class TestOwnAffairs:
    @pytest.fixture
    def account(self, province: None, db: None) -> Account:
        return AccountFactory()

    def sign_in(self, client: Client, account: Account) -> None:
        client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")

    def submit(self, client: Client, draft: object, key: str = "once", **headers: str) -> Any:
        body = json.dumps({"draft": str(draft)})
        sent = {"Idempotency-Key": key, **headers}
        return client.post("/api/v1/applications", body, content_type="application/json", headers=sent)

    def test_strangers_sign_in_first(self, client: Client, db: None) -> None:
        assert client.get("/api/v1/applications").status_code == 401
        assert self.submit(client, uuid4()).status_code == 401
        assert client.get(f"/api/v1/cases/{uuid4()}").status_code == 401

    def test_nobody_sees_what_is_not_his(self, client: Client, account: Account) -> None:
        self.sign_in(client, account)

        assert client.get("/api/v1/applications").json() == {"applications": [], "next": None}
        assert client.get(f"/api/v1/cases/{uuid4()}").status_code == 404
        assert self.submit(client, uuid4()).status_code == 404

    def test_submitting_needs_a_key_to_repeat_it(self, client: Client, account: Account) -> None:
        self.sign_in(client, account)

        assert self.submit(client, uuid4(), key="").json()["type"].endswith("#key-missing")

    def test_another_site_cannot_submit(self, account: Account) -> None:
        careful = Client(enforce_csrf_checks=True)
        self.sign_in(careful, account)

        assert self.submit(careful, uuid4()).json()["type"].endswith("#forgery")

    def test_the_own_page_can_submit(self, account: Account) -> None:
        careful = Client(enforce_csrf_checks=True)
        self.sign_in(careful, account)
        careful.get("/")
        careful.cookies[settings.CSRF_COOKIE_NAME] = token = "a" * 32

        assert self.submit(careful, uuid4(), **{"X-CSRFToken": token}).status_code == 404

    @pytest.mark.parametrize("mark", ["yesterday", "2018-13-01T00:00:00Z", "2018-01-01T00:00:00"])
    def test_refuses_a_mark_it_never_gave(self, client: Client, account: Account, mark: str) -> None:
        self.sign_in(client, account)

        assert client.get("/api/v1/applications", {"before": mark}).status_code == 422

    def test_a_draft_that_is_not_ready_is_refused_with_its_fields(self, client: Client, account: Account) -> None:
        draft = planning.start_draft(
            by=viewer_of(account), browser="", event_key="newborn", region_code=TONGLU, now=NOW
        )
        self.sign_in(client, account)

        answer = self.submit(client, draft)

        assert answer.status_code in {409, 422}
        assert fits("Problem", answer.json())
