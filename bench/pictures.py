"""Takes the pictures of the README: `make pictures` runs the demonstration, plays the story of the bench and looks.

Each is taken in both languages at 1280 px and stays under 200 kB.
"""

import os
import sys
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image
from playwright.sync_api import Browser, Page, expect
from tests.journeys import site as here
from tests.journeys.at_the_bench import (
    DEPARTMENT,
    OFFICE,
    a_month_later,
    ask_for_the_paper,
    press,
    publish,
    register_the_law,
)

FOLDER = Path(__file__).parents[1] / "docs" / "pictures"
LANGUAGES = ("zh", "en")
MOST_BYTES = 200_000
HEIGHT = 860
COLOURS = 160


def main() -> int:
    """Take every picture; 1 when one of them is too large."""
    FOLDER.mkdir(exist_ok=True)
    with TemporaryDirectory() as folder, here.chromium() as browser:
        os.environ["YICI_TEST_FOLDER"] = folder
        data = Path(folder) / "data"
        with here.running_site(data) as site:
            _play(browser, site, data)
    too_large = [one.name for one in sorted(FOLDER.glob("*.png")) if one.stat().st_size > MOST_BYTES]
    sys.stderr.write("".join(f"{name} is larger than {MOST_BYTES} bytes\n" for name in too_large))
    return 1 if too_large else 0


def _play(browser: Browser, site: str, data: Path) -> None:
    department = _editors(browser, site)
    gate = department.url
    press(department, "open")
    a_month_later(data)
    department.goto(gate)
    press(department, "gate")
    _both(browser, site, OFFICE, "gate", lambda page: _look(page, gate, "#gate"))
    office = here.visitor(browser, site)
    here.sign_in(office, site, OFFICE, gate.removeprefix(site))
    register_the_law(office, site)
    office.goto(gate)
    office.locator("#all").select_option(index=1)
    press(office, "ground")
    press(office, "approve")
    notice_over = office.evaluate("new Date(Date.now() + 3 * 864e5).toISOString().slice(0, 10)")
    publish(office, notice_over)
    _both(browser, site, "shendamin", "ledger", lambda page: _look(page, f"{site}/changes/items/senior_card", "h1"))


def _editors(browser: Browser, site: str) -> Page:
    """Take the editor in each language; return the last, with its draft kept."""
    page = None
    for language in LANGUAGES:
        page = here.visitor(browser, site, language=language)
        page.set_viewport_size({"width": 1280, "height": HEIGHT})
        here.sign_in(page, site, DEPARTMENT, "/bench/items/senior_card")
        ask_for_the_paper(page)
        expect(page.locator("#found .sum.bad + h3")).to_be_visible(timeout=30_000)
        page.locator("details[open].row > summary").last.evaluate("one => one.scrollIntoView({block: 'start'})")
        page.evaluate("document.activeElement.blur()")
        _take(page, "editor", language)
    assert page is not None
    page.locator("#reason").fill("核对住址")
    page.locator("button[value=save]").click()
    page.wait_for_selector("#gate")
    return page


def _both(browser: Browser, site: str, login: str, name: str, look: Callable[[Page], None]) -> None:
    for language in LANGUAGES:
        page = here.visitor(browser, site, language=language)
        page.set_viewport_size({"width": 1280, "height": HEIGHT})
        here.sign_in(page, site, login)
        look(page)
        _take(page, name, language)
        page.context.close()


def _look(page: Page, address: str, at: str) -> None:
    page.goto(address)
    page.locator(at).wait_for()


def _take(page: Page, name: str, language: str) -> None:
    picture = Image.open(BytesIO(page.screenshot()))
    # Pages have few colours: a palette makes the file a third as large.
    picture.convert("RGB").quantize(COLOURS).save(FOLDER / f"bench-{name}-{language}.png", optimize=True)


if __name__ == "__main__":
    sys.exit(main())
