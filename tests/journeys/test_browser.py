"""Whole journeys in a real browser: from a need to a licence, in both languages, on a phone and at a desk."""

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.journeys import site as here
from tests.journeys.offices import Offices

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(here.CHROMIUM is None, reason="Chromium is not installed and could not be (needs root)"),
]
ID = "11010519491231002X"
NEWBORN = {
    "parents_married": "true",
    "birth_place": "hospital",
    "other_parent_in_province": "true",
    "fertility_registered": "true",
}
FORM = {
    "child_name": "沈小满",
    "child_born_on": "2026-11-01",
    "mother_name": "沈雨",
    "mother_id": ID,
    "father_name": "林晓",
    "father_id": ID,
    "applicant_phone": "13857112345",
}


# Each screen and each language once: English is the longer one, so it is seen on the phone.
SCREENS = pytest.mark.parametrize(("width", "language"), [(390, "en"), (1280, "zh")])


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with here.running_site(tmp_path_factory.mktemp("journeys") / "data") as address:
        yield address


def submit_newborn(page: Page, site: str) -> None:
    here.at(page, site, "330122000000")
    here.sign_in(page, site, "shenyu")
    here.start(page, site, "newborn", NEWBORN)
    assert here.visits(page) == "0"
    page.locator("main a.go").last.click()
    here.fill_form(page, FORM)
    page.locator("form#form button.go").click()
    page.wait_for_url("**/check")
    page.locator("main form button.go").click()
    page.wait_for_url("**/submitted")


@pytest.fixture(scope="module")
def offices(browser: Browser, site: str) -> Offices:
    return Offices(browser, site, ".330122.")


@SCREENS
def test_newborn_in_tonglu_takes_no_visit_and_ends_in_the_wallet(
    browser: Browser, site: str, offices: Offices, width: int, language: str
) -> None:
    page = here.visitor(browser, site, width=width, language=language)

    submit_newborn(page, site)
    application = page.url.split("/applications/")[1].split("/")[0]
    while offices.work():
        pass

    page.goto(f"{site}/applications/{application}")
    assert here.no_sideways_scroll(page)
    assert page.locator("section.note.good li").count() >= 3
    page.goto(f"{site}/licences")
    assert page.locator(".cards li").count() >= 3
    page.context.close()


@SCREENS
def test_restaurant_in_huzhou_takes_one_visit_and_says_why(
    browser: Browser, site: str, width: int, language: str
) -> None:
    page = here.visitor(browser, site, width=width, language=language)
    here.at(page, site, "330502000000")
    here.sign_in(page, site, "guchen")

    here.start(page, site, "restaurant", {"premises_kind": "rented"})

    assert here.visits(page) == "1"
    assert {"zh": "租赁", "en": "lease"}[language] in (page.locator(".visit .headline").text_content() or "").lower()
    assert here.no_sideways_scroll(page)
    page.context.close()


@SCREENS
def test_an_unstandardised_need_goes_to_the_one_window(browser: Browser, site: str, width: int, language: str) -> None:
    page = here.visitor(browser, site, width=width, language=language)
    here.at(page, site, "330122000000")
    here.sign_in(page, site, "shenyu")

    here.start(page, site, "kinship_verification", {})
    page.locator("main a.go").last.click()
    page.locator("#phone").fill("13857112345")
    page.locator("main form button.go").click()

    page.wait_for_url("**/applications")
    assert page.locator("h2", has_text={"zh": "一窗", "en": "one window"}[language]).count() == 1
    assert here.no_sideways_scroll(page)
    page.context.close()


@SCREENS
def test_a_breach_is_shown_as_one(browser: Browser, site: str, width: int, language: str) -> None:
    page = here.visitor(browser, site, width=width, language=language)
    here.at(page, site, "330122000000")

    page.goto(f"{site}/needs/id_card_first")

    assert here.visits(page) == "2"
    assert page.locator(".visit.breach").count() == 1
    assert here.no_sideways_scroll(page)
    page.context.close()


def test_a_licence_verifies_by_its_code_and_by_its_file(
    browser: Browser, site: str, offices: Offices, tmp_path: Path
) -> None:
    page = here.visitor(browser, site)
    here.sign_in(page, site, "shenyu", "/licences")
    if not page.locator(".cards a").count():  # no newborn story has run before
        submit_newborn(here.visitor(browser, site), site)
        while offices.work():
            pass
        page.reload()
    page.locator(".cards a").first.click()
    picture = tmp_path / "code.png"
    page.locator("svg.qr").screenshot(path=picture)
    document = page.request.get(f"{page.url}.pdf").body()

    if shutil.which("zbarimg"):
        code = subprocess.run(["zbarimg", "-q", "--raw", picture], capture_output=True, text=True, check=True).stdout
        stranger = here.visitor(browser, site)
        stranger.goto(code.strip())
        stranger.wait_for_selector("table.facts")
        assert "有效" in stranger.locator("main").inner_text()
    if shutil.which("pdfsig"):
        assert "Signature is Valid" in pdfsig(tmp_path / "good.pdf", document)
        changed = bytearray(document)
        changed[len(changed) // 3] ^= 1
        assert "Signature is Valid" not in pdfsig(tmp_path / "changed.pdf", bytes(changed))
    page.context.close()


def pdfsig(path: Path, content: bytes) -> str:
    path.write_bytes(content)
    return subprocess.run(["pdfsig", path], capture_output=True, text=True, check=False).stdout


@pytest.mark.parametrize(("language", "elder"), [("zh", False), ("en", True)], ids=["zh", "en-large"])
def test_axe_finds_nothing_on_the_pages_of_a_person(browser: Browser, site: str, language: str, elder: bool) -> None:
    page = here.visitor(browser, site, width=390, language=language, elder=elder)
    here.sign_in(page, site, "shenyu")
    found = {}
    for path in ("/", "/search?q=生孩子", "/needs/newborn", "/place", "/applications", "/licences", "/verify", "/demo"):
        page.goto(site + path)
        results = Axe().run(page)
        wrong = [f"{one['id']}: {one['nodes'][0]['html'][:120]}" for one in results.response["violations"]]
        if wrong or not here.no_sideways_scroll(page):
            found[path] = wrong or ["scrolls sideways"]
    assert not found
    page.context.close()
