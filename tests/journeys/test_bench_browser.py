"""A paper that comes back under another name, in real browsers: named, refused, put on law, published, told to all."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from tests.journeys import site as here
from tests.journeys.at_the_bench import (
    DEPARTMENT,
    OFFICE,
    PAPER,
    a_month_later,
    ask_for_the_paper,
    press,
    publish,
    register_the_law,
)

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(here.CHROMIUM is None, reason="Chromium is not installed and could not be (needs root)"),
]
SCREENS = pytest.mark.parametrize(("width", "language"), [(390, "en"), (1280, "zh")])  # each once


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("bench") / "data"


@pytest.fixture(scope="module")
def site(data: Path) -> Iterator[str]:
    with here.running_site(data) as address:
        yield address


def test_a_paper_that_comes_back_is_named_refused_grounded_and_told(browser: Browser, site: str, data: Path) -> None:
    department = here.visitor(browser, site)
    here.sign_in(department, site, DEPARTMENT, "/bench/?q=老年人优待证")
    department.locator("main a[href='/bench/items/senior_card']").click()
    ask_for_the_paper(department)
    found = department.locator("#found")
    expect(found).to_contain_text(f"须带原件从 0 份变为 1 份；须提交“{PAPER}”", timeout=15_000)
    expect(found).to_contain_text("任何人办理“老年人优待证办理”时")
    expect(found).to_contain_text(f"不得要求提交“{PAPER}”：公安局已无条件共享“户籍地址”")
    department.locator("#reason").fill("核对住址")
    department.locator("button[value=save]").click()
    department.wait_for_url(re.compile(r"/bench/[0-9a-f-]{36}$"))
    gate = department.url
    press(department, "open")

    public = gate.replace("/bench/", "/changes/")
    citizen = here.visitor(browser, site, width=390)
    here.sign_in(citizen, site, "shendamin", public.removeprefix(site))
    expect(citizen.locator("main")).to_contain_text(PAPER)
    citizen.locator("#text").fill("公安机关已经有我的住址")
    citizen.locator("main form button.go").click()
    a_month_later(data)
    department.goto(gate)
    press(department, "gate")

    office = here.visitor(browser, site)
    here.sign_in(office, site, OFFICE, gate.removeprefix(site))
    day = (timezone.localdate() + timedelta(days=3)).isoformat()
    refused = publish(office, day)
    for said in ("没有法律依据", "意见没有答复", "改革办另一人批准", "须由省改革办批准"):
        assert said in refused
    citizen.goto(f"{site}/changes")
    assert "核对需要" not in citizen.content()
    assert f"须提交“{PAPER}”" not in citizen.locator("main").inner_text()

    register_the_law(office, site)
    office.goto(gate)
    office.locator("#all").select_option(index=1)
    press(office, "ground")
    office.locator("form[action$='/answer'] textarea").fill("核对需要")
    press(office, "answer")
    assert "改革办另一人批准" in publish(office, day)
    press(office, "approve")
    assert "已公布，待施行" in publish(office, day)

    for address in ("/changes", "/changes/items/senior_card"):
        citizen.goto(site + address)
        expect(citizen.locator("main")).to_contain_text(f"须提交“{PAPER}”")
        expect(citizen.locator("main")).to_contain_text("浙江省居住管理条例 第九条")
    assert PAPER in citizen.request.get(f"{site}/changes/items/senior_card.atom").text()
    for page in (department, citizen, office):
        page.context.close()


@SCREENS
def test_the_editor_is_sound_for_everybody(browser: Browser, site: str, width: int, language: str) -> None:
    page = here.visitor(browser, site, width=width, language=language)
    here.sign_in(page, site, DEPARTMENT, "/bench/items/senior_card")
    page.locator("#f-requirements-0 > summary").press("Enter")
    page.locator("#f-requirements-0-when").press_sequentially("nonsense ==")
    link = page.locator(".mistakes a").first
    expect(link).to_be_visible(timeout=15_000)
    wrong = {path: faults(page) for path in ("editor",)}
    link.press("Enter")
    assert page.evaluate("document.activeElement.id") == "f-requirements-0-when"
    for path in ("/bench/", "/bench/items/newborn", "/bench/items/senior_card?view=text", "/changes/items/senior_card"):
        page.goto(site + path)
        wrong[path] = faults(page)
    page.context.close()
    assert not {path: found for path, found in wrong.items() if found}


@SCREENS
def test_topics_are_sound_for_everybody(browser: Browser, site: str, width: int, language: str) -> None:
    page = here.visitor(browser, site, width=width, language=language)
    here.sign_in(page, site, OFFICE, "/cockpit/topics")
    wrong = {"list": faults(page)}
    page.locator("main table a").first.press("Enter")
    expect(page.locator("svg.weeks")).to_be_visible()
    wrong["dossier"] = faults(page)
    page.locator("button:has-text('关注'), button:has-text('Watch')").first.press("Enter")
    expect(page.locator("[role=status]")).to_be_visible()
    page.goto(f"{site}/cockpit/")
    expect(page.locator("#watched")).to_be_visible()
    page.goto(f"{site}/topics")
    expect(page.locator("main section")).to_have_count(2)
    wrong["public"] = faults(page)
    page.goto(f"{site}/cockpit/topics")
    page.locator("main .watched a").first.click()
    page.locator("button:has-text('取消关注'), button:has-text('no more')").first.press("Enter")
    page.context.close()
    assert not {path: found for path, found in wrong.items() if found}


def faults(page: Page) -> list[str]:
    results = Axe().run(page)
    wrong = [f"{one['id']}: {one['nodes'][0]['html'][:160]}" for one in results.response["violations"]]
    return wrong + ([] if here.no_sideways_scroll(page) else ["scrolls sideways"])
