"""The one window with the keyboard alone: identified by card, one visit planned, scanned, submitted, receipted."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.journeys import site as here
from tests.journeys.at_the_window import answer_with_keys, code_of, fill_with_keys, main_key, type_into

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(here.CHROMIUM is None, reason="Chromium is not installed and could not be (needs root)"),
]
CLERK = "government_service_hall.330122.window"
PAGES = ("/window/visit", "/window/outcomes", "/window/write-backs", "/window/second-screen")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with here.running_site(tmp_path_factory.mktemp("window") / "data") as address:
        yield address


def test_a_resident_without_the_datum_is_served_once(browser: Browser, site: str, scan: Path) -> None:
    number = code_of(browser, site, "shendamin")
    page = here.visitor(browser, site)
    here.sign_in(page, site, CLERK, "/window/serve")
    page.wait_for_function("document.activeElement?.id === 'read'")
    type_into(page, "#phone-name", "申大民")
    type_into(page, "#code", number)
    page.keyboard.press("Enter")
    page.wait_for_url("**/window/visit")
    page.keyboard.press("/")
    page.locator("#q").focus()
    page.keyboard.type("用水过户")
    page.keyboard.press("Enter")
    page.wait_for_url("**q=**")
    main_key(page)
    page.wait_for_url("**/drafts/**")
    answer_with_keys(page)
    page.wait_for_url("**/plan")
    assert here.visits(page) == "1"
    screen = page.context.new_page()
    screen.goto(f"{site}/window/second-screen")
    assert here.visits(screen) == "1"
    assert "申大民" not in screen.inner_text("body")
    screen.close()

    main_key(page)
    page.wait_for_url("**/form")
    fill_with_keys(page)
    main_key(page)
    page.wait_for_url("**/papers")
    page.locator("#scan-1").set_input_files(scan)
    page.locator("input[name=original_seen]").first.focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    page.wait_for_selector(".known .chip.done")
    main_key(page)
    page.wait_for_url("**/check")
    page.locator("#signed").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    page.wait_for_url("**/receipts/**")
    assert "受理凭证" in page.content()
    assert page.request.get(f"{page.url}.pdf").body().startswith(b"%PDF-")
    receipt = page.url
    page.locator("main").focus()
    page.keyboard.press("e")
    page.wait_for_url("**/window/serve")
    assert page.request.get(receipt).status == 404
    page.context.close()


@pytest.mark.parametrize(("language", "elder"), [("zh", False), ("en", True)], ids=["zh", "en-large"])
def test_axe_finds_nothing_at_the_window(browser: Browser, site: str, language: str, elder: bool) -> None:
    page = here.visitor(browser, site, width=390, language=language, elder=elder)
    here.sign_in(page, site, CLERK, "/window/serve")
    found = checked(page, site, "/window/serve")
    number = code_of(browser, site, "yulihua")
    page.goto(f"{site}/window/serve")
    page.locator("#phone-name").fill("俞丽华")
    page.locator("#code").fill(number)
    page.locator("#code").press("Enter")
    page.wait_for_url("**/window/visit")
    for path in PAGES:
        found |= checked(page, site, path)
    page.goto(f"{site}/window/visit")
    page.locator("form[action$='/end'] button").click()
    page.wait_for_url("**/window/serve")
    page.context.close()
    assert not found


def checked(page: Page, site: str, path: str) -> dict[str, list[str]]:
    page.goto(site + path)
    results = Axe().run(page)
    wrong = [f"{one['id']}: {one['nodes'][0]['html'][:120]}" for one in results.response["violations"]]
    if wrong or not here.no_sideways_scroll(page):
        return {path: wrong or ["scrolls sideways"]}
    return {}
