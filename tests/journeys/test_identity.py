"""Who am I, how surely, and for whom: through a provider written by others, a phone with codes, and mandates."""

import base64
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django_otp.oath import TOTP
from playwright.sync_api import Browser, Page

from tests.journeys import site as here
from tests.provider.running import FACE, LEVELS, SIGN, RunningProvider, running_provider
from tests.provider.serve import PASSWORD
from yici.apps.people.demo_files import read_companies, read_persons

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(here.CHROMIUM is None, reason="Chromium is not installed and could not be (needs root)"),
]
DEMO = Path(__file__).parents[2] / "demo"


@dataclass
class World:
    site: str
    provider: RunningProvider
    browser: Browser


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder, port = tmp_path_factory.mktemp("identity"), here.free_port()
    site = f"http://localhost:{port}"
    with running_provider(folder / "provider", ["gu"], [site]) as provider:
        more = {
            "YICI_OIDC_ISSUER": provider.issuer,
            "YICI_OIDC_CLIENT_ID": "yici",
            "YICI_OIDC_CLIENT_SECRET": "a secret of the tests",
            "YICI_OIDC_LEVELS": LEVELS,
        }
        with here.running_site(folder / "data", port=port, more=more), here.chromium() as browser:
            yield World(site, provider, browser)


def look(page: Page) -> None:
    """Nothing sticks out, and axe finds nothing."""
    assert here.no_sideways_scroll(page), page.url
    found = Axe().run(page).response["violations"]
    assert [(one["id"], page.url) for one in found] == []


def through_the_provider(page: Page) -> None:
    page.locator("input[name=username], input[name=allow]").first.wait_for()
    if page.locator("input[name=username]").count():
        page.fill("input[name=username]", "gu")
        page.fill("input[name=password]", PASSWORD)
        page.locator("button").click()
    page.locator("input[name=allow]").click()


@pytest.mark.parametrize(("width", "language"), [(390, "zh"), (1280, "en")])
def test_a_head_signs_in_raises_the_level_and_gives_a_mandate(world: World, width: int, language: str) -> None:
    gu, lu = (read_persons(DEMO)[key] for key in ("gu_chen", "lu_yao"))
    company = read_companies(DEMO)["chenwei_restaurant"]
    world.provider.says("gu", levels=[FACE, SIGN], id_number=gu.number, name=gu.name)
    page = here.visitor(world.browser, world.site, width=width, language=language)

    page.goto(f"{world.site}/mandates/company")
    look(page)
    page.locator("main a.go").click()
    through_the_provider(page)
    page.wait_for_url("**/mandates/company")
    look(page)
    page.fill("#name", company.name)
    page.fill("#number", company.number)
    page.locator("main form button.go").click()
    page.wait_for_url("**/act-for")
    look(page)
    page.locator("main li", has_text=company.name).locator("button").click()
    assert company.name in (page.locator("header a.for").text_content() or "")

    page.goto(f"{world.site}/mandates/offer")
    assert "/account/level" in page.url
    look(page)
    page.locator("main a.go").click()
    through_the_provider(page)
    page.wait_for_url("**/mandates/offer")
    look(page)
    page.fill("#agent_name", lu.name)
    page.fill("#agent_number", lu.number)
    page.locator("main form button.go").click()
    page.wait_for_url("**/mandates")
    assert lu.name in (page.locator("main").text_content() or "")
    look(page)

    page.goto(f"{world.site}/account")
    look(page)
    page.locator("main form button.go").last.click()
    page.wait_for_url("**/signed-out**")
    look(page)
    page.context.close()


@pytest.mark.parametrize("elder", [False, True])
def test_a_decider_sets_up_a_phone_and_signs_in_with_it(world: World, elder: bool) -> None:
    login = "civil_affairs.330106.decider" if elder else "health.330122.decider"
    page = here.visitor(world.browser, world.site, width=390, language="zh", elder=elder)
    sign_in_with_password(page, world.site, login)
    page.goto(f"{world.site}/account/second-factor")
    look(page)
    key = (page.locator("figcaption kbd").text_content() or "").replace(" ", "")

    page.fill("#code", code_of(key))
    page.locator("main form button.go").click()
    codes = page.locator("main ol kbd").all_text_contents()
    assert len(codes) == 10
    look(page)

    other = here.visitor(world.browser, world.site, width=1280, language="en", elder=elder)
    sign_in_with_password(other, world.site, login)
    assert "/second-factor" in other.url
    look(other)
    other.fill("#code", codes[0])
    other.locator("main form button.go").click()
    other.wait_for_url("**/desk/")
    other.goto(f"{world.site}/account/devices")
    assert other.locator("main ul.ev > li").count() == 2
    look(other)
    for one in (page, other):
        one.context.close()


def sign_in_with_password(page: Page, site: str, login: str) -> None:
    page.goto(f"{site}/sign-in")
    page.fill("#login", login)
    page.fill("#password", "yici-demo-2018")
    page.locator("main form button.go").click()
    page.wait_for_url(lambda address: not address.endswith("/sign-in"))


def code_of(key: str) -> str:
    totp = TOTP(base64.b32decode(key))
    totp.time = time.time()
    return f"{totp.token():06d}"
