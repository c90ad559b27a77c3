"""Every address of the site, with who may open it: a new one without a line here fails."""

from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from tests.apps.factories import AccountFactory, OrganisationFactory, PartyFactory, StaffFactory
from tests.channels.known_routes import ROUTES
from yici.apps.people.models import Account
from yici.rules.items import Assurance
from yici.rules.people import Role

TONGLU = "330122000000"
NOBODY = UUID("01a21383-0000-7000-8000-000000000000")
IDS = (
    "public_id",
    "step_id",
    "attachment_id",
    "hall_id",
    "draft_id",
    "application_id",
    "case_id",
    "receipt_id",
    "handout_id",
    "paper_id",
)
FILLED = {**dict.fromkeys(IDS, NOBODY), "region": TONGLU}


def routes(resolver: URLResolver, before: str = "") -> Iterator[tuple[str, URLPattern]]:
    for one in resolver.url_patterns:
        text = before + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from routes(one, text)
        else:
            yield text, one


ALL = dict(routes(get_resolver()))


def address(route: str) -> str:
    found = f"/{route}"
    for name, value in {
        **FILLED,
        "key": "newborn",
        "name": "take",
        "rest": "nothing",
        "code": "2345678",
        "secret": "s",
        "number": "1",
        "what": "x",
        "month": "2018-03",
        "kind": "health",
    }.items():
        for kind in ("uuid", "slug", "str", "path", "int"):
            found = found.replace(f"<{kind}:{name}>", str(value))
    return found


def answers(client: Client, route: str) -> list[Any]:
    """Ask in both ways; what an address does not take at all (405) says nothing about who may open it."""
    asked = [client.get(address(route)), client.post(address(route))]
    return [one for one in asked if one.status_code != 405]


def of(*roles: Role, region: str = TONGLU) -> Callable[[], Account]:
    def made() -> Account:
        office = OrganisationFactory(code=region[:6], kind="government_service_hall")
        return AccountFactory(of_staff=True, staff=StaffFactory(roles=[*roles], post="post", organisation=office))

    return made


def registered() -> Account:
    return AccountFactory(party=PartyFactory(verified=False), assurance=Assurance.REGISTERED)


EVERYBODY: dict[str, Callable[[], Account]] = {
    "person": AccountFactory,
    "registered": registered,
    "reviewer": of(Role.REVIEWER),
    "clerk": of(Role.WINDOW),
    "clerk elsewhere": of(Role.WINDOW, region="330502000000"),
    "admin": of(Role.ADMIN),
    "auditor": of(Role.AUDITOR),
    "steward": of(Role.STEWARD),
    "reformer": of(Role.REFORM),
    "operator": of(Role.HOTLINE),
    "liaison": of(Role.LIAISON),
    "station": of(Role.STATION),
    "register": of(Role.UPWARD),
}
ALLOWED = {
    "staff": {
        "reviewer",
        "clerk",
        "clerk elsewhere",
        "admin",
        "auditor",
        "steward",
        "reformer",
        "operator",
        "liaison",
        "station",
        "register",
    },
    "congress": {"reviewer", "admin", "reformer", "operator", "liaison", "station", "register"},
    "stations": {"reformer", "liaison", "station"},
    "package": {"reformer", "liaison", "register"},
    "report": {"reformer", "operator", "liaison"},
    "operator": {"operator"},
    "clerk": {"clerk", "clerk elsewhere"},
    "keeper": {"admin", "auditor"},
    "bench": {"reformer"},
    "cockpit": {"operator", "reformer", "admin"},
    "topics": {"operator", "reformer", "admin"},
    "reviewer": {"reviewer"},
    "admin": {"admin"},
    "auditor": {"auditor"},
    "emergency": {"admin"},
    "steward": {"steward"},
    "person": {"person", "registered"},
    "account": set(EVERYBODY),
}
GUARDED = [(route, who) for route, who in ROUTES.items() if who in ALLOWED]


def named(value: object) -> str:
    return str(value)


def test_every_address_has_its_line_and_every_line_its_address() -> None:
    assert set(ALL) == set(ROUTES)


@pytest.mark.django_db
@pytest.mark.usefixtures("province")
class TestStrangers:
    def test_sign_in_first(self, client: Client) -> None:
        found = [(route, one) for route, _ in GUARDED for one in answers(client, route)]

        assert {route for route, _ in found} == {route for route, _ in GUARDED}
        assert [
            (route, one.status_code)
            for route, one in found
            if one.status_code != 302 or one.headers["Location"].partition("?")[0] != "/sign-in"
        ] == []

    def test_do_not_find_the_drafts_of_others(self, client: Client) -> None:
        owned = [route for route, who in ROUTES.items() if who == "owner"]

        assert [
            (route, one.status_code) for route in owned for one in answers(client, route) if one.status_code != 404
        ] == []


@pytest.mark.django_db
@pytest.mark.usefixtures("province")
@pytest.mark.parametrize("who", EVERYBODY)
class TestTheWrongOnes:
    def test_find_nothing(self, client: Client, who: str) -> None:
        client.force_login(EVERYBODY[who](), backend="django.contrib.auth.backends.ModelBackend")
        wrong = []
        for route, allowed in GUARDED:
            if who in ALLOWED[allowed]:
                continue
            for one in answers(client, route):
                raise_level = one.status_code == 302 and one.headers["Location"].startswith("/account/level")
                if one.status_code != 404 and not (allowed == "person" and raise_level):
                    wrong.append((route, one.status_code))

        assert wrong == []

    def test_find_nothing_of_others_where_they_may_enter(self, client: Client, who: str) -> None:
        client.force_login(EVERYBODY[who](), backend="django.contrib.auth.backends.ModelBackend")
        entered = [route for route, allowed in GUARDED if who in ALLOWED[allowed] and "<uuid" in route]
        wrong = [
            (route, one.status_code) for route in entered for one in answers(client, route) if one.status_code != 404
        ]

        assert wrong == []


@pytest.mark.django_db
@pytest.mark.usefixtures("province")
@pytest.mark.parametrize("who", ["person", "registered", "clerk"])
def test_no_address_breaks(client: Client, who: str) -> None:
    client.force_login(EVERYBODY[who](), backend="django.contrib.auth.backends.ModelBackend")
    leaving = {"sign-out", "account/devices/end"}
    pages = [route for route, allowed in ROUTES.items() if allowed != "programs" and route not in leaving]

    assert [route for route in pages for one in answers(client, route) if one.status_code >= 500] == []


class TestTargets:
    @pytest.mark.parametrize("route", ["sign-in", "language", "elder", "place", "demo"])
    @pytest.mark.parametrize(
        "target", ["https://evil.example", "//evil.example", "/\\evil.example", "http:evil.example"]
    )
    @pytest.mark.django_db
    @pytest.mark.usefixtures("province")
    def test_never_lie_on_another_site(self, client: Client, route: str, target: str) -> None:
        AccountFactory(login="demo-person", demo=True, demo_note="示例")
        sent = {"next": target, "region": TONGLU, "login": "demo-person", "language": "en", "elder": "0"}

        assert "evil" not in client.post(f"/{route}", sent).headers.get("Location", "")
