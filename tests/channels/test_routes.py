"""Every address of the site, with who may open it: a new one without a line here fails."""

from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from tests.apps.factories import AccountFactory, OrganisationFactory, PartyFactory, StaffFactory
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
# Who may open an address: everybody; people with records of their own; whoever is signed in; staff; clerks of a
# window; stewards; operators of the hotline; administrators and auditors ("keeper"). "device" is a paired kiosk: others
# are told how to pair one. "programs" is the interface for programs, which answers problems and no pages.
ROUTES: dict[str, str] = {
    "healthz": "all",
    "readyz": "all",
    "metrics": "all",
    "language": "all",
    "elder": "all",
    "verify": "all",
    "verify/offline": "all",
    "verify/key": "all",
    "verify/<uuid:public_id>": "all",
    "catalogue": "all",
    "changes": "all",
    "changes.atom": "all",
    "changes/items/<slug:key>": "all",
    "changes/items/<slug:key>.atom": "all",
    "changes/<uuid:public_id>": "all",
    "scorecards": "all",
    "scorecards/exemptions": "all",
    "scorecards/formula.json": "all",
    "scorecards/inputs/<slug:month>/<slug:kind>.csv": "all",
    "scorecards/<uuid:public_id>/<slug:month>": "all",
    "open-data/": "all",
    "open-data/catalogue": "all",
    "open-data/catalogue.jsonld": "all",
    "open-data/catalogue.ttl": "all",
    "open-data/services.jsonld": "all",
    "open-data/items/<slug:key>": "all",
    "open-data/<slug:dataset>.schema.json": "all",
    "open-data/<slug:month>/<str:name>": "all",
    "statistics/items": "all",
    "statistics/items/<slug:key>": "all",
    "statistics/halls": "all",
    "statistics/halls/<uuid:hall_id>": "all",
    "statistics": "all",
    "statistics/<str:region>": "all",
    "topics": "all",
    "topics/feed.atom": "all",
    "cockpit/": "cockpit",
    "cockpit/map.csv": "cockpit",
    "cockpit/map.svg": "cockpit",
    "cockpit/curves": "cockpit",
    "cockpit/curves.csv": "cockpit",
    "cockpit/curves.svg": "cockpit",
    "cockpit/funnel": "cockpit",
    "cockpit/funnel.csv": "cockpit",
    "cockpit/flow": "cockpit",
    "cockpit/flow.csv": "cockpit",
    "cockpit/flow.svg": "cockpit",
    "cockpit/channels": "cockpit",
    "cockpit/channels.csv": "cockpit",
    "cockpit/topics": "topics",
    "cockpit/topics/<uuid:public_id>": "topics",
    "cockpit/counties/<str:region>": "cockpit",
    "cockpit/counties/<str:region>/list": "cockpit",
    "congress/": "congress",
    "congress/stations": "stations",
    "congress/stations/<uuid:public_id>": "congress",
    "congress/package": "package",
    "congress/package.csv": "package",
    "congress/report": "report",
    "congress/proposals/<uuid:public_id>": "congress",
    "congress/topics/<uuid:public_id>": "congress",
    "congress/<uuid:public_id>": "congress",
    "congress/<uuid:public_id>/<slug:name>": "congress",
    "referrals": "all",
    "bench/contests": "bench",
    "bench/exemptions": "bench",
    "bench/exemptions/<uuid:public_id>": "bench",
    "bench/contests/<uuid:public_id>": "bench",
    "bench/": "bench",
    "bench/law": "bench",
    "bench/proposals": "bench",
    "bench/proposals/<uuid:public_id>": "bench",
    "bench/taken-back": "bench",
    "bench/data-debt": "bench",
    "bench/histories": "bench",
    "bench/histories/columns": "bench",
    "bench/histories/<uuid:public_id>": "bench",
    "bench/histories/<uuid:public_id>/remove": "bench",
    "bench/pilots": "bench",
    "bench/pilots/<uuid:public_id>": "bench",
    "bench/pilots/<uuid:public_id>/<slug:name>": "bench",
    "bench/items/<slug:key>": "bench",
    "bench/<uuid:public_id>": "bench",
    "bench/<uuid:public_id>/edit": "bench",
    "bench/<uuid:public_id>/<slug:name>": "bench",
    "desk/": "staff",
    "desk/batch": "staff",
    "desk/scorecard": "reviewer",
    "desk/scorecard/exemption": "reviewer",
    "desk/second-factors": "keeper",
    "desk/second-factors/<uuid:public_id>": "keeper",
    "desk/steps/<uuid:step_id>": "staff",
    "desk/steps/<uuid:step_id>/clock": "staff",
    "desk/steps/<uuid:step_id>/papers/<uuid:attachment_id>": "staff",
    "desk/steps/<uuid:step_id>/<slug:name>": "staff",
    "window/guardians": "clerk",
    "window/needs": "clerk",
    "window/needs/<uuid:public_id>": "clerk",
    "window/needs/<uuid:public_id>/<slug:name>": "clerk",
    "api/v1/openapi.json": "programs",
    "api/v1/plans": "programs",
    "api/v1/events": "programs",
    "api/v1/items": "programs",
    "api/v1/items/<slug:key>": "programs",
    "api/v1/licences/verify": "programs",
    "api/v1/applications": "programs",
    "api/v1/cases/<uuid:public_id>": "programs",
    "api/v1/<path:rest>": "programs",
    "open311/discovery.<form:form>": "programs",
    "open311/v2/openapi.json": "programs",
    "open311/v2/discovery.<form:form>": "programs",
    "open311/v2/services.<form:form>": "programs",
    "open311/v2/services/<str:code>.<form:form>": "programs",
    "open311/v2/requests.<form:form>": "programs",
    "open311/v2/requests/<str:reference>.<form:form>": "programs",
    "open311/v2/tokens/<str:token>.<form:form>": "programs",
    "": "all",
    "search": "all",
    "place": "all",
    "needs/<slug:key>": "all",
    "needs/<slug:key>/start": "all",
    "needs/<slug:key>/poster": "all",
    "at/<str:region>/<slug:key>": "all",
    # A draft belongs to a browser until it is claimed: another's is not there.
    "drafts/<uuid:public_id>/ask": "owner",
    "drafts/<uuid:public_id>/plan": "owner",
    "drafts/<uuid:public_id>/choose": "owner",
    "drafts/<uuid:public_id>/form": "owner",
    "drafts/<uuid:public_id>/save": "owner",
    "drafts/<uuid:public_id>/upload": "owner",
    "drafts/<uuid:public_id>/check": "owner",
    "drafts/<uuid:public_id>/discard": "owner",
    "drafts/<uuid:public_id>/help": "owner",
    "nudges/<uuid:public_id>/<slug:name>": "person",
    "account/suggestions": "person",
    "applications": "person",
    "applications/<uuid:public_id>": "person",
    "applications/<uuid:public_id>/submitted": "person",
    "applications/<uuid:public_id>/message": "person",
    "applications/<uuid:public_id>/withdraw": "person",
    "cases/<uuid:public_id>/clock": "person",
    "cases/<uuid:public_id>/correct": "person",
    "window/ask": "person",
    "licences": "person",
    "licences/<uuid:public_id>": "person",
    "licences/<uuid:public_id>.pdf": "person",
    "sign-in": "all",
    "sign-in/provider": "all",
    "sign-in/provider/back": "all",
    "second-factor": "account",
    "sign-out": "all",
    "signed-out": "all",
    "register": "all",
    "account": "account",
    "account/level": "account",
    "account/password": "account",
    "account/join": "account",
    "account/devices": "account",
    "account/devices/end": "account",
    "account/devices/<uuid:public_id>/end": "account",
    "account/second-factor": "account",
    "account/second-factor/remove": "account",
    "account/act-for": "person",
    "mandates": "person",
    "mandates/offer": "person",
    "mandates/company": "person",
    "mandates/<uuid:public_id>/accept": "person",
    "mandates/<uuid:public_id>/end": "person",
    "hall/<uuid:hall_id>/ticket": "all",
    "hall/<uuid:hall_id>/ticket/<str:code>": "all",
    "hall/<uuid:hall_id>/screen": "all",
    "hall/<uuid:hall_id>/screen/now": "all",
    "datasets": "all",
    "grants": "all",
    "tickets/<str:code>": "all",
    "tickets/<str:code>/now": "all",
    "tickets/<str:code>/press": "all",
    "desk/privacy": "admin",
    "desk/privacy/<uuid:public_id>": "admin",
    "desk/privacy/holds": "keeper",
    "steward/sources": "admin",
    "steward/sources/<slug:name>/probe": "admin",
    "desk/emergency": "emergency",
    "desk/emergency/<uuid:public_id>": "emergency",
    "desk/emergency/<uuid:public_id>/approve": "emergency",
    "desk/emergency/review": "auditor",
    "kiosk/": "device",
    "kiosk/pair/<str:secret>": "device",
    "kiosk/demo": "device",
    "kiosk/sign-in": "device",
    "kiosk/sign-in/state": "device",
    "kiosk/sign-in/enter": "device",
    "kiosk/card": "device",
    "kiosk/demo-card": "device",
    "kiosk/mine": "device",
    "kiosk/act-for": "device",
    "kiosk/needs": "device",
    "kiosk/needs/<slug:key>/start": "device",
    "kiosk/drafts/<uuid:public_id>/ask": "device",
    "kiosk/drafts/<uuid:public_id>/plan": "device",
    "kiosk/drafts/<uuid:public_id>/form": "device",
    "kiosk/drafts/<uuid:public_id>/check": "device",
    "kiosk/applications/<uuid:public_id>": "device",
    "kiosk/no-suggestions": "device",
    "kiosk/prints/<uuid:public_id>": "device",
    "kiosk/prints/<uuid:public_id>/state": "device",
    "kiosk/prints/<uuid:public_id>/again": "device",
    "kiosk/print/<slug:what>/<uuid:public_id>": "device",
    "kiosk/stay": "device",
    "kiosk/still-there": "device",
    "kiosk/end": "device",
    "kiosk/goodbye": "device",
    "kiosk/spoken": "device",
    "kiosk/phone/<str:code>": "person",
    "cases/<uuid:public_id>/review": "person",
    "voices/<str:code>/review": "all",
    "rate/<str:secret>": "all",
    "rate/more/<str:key>": "all",
    "rate/more/<str:key>/ticket": "all",
    "my-reviews/<uuid:public_id>": "person",
    "my-reviews/<uuid:public_id>/answer": "person",
    "reviews": "all",
    "reviews/organisations/<uuid:public_id>": "all",
    "reviews/halls/<uuid:hall_id>": "all",
    "reviews/items/<slug:key>": "all",
    "kiosk/cases/<uuid:public_id>/review": "device",
    "hotline/reviews": "staff",
    "hotline/reviews/enter": "operator",
    "hotline/reviews/persons": "staff",
    "hotline/reviews/<uuid:public_id>": "staff",
    "hotline/reviews/<uuid:public_id>/<slug:name>": "staff",
    "disputes": "person",
    "receipts/<uuid:public_id>": "person",
    "receipts/<uuid:public_id>.pdf": "person",
    "account/code": "person",
    "appointments": "person",
    "appointments/new": "all",
    "appointments/<uuid:public_id>": "person",
    "appointments/<uuid:public_id>.ics": "person",
    "appointments/<uuid:public_id>/move": "person",
    "appointments/<uuid:public_id>/cancel": "person",
    "looked-up": "person",
    "looked-up/ask": "person",
    "looked-up/case": "person",
    "privacy": "person",
    "privacy/ask": "person",
    "privacy/close": "person",
    "privacy/copies": "person",
    "privacy/copies/<uuid:public_id>": "person",
    "privacy/copies/<uuid:public_id>/stop": "person",
    "privacy/copies/<uuid:public_id>/file": "person",
    "steward/grants": "steward",
    "steward/grants/<uuid:public_id>": "steward",
    "steward/grants/<uuid:public_id>/<slug:name>": "steward",
    "steward/questions": "steward",
    "steward/questions/<uuid:public_id>": "steward",
    "steward/look-ups": "steward",
    "steward/": "steward",
    "steward/datasets": "steward",
    "steward/datasets/<slug:key>": "steward",
    "steward/write-backs": "steward",
    "steward/write-backs/batch": "steward",
    "steward/write-backs/<uuid:public_id>": "steward",
    "steward/write-backs/<uuid:public_id>/evidence": "steward",
    "steward/disputes": "steward",
    "steward/disputes/<uuid:public_id>": "steward",
    "steward/gaps": "steward",
    "steward/gaps/list": "steward",
    "window/queue": "clerk",
    "window/queue/citizen": "clerk",
    "window/queue/citizen/now": "clerk",
    "window/queue/citizen/press": "clerk",
    "window/queue/<slug:name>": "clerk",
    "window/hall": "clerk",
    "window/hall/supply": "clerk",
    "window/hall/book": "clerk",
    "window/hall.csv": "clerk",
    "window/hall/machine": "clerk",
    "window/printing": "clerk",
    "window/printing/<uuid:public_id>/again": "clerk",
    "window/serve": "clerk",
    "window/visit": "clerk",
    "window/visit/for": "clerk",
    "window/visit/end": "clerk",
    "window/visit/start/<slug:key>": "clerk",
    "window/visit/drafts/<uuid:draft_id>/ask": "clerk",
    "window/visit/drafts/<uuid:draft_id>/plan": "clerk",
    "window/visit/drafts/<uuid:draft_id>/choose": "clerk",
    "window/visit/drafts/<uuid:draft_id>/form": "clerk",
    "window/visit/drafts/<uuid:draft_id>/papers": "clerk",
    "window/visit/drafts/<uuid:draft_id>/beyond": "clerk",
    "window/visit/drafts/<uuid:draft_id>/check": "clerk",
    "window/visit/applications/<uuid:application_id>": "clerk",
    "window/visit/applications/<uuid:application_id>/settle": "clerk",
    "window/visit/applications/<uuid:application_id>/present": "clerk",
    "window/visit/cases/<uuid:case_id>/correct": "clerk",
    "window/visit/no-suggestions": "clerk",
    "window/visit/receipts/<uuid:receipt_id>": "clerk",
    "window/visit/receipts/<uuid:receipt_id>.pdf": "clerk",
    "window/second-screen": "clerk",
    "window/outcomes": "clerk",
    "window/outcomes/<uuid:handout_id>/<slug:name>": "clerk",
    "window/write-backs": "clerk",
    "window/write-backs/<uuid:paper_id>": "clerk",
    "window/write-backs/<uuid:paper_id>/scan": "clerk",
    "r1/<path:rest>": "programs",
    "r1/": "programs",
    "api/v1/datasets": "programs",
    "api/v1/lookups": "programs",
    "api/v1/measures": "programs",
    "api/v1/measures/<slug:key>": "programs",
    "answers": "all",
    "answers/offered": "all",
    "answers/judge": "all",
    "answers/<uuid:public_id>": "all",
    "voices": "all",
    "voices/new": "all",
    "voices/said/<str:link>": "all",
    "voices/<str:code>": "all",
    "voices/<str:code>/papers/<uuid:public_id>": "all",
    "voices/<str:code>/<slug:name>": "all",
    "hotline/": "operator",
    "hotline/call": "operator",
    "hotline/call/help": "operator",
    "hotline/callbacks": "operator",
    "hotline/callbacks/<uuid:public_id>": "operator",
    "hotline/callbacks/<uuid:public_id>/<slug:name>": "operator",
    "hotline/cards": "staff",
    "hotline/cards/<uuid:public_id>/<slug:name>": "staff",
    "hotline/quality": "operator",
    "hotline/quality/<uuid:public_id>": "operator",
    "hotline/seal": "keeper",
    "hotline/seal/open": "keeper",
    "hotline/seal/appoint": "keeper",
    "hotline/knowledge": "staff",
    "hotline/knowledge/new": "staff",
    "hotline/knowledge/questions/<uuid:public_id>": "staff",
    "hotline/knowledge/questions/<uuid:public_id>/<slug:name>": "staff",
    "hotline/knowledge/<uuid:public_id>": "staff",
    "hotline/knowledge/<uuid:public_id>/edit": "staff",
    "hotline/knowledge/<uuid:public_id>/<slug:name>": "staff",
    "hotline/model": "operator",
    "hotline/model/train": "operator",
    "hotline/model/back/<int:number>": "operator",
    "hotline/unit": "staff",
    "hotline/unit/parts/<uuid:public_id>": "staff",
    "hotline/supervision": "staff",
    "hotline/supervision/<uuid:public_id>/lift": "operator",
    "hotline/supervision/<uuid:public_id>/card": "operator",
    "hotline/tickets/<uuid:public_id>": "staff",
    "hotline/tickets/<uuid:public_id>/papers/<uuid:attachment_id>": "staff",
    "hotline/tickets/<uuid:public_id>/<slug:name>": "staff",
    "demo": "all",
    "manifest.webmanifest": "all",
    "sw.js": "all",
}


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
