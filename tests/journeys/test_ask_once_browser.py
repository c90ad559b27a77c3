"""Ask once, twice round: a paper is brought to one window once; then neither county asks this person for it again."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.journeys import site as here
from tests.journeys.at_the_window import answer_with_keys, fill_with_keys, main_key, type_into
from tests.journeys.offices import Offices
from yici.apps.people.demo import read_persons

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(here.CHROMIUM is None, reason="Chromium is not installed and could not be (needs root)"),
]
DEMO = Path(__file__).parents[2] / "demo"
CLERK, STEWARD = "government_service_hall.330122.window", "civil_affairs.330122.decider"
NEED, ELSEWHERE = "household_marital_change", "household_move_spouse"
TONGLU, XIHU = "330122000000", "330106000000"
NUMBER = "J330122-2017-000318"
PAPER = {"zh": "结婚证", "en": "marriage certificate"}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with here.running_site(tmp_path_factory.mktemp("once") / "data") as address:
        yield address


def planned(page: Page, site: str, need: str, region: str) -> str:
    """Return the visits that a plan promises the person at this screen."""
    here.at(page, site, region)
    here.start(page, site, need, {"both_in_province": "true"})
    assert here.no_sideways_scroll(page)
    return here.visits(page)


def served_at_the_window(page: Page, site: str, card: str, scan: Path) -> None:
    """One visit: identified by card, planned together, scanned, signed; the keyboard alone."""
    here.sign_in(page, site, CLERK, "/window/serve")
    type_into(page, "#read", card)
    page.keyboard.press("Enter")
    page.wait_for_url("**/window/visit")
    page.locator("#q").focus()
    page.keyboard.type("婚姻状况")
    page.keyboard.press("Enter")
    page.wait_for_url("**q=**")
    main_key(page)
    page.wait_for_url("**/drafts/**")
    answer_with_keys(page)
    page.wait_for_url("**/plan")
    assert here.visits(page) == "1"
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
    page.locator("main").focus()
    page.keyboard.press("e")
    page.wait_for_url("**/window/serve")


def write_back(page: Page, site: str) -> None:
    page.goto(f"{site}/window/write-backs")
    row = page.locator("section.known", has_text="结婚证").first
    row.locator("input[name=value]").fill(NUMBER)
    row.locator("button.go.small").first.press("Enter")
    page.wait_for_load_state()
    assert page.locator("section.known", has_text="结婚证").count() == 0


def confirm(browser: Browser, site: str) -> None:
    """Let the owner of the marriage register compare paper and value, and confirm."""
    page = here.visitor(browser, site)
    here.sign_in(page, site, STEWARD, "/steward/write-backs")
    page.locator("tr[data-row] a").first.click()
    assert NUMBER in page.locator("main").inner_text()
    page.keyboard.press("y")
    page.wait_for_selector("tr[data-row], main p")
    page.goto(f"{site}/steward/write-backs?tab=settled")
    assert NUMBER in page.locator("main").inner_text()
    page.context.close()


@pytest.mark.parametrize(("person", "screen"), [("shen_damin", (390, "zh")), ("yu_lihua", (1280, "en"))])
def test_a_missing_datum_costs_one_visit_once(
    browser: Browser, site: str, scan: Path, person: str, screen: tuple[int, str]
) -> None:
    width, language = screen
    resident = here.visitor(browser, site, width=width, language=language)
    here.sign_in(resident, site, person.replace("_", ""))
    assert planned(resident, site, NEED, TONGLU) == "1"
    assert PAPER[language] in resident.locator(".visit").first.inner_text().lower()
    assert planned(resident, site, ELSEWHERE, XIHU) == "1"

    window = here.visitor(browser, site)
    served_at_the_window(window, site, read_persons(DEMO)[person].number, scan)
    offices = Offices(browser, site, ".330122.")
    while offices.work():
        pass
    write_back(window, site)
    # Usable at once: nobody is asked twice while the owner has not yet looked.
    assert planned(resident, site, NEED, TONGLU) == "0"
    confirm(browser, site)

    assert planned(resident, site, NEED, TONGLU) == "0"
    assert planned(resident, site, ELSEWHERE, XIHU) == "0"
    ledger_is_whole(resident, site)


def ledger_is_whole(page: Page, site: str) -> None:
    """Every look-up of the story stands in the person's ledger, each with its office, purpose and legal basis."""
    page.goto(f"{site}/looked-up")
    lines = page.locator("ol.timeline > li")
    assert lines.count() >= 2
    for text in lines.all_inner_texts():
        assert "最多跑一次" in text or "Regulation" in text, text
    assert here.no_sideways_scroll(page)
