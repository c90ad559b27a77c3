"""A morning in the hall with the keyboard alone: a number, the call, the screen, the window, a face."""

import re
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.journeys import site as here

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(here.CHROMIUM is None, reason="Chromium is not installed and could not be (needs root)"),
]
TONGLU, CLERK = "330122000000", "government_service_hall.330122.window"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with here.running_site(tmp_path_factory.mktemp("queue") / "data") as address:
        yield address


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until an element has the focus, as somebody without a mouse does."""
    for _ in range(60):
        if page.evaluate("selector => document.activeElement?.matches(selector) ?? false", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{selector} cannot be reached with Tab")


def press(page: Page, key: str) -> None:
    """Press a key that leads to a new page."""
    with page.expect_navigation():
        page.keyboard.press(key)


def clean(page: Page) -> list[str]:
    return [one["id"] for one in Axe().run(page).response["violations"]]


def at_the_window(browser: Browser, site: str) -> Page:
    """Return the clerk's page, at window 1, reached without a mouse."""
    clerk = here.visitor(browser, site)
    here.sign_in(clerk, site, CLERK, "/window/queue")
    if clerk.locator("#window").count():
        tab_to(clerk, "#window")
        clerk.keyboard.press("Tab")
        press(clerk, "Enter")
    assert "1号窗口" in (clerk.locator("h1").text_content() or "")
    return clerk


def hall_of(clerk: Page, site: str) -> str:
    clerk.goto(f"{site}/window/hall")
    address = clerk.locator("a[href$='/screen']").get_attribute("href") or ""
    clerk.goto(f"{site}/window/queue")
    return f"{site}{address.removesuffix('/screen')}"


def test_a_number_is_taken_called_served_and_judged_without_a_mouse(browser: Browser, site: str) -> None:
    clerk = at_the_window(browser, site)
    hall = hall_of(clerk, site)
    citizen, screen = here.visitor(browser, site, width=390), here.visitor(browser, site, width=1920)
    screen.goto(f"{hall}/screen")

    citizen.goto(f"{hall}/ticket")
    tab_to(citizen, "button[value=priority]")
    press(citizen, "Enter")
    number = (citizen.locator(".number").text_content() or "").strip()
    assert re.fullmatch(r"A\d{3}", number)
    tab_to(citizen, "main a.go")
    press(citizen, "Enter")
    assert number in (citizen.locator("main").text_content() or "")

    called = call_until(clerk, number)
    screen.locator(".call-out", has_text=f"请 {number} 号到 1 号窗口").wait_for(timeout=8000)
    assert screen.locator(".call-out", has_text=f"Number {number}, please go to window 1").count() == 1
    citizen.locator(".now", has_text="请到1号窗口").wait_for(timeout=12000)
    assert called >= 1

    press(clerk, "s")
    # Now the clerk identifies the person; afterwards he comes back to end the number.
    assert clerk.url.endswith("/window/serve")
    tab_to(clerk, "nav a[href='/window/queue']")
    press(clerk, "Enter")
    press(clerk, "f")
    citizen.reload()
    tab_to(citizen, "button.press[value='3']")
    press(citizen, "Enter")
    assert citizen.locator("button.press").count() == 0
    for page in (clerk, citizen, screen):
        page.context.close()


def call_until(clerk: Page, number: str) -> int:
    """Call and pass over until the number is there; nobody is forgotten, so it comes."""
    for calls in range(1, 40):
        press(clerk, "n")
        if number == (clerk.locator(".serving .number").text_content() or "").strip():
            return calls
        press(clerk, "o")
    raise AssertionError(f"{number} is never called")


def test_a_time_is_booked_moved_and_cancelled_without_a_mouse(browser: Browser, site: str) -> None:
    page = here.visitor(browser, site, width=390)
    here.at(page, site, "330502000000")
    here.sign_in(page, site, "shenyu", "/appointments/new")

    tab_to(page, "input[name=starts_at]")
    page.keyboard.press("Space")
    tab_to(page, "main form button.go")
    press(page, "Enter")
    booked = page.locator("h1").text_content()
    assert page.locator(".qr-frame svg").count() == 1

    tab_to(page, "a[href$='/move']")
    press(page, "Enter")
    tab_to(page, "input[name=starts_at]")
    page.keyboard.press("ArrowDown")
    tab_to(page, "main form button.go")
    press(page, "Enter")
    assert page.locator("h1").text_content() != booked

    tab_to(page, "summary")
    page.keyboard.press("Enter")
    tab_to(page, "button.danger")
    press(page, "Enter")
    assert "已取消" in (page.locator("main").text_content() or "")
    page.context.close()


@pytest.mark.parametrize(("language", "elder"), [("zh", False), ("en", True)], ids=["zh", "en-large"])
def test_the_pages_of_the_hall_pass_axe(browser: Browser, site: str, language: str, elder: bool) -> None:
    clerk = at_the_window(browser, site)
    hall = hall_of(clerk, site)
    clerk.context.close()
    page = here.visitor(browser, site, width=390, language=language, elder=elder)
    here.at(page, site, TONGLU)

    for address in (f"{hall}/screen", f"{hall}/ticket", f"{site}/appointments/new"):
        page.goto(address)
        assert clean(page) == []
        assert here.no_sideways_scroll(page)
    here.sign_in(page, site, CLERK, "/window/queue")
    for address in ("/window/queue", "/window/hall", "/window/queue/citizen"):
        page.goto(f"{site}{address}")
        assert clean(page) == []
        assert here.no_sideways_scroll(page)
    page.context.close()
