"""The newest rooms for everybody: by axe, without sideways scroll, on both screens, in both languages, large once."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from tests.journeys import site as here
from tests.journeys.at_the_bench import press
from tests.journeys.at_the_congress import SECOND, STATION, WINDOW

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(here.CHROMIUM is None, reason="Chromium is not installed and could not be (needs root)"),
]
PUBLIC = (
    "/referrals",
    "/topics",
    "/open-data/",
    "/statistics",
    "/statistics/items",
    "/statistics/halls",
    "/scorecards",
)
OFFICE = (
    "/cockpit/",
    "/congress/",
    "/congress/stations",
    "/congress/package",
    "/congress/report",
    "/cockpit/topics",
    "/cockpit/channels",
)
SUPPLY = "/window/hall/supply"
BENCH = ("/bench/histories", "/bench/pilots")
LOG = "case,activity,time,resource\n1,receive,2018-03-01,a\n1,decide,2018-03-05,b\n2,receive,2018-03-02,a\n"
SCREENS = [
    pytest.param({"width": width, "language": language, "elder": elder}, id=f"{width}-{language}{'-large' * elder}")
    for width, language, elder in (
        (1280, "zh", False),
        (390, "en", False),
        (390, "zh", True),
    )
]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with here.running_site(tmp_path_factory.mktemp("rooms") / "data") as address:
        yield address


@pytest.fixture(scope="module")
def made(browser: Browser, site: str) -> list[str]:
    """A history that was read, and a pilot of a province-wide revision that runs: their addresses."""
    page = here.visitor(browser, site)
    here.sign_in(page, site, SECOND, "/bench/histories")
    page.locator("#name").fill("示例系统")
    page.locator("input[type=file]").set_input_files(
        {"name": "log.csv", "mimeType": "text/csv", "buffer": LOG.encode()}
    )
    page.locator("main form button.go").last.click()
    page.wait_for_url(re.compile(r"/histories/[0-9a-f-]{36}$"))
    history = page.url
    made = [history, *piloted(page, site)]
    page.context.close()
    return [one.removeprefix(site) for one in made]


def piloted(page: Page, site: str) -> list[str]:
    """Drop a paper of an item for everybody, let the public read it, and try it on one person in three."""
    page.goto(f"{site}/bench/items/senior_card?view=text")
    text = page.locator("#text").input_value()
    page.locator("#text").fill(text.replace("- upload\n  - original", "- declaration\n  - upload\n  - original", 1))
    page.locator("#reason").fill("少交一份复印件")
    page.locator("button[value=save]").click()
    page.wait_for_url(re.compile(r"/bench/[0-9a-f-]{36}$"))
    press(page, "open")
    page.goto(f"{site}/bench/pilots")
    expect(page.locator("#county_count")).to_be_hidden()
    page.locator("input[value=counties]").check()
    expect(page.locator("#percent")).to_be_hidden()
    page.locator("input[value=people]").check()
    page.locator("#percent").fill("33")
    page.locator("#last_day").fill((timezone.localdate() + timedelta(days=60)).isoformat())
    page.locator("main form button.go").last.click()
    page.wait_for_url(re.compile(r"/pilots/[0-9a-f-]{36}$"))
    expect(page.locator("table.facts").first).to_contain_text("每百人中 33 人")
    press(page, "start")
    expect(page.locator("main")).to_contain_text("效果只在申报的查看时点显示")
    return [page.url]


@pytest.mark.parametrize("screen", SCREENS)
def test_the_new_rooms_are_sound(browser: Browser, site: str, made: list[str], screen: dict[str, object]) -> None:
    wrong: dict[str, list[str]] = {}
    rooms = {"": PUBLIC, SECOND: (*OFFICE, *BENCH, *made), STATION: ("/congress/stations",), WINDOW: (SUPPLY,)}
    for login, paths in rooms.items():
        page = here.visitor(browser, site, **screen)  # type: ignore[arg-type] # words of a screen
        if login:
            here.sign_in(page, site, login, paths[0])
        for path in paths:
            wrong[path] = faults(page, site + path)
        if login == SECOND:
            wrong |= {path: faults(page, site + path) for path in first_of_each(page, site)}
        page.context.close()
    assert not {path: found for path, found in wrong.items() if found}


def first_of_each(page: Page, site: str) -> list[str]:
    """Return one referral, one dossier and its draft: what lists lead to."""
    page.goto(f"{site}/congress/")
    referral = page.locator("main table a").first.get_attribute("href") or ""
    page.goto(f"{site}/cockpit/topics")
    dossier = page.locator("main table a", has_text=re.compile("入园|Enrolment")).first.get_attribute("href") or ""
    return [referral, dossier, dossier.replace("/cockpit/", "/congress/")]


def faults(page: Page, address: str) -> list[str]:
    answer = page.goto(address)
    assert answer is not None
    assert answer.status == 200, address
    results = Axe().run(page)
    wrong = [f"{one['id']}: {one['nodes'][0]['html'][:160]}" for one in results.response["violations"]]
    wrong += [f"broken: {word}" for word in here.broken_words(page)]
    return wrong + ([] if here.no_sideways_scroll(page) else ["scrolls sideways"])
