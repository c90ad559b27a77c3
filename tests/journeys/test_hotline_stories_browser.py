"""The hotline's harder stories in a real browser: a report, a dispute about whose duty, a person not satisfied."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.journeys import site as here

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(here.CHROMIUM is None, reason="Chromium is not installed and could not be (needs root)"),
]
OPERATOR, PROVINCE = "hotline.330122", "hotline.330000"
ECOLOGY, HEALTH, RESIDENT = "ecology.330122.reviewer", "health.330122.reviewer", "hanli"
ECOLOGY_NAME, HEALTH_NAME = "桐庐县生态环境局", "桐庐县卫生健康局"
TONGLU = "330122000000"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with here.running_site(tmp_path_factory.mktemp("stories") / "data") as address:
        yield address


def at(browser: Browser, site: str, login: str, page: str, **more: object) -> Page:
    opened = here.visitor(browser, site, **more)  # type: ignore[arg-type]
    here.sign_in(opened, site, login, page)
    return opened


def press(page: Page, key: str) -> None:
    page.locator("main").focus()
    page.wait_for_timeout(300)
    page.keyboard.press(key)


def done(page: Page) -> None:
    page.wait_for_selector(".note.good")


def option(page: Page, select: str, words: str) -> str:
    """Return the value of the first choice that holds these words, "" for none."""
    for one in page.locator(f"{select} option").all():
        if words in (one.text_content() or ""):
            return one.get_attribute("value") or ""
    return ""


def call(page: Page, site: str, subject: str, detail: str) -> str:
    """File a complaint at the call page; return the address of its ticket."""
    page.goto(f"{site}/hotline/call")
    page.locator("input[name=kind][value=complaint]").check()
    page.fill("#subject", subject)
    page.fill("#detail", detail)
    page.fill("#contact_phone", "13900008888")
    press(page, "f")
    page.wait_for_url("**/hotline/tickets/**")
    return page.url


def classify(page: Page, category: str) -> None:
    page.locator("#triage summary").click()
    page.select_option("#category", category)
    page.locator("#triage button").click()
    done(page)


def dispatch(page: Page, name: str) -> None:
    page.select_option("#dispatch-other", option(page, "#dispatch-other", name))
    press(page, "d")
    done(page)


def reply(unit: Page, ticket: str, text: str) -> None:
    """Sign for it where that is still to do, call the person, reply."""
    unit.goto(ticket)
    if unit.locator("button[data-key=t]").count():
        press(unit, "t")
        done(unit)
    unit.locator("#contact summary").click()
    unit.fill("#contact-note", "已与来电人联系")
    unit.locator("#contact button").click()
    done(unit)
    unit.fill("#reply-text", text)
    press(unit, "y")
    done(unit)


def test_a_report_never_reaches_whom_it_accuses(browser: Browser, site: str) -> None:
    resident = at(browser, site, RESIDENT, "/voices/new", width=390)
    here.at(resident, site, TONGLU)
    resident.goto(f"{site}/voices/new")
    resident.locator("input[name=kind][value=report]").check()
    resident.fill("#subject", "执法人员收受企业礼金")
    resident.fill("#detail", "生态环境局执法人员收了搅拌站的购物卡，对夜间排污不查。")
    resident.select_option("#accused", option(resident, "#accused", ECOLOGY_NAME))
    resident.locator("input[name=way][value=sealed]").check()
    resident.locator("main form button.go:not([form])").last.click()
    resident.wait_for_url("**filed=1")
    own = resident.url.partition("?")[0]
    reference = here.last_part(own)

    page = at(browser, site, OPERATOR, "/hotline/")
    page.goto(f"{site}/hotline/?q={reference}")
    page.locator("tr[data-row] a").first.click()
    page.wait_for_url("**/hotline/tickets/**")
    ticket = page.url
    assert "not shown" not in page.inner_text("main")
    assert ECOLOGY_NAME not in page.inner_text("section[aria-labelledby=do]")
    for select in ("#dispatch-other", "#dispatch-co_handler"):
        assert option(page, select, HEALTH_NAME)
        assert not option(page, select, ECOLOGY_NAME)
    dispatch(page, HEALTH_NAME)

    health = at(browser, site, HEALTH, "/hotline/unit")
    assert reference in health.inner_text("main")
    health.goto(ticket)
    press(health, "t")
    done(health)
    health.locator("#ask-co-handler summary").click()
    assert not option(health, "#ask-co-handler-organisation", ECOLOGY_NAME)
    assert "韩" not in health.inner_text("main")

    accused = at(browser, site, ECOLOGY, "/hotline/unit")
    for tab in ("dispatched", "handling", "replied"):
        accused.goto(f"{site}/hotline/unit?tab={tab}")
        assert reference not in accused.inner_text("main")
    for address in (ticket, f"{site}/hotline/?q={reference}"):
        answer = accused.goto(address)
        assert answer is not None
        assert answer.status == 404
    resident.goto(own)
    assert HEALTH_NAME in resident.inner_text("main")
    for one in (resident, page, health, accused):
        one.context.close()


def test_a_dispute_is_arbitrated_and_its_precedent_proposes_the_next(browser: Browser, site: str) -> None:
    page = at(browser, site, OPERATOR, "/hotline/call")
    ticket = call(page, site, "餐馆后巷油烟和噪声", "桐君街道餐馆后巷排风机彻夜响，油烟进屋。")
    classify(page, "environment.noise")
    dispatch(page, ECOLOGY_NAME)

    unit = at(browser, site, ECOLOGY, "/hotline/unit")
    unit.goto(ticket)
    unit.locator("#send-back summary").click()
    unit.fill("#send-back-reason", "社会生活噪声由属地街道处置，不属本局职责。")
    unit.select_option(
        "#send-back-named", option(unit, "#send-back-named", "街道") or option(unit, "#send-back-named", "镇")
    )
    unit.locator("#send-back button").click()
    unit.wait_for_url("**/hotline/unit")

    page.goto(ticket)
    assert "裁定" in page.inner_text("main")
    page.select_option("#arbitrate-other", option(page, "#arbitrate-other", HEALTH_NAME))
    page.fill("#arbitrate-reason", "会商决定：由卫健局牵头，油烟扰民按公共场所卫生处理。")
    page.fill("#arbitrate-present", "桐庐县生态环境局、卫生健康局、桐君街道")
    press(page, "d")
    done(page)
    text = page.inner_text("table.facts")
    assert HEALTH_NAME in text
    reference = page.locator("table.facts td").first.inner_text().split(" ")[0]

    # It binds: whom the meeting named cannot return it.
    bound = at(browser, site, HEALTH, "/hotline/unit")
    bound.goto(ticket)
    assert bound.locator("#send-back").count() == 0

    call(page, site, "烧烤店夜里太吵", "烧烤店夜里排风机太响，油烟大。")
    classify(page, "environment.noise")
    first = page.locator("label.choice", has=page.locator("input[name=organisation]:checked")).inner_text()
    assert HEALTH_NAME in first
    assert reference in first
    for one in (page, unit, bound):
        one.context.close()


def test_a_dissatisfied_follow_up_reopens_once_and_is_then_supervised(browser: Browser, site: str) -> None:
    page = at(browser, site, OPERATOR, "/hotline/call")
    ticket = call(page, site, "搅拌站夜间扬尘", "凤川大道搅拌站夜里扬尘。")
    dispatch(page, ECOLOGY_NAME)
    unit = at(browser, site, ECOLOGY, "/hotline/unit")
    last = here.last_part(ticket)

    for round_ in ("第一次", "第二次"):
        reply(unit, ticket, f"{round_}答复：已要求企业覆盖料堆。")
        page.goto(ticket)
        press(page, "y")
        done(page)
        page.goto(f"{site}/hotline/callbacks")
        page.locator(f"tr a[href$='{last}']").click()
        page.wait_for_url("**/hotline/callbacks/*-*")
        assert "13900008888" not in page.inner_text("main")
        press(page, "o")
        page.wait_for_selector("a[href='tel:13900008888']")
        assert Axe().run(page).violations_count == 0
        assert here.no_sideways_scroll(page)
        press(page, "v")
        page.keyboard.type(f"{round_}说覆盖了，夜里还是没有盖。")
        page.keyboard.press("Escape")
        page.keyboard.press("n")
        done(page)
        page.goto(f"{site}/hotline/supervision")
        rows = page.locator("table", has_text="搅拌站夜间扬尘")
        assert bool(rows.count() and "重办后仍不满意" in page.inner_text("main")) is (round_ == "第二次")

    page.goto(ticket)
    assert "日常督办" in page.inner_text("main")
    unit.goto(f"{site}/hotline/supervision")
    assert "搅拌站夜间扬尘" in unit.inner_text("main")
    for one in (page, unit):
        one.context.close()


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("width", [390, 1280])
def test_axe_finds_nothing_on_the_new_pages(browser: Browser, site: str, language: str, width: int) -> None:
    page = at(browser, site, OPERATOR, "/hotline/callbacks", language=language, width=width)
    for address in ("callbacks", "cards", "supervision", "call"):
        page.goto(f"{site}/hotline/{address}")
        result = Axe().run(page)
        assert result.violations_count == 0, result.generate_report()
        assert here.no_sideways_scroll(page)
    page.context.close()
