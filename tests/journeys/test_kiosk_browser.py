"""At the kiosk of the Wuxing hall with the keyboard alone: from the card to the paper, and nothing left behind."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.journeys import site as here
from yici.apps.people.demo_files import read_persons

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(here.CHROMIUM is None, reason="Chromium is not installed and could not be (needs root)"),
]
DEMO = Path(__file__).parents[2] / "demo"
GU_CHEN = "顾晨"
SCREENS = [(1080, 1920), (1280, 1024)]


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("kiosk") / "data"


@pytest.fixture(scope="module")
def site(data: Path) -> Iterator[str]:
    with here.running_site(data) as address:
        yield address


def kiosk(browser: Browser, site: str, *, screen: tuple[int, int] = (1280, 1024), **look: object) -> Page:
    """Open the demonstration's kiosk in a fresh browser."""
    page = here.visitor(browser, site, **look)  # type: ignore[arg-type]
    page.set_viewport_size({"width": screen[0], "height": screen[1]})
    page.goto(f"{site}/demo")
    page.locator("form[action='/kiosk/demo'] button").press("Enter")
    page.wait_for_url("**/kiosk/")
    return page


def card(page: Page) -> None:
    """Lay Gu Chen's card on the reader: it types the number and Enter into whatever is in focus."""
    page.keyboard.type(read_persons(DEMO)["gu_chen"].number)
    page.keyboard.press("Enter")
    page.wait_for_url("**/mine")


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until the wanted thing is in focus."""
    for _ in range(60):
        if page.evaluate("wanted => document.activeElement.matches(wanted)", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{selector} cannot be reached with the keyboard")


def enter(page: Page, selector: str, then: str) -> None:
    tab_to(page, selector)
    page.keyboard.press("Enter")
    page.wait_for_url(then)


@pytest.mark.parametrize("screen", SCREENS, ids=["portrait", "landscape"])
def test_card_to_paper_with_the_keyboard_alone(
    browser: Browser, site: str, data: Path, screen: tuple[int, int]
) -> None:
    before = {path.name for path in (data / "printed").glob("*")}
    page = kiosk(browser, site, screen=screen)
    card(page)

    enter(page, "form[action*=real_estate_search] button", "**/plan")
    assert here.visits(page) == "0"
    enter(page, "main a.go", "**/form")
    tab_to(page, "#applicant_phone")
    page.keyboard.type("13900000011")
    enter(page, "form#form .actions button", "**/check")
    number = read_persons(DEMO)["gu_chen"].number
    assert number not in page.content()
    enter(page, "main form button.go", "**/applications/*")
    enter(page, "form[action*='print/receipt'] button", "**/prints/*")
    page.locator(".visit.zero").wait_for(timeout=20_000)
    assert here.no_sideways_scroll(page)

    papers = [path for path in (data / "printed").glob("*.pdf") if path.name not in before]
    assert len(papers) == 1
    assert papers[0].read_bytes().startswith(b"%PDF-")

    enter(page, "main form[action='/kiosk/end'] button", "**/goodbye")
    for _ in range(4):
        page.go_back()
        page.wait_for_load_state()
        assert GU_CHEN not in page.content()
    page.goto(f"{site}/kiosk/mine")
    assert page.url.endswith("/kiosk/goodbye")
    page.context.close()


def test_the_shop_owner_prints_the_business_licence_on_the_spot(browser: Browser, site: str, data: Path) -> None:
    before = {path.name for path in (data / "printed").glob("*")}
    page = kiosk(browser, site)
    card(page)
    page.locator("button.pick", has_text="顾家小馆").press("Enter")

    page.locator("form[action*='print/licence'] button").press("Enter")
    page.locator(".visit.zero").wait_for(timeout=20_000)

    papers = [path for path in (data / "printed").glob("*.pdf") if path.name not in before]
    public = here.visitor(browser, site)
    public.goto(f"{site}/verify")
    public.set_input_files("input[type=file]", papers[0])
    public.locator("form:has(input[type=file]) button").click()
    assert "营业执照" in public.locator("main").inner_text()
    for one in (page, public):
        one.context.close()


def test_asks_whether_somebody_is_there_and_leaves(browser: Browser, site: str) -> None:
    page = kiosk(browser, site)
    page.clock.install()
    card(page)

    page.clock.run_for(41_000)
    assert page.locator("dialog#still-there").is_visible()
    page.keyboard.press("Enter")  # "I am still here" is in focus
    assert not page.locator("dialog#still-there").is_visible()

    page.clock.run_for(61_000)
    page.wait_for_url("**/goodbye")
    page.context.close()


def test_without_a_script_the_page_asks_and_leaves_by_itself(browser: Browser, site: str) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 1280, "height": 1024})
    page = context.new_page()
    page.goto(f"{site}/demo")
    page.locator("form[action='/kiosk/demo'] button").click()
    page.locator("#card").fill(read_persons(DEMO)["gu_chen"].number)
    page.locator("#card").press("Enter")
    page.wait_for_url("**/mine")

    page.goto(f"{site}/kiosk/needs")
    for letter in "wfzm":
        page.locator(f"button[name=letter][value={letter}]").click()
    assert page.locator("form[action*=real_estate_search]").count() == 1
    assert page.locator("noscript meta, meta[http-equiv=refresh]").count() >= 1
    context.close()


@pytest.mark.parametrize(("language", "elder"), [("zh", False), ("en", False), ("zh", True)], ids=["zh", "en", "elder"])
def test_axe_finds_nothing(browser: Browser, site: str, language: str, elder: bool) -> None:
    page = kiosk(browser, site, screen=(1080, 1920), language=language, elder=elder)
    found = {}

    def look(name: str) -> None:
        wrong = [f"{one['id']}: {one['nodes'][0]['html'][:120]}" for one in Axe().run(page).response["violations"]]
        if wrong or not here.no_sideways_scroll(page):
            found[name] = wrong or ["scrolls sideways"]

    look("attract")
    page.goto(f"{site}/kiosk/sign-in")
    look("sign-in")
    card(page)
    look("mine")
    page.goto(f"{site}/kiosk/needs")
    look("needs")
    page.locator("form[action*=real_estate_search] button").first.press("Enter")
    look("plan")
    page.locator("main a.go").first.press("Enter")
    look("form")
    page.goto(f"{site}/kiosk/goodbye")
    look("goodbye")
    assert not found
    page.context.close()
